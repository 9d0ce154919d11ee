//! What does a Paywall that remembers answer over a payment's life? Calls that build on each other, none of which is
//! refused.

use std::error::Error;

use paywall_api::inquiries::PaymentInquiry;
use paywall_api::payments::{
    CancelPaymentRequest, CancelProvisionRequest, CaptureProvisionRequest, CardSave, ListPaymentActivitiesRequest,
    PartialRefundRequest, PaymentCard, QueryPaymentByIdRequest, QueryPaymentByProductIdRequest,
    QueryPaymentByTrackingCodeRequest, QueryPaymentByUniqueCodeRequest, QueryPaymentRequest, RefundRequest,
    RevertPaymentRequest,
};
use paywall_api::tokens::{CreateTempCardParameters, CreateTempCardRequest};
use paywall_api::{Amount, Client, Standing, WithParameters};
use paywall_contract::Document;

use crate::show::Show;
use crate::{all, operations, requests};

type Done = Result<(), Box<dyn Error>>;

pub(crate) async fn run(show: &mut Show, paywall: &Client, document: &Document) -> Done {
    show.part("Lives of payments at a Paywall that remembers");
    around(show, paywall, document).await;
    asked_for(show, paywall).await?;
    given_back(show, paywall).await?;
    authorised(show, paywall).await?;
    called_off(show, paywall).await?;
    by_other_cards(show, paywall).await?;
    by_3d_secure(show, paywall).await
}

/// What needs nothing that happened before.
const ALONE: [&str; 5] = ["getVersion", "createMember", "queryInstallments", "inquireBin", "startInsurancePayment"];

async fn around(show: &mut Show, paywall: &Client, document: &Document) {
    show.step("What can be asked at any time");
    for operation in operations::all().iter().filter(|operation| ALONE.contains(&operation.id)) {
        let called = all::documented(paywall, document, operation).await;
        match called.and_then(|called| Ok(called.came?)) {
            Ok(_) => show.expect(true, operation.id),
            Err(error) => show.wrong(&format!("{}: {error}", operation.id)),
        }
    }
}

async fn paid(paywall: &Client, code: &str, amount: &str) -> Result<PaymentInquiry, Box<dyn Error>> {
    paywall.payments().start_direct(&requests::direct(amount, code)?).await?;
    inquiry(paywall, code).await
}

async fn inquiry(paywall: &Client, code: &str) -> Result<PaymentInquiry, Box<dyn Error>> {
    let found = paywall.payments().query(&QueryPaymentRequest::new(code)).await?;
    Ok(found.paywall.ok_or("the inquiry finds no payment")?)
}

/// The day of a payment, which later steps name.
fn day(payment: &PaymentInquiry) -> Result<String, Box<dyn Error>> {
    let time = payment.last_activity_date_time.as_ref().ok_or("the inquiry has no time")?.to_string();
    Ok(time.split('T').next().unwrap_or_default().to_owned())
}

async fn stands(show: &mut Show, paywall: &Client, code: &str, expected: Standing) -> Done {
    let standing = inquiry(paywall, code).await?.standing();
    show.expect(standing == expected, &format!("{code}: {expected:?}"));
    Ok(())
}

async fn asked_for(show: &mut Show, paywall: &Client) -> Done {
    show.step("A payment, found by every name that it has");
    let mut request = requests::direct("12.50", "life-1")?;
    request.payment_detail = request.payment_detail.tracking_code("basket-1");
    let started = paywall.payments().start_direct(&request).await?.payment.ok_or("there is no payment")?;
    let payment = inquiry(paywall, "life-1").await?;
    let payments = paywall.payments();
    let id = started.payment_id.ok_or("the payment has no number")?;
    let unique_code = payment.unique_code.clone().ok_or("the payment has no code")?;
    payments.query_by_id(&QueryPaymentByIdRequest::new(id)).await?;
    payments.query_by_unique_code(&QueryPaymentByUniqueCodeRequest::new(unique_code)).await?;
    payments.query_by_tracking_code(&QueryPaymentByTrackingCodeRequest::new("basket-1")).await?;
    payments.query_by_product_id(&QueryPaymentByProductIdRequest::new("notebook-1")).await?;
    payments.list_activities(&ListPaymentActivitiesRequest::new(1, 10, "2001-02-03")).await?;
    show.expect(payment.payment_id == Some(id), "life-1: found");
    Ok(())
}

