//! Every operation of the contract as a table: its facts, and a way to send a payload through its types.

use std::error::Error;
use std::pin::Pin;

use paywall_api::{Client, Effect, Input, Operation, Retry, redacted};
use paywall_contract::node::{Kind, Node};
use paywall_sandbox::text;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An operation without its types.
pub(crate) struct Listed {
    pub(crate) id: &'static str,
    pub(crate) input: Input,
    pub(crate) moves_money: bool,
    pub(crate) stage: Stage,
    /// The name of the key pair that it takes.
    pub(crate) pair: Option<&'static str>,
    /// Reads the JSON of a request as the operation's type, and sends it.
    pub(crate) call: fn(Client, String) -> Calling,
}

/// What becomes of a call.
pub(crate) type Calling = Pin<Box<dyn Future<Output = Result<Called, Box<dyn Error>>>>>;

/// What was sent, and what came.
pub(crate) struct Called {
    pub(crate) sent: Payload,
    pub(crate) came: Result<Payload, paywall_api::Error>,
}

/// A request or an answer, as it may be shown.
pub(crate) struct Payload {
    pub(crate) redacted: Node,
    /// What was masked: none of it may be printed.
    pub(crate) secrets: Vec<String>,
}

/// Where in a payment's life an operation has its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Around,
    Payment,
    Inquiry,
    Authorisation,
    MoneyBack,
}

impl Stage {
    pub(crate) const ALL: [Self; 5] =
        [Self::Around, Self::Payment, Self::Inquiry, Self::Authorisation, Self::MoneyBack];

    fn of<O: Operation>() -> Self {
        match (O::EFFECT, O::RETRY) {
            (Some(Effect::Payment), _) => Self::Payment,
            (Some(Effect::Capture | Effect::Void), _) => Self::Authorisation,
            (Some(_), _) => Self::MoneyBack,
            (None, Retry::Inquiry) => Self::Inquiry,
            (None, _) => Self::Around,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Around => "Around payments: sessions, accounts, tokens, members",
            Self::Payment => "A payment, started, verified and completed",
            Self::Inquiry => "What can be asked",
            Self::Authorisation => "An authorised amount, taken or given free",
            Self::MoneyBack => "Money back",
        }
    }
}

macro_rules! table {
    ($($operation:ty),*) => { vec![$(Listed::of::<$operation>()),*] };
}

/// Every operation, in the order of the contract.
pub(crate) fn all() -> Vec<Listed> {
    paywall_api::each_operation!(table)
}

impl Listed {
    fn of<O>() -> Self
    where
        O: Operation<Request: DeserializeOwned, Response: Serialize>,
    {
        Self {
            id: O::ID,
            input: O::INPUT,
            moves_money: O::MOVES_MONEY,
            stage: Stage::of::<O>(),
            pair: O::KEYS.map(paywall_api::KeyPair::name),
            call: call::<O>,
        }
    }
}

fn call<O>(client: Client, json: String) -> Calling
where
    O: Operation<Request: DeserializeOwned, Response: Serialize>,
{
    Box::pin(async move {
        let request: O::Request = serde_json::from_str(&json).map_err(|_| "the sample does not fit its type")?;
        // Where the request holds a code of its own, that one counts.
        let came = match client.call::<O>(&request).await {
            Ok(answer) => Ok(Payload::new(&answer)?),
            Err(error) => Err(error),
        };
        Ok(Called { sent: Payload::new(&request)?, came })
    })
}

impl Payload {
    fn new<T: Serialize>(value: &T) -> Result<Self, Box<dyn Error>> {
        let plain = text::read(&serde_json::to_string(value)?)?;
        let redacted = text::read(&redacted(value)?)?;
        let mut secrets = Vec::new();
        masked(&plain, &redacted, &mut secrets);
        // What the same payload also says openly, such as a city in an address and of an office, is no secret.
        let open = text::write(&redacted);
        secrets.retain(|secret| !open.contains(secret.as_str()));
        Ok(Self { redacted, secrets })
    }
}

/// Every text that reads otherwise when it is redacted.
fn masked(plain: &Node, redacted: &Node, secrets: &mut Vec<String>) {
    match (&plain.kind, &redacted.kind) {
        (Kind::Map(plain), Kind::Map(redacted)) => {
            plain.iter().zip(redacted).for_each(|(plain, redacted)| masked(&plain.value, &redacted.value, secrets));
        }
        (Kind::List(plain), Kind::List(redacted)) => {
            plain.iter().zip(redacted).for_each(|(plain, redacted)| masked(plain, redacted, secrets));
        }
        (Kind::Text(plain), redacted) if *redacted != Kind::Text(plain.clone()) => secrets.push(plain.clone()),
        _ => {}
    }
}
