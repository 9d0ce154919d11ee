//! What became of a payment, or of a change of one, whose outcome nobody knows? It is asked for until it is known.

use std::fmt;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use self::change::{Change, Trace};
use self::inquire::{Asked, Failure, Memory, inquire};
use crate::inquiries::ListedPayment;
use crate::masterpass::Masterpass;
use crate::movements::{Movement, of_the_day};
use crate::payments::{Payments, QueryPayment};
use crate::standing::Facts;
use crate::{Amount, Caller, Client, Effect, Error, Operation, Standing, Unknown};

mod age;
mod change;
mod inquest;
pub(crate) mod inquire;
mod inquiry_result;
mod snapshot;

pub(crate) use self::inquest::{End, Heard, Pace};
pub use self::inquiry_result::InquiryResult;
pub use self::snapshot::Snapshot;

/// Long enough for what a bank may still be busy with, short enough for somebody who waits.
const DEADLINE: Duration = Duration::from_secs(60);

impl<'c, C: Caller> Payments<'c, C> {
    /// Finds out what became of a payment whose outcome is unknown: asks by the merchant's code, waits and asks again.
    ///
    /// Await it, or `send` it with a blocking client. It sends inquiries and nothing else.
    ///
    /// ```no_run
    /// use paywall_api::{Client, Resolution, Unknown, payments::Start3dPayment};
    ///
    /// # async fn look(paywall: Client) -> Result<(), paywall_api::ResolveError> {
    /// # let stored_time = std::time::SystemTime::now();
    /// let unknown = Unknown::rebuild::<Start3dPayment>("order-1", stored_time); // or error.unknown()
    /// match paywall.payments().resolve(&unknown).await? {
    ///     Resolution::Paid(payment) => println!("compare {:?}, then ship", payment.payment_amount),
    ///     Resolution::Refused(_) => println!("nothing was charged"),
    ///     other => println!("{:?}: keep the order as it is", other.inquiry()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// An error with code 4 or 119 (the merchant's code exists) leads here too; the answer then speaks of the earlier
    /// payment under this code, and [`Refused`](Resolution::Refused) says that *that* one failed.
    pub fn resolve(self, unknown: &Unknown) -> Resolve<'c, C> {
        Resolve::new(self.caller(), unknown)
    }

    /// Finds out whether a capture, void, refund, cancel or revert took effect whose outcome is unknown.
    ///
    /// Await it, or `send` it with a blocking client. It sends inquiries and nothing else.
    pub fn resolve_change(self, unknown: &Unknown) -> ResolveChange<'c, C> {
        ResolveChange::new(self.caller(), unknown)
    }
}

impl<'c, C: Caller> Masterpass<'c, C> {
    /// Finds out what became of a Masterpass payment whose outcome is unknown, as
    /// [`Payments::resolve`](crate::payments::Payments::resolve) does.
    ///
    /// To verify and to commit a payment is to send a request without the merchant's code: give it with
    /// [`Call::merchant_code`](crate::Call::merchant_code) or [`Unknown::with_merchant_code`].
    pub fn resolve(self, unknown: &Unknown) -> Resolve<'c, C> {
        Resolve::new(self.caller(), unknown)
    }
}

/// Makes the options that both ways share.
macro_rules! options {
    () => {
        /// How long to go on asking. 60 s if nothing is said; the last good answer is then the result.
        pub fn deadline(mut self, deadline: Duration) -> Self {
            self.pace.deadline = deadline;
            self
        }

        /// How long to wait between two questions: `shortest` at first, then ever longer, up to `longest`; chance adds
        /// up to as much again. 1 s and 15 s if nothing is said.
        pub fn waits(mut self, shortest: Duration, longest: Duration) -> Self {
            self.pace.waits = (shortest, longest);
            self
        }

        /// When the call with the unknown outcome was sent. Defaults to [`Unknown::sent_at`].
        pub fn sent_at(mut self, time: SystemTime) -> Self {
            self.pace.sent_at = time;
            self
        }
    };
}

/// A question for a payment: see [`Payments::resolve`](crate::payments::Payments::resolve).
#[must_use = "nothing is asked until it is awaited, or sent by a blocking client"]
pub struct Resolve<'c, C: Caller = Client> {
    caller: &'c C,
    unknown: Unknown,
    pace: Pace,
}

impl<'c, C: Caller> Resolve<'c, C> {
    fn new(caller: &'c C, unknown: &Unknown) -> Self {
        Self { caller, unknown: unknown.clone(), pace: Pace::of(unknown, DEADLINE) }
    }

    options!();

