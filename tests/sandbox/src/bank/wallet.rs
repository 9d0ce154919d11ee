//! How does a payment through Masterpass go on? By a one-time password, by 3-D Secure or not at all; and with
//! AutoCommit off the money is only authorised until it is committed.
//!
//! | the payment | goes on by |
//! |---|---|
//! | `Force3D`, of the session or of the payment | 3-D Secure |
//! | a card in full | 3-D Secure |
//! | the kept credit card | a one-time password |
//! | the kept debit card | nothing: it is complete |

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use paywall_api::Personal;
use paywall_api::codes::{GeneralErrorCode, PaymentErrorCode, PaymentMethod, PaymentStatus};
use paywall_api::masterpass::{
    CommitPaymentByIdRequest, CommitPaymentRequest, InitPaymentRequest, MasterpassCard, VerifyPaymentRequest,
};
use paywall_api::payments::Product;
use serde::{Deserialize, Serialize};

use super::cards::{self, CardShown, InFull};
use super::masterpass::{self, Why};
use super::outcomes::{BankAnswer, Outcome};
use super::passwords::{self, Tried, WhatFor};
use super::payment::{CardFrom, Order, Payment, ThreeD, refused};
use super::payments;
use super::secure::WRONG_PASSWORDS;
use super::sessions::{self, Current};
use super::telephones::{Shopper, shopper};
use super::{Desk, Filled, No, Verdict, changes};

/// A payment as Masterpass knows it, by its id there.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WalletPayment {
    phone: String,
    /// The payment's own code.
    key: String,
    auto_commit: bool,
}

/// How a payment goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Next {
    Nothing,
    Password,
    ThreeD,
}

/// `initMasterpassPayment`.
pub(super) fn init(desk: &mut Desk<'_>, request: InitPaymentRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    begin(desk, &session, &request).map_err(|no| match no.body {
        Some(_) => no,
        None => no.with_body(without_masterpass(&session).done()),
    })
}

fn begin(desk: &mut Desk<'_>, session: &Current, request: &InitPaymentRequest) -> Verdict {
    let detail = &request.payment_detail;
    payments::sound(detail.amount, &request.products, &detail.client_ip)?;
    payments::address(&detail.merchant_success_back_url, PaymentErrorCode::UNEXPECTED_SUCCESS_BACK_URL)?;
    payments::address(&detail.merchant_fail_back_url, PaymentErrorCode::UNEXPECTED_FAIL_BACK_URL)?;
    let (card, card_from, next) = card(desk, session, &request.card)?;
    let forced = session.force_3d || request.force_3d == Some(true) || shopper(&session.phone) == Shopper::By3d;
    let next = if forced { Next::ThreeD } else { next };
    let order = order(desk, request, (card, card_from), &next)?;
    let key = payments::take(desk, order)?;
    let id = desk.guid();
    let payment = WalletPayment { phone: session.phone.clone(), key, auto_commit: request.auto_commit == Some(true) };
    desk.book.wallet_payments.put(&*id, payment.clone());
    go_on(desk, session, (&id, &payment), &next, &request.products)
}

/// `verifyMasterpassPayment`.
pub(super) fn verify(desk: &mut Desk<'_>, request: VerifyPaymentRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let (token, code) = (request.otp_token.expose(), request.otp_code.expose());
    let id = request.masterpass_payment_id.to_ascii_lowercase();
    let key = own(desk, &session, &id)?.key;
    match passwords::attempt(desk, &session.phone, token, &WhatFor::Payment(id), code) {
        Tried::Right => match payments::ask_the_bank(desk, &key).answer() {
            None => Ok(masterpass::verified(desk, &session, "verifyMasterpassPayment").done()),
            Some(answer) => Err(declined(answer).with_body(without_masterpass(&session).done())),
        },
        Tried::Again => Ok(masterpass::to_be_typed_again(desk, &session, "verifyMasterpassPayment", token).done()),
        tried => {
            if tried == Tried::Spent {
                payments::settle(desk, &key, Some(WRONG_PASSWORDS));
            }
            Err(masterpass::no_password(desk, &session, &tried))
        }
    }
}

