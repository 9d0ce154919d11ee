//! What is known of one payment, and which steps may follow each other? No step is skipped, nothing is captured that
//! was not authorised, and nothing is paid back that was not captured.

use paywall_api::Amount;
use paywall_api::codes::{
    Channel, Currency, PayWatchAction, PaymentErrorCode, PaymentMethod, PaymentStatus, PaymentType,
    WatchedPaymentStatus,
};
use paywall_api::payments::CardSave;
use serde::{Deserialize, Serialize};

use super::cards::CardShown;
use super::outcomes::{BankAnswer, TRIES};
use super::{Moment, No};

/// A payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) id: i64,
    pub(crate) unique_code: String,
    pub(crate) order: Order,
    /// The code of the card, once it is saved.
    pub(crate) saved_card: Option<String>,
    /// The sale itself.
    pub(crate) sale: Movement,
    /// What followed it, oldest first.
    pub(crate) later: Vec<Movement>,
    /// When the bank will have answered, and whether by yes.
    pub(super) waits: Option<Waiting>,
    /// When a shopper who has said nothing is not waited for any longer.
    pub(super) hangs_until: Option<Moment>,
}

/// What a merchant orders. Of the card it has what a receipt shows, of the shopper nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) merchant_code: String,
    pub(crate) tracking_code: Option<String>,
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    pub(crate) installment: i32,
    pub(crate) method: PaymentMethod,
    /// Is the money only authorised, for a capture to come?
    pub(crate) provision: bool,
    pub(crate) channel: Option<Channel>,
    pub(crate) tag: Option<i32>,
    pub(crate) card: CardShown,
    pub(crate) card_from: CardFrom,
    /// How the card is to be saved once the payment has succeeded.
    pub(crate) card_save: Option<CardSave>,
    pub(crate) products: Vec<String>,
    pub(crate) three_d: Option<ThreeD>,
    /// Those that are still to come.
    pub(crate) watches: Vec<Watch>,
}

/// Where a card was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CardFrom {
    /// The request has its number.
    Request,
    /// The request has its two ends.
    Ends,
    /// It is saved at Paywall.
    Saved,
    /// The shopper's browser left it at Paywall.
    Temporary,
    /// Masterpass keeps it.
    Wallet,
}

/// One movement of a payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Movement {
    pub(crate) id: i64,
    pub(crate) kind: PaymentType,
    pub(crate) status: PaymentStatus,
    pub(crate) amount: Amount,
    pub(crate) at: Moment,
    /// What the bank answered, where that was not yes: its code and message.
    pub(crate) bank: Option<(String, String)>,
}

/// The page of 3-D Secure, and where the shopper goes from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ThreeD {
    pub(crate) token: String,
    pub(crate) success_address: String,
    pub(crate) fail_address: String,
    pub(crate) tries_left: u8,
}

/// A wish that the payment is looked at again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Watch {
    pub(crate) at: Moment,
    pub(crate) statuses: Vec<WatchedPaymentStatus>,
    pub(crate) action: PayWatchAction,
    pub(crate) address: Option<String>,
}

/// A bank that takes its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) until: Moment,
    pub(super) paid: bool,
}

impl ThreeD {
    pub(crate) fn new(token: String, success_address: String, fail_address: String) -> Self {
        Self { token, success_address, fail_address, tries_left: TRIES }
    }
}

impl Movement {
    pub(crate) fn has_succeeded(&self) -> bool {
        self.status == PaymentStatus::SUCCESSFUL || self.status == PaymentStatus::CANCELLED
    }

    fn is(&self, kind: PaymentType) -> bool {
        self.kind == kind && self.has_succeeded()
    }
}

impl Payment {
    /// A payment in status 1, with numbers of its own.
    pub(super) fn new(order: Order, unique_code: String, [id, sale]: [i64; 2], at: Moment) -> Self {
        let (kind, status, amount) = (PaymentType::SALE, PaymentStatus::CREATED, order.amount);
        let sale = Movement { id: sale, kind, status, amount, at, bank: None };
        Self { id, unique_code, order, saved_card: None, sale, later: Vec::new(), waits: None, hangs_until: None }
    }

