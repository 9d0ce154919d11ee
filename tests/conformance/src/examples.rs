//! Do the examples do what they say? Each as a program, against a local Paywall that is told what to answer.

use std::io::Write as _;
use std::process::{Command, Stdio};

use paywall_api::callbacks::ThreeDCallback;
use paywall_api::{Notification, Secret};
use paywall_sandbox::{Received, Reply, Running, StatusCode};

use crate::ledger::{self, Payment};
use crate::{payloads, server, workspace};

macro_rules! programs {
    ($($name:literal),*) => { [$(($name, env!(concat!("CARGO_BIN_EXE_", $name)))),*] };
}

const PROGRAMS: [(&str, &str); 7] =
    programs!("callback", "lost_answer", "pay_3d", "preauth_capture", "refund", "temp_token_blocking", "wallet_otp");

const CODE: &str = "order-4711";
const DAY: &str = "2026-11-22";
const HASH_KEY: &str = "the key of the panel";

/// What a program has said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// A documented answer that names the order of the examples.
fn of_the_order(answer: &str) -> String {
    let mut answer: serde_json::Value = serde_json::from_str(answer).expect("json");
    for place in ["/Body/Masterpass/Paywall/MerchantUniqueKey", "/Body/Masterpass/Detail/MerchantUniqueCode"] {
        if let Some(code) = answer.pointer_mut(place) {
            *code = CODE.into();
        }
    }
    answer.to_string()
}

