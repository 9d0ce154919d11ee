//! A card payment with 3-D Secure in Paywall's test environment: from the card to the shopper's browser.
//!
//! ```text
//! PAYWALL_PUBLIC_KEY=… PAYWALL_PUBLIC_CLIENT=… cargo run --example pay_3d
//! ```

use std::env;
use std::error::Error;

use paywall_api::codes::Currency;
use paywall_api::payments::{
    Customer, NewCustomer, NewPaymentDetail, NewProduct, PaymentCard, PaymentDetail, Product, Start3dRequest,
};
use paywall_api::{Client, Credentials, Environment, Outcome, redacted};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let paywall = Client::builder(Environment::Test)
        .public_keys(Credentials::new(env::var("PAYWALL_PUBLIC_KEY")?, env::var("PAYWALL_PUBLIC_CLIENT")?))
        .on_unknown(|unknown| eprintln!("to be found out: {unknown}"))
        .build()?;
    let payment = payment("order-4711")?;
    println!("sending {}", redacted(&payment)?);

    // A real shop stores the merchant's code here, before anything is sent.
    match paywall.payments().start_3d(&payment).correlation("order-4711").await {
        Ok(started) => println!("open {} in the shopper's browser", started.redirect_url),
        Err(error) => match error.outcome() {
            Outcome::NotSent if error.may_be_made_again() => println!("try again: {error}"),
            Outcome::NotSent => println!("mend it: {error}"),
            Outcome::Refused => println!("ask for another card: {error}"),
            Outcome::Unknown => println!("look it up: {error}"),
        },
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
    let card = PaymentCard::new()
        .owner_name("Test Kart")
        .number("4546711234567894")
        .expire_month("12")
        .expire_year("2026")
        .cvv("000");
    Ok(Start3dRequest::new(detail, card, customer(), vec![product()?]))
}

fn customer() -> Customer {
    Customer::new(NewCustomer {
        full_name: "Ayşe Yılmaz".into(),
        phone: "905551234567".into(),
        email: "ayse@shop.example".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Örnek Sokak 1".into(),
    })
}

fn product() -> Result<Product, Box<dyn Error>> {
    Ok(Product::new(NewProduct {
        product_id: "1".to_owned(),
        product_name: "Kitap".to_owned(),
        product_category: "Kitap".to_owned(),
        product_description: "Bir kitap".to_owned(),
        product_amount: "101.50".parse()?,
    }))
}
