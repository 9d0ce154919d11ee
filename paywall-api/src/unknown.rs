//! What is left of a payment whose outcome nobody knows? Its merchant code, and one thing to do.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Effect, ErrorKind, Operation, quietly};

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
/// It can be stored (it implements [`Serialize`] and [`Deserialize`]), or rebuilt from what a merchant stores before
/// paying, after a crash for instance: the operation, the merchant's code and the time of sending are all that it takes.
///
/// ```
/// use std::time::SystemTime;
/// use paywall_api::{Unknown, payments::Start3dPayment};
///
/// let unknown = Unknown::rebuild::<Start3dPayment>("order-1", SystemTime::now());
/// let stored = serde_json::to_string(&unknown)?;
/// assert_eq!(serde_json::from_str::<Unknown>(&stored)?, unknown);
///
/// // The operation's id may come from a database.
/// let same = Unknown::of_operation("start3dPayment", "order-1", unknown.sent_at());
/// assert_eq!(same, Some(unknown));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(into = "Stored")]
pub struct Unknown {
    operation: Cow<'static, str>,
    moves_money: bool,
    effect: Option<Effect>,
    inquiry: Option<Cow<'static, str>>,
    merchant_code: Option<String>,
    sent_at: SystemTime,
}

impl Unknown {
    /// The unknown outcome of `O`, known by the merchant's code and the time of sending alone.
    ///
    /// A time that is too late does no harm; one that is too early may let
    /// [`not_arrived_after`](crate::Resolve::not_arrived_after) end before the request has arrived.
    pub fn rebuild<O: Operation>(merchant_code: impl Into<String>, sent_at: SystemTime) -> Self {
        Self::of::<O>(Some(merchant_code.into()), sent_at)
    }

    /// The same for an operation of this crate that is known by its id ([`Operation::ID`]). None if there is no such
    /// operation here.
    pub fn of_operation(id: &str, merchant_code: impl Into<String>, sent_at: SystemTime) -> Option<Self> {
        let known = KNOWN.iter().find(|known| known.id == id)?;
        Some(known.unknown(Some(merchant_code.into()), sent_at))
    }

    pub(crate) fn of<O: Operation>(merchant_code: Option<String>, sent_at: SystemTime) -> Self {
        Known::of::<O>().unknown(merchant_code, sent_at)
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
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// When it was sent, or the last moment at which it may have been: to the millisecond.
    #[must_use]
    pub fn sent_at(&self) -> SystemTime {
        self.sent_at
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

    /// The operation by which it is looked up, by its id ([`Operation::INQUIRY`]). None where no page gives one.
    #[must_use]
    pub fn inquiry(&self) -> Option<&str> {
        self.inquiry.as_deref()
    }

    /// The merchant's own code of the payment, by which it is found.
    #[must_use]
    pub fn merchant_code(&self) -> Option<&str> {
        self.merchant_code.as_deref()
    }
}

/// What is known of an operation without its type.
pub(crate) struct Known {
    pub(crate) id: &'static str,
    pub(crate) moves_money: bool,
    pub(crate) effect: Option<Effect>,
    pub(crate) inquiry: Option<&'static str>,
}

macro_rules! known {
    ($($operation:path),* $(,)?) => { &[$(Known::of::<$operation>()),*] };
}

/// The operations of this crate.
static KNOWN: &[Known] = each_operation!(known);

impl Known {
    pub(crate) const fn of<O: Operation>() -> Self {
        Self { id: O::ID, moves_money: O::MOVES_MONEY, effect: O::EFFECT, inquiry: O::INQUIRY }
    }

    pub(crate) fn unknown(&self, merchant_code: Option<String>, sent_at: SystemTime) -> Unknown {
        let Self { id, moves_money, effect, inquiry } = *self;
        let (inquiry, sent_at) = (inquiry.map(Cow::Borrowed), at_millis(millis_of(sent_at)));
        Unknown { operation: Cow::Borrowed(id), moves_money, effect, inquiry, merchant_code, sent_at }
    }
}

/// How an unknown outcome is stored. Of an operation of this crate its id alone counts; of one of the caller's own, what
/// it said of itself.
#[derive(Serialize, Deserialize)]
struct Stored {
    operation: String,
    moves_money: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inquiry: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    merchant_code: Option<String>,
    /// Milliseconds since 1970 began.
    sent_at: u64,
}

impl From<Unknown> for Stored {
    fn from(unknown: Unknown) -> Self {
        let Unknown { operation, moves_money, effect, inquiry, merchant_code, sent_at } = unknown;
        let (operation, inquiry) = (operation.into_owned(), inquiry.map(Cow::into_owned));
        Self { operation, moves_money, effect, inquiry, merchant_code, sent_at: millis_of(sent_at) }
    }
}

impl<'de> Deserialize<'de> for Unknown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(Stored::deserialize(deserializer)).map(Self::from)
    }
}