    /// The caller's choice: so long after [`sent_at`](Resolve::sent_at), a payment that is still not found counts as
    /// never arrived. If nothing is said, it never does.
    ///
    /// No page says how long a payment may take to be found. Choose more than the longest time that a request can be
    /// on its way, proxies and queues included: minutes, not seconds.
    pub fn not_arrived_after(mut self, time: Duration) -> Self {
        self.pace.not_arrived_after = Some(time);
        self
    }
}

impl<'c> IntoFuture for Resolve<'c> {
    type Output = Result<Resolution, ResolveError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { resolve(self.caller, self.unknown, self.pace).await })
    }
}

#[cfg(feature = "blocking")]
impl Resolve<'_, crate::blocking::Client> {
    /// Asks, and waits for the end.
    ///
    /// # Errors
    ///
    /// As when awaited: [`ResolveError`].
    pub fn send(self) -> Result<Resolution, ResolveError> {
        let (unknown, pace) = (self.unknown.clone(), self.pace);
        let waited = self.caller.wait::<QueryPayment, _>(|client| resolve(client, unknown, pace));
        waited.unwrap_or_else(|error| Err(ResolveError::failed(error, self.unknown)))
    }
}

async fn resolve(client: &Client, unknown: Unknown, pace: Pace) -> Result<Resolution, ResolveError> {
    let code = match code_of(&unknown, Asking::Payment) {
        Ok(code) => code,
        Err(kind) => return Err(ResolveError::new(kind, unknown)),
    };
    let starts = unknown.effect() == Some(Effect::Payment);
    match inquire(client, &code, &pace, Memory::Sound, |found| hear_payment(found, starts)).await {
        Ok(asked) => Ok(Resolution::of(asked)),
        Err(failure) => Err(ResolveError::of(failure, unknown)),
    }
}

/// Which of the two ways to ask was taken.
#[derive(Clone, Copy)]
enum Asking {
    Payment,
    Change,
}

/// The code to ask by, if this is the right way to ask at all.
fn code_of(unknown: &Unknown, asking: Asking) -> Result<String, ResolveErrorKind> {
    // What another inquiry would know of, or none, is not asked for here: it would be taken for what never arrived.
    let effect = unknown.effect().filter(|_| unknown.inquiry() == Some(QueryPayment::ID));
    let effect = effect.ok_or(ResolveErrorKind::NoInquiry)?;
    match asking {
        Asking::Payment if !effect.is_payment() => return Err(ResolveErrorKind::NotAPayment),
        Asking::Change if effect.is_payment() => return Err(ResolveErrorKind::NotAChange),
        Asking::Payment | Asking::Change => {}
    }
    unknown.merchant_code().map(str::to_owned).ok_or(ResolveErrorKind::NoMerchantCode)
}

fn hear_payment(found: Option<&Facts>, starts: bool) -> Heard {
    match found {
        Some(facts) if facts.standing().is_settled() => settled(facts.standing()),
        None if starts => Heard::Absent,
        // What is completed was there before: that it is not found says nothing of the last step.
        None | Some(_) => Heard::Open,
    }
}

/// A sale that failed may be rescued by another provider a moment later (`PayJump`): it counts when it is seen twice.
pub(crate) fn settled(standing: Standing) -> Heard {
    if standing == Standing::Refused { Heard::SettledIfAgain } else { Heard::Settled }
}

/// What became of a payment.
///
/// What is not settled when the time is over is told as it stands: ask again later, and do nothing else with the order
/// until then. There is one variant after which the payment may be sent again, and it says so.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "the order depends on it"]
pub enum Resolution {
    /// The sale succeeded, and nothing was cancelled or refunded since. The amount is for the caller to compare, or
    /// [`Payments::confirm_without_claim`](crate::payments::Payments::confirm_without_claim) does it.
    Paid(Box<InquiryResult>),
    /// The amount is authorised and waits to be captured.
    Authorized(Box<InquiryResult>),
    /// The sale failed: by this answer nothing was charged under this code. A new attempt needs a new code. Where PayJump
    /// or PayWatch is switched on, Paywall may still make something else of a failed sale: ask once more before that.
    Refused(Box<InquiryResult>),
    /// It was paid, and a part was paid back since.
    PartiallyRefunded(Box<InquiryResult>),
    /// It was paid, and all was paid back since.
    Refunded(Box<InquiryResult>),
    /// The payment, or its authorisation, was cancelled.
    Cancelled(Box<InquiryResult>),
    /// Nothing is decided yet, or a failure was seen but once, which another provider may still rescue. A 3D payment whose address nobody has opened stays so.
    Pending(Box<InquiryResult>),
    /// What Paywall says does not agree with itself. Nothing may be built on it; somebody should look.
    Contradictory(Box<InquiryResult>),
    /// Paywall does not know the code, so far. This is not "safe to send again": the payment may still arrive.
    NotFoundYet,
    /// Paywall did not know the code in two answers in a row, the last of a question that was asked after the time that
    /// the caller chose with [`Resolve::not_arrived_after`]. Now it may be sent again, under the *same* merchant code:
    /// should the first still arrive, Paywall refuses the second of one code. A step that completes a payment (to verify
    /// or commit one of Masterpass) never ends here: its payment was there before.
    ///
    /// No page says how Paywall tells of a code that it does not know. Taken for it are a success with an empty `Body`
    /// or `Paywall`, the code 56 of the general numbering, and -1 of the payment numbering, which also stands for "general
    /// error": one more reason for the same code.
    NeverArrived,
}

