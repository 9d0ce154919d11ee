//! Does every operation work? Each once over HTTP with its documented request, then every documented failure.
//!
//! The operations and the payloads come from the contract: a new endpoint appears here by itself.

use std::error::Error;

use paywall_api::{Client, ErrorKind, Input, Outcome};
use paywall_contract::Document;
use paywall_contract::node::{Kind, Node};
use paywall_contract::sample::{self, Part, Sample};
use paywall_sandbox::{Received, Reply, Running, text, whole};

use crate::operations::{self, Called, Listed, Payload, Stage};
use crate::show::Show;

/// Sends every operation once, in the order of a payment's life.
pub(crate) async fn operations(show: &mut Show, paywall: &Client, sandbox: &Running, document: &Document) {
    let listed = operations::all();
    show.part(&format!("Every operation once: {}, in the order of a payment's life", listed.len()));
    let contract = paywall_contract::document::operations(document).len();
    show.expect(listed.len() == contract, "the client has every operation of the contract");
    for stage in Stage::ALL {
        show.step(stage.title());
        for operation in listed.iter().filter(|operation| operation.stage == stage) {
            if let Err(error) = once(show, paywall, sandbox, document, operation).await {
                show.wrong(&format!("{}: {error}", operation.id));
            }
        }
    }
}

async fn once(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
    operation: &Listed,
) -> Result<(), Box<dyn Error>> {
    let before = sandbox.received().len();
    let called = documented(paywall, document, operation).await?;
    show.plant(&called.sent.secrets);
    let came = called.came?;
    show.plant(&came.secrets);
    let received = sandbox.received().split_off(before);
    let [received] = received.as_slice() else {
        return Err(format!("the server has received {} requests", received.len()).into());
    };
    let line = format!("{} -> {}", sent(operation, &called.sent, received), brief(&came.redacted));
    show.expect(received.operation.as_deref() == Some(operation.id), &line);
    Ok(())
}

/// Which operation went where, by which keys, with what.
fn sent(operation: &Listed, payload: &Payload, received: &Received) -> String {
    let keys = operation.pair.map_or_else(|| "no keys".to_owned(), |pair| format!("{pair} keys"));
    let with = match operation.input {
        Input::Nothing => String::new(),
        Input::Parameters => format!(", headers {}", brief(&payload.redacted)),
        _ => format!(", {}", brief(&payload.redacted)),
    };
    format!("{}: {} {}, {keys}{with}", operation.id, received.method, received.path)
}

/// Lets the server answer with every documented failure, and shows as what it comes back.
pub(crate) async fn failures(show: &mut Show, paywall: &Client, sandbox: &Running, document: &Document) {
    let samples: Vec<Sample<'_>> = sample::all(document).into_iter().filter(is_refusal).collect();
    show.part(&format!("Every documented failure, as the refusal that it is: {}", samples.len()));
    for sample in &samples {
        if let Err(error) = failure(show, paywall, sandbox, document, sample).await {
            show.wrong(&format!("{}: {error}", sample.path));
        }
    }
    show.expect(!samples.is_empty() && sandbox.script().left() == 0, "there are failures, and each was answered");
}

fn is_refusal(sample: &Sample<'_>) -> bool {
    let outcome = sample.entry.and_then(|entry| entry.value.text_of("outcome"));
    sample.part == Part::Response && outcome == Some("refused")
}

async fn failure(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
    sample: &Sample<'_>,
) -> Result<(), Box<dyn Error>> {
    let listed = operations::all();
    let operation = listed.iter().find(|one| one.id == sample.operation).ok_or("there is no such operation")?;
    sandbox.script().next(operation.id, Reply::sample(sample.case))?;
    let called = documented(paywall, document, operation).await?;
    let error = called.came.err().ok_or("it comes back as a success")?;
    let is_refusal = matches!(error.kind(), ErrorKind::Refused | ErrorKind::RefusedInside);
    // Of what moves money, only a proof that nothing was charged makes a refusal; else the payment is looked up.
    let is_told = error.is_refused() || (operation.moves_money && error.unknown().is_some());
    show.expect(is_refusal && is_told, &format!("{}/{}: {}", sample.operation, sample.case, told(&error)));
    Ok(())
}

/// Kind, code and outcome of an error.
fn told(error: &paywall_api::Error) -> String {
    let inner = error.inner_refusal().map(|inner| format!(", {} {}", inner.who(), inner.code().unwrap_or_default()));
    let code = error.code().unwrap_or_default();
    let outcome = match error.outcome() {
        Outcome::NotSent => "nothing was sent",
        Outcome::Refused => "nothing was done",
        Outcome::Unknown => "unproven, to be looked up",
    };
    format!("{:?}, code {code}{}: {outcome}", error.kind(), inner.unwrap_or_default())
}

/// Sends the documented request of an operation.
pub(crate) async fn documented(
    paywall: &Client,
    document: &Document,
    operation: &Listed,
) -> Result<Called, Box<dyn Error>> {
    (operation.call)(paywall.clone(), request(document, operation)?).await
}

/// The JSON of the documented request, as the operation's type reads it.
fn request(document: &Document, operation: &Listed) -> Result<String, Box<dyn Error>> {
    if operation.input == Input::Nothing {
        return Ok("null".to_owned());
    }
    let samples = sample::all(document);
    let own = || samples.iter().filter(|one| one.operation == operation.id && one.part == Part::Request);
    let documented = own().find(|one| one.case == "page").or_else(|| own().next());
    let documented = documented.ok_or("no request is documented")?;
    Ok(text::write(&whole(document, documented)))
}

/// The shape of a payload in a few words: names of fields, not what is in them.
fn brief(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Text(text) if text.is_empty() => "nothing".to_owned(),
        Kind::List(elements) => format!("{} of {}", elements.len(), elements.first().map(brief).unwrap_or_default()),
        Kind::Map(entries) => {
            let mut names: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).take(SHOWN).collect();
            let more = entries.len() - names.len();
            let more = format!("{more} more");
            if entries.len() > names.len() {
                names.push(&more);
            }
            format!("{{{}}}", names.join(", "))
        }
        _ => text::write(node),
    }
}

/// So many fields are named.
const SHOWN: usize = 4;
