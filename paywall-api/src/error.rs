//! What went wrong, and what became of the call? One opaque error, which shows nothing of cards, keys or bodies.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::decode::shown;
use crate::envelope::Code;
use crate::object::says_nothing;
use crate::objects;
use crate::outcome::is_worth_asking_again;
use crate::unknown::Known;
use crate::{
    BankError, CodeEntry, Effect, EnvelopePlaces, ErrorDetail, ErrorTable, InnerRefusal, Operation, Outcome, Renewal,
    Retry, Unknown, Violation,
};

/// A call that did not succeed.
///
/// Look at the [`outcome`](Error::outcome) first. `Display` is one line without anything of the request or of the
/// answer but numbers; the accessors have the rest.
pub struct Error {
    inner: Box<Inner>,
}

/// What went wrong. [`Error::outcome`] says what became of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client has no usable address for this operation.
    Configuration,
    /// The key pair of this operation was not given.
    KeysMissing,
    /// The request breaks a documented rule: [`Error::violations`].
    Invalid,
    /// The request cannot be written as JSON, as headers or into its address.
    Encode,
    /// The call was made where it cannot wait: no Tokio runtime, or a blocking call inside one.
    Runtime,
    /// No connection came about: name, network or TLS.
    Connect,
    /// The server's certificate is not trusted: nobody knows who would have got the request.
    Certificate,
    /// The deadline passed.
    Timeout,
    /// The connection broke, or the answer broke off.
    Transport,
    /// The answer is larger than the client allows.
    TooLarge,
    /// Paywall answered with a redirect, which is not followed.
    Redirect,
    /// An HTTP status without an envelope: a proxy or gateway answered.
    Status,
    /// The answer, or its `Body`, is not what the contract says.
    Decode,
    /// The answer says yes and no at once: `Result`, `ErrorCode` and HTTP status disagree.
    Contradiction,
    /// Paywall refused: [`Error::code`].
    Refused,
    /// The envelope says success, and inside it somebody refused: [`Error::inner_refusal`].
    RefusedInside,
}

struct Inner {
    operation: &'static str,
    moves_money: bool,
    effect: Option<Effect>,
    inquiry: Option<&'static str>,
    retry: Retry,
    envelope: &'static EnvelopePlaces,
    kind: ErrorKind,
    outcome: Outcome,
    found: Cow<'static, str>,
    facts: Facts,
    merchant_code: Option<String>,
    correlation: Option<String>,
    violations: Vec<Violation>,
    attempts: u32,
    /// When the call ended: the last moment at which anything may have left.
    ended_at: SystemTime,
}

/// What is known of a failure, as far as it came.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) status: Option<StatusCode>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) code: Option<Code>,
    pub(crate) errors: Vec<ErrorDetail>,
    pub(crate) code_type: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) body: Option<Zeroizing<String>>,
    pub(crate) inner: Option<InnerRefusal>,
    pub(crate) bank: Option<BankError>,
    pub(crate) renewal: Option<Renewal>,
    pub(crate) path: Option<String>,
    pub(crate) source: Option<Cause>,
    /// Does the answer say anything beyond its documented members?
    pub(crate) says_more: bool,
}

impl Error {
    /// An error of `O`: `found` says what was found, in lower case, with nothing of the other side's text.
    pub(crate) fn new<O: Operation>(kind: ErrorKind, outcome: Outcome, found: impl Into<Cow<'static, str>>) -> Self {
        let inner = Inner {
            operation: O::ID,
            moves_money: O::MOVES_MONEY,
            effect: O::EFFECT,
            inquiry: O::INQUIRY,
            retry: O::RETRY,
            envelope: O::ENVELOPE,
            kind,
            outcome,
            found: found.into(),
            facts: Facts::default(),
            merchant_code: None,
            correlation: None,
            violations: Vec::new(),
            attempts: 0,
            ended_at: SystemTime::now(),
        };
        Self { inner: Box::new(inner) }
    }

    pub(crate) fn with_facts(mut self, facts: Facts) -> Self {
        self.inner.facts = facts;
        self
    }

    pub(crate) fn with_violations(mut self, violations: Vec<Violation>) -> Self {
        self.inner.violations = violations;
        self
    }