impl Resolution {
    fn of(asked: Asked) -> Self {
        let Some(found) = asked.found else {
            let never = asked.end == End::Absent { for_good: true };
            return if never { Self::NeverArrived } else { Self::NotFoundYet };
        };
        match found.standing() {
            Standing::Paid => Self::Paid(found),
            Standing::Authorized => Self::Authorized(found),
            Standing::Refused if asked.end == End::Settled => Self::Refused(found),
            Standing::PartiallyRefunded => Self::PartiallyRefunded(found),
            Standing::Refunded => Self::Refunded(found),
            Standing::Cancelled => Self::Cancelled(found),
            Standing::Pending | Standing::Refused => Self::Pending(found),
            Standing::Contradictory => Self::Contradictory(found),
        }
    }

    /// May the payment be sent again, under the same merchant code?
    #[must_use]
    pub fn may_be_sent_again(&self) -> bool {
        matches!(self, Self::NeverArrived)
    }

    /// What Paywall said, where it knows the payment.
    #[must_use]
    pub fn inquiry(&self) -> Option<&InquiryResult> {
        match self {
            Self::Paid(found)
            | Self::Authorized(found)
            | Self::Refused(found)
            | Self::PartiallyRefunded(found)
            | Self::Refunded(found)
            | Self::Cancelled(found)
            | Self::Pending(found)
            | Self::Contradictory(found) => Some(found),
            Self::NotFoundYet | Self::NeverArrived => None,
        }
    }
}

/// A question for a change of a payment: see
/// [`Payments::resolve_change`](crate::payments::Payments::resolve_change).
///
/// A change is known by what is new since the caller's [`Snapshot`]:
///
/// | change | it took effect if | it had no effect, once the time has passed, if |
/// |---|---|---|
/// | capture | the payment is paid, was pre-authorised, and the last movement is of the whole or of [`amount`](ResolveChange::amount) | no payment ever succeeded |
/// | void | it is cancelled, and no payment ever succeeded | no cancel ever succeeded, and the status is not 12 |
/// | cancel | it is cancelled | the same, and nothing was refunded since |
/// | refund | it is refunded, by a full refund or by one partial refund of all that was left | nothing was ever refunded, or nothing has happened since |
/// | partial refund | the last movement is new, a partial refund of exactly `amount` that succeeded, and the remainder says no more | the same |
/// | revert | it is cancelled, or as the refund; with an `amount` as the partial refund, or cancelled since the snapshot | nothing was ever cancelled or refunded, or nothing has happened since |
///
/// - **An answer older than the snapshot proves nothing**, and one older than an answer before it is not listened to: a
///   success that is not told any more, a number or time of a movement that went back, a remainder that grew.
/// - **`RemainingRefundAmount` may lag.** As it was, it proves nothing. Lower than it was, it is a sign that money went
///   back, whatever the last movement says of itself.
/// - **The list of movements counts for more**, where the inquiry has one (`Activities`) or the caller gives one
///   ([`listed`](ResolveChange::listed)): it finds a partial refund among others, and tells that none of the others
///   was it.
///
/// Everything else ends [`Undecided`](ChangeResolution::Undecided), and so does what was so in the snapshot already.
/// A partial refund of the same amount by somebody else, from the merchant panel for instance, looks like the caller's:
/// if both were tried since the snapshot, the end is `Undecided`; if the other alone was, it is taken for the caller's.
#[must_use = "nothing is asked until it is awaited, or sent by a blocking client"]
pub struct ResolveChange<'c, C: Caller = Client> {
    caller: &'c C,
    unknown: Unknown,
    pace: Pace,
    known: Known,
}

/// What the caller knows of a change.
#[derive(Clone, Default)]
struct Known {
    before: Option<Snapshot>,
    amount: Option<Amount>,
    movements: Option<Vec<Movement>>,
}

