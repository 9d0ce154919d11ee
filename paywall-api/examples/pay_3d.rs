//! A card payment with 3-D Secure: from the card to the shopper's browser.
//! `PAYWALL_PUBLIC_KEY=… PAYWALL_PUBLIC_CLIENT=… cargo run --example pay_3d`

use std::env;
use std::error::Error;

use paywall_api::payments::{Customer, NewCustomer, NewPaymentDetail, PaymentCard, PaymentDetail, Start3dRequest};
use paywall_api::payments::{NewProduct, Product};
use paywall_api::{Client, Credentials, Environment, codes::Currency};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let keys = Credentials::new(env::var("PAYWALL_PUBLIC_KEY")?, env::var("PAYWALL_PUBLIC_CLIENT")?);
    let paywall = builder.public_keys(keys).build()?;
    let payment = payment("order-4711")?;
    // A real shop stores the merchant's code here, before anything is sent.
    match paywall.payments().start_3d(&payment).await {
        Ok(started) => println!("open {} in the shopper's browser", started.redirect_url.expose()),
        Err(error) if error.is_unknown() => println!("look it up, as in lost_answer.rs: {error}"),
        Err(error) if error.may_be_made_again() => println!("try again: {error}"),
        Err(error) => println!("ask for another card, or mend the request: {error}"),
    }
    Ok(())
}

/// One of the test cards that Paywall publishes.
fn payment(merchant_code: &str) -> Result<Start3dRequest, Box<dyn Error>> {
    let detail = PaymentDetail::new(NewPaymentDetail {
        amount: "101.50".parse()?,
        merchant_unique_code: merchant_code.to_owned(),
        merchant_success_back_url: "https://shop.example/paid".to_owned(),
        merchant_fail_back_url: "https://shop.example/failed".to_owned(),
        currency_id: Currency::TRY,
        installment: 1,
        client_ip: "203.0.113.7".into(),
    });
    let card = PaymentCard::new().number("4546711234567894").expire_month("12").expire_year("2030").cvv("000");
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
        product_amount: "101.50".parse()?,
    });
    Ok(Start3dRequest::new(detail, card.owner_name("Ayşe Yılmaz"), customer, vec![product]))
}
