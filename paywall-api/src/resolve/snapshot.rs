//! What did the merchant know of a payment before it was changed? A few facts, small enough to be stored.

use serde::{Deserialize, Deserializer, Serialize};

use crate::codes::{PaymentStatus, PaymentType};
use crate::inquiries::PaymentInquiry;
use crate::standing::Facts;
use crate::{Amount, Standing, quietly};

/// What is known of a payment before a capture, void, refund, cancel or revert of it.
///
/// Take it from an inquiry and store it before the change is sent. Should the outcome of the change be unknown,
/// [`ResolveChange::known_before`](crate::ResolveChange::known_before) compares it with what Paywall says then. It holds
/// codes, amounts and flags, nothing personal. Its serialised form is the crate's own; every format keeps its amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Snapshot {
    facts: Facts,
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(Facts::deserialize(deserializer)).map(|facts| Self { facts })
    }
}

impl Snapshot {
    /// What `inquiry` says.
    #[must_use]
    pub fn of(inquiry: &PaymentInquiry) -> Self {
        Self { facts: Facts::from(inquiry) }
    }

    pub(super) fn into_facts(self) -> Facts {
        self.facts
    }

    /// The merchant's own code of the payment.
    #[must_use]
    pub fn merchant_code(&self) -> Option<&str> {
        self.facts.merchant_code.as_deref()
    }

    /// How the payment stood.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.facts.standing()
    }

    /// The status of the last movement.
    #[must_use]
    pub fn status(&self) -> Option<PaymentStatus> {
        self.facts.status
    }

    /// The type of the last movement.
    #[must_use]
    pub fn movement_type(&self) -> Option<PaymentType> {
        self.facts.kind
    }

    /// Paywall's number of the last movement.
    #[must_use]
    pub fn activity_id(&self) -> Option<i64> {
        self.facts.activity
    }

    /// The amount of the payment.
    #[must_use]
    pub fn payment_amount(&self) -> Option<Amount> {
        self.facts.amount
    }

    /// How much could still be refunded.
    #[must_use]
    pub fn remaining_refund_amount(&self) -> Option<Amount> {
        self.facts.remaining
    }
}
