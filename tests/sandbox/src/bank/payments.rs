//! How does a payment begin, and how does it end? It is taken in once per merchant's code, then the bank is asked.

use std::net::Ipv4Addr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use paywall_api::codes::{PayWatchAction, PaymentErrorCode, PaymentMethod, PaymentStatus};
use paywall_api::payments::{
    InsuranceCard, PayWatch, PayWatchJob, PayWatchMultiple, PaymentCard, PaymentDetail, Product, Start3dRequest,
    StartDirectRequest, StartInsuranceRequest,
};
use paywall_api::{Amount, Personal, Secret};
use paywall_contract::node::Node;

use super::cards::{self, CardShown};
use super::outcomes::{self, BankAnswer, Outcome};
use super::payment::{CardFrom, Order, Payment, ThreeD, Watch, exact, refused};
use super::{Desk, Filled, No, Verdict, changes};

/// Takes a payment in, in status 1: the key of its record, which is the merchant's code.
pub(crate) fn take(desk: &mut Desk<'_>, order: Order) -> Result<String, No> {
    exact(order.amount)?;
    if order.currency.entry().is_none() {
        return Err(refused(PaymentErrorCode::UNEXPECTED_CURRENCY, "no list has this currency"));
    }
    if !(1..=MOST_INSTALLMENTS).contains(&order.installment) {
        return Err(refused(PaymentErrorCode::UNEXPECTED_INSTALLMENT, "a payment has 1 to 12 instalments"));
    }
    if desk.book.payments.get(&order.merchant_code).is_some() {
        return Err(refused(PaymentErrorCode::MERCHANT_UNIQUE_CODE_EXISTS, "the MerchantUniqueCode exists already"));
    }
    let key = order.merchant_code.clone();
    let numbers = [desk.register.number(), desk.register.number()];
    let payment = Payment::new(order, desk.guid(), numbers, desk.now);
    desk.put_payment(payment);
    Ok(key)
}

/// More instalments than any option of the documents.
pub(super) const MOST_INSTALLMENTS: i32 = 12;

/// Asks the bank for the money of a payment that has been taken in. What it says is decided by the amount, and by
/// whether the card is a documented one where its number was given.
pub(crate) fn ask_the_bank(desk: &mut Desk<'_>, key: &str) -> Outcome {
    let Some(payment) = desk.book.payments.get(key) else { return Outcome::Paid };
    let known = payment.order.card_from == CardFrom::Ends
        || payment.order.card_from == CardFrom::Wallet
        || payment.order.card.test_card().is_some();
    let outcome = outcomes::of(payment.order.amount, known);
    match outcome {
        Outcome::Paid => settle(desk, key, None),
        Outcome::Declined(answer) | Outcome::Broken(answer) => settle(desk, key, Some(answer)),
        Outcome::PaidLater(_) => wait(desk, key, true),
        Outcome::FailedLater(_) => wait(desk, key, false),
    }
    outcome
}

/// Ends a payment that is open: paid, or authorised where only that was asked; declined where the bank said no.
pub(crate) fn settle(desk: &mut Desk<'_>, key: &str, declined: Option<BankAnswer>) {
    let provision = desk.book.payments.get(key).is_some_and(|payment| payment.order.provision);
    let status = match declined {
        Some(_) => PaymentStatus::FAILED,
        None if provision => PaymentStatus::AWAITING_CAPTURE,
        None => PaymentStatus::SUCCESSFUL,
    };
    end(desk, key, status, declined);
}

fn end(desk: &mut Desk<'_>, key: &str, status: PaymentStatus, bank: Option<BankAnswer>) {
    let now = desk.now;
    let Some(payment) = desk.book.payments.get_mut(key) else { return };
    if !payment.end(status, bank, now) {
        return;
    }
    let wish = payment.order.card_save.take();
    let card = payment.order.card.clone();
    if bank.is_none() {
        let saved = cards::save(desk, &card, wish.as_ref());
        if let Some(payment) = desk.book.payments.get_mut(key) {
            payment.saved_card = saved;
        }
    }
    desk.moved(key);
}

/// Leaves a payment at the bank, which will answer in some seconds.
fn wait(desk: &mut Desk<'_>, key: &str, paid: bool) {
    let (now, until) = (desk.now, desk.later(desk.settings.pending));
    if let Some(payment) = desk.book.payments.get_mut(key) {
        payment.start(now);
        payment.wait(until, paid);
        desk.register.enter(payment);
    }
}

