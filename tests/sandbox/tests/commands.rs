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
    let (child, address) = start(&["--port", "0", "--public-keys", "hush1:hush2"]);
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
    let (child, address) = start(&["--port", "0", "--refusals", "200", "--quiet"]);
    let answer = Asked::post(TOKEN, "{}").with(&PUBLIC).send(address);
    assert_eq!((answer.status, answer.refusal().0), (200, 2));
    assert_eq!(interrupt(child), (Some(0), String::new()));
}

#[test]
fn a_wrong_command_line_ends_with_2_and_repeats_no_keys() {
    for arguments in [
        vec!["--nonsense"],
        vec!["--port", "99999"],
        vec!["--refusals", "3xx"],
        vec!["--latency", "9..3"],
        vec!["--faults", "*=nothing"],
        vec!["--state", "x", "--stateless"],
    ] {
        assert_eq!(run(SANDBOX, &arguments).0, Some(2), "{arguments:?}");
    }
    let (code, _, stderr) = run(SANDBOX, &["--public-keys", "k:"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("expected KEY:CLIENT"), "{stderr}");
    let (code, _, stderr) = run(SANDBOX, &["--hash-key", "hush=key"]);
    assert_eq!(code, Some(2));
    assert!(stderr.contains("expected TYPE=KEY"), "{stderr}");
}

#[test]
fn keys_come_from_a_file_and_a_wrong_one_is_not_quoted() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("keys-{}.json", std::process::id()));
    let text = r#"{"pairs": {"public": {"key": "hush1", "client": "hush2"}}, "hash_keys": {"1": "hush3"}}"#;
    std::fs::write(&file, text).expect("a file");
    let path = file.to_str().expect("text").to_owned();
    let (child, address) = start(&["--port", "0", "--keys", &path]);
    assert_eq!(Asked::token().send(address).status, 401);
    let keys = [("apikeypublic", "hush1"), ("apiclientpublic", "hush2")];
    assert_eq!(Asked::post(TOKEN, wire::TOKEN_BODY).with(&keys).send(address).status, 200);
    assert_eq!(interrupt(child).0, Some(0));
    for text in [r#"{"pairs": {"public": "hush"}}"#, r#"{"hush": 1}"#, r#"{"hash_keys": {"hush": "hush"}}"#, "hush"] {
        std::fs::write(&file, text).expect("a file");
        let (code, _, stderr) = run(SANDBOX, &["--port", "0", "--keys", &path]);
        assert_eq!(code, Some(2));
        assert!(stderr.contains("the keys cannot be read from") && !stderr.contains("hush"), "{stderr}");
    }
    std::fs::remove_file(&file).expect("a file");
}

#[test]
fn a_log_for_programs_is_an_object_a_line_with_the_fault_in_it() {
    let flags = ["--port", "0", "--log", "json", "--faults", "createTempToken=502", "--seed", "7", "--latency", "0..1"];
    let (child, address) = start(&flags);
    assert_eq!(Asked::token().send(address).status, 502);
    assert_eq!(Asked::get("/pay/5528790000000008").send(address).status, 404);
    let (_, stderr) = interrupt(child);
    let lines = stderr.lines().map(|line| serde_json::from_str(line).expect("json"));
    let lines: Vec<serde_json::Value> = lines.collect();
    let keys: Vec<&String> = lines[0].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["method", "path", "operation", "outcome", "fault", "ms"]);
    assert_eq!((&lines[0]["outcome"], &lines[0]["fault"]), (&"502".into(), &"502-after-commit".into()));
    assert_eq!((&lines[1]["path"], &lines[1]["operation"]), (&"/pay/…".into(), &serde_json::Value::Null));
}

#[test]
fn without_state_every_answer_is_the_documented_one() {
    let (child, address) = start(&["--port", "0", "--stateless", "--quiet"]);
    let answers = [(); 2].map(|()| Asked::token().send(address).body);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(interrupt(child).0, Some(0));
}

#[test]
fn long_help_tells_amounts_faults_and_files() {
    let (code, stdout, _) = run(SANDBOX, &["--help"]);
    assert_eq!(code, Some(0));
    for part in
        ["5528790000000008", "ends in .05", "123456", "reset-before-commit", "hash_keys", "4747", "--pending-seconds"]
    {
        assert!(stdout.contains(part), "{part} in {stdout}");
    }
    assert!(stdout.lines().all(|line| line.chars().count() <= 120));
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
