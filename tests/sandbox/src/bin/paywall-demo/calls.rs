//! The six operations over real HTTP, each as a merchant would call it.

use std::error::Error;

use paywall_api::masterpass::InitiatedPayment;
use paywall_api::{Client, MasterpassSession, NextStep, Secret};

use crate::requests;
use crate::show::Show;

pub(crate) async fn run(show: &mut Show, paywall: &Client) -> Result<(), Box<dyn Error>> {
    temp_token(show, paywall).await?;
    member(show, paywall).await?;
    let session = session(show, paywall).await?;
    let otp_token = masterpass_payment(show, paywall, &session).await?;
    otp_again(show, paywall, &session, otp_token).await?;
    payment(show, paywall).await
}

async fn temp_token(show: &mut Show, paywall: &Client) -> Result<(), Box<dyn Error>> {
    show.step("1. A temporary token, for the shopper's browser");
    let request = requests::temp_token();
    show.sent("createTempToken", &request);
    let token = paywall.tokens().create_temp_token(&request).await?;
    show.came("a token", &token);
    show.expect(!token.token.expose().is_empty(), "there is a token");
    Ok(())
}

async fn member(show: &mut Show, paywall: &Client) -> Result<(), Box<dyn Error>> {
    show.step("2. A member, a seller of a marketplace");
    let request = requests::member()?;
    show.sent("createMember", &request);
    let member = paywall.members().create(&request).await?;
    show.came("the member as stored", &member);
    show.expect(member.id.is_some(), "the member has a number");
    Ok(())
}

async fn session(show: &mut Show, paywall: &Client) -> Result<MasterpassSession, Box<dyn Error>> {
    show.step("3. A Masterpass session");
    let request = requests::session();
    show.sent("createMasterpassSession", &request);
    let session = paywall.masterpass().create_session(&request).await?;
    show.came("the session", &session);
    show.expect(session.session_expiry_date.is_some(), "the session says when it ends");
    Ok(MasterpassSession::from(&session))
}

/// The token that belongs to the one-time password of the payment.
async fn masterpass_payment(
    show: &mut Show,
    paywall: &Client,
    session: &MasterpassSession,
) -> Result<Secret, Box<dyn Error>> {
    show.step("4. A Masterpass payment");
    let request = requests::masterpass_payment(session.id(), "order-1001")?;
    show.sent("initMasterpassPayment", &request);
    let started = paywall.masterpass().init_payment(&request).in_session(session).await?;
    show.came("the started payment", &started);
    let opens = matches!(started.next_step(), NextStep::OpenAddress(_));
    show.expect(opens, "the next step is 3-D Secure, at the address above");
    otp_token(&started).ok_or_else(|| "the answer holds no token of a one-time password".into())
}

fn otp_token(started: &InitiatedPayment) -> Option<Secret> {
    started.masterpass.as_ref()?.provider.as_ref()?.detail.as_ref()?.result.as_ref()?.token.clone()
}

async fn otp_again(
    show: &mut Show,
    paywall: &Client,
    session: &MasterpassSession,
    otp_token: Secret,
) -> Result<(), Box<dyn Error>> {
    show.step("5. The one-time password again");
    let request = paywall_api::masterpass::ResendOtpRequest::new(otp_token, session.id());
    show.sent("resendMasterpassOtp", &request);
    let sent = paywall.masterpass().resend_otp(&request).in_session(session).await?;
    show.came("the new challenge", &sent);
    let asks = matches!(sent.next_step(), NextStep::OneTimePassword(_));
    show.expect(asks, "the next step is the one-time password, with a new token");
    Ok(())
}

async fn payment(show: &mut Show, paywall: &Client) -> Result<(), Box<dyn Error>> {
    show.step("6. A 3-D Secure payment by card");
    let request = requests::payment("1.00", "order-1002")?;
    show.sent("start3dPayment", &request);
    let started = paywall.payments().start_3d(&request).await?;
    show.came("the started payment", &started);
    show.expect(started.redirect_url.expose().starts_with("https://"), "there is an address for the shopper's browser");
    Ok(())
}
