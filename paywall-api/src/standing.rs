//! How does a payment stand? Status, type and flags of an inquiry, read together, since each alone misleads.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Amount;
use crate::codes::{Currency, PaymentStatus, PaymentType};
use crate::inquiries::PaymentInquiry;
use crate::movements::{self, Movement};

/// How a payment stands, by everything that an inquiry says about it.
///
/// A field that decides and cannot be read, and a `PaymentId` below 1, make it `Contradictory` as well.
///
/// `StatusId`, `TypeId` and `Status` belong to the *last movement*: status 4 with type 2 is a refund that succeeded,
/// not a sale. The `AnySuccess…` flags tell of all movements. A standing is given only where they agree: one fact
/// against it and it is [`Contradictory`](Standing::Contradictory), one fact missing and it is
/// [`Pending`](Standing::Pending).
///
/// | standing | last movement | what else must be said |
/// |---|---|---|
/// | `Paid` | sale, status 4, `Status` true | a success of a payment and of nothing else; not fully refunded; an amount; what remains to refund, if told, is all of it |
/// | `Authorized` | sale, status 3 | `IsProvision`; no success of anything yet |
/// | `Refused` | sale, status 5 or 7 | no success of a payment |
/// | `Refunded` | refund, or the partial refund of the rest, status 4 | a success of the payment and of that refund, none of a cancel; nothing remains to refund, if told |
/// | `PartiallyRefunded` | partial refund, status 4 | a success of the payment and of that refund, none of a full refund or cancel; something remains to refund, if told |
/// | `Cancelled` | cancel, status 4; or status 12 | a success of the cancel; of status 12 no success of a payment is enough |
/// | `Pending` | any other status or type, unknown ones and 13 (marked as fraud) too | |
///
/// A refund or cancel that failed (status 5 or 7) has changed nothing, so then the flags alone tell of a refund or
/// cancel before it. They never tell of a payment: that is `Contradictory`, and somebody should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The sale succeeded, and nothing was cancelled or refunded since.
    Paid,
    /// The amount is authorised and waits to be captured.
    Authorized,
    /// The sale failed: nothing was charged. Where PayWatch is used, it may still turn a failed sale into another.
    Refused,
    /// A part was paid back.
    PartiallyRefunded,
    /// All was paid back.
    Refunded,
    /// The payment, or its authorisation, was cancelled.
    Cancelled,
    /// Nothing is decided, or not enough is said.
    Pending,
    /// The facts disagree. Nothing may be built on them.
    Contradictory,
}

impl Standing {
    /// Is there anything left to wait for?
    pub(crate) fn is_settled(self) -> bool {
        !matches!(self, Self::Pending | Self::Contradictory)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Paid => "paid",
            Self::Authorized => "authorised",
            Self::Refused => "refused",
            Self::PartiallyRefunded => "partially refunded",
            Self::Refunded => "refunded",
            Self::Cancelled => "cancelled",
            Self::Pending => "pending",
            Self::Contradictory => "contradictory",
        })
    }
}

impl PaymentInquiry {
    /// How the payment stands, by status, type and flags together.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Facts::from(self).standing()
    }
}

/// What an inquiry says, as far as money hangs on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    pub(crate) merchant_code: Option<String>,
    pub(crate) status: Option<PaymentStatus>,
    pub(crate) kind: Option<PaymentType>,
    /// `Status`: did the last movement succeed?
    pub(crate) succeeded: Option<bool>,
    pub(crate) error: Option<bool>,
    pub(crate) provision: Option<bool>,
    pub(crate) sale: Option<bool>,
    pub(crate) refund: Option<bool>,
    pub(crate) partial_refund: Option<bool>,
    pub(crate) cancel: Option<bool>,
    pub(crate) fully_refunded: Option<bool>,
    pub(crate) interest: Option<bool>,
    /// The number of the last movement.
    pub(crate) activity: Option<i64>,
    /// When the last movement took place: nanoseconds since 1970 began.
    pub(crate) moved_at: Option<i128>,
    pub(crate) payment_id: Option<i64>,
    pub(crate) installment: Option<i64>,
    pub(crate) currency: Option<Currency>,
    #[serde(with = "as_text")]
    pub(crate) amount: Option<Amount>,
    #[serde(with = "as_text")]
    pub(crate) original: Option<Amount>,
    /// The amount of the last movement.
    #[serde(with = "as_text")]
    pub(crate) moved: Option<Amount>,
    #[serde(with = "as_text")]
    pub(crate) remaining: Option<Amount>,
    /// The movements, where the answer lists them and the list can be read.
    pub(crate) movements: Option<Vec<Movement>>,
    /// Whether a field that decides stands there and cannot be read.
    pub(crate) unreadable: bool,
}

