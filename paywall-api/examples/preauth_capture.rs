//! A pre-authorisation now, and its capture when the goods leave.
//! `PAYWALL_PUBLIC_KEY=… PAYWALL_PUBLIC_CLIENT=… cargo run --example preauth_capture -- 2026-11-22`

use std::env;
use std::error::Error;

use paywall_api::payments::{CaptureProvisionRequest, Customer, DirectPaymentDetail, NewCustomer};
use paywall_api::payments::{NewProduct, PaymentCard, Product, StartDirectRequest};
use paywall_api::{Amount, Client, Credentials, Environment, codes::Currency};

/// A real shop stores its code before anything is sent: by it a payment is found, after a crash too.
const CODE: &str = "order-4711";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let day = env::args().nth(1).ok_or("give the day of the payment, as 2026-11-22")?;
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PUBLIC_KEY")?, env::var("PAYWALL_PUBLIC_CLIENT")?);
    let paywall = builder.public_keys(keys).build()?;

    paywall.payments().start_direct(&authorization("101.50".parse()?)).await?;
    println!("{CODE}: 101.50 are authorised, nothing is taken");

    // Less than was authorised; without an amount, all of it.
    let capture = CaptureProvisionRequest::new(CODE, day).provision_amount("90.00".parse::<Amount>()?);
    match paywall.payments().capture(&capture).await {
        Ok(_) => println!("{CODE}: 90.00 are taken"),
        Err(error) if error.is_unknown() => println!("ask with resolve_change, as in refund.rs: {error}"),
        Err(error) => println!("nothing was taken: {error}"),
    }
    Ok(())
}

fn authorization(amount: Amount) -> StartDirectRequest {
    let detail = DirectPaymentDetail::new(amount, CODE, Currency::TRY, 1, "203.0.113.7").half_2d(true);
    let card = PaymentCard::new().temp_card_token("what createTempCard gave the shopper's browser");
    let customer = Customer::new(NewCustomer {
        full_name: "Ayşe Yılmaz".into(),
        phone: "905551234567".into(),
        email: "ayse@shop.example".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Örnek Sokak 1".into(),
    });
    let product = Product::new(NewProduct {
        product_id: "1".to_owned(),
        product_name: "Kitap".to_owned(),
        product_category: "Kitap".to_owned(),
        product_description: "Bir kitap".to_owned(),
        product_amount: amount,
    });
    StartDirectRequest::new(detail, card, customer, vec![product])
}