/// Leaves a payment to the shopper, in this status. Paywall asks the bank about one that hangs there.
pub(crate) fn leave_to_shopper(desk: &mut Desk<'_>, key: &str, status: PaymentStatus) {
    let (now, until) = (desk.now, desk.later(desk.settings.watch_minute * MINUTES_OF_HANGING));
    if let Some(payment) = desk.book.payments.get_mut(key) {
        payment.leave(status, now, until);
        desk.register.enter(payment);
    }
}

/// Page: <https://developer.paywall.one/geri-bildirim-ornekleri/paywatch>
const MINUTES_OF_HANGING: u32 = 25;

impl Desk<'_> {
    /// What the bank had to think about, what somebody wished to have looked at again, and what hangs.
    pub(super) fn settle_payments(&mut self) {
        for key in self.register.take_due(self.now) {
            self.hear_the_bank(&key);
            self.look_again(&key);
            if self.book.payments.get(&key).is_some_and(|payment| payment.hangs(self.now)) {
                self.inquire(&key);
            }
        }
    }

    fn hear_the_bank(&mut self, key: &str) {
        let waits = self.book.payments.get(key).and_then(|payment| payment.waits.as_ref());
        if waits.is_some_and(|waits| waits.until <= self.now) {
            self.inquire(key);
        }
    }

    /// Asks the bank about a payment that is open: it says what it was going to say, or that it knows nothing of it.
    fn inquire(&mut self, key: &str) {
        let waits = self.book.payments.get(key).and_then(|payment| payment.waits.as_ref());
        if waits.is_some_and(|waits| waits.paid) {
            settle(self, key, None);
        } else {
            end(self, key, PaymentStatus::FAILED_ON_INQUIRY, Some(FAILED_ON_INQUIRY));
        }
    }

    /// PayWatch: a payment that stands in a watched status now.
    fn look_again(&mut self, key: &str) {
        let now = self.now;
        let Some(payment) = self.book.payments.get_mut(key) else { return };
        let (due, later) = std::mem::take(&mut payment.order.watches).into_iter().partition(|watch| watch.at <= now);
        payment.order.watches = later;
        let due: Vec<Watch> = due;
        for watch in due {
            self.watched(key, &watch);
        }
    }

    /// One wish. Of several that are due together, each sees what those before it have changed.
    fn watched(&mut self, key: &str, watch: &Watch) {
        let Some(before) = self.book.payments.get(key).map(|payment| payment.last().status) else { return };
        if !watch.statuses.iter().any(|watched| watched.code() == before.code()) {
            return;
        }
        if watch.action != PayWatchAction::REPORT {
            self.inquire(key);
        }
        if watch.action == PayWatchAction::CHANGE_STATUS_AND_CANCEL {
            // What has not succeeded needs no cancel.
            let _ = changes::undo(self, key);
        }
        self.looked_again(key, watch, before);
    }
}

/// What an inquiry at the bank says of a payment that it never finished.
const FAILED_ON_INQUIRY: BankAnswer = BankAnswer { code: "12", message: "declined: no such transaction at the bank" };

/// `startDirectPayment`.
pub(super) fn start_direct(desk: &mut Desk<'_>, request: StartDirectRequest) -> Verdict {
    let StartDirectRequest { payment_detail: detail, card, products, .. } = request;
    let method = match detail.half_2d {
        Some(true) => PaymentMethod::NON_SECURE_PROVISION,
        _ => PaymentMethod::NON_SECURE,
    };
    sound(detail.amount, &products, &detail.client_ip)?;
    let order = Order {
        merchant_code: detail.merchant_unique_code,
        tracking_code: detail.tracking_code,
        amount: detail.amount,
        currency: detail.currency_id,
        installment: detail.installment,
        method,
        provision: detail.half_2d == Some(true),
        channel: detail.channel_id,
        tag: detail.tag_id,
        card: cards::resolve(desk, &card)?,
        card_from: from(&card),
        card_save: card.card_save,
        products: ids(products),
        three_d: None,
        watches: Vec::new(),
    };
    at_once(desk, "startDirectPayment", order)
}

/// `startInsurancePayment`.
pub(super) fn start_insurance(desk: &mut Desk<'_>, request: StartInsuranceRequest) -> Verdict {
    let StartInsuranceRequest { payment_detail: detail, card, products, .. } = request;
    sound(detail.amount, &products, &detail.client_ip)?;
    let (shown, card_from) = insured(desk, &card)?;
    let order = Order {
        merchant_code: detail.merchant_unique_code,
        tracking_code: detail.tracking_code,
        amount: detail.amount,
        currency: detail.currency_id,
        installment: detail.installment,
        method: PaymentMethod::INSURANCE,
        provision: detail.half_2d == Some(true),
        channel: detail.channel_id,
        tag: detail.tag_id,
        card: shown,
        card_from,
        card_save: card.card_save,
        products: ids(products),
        three_d: None,
        watches: Vec::new(),
    };
    at_once(desk, "startInsurancePayment", order)
}