impl From<&PaymentInquiry> for Facts {
    fn from(inquiry: &PaymentInquiry) -> Self {
        Self {
            merchant_code: inquiry.merchant_unique_code.clone(),
            status: inquiry.status_id,
            kind: inquiry.type_id,
            succeeded: inquiry.status,
            error: inquiry.error.as_ref().and_then(|error| error.any_error),
            provision: inquiry.is_provision,
            sale: inquiry.any_success_payment,
            refund: inquiry.any_success_refund,
            partial_refund: inquiry.any_success_partial_refund,
            cancel: inquiry.any_success_cancel,
            fully_refunded: inquiry.is_fully_refunded,
            interest: inquiry.applied_interest,
            activity: inquiry.activity_id,
            moved_at: inquiry.last_activity_date_time.as_ref().and_then(|time| time.unix_nanos().ok()),
            payment_id: inquiry.payment_id,
            installment: inquiry.installment,
            currency: inquiry.currency_id,
            amount: inquiry.payment_amount,
            original: inquiry.original_amount,
            moved: inquiry.activity_amount,
            remaining: inquiry.remaining_refund_amount,
            movements: movements::listed(inquiry.activities.as_deref().unwrap_or_default()),
            unreadable: false,
        }
    }
}

/// How well a fact goes with a standing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Agrees,
    /// It is missing, and nothing may be assumed for it.
    Unsaid,
    Disagrees,
}

use Fit::{Agrees, Disagrees, Unsaid};

impl Facts {
    pub(crate) fn standing(&self) -> Standing {
        if self.unreadable || self.payment_id.is_some_and(|id| id < 1) {
            return Standing::Contradictory;
        }
        let (Some(status), Some(kind)) = (self.status, self.kind) else { return Standing::Pending };
        if PaymentType::DOCUMENTED.iter().all(|entry| entry.code() != kind.code()) {
            return Standing::Pending;
        }
        match status {
            PaymentStatus::SUCCESSFUL => self.after_success(kind),
            PaymentStatus::AWAITING_CAPTURE => self.authorized(kind),
            PaymentStatus::FAILED | PaymentStatus::FAILED_ON_INQUIRY => self.after_failure(kind),
            PaymentStatus::CANCELLED => self.voided(kind),
            _ => Standing::Pending,
        }
    }

    /// Is something going on, or unknown, so that the flags may be out of date in a moment?
    pub(crate) fn is_under_way(&self) -> bool {
        let at_rest = [
            PaymentStatus::AWAITING_CAPTURE,
            PaymentStatus::SUCCESSFUL,
            PaymentStatus::FAILED,
            PaymentStatus::FAILED_ON_INQUIRY,
            PaymentStatus::CANCELLED,
        ];
        self.kind.is_none() || !self.status.is_some_and(|status| at_rest.contains(&status))
    }