impl<'c, C: Caller> ResolveChange<'c, C> {
    fn new(caller: &'c C, unknown: &Unknown) -> Self {
        Self { caller, unknown: unknown.clone(), pace: Pace::of(unknown, DEADLINE), known: Known::default() }
    }

    options!();

    /// The caller's choice: so long after [`sent_at`](ResolveChange::sent_at), a change that has left no trace counts
    /// as without effect. If nothing is said, it never does.
    pub fn not_arrived_after(mut self, time: Duration) -> Self {
        self.pace.not_arrived_after = Some(time);
        self
    }

    /// What the caller knew of the payment before the change was sent. Without it no partial refund is ever found to
    /// have taken effect.
    pub fn known_before(mut self, snapshot: Snapshot) -> Self {
        self.known.before = Some(snapshot);
        self
    }

    /// The amount of a partial refund, of a capture of a part, or of a revert of a part. Zero is none, as in the
    /// requests.
    pub fn amount(mut self, amount: Amount) -> Self {
        self.known.amount = Some(amount);
        self
    }

    /// The payment in the list of a day ([`list_activities`](crate::payments::Payments::list_activities)), whose
    /// movements tell apart what the inquiry alone cannot, where it does not list them itself.
    ///
    /// A day is listed once it is over. The list counts if it holds the movement of the snapshot and the last one.
    pub fn listed(mut self, payment: &ListedPayment) -> Self {
        self.known.movements = of_the_day(payment.activities.as_deref().unwrap_or_default());
        self
    }
}

impl<'c> IntoFuture for ResolveChange<'c> {
    type Output = Result<ChangeResolution, ResolveError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { caller, unknown, pace, known } = self;
        Box::pin(resolve_change(caller, unknown, pace, known))
    }
}

#[cfg(feature = "blocking")]
impl ResolveChange<'_, crate::blocking::Client> {
    /// Asks, and waits for the end.
    ///
    /// # Errors
    ///
    /// As when awaited: [`ResolveError`].
    pub fn send(self) -> Result<ChangeResolution, ResolveError> {
        let Self { caller, unknown, pace, known } = self;
        let waited = caller.wait::<QueryPayment, _>(|client| resolve_change(client, unknown.clone(), pace, known));
        waited.unwrap_or_else(|error| Err(ResolveError::failed(error, unknown)))
    }
}

async fn resolve_change(
    client: &Client,
    unknown: Unknown,
    pace: Pace,
    Known { before, amount, movements }: Known,
) -> Result<ChangeResolution, ResolveError> {
    let code = match code_of(&unknown, Asking::Change) {
        Ok(code) => code,
        Err(kind) => return Err(ResolveError::new(kind, unknown)),
    };
    if before.as_ref().is_some_and(|before| before.merchant_code() != Some(&code)) {
        return Err(ResolveError::new(ResolveErrorKind::SnapshotOfAnother, unknown));
    }
    let change = Change { effect: unknown.effect(), before: before.map(Snapshot::into_facts), amount, movements };
    match inquire(client, &code, &pace, Memory::Every, |found| hear_change(&change, found)).await {
        Ok(asked) => Ok(ChangeResolution::of(asked, &change)),
        Err(failure) => Err(ResolveError::of(failure, unknown)),
    }
}

fn hear_change(change: &Change, found: Option<&Facts>) -> Heard {
    match found.map(|facts| change.trace(facts)) {
        Some(Trace::Clear) => Heard::Settled,
        Some(Trace::None) => Heard::Absent,
        // A payment that is changed was there before: that it is not found says nothing of the change.
        Some(Trace::UnderWay | Trace::Unclear) | None => Heard::Open,
    }
}

/// What became of a change of a payment.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "the books depend on it"]
pub enum ChangeResolution {
    /// What the change was to bring about has come about.
    TookEffect(Box<InquiryResult>),
    /// Two answers in a row say that no movement that could be this change has succeeded or is under way since the
    /// snapshot, the last one to an inquiry after the time that the caller chose with
    /// [`ResolveChange::not_arrived_after`]. Only now may it be sent again.
    NoEffect(Box<InquiryResult>),
    /// It has left no trace so far, or a movement of the payment is under way. This is not "safe to send again".
    Pending(Box<InquiryResult>),
    /// The answer cannot tell: it fits no rule, or fits another change as well. It is not sent again; somebody should
    /// look.
    Undecided(Box<InquiryResult>),
    /// Paywall does not know the payment, so far.
    NotFoundYet,
}