    /// The last movement, which gives the payment its status.
    pub(crate) fn last(&self) -> &Movement {
        self.later.last().unwrap_or(&self.sale)
    }

    pub(crate) fn movements(&self) -> impl Iterator<Item = &Movement> {
        std::iter::once(&self.sale).chain(&self.later)
    }

    /// Its day in Türkiye: `2024-06-13`.
    pub(crate) fn day(&self) -> String {
        self.sale.at.day()
    }

    /// Has a movement of this kind succeeded?
    pub(crate) fn any(&self, kind: PaymentType) -> bool {
        self.movements().any(|movement| movement.is(kind))
    }

    /// What was taken, in minor units.
    fn captured(&self) -> i64 {
        self.sum(&[PaymentType::SALE])
    }

    /// What was given back, in minor units.
    fn returned(&self) -> i64 {
        let returned = [PaymentType::REFUND, PaymentType::PARTIAL_REFUND, PaymentType::CANCEL];
        if self.captured() == 0 { 0 } else { self.sum(&returned) }
    }

    fn sum(&self, kinds: &[PaymentType]) -> i64 {
        let wanted = self.movements().filter(|movement| kinds.iter().any(|kind| movement.is(*kind)));
        wanted.map(|movement| minor(movement.amount)).fold(0, i64::saturating_add)
    }

    /// What can still be given back.
    pub(crate) fn remaining(&self) -> Amount {
        Amount::from_minor(self.captured() - self.returned())
    }

    /// Was it given back as a whole, or cancelled?
    pub(crate) fn is_undone(&self) -> bool {
        self.any(PaymentType::CANCEL) || (self.captured() > 0 && self.captured() == self.returned())
    }

    /// Is it not yet known how the sale ends?
    pub(crate) fn is_open(&self) -> bool {
        [PaymentStatus::CREATED, PaymentStatus::STARTED, PaymentStatus::PENDING].contains(&self.sale.status)
    }

    /// The bank was asked.
    pub(super) fn start(&mut self, now: Moment) {
        if self.sale.status == PaymentStatus::CREATED || self.sale.status == PaymentStatus::PENDING {
            self.sale.status = PaymentStatus::STARTED;
            self.sale.at = now;
        }
    }

    /// The shopper has the next word, in this status.
    pub(super) fn leave(&mut self, status: PaymentStatus, now: Moment, until: Moment) {
        if self.is_open() {
            self.sale.status = status;
            self.sale.at = now;
            self.hangs_until = Some(until);
        }
    }

    /// Has the shopper said nothing for too long?
    pub(super) fn hangs(&self, now: Moment) -> bool {
        self.is_open() && self.waits.is_none() && self.hangs_until.is_some_and(|until| until <= now)
    }

    /// The sale has ended. One that has done so before stays as it is.
    pub(super) fn end(&mut self, status: PaymentStatus, bank: Option<BankAnswer>, now: Moment) -> bool {
        if !self.is_open() {
            return false;
        }
        self.waits = None;
        self.sale.status = status;
        self.sale.at = now;
        self.sale.bank = bank.map(|answer| (answer.code.to_owned(), answer.message.to_owned()));
        true
    }

    /// Takes what was authorised, or a part of it.
    pub(super) fn capture(&mut self, amount: Option<Amount>, id: i64, now: Moment) -> Result<(), No> {
        self.is_authorised()?;
        let amount = amount.filter(|amount| !amount.is_zero()).unwrap_or(self.order.amount);
        if exact(amount)? > minor(self.order.amount) {
            return Err(refused(PaymentErrorCode::OPERATION_AMOUNT_TOO_LARGE, "more than was authorised"));
        }
        self.add(PaymentType::SALE, PaymentStatus::SUCCESSFUL, amount, id, now);
        Ok(())
    }

    /// Gives free what was authorised.
    pub(super) fn void(&mut self, id: i64, now: Moment) -> Result<(), No> {
        self.is_authorised()?;
        self.add(PaymentType::CANCEL, PaymentStatus::CANCELLED, self.order.amount, id, now);
        Ok(())
    }