    /// Did the last movement fail?
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.status, Some(PaymentStatus::FAILED | PaymentStatus::FAILED_ON_INQUIRY))
            && self.succeeded != Some(true)
    }

    fn after_success(&self, kind: PaymentType) -> Standing {
        let standing = match kind {
            PaymentType::SALE => self.paid(),
            PaymentType::REFUND => self.refunded(),
            PaymentType::CANCEL => self.cancelled(),
            _ => self.refunded_in_part(),
        };
        let clean = [must(self.succeeded, true), may(self.error, false)];
        standing.given(&clean)
    }

    fn paid(&self) -> Standing {
        let alone = [must(self.refund, false), must(self.partial_refund, false), must(self.cancel, false)];
        let untouched = [may(self.fully_refunded, false), self.remains_whole()];
        let said = if self.amount.is_some() { Agrees } else { Unsaid };
        Standing::Paid.given(&[must(self.sale, true), said]).given(&alone).given(&untouched)
    }

    fn authorized(&self, kind: PaymentType) -> Standing {
        let nothing_yet = [
            must(self.sale, false),
            must(self.refund, false),
            must(self.partial_refund, false),
            must(self.cancel, false),
            may(self.fully_refunded, false),
        ];
        let sound = [agrees(kind == PaymentType::SALE), must(self.provision, true), may(self.error, false)];
        Standing::Authorized.given(&nothing_yet).given(&sound)
    }

    fn after_failure(&self, kind: PaymentType) -> Standing {
        let standing = if kind == PaymentType::SALE { self.refused() } else { self.before_a_failed_change() };
        standing.given(&[may(self.succeeded, false)])
    }

    fn refused(&self) -> Standing {
        let nothing = [self.refund, self.partial_refund, self.cancel, self.fully_refunded].map(|flag| may(flag, false));
        Standing::Refused.given(&nothing).given(&[must(self.sale, false)])
    }

    fn before_a_failed_change(&self) -> Standing {
        match (self.cancel, self.refund, self.partial_refund) {
            (Some(true), _, _) => self.cancelled(),
            (_, Some(true), _) => self.refunded(),
            (_, _, Some(true)) => self.refunded_in_part(),
            (Some(false), Some(false), Some(false)) => Standing::Contradictory,
            _ => Standing::Pending,
        }
    }

    fn refunded(&self) -> Standing {
        let refund = must(self.refund, true);
        Standing::Refunded.given(&[refund, must(self.sale, true), must(self.cancel, false), self.remains_nothing()])
    }

    fn refunded_in_part(&self) -> Standing {
        let happened = [must(self.partial_refund, true), must(self.sale, true), must(self.cancel, false)];
        let all = self.fully_refunded == Some(true) || self.remaining.is_some_and(Amount::is_zero);
        let standing = if all {
            Standing::Refunded.given(&[self.remains_nothing()])
        } else {
            Standing::PartiallyRefunded.given(&[must(self.refund, false), self.remains_something()])
        };
        standing.given(&happened)
    }

    fn cancelled(&self) -> Standing {
        let cancel = must(self.cancel, true);
        Standing::Cancelled.given(&[cancel, may(self.refund, false), may(self.partial_refund, false)])
    }

    /// Status 12: of what was never charged, no further proof is needed.
    fn voided(&self, kind: PaymentType) -> Standing {
        let kind = agrees(kind == PaymentType::SALE || kind == PaymentType::CANCEL);
        let undone = match self.sale {
            Some(false) => Agrees,
            Some(true) => must(self.cancel, true),
            None => Unsaid,
        };
        Standing::Cancelled.given(&[kind, undone, may(self.refund, false), may(self.partial_refund, false)])
    }

    /// All that was taken can still be refunded. After a capture that may be less than was authorised, and no page
    /// says whether interest counts.
    fn remains_whole(&self) -> Fit {
        let with_interest = self.original.filter(|_| self.interest == Some(true));
        let Some(remaining) = self.remaining else { return Agrees };
        agrees([self.amount, self.moved, with_interest].contains(&Some(remaining)))
    }

    fn remains_nothing(&self) -> Fit {
        may(self.fully_refunded, true).max(agrees(self.remaining.is_none_or(Amount::is_zero)))
    }

    fn remains_something(&self) -> Fit {
        let Some(remaining) = self.remaining else { return Agrees };
        agrees(remaining > Amount::ZERO && self.amount.is_none_or(|amount| remaining < amount))
    }
}

impl Standing {
    /// This standing, if everything agrees.
    fn given(self, facts: &[Fit]) -> Self {
        match (facts.iter().max(), self) {
            (Some(Disagrees), _) | (_, Self::Contradictory) => Self::Contradictory,
            (Some(Unsaid), _) => Self::Pending,
            _ => self,
        }
    }
}

