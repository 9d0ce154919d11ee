//! What is left of a payment whose outcome nobody knows? Its merchant code, and one thing to do.

use std::fmt;

use crate::Operation;

/// A call that may have taken effect: nobody has said yes, nobody has said no.
///
/// Of a payment there is one safe step: look it up by the merchant's code, and do nothing else with the order before
/// that. Sending it again may charge twice. The inquiry is not part of this version of the crate; use the code in
/// the merchant panel or with an [`Operation`] of your own.
///
/// It can be rebuilt from what a merchant stores before paying, after a crash for instance.
#[derive(Clone, PartialEq, Eq)]
pub struct Unknown {
    operation: &'static str,
    moves_money: bool,
    merchant_code: Option<String>,
}

impl Unknown {
    /// The unknown outcome of `O`, known by the merchant's code alone.
    pub fn rebuild<O: Operation>(merchant_code: impl Into<String>) -> Self {
        Self::of::<O>(Some(merchant_code.into()))
    }

    pub(crate) fn of<O: Operation>(merchant_code: Option<String>) -> Self {
        Self { operation: O::ID, moves_money: O::MOVES_MONEY, merchant_code }
    }

    pub(crate) fn new(operation: &'static str, moves_money: bool, merchant_code: Option<String>) -> Self {
        Self { operation, moves_money, merchant_code }
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