/// `commitMasterpassPayment`.
pub(super) fn commit(desk: &mut Desk<'_>, request: CommitPaymentRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let payment = own(desk, &session, &request.masterpass_payment_id.to_ascii_lowercase())?;
    complete(desk, &session, &payment)
}

/// `commitMasterpassPaymentById`.
pub(super) fn commit_by_id(desk: &mut Desk<'_>, request: CommitPaymentByIdRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let payment = by_id(desk, &session, request.payment_id).ok_or_else(|| not_found(&session))?;
    complete(desk, &session, &payment)
}

fn by_id(desk: &Desk<'_>, session: &Current, id: i64) -> Option<WalletPayment> {
    let key = desk.register.by_id(id)?;
    let mut all = desk.book.wallet_payments.iter().map(|(_, payment)| payment);
    all.find(|payment| payment.key == key && payment.phone == session.phone).cloned()
}

/// The card of a request: one that the shopper keeps at Masterpass, or one in full.
fn card(desk: &Desk<'_>, session: &Current, card: &MasterpassCard) -> Result<(CardShown, CardFrom, Next), No> {
    let text =
        |personal: &Option<Personal>| personal.as_ref().map_or_else(String::new, |text| text.as_str().to_owned());
    if card.is_saved_card {
        let alias = card.card_alias.as_ref().map_or("", |alias| alias.expose());
        let kept = masterpass::kept_card(desk, session, alias).map_err(|why| refused_inside(desk, session, why))?;
        let asks = kept.asks || shopper(&session.phone) == Shopper::AskedBySecondCode;
        let next = if asks { Next::Password } else { Next::Nothing };
        return Ok((
            CardShown::of_ends(kept.bin, kept.last_four, &text(&card.owner_name), None),
            CardFrom::Wallet,
            next,
        ));
    }
    let in_full = InFull {
        number: card.number.as_ref().map_or("", |number| number.expose()),
        owner: &text(&card.owner_name),
        month: card.expire_month.as_deref().unwrap_or_default(),
        year: card.expire_year.as_deref().unwrap_or_default(),
        cvv: card.cvv.as_ref().map_or("", |cvv| cvv.expose()),
    };
    Ok((cards::in_full(desk, &in_full)?, CardFrom::Request, Next::ThreeD))
}

/// Without AutoCommit it is an authorisation, which the commit captures.
fn order(
    desk: &mut Desk<'_>,
    request: &InitPaymentRequest,
    (card, card_from): (CardShown, CardFrom),
    next: &Next,
) -> Result<Order, No> {
    let detail = &request.payment_detail;
    let (success, fail) = (detail.merchant_success_back_url.clone(), detail.merchant_fail_back_url.clone());
    let several = detail.pay_watch_multiple.as_ref().filter(|_| detail.pay_watch_multiple_support == Some(true));
    Ok(Order {
        merchant_code: detail.merchant_unique_code.clone(),
        tracking_code: detail.tracking_code.clone(),
        amount: detail.amount,
        currency: detail.currency_id,
        installment: detail.installment,
        method: if *next == Next::ThreeD { PaymentMethod::THREE_D } else { PaymentMethod::OTP },
        provision: request.auto_commit != Some(true),
        channel: detail.channel_id,
        tag: detail.tag_id,
        card,
        card_from,
        card_save: None,
        products: request.products.iter().map(|product| product.product_id.clone()).collect(),
        three_d: (*next == Next::ThreeD).then(|| ThreeD::new(desk.guid(), success, fail)),
        watches: payments::watches(desk, detail.pay_watch.as_ref(), several)?,
    })
}

