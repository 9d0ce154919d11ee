//! A payment with a card that the shopper keeps at Masterpass, by one-time password.
//! `PAYWALL_PRIVATE_KEY=… PAYWALL_PRIVATE_CLIENT=… cargo run --example wallet_otp`, and the password on standard input

use std::{env, error::Error, io};

use paywall_api::masterpass::{CommitPaymentRequest, CreateSessionRequest, InitPaymentRequest, MasterpassCard};
use paywall_api::masterpass::{MasterpassPaymentDetail, NewMasterpassPaymentDetail};
use paywall_api::masterpass::{NewVerifyPaymentRequest, VerifyPaymentRequest};
use paywall_api::payments::{NewProduct, Product};
use paywall_api::{Client, Credentials, Environment, MasterpassSession, NextStep, Secret, codes::Currency};

/// A real shop stores its code before anything is sent: by it a payment is found, after a crash too.
const CODE: &str = "order-4711";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PRIVATE_KEY")?, env::var("PAYWALL_PRIVATE_CLIENT")?);
    let paywall = builder.private_keys(keys).build()?;
    let visit = CreateSessionRequest::new("visit-1", "user-7", "905551234567");
    let session = MasterpassSession::from(&paywall.masterpass().create_session(&visit).await?); // follows renewals
    let started = paywall.masterpass().init_payment(&payment(session.id())?).in_session(&session).await?;
    let NextStep::OneTimePassword(otp_token) = started.next_step() else {
        return Err("this payment does not go on by a one-time password: see NextStep".into());
    };
    let id = started.masterpass.and_then(|answer| answer.paywall?.masterpass_payment_id).ok_or("no payment id")?;
    println!("type the password that the shopper has received");
    let otp_code = Secret::from(io::read_to_string(io::stdin())?.trim());
    let (session_id, masterpass_payment_id) = (session.id(), id.clone());
    let password = NewVerifyPaymentRequest { session_id, masterpass_payment_id, otp_token, otp_code };
    let (verify, code) = (VerifyPaymentRequest::new(password), CODE); // not in these requests, so it goes beside them
    let verified = paywall.masterpass().verify_payment(&verify).in_session(&session).merchant_code(code).await?;
    let NextStep::Done = verified.next_step() else {
        return Err("the password does not finish this payment: look it up, as in lost_answer.rs".into());
    };
    let commit = CommitPaymentRequest::new(session.id(), id);
    paywall.masterpass().commit_payment(&commit).in_session(&session).merchant_code(code).await?;
    println!("{CODE} is complete: confirm it before you deliver, as in callback.rs");
    Ok(())
}

fn payment(session: Secret) -> Result<InitPaymentRequest, Box<dyn Error>> {
    let detail = MasterpassPaymentDetail::new(NewMasterpassPaymentDetail {
        amount: "101.50".parse()?,
        merchant_unique_code: CODE.to_owned(),
        currency_id: Currency::TRY,
        merchant_success_back_url: "https://shop.example/paid".to_owned(),
        merchant_fail_back_url: "https://shop.example/failed".to_owned(),
        client_ip: "203.0.113.7".into(),
        installment: 1,
    });
    let card = MasterpassCard::new(true).card_alias("an alias of the card list").card_bin("552879");
    let [product_id, product_name, product_category, product_description] =
        ["1", "Kitap", "Kitap", "Bir kitap"].map(String::from);
    let product_amount = detail.amount;
    let book = NewProduct { product_id, product_name, product_category, product_description, product_amount };
    Ok(InitPaymentRequest::new(session, detail, card, vec![Product::new(book)]).auto_commit(false))
}
