//! A payment whose answer was lost is looked up, and never sent again.
//! `PAYWALL_PRIVATE_KEY=… PAYWALL_PRIVATE_CLIENT=… cargo run --example lost_answer`, and the public pair likewise

use std::env;
use std::error::Error;

use paywall_api::payments::{Customer, DirectPaymentDetail, NewCustomer, PaymentCard, StartDirectRequest};
use paywall_api::payments::{NewProduct, Product};
use paywall_api::{Amount, Client, Credentials, Environment, InquiryResult, Resolution, codes::Currency};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let builder =
        env::var("PAYWALL_BASE_ADDRESS").map_or_else(|_| Client::builder(Environment::Test), Client::builder_at);
    let public = Credentials::new(env::var("PAYWALL_PUBLIC_KEY")?, env::var("PAYWALL_PUBLIC_CLIENT")?);
    let private = Credentials::new(env::var("PAYWALL_PRIVATE_KEY")?, env::var("PAYWALL_PRIVATE_CLIENT")?);
    let paywall = builder.public_keys(public).private_keys(private).build()?;

    // Stored with the time before anything is sent: after a crash, Unknown::rebuild makes the same question of it.
    let code = "order-4711";
    let Err(error) = paywall.payments().start_direct(&payment(code)?).await else {
        println!("{code} is paid");
        return Ok(());
    };
    println!("{error}");
    let Some(unknown) = error.unknown() else { return Ok(()) };
    match paywall.payments().resolve(&unknown).await? {
        Resolution::Paid(payment) => println!("{code} was paid: {:?}, compare and ship", payment.payment_amount),
        Resolution::Refused(_) => println!("{code} was refused: nothing was charged"),
        other if other.may_be_sent_again() => println!("{code} never arrived: it may be sent again"),
        other => println!("{code} is open, ask again later: {:?}", other.inquiry().map(InquiryResult::standing)),
    }
    Ok(())
}

fn payment(code: &str) -> Result<StartDirectRequest, Box<dyn Error>> {
    let detail = DirectPaymentDetail::new("101.50".parse::<Amount>()?, code, Currency::TRY, 1, "203.0.113.7");
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
        product_amount: detail.amount,
    });
    let card = PaymentCard::new().unique_code("a card that the shopper has saved");
    Ok(StartDirectRequest::new(detail, card, customer, vec![product]))
}
