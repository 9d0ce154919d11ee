//! `paywall-demo`: every documented payload through its type, then the client against a local Paywall, step by step.

mod all;
mod calls;
mod confirmed;
mod inquiry;
mod lives;
mod messages;
mod operations;
mod refusals;
mod replays;
mod requests;
mod show;
mod wallet;

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use paywall_api::{Client, Credentials};
use paywall_contract::Document;
use paywall_sandbox::{Keys, Options, Running, Sandbox};

use crate::show::Show;

/// Every documented payload through its type, then the client against a local Paywall.
///
/// A payment's most telling steps over HTTP on loopback, what was sent and what came back, redacted,
/// and what a call looks like that does not succeed.
#[derive(Parser)]
#[command(
    name = "paywall-demo",
    version,
    verbatim_doc_comment,
    after_help = "Exit codes:\n  0  everything went as expected\n  1  something did not; it is listed at the end\n  2  the command line is wrong"
)]
struct Arguments {
    /// Also every operation once, every documented failure and every message, a line each
    #[arg(long)]
    all: bool,
    /// Nothing but calls that succeed, over this address: that of a proxy before the port of --port
    #[arg(long, value_name = "URL", requires = "port", conflicts_with = "all")]
    through: Option<String>,
    /// The port of the local Paywall [default: any that is free]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// With --through: a Paywall that remembers, and calls that build on each other
    #[arg(long, requires = "through")]
    stateful: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut show = Show::default();
    let shown = match &arguments.through {
        Some(address) => through(&mut show, &arguments, address),
        None => run(&mut show, &arguments),
    };
    if let Err(error) = shown {
        show.wrong(&format!("the demo broke off: {error}"));
    }
    show.nothing_leaked(&requests::SECRETS);
    show.close()
}

fn run(show: &mut Show, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let document = contract()?;
    replays::run(show, &document);
    let sandbox = sandbox(arguments)?;
    let paywall = client(&sandbox.base_address())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    show.part(&format!("The client against a local Paywall at {}", sandbox.base_address()));
    runtime.block_on(calls::run(show, &paywall))?;
    show.expect(sandbox.received().len() == 6, "the server has received six requests");
    show.part("What a call looks like that does not succeed");
    runtime.block_on(refusals::run(show, &paywall, &sandbox, &document));
    runtime.block_on(confirmed::run(show, &paywall, &sandbox, &document))?;
    if arguments.all {
        runtime.block_on(all::operations(show, &paywall, &sandbox, &document));
        runtime.block_on(all::failures(show, &paywall, &sandbox, &document));
        messages::run(show, &document);
    }
    sandbox.stop();
    Ok(())
}

/// Every call goes to a proxy that hands it on, and may hold both sides against the contract.
fn through(show: &mut Show, arguments: &Arguments, address: &str) -> Result<(), Box<dyn Error>> {
    let document = contract()?;
    let sandbox = sandbox(arguments)?;
    let paywall = client(address)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    show.part(&format!("The client against a local Paywall at {}, through {address}", sandbox.base_address()));
    if arguments.stateful {
        runtime.block_on(lives::run(show, &paywall, &document))?;
        runtime.block_on(wallet::run(show, &paywall))?;
    } else {
        runtime.block_on(calls::run(show, &paywall))?;
        runtime.block_on(all::operations(show, &paywall, &sandbox, &document));
    }
    every_operation_came(show, &sandbox, &document);
    sandbox.stop();
    Ok(())
}

fn every_operation_came(show: &mut Show, sandbox: &Running, document: &Document) {
    let came: BTreeSet<String> = sandbox.received().into_iter().filter_map(|received| received.operation).collect();
    let contract = paywall_contract::document::operations(document);
    let missing = contract.iter().map(paywall_contract::document::OperationNode::id).filter(|id| !came.contains(*id));
    let missing: Vec<&str> = missing.collect();
    let save = if missing.is_empty() { String::new() } else { format!(", save {}", missing.join(", ")) };
    show.expect(missing.is_empty(), &format!("every operation was called{save}"));
}

fn contract() -> Result<Document, paywall_contract::Findings> {
    paywall_contract::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec")))
}

fn sandbox(arguments: &Arguments) -> Result<Running, paywall_sandbox::Error> {
    let [public_key, public_client, private_key, private_client] = requests::KEYS;
    let options = Options::default()
        .port(arguments.port.unwrap_or_default())
        .keys("public", Keys::new(public_key, public_client))
        .keys("private", Keys::new(private_key, private_client));
    Sandbox::start(if arguments.stateful { options.stateful() } else { options })
}

fn client(address: &str) -> Result<Client, paywall_api::BuildError> {
    let [public_key, public_client, private_key, private_client] = requests::KEYS;
    Client::builder_at(address)
        .public_keys(Credentials::new(public_key, public_client))
        .private_keys(Credentials::new(private_key, private_client))
        .build()
}
