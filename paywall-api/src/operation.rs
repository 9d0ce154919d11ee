//! What is an operation of Paywall? A few facts and two types; sending is written once, elsewhere.

use std::io;

use http::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    Api, BankErrorPlaces, Echo, EnvelopePlaces, KeyPair, Parameters, RefusalPlaces, SessionPlaces, SuccessPlace,
    Validate, quietly,
};

/// An operation: what is sent where, what comes back, and what may be done when nothing does.
///
/// The generated services implement it. For an endpoint that the contract lacks, implement it yourself and send it
/// with [`Client::call`](crate::Client::call):
///
/// ```
/// use paywall_api::{Api, Checker, EnvelopePlaces, KeyPair, Operation, Retry, Validate, http};
///
/// static PAYMENT: Api = Api::new("payment", &[("test", "https://test-payment-api.itspaywall.com")]);
/// static PUBLIC: KeyPair = KeyPair::new("public", "apikeypublic", "apiclientpublic");
///
/// #[derive(serde::Serialize)]
/// struct Nothing {}
///
/// impl Validate for Nothing {
///     fn check(&self, _: &mut Checker) {}
/// }
///
/// struct Version;
///
/// impl Operation for Version {
///     type Request = Nothing;
///     type Response = String;
///     const ID: &'static str = "version";
///     const METHOD: http::Method = http::Method::GET;
///     const PATH: &'static str = "/api/paywall/version";
///     const API: &'static Api = &PAYMENT;
///     const KEYS: Option<&'static KeyPair> = Some(&PUBLIC);
///     const RETRY: Retry = Retry::Inquiry;
///     const ENVELOPE: &'static EnvelopePlaces = &paywall_api::meta::PAYMENT_ENVELOPE;
/// }
/// ```
pub trait Operation: 'static {
    /// What is sent.
    type Request: Serialize + Validate + Send + Sync;
    /// What a successful answer carries.
    type Response: DeserializeOwned + Send;

    /// Its operation id in the contract.
    const ID: &'static str;
    /// Its HTTP method.
    const METHOD: Method;
    /// Its path, with a leading slash. A part in braces is filled in with the field of that name: `/wallet/{id}`.
    const PATH: &'static str;
    /// The API it belongs to, which has the hosts.
    const API: &'static Api;
    /// The key pair that it takes, and the only one that it is sent.
    const KEYS: Option<&'static KeyPair>;
    /// When it may be sent again.
    const RETRY: Retry;
    /// Does it move money? Then its outcome is [`Unknown`](crate::Outcome::Unknown) unless something proves otherwise.
    const MOVES_MONEY: bool = false;
    /// What it does to a payment, where it moves money: by that an unknown outcome is found out.
    const EFFECT: Option<Effect> = None;
    /// The operation by which an unknown outcome is looked up, by its id. None where no page gives one: then nothing is
    /// concluded from any inquiry.
    const INQUIRY: Option<&'static str> = None;
    /// Where the request holds the merchant's own code: a JSON pointer.
    const MERCHANT_CODE: Option<&'static str> = None;
    /// What its answers are wrapped in; [`EnvelopePlaces::NONE`] where they are not.
    const ENVELOPE: &'static EnvelopePlaces;
    /// How the request travels.
    const INPUT: Input = Input::Body;
    /// Where a success may hold a failure.
    const REFUSALS: &'static [RefusalPlaces] = &[];
    /// Where a success must say that it is one, beyond its envelope.
    const SUCCESS: &'static [SuccessPlace] = &[];
    /// Where an answer repeats a field of the request: one that says something else answers another request.
    const ECHOES: &'static [Echo] = &[];
    /// Where an answer quotes the bank and the provider.
    const BANK_ERROR: BankErrorPlaces = BankErrorPlaces::NONE;
    /// Where an answer tells of a renewed session.
    const SESSION: Option<SessionPlaces> = None;
    /// Whether a call gets a connection of its own. On a shared one, an answer too many to the call before would be
    /// taken for the answer to this one, and of a refusal nobody could tell.
    const OWN_CONNECTION: bool = match Self::RETRY {
        Retry::Inquiry => Self::MOVES_MONEY,
        Retry::Repeatable | Retry::Unsent => true,
    };
    /// Whether bytes that are no UTF-8 spoil the text in which they stand, instead of the whole answer. For inquiries
    /// whose fields are read one by one.
    #[doc(hidden)]
    const LOSSY: bool = false;

    /// Writes the request's fields that travel outside of the body, for [`Input::Parameters`] and [`Input::Both`].
    fn parameters(_request: &Self::Request, _parameters: &mut Parameters) {}

    /// Writes the request's JSON body, for [`Input::Body`] and [`Input::Both`].
    ///
    /// # Errors
    ///
    /// What `out` says, or a value that cannot be written.
    fn write_body(request: &Self::Request, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer(out, request).map_err(io::Error::from)
    }

    /// The merchant's own code of the payment, by which it is found again.
    fn merchant_code(_request: &Self::Request) -> Option<&str> {
        None
    }
}

/// When an operation may be sent again.
///
/// | what happened | `Inquiry` | `Repeatable` | `Unsent` |
/// |---|---|---|---|
/// | nothing was sent (name, connection, TLS) | again | again | again |
/// | sent, no full answer (time-out, reset, cut) | again | again | never: the outcome is unknown |
/// | 429 or 503, with or without `Retry-After` | again | again | never |
/// | 500, 502, 504, an envelope with code 504 | again | again | never |
/// | any other refusal | no | no | no |
///
/// Waits are jittered and grow, `Retry-After` is kept, and all of it happens within the one deadline of the call: an
/// attempt that may be repeated takes at most an equal share of the time left, any other may take it all.
/// An operation that moves money is never sent a second time after its body has begun to leave, whatever its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retry {
    /// It changes nothing.
    Inquiry,
    /// It creates something of which a second one does no harm.
    Repeatable,
    /// It creates or changes something: again only while it provably was not sent.
    Unsent,
}

/// What an operation that moves money does to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Starts a payment.
    Payment,
    /// Takes a step of a payment that was started before: verifies or commits it.
    Completion,
    /// Takes an amount that was authorised before, or a part of it.
    Capture,
    /// Gives an authorised amount free again.
    Void,
    /// Pays all back, or all that is left.
    Refund,
    /// Pays a part back.
    PartialRefund,
    /// Undoes a payment on its own day.
    Cancel,
    /// Cancels or refunds, whichever the day asks for, in part where an amount is given.
    Revert,
}

/// What serde derives for it, its errors as serde writes them.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Effect", rename_all = "kebab-case")]
enum Derived {
    Payment,
    Completion,
    Capture,
    Void,
    Refund,
    PartialRefund,
    Cancel,
    Revert,
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Derived::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Effect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(Derived::deserialize(deserializer))
    }
}

impl Effect {
    /// Is it a payment itself, rather than a change of one?
    #[must_use]
    pub fn is_payment(self) -> bool {
        matches!(self, Self::Payment | Self::Completion)
    }
}

/// How the fields of a request travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// As a JSON body.
    Body,
    /// In the path, in the query and as headers in lower case. There is no body.
    Parameters,
    /// Some fields so, the others as a JSON body.
    Both,
    /// Not at all: there are no fields.
    Nothing,
}
