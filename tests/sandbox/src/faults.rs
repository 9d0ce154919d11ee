//! What goes wrong on demand: of which operation, how often, and before or after the bank has done its work?

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::{HeaderMap, StatusCode};
use paywall_contract::node::{At, Entry, Kind, Node};

use crate::contract::Contract;
use crate::script::Touch;
use crate::{Error, Fault, Reply};

/// The request header that asks for one fault.
pub(crate) const HEADER: &str = "x-sandbox-fault";

/// The language of faults, as a person reads it.
pub const FAULTS: &str = "\
Faults, as --faults OPERATION=FAULT[@PROBABILITY],… (`*` for every operation) or for one request by the header
x-sandbox-fault: FAULT

  latency:MS       the answer comes so much later
  refused[:MS]     the connection is reset, and for so long (1000) every new one is refused: the listener is closed
  reset            the connection is reset instead of an answer
  never-answer     the connection stays open and silent
  500, 502, 504    this status, and a line of text
  html             status 200 and a page of HTML
  unknown-code     an envelope that refuses with code 987654, which no page documents
  429[:SECONDS]    too many requests, with Retry-After (1); the bank is never asked
  cut-body[:BYTES] the usual answer, reset after so many bytes of its body (20)
  slow-trickle[:MS] the usual answer, a byte at a time, so much (20) between them
  extra-fields     the usual answer with fields that no page documents
  renewed-session  the usual answer, in which the Masterpass session is renewed

reset, never-answer, 500, 502, 504, html and unknown-code strike after the bank has done its work, so that an inquiry
finds the payment: say reset-before-commit and so on for a bank that was never asked.
Of several faults for one request every latency counts, and the first of the others that strikes.
Example: --faults 'start3dPayment=reset-after-commit@0.1,*=latency:200'";

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mishap {
    Latency(Duration),
    Refused(Duration),
    Instead(Instead, When),
    TooMany(u64),
    CutBody(usize),
    SlowTrickle(Duration),
    ExtraFields,
    RenewedSession,
}

/// What comes instead of the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Instead {
    Reset,
    Silence,
    Status(u16),
    Html,
    UnknownCode,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum When {
    BeforeCommit,
    AfterCommit,
}

const MOST: Duration = Duration::from_secs(600);

impl FromStr for Mishap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = text.split_once(':').map_or((text, None), |(name, number)| (name, Some(number)));
        let number = |usual: Option<u64>| match number {
            None => usual.ok_or_else(|| format!("the fault {name} needs a number: {name}:200")),
            Some(text) => text.parse().map_err(|_| format!("the fault {name} takes a whole number")),
        };
        let time = |usual| number(usual).map(|ms| Duration::from_millis(ms).min(MOST));
        let plain = |mishap| if text == name { Ok(mishap) } else { Err(unknown()) };
        match name {
            "latency" => time(None).map(Self::Latency),
            "refused" => time(Some(1000)).map(Self::Refused),
            "429" => number(Some(1)).map(Self::TooMany),
            "cut-body" => number(Some(20)).map(|bytes| Self::CutBody(usize::try_from(bytes).unwrap_or(usize::MAX))),
            "slow-trickle" => time(Some(20)).map(Self::SlowTrickle),
            "extra-fields" => plain(Self::ExtraFields),
            "renewed-session" => plain(Self::RenewedSession),
            _ => instead(text),
        }
    }
}

fn instead(text: &str) -> Result<Mishap, String> {
    let before = text.strip_suffix("-before-commit").map(|name| (name, When::BeforeCommit));
    let after = || (text.strip_suffix("-after-commit").unwrap_or(text), When::AfterCommit);
    let (name, when) = before.unwrap_or_else(after);
    let instead = match name {
        "reset" => Instead::Reset,
        "never-answer" => Instead::Silence,
        "500" => Instead::Status(500),
        "502" => Instead::Status(502),
        "504" => Instead::Status(504),
        "html" => Instead::Html,
        "unknown-code" => Instead::UnknownCode,
        _ => return Err(unknown()),
    };
    Ok(Mishap::Instead(instead, when))
}

/// What was given is not repeated: it may come from a header.
fn unknown() -> String {
    "there is no such fault: --help of paywall-sandbox lists them".to_owned()
}

impl Mishap {
    /// What it is called, without its numbers.
    fn name(self) -> String {
        match self {
            Self::Latency(_) => "latency".to_owned(),
            Self::Refused(_) => "refused".to_owned(),
            Self::TooMany(_) => "429".to_owned(),
            Self::CutBody(_) => "cut-body".to_owned(),
            Self::SlowTrickle(_) => "slow-trickle".to_owned(),
            Self::ExtraFields => "extra-fields".to_owned(),
            Self::RenewedSession => "renewed-session".to_owned(),
            Self::Instead(instead, When::BeforeCommit) => format!("{instead}-before-commit"),
            Self::Instead(instead, When::AfterCommit) => format!("{instead}-after-commit"),
        }
    }

