//! What does the merchant's own order say a payment must be?

use crate::codes::Currency;
use crate::{Amount, Standing};

/// What a payment must be to be confirmed: taken from the merchant's own order, never from what came through the
/// shopper's browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub(crate) merchant_code: String,
    pub(crate) amount: Amount,
    pub(crate) currency: Currency,
    pub(crate) standing: Standing,
    pub(crate) installment: Option<i64>,
}

impl Expected {
    /// A payment of `amount`, asked for under `merchant_code`: the sale succeeded.
    pub fn payment(merchant_code: impl Into<String>, amount: Amount, currency: Currency) -> Self {
        Self { merchant_code: merchant_code.into(), amount, currency, standing: Standing::Paid, installment: None }
    }

    /// A pre-authorisation of `amount`, asked for under `merchant_code`: it waits to be captured. One that was captured
    /// meanwhile is not what was expected.
    pub fn authorization(merchant_code: impl Into<String>, amount: Amount, currency: Currency) -> Self {
        Self { standing: Standing::Authorized, ..Self::payment(merchant_code, amount, currency) }
    }

    /// The number of instalments that the order states. Defaults to none, and is not compared then.
    #[must_use]
    pub fn installment(mut self, installment: i64) -> Self {
        self.installment = Some(installment);
        self
    }

    /// The merchant's own code of the payment.
    #[must_use]
    pub fn merchant_code(&self) -> &str {
        &self.merchant_code
    }

    /// The amount that was asked for.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// How the payment must stand: `Paid` or `Authorized`.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }
}
