//! The page of 3-D Secure: what it shows, and what the shopper does there. The payment's state decides, so that a page
//! that is sent twice changes nothing the second time.

use paywall_api::Amount;
use paywall_api::codes::{Currency, PaymentStatus};

use super::outcomes::{BankAnswer, PASSWORD};
use super::payment::{Payment, ThreeD};
use super::{Desk, payments};

/// What the page of a payment shows.
#[derive(Clone, Debug)]
pub(crate) struct Page3d {
    pub(crate) merchant_code: String,
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    /// `552879******0008`.
    pub(crate) card: String,
    pub(crate) success_address: String,
    pub(crate) fail_address: String,
    pub(crate) stage: Stage3d,
}

/// How far the shopper has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage3d {
    /// The page asks for the one-time password.
    Asks { tries_left: u8 },
    /// It is paid, or authorised.
    Paid,
    /// The bank, or the shopper, has said no: code and message.
    Declined { code: String, message: String },
    /// The bank has not answered yet.
    Pending,
}

impl Desk<'_> {
    /// The page is opened: a payment that waited for that is now at the bank.
    pub(crate) fn open_3d(&mut self, token: &str) -> Option<Page3d> {
        let key = self.register.by_token(token)?.to_owned();
        let unopened = [PaymentStatus::CREATED, PaymentStatus::PENDING];
        if unopened.contains(&self.book.payments.get(&key)?.sale.status) {
            payments::leave_to_shopper(self, &key, PaymentStatus::STARTED);
        }
        self.shown_3d(&key)
    }

    /// The shopper sends the one-time password.
    pub(crate) fn answer_3d(&mut self, token: &str, code: &str) -> Option<Page3d> {
        let page = self.open_3d(token)?;
        let Stage3d::Asks { tries_left } = page.stage else { return Some(page) };
        let key = page.merchant_code;
        if code.trim() == PASSWORD {
            payments::ask_the_bank(self, &key);
        } else if tries_left <= 1 {
            self.count_down(&key)?;
            payments::settle(self, &key, Some(WRONG_PASSWORDS));
        } else {
            self.count_down(&key)?;
        }
        self.shown_3d(&key)
    }

    /// The shopper gives up.
    pub(crate) fn abandon_3d(&mut self, token: &str) -> Option<Page3d> {
        let page = self.open_3d(token)?;
        if matches!(page.stage, Stage3d::Asks { .. }) {
            payments::settle(self, &page.merchant_code, Some(GIVEN_UP));
        }
        self.shown_3d(&page.merchant_code)
    }

    fn count_down(&mut self, key: &str) -> Option<()> {
        let three_d = self.book.payments.get_mut(key)?.order.three_d.as_mut()?;
        three_d.tries_left = three_d.tries_left.saturating_sub(1);
        Some(())
    }

    fn shown_3d(&self, key: &str) -> Option<Page3d> {
        let payment = self.book.payments.get(key)?;
        let three_d = payment.order.three_d.as_ref()?;
        Some(Page3d {
            merchant_code: payment.order.merchant_code.clone(),
            amount: payment.order.amount,
            currency: payment.order.currency,
            card: payment.order.card.masked(),
            success_address: three_d.success_address.clone(),
            fail_address: three_d.fail_address.clone(),
            stage: stage(payment, three_d),
        })
    }
}

fn stage(payment: &Payment, three_d: &ThreeD) -> Stage3d {
    match payment.sale.status {
        _ if payment.waits.is_some() => Stage3d::Pending,
        PaymentStatus::SUCCESSFUL | PaymentStatus::AWAITING_CAPTURE => Stage3d::Paid,
        PaymentStatus::CREATED | PaymentStatus::STARTED | PaymentStatus::PENDING => {
            Stage3d::Asks { tries_left: three_d.tries_left }
        }
        _ => {
            let (code, message) = payment.sale.bank.clone().unwrap_or_default();
            Stage3d::Declined { code, message }
        }
    }
}

pub(super) const WRONG_PASSWORDS: BankAnswer =
    BankAnswer { code: "63", message: "declined: the one-time password was wrong too often" };
const GIVEN_UP: BankAnswer = BankAnswer { code: "57", message: "declined: the shopper has given up" };
