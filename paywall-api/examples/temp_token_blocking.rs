//! A token for the shopper's browser, without an async runtime.
//! `PAYWALL_PUBLIC_KEY=… PAYWALL_PUBLIC_CLIENT=… cargo run --example temp_token_blocking --features blocking`

use std::env;
use std::error::Error;
use std::time::Duration;

use paywall_api::tokens::{CreateTempTokenRequest, NewCreateTempTokenRequest};
use paywall_api::{Client, Credentials, Environment, redacted};

fn main() -> Result<(), Box<dyn Error>> {
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PUBLIC_KEY")?, env::var("PAYWALL_PUBLIC_CLIENT")?);
    let paywall = builder.public_keys(keys).build_blocking()?;
    let request = CreateTempTokenRequest::new(NewCreateTempTokenRequest {
        client_card_save: true,
        three_d_session: false,
        expiry_min: 15,
    });
    let answer = paywall.tokens().create_temp_token(&request).deadline(Duration::from_secs(10)).answer()?;
    println!("after {} attempt(s): {}", answer.attempts(), redacted(answer.body())?);
    Ok(())
}