/// The first step, and the answer that tells it.
fn go_on(
    desk: &mut Desk<'_>,
    session: &Current,
    (id, payment): (&str, &WalletPayment),
    next: &Next,
    products: &[Product],
) -> Verdict {
    let outcome = (*next == Next::Nothing).then(|| payments::ask_the_bank(desk, &payment.key));
    let token = match next {
        Next::Password => Some(passwords::send(desk, &session.phone, WhatFor::Payment(id.to_owned()))),
        Next::Nothing | Next::ThreeD => None,
    };
    if *next != Next::Nothing {
        payments::leave_to_shopper(desk, &payment.key, PaymentStatus::PENDING);
    }
    let body = begun(desk, session, id, &payment.key, products);
    let three_d = record(desk, &payment.key)?.order.three_d.as_ref().map(|three_d| three_d.token.clone());
    let address = three_d.as_ref().map(|token| format!("{}/3d/{token}", desk.here));
    let body = body
        .set("/Masterpass/Provider/IsOtp", *next == Next::Password)
        .set("/Masterpass/Provider/IsThreeD", *next == Next::ThreeD)
        .set("/Masterpass/Provider/ThreeDAddress", address)
        .set("/Masterpass/Provider/Detail/Result/ResponseCode", next.code(&session.phone))
        .set("/Masterpass/Provider/Detail/Result/Token", token.or(three_d))
        .set("/Masterpass/Provider/Detail/Result/Description", next.description());
    match outcome.and_then(Outcome::answer) {
        None => Ok(body.done()),
        Some(answer) => Err(declined(answer).with_body(with_error(body, answer).done())),
    }
}

impl Next {
    fn code(&self, phone: &str) -> &'static str {
        match self {
            Self::Nothing => "0000",
            Self::Password => masterpass::asking_code(phone),
            Self::ThreeD => "5010",
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Nothing => "the payment is complete",
            Self::Password => "a one-time password was sent to the shopper",
            Self::ThreeD => "the shopper goes on by 3-D Secure",
        }
    }
}

/// The documented answer with this payment's numbers and products.
fn begun(desk: &mut Desk<'_>, session: &Current, id: &str, key: &str, products: &[Product]) -> Filled {
    let (exchange, number) = (desk.guid(), masterpass::reference(desk));
    let body = session.told(desk.template("initMasterpassPayment", "page"));
    let sample = body.part("/Masterpass/Paywall/Products/0");
    let products = products.iter().map(|product| sold(&sample, desk.number(), product)).collect::<Vec<_>>();
    let body = body
        .set("/Masterpass/Paywall/MasterpassPaymentId", id)
        .set("/Masterpass/Paywall/Products", products)
        .set("/Masterpass/Provider/Detail/CorrelationId", exchange)
        .set("/Masterpass/Provider/Detail/Result/RetrievalReferenceNumber", number);
    let Some(payment) = desk.book.payments.get(key) else { return body };
    body.set("/Masterpass/Paywall/PaymentId", payment.id)
        .set("/Masterpass/Paywall/ActivityId", payment.sale.id)
        .set("/Masterpass/Paywall/UniqueCode", payment.unique_code.as_str())
        .set("/Masterpass/Paywall/MerchantUniqueKey", payment.order.merchant_code.as_str())
        .set("/Masterpass/Provider/Detail/Result/MaskedNumber", format!("************{}", payment.order.card.last_four))
}

fn sold(sample: &Filled, id: i64, product: &Product) -> Filled {
    sample
        .clone()
        .set("/Id", id)
        .set("/MemberId", i64::from(product.member_id.unwrap_or_default()))
        .set("/MemberEarningCalculated", product.member_earning_calculated.unwrap_or_default())
        .set("/MemberEarning", product.member_earning.unwrap_or(paywall_api::Amount::ZERO))
        .set("/ProductId", product.product_id.as_str())
        .set("/ProductName", product.product_name.as_str())
        .set("/ProductCategory", product.product_category.as_str())
        .set("/ProductDescription", product.product_description.as_str())
        .set("/ProductAmount", product.product_amount)
}

