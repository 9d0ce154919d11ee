//! The two programs as a person starts them.

#![cfg(unix)]

mod wire;

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

use wire::{Asked, PUBLIC, TOKEN};

const SANDBOX: &str = env!("CARGO_BIN_EXE_paywall-sandbox");
const DEMO: &str = env!("CARGO_BIN_EXE_paywall-demo");

fn run(program: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Command::new(program).args(arguments).output().expect("a program");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (status.code(), text(stdout), text(stderr))
}

/// A started sandbox and the address that it printed.
fn start(arguments: &[&str]) -> (Child, SocketAddr) {
    let mut command = Command::new(SANDBOX);
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let address = line.trim().rsplit("http://").next().and_then(|text| text.parse().ok());
    (child, address.unwrap_or_else(|| panic!("no address in {line:?}")))
}

/// Ctrl-C, and what stood on stderr.
fn interrupt(mut child: Child) -> (Option<i32>, String) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let status = child.wait().expect("an end");
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
    (status.code(), stderr)
}

#[test]
fn the_sandbox_serves_until_it_is_interrupted_and_logs_a_line_a_request() {
    let (child, address) = start(&["--public-keys", "hush1:hush2"]);
    assert_eq!(Asked::token().send(address).status, 401);
    let keys = [("apikeypublic", "hush1"), ("apiclientpublic", "hush2")];
    let card = format!("{TOKEN}?card=5528790000000008");
    assert_eq!(Asked::post(&card, wire::TOKEN_BODY).with(&keys).send(address).status, 200);
    let (code, stderr) = interrupt(child);
    assert_eq!(code, Some(0));
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(lines[0].starts_with("POST /api/paywall/temptoken createTempToken 401 ") && lines[0].ends_with(" ms"));
    assert!(lines[1].starts_with("POST /api/paywall/temptoken createTempToken 200 "));
    assert!(!stderr.contains("hush") && !stderr.contains("5528"), "{stderr}");
}

#[test]
fn refusals_as_200_and_silence_can_be_chosen() {
    let (child, address) = start(&["--refusals", "200", "--quiet"]);
    let answer = Asked::post(TOKEN, "{}").with(&PUBLIC).send(address);
    assert_eq!((answer.status, answer.refusal().0), (200, 2));
    assert_eq!(interrupt(child), (Some(0), String::new()));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_repeats_no_keys() {
    for arguments in [vec!["--nonsense"], vec!["--port", "99999"], vec!["--refusals", "3xx"]] {
        assert_eq!(run(SANDBOX, &arguments).0, Some(2), "{arguments:?}");
    }
    let (code, _, stderr) = run(SANDBOX, &["--public-keys", "k:"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("expected KEY:CLIENT"), "{stderr}");
}

#[test]
fn a_broken_contract_ends_with_2_and_all_its_findings() {
    let (code, stdout, stderr) = run(SANDBOX, &["--spec", "/nowhere/at/all"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("the contract is broken") && stderr.contains("fix: "), "{stderr}");
}

#[test]
fn a_pair_that_the_contract_lacks_ends_with_2() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop/openapi.yaml");
    let (code, _, stderr) = run(SANDBOX, &["--spec", spec, "--public-keys", "k:c"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("the contract has no key pair `public`: use one of counter"), "{stderr}");
}

#[test]
fn help_names_the_exit_codes() {
    for program in [SANDBOX, DEMO] {
        let (code, stdout, _) = run(program, &["--help"]);
        assert!(code == Some(0) && stdout.contains("Exit codes:"), "{stdout}");
    }
}

#[test]
fn the_demo_goes_as_expected_and_shows_neither_card_nor_colours_in_a_pipe() {
    let shown = demo(&[]);
    for step in ["The lost answer, resolved by inquiry", "A callback, verified and confirmed"] {
        assert!(shown.lines().any(|line| line == step), "{step}");
    }
}

#[test]
fn the_whole_demo_calls_every_operation_and_reads_every_message_of_the_contract() {
    let shown = demo(&["--all"]);
    let contract = codegen::load(SPEC.as_ref()).expect("the contract");
    let operations = codegen::contract::operations(&contract);
    for operation in &operations {
        let line = format!("ok {}: {} {},", operation.id(), operation.verb.to_uppercase(), operation.path);
        assert!(unwrapped(&shown).contains(&line), "{line}");
    }
    let messages = codegen::contract::messages(&contract);
    for message in &messages {
        assert!(shown.contains(&format!("\nok {}: ", message.id())), "{}", message.id());
    }
    let samples = codegen::sample::all(&contract);
    let refused = samples.iter().filter(|sample| outcome(sample) == Some("refused"));
    let refused = refused.map(|sample| format!("\nok {}/{}: Refused", sample.operation, sample.case));
    let refused: Vec<String> = refused.inspect(|line| assert!(shown.contains(line), "{line}")).collect();
    assert!(operations.len() >= 32 && messages.len() >= 9 && refused.len() >= 10);
}

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec");

fn outcome<'d>(sample: &codegen::sample::Sample<'d>) -> Option<&'d str> {
    sample.entry.and_then(|entry| entry.value.text_of("outcome"))
}

/// Lines that are too long go on below their own indent.
fn unwrapped(shown: &str) -> String {
    shown.replace("\n  ", " ")
}

/// What the demo prints when all is well.
fn demo(arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(DEMO, arguments);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(stdout.ends_with("everything went as expected\n"), "{stdout}");
    assert!(!stdout.contains("wrong: "));
    for secret in ["5528790000000008", "demo-private", "demo-public", "demo-hash", "\u{1b}"] {
        assert!(!stdout.contains(secret), "{secret}");
    }
    assert!(stdout.lines().all(|line| line.chars().count() <= 100));
    stdout
}