/// Takes a payment that the bank answers without the shopper.
fn at_once(desk: &mut Desk<'_>, operation: &str, order: Order) -> Verdict {
    let key = take(desk, order)?;
    let outcome = ask_the_bank(desk, &key);
    told(desk, operation, &key, outcome)
}

/// `start3dPayment`.
pub(super) fn start_3d(desk: &mut Desk<'_>, request: Start3dRequest) -> Verdict {
    let Start3dRequest { payment_detail: detail, card, products, .. } = request;
    sound(detail.amount, &products, &detail.client_ip)?;
    address(&detail.merchant_success_back_url, PaymentErrorCode::UNEXPECTED_SUCCESS_BACK_URL)?;
    address(&detail.merchant_fail_back_url, PaymentErrorCode::UNEXPECTED_FAIL_BACK_URL)?;
    let method = match detail.half_3d {
        Some(true) => PaymentMethod::THREE_D_PROVISION,
        _ => PaymentMethod::THREE_D,
    };
    let shown = cards::resolve(desk, &card)?;
    let watches = watches(desk, detail.pay_watch.as_ref(), several(&detail))?;
    let token = desk.guid();
    let order = Order {
        merchant_code: detail.merchant_unique_code,
        tracking_code: detail.tracking_code,
        amount: detail.amount,
        currency: detail.currency_id,
        installment: detail.installment,
        method,
        provision: detail.half_3d == Some(true),
        channel: detail.channel_id,
        tag: detail.tag_id,
        card: shown,
        card_from: from(&card),
        card_save: card.card_save,
        products: ids(products),
        three_d: Some(ThreeD::new(token, detail.merchant_success_back_url, detail.merchant_fail_back_url)),
        watches,
    };
    let key = take(desk, order)?;
    started(desk, &key)
}

/// What every request must have beyond the contract: products that add up, and an address of the shopper.
pub(super) fn sound(amount: Amount, products: &[Product], client_ip: &Personal) -> Result<(), No> {
    if client_ip.as_str().parse::<Ipv4Addr>().is_err() {
        return Err(refused(PaymentErrorCode::UNEXPECTED_CLIENT_IP, "ClientIP is no IPv4 address"));
    }
    if products.is_empty() {
        return Err(refused(PaymentErrorCode::PRODUCTS_EMPTY, "a payment has products"));
    }
    match Amount::sum(products.iter().map(|product| product.product_amount)) {
        Some(sum) if sum == amount => Ok(()),
        _ => Err(refused(PaymentErrorCode::PRODUCTS_DO_NOT_ADD_UP, "the products do not add up to the amount")),
    }
}

pub(super) fn address(text: &str, code: PaymentErrorCode) -> Result<(), No> {
    let address = text.parse::<Uri>().ok();
    let of_a_page = |address: &Uri| matches!(address.scheme_str(), Some("http" | "https")) && address.host().is_some();
    match address.filter(of_a_page) {
        Some(_) => Ok(()),
        None => Err(refused(code, "expected an address that begins with http: or https:")),
    }
}

fn ids(products: Vec<Product>) -> Vec<String> {
    products.into_iter().map(|product| product.product_id).collect()
}

fn from(card: &PaymentCard) -> CardFrom {
    of_tokens(card.unique_code.as_ref(), card.temp_card_token.as_ref()).unwrap_or(CardFrom::Request)
}

fn of_tokens(saved: Option<&Secret>, temporary: Option<&Secret>) -> Option<CardFrom> {
    let given = |token: Option<&Secret>| token.is_some_and(|token| !token.expose().is_empty());
    let saved = given(saved).then_some(CardFrom::Saved);
    saved.or_else(|| given(temporary).then_some(CardFrom::Temporary))
}

fn insured(desk: &Desk<'_>, card: &InsuranceCard) -> Result<(CardShown, CardFrom), No> {
    if let Some(card_from) = of_tokens(card.unique_code.as_ref(), card.temp_card_token.as_ref()) {
        let mut named = PaymentCard::new();
        named.unique_code.clone_from(&card.unique_code);
        named.temp_card_token.clone_from(&card.temp_card_token);
        return Ok((cards::resolve(desk, &named)?, card_from));
    }
    let text = |digits: &Option<paywall_api::CardNumber>| {
        digits.as_ref().map(|digits| digits.expose().to_owned()).unwrap_or_default()
    };
    let owner = card.owner_name.as_ref().map_or("", Personal::as_str);
    Ok((cards::by_ends(&text(&card.card_no_first), &text(&card.card_no_last), owner)?, CardFrom::Ends))
}