fn agrees(holds: bool) -> Fit {
    if holds { Agrees } else { Disagrees }
}

/// The flag has to be there.
fn must(flag: Option<bool>, wanted: bool) -> Fit {
    flag.map_or(Unsaid, |flag| agrees(flag == wanted))
}

/// The flag may be missing.
fn may(flag: Option<bool>, wanted: bool) -> Fit {
    agrees(flag.is_none_or(|flag| flag == wanted))
}

/// Amounts as text, so that every format that a merchant may store them in keeps their digits.
pub(crate) mod as_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::Amount;

    #[expect(clippy::ref_option, reason = "serde hands a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(amount: &Option<Amount>, serializer: S) -> Result<S::Ok, S::Error> {
        amount.map(|amount| amount.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Amount>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(de::Error::custom)).transpose()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn amount(text: &str) -> Amount {
        text.parse().expect(text)
    }

    /// A sale of 100 that succeeded.
    pub(crate) fn paid() -> Facts {
        Facts {
            merchant_code: Some("order-1".to_owned()),
            status: Some(PaymentStatus::SUCCESSFUL),
            kind: Some(PaymentType::SALE),
            succeeded: Some(true),
            error: Some(false),
            provision: Some(false),
            sale: Some(true),
            refund: Some(false),
            partial_refund: Some(false),
            cancel: Some(false),
            fully_refunded: None,
            interest: Some(false),
            activity: Some(1),
            currency: Some(Currency::TRY),
            amount: Some(amount("100.00")),
            original: Some(amount("100.00")),
            moved: Some(amount("100.00")),
            ..Facts::default()
        }
    }

    /// A pre-authorisation of 100.
    pub(crate) fn authorized() -> Facts {
        Facts {
            status: Some(PaymentStatus::AWAITING_CAPTURE),
            succeeded: Some(false),
            provision: Some(true),
            sale: Some(false),
            ..paid()
        }
    }

    /// Paid, and then 10 were paid back.
    pub(crate) fn partially_refunded() -> Facts {
        Facts {
            kind: Some(PaymentType::PARTIAL_REFUND),
            partial_refund: Some(true),
            activity: Some(2),
            moved: Some(amount("10.00")),
            ..paid()
        }
    }

    pub(crate) fn refunded() -> Facts {
        Facts { kind: Some(PaymentType::REFUND), refund: Some(true), activity: Some(2), ..paid() }
    }

    pub(crate) fn cancelled() -> Facts {
        Facts { kind: Some(PaymentType::CANCEL), cancel: Some(true), activity: Some(2), ..paid() }
    }

    /// An authorisation that was given free again.
    pub(crate) fn voided() -> Facts {
        Facts { status: Some(PaymentStatus::CANCELLED), activity: Some(2), ..authorized() }
    }

    pub(crate) fn refused() -> Facts {
        Facts { status: Some(PaymentStatus::FAILED), succeeded: Some(false), sale: Some(false), ..paid() }
    }

    #[test]
    fn the_plain_cases_stand_as_they_say() {
        for (facts, standing) in [
            (paid(), Standing::Paid),
            (authorized(), Standing::Authorized),
            (refused(), Standing::Refused),
            (partially_refunded(), Standing::PartiallyRefunded),
            (refunded(), Standing::Refunded),
            (cancelled(), Standing::Cancelled),
            (voided(), Standing::Cancelled),
            (Facts::default(), Standing::Pending),
        ] {
            assert_eq!(facts.standing(), standing, "{facts:?}");
        }
    }

    #[test]
    fn the_documented_sample_is_authorised_and_not_paid() {
        let sample = r#"{"IsProvision": true, "AnySuccessPayment": false, "AnySuccessRefund": false,
            "AnySuccessPartialRefund": false, "AnySuccessCancel": false,
            "Error": {"AnyError": false, "ErrorType": 0, "ErrorMessage": ""}, "Status": false, "StatusId": 3,
            "TypeId": 1, "CurrencyId": 1, "PaymentAmount": 1000.00, "ActivityAmount": 1000.00,
            "AppliedInterest": false, "OriginalAmount": 1000.00}"#;
        let inquiry: PaymentInquiry = serde_json::from_str(sample).expect("sample");
        assert_eq!(inquiry.standing(), Standing::Authorized);
    }

    #[test]
    fn whatever_is_missing_is_not_paid() {
        let without: [fn(&mut Facts); 8] = [
            |facts| facts.status = None,
            |facts| facts.kind = None,
            |facts| facts.succeeded = None,
            |facts| facts.sale = None,
            |facts| facts.refund = None,
            |facts| facts.partial_refund = None,
            |facts| facts.cancel = None,
            |facts| facts.amount = None,
        ];
        for (number, take) in without.into_iter().enumerate() {
            let mut facts = paid();
            take(&mut facts);
            assert_eq!(facts.standing(), Standing::Pending, "{number}");
        }
    }

    #[test]
    fn what_cannot_be_read_or_has_no_number_is_contradictory() {
        assert_eq!(Facts { unreadable: true, ..paid() }.standing(), Standing::Contradictory);
        assert_eq!(Facts { payment_id: Some(0), ..paid() }.standing(), Standing::Contradictory);
        assert_eq!(Facts { payment_id: Some(-7), ..paid() }.standing(), Standing::Contradictory);
        assert_eq!(Facts { payment_id: Some(7), ..paid() }.standing(), Standing::Paid);
    }

    #[test]
    fn a_refund_that_failed_leaves_what_was_before_and_never_says_paid() {
        let failed = |facts| Facts { status: Some(PaymentStatus::FAILED), succeeded: Some(false), ..facts };
        assert_eq!(failed(refunded()).standing(), Standing::Refunded);
        assert_eq!(failed(partially_refunded()).standing(), Standing::PartiallyRefunded);
        assert_eq!(failed(cancelled()).standing(), Standing::Cancelled);
        let nothing_before = Facts { refund: Some(false), ..failed(refunded()) };
        assert_eq!(nothing_before.standing(), Standing::Contradictory);
    }

    #[test]
    fn what_remains_to_refund_has_its_say() {
        let with = |facts, remaining| Facts { remaining: Some(amount(remaining)), ..facts };
        assert_eq!(with(paid(), "100").standing(), Standing::Paid);
        assert_eq!(with(paid(), "90").standing(), Standing::Contradictory);
        assert_eq!(with(paid(), "0").standing(), Standing::Contradictory);
        assert_eq!(with(partially_refunded(), "90").standing(), Standing::PartiallyRefunded);
        assert_eq!(with(partially_refunded(), "0.00").standing(), Standing::Refunded);
        assert_eq!(with(partially_refunded(), "100").standing(), Standing::Contradictory);
        assert_eq!(with(partially_refunded(), "-1").standing(), Standing::Contradictory);
        assert_eq!(with(refunded(), "0").standing(), Standing::Refunded);
        assert_eq!(with(refunded(), "1").standing(), Standing::Contradictory);
        let captured_in_part = Facts { provision: Some(true), moved: Some(amount("60")), ..paid() };
        assert_eq!(with(captured_in_part, "60").standing(), Standing::Paid);
        let interest = Facts { interest: Some(true), amount: Some(amount("110")), moved: None, ..paid() };
        assert_eq!(with(interest.clone(), "100").standing(), Standing::Paid);
        assert_eq!(with(interest, "110").standing(), Standing::Paid);
    }

    #[test]
    fn an_error_or_a_failed_movement_under_a_success_is_contradictory() {
        assert_eq!(Facts { error: Some(true), ..paid() }.standing(), Standing::Contradictory);
        assert_eq!(Facts { succeeded: Some(false), ..paid() }.standing(), Standing::Contradictory);
        assert_eq!(Facts { succeeded: Some(true), ..refused() }.standing(), Standing::Contradictory);
    }

    /// Every status, type, flag and remainder against rules that are written another way.
    #[test]
    fn no_combination_breaks_a_rule() {
        let flags = [None, Some(false), Some(true)];
        let remainders = [None, Some(amount("0")), Some(amount("40")), Some(amount("100.0"))];
        let mut seen = 0;
        for (status, kind) in (-1..=15).flat_map(|status| (-1..=6).map(move |kind| (status, kind))) {
            for (sale, refund) in flags.iter().flat_map(|sale| flags.iter().map(move |refund| (*sale, *refund))) {
                for (partial, cancel) in flags.iter().flat_map(|one| flags.iter().map(move |other| (*one, *other))) {
                    for (fully, succeeded) in flags.iter().flat_map(|one| flags.iter().map(move |two| (*one, *two))) {
                        for remaining in remainders {
                            let facts = Facts {
                                status: (status >= 0).then(|| PaymentStatus::new(status)),
                                kind: (kind >= 0).then(|| PaymentType::new(kind)),
                                sale,
                                refund,
                                partial_refund: partial,
                                cancel,
                                fully_refunded: fully,
                                succeeded,
                                remaining,
                                provision: Some(true),
                                ..paid()
                            };
                            judge(status, kind, &facts);
                            seen += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(seen, 17 * 8 * 81 * 9 * 4);
    }

    fn judge(status: i64, kind: i64, facts: &Facts) {
        let standing = facts.standing();
        let flags = (facts.sale, facts.refund, facts.partial_refund, facts.cancel);
        let (no, yes) = (Some(false), Some(true));
        let left = facts.remaining.map(|remaining| remaining.to_string());
        let left = left.as_deref();
        let fits = match standing {
            Standing::Paid | Standing::Authorized => true,
            Standing::Refused => {
                kind == 1
                    && [5, 7].contains(&status)
                    && facts.sale == no
                    && facts.succeeded != yes
                    && ![facts.refund, facts.partial_refund, facts.cancel, facts.fully_refunded].contains(&yes)
            }
            Standing::Refunded => {
                [2, 3, 4].contains(&kind)
                    && [4, 5, 7].contains(&status)
                    && facts.sale == yes
                    && facts.cancel == no
                    && (facts.refund == yes || facts.partial_refund == yes)
                    && facts.fully_refunded != no
                    && [None, Some("0")].contains(&left)
            }
            Standing::PartiallyRefunded => {
                [2, 3, 4].contains(&kind)
                    && flags == (yes, no, yes, no)
                    && facts.fully_refunded != yes
                    && [None, Some("40")].contains(&left)
            }
            Standing::Cancelled => {
                facts.refund != yes
                    && facts.partial_refund != yes
                    && (facts.cancel == yes || (status == 12 && facts.sale == no))
                    && [4, 5, 7, 12].contains(&status)
            }
            Standing::Pending => {
                ![3, 4, 5, 7, 12].contains(&status)
                    || !(1..=4).contains(&kind)
                    || facts.succeeded.is_none()
                    || [facts.sale, facts.refund, facts.partial_refund, facts.cancel].contains(&None)
            }
            Standing::Contradictory => [3, 4, 5, 7, 12].contains(&status) && (1..=4).contains(&kind),
        };
        assert!(fits, "{standing:?}: {facts:?}");

        let is_paid = status == 4
            && kind == 1
            && flags == (yes, no, no, no)
            && facts.succeeded == yes
            && facts.fully_refunded != yes
            && [None, Some("100.0")].contains(&left);
        assert_eq!(standing == Standing::Paid, is_paid, "{facts:?}");
        let is_authorized = status == 3 && kind == 1 && flags == (no, no, no, no) && facts.fully_refunded != yes;
        assert_eq!(standing == Standing::Authorized, is_authorized, "{facts:?}");
    }

    #[test]
    fn facts_are_kept_by_every_format() {
        let facts = Facts { remaining: Some(amount("0.10")), ..paid() };
        let value = serde_json::to_value(&facts).expect("value");
        assert_eq!(value["remaining"], "0.10");
        assert_eq!(serde_json::from_value::<Facts>(value).expect("facts"), facts);
    }
}