    /// Gives a part back.
    pub(super) fn refund_part(&mut self, amount: Amount, id: i64, now: Moment) -> Result<(), No> {
        self.is_paid()?;
        if exact(amount)? > minor(self.remaining()) {
            return Err(refused(PaymentErrorCode::OPERATION_AMOUNT_TOO_LARGE, "more than can still be refunded"));
        }
        self.add(PaymentType::PARTIAL_REFUND, PaymentStatus::SUCCESSFUL, amount, id, now);
        Ok(())
    }

    /// Gives all back; after partial refunds what is left, where that is said to be wanted.
    pub(super) fn refund(&mut self, complete: bool, id: i64, now: Moment) -> Result<(), No> {
        self.is_paid()?;
        match (self.any(PaymentType::PARTIAL_REFUND), complete) {
            (true, true) => return self.refund_part(self.remaining(), id, now),
            (true, false) => {
                let why = "a part was refunded before: ask for the rest by CompletePartialRefund";
                return Err(refused(PaymentErrorCode::OPERATION_AMOUNT_TOO_LARGE, why));
            }
            (false, _) => self.add(PaymentType::REFUND, PaymentStatus::SUCCESSFUL, self.remaining(), id, now),
        }
        Ok(())
    }

    /// Takes the whole payment back on its own day.
    pub(super) fn cancel(&mut self, id: i64, now: Moment) -> Result<(), No> {
        self.is_paid()?;
        if self.day() != now.day() {
            return Err(refused(PaymentErrorCode::GENERAL_ERROR, "a payment is cancelled on its own day: refund it"));
        }
        if self.any(PaymentType::PARTIAL_REFUND) {
            return Err(refused(PaymentErrorCode::PAYMENT_ALREADY_CONCLUDED, "a part was refunded before"));
        }
        self.add(PaymentType::CANCEL, PaymentStatus::SUCCESSFUL, self.remaining(), id, now);
        Ok(())
    }

    fn add(&mut self, kind: PaymentType, status: PaymentStatus, amount: Amount, id: i64, at: Moment) {
        self.later.push(Movement { id, kind, status, amount, at, bank: None });
    }

    /// An authorisation that neither was captured nor cancelled.
    fn is_authorised(&self) -> Result<(), No> {
        if self.last().status == PaymentStatus::AWAITING_CAPTURE {
            return Ok(());
        }
        if self.is_open() || !self.order.provision {
            return Err(refused(PaymentErrorCode::GENERAL_ERROR, "the payment is not a pre-authorisation that stands"));
        }
        Err(refused(PaymentErrorCode::PAYMENT_ALREADY_CONCLUDED, "captured, cancelled or declined before"))
    }

    /// Money was taken, and some of it is still there.
    fn is_paid(&self) -> Result<(), No> {
        match (self.captured() > 0, self.is_undone()) {
            (true, false) => Ok(()),
            (_, true) => Err(refused(PaymentErrorCode::PAYMENT_ALREADY_CONCLUDED, "given back as a whole before")),
            (false, false) => Err(refused(PaymentErrorCode::GENERAL_ERROR, "nothing was taken that could go back")),
        }
    }

    /// Waits for the bank.
    pub(super) fn wait(&mut self, until: Moment, paid: bool) {
        self.waits = Some(Waiting { until, paid });
    }
}

/// An amount above 0 in minor units, if it has no smaller part.
pub(super) fn exact(amount: Amount) -> Result<i64, No> {
    let minor = amount.to_minor();
    let minor = minor.ok_or_else(|| refused(PaymentErrorCode::UNEXPECTED_PARAMETERS, "an amount has two decimals"))?;
    if minor <= 0 {
        return Err(refused(PaymentErrorCode::AMOUNT_NOT_POSITIVE, "the amount must be greater than 0"));
    }
    Ok(minor)
}

/// An amount that is known to be exact.
fn minor(amount: Amount) -> i64 {
    amount.to_minor().unwrap_or(0)
}

/// A refusal in the numbering of payments.
pub(super) fn refused(code: PaymentErrorCode, why: &str) -> No {
    No::new(code.code(), why)
}