async fn given_back(show: &mut Show, paywall: &Client) -> Done {
    show.step("Money back, a part and then the rest");
    let day = day(&paid(paywall, "life-2", "100.00").await?)?;
    let part = PartialRefundRequest::new("life-2", day.clone(), "30.00".parse::<Amount>()?);
    paywall.payments().refund_partially(&part).await?;
    stands(show, paywall, "life-2", Standing::PartiallyRefunded).await?;
    paywall.payments().refund(&RefundRequest::new(day, "life-2").complete_partial_refund(true)).await?;
    stands(show, paywall, "life-2", Standing::Refunded).await
}

async fn authorised(show: &mut Show, paywall: &Client) -> Done {
    show.step("An authorised amount, taken and given free");
    for code in ["life-3", "life-4"] {
        let mut request = requests::direct("100.00", code)?;
        request.payment_detail = request.payment_detail.half_2d(true);
        paywall.payments().start_direct(&request).await?;
        stands(show, paywall, code, Standing::Authorized).await?;
    }
    let day = day(&inquiry(paywall, "life-3").await?)?;
    let capture = CaptureProvisionRequest::new("life-3", day.clone()).provision_amount("60.00".parse::<Amount>()?);
    paywall.payments().capture(&capture).await?;
    paywall.payments().cancel_provision(&CancelProvisionRequest::new("life-4", day)).await?;
    stands(show, paywall, "life-3", Standing::Paid).await?;
    stands(show, paywall, "life-4", Standing::Cancelled).await
}

async fn called_off(show: &mut Show, paywall: &Client) -> Done {
    show.step("A payment of today, cancelled and reverted");
    let day = day(&paid(paywall, "life-5", "10.00").await?)?;
    paywall.payments().cancel(&CancelPaymentRequest::new("life-5", day)).await?;
    let unique_code = paid(paywall, "life-6", "10.00").await?.unique_code.ok_or("the payment has no code")?;
    paywall.payments().revert(&RevertPaymentRequest::new(unique_code, "life-6")).await?;
    stands(show, paywall, "life-5", Standing::Cancelled).await?;
    stands(show, paywall, "life-6", Standing::Cancelled).await
}

async fn by_other_cards(show: &mut Show, paywall: &Client) -> Done {
    show.step("A card that was saved, and one that the browser left");
    let mut request = requests::direct("10.00", "life-7")?;
    request.card = request.card.card_save(CardSave::new().save(true).relational_id1("user-7"));
    let saved = paywall.payments().start_direct(&request).await?.payment.and_then(|payment| payment.card);
    let code = saved.and_then(|card| card.unique_code).ok_or("no card was saved")?;
    let token = paywall.tokens().create_temp_token(&requests::temp_token()).await?.token;
    let card = WithParameters::new(CreateTempCardParameters::new(token), temp_card());
    let left = paywall.tokens().create_temp_card(&card).await?.card_token;
    let cards = [PaymentCard::new().unique_code(code), PaymentCard::new().temp_card_token(left)];
    for (code, card) in ["life-8", "life-9"].into_iter().zip(cards) {
        let mut request = requests::direct("10.00", code)?;
        request.card = card;
        paywall.payments().start_direct(&request).await?;
        stands(show, paywall, code, Standing::Paid).await?;
    }
    Ok(())
}

fn temp_card() -> CreateTempCardRequest {
    let card = CreateTempCardRequest::new(1, "Ayşe Yılmaz", 30).card_number(requests::CARD_NUMBER).card_cvv("123");
    card.card_expiry_month("12").card_expiry_year("30")
}

async fn by_3d_secure(show: &mut Show, paywall: &Client) -> Done {
    show.step("A payment that waits for its shopper");
    let started = paywall.payments().start_3d(&requests::payment("10.00", "life-10")?).await?;
    show.expect(started.redirect_url.expose().contains("/3d/"), "there is an address for the shopper's browser");
    stands(show, paywall, "life-10", Standing::Pending).await
}
