//! What does Paywall send by itself? A few facts for each message; reading and verifying are written once, elsewhere.

use serde::de::DeserializeOwned;

use crate::HashFormat;

/// A message that Paywall sends by itself: through the shopper's browser, or to a webhook of the merchant.
///
/// The generated messages implement it. For one that the contract lacks, implement it yourself, as in the example of
/// [`Claim`](crate::Claim).
pub trait Notification: DeserializeOwned + Send + 'static {
    /// Its name in the contract.
    const ID: &'static str;
    /// How it is written.
    const ENCODING: Encoding;
    /// What it speaks of.
    const SUBJECT: Subject;
    /// Where it claims what.
    const CLAIM: ClaimPlaces = ClaimPlaces::NONE;
    /// How it is hashed, if it ever is.
    const HASH: Option<HashPlaces> = None;
    /// The formats that its hash may name.
    const FORMATS: &'static [HashFormat] = &[];
}

/// A message that claims something of a payment which an inquiry by the merchant's code can confirm.
pub trait ClaimsPayment: Notification {}

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// As `application/x-www-form-urlencoded`, posted by the shopper's browser.
    Form,
    /// As JSON, posted by Paywall's server.
    Json,
}

/// What a message speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A payment.
    Payment,
    /// A payment by a method other than a card.
    Apm,
    /// Money that is paid out.
    Payout,
    /// A recurring payment.
    Subscription,
    /// Many payments in one order.
    BulkPayment,
    /// One payment in several parts.
    SplitPayment,
}

/// Where a message claims what. The places are JSON pointers; of a form `/name`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClaimPlaces {
    /// The merchant's own code.
    pub merchant_code: Option<&'static str>,
    /// Paywall's code of the payment.
    pub payment_code: Option<&'static str>,
    /// Paywall's number of the payment.
    pub payment_id: Option<&'static str>,
    /// The amount.
    pub amount: Option<&'static str>,
    /// The currency.
    pub currency: Option<&'static str>,
    /// The number of instalments.
    pub installment: Option<&'static str>,
    /// What became of it.
    pub status: Option<&'static str>,
}

impl ClaimPlaces {
    /// No place at all.
    pub const NONE: Self = Self {
        merchant_code: None,
        payment_code: None,
        payment_id: None,
        amount: None,
        currency: None,
        installment: None,
        status: None,
    };

    pub(super) fn all(self) -> impl Iterator<Item = &'static str> {
        let codes = [self.merchant_code, self.payment_code, self.payment_id];
        let others = [self.amount, self.currency, self.installment, self.status];
        codes.into_iter().chain(others).flatten()
    }
}

/// How a message is hashed, and where it says so. The places are JSON pointers; of a form `/name`.
#[derive(Clone, Copy, Debug)]
pub struct HashPlaces {
    /// The hash.
    pub hash: &'static str,
    /// The name of its format.
    pub format: Option<&'static str>,
    /// The type of its key.
    pub key_type: Option<&'static str>,
    /// The format, where the message names none.
    pub usual_format: &'static str,
    /// The type of the key, where the message names none.
    pub usual_key_type: i64,
    /// The parts of formats that this message has, and where.
    pub parts: &'static [(&'static str, &'static str)],
}

impl HashPlaces {
    pub(super) fn all(self) -> impl Iterator<Item = &'static str> {
        let parts = self.parts.iter().map(|(_, place)| *place);
        parts.chain([self.hash]).chain(self.format).chain(self.key_type)
    }

    /// Where this message has `part` of a format.
    pub(super) fn part(&self, part: &str) -> Option<&'static str> {
        self.parts.iter().find(|(name, _)| *name == part).map(|(_, place)| *place)
    }
}
