//! A part of a payment goes back; should the answer be lost, what remains tells whether it went.
//! `PAYWALL_PRIVATE_KEY=… PAYWALL_PRIVATE_CLIENT=… cargo run --example refund -- 2026-11-22`

use std::env;
use std::error::Error;

use paywall_api::payments::{PartialRefundRequest, QueryPaymentRequest};
use paywall_api::{Amount, ChangeResolution, Client, Credentials, Environment, Snapshot};

const CODE: &str = "order-4711";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let day = env::args().nth(1).ok_or("give the day of the payment, as 2026-11-22")?;
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PRIVATE_KEY")?, env::var("PAYWALL_PRIVATE_CLIENT")?);
    let paywall = builder.private_keys(keys).build()?;

    // A real shop stores this snapshot before the refund is sent: two refunds of one amount look alike without it.
    let found = paywall.payments().query(&QueryPaymentRequest::new(CODE)).await?;
    let before = Snapshot::of(&found.paywall.ok_or("no such payment")?);

    let amount: Amount = "11.50".parse()?;
    let refund = PartialRefundRequest::new(CODE, day, amount);
    let Err(error) = paywall.payments().refund_partially(&refund).await else {
        println!("{amount} of {CODE} went back");
        return Ok(());
    };
    let Some(unknown) = error.unknown() else {
        println!("nothing went back: {error}");
        return Ok(());
    };
    match paywall.payments().resolve_change(&unknown).known_before(before).amount(amount).await? {
        ChangeResolution::TookEffect(_) => println!("the answer was lost, and {amount} of {CODE} went back"),
        ChangeResolution::NoEffect(_) => println!("it never arrived: it may be sent again"),
        ChangeResolution::Pending(_) => println!("nothing is decided: ask again later, do not send it again"),
        ChangeResolution::NotFoundYet => println!("no such payment so far: ask again later, do not send it again"),
        ChangeResolution::Undecided(_) => println!("somebody should look, do not send it again"),
    }
    Ok(())
}