    fn reply(self) -> Reply {
        match self {
            Self::Latency(time) => Reply::usual().after(time),
            Self::Refused(time) => Reply::reset().closing_the_door(time),
            Self::TooMany(seconds) => {
                text(StatusCode::TOO_MANY_REQUESTS, "too many requests").header("retry-after", seconds.to_string())
            }
            Self::CutBody(bytes) => Reply::usual().cut_body(bytes, Fault::Reset),
            Self::SlowTrickle(pause) => Reply::usual().trickled(pause),
            Self::ExtraFields => Reply::usual().touched(Touch::ExtraFields),
            Self::RenewedSession => Reply::usual().touched(Touch::RenewedSession),
            Self::Instead(instead, When::BeforeCommit) => instead.reply(),
            Self::Instead(instead, When::AfterCommit) => instead.reply().after_commit(),
        }
    }
}

impl Instead {
    fn reply(self) -> Reply {
        match self {
            Self::Reset => Reply::reset(),
            Self::Silence => Reply::never(),
            Self::Status(500) => text(StatusCode::INTERNAL_SERVER_ERROR, "internal server error"),
            Self::Status(502) => text(StatusCode::BAD_GATEWAY, "bad gateway"),
            Self::Status(_) => text(StatusCode::GATEWAY_TIMEOUT, "gateway timeout"),
            Self::Html => {
                let page = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>";
                Reply::new(StatusCode::OK).header("content-type", "text/html; charset=utf-8").body(page)
            }
            Self::UnknownCode => Reply::refusal(StatusCode::OK, UNKNOWN_CODE, "a code that no page documents"),
        }
    }
}

/// No list of the contract has it.
const UNKNOWN_CODE: i64 = 987_654;

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reset => f.write_str("reset"),
            Self::Silence => f.write_str("never-answer"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Html => f.write_str("html"),
            Self::UnknownCode => f.write_str("unknown-code"),
        }
    }
}

fn text(status: StatusCode, body: &'static str) -> Reply {
    Reply::new(status).header("content-type", "text/plain; charset=utf-8").body(body)
}

/// Faults of operations, each with its probability. [`FAULTS`] is its language.
///
/// ```
/// let faults: paywall_sandbox::Faults = "start3dPayment=reset-after-commit@0.1,*=latency:200".parse()?;
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Faults {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    /// Nothing for every request.
    operation: Option<String>,
    mishap: Mishap,
    probability: f64,
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rules = text.split(',').map(|rule| rule.trim().parse());
        Ok(Self { rules: rules.collect::<Result<_, String>>()? })
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected OPERATION=FAULT or OPERATION=FAULT@PROBABILITY, separated by commas".to_owned();
        let (operation, fault) = text.split_once('=').ok_or_else(expected)?;
        let (fault, probability) = fault.split_once('@').unwrap_or((fault, "1"));
        let probability = probability.parse().ok().filter(|found| (0.0..=1.0).contains(found));
        let operation = Some(operation.trim().to_owned()).filter(|name| name != "*");
        if operation.as_deref() == Some("") {
            return Err(expected());
        }
        let probability = probability.ok_or("a probability is a number from 0 to 1")?;
        Ok(Self { operation, mishap: fault.trim().parse()?, probability })
    }
}

impl Faults {
    /// An operation that the contract does not have would never strike.
    pub(crate) fn check(&self, contract: &Contract) -> Result<(), Error> {
        let names = self.rules.iter().filter_map(|rule| rule.operation.as_deref());
        match names.into_iter().find(|name| contract.endpoint(name).is_none()) {
            None => Ok(()),
            Some(stranger) => {
                let known = contract.endpoints.iter().map(|endpoint| endpoint.operation.clone()).collect();
                Err(Error::UnknownOperation { operation: stranger.to_owned(), known })
            }
        }
    }
}

/// What goes wrong with each request, by chance that a seed repeats.
#[derive(Debug)]
pub(crate) struct Chance {
    faults: Faults,
    latency: Option<RangeInclusive<Duration>>,
    random: Mutex<fastrand::Rng>,
}

impl Chance {
    pub(crate) fn new(faults: Faults, latency: Option<RangeInclusive<Duration>>, seed: u64) -> Self {
        // The bank draws from the same seed, and must not draw the same numbers.
        let random = fastrand::Rng::with_seed(seed ^ 0x6661_756c_7473);
        Self { faults, latency, random: Mutex::new(random) }
    }

    /// The reply to a request of this operation, and what its fault is called.
    pub(crate) fn reply(&self, operation: Option<&str>, headers: &HeaderMap) -> (Reply, Option<String>) {
        let mut struck = self.struck(operation);
        match asked(headers) {
            None => {}
            Some(Ok(mishap)) => struck.insert(0, mishap),
            Some(Err(why)) => return (wrong(&why), None),
        }
        let first = struck.iter().copied().find(|mishap| !matches!(mishap, Mishap::Latency(_)));
        let waits = struck.iter().map(|mishap| if let Mishap::Latency(time) = mishap { *time } else { Duration::ZERO });
        let wait = waits.sum::<Duration>() + self.latency();
        let name = first.or(struck.first().copied()).map(Mishap::name);
        (first.map_or_else(Reply::usual, Mishap::reply).after(wait), name)
    }

