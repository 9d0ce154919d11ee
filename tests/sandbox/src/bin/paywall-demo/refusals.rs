//! What does a call look like that does not succeed? Four ways, what the error says of each, and the way on.

use std::error::Error;

use paywall_api::{Client, Credentials, ErrorKind, InquiryResult, Keys, Outcome, Resolution, Unknown};
use paywall_contract::Document;
use paywall_sandbox::{Reply, Running};

use crate::show::Show;
use crate::{inquiry, requests};

/// None needs another, so that one that fails does not keep the rest from being shown.
pub(crate) async fn run(show: &mut Show, paywall: &Client, sandbox: &Running, document: &Document) {
    let results = [
        wrong_keys(show, paywall).await,
        broken_rules(show, paywall, sandbox).await,
        refused_inside(show, paywall, sandbox).await,
        unknown(show, paywall, sandbox, document).await,
    ];
    for error in results.into_iter().filter_map(Result::err) {
        show.wrong(&error.to_string());
    }
}

async fn wrong_keys(show: &mut Show, paywall: &Client) -> Result<(), Box<dyn Error>> {
    show.step("Wrong keys");
    let stranger = paywall.with_keys(Keys::new().public(Credentials::new("wrong", "wrong")))?;
    let request = requests::temp_token();
    show.sent("createTempToken, with keys of nobody", &request);
    let error = failed(stranger.tokens().create_temp_token(&request).await)?;
    tell(show, &error);
    show.expect(error.http_status().is_some_and(|status| status == 401), "HTTP 401");
    show.expect(error.code() == Some(401), "Paywall's code 401");
    show.expect(error.outcome() == Outcome::Refused, "the outcome is a refusal: nothing was done");
    Ok(())
}

async fn broken_rules(show: &mut Show, paywall: &Client, sandbox: &Running) -> Result<(), Box<dyn Error>> {
    show.step("A request that breaks documented rules");
    let request = requests::broken_payment()?;
    show.sent("start3dPayment, or so it was meant", &request);
    let before = sandbox.received().len();
    let error = failed(paywall.payments().start_3d(&request).await)?;
    tell(show, &error);
    show.expect(error.is_invalid() && error.violations().len() == 4, "four rules are broken, each with its place");
    show.expect(error.outcome() == Outcome::NotSent, "the outcome is known: nothing was sent");
    show.expect(sandbox.received().len() == before, "the server has received nothing");
    Ok(())
}

async fn refused_inside(show: &mut Show, paywall: &Client, sandbox: &Running) -> Result<(), Box<dyn Error>> {
    show.step("A refusal by Masterpass, inside an answer that Paywall calls a success");
    sandbox.script().next("resendMasterpassOtp", Reply::sample("token-is-not-valid"))?;
    let request = paywall_api::masterpass::ResendOtpRequest::new("an old token", "a session");
    show.sent("resendMasterpassOtp", &request);
    let error = failed(paywall.masterpass().resend_otp(&request).await)?;
    tell(show, &error);
    let inner = error.inner_refusal().ok_or("the error holds no refusal")?;
    show.line(&format!("   {}: {}", inner.who(), inner.code().unwrap_or_default()));
    show.expect(error.code() == Some(0), "Paywall's code is 0, which elsewhere means success");
    show.expect(inner.code() == Some("TOKEN_IS_NOT_VALID"), "Masterpass's own code says what it is");
    show.expect(error.kind() == ErrorKind::RefusedInside, "the client does not take it for a success");
    Ok(())
}

async fn unknown(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
) -> Result<(), Box<dyn Error>> {
    show.step("A payment whose answer is lost: the connection is cut after the request was read");
    sandbox.script().next("start3dPayment", Reply::close())?;
    let request = requests::payment("19.90", "order-1003")?;
    let before = sandbox.received().len();
    show.sent("start3dPayment", &request);
    let error = failed(paywall.payments().start_3d(&request).await)?;
    tell(show, &error);
    let unknown = error.unknown().ok_or("the error says nothing of an unknown outcome")?;
    show.line(&format!("   {unknown}"));
    show.expect(error.outcome() == Outcome::Unknown, "the outcome is unknown, and is called so");
    show.expect(unknown.merchant_code() == Some("order-1003"), "the error keeps the code to look it up by");
    show.expect(sandbox.received().len() == before + 1, "the payment was sent once, not again");
    resolved(show, paywall, sandbox, document, &unknown).await
}

/// The one way on.
async fn resolved(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
    unknown: &Unknown,
) -> Result<(), Box<dyn Error>> {
    show.step("The lost answer, resolved by inquiry");
    sandbox.script().next("queryPayment", inquiry::paid(document, "order-1003", "19.90"))?;
    let before = sandbox.received().len();
    let resolution = paywall.payments().resolve(unknown).await?;
    let Resolution::Paid(payment) = &resolution else {
        return Err(format!("it ends as {:?}", resolution.inquiry().map(InquiryResult::standing)).into());
    };
    show.line(&format!("<- {}, by status, type and flags together", payment.standing()));
    let asked = sandbox.received().split_off(before);
    let only_asked = asked.iter().all(|request| request.operation.as_deref() == Some("queryPayment"));
    show.expect(only_asked && asked.len() == 1, "the payment was paid, and nothing but an inquiry was sent");
    Ok(())
}

pub(crate) fn failed<T, E>(result: Result<T, E>) -> Result<E, Box<dyn Error>> {
    result.err().ok_or_else(|| "it succeeded, which it should not".into())
}

/// The error's own words, one clause a line.
fn tell(show: &mut Show, error: &paywall_api::Error) {
    show.line("<- an error");
    error.to_string().split("; ").for_each(|clause| show.line(&format!("   {clause}")));
}
