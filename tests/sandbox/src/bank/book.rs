//! What is remembered: one shelf a kind of record.

use super::Desk;
use super::cards::{SavedCard, TempCard};
use super::masterpass::Account;
use super::passwords::Password;
use super::payment::Payment;
use super::sessions::Session;
use super::shelf::Shelf;
use super::tokens::TempToken;
use super::wallet::WalletPayment;

/// Everything that the sandbox remembers.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Payments by the merchant's code.
    pub(crate) payments: Shelf<Payment>,
    /// Masterpass sessions by id.
    pub(crate) sessions: Shelf<Session>,
    /// Masterpass accounts by telephone number, once something has happened to them.
    pub(crate) accounts: Shelf<Account>,
    /// Masterpass payments by their id there.
    pub(crate) wallet_payments: Shelf<WalletPayment>,
    /// One-time passwords by token.
    pub(crate) passwords: Shelf<Password>,
    /// Temporary tokens by what is shown of them.
    pub(crate) temp_tokens: Shelf<TempToken>,
    /// Temporary cards by token.
    pub(crate) temp_cards: Shelf<TempCard>,
    /// Saved cards by UniqueCode.
    pub(crate) saved_cards: Shelf<SavedCard>,
}

impl Desk<'_> {
    /// Keeps a payment, or what is new of it.
    pub(super) fn put_payment(&mut self, payment: Payment) {
        self.register.enter(&payment);
        self.book.payments.put(payment.order.merchant_code.clone(), payment);
    }

    /// Lets happen what is due by now.
    pub(super) fn settle(&mut self) {
        self.settle_payments();
    }
}
