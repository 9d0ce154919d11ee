//! What is left of a payment whose outcome nobody knows? Its merchant code, and one thing to do.

use std::fmt;

use crate::{Effect, Operation};

/// A call that may have taken effect: nobody has said yes, nobody has said no.
///
/// Of a payment there is one way on: to inquire by the merchant's code, and to do nothing else with the order before
/// that. Sending it again may charge twice.
///
/// | what may have happened | the way on |
/// |---|---|
/// | a payment, card or Masterpass | [`payments().resolve(&unknown)`](crate::payments::Payments::resolve) |
/// | a capture, void, refund, cancel or revert | [`payments().resolve_change(&unknown)`](crate::payments::Payments::resolve_change) |
/// | anything else | no inquiry is documented: find out in the merchant panel |
///
/// It can be rebuilt from what a merchant stores before paying, after a crash for instance: the operation and the
/// merchant's code are all that it takes.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown {
    operation: &'static str,
    moves_money: bool,
    effect: Option<Effect>,
    merchant_code: Option<String>,
}

impl Unknown {
    /// The unknown outcome of `O`, known by the merchant's code alone.
    pub fn rebuild<O: Operation>(merchant_code: impl Into<String>) -> Self {
        Self::of::<O>(Some(merchant_code.into()))
    }

    pub(crate) fn of<O: Operation>(merchant_code: Option<String>) -> Self {
        Self::new(O::ID, O::MOVES_MONEY, O::EFFECT, merchant_code)
    }

    pub(crate) fn new(
        operation: &'static str,
        moves_money: bool,
        effect: Option<Effect>,
        merchant_code: Option<String>,
    ) -> Self {
        Self { operation, moves_money, effect, merchant_code }
    }

    /// The same with the merchant's code, where the call could not know it: some requests do not hold it
    /// ([`Call::merchant_code`](crate::Call::merchant_code)).
    #[must_use]
    pub fn with_merchant_code(mut self, merchant_code: impl Into<String>) -> Self {
        self.merchant_code = Some(merchant_code.into());
        self
    }

    /// The operation's id in the contract.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// May money have moved?
    #[must_use]
    pub fn moves_money(&self) -> bool {
        self.moves_money
    }

    /// What it may have done to a payment. None where it is about no payment, or where an operation of the caller's
    /// own does not say.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        self.effect
    }

    /// The merchant's own code of the payment, by which it is found.
    #[must_use]
    pub fn merchant_code(&self) -> Option<&str> {
        self.merchant_code.as_deref()
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the outcome of {} is unknown", self.operation)?;
        match (&self.merchant_code, self.moves_money) {
            (Some(code), _) => {
                write!(f, ": look it up by the merchant code {code:?} before anything else, never send it again")
            }
            (None, true) => f.write_str(": look the payment up before anything else, never send it again"),
            (None, false) => f.write_str(": find out whether it took effect before sending it again"),
        }
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unknown({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masterpass::CommitMasterpassPayment;
    use crate::payments::{RefundPayment, Start3dPayment};

    #[test]
    fn it_is_rebuilt_from_the_operation_and_the_merchants_code() {
        let unknown = Unknown::rebuild::<RefundPayment>("order-1");
        assert_eq!((unknown.operation(), unknown.merchant_code()), ("refundPayment", Some("order-1")));
        assert_eq!((unknown.moves_money(), unknown.effect()), (true, Some(Effect::Refund)));
        assert_eq!(Unknown::rebuild::<Start3dPayment>("order-1").effect(), Some(Effect::Payment));
    }

    #[test]
    fn a_code_can_be_given_later() {
        let unknown = Unknown::of::<CommitMasterpassPayment>(None);
        assert_eq!(unknown.merchant_code(), None);
        assert_eq!(unknown.with_merchant_code("order-1").merchant_code(), Some("order-1"));
    }
}