    pub(crate) fn with_call(mut self, merchant_code: Option<&str>, correlation: Option<&str>) -> Self {
        self.inner.merchant_code = merchant_code.map(str::to_owned);
        self.inner.correlation = correlation.map(str::to_owned);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// An earlier attempt was sent, so that this one was not proves nothing any more.
    pub(crate) fn after_sending(mut self) -> Self {
        if self.inner.outcome == Outcome::NotSent {
            self.inner.outcome = Outcome::Unknown;
        }
        self
    }

    /// May the same request get an answer a moment later?
    pub(crate) fn is_worth_asking_again(&self) -> bool {
        match self.inner.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Status | ErrorKind::Refused | ErrorKind::Contradiction => {
                self.inner.facts.status.is_some_and(|status| is_worth_asking_again(status, self.code()))
            }
            _ => false,
        }
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.inner.facts.retry_after
    }

    /// Did the answer say nothing but its code and words?
    pub(crate) fn says_nothing_else(&self) -> bool {
        let body = self.inner.facts.body.as_ref();
        !self.inner.facts.says_more && body.is_none_or(|body| says_nothing(body))
    }

    /// The id of the operation, as in the contract.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.inner.operation
    }

    /// What became of the call.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.inner.outcome
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Did nothing leave this machine?
    #[must_use]
    pub fn is_not_sent(&self) -> bool {
        self.inner.outcome == Outcome::NotSent
    }

    /// May the same call be made again as it is? Only if nothing left this machine and the connection was at fault;
    /// a request that breaks a rule, missing keys or a wrong address stay what they are.
    #[must_use]
    pub fn may_be_made_again(&self) -> bool {
        let connection = matches!(self.inner.kind, ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport);
        self.is_not_sent() && connection
    }

    /// Did Paywall or the bank say no? Of a payment: nothing was charged.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.inner.outcome == Outcome::Refused
    }

    /// May it have taken effect?
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.inner.outcome == Outcome::Unknown
    }

    /// Did the deadline pass?
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == ErrorKind::Timeout
    }

    /// Did no connection come about?
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.inner.kind == ErrorKind::Connect
    }

    /// Is the server's certificate not trusted? Nothing was sent, and trying again changes nothing.
    #[must_use]
    pub fn is_certificate_untrusted(&self) -> bool {
        self.inner.kind == ErrorKind::Certificate
    }

    /// Was the request refused here, because it breaks a documented rule?
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.inner.kind == ErrorKind::Invalid
    }

    /// Was the answer not what the contract says?
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.inner.kind == ErrorKind::Decode
    }

    /// What to keep of a call that created, changed or paid something and whose outcome is unknown.
    ///
    /// None for inquiries and for what may be repeated at will: there is nothing to find out. A payment goes on with
    /// [`resolve`](crate::payments::Payments::resolve), a refund or the like with
    /// [`resolve_change`](crate::payments::Payments::resolve_change).
    #[must_use]
    pub fn unknown(&self) -> Option<Unknown> {
        let lasting = self.is_unknown() && (self.inner.moves_money || self.inner.retry == Retry::Unsent);
        lasting.then(|| {
            let Inner { operation: id, moves_money, effect, inquiry, ref merchant_code, ended_at, .. } = *self.inner;
            Known { id, moves_money, effect, inquiry }.unknown(merchant_code.clone(), ended_at)
        })
    }

    /// The HTTP status, where an answer came.
    #[must_use]
    pub fn http_status(&self) -> Option<StatusCode> {
        self.inner.facts.status
    }

    /// Paywall's code, where it is a number. Of an envelope whose codes are texts, [`code_text`](Error::code_text) has it.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        if let Some(Code::Number(code)) = self.inner.facts.code { Some(code) } else { None }
    }

    /// Paywall's code, where it is a text.
    #[must_use]
    pub fn code_text(&self) -> Option<&str> {
        if let Some(Code::Text(code)) = &self.inner.facts.code { Some(code) } else { None }
    }

    /// What went wrong, one by one, where the answer lists it.
    #[must_use]
    pub fn errors(&self) -> &[ErrorDetail] {
        &self.inner.facts.errors
    }

    /// Paywall's `ErrorCodeType`, which is documented nowhere.
    #[must_use]
    pub fn code_type(&self) -> Option<i64> {
        self.inner.facts.code_type
    }

    /// Every documented reading of Paywall's code: which of its numberings an answer uses is documented nowhere. None
    /// of code 0, which is no error of Paywall's.
    pub fn meanings(&self) -> impl Iterator<Item = (&'static ErrorTable, &'static CodeEntry)> + use<> {
        let code = self.code().filter(|code| *code != 0);
        let tables = self.inner.envelope.codes.iter().copied();
        tables.filter_map(move |table| Some((table, table.lookup(code?)?)))
    }

    /// Every documented reading of a code that is a text.
    pub fn text_meanings(
        &self,
    ) -> impl Iterator<Item = (&'static ErrorTable<&'static str>, &'static CodeEntry<&'static str>)> {
        let tables = self.inner.envelope.text_codes.iter().copied();
        tables.filter_map(move |table| Some((table, table.find(self.code_text()?)?)))
    }

    /// Paywall's message, as it came. It may hold personal data.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.inner.facts.message.as_deref()
    }

    /// What the bank and the provider said.
    #[must_use]
    pub fn bank_error(&self) -> Option<&BankError> {
        self.inner.facts.bank.as_ref()
    }

    /// Who refused inside the answer, and how.
    #[must_use]
    pub fn inner_refusal(&self) -> Option<&InnerRefusal> {
        self.inner.facts.inner.as_ref()
    }

    /// The session that a refusal brought. A call made `in_session` has followed it already.
    #[must_use]
    pub fn renewal(&self) -> Option<&Renewal> {
        self.inner.facts.renewal.as_ref()
    }

    /// The `Body` of a refusal as a type of the caller's, where there is one and it fits.
    #[must_use]
    pub fn decode_body<T: DeserializeOwned>(&self) -> Option<T> {
        let body = self.inner.facts.body.as_ref()?;
        objects::read(body).ok()
    }

    /// Where in the answer decoding failed: a JSON pointer.
    #[must_use]
    pub fn decode_path(&self) -> Option<&str> {
        self.inner.facts.path.as_deref()
    }

    /// What of the request breaks a documented rule, warnings included.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.inner.violations
    }

    /// How often the request was tried; 0 where it failed before.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The merchant's own code of the payment.
    #[must_use]
    pub fn merchant_code(&self) -> Option<&str> {
        self.inner.merchant_code.as_deref()
    }

    /// The correlation text that the caller gave.
    #[must_use]
    pub fn correlation(&self) -> Option<&str> {
        self.inner.correlation.as_deref()
    }

    fn advice(&self) -> &'static str {
        let Inner { outcome, moves_money, retry, .. } = *self.inner;
        match outcome {
            Outcome::NotSent => "nothing was sent",
            Outcome::Refused if moves_money => "nothing was charged",
            Outcome::Refused => "nothing was done",
            Outcome::Unknown if moves_money => {
                "the outcome is unknown: look the payment up before anything else, never send it again"
            }
            Outcome::Unknown if retry == Retry::Unsent => {
                "the outcome is unknown: find out whether it took effect before sending it again"
            }
            Outcome::Unknown => "it may be sent again",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation(), self.inner.found)?;
        for (table, entry) in self.meanings() {
            write!(f, " ({}: {})", table.name(), entry.meaning())?;
        }
        if let Some(path) = self.decode_path() {
            write!(f, " at {path}")?;
        }
        write!(f, "; {}", self.advice())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.operation())
            .field("kind", &self.kind())
            .field("outcome", &self.outcome())
            .field("found", &self.inner.found)
            .field("http_status", &self.http_status().map(|status| status.as_u16()))
            .field("code", &self.code().map(shown))
            .field("code_text", &self.text_meanings().next().map(|(_, entry)| entry.code()))
            .field("inner_refusal", &self.inner_refusal())
            .field("decode_path", &self.decode_path())
            .field("violations", &self.violations())
            .field("attempts", &self.attempts())
            .field("correlation", &self.correlation())
            .field("source", &self.inner.facts.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.facts.source.as_ref().map(|cause| cause as _)
    }
}

/// What lies behind a failure of the transport: the texts of its chain, without addresses and without types that
/// would make another crate's version part of this one's interface.
pub(crate) struct Cause {
    text: String,
    next: Option<Box<Cause>>,
}

impl Cause {
    pub(crate) fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        Self { text: error.to_string(), next: error.source().map(|source| Box::new(Self::of(source))) }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)?;
        self.next.iter().try_for_each(|next| write!(f, ": {next:?}"))
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.next.as_ref().map(|next| next as _)
    }
}

/// A client that cannot be built as described. Nothing was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct BuildError {
    found: String,
}

impl BuildError {
    pub(crate) fn new(found: impl Into<String>) -> Self {
        Self { found: found.into() }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.found)
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildError({:?})", self.found)
    }
}

impl std::error::Error for BuildError {}
