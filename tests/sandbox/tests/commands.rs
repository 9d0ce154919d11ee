//! The two programs as a person starts them.

#![cfg(unix)]

mod purse;
mod wire;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use purse::{documented, json};
use serde_json::{Value, json};
use wire::{Answer, Asked, PUBLIC, TOKEN};

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
fn the_time_that_a_request_may_take_can_be_chosen() {
    let (child, address) = start(&["--port", "0", "--quiet", "--request-timeout-seconds", "1"]);
    let mut stream = wire::connect(address);
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    stream.write_all(b"POST / HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 9\r\n\r\n").expect("a request");
    let (answer, _) = wire::drain(&mut stream);
    assert_eq!(Answer::read(&answer).refusal(), (-1, "the body has not come whole within 1s".to_owned()));
    assert_eq!(interrupt(child).0, Some(0));
    let (code, _, stderr) = run(SANDBOX, &["--request-timeout-seconds", "0"]);
    assert!(code == Some(2) && stderr.contains("--request-timeout-seconds"), "{stderr}");
}

/// The documented request of an operation, with these headers changed.
fn with_headers(operation: &str, headers: &[(&str, &str)]) -> Asked {
    let mut asked = documented(operation);
    asked.headers.retain(|(name, _)| !headers.iter().any(|(changed, _)| changed.eq_ignore_ascii_case(name)));
    asked.with(headers)
}

#[test]
fn sessions_are_renewed_after_the_time_that_was_chosen() {
    for (seconds, renewed) in [("0", true), ("1000", false)] {
        let (child, address) = start(&["--port", "0", "--quiet", "--renew-sessions-after-seconds", seconds]);
        let session = json(&documented("createMasterpassSession").send(address));
        let session = session["Body"]["SessionId"].as_str().expect("an id");
        let cards = json(&with_headers("listMasterpassCards", &[("sessionid", session)]).send(address));
        assert_eq!(cards["Body"]["Session"]["SessionRenewed"], renewed, "{seconds}");
        assert_eq!(interrupt(child).0, Some(0));
    }
}

/// Starts a payment that is looked at after two minutes, and opens its page.
fn start_watched(address: SocketAddr, code: &str) {
    let mut asked = documented("start3dPayment");
    let mut request: Value = serde_json::from_slice(&asked.body).expect("json");
    let webhook = "https://shop.example/watch?key=hush";
    let job = json!({"PaymentStatus": [{"Id": 2}], "ActionId": 4, "WatchMin": 2, "WebhookAddress": webhook});
    let detail = &mut request["PaymentDetail"];
    detail["MerchantUniqueCode"] = code.into();
    detail["PayWatchMultipleSupport"] = true.into();
    detail["PayWatchMultiple"] = json!({"Watch": true, "Jobs": [job]});
    asked.body = request.to_string().into_bytes();
    let started = json(&asked.send(address));
    let page = started["Body"]["RedirectUrl"].as_str().expect("an address");
    let path = page.split_once("/3d/").expect("a page").1;
    assert_eq!(Asked::get(&format!("/3d/{path}")).send(address).status, 200);
}

#[test]
fn a_minute_of_paywatch_lasts_as_long_as_was_chosen_and_tells_no_host_that_was_not_allowed() {
    let (child, address) = start(&["--port", "0", "--watch-minute-seconds", "1"]);
    start_watched(address, "watched");
    let status = || {
        let found = json(&with_headers("queryPayment", &[("merchantuniquecode", "watched")]).send(address));
        found["Body"]["Paywall"]["StatusId"].as_i64()
    };
    assert_eq!(status(), Some(2), "the page is open");
    let changed = (0..400).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(25));
        status() == Some(7)
    });
    assert!(changed);
    let (_, stderr) = interrupt(child);
    let told = stderr.lines().find(|line| line.starts_with("POST - payWatchNotification not sent, shop.example "));
    assert!(told.is_some() && !stderr.contains("hush"), "{stderr}");
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
        vec!["--watch-minute-seconds", "86401"],
        vec!["--renew-sessions-after-seconds", "soon"],
    ] {
        assert_eq!(run(SANDBOX, &arguments).0, Some(2), "{arguments:?}");
    }
    for (flag, value, expected) in [
        ("--public-keys", "hush:", "expected KEY:CLIENT"),
        ("--private-keys", "hush", "expected KEY:CLIENT"),
        ("--hash-key", "hush=hush", "expected TYPE=KEY"),
    ] {
        for arguments in [vec![flag.to_owned(), value.to_owned()], vec![format!("{flag}={value}")]] {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let (code, _, stderr) = run(SANDBOX, &arguments);
            assert_eq!(code, Some(2));
            assert!(stderr.contains(expected) && stderr.contains(flag), "{stderr}");
            assert!(!stderr.contains("hush"), "{stderr}");
        }
    }
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
fn long_help_tells_every_line_of_the_table_faults_and_files() {
    let (code, stdout, _) = run(SANDBOX, &["--help"]);
    assert_eq!(code, Some(0));
    for part in ["5528790000000008", "reset-before-commit", "hash_keys", "4747", "--pending-seconds"] {
        assert!(stdout.contains(part), "{part} in {stdout}");
    }
    let default_of = |flag: &str| stdout.split_once(flag).map(|(_, rest)| rest.split("--").next().unwrap_or_default());
    for (flag, default) in [("--watch-minute-seconds <N>", "60"), ("--renew-sessions-after-seconds <N>", "1200")] {
        let told = default_of(flag).expect(flag);
        assert!(told.contains("seconds") && told.contains(&format!("[default: {default}]")), "{told}");
    }
    for section in paywall_sandbox::outcomes::sections() {
        for line in section.lines {
            let told = stdout.lines().any(|shown| {
                shown.trim().starts_with(line.when.english) && shown.ends_with(&format!("  {}", line.then.english))
            });
            assert!(told, "{line:?} in {stdout}");
        }
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
    let contract = paywall_contract::load(SPEC.as_ref()).expect("the contract");
    let operations = paywall_contract::document::operations(&contract);
    for operation in &operations {
        let line = format!("ok {}: {} {},", operation.id(), operation.verb.to_uppercase(), operation.path);
        assert!(unwrapped(&shown).contains(&line), "{line}");
    }
    let messages = paywall_contract::document::messages(&contract);
    for message in &messages {
        assert!(shown.contains(&format!("\nok {}: ", message.id())), "{}", message.id());
    }
    let samples = paywall_contract::sample::all(&contract);
    let refused = samples.iter().filter(|sample| outcome(sample) == Some("refused"));
    let refused = refused.map(|sample| format!("\nok {}/{}: Refused", sample.operation, sample.case));
    let refused: Vec<String> = refused.inspect(|line| assert!(shown.contains(line), "{line}")).collect();
    assert!(operations.len() >= 32 && messages.len() >= 9 && refused.len() >= 10);
}

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec");

fn outcome<'d>(sample: &paywall_contract::sample::Sample<'d>) -> Option<&'d str> {
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
