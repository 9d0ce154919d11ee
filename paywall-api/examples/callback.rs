//! The form of the 3-D Secure callback is a claim: it is read, verified, and confirmed by an inquiry.
//! `PAYWALL_PRIVATE_KEY=… PAYWALL_PRIVATE_CLIENT=… PAYWALL_HASH_KEY=… cargo run --example callback`, the form on
//! standard input

use std::env;
use std::error::Error;

use paywall_api::callbacks::ThreeDCallback;
use paywall_api::codes::{Currency, HashKeyType};
use paywall_api::{Claim, Client, Confirmation, Credentials, Environment, Expected, HashKeys};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PRIVATE_KEY")?, env::var("PAYWALL_PRIVATE_CLIENT")?);
    let paywall = builder.private_keys(keys).build()?;

    let form = std::io::read_to_string(std::io::stdin())?;
    let claim = Claim::<ThreeDCallback>::read(form.trim_end().as_bytes())?;
    println!("{:?} claims {:?}", claim.merchant_code(), claim.asserted_status());

    // A hash that is wrong, missing or unexpected ends it here. A right one does not cover the status.
    let keys = HashKeys::new().with(HashKeyType::THREE_D_CALLBACK, env::var("PAYWALL_HASH_KEY")?);
    println!("trust: {:?}", claim.verify(&keys)?);

    // From the shop's own order, never from the form.
    let expected = Expected::payment("order-4711", "101.50".parse()?, Currency::TRY);
    match paywall.payments().confirm(&claim, &expected).await? {
        Confirmation::Confirmed(paid) => println!("ship {}: payment {:?}", paid.merchant_code(), paid.payment_id()),
        Confirmation::WithInterest(paid) => {
            println!("with interest: {:?}, without: {:?}", paid.payment_amount(), paid.original_amount());
        }
        Confirmation::Unconfirmed(unconfirmed) => println!("do not ship: {:?}", unconfirmed.reason()),
    }
    Ok(())
}