/// Runs an example to its end, with `input` on its standard input.
fn run(server: &Running, name: &str, arguments: &[&str], input: &str) -> Said {
    let (_, program) = PROGRAMS.into_iter().find(|(known, _)| *known == name).expect("an example");
    let mut command = Command::new(program);
    command.args(arguments).env("PAYWALL_BASE_ADDRESS", server.base_address()).env("PAYWALL_HASH_KEY", HASH_KEY);
    for pair in ["PUBLIC", "PRIVATE"] {
        command.env(format!("PAYWALL_{pair}_KEY"), "k").env(format!("PAYWALL_{pair}_CLIENT"), "c");
    }
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("a program");
    // One that does not read its input may be gone already.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// What an example says that ends well.
fn said(server: &Running, name: &str, arguments: &[&str], input: &str) -> String {
    let said = run(server, name, arguments, input);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{name}: {}", said.out);
    said.out
}

/// The operations of the requests so far, and the requests, which are forgotten.
fn asked(server: &Running) -> (Vec<String>, Vec<Received>) {
    let received = server.take_received();
    let operations = received.iter().map(|request| request.operation.clone().expect("an operation"));
    (operations.collect(), received)
}

fn body(request: &Received) -> &str {
    std::str::from_utf8(&request.body).expect("text")
}

/// A sale of 101.50 that succeeded.
fn paid() -> Payment {
    let amount = Some("101.50");
    Payment { amount, original: amount, moved: amount, remaining: amount, ..ledger::paid(CODE) }
}

/// The same, after 11.50 were paid back.
fn partly_refunded() -> Payment {
    let amount = Some("101.50");
    Payment { amount, original: amount, moved: Some("11.50"), ..ledger::partially_refunded(CODE) }
}

#[test]
fn every_example_is_run_and_fits_on_a_page() {
    let folder = workspace::root().join("paywall-api/examples");
    let files = std::fs::read_dir(folder).expect("the examples").map(|entry| entry.expect("a file").path());
    // The shop is a folder and a package of its own, with tests of its own.
    let files = files.filter(|file| file.is_file());
    let mut names = Vec::new();
    for file in files {
        let lines = std::fs::read_to_string(&file).expect("text").lines().count();
        assert!(lines < 60, "{} has {lines} lines", file.display());
        names.push(file.file_stem().expect("a name").to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, PROGRAMS.map(|(name, _)| name));
}

#[test]
fn a_wallet_payment_goes_by_its_password_and_follows_the_session() {
    let server = server::start();
    let answer = payloads::answer("initMasterpassPayment")
        .replace("\"SessionRenewed\":false", "\"SessionRenewed\":true")
        .replace("\"IsOtp\":false,\"IsThreeD\":true", "\"IsOtp\":true,\"IsThreeD\":false")
        .replace("\"ResponseCode\":\"5010\"", "\"ResponseCode\":\"5001\"");
    for (operation, answer) in [
        ("initMasterpassPayment", answer),
        ("commitMasterpassPayment", crate::payloads::answer("commitMasterpassPayment")),
    ] {
        server.script().next(operation, Reply::json(of_the_order(&answer))).expect("scripted");
    }
    let out = said(&server, "wallet_otp", &[], "012345\n");
    assert!(out.contains("order-4711 is complete"), "{out}");
    let (operations, requests) = asked(&server);
    let expected =
        ["createMasterpassSession", "initMasterpassPayment", "verifyMasterpassPayment", "commitMasterpassPayment"];
    assert_eq!(operations, expected);
    assert!(body(&requests[1]).contains("9b27433e-f36b-1410-80e5-004205aa382d"), "the session that was opened");
    for field in [
        r#""SessionId":"dc27433e-f36b-1410-80e5-004205aa382d""#,
        r#""MasterpassPaymentId":"e9b18fc1-1915-4876-8ad8-c1aafada747f""#,
        r#""OtpToken":"e85525f1077640ba8ba2423f2c1ffc41""#,
        r#""OtpCode":"012345""#,
    ] {
        assert!(body(&requests[2]).contains(field), "{field} is not verified");
    }
    assert!(body(&requests[3]).contains("dc27433e-f36b-1410-80e5-004205aa382d"), "the session that was renewed");
}

#[test]
fn a_wallet_payment_that_goes_on_otherwise_is_neither_verified_nor_committed() {
    let server = server::start();
    let said = run(&server, "wallet_otp", &[], "012345\n");
    assert!(said.code == Some(1) && said.err.contains("see NextStep"), "{}", said.err);
    assert_eq!(asked(&server).0, ["createMasterpassSession", "initMasterpassPayment"]);
}

#[test]
fn a_3d_payment_ends_at_an_address_for_the_browser() {
    let server = server::start();
    let out = said(&server, "pay_3d", &[], "");
    assert!(out.starts_with("open https://") && out.ends_with("in the shopper's browser\n"), "{out}");
    let (operations, requests) = asked(&server);
    assert_eq!(operations, ["start3dPayment"]);
    assert!(body(&requests[0]).contains(r#""Amount":101.50,"MerchantUniqueCode":"order-4711""#));
}

#[test]
fn a_3d_payment_that_fails_says_what_to_do_and_is_not_sent_again() {
    let server = server::start();
    for (reply, advice) in [
        (Reply::refusal(StatusCode::OK, 14, "refused"), "ask for another card, or mend the request: "),
        (Reply::close(), "look it up, as in lost_answer.rs: "),
    ] {
        server.script().next("start3dPayment", reply).expect("scripted");
        let out = said(&server, "pay_3d", &[], "");
        assert!(out.starts_with(advice), "{out}");
        assert_eq!(asked(&server).0, ["start3dPayment"]);
    }
}

#[test]
fn a_preauthorisation_is_captured_in_part() {
    let server = server::start();
    let out = said(&server, "preauth_capture", &[DAY], "");
    assert_eq!(out, "order-4711: 101.50 are authorised, nothing is taken\norder-4711: 90.00 are taken\n");
    let (operations, requests) = asked(&server);
    assert_eq!(operations, ["startDirectPayment", "captureProvision"]);
    assert!(body(&requests[0]).contains(r#""Half2D":true"#));
    let capture = r#"{"MerchantUniqueCode":"order-4711","Date":"2026-11-22","ProvisionAmount":90.00}"#;
    assert_eq!(body(&requests[1]), capture);
}

#[test]
fn a_lost_capture_leads_to_an_inquiry() {
    let server = server::start();
    server.script().next("captureProvision", Reply::reset()).expect("scripted");
    let out = said(&server, "preauth_capture", &[DAY], "");
    assert!(out.contains("\nask with resolve_change, as in refund.rs: "), "{out}");
    assert_eq!(asked(&server).0, ["startDirectPayment", "captureProvision"]);
}

#[test]
fn a_part_is_refunded_once() {
    let server = server::start();
    server.script().next("queryPayment", paid().reply()).expect("scripted");
    assert_eq!(said(&server, "refund", &[DAY], ""), "11.50 of order-4711 went back\n");
    let (operations, requests) = asked(&server);
    assert_eq!(operations, ["queryPayment", "refundPaymentPartially"]);
    let refund = r#"{"MerchantUniqueCode":"order-4711","Date":"2026-11-22","Amount":11.50}"#;
    assert_eq!(body(&requests[1]), refund);
}

#[test]
fn a_lost_refund_is_found_by_what_remains() {
    let server = server::start();
    let script = server.script();
    script.next("queryPayment", paid().reply()).expect("scripted");
    script.next("refundPaymentPartially", Reply::close()).expect("scripted");
    script.next("queryPayment", partly_refunded().reply()).expect("scripted");
    let out = said(&server, "refund", &[DAY], "");
    assert_eq!(out, "the answer was lost, and 11.50 of order-4711 went back\n");
    assert_eq!(asked(&server).0, ["queryPayment", "refundPaymentPartially", "queryPayment"]);
}

#[test]
fn a_lost_answer_is_found_out_and_the_payment_is_sent_once() {
    let server = server::start();
    let script = server.script();
    script.next("startDirectPayment", Reply::close()).expect("scripted");
    script.next("queryPayment", ledger::pending(CODE).reply()).expect("scripted");
    script.next("queryPayment", paid().reply()).expect("scripted");
    let out = said(&server, "lost_answer", &[], "");
    assert!(out.contains("the outcome is unknown"), "{out}");
    assert!(out.ends_with("order-4711 was paid: Some(Amount(101.50)), compare and ship\n"), "{out}");
    assert_eq!(asked(&server).0, ["startDirectPayment", "queryPayment", "queryPayment"]);
}

#[test]
fn a_callback_ships_only_what_an_inquiry_confirms() {
    let server = server::start();
    let other = Payment { amount: Some("1.50"), original: Some("1.50"), moved: Some("1.50"), ..paid() };
    for (found, verdict) in [
        (paid().reply(), "ship order-4711: payment Some(4045713)\n"),
        (Payment { remaining: None, ..other }.reply(), "do not ship: Amount\n"),
        (partly_refunded().reply(), "do not ship: Standing(PartiallyRefunded)\n"),
    ] {
        server.script().next("queryPayment", found).expect("scripted");
        let out = said(&server, "callback", &[], &form("Success", &hash()));
        assert!(out.starts_with("Some(\"order-4711\") claims Some(\"Success\")\ntrust: Signed\n"), "{out}");
        assert!(out.ends_with(verdict), "{out}");
        assert_eq!(asked(&server).0, ["queryPayment"]);
    }
}

#[test]
fn a_forged_callback_asks_nothing() {
    let server = server::start();
    let said = run(&server, "callback", &[], &form("Success", &"0".repeat(64)));
    assert!(said.code == Some(1) && !said.out.contains("ship"), "{} {}", said.out, said.err);
    assert!(said.err.contains("Forged") || said.err.contains("changed"), "{}", said.err);
    assert!(asked(&server).0.is_empty());
}

#[test]
fn a_token_is_made_without_an_async_runtime_and_is_not_shown() {
    let server = server::start();
    let out = said(&server, "temp_token_blocking", &[], "");
    assert!(out.starts_with("after 1 attempt(s): ") && out.contains(r#""Token": "***""#), "{out}");
    assert_eq!(asked(&server).0, ["createTempToken"]);
}

/// What the shopper's browser posts.
fn form(status: &str, hash: &str) -> String {
    format!("status={status}&paymentId=4045713&uniqueCode={CODE}&amount=101.50&installment=1&hash={hash}\n")
}

fn hash() -> String {
    let format = ThreeDCallback::FORMATS.iter().find(|format| format.name == "Payment").expect("a format");
    let parts = [("paymentId", "4045713"), ("merchantUniqueCode", CODE), ("amount", "101.50"), ("installment", "1")];
    format.sign(&Secret::from(HASH_KEY), &parts).expect("a hash")
}