    fn struck(&self, operation: Option<&str>) -> Vec<Mishap> {
        let concerned = |rule: &&Rule| match (&rule.operation, operation) {
            (Some(own), Some(operation)) => own == operation,
            (own, operation) => own.is_none() && operation.is_some(),
        };
        let rules = self.faults.rules.iter().filter(concerned);
        rules.filter(|rule| self.random().f64() < rule.probability).map(|rule| rule.mishap).collect()
    }

    fn latency(&self) -> Duration {
        let Some(range) = &self.latency else { return Duration::ZERO };
        let milliseconds = |time: &Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.random().u64(milliseconds(range.start())..=milliseconds(range.end())))
    }

    fn random(&self) -> std::sync::MutexGuard<'_, fastrand::Rng> {
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn asked(headers: &HeaderMap) -> Option<Result<Mishap, String>> {
    let value = headers.get(HEADER)?;
    Some(value.to_str().map_err(|_| unknown()).and_then(|text| text.trim().parse()))
}

fn wrong(why: &str) -> Reply {
    let reply = Reply::new(StatusCode::BAD_REQUEST).header("content-type", "text/plain; charset=utf-8");
    reply.body(format!("{HEADER}: {why}\n"))
}

/// The answer with what a fault adds to it; as it is where it is no JSON.
pub(crate) fn touched(answer: &str, touch: Touch) -> Option<String> {
    let mut node = crate::text::read(answer).ok()?;
    match touch {
        Touch::ExtraFields => widen(&mut node),
        Touch::RenewedSession => renew(&mut node)?,
    }
    Some(crate::text::write(&node))
}

/// Every object gets a field more.
fn widen(node: &mut Node) {
    match &mut node.kind {
        Kind::List(elements) => elements.iter_mut().for_each(widen),
        Kind::Map(entries) => {
            for entry in entries.iter_mut() {
                widen(&mut entry.value);
            }
            let extra = Kind::Text("a field that no page documents".to_owned());
            entries.push(Entry { key: "SandboxExtra".to_owned(), at: at(), value: Node { at: at(), kind: extra } });
        }
        _ => {}
    }
}

/// Says of the session of an answer without state that it was renewed.
fn renew(node: &mut Node) -> Option<()> {
    let session = field(field(node, "Body")?, "Session")?;
    field(session, "SessionRenewed")?.kind = Kind::Bool(true);
    field(session, "SessionId")?.kind = Kind::Text("99999999-renewed-by-the-sandbox".to_owned());
    Some(())
}

fn field<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Kind::Map(entries) = &mut node.kind else { return None };
    entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value)
}

fn at() -> At {
    At::start_of("fault")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Result<Faults, String> {
        text.parse()
    }

    #[test]
    fn every_fault_that_the_language_names_is_read() {
        let words = FAULTS.lines().filter_map(|line| line.strip_prefix("  ")).flat_map(|line| {
            let names = line.split("  ").next().unwrap_or_default().split_once(" the ").map_or(line, |(name, _)| name);
            names.split("  ").next().unwrap_or_default().split(", ").collect::<Vec<_>>()
        });
        let names = words.map(|word| word.split(['[', ':']).next().unwrap_or_default().trim().to_owned());
        let names: Vec<String> = names.collect();
        assert_eq!(names.len(), 14, "{names:?}");
        for name in names {
            let text = if name == "latency" { "latency:5".to_owned() } else { name };
            assert!(faults(&format!("*={text}")).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_fault_is_refused_and_not_repeated() {
        for text in
            ["", "x", "=reset", "*=latency", "*=latency:soon", "*=hush", "*=reset@2", "*=reset@hush", "*=html:3"]
        {
            let why = faults(text).expect_err(text);
            assert!(!why.contains("hush"), "{why}");
        }
    }

    #[test]
    fn a_fault_is_named_with_the_side_of_the_bank_that_it_strikes_on() {
        let name = |text: &str| text.parse::<Mishap>().map(Mishap::name);
        assert_eq!(name("reset"), Ok("reset-after-commit".to_owned()));
        assert_eq!(name("502-before-commit"), Ok("502-before-commit".to_owned()));
        assert_eq!(name("cut-body:7"), Ok("cut-body".to_owned()));
    }

    #[test]
    fn a_seed_repeats_the_same_day() {
        let day = |seed| {
            let chance = Chance::new(faults("*=reset@0.5,a=latency:3@0.5").expect("faults"), None, seed);
            (0..64).map(|_| chance.reply(Some("a"), &HeaderMap::new()).1).collect::<Vec<_>>()
        };
        assert_eq!(day(7), day(7));
        assert_ne!(day(7), day(8));
        assert!(day(7).contains(&None) && day(7).contains(&Some("latency".to_owned())));
    }
}