/// Captures what was authorised.
fn complete(desk: &mut Desk<'_>, session: &Current, payment: &WalletPayment) -> Verdict {
    let no =
        |code: GeneralErrorCode, why: &str| No::new(code.code(), why).with_body(without_masterpass(session).done());
    if payment.auto_commit {
        let why = "Auto commit payment cannot commit again";
        return Err(no(GeneralErrorCode::PAYMENT_NOT_CONVENIENT_FOR_OPERATION, why));
    }
    let stands = record(desk, &payment.key)?;
    if stands.last().status != PaymentStatus::AWAITING_CAPTURE {
        let (code, why) = if stands.later.is_empty() {
            let why = "the payment is not authorised: it was declined, or the shopper's step is not done";
            (GeneralErrorCode::PAYMENT_NOT_CONVENIENT_FOR_OPERATION, why)
        } else {
            (GeneralErrorCode::PAYMENT_ALREADY_FINALIZED, "the payment is concluded already")
        };
        return Err(no(code, why));
    }
    changes::capture_payment(desk, &payment.key, None)?;
    let stands = record(desk, &payment.key)?;
    let body = session.told(desk.template("commitMasterpassPayment", "page"));
    Ok(body
        .set("/Masterpass/Detail/PaymentId", stands.id)
        .set("/Masterpass/Detail/PaymentActivityId", stands.last().id)
        .set("/Masterpass/Detail/UniqueCode", stands.unique_code.as_str())
        .set("/Masterpass/Detail/MerchantUniqueCode", stands.order.merchant_code.as_str())
        .set("/Masterpass/Detail/TrackingCode", stands.order.tracking_code.clone())
        .done())
}

/// The shopper's own payment.
fn own(desk: &Desk<'_>, session: &Current, id: &str) -> Result<WalletPayment, No> {
    let known = desk.book.wallet_payments.get(id).filter(|payment| payment.phone == session.phone);
    known.cloned().ok_or_else(|| not_found(session))
}

fn not_found(session: &Current) -> No {
    No::new(GeneralErrorCode::PAYMENT_NOT_FOUND.code(), "Masterpass payment not found")
        .with_body(without_masterpass(session).done())
}

fn record<'d>(desk: &'d Desk<'_>, key: &str) -> Result<&'d Payment, No> {
    desk.book.payments.get(key).ok_or_else(payments::lost)
}

/// As the documented refusals of a commit have it.
fn without_masterpass(session: &Current) -> Filled {
    session.told(Filled::empty()).set("/Masterpass", None::<&str>)
}

/// A refusal of Masterpass before there is a payment. No page shows one; its place is that of the step's own answer.
fn refused_inside(desk: &Desk<'_>, session: &Current, (operation, case): Why) -> No {
    let refusal = desk.template(operation, case).part("/Masterpass");
    let body = session.told(Filled::empty());
    let body = body
        .set("/Masterpass/Paywall", None::<&str>)
        .set("/Masterpass/Provider/IsOtp", false)
        .set("/Masterpass/Provider/IsThreeD", false)
        .set("/Masterpass/Provider/ThreeDAddress", None::<&str>)
        .set("/Masterpass/Provider/Detail", refusal)
        .set("/Masterpass/Error/ProviderErrorCode", None::<&str>)
        .set("/Masterpass/Error/ProviderErrorMessage", None::<&str>);
    No::inside(body.done())
}

/// The bank said something other than yes.
fn declined(answer: BankAnswer) -> No {
    refused(PaymentErrorCode::FAILURE, &format!("the bank answers {}: {}", answer.code, answer.message))
}

/// The bank's words in Base64, in which the vendor's own client expects them.
fn with_error(body: Filled, answer: BankAnswer) -> Filled {
    body.set("/Masterpass/Error/ProviderErrorCode", STANDARD.encode(answer.code))
        .set("/Masterpass/Error/ProviderErrorMessage", STANDARD.encode(answer.message))
}

/// Shows no telephone number.
impl std::fmt::Debug for WalletPayment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WalletPayment").field("auto_commit", &self.auto_commit).finish_non_exhaustive()
    }
}