impl ChangeResolution {
    fn of(asked: Asked, change: &Change) -> Self {
        let Some(found) = asked.found else { return Self::NotFoundYet };
        match (change.trace(found.facts()), asked.end) {
            (Trace::Clear, _) => Self::TookEffect(found),
            (Trace::None, End::Absent { for_good: true }) => Self::NoEffect(found),
            (Trace::None | Trace::UnderWay, _) => Self::Pending(found),
            (Trace::Unclear, _) => Self::Undecided(found),
        }
    }

    /// May the change be sent again?
    #[must_use]
    pub fn may_be_sent_again(&self) -> bool {
        matches!(self, Self::NoEffect(_))
    }

    /// What Paywall said, where it knows the payment.
    #[must_use]
    pub fn inquiry(&self) -> Option<&InquiryResult> {
        match self {
            Self::TookEffect(found) | Self::NoEffect(found) | Self::Pending(found) | Self::Undecided(found) => {
                Some(found)
            }
            Self::NotFoundYet => None,
        }
    }
}

/// Nothing was found out. The outcome is as unknown as before: keep [`unknown`](ResolveError::unknown) and ask again.
#[derive(Debug)]
pub struct ResolveError {
    kind: ResolveErrorKind,
    unknown: Box<Unknown>,
    inquiry_error: Option<Error>,
}

/// Why nothing was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResolveErrorKind {
    /// The inquiry of payments does not tell of this operation: [`Unknown::inquiry`] names another, or none.
    NoInquiry,
    /// The merchant's code is not known: give it with [`Unknown::with_merchant_code`].
    NoMerchantCode,
    /// It is a change of a payment: ask with `resolve_change`.
    NotAPayment,
    /// It is a payment: ask with `resolve`.
    NotAChange,
    /// The snapshot is of another payment.
    SnapshotOfAnother,
    /// The answer is about another payment than the one that was asked for. It was not used.
    AnotherPayment,
    /// The inquiry itself failed in a way that lasts: wrong keys, a wrong address.
    Failed,
    /// No good answer came within the deadline.
    NoAnswer,
}

impl ResolveError {
    fn new(kind: ResolveErrorKind, unknown: Unknown) -> Self {
        Self { kind, unknown: Box::new(unknown), inquiry_error: None }
    }

    fn failed(error: Error, unknown: Unknown) -> Self {
        Self { inquiry_error: Some(error), ..Self::new(ResolveErrorKind::Failed, unknown) }
    }

    fn of(failure: Failure, unknown: Unknown) -> Self {
        match failure {
            Failure::AnotherPayment => Self::new(ResolveErrorKind::AnotherPayment, unknown),
            Failure::Lasting(error) => Self::failed(error, unknown),
            Failure::NoAnswer(error) => Self { kind: ResolveErrorKind::NoAnswer, ..Self::failed(error, unknown) },
        }
    }

    /// Why nothing was found out.
    #[must_use]
    pub fn kind(&self) -> ResolveErrorKind {
        self.kind
    }

    /// What is still unknown, to be asked for again.
    #[must_use]
    pub fn unknown(&self) -> &Unknown {
        &self.unknown
    }

    /// How the (last) inquiry failed. Its own outcome is the inquiry's, not the payment's.
    #[must_use]
    pub fn inquiry_error(&self) -> Option<&Error> {
        self.inquiry_error.as_ref()
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = match self.kind {
            ResolveErrorKind::NoInquiry => "no inquiry tells of this operation",
            ResolveErrorKind::NoMerchantCode => "no merchant code to ask by: give it with Unknown::with_merchant_code",
            ResolveErrorKind::NotAPayment => "this is a change of a payment: ask with resolve_change",
            ResolveErrorKind::NotAChange => "this is a payment: ask with resolve",
            ResolveErrorKind::SnapshotOfAnother => "the snapshot is of another payment",
            ResolveErrorKind::AnotherPayment => "the answer is about another payment than the one that was asked for",
            ResolveErrorKind::Failed => "the inquiry failed, and would fail again",
            ResolveErrorKind::NoAnswer => "no good answer came within the deadline",
        };
        write!(f, "{found}; {}", self.unknown)
    }
}

impl std::error::Error for ResolveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inquiry_error().map(|error| error as _)
    }
}

/// Makes the `Debug` of a question: what it asks, not of whom.
macro_rules! shown {
    ($name:ident) => {
        impl<C: Caller> fmt::Debug for $name<'_, C> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("unknown", &self.unknown)
                    .field("pace", &self.pace)
                    .finish_non_exhaustive()
            }
        }
    };
}

shown!(Resolve);
shown!(ResolveChange);

#[cfg(test)]
mod tests;