/// The rules of PayWatchMultiple, where they are said to count.
fn several(detail: &PaymentDetail) -> Option<&PayWatchMultiple> {
    detail.pay_watch_multiple.as_ref().filter(|_| detail.pay_watch_multiple_support == Some(true))
}

/// The wishes of a request, if each of them can be kept.
pub(super) fn watches(
    desk: &Desk<'_>,
    single: Option<&PayWatch>,
    several: Option<&PayWatchMultiple>,
) -> Result<Vec<Watch>, No> {
    let single = single.into_iter().filter(|watch| watch.watch == Some(true)).filter_map(of_watch);
    let several = several.filter(|several| several.watch == Some(true)).and_then(|several| several.jobs.as_ref());
    single.chain(several.into_iter().flatten().cloned()).map(|job| watch(desk, job)).collect()
}

fn watch(desk: &Desk<'_>, job: PayWatchJob) -> Result<Watch, No> {
    if job.payment_status.iter().any(|status| status.id.entry().is_none()) {
        return Err(refused(PaymentErrorCode::PAY_WATCH_STATUS_ID_INVALID, "PayWatch does not look at this status"));
    }
    if job.action_id.entry().is_none() {
        return Err(refused(PaymentErrorCode::PAY_WATCH_ACTION_INVALID, "PayWatch has no such action"));
    }
    if job.action_id == PayWatchAction::CHANGE_STATUS_AND_NOTIFY {
        let webhook = job.webhook_address.as_deref().unwrap_or_default();
        address(webhook, PaymentErrorCode::PAY_WATCH_WEBHOOK_INVALID)?;
    }
    Ok(Watch {
        at: desk.later(desk.settings.watch_minute * u32::try_from(job.watch_min).unwrap_or_default()),
        statuses: job.payment_status.iter().map(|status| status.id).collect(),
        action: job.action_id,
        address: job.webhook_address,
    })
}

fn of_watch(watch: &PayWatch) -> Option<PayWatchJob> {
    let mut job = PayWatchJob::new(watch.payment_status.clone()?, watch.action_id?, watch.watch_min?);
    job.webhook_address.clone_from(&watch.webhook_address);
    Some(job)
}

/// The answer to a payment that ends at once.
fn told(desk: &Desk<'_>, operation: &str, key: &str, outcome: Outcome) -> Verdict {
    let Some(payment) = desk.book.payments.get(key) else { return Err(lost()) };
    let body = desk
        .template(operation, "page")
        .set("/Payment/PaymentId", payment.id)
        .set("/Payment/ActivityId", payment.last().id)
        .set("/Payment/UniqueCode", payment.unique_code.as_str())
        .set("/Payment/MerchantUniqueKey", payment.order.merchant_code.as_str())
        .set("/Payment/Card/Saved", payment.saved_card.is_some())
        .set("/Payment/Card/UniqueCode", payment.saved_card.clone().unwrap_or_default());
    match outcome.answer() {
        None => Ok(body.done()),
        Some(answer) => {
            let why = format!("the bank answers {}: {}", answer.code, answer.message);
            Err(No::new(PaymentErrorCode::FAILURE.code(), why).with_body(with_error(body, answer)))
        }
    }
}

/// The bank's words in Base64, in which the vendor's own client expects them.
pub(crate) fn with_error(body: Filled, answer: BankAnswer) -> Node {
    let (code, message) = (STANDARD.encode(answer.code), STANDARD.encode(answer.message));
    body.set("/Error/ProviderErrorCode", code.as_str())
        .set("/Error/ProviderErrorMessage", message.as_str())
        .set("/Error/BankErrorCode", code)
        .set("/Error/BankErrorMessage", message)
        .done()
}

fn started(desk: &Desk<'_>, key: &str) -> Verdict {
    let payment = desk.book.payments.get(key);
    let Some((payment, three_d)) = payment.and_then(|payment| Some((payment, payment.order.three_d.as_ref()?))) else {
        return Err(lost());
    };
    Ok(desk
        .template("start3dPayment", "page")
        .set("/RedirectUrl", format!("{}/3d/{}", desk.here, three_d.token))
        .set("/Payment/PaymentId", payment.id)
        .set("/Payment/ActivityId", payment.sale.id)
        .set("/Payment/UniqueCode", payment.unique_code.as_str())
        .set("/Payment/MerchantUniqueKey", payment.order.merchant_code.as_str())
        .done())
}

/// A record that was there a moment ago.
pub(super) fn lost() -> No {
    refused(PaymentErrorCode::UNEXPECTED_ERROR, "the sandbox has lost the payment")
}
