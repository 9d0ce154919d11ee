//! `paywall-demo`: every documented payload through its type, then the client against a local Paywall, step by step.

mod all;
mod calls;
mod confirmed;
mod inquiry;
mod messages;
mod operations;
mod refusals;
mod replays;
mod requests;
mod show;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use paywall_api::{Client, Credentials};
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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut show = Show::default();
    if let Err(error) = run(&mut show, &arguments) {
        show.wrong(&format!("the demo broke off: {error}"));
    }
    show.nothing_leaked(&requests::SECRETS);
    show.close()
}

fn run(show: &mut Show, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let document = codegen::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec")))?;
    replays::run(show, &document);
    let sandbox = sandbox()?;
    let paywall = client(&sandbox)?;
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

fn sandbox() -> Result<Running, paywall_sandbox::Error> {
    let [public_key, public_client, private_key, private_client] = requests::KEYS;
    let options = Options::default()
        .keys("public", Keys::new(public_key, public_client))
        .keys("private", Keys::new(private_key, private_client));
    Sandbox::start(options)
}

fn client(sandbox: &Running) -> Result<Client, paywall_api::BuildError> {
    let [public_key, public_client, private_key, private_client] = requests::KEYS;
    Client::builder_at(sandbox.base_address())
        .public_keys(Credentials::new(public_key, public_client))
        .private_keys(Credentials::new(private_key, private_client))
        .build()
}
