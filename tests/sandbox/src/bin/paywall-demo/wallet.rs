//! What does a Paywall that remembers answer of Masterpass? Calls that build on each other, none of which is refused.

use std::error::Error;

use paywall_api::masterpass::{
    CommitPaymentByIdRequest, CommitPaymentRequest, CreateSessionRequest, DeleteMasterpassCardRequest,
    InitPaymentRequest, InitiatedPayment, LinkAccountRequest, ListMasterpassCardsRequest, MasterpassCard,
    NewVerifyPaymentRequest, ResendOtpRequest, UnlinkAccountRequest, VerifyOtpRequest, VerifyPaymentRequest,
};
use paywall_api::{Client, MasterpassSession, NextStep, Secret};
use paywall_sandbox::outcomes::PASSWORD;

use crate::requests;
use crate::show::Show;

type Done = Result<(), Box<dyn Error>>;

/// The documented shopper whose account is linked, and one whose account is not.
const SHOPPERS: [&str; 2] = ["905123456710", "905123456701"];

pub(crate) async fn run(show: &mut Show, paywall: &Client) -> Done {
    show.part("A shopper's wallet at a Paywall that remembers");
    let session = session(paywall, SHOPPERS[0]).await?;
    let cards = cards(paywall, &session).await?;
    let [asking, silent] = cards.as_slice() else { return Err("the wallet does not hold two cards".into()) };
    by_password(show, paywall, &session, asking).await?;
    by_number(show, paywall, &session, silent).await?;
    paywall.masterpass().delete_card(&DeleteMasterpassCardRequest::new(silent.clone(), session.id())).await?;
    show.expect(self::cards(paywall, &session).await?.len() == 1, "a card is gone from the wallet");
    linked(show, paywall).await
}

async fn session(paywall: &Client, phone: &str) -> Result<MasterpassSession, Box<dyn Error>> {
    let request = CreateSessionRequest::new("life-session", "user-7", phone);
    Ok((&paywall.masterpass().create_session(&request).await?).into())
}

async fn cards(paywall: &Client, session: &MasterpassSession) -> Result<Vec<Secret>, Box<dyn Error>> {
    let listed = paywall.masterpass().list_cards(&ListMasterpassCardsRequest::new(session.id())).await?;
    let cards = listed.masterpass.and_then(|answer| answer.result).and_then(|account| account.cards);
    Ok(cards.unwrap_or_default().into_iter().filter_map(|card| card.card_alias).collect())
}

fn wanted(session: &MasterpassSession, code: &str, card: &Secret) -> Result<InitPaymentRequest, Box<dyn Error>> {
    let mut request = requests::masterpass_payment(session.id(), code)?.auto_commit(false);
    request.card = MasterpassCard::new(true).card_alias(card.clone());
    Ok(request)
}

/// The ids that a started payment has, at Masterpass and at Paywall.
fn ids(started: &InitiatedPayment) -> Result<(String, i64), Box<dyn Error>> {
    let record = started.masterpass.as_ref().and_then(|answer| answer.paywall.as_ref()).ok_or("there is no record")?;
    let id = record.masterpass_payment_id.clone().ok_or("the payment has no id")?;
    Ok((id, record.payment_id.ok_or("the payment has no number")?))
}

fn password_of(step: NextStep) -> Result<Secret, Box<dyn Error>> {
    match step {
        NextStep::OneTimePassword(token) => Ok(token),
        other => Err(format!("no one-time password is asked for: {other:?}").into()),
    }
}

async fn by_password(show: &mut Show, paywall: &Client, session: &MasterpassSession, card: &Secret) -> Done {
    show.step("A payment by a one-time password that is sent twice");
    let masterpass = paywall.masterpass();
    let started = masterpass.init_payment(&wanted(session, "wallet-1", card)?).await?;
    let (id, _) = ids(&started)?;
    let resend = ResendOtpRequest::new(password_of(started.next_step())?, session.id());
    let otp_token = password_of(masterpass.resend_otp(&resend).await?.next_step())?;
    let typed = NewVerifyPaymentRequest {
        session_id: session.id(),
        masterpass_payment_id: id.clone(),
        otp_token,
        otp_code: PASSWORD.into(),
    };
    masterpass.verify_payment(&VerifyPaymentRequest::new(typed)).merchant_code("wallet-1").await?;
    masterpass.commit_payment(&CommitPaymentRequest::new(session.id(), id)).merchant_code("wallet-1").await?;
    show.expect(true, "wallet-1: started, verified, completed");
    Ok(())
}

async fn by_number(show: &mut Show, paywall: &Client, session: &MasterpassSession, card: &Secret) -> Done {
    show.step("A payment that asks for nothing");
    let started = paywall.masterpass().init_payment(&wanted(session, "wallet-2", card)?).await?;
    let commit = CommitPaymentByIdRequest::new(session.id(), ids(&started)?.1);
    paywall.masterpass().commit_payment_by_id(&commit).merchant_code("wallet-2").await?;
    show.expect(true, "wallet-2: started, completed");
    Ok(())
}

async fn linked(show: &mut Show, paywall: &Client) -> Done {
    show.step("An account, linked to this merchant and unlinked");
    let session = session(paywall, SHOPPERS[1]).await?;
    let asked = paywall.masterpass().link_account(&LinkAccountRequest::new(session.id())).await?;
    let token = asked.masterpass.and_then(|answer| answer.result).and_then(|asked| asked.token);
    let password = VerifyOtpRequest::new(token.ok_or("no one-time password was sent")?, PASSWORD, session.id());
    paywall.masterpass().verify_otp(&password.for_link_to_merchant(true)).await?;
    show.expect(cards(paywall, &session).await?.len() == 2, "the account is linked");
    paywall.masterpass().unlink_account(&UnlinkAccountRequest::new(session.id())).await?;
    Ok(())
}