impl From<Stored> for Unknown {
    fn from(stored: Stored) -> Self {
        let Stored { operation, moves_money, effect, inquiry, merchant_code, sent_at } = stored;
        let sent_at = at_millis(sent_at);
        if let Some(known) = KNOWN.iter().find(|known| known.id == operation) {
            return known.unknown(merchant_code, sent_at);
        }
        let (operation, inquiry) = (Cow::Owned(operation), inquiry.map(Cow::Owned));
        Self { operation, moves_money, effect, inquiry, merchant_code, sent_at }
    }
}

fn millis_of(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A time that no clock can hold is as good as now.
fn at_millis(millis: u64) -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_millis(millis)).unwrap_or_else(SystemTime::now)
}

/// A call whose outcome is unknown, as [`ClientBuilder::on_unknown`](crate::ClientBuilder::on_unknown) reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCall {
    pub(crate) unknown: Unknown,
    pub(crate) correlation: Option<String>,
    pub(crate) kind: Option<ErrorKind>,
}

impl UnknownCall {
    /// What to keep, and to resolve. It holds the time of sending.
    #[must_use]
    pub fn unknown(&self) -> &Unknown {
        &self.unknown
    }

    /// The text that the caller gave the call by [`Call::correlation`](crate::Call::correlation).
    #[must_use]
    pub fn correlation(&self) -> Option<&str> {
        self.correlation.as_deref()
    }

    /// What went wrong. None if the call's future was dropped before it ended.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.kind
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
    fn it_is_rebuilt_from_the_operation_the_merchants_code_and_the_time() {
        let now = SystemTime::now();
        let unknown = Unknown::rebuild::<RefundPayment>("order-1", now);
        assert_eq!((unknown.operation(), unknown.merchant_code()), ("refundPayment", Some("order-1")));
        assert_eq!((unknown.moves_money(), unknown.effect()), (true, Some(Effect::Refund)));
        assert!(now.duration_since(unknown.sent_at()).is_ok_and(|lost| lost < Duration::from_millis(1)));
        assert_eq!(Unknown::rebuild::<Start3dPayment>("order-1", now).effect(), Some(Effect::Payment));
        assert_eq!(Unknown::of_operation("refundPayment", "order-1", now), Some(unknown));
        assert_eq!(Unknown::of_operation("refundpayment", "order-1", now), None);
    }

    #[test]
    fn it_is_stored_and_read_back_and_the_operation_counts_for_more_than_what_was_stored() {
        let unknown = Unknown::of::<CommitMasterpassPayment>(None, SystemTime::now());
        let stored = serde_json::to_value(&unknown).expect("stored");
        assert_eq!(serde_json::from_value::<Unknown>(stored.clone()).expect("read"), unknown);
        let mut changed = stored;
        (changed["moves_money"], changed["effect"]) = (false.into(), "capture".into());
        let read: Unknown = serde_json::from_value(changed.clone()).expect("read");
        assert_eq!((read.moves_money(), read.effect()), (true, Some(Effect::Completion)));
        changed["operation"] = "ownOperation".into();
        let own: Unknown = serde_json::from_value(changed.clone()).expect("read");
        assert_eq!((own.operation(), own.moves_money(), own.effect()), ("ownOperation", false, Some(Effect::Capture)));
        for (key, odd) in [("sent_at", "now".into()), ("effect", "gift".into()), ("sent_at", (-1).into())] {
            let mut odd_one = changed.clone();
            odd_one[key] = odd;
            assert!(serde_json::from_value::<Unknown>(odd_one).is_err(), "{key}");
        }
    }

    #[test]
    fn a_code_can_be_given_later() {
        let unknown = Unknown::of::<CommitMasterpassPayment>(None, SystemTime::now());
        assert_eq!(unknown.merchant_code(), None);
        assert_eq!(unknown.with_merchant_code("order-1").merchant_code(), Some("order-1"));
    }
}
