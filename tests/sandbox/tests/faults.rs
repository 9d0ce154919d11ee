//! What goes wrong on demand, and what an inquiry finds afterwards.

mod purse;
mod wire;

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use paywall_sandbox::{Error, Options, Reply, Running, Sandbox};
use purse::{documented, is_found, json, payment};
use wire::{Answer, Asked, Ended};

const FAULT: &str = "x-sandbox-fault";

fn sandbox() -> Running {
    Sandbox::start(Options::default().stateful().seed(1)).expect("a sandbox")
}

fn with_faults(faults: &str) -> Running {
    let options = Options::default().stateful().faults(faults.parse().expect("faults")).seed(1);
    Sandbox::start(options).expect("a sandbox")
}

fn drained(sandbox: &Running, asked: &Asked) -> (String, Ended) {
    let (bytes, ended) = asked.clone().with(&[("Connection", "close")]).drain(sandbox.address());
    (String::from_utf8(bytes).expect("text"), ended)
}

#[test]
fn a_fault_before_the_commit_leaves_no_trace() {
    let sandbox = sandbox();
    for fault in ["reset", "500", "502", "504", "html", "unknown-code"] {
        let asked = payment(fault).with(&[(FAULT, &format!("{fault}-before-commit"))]);
        drained(&sandbox, &asked);
        assert!(!is_found(sandbox.address(), fault), "{fault}");
    }
    let answer = payment("429").with(&[(FAULT, "429:7")]).send(sandbox.address());
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert!(!is_found(sandbox.address(), "429"));
}

#[test]
fn a_fault_after_the_commit_leaves_the_payment_standing() {
    let sandbox = sandbox();
    for fault in ["reset", "500", "502", "504", "html", "unknown-code", "cut-body:7"] {
        let code = format!("after-{}", fault.replace(':', "-"));
        let (text, ended) = drained(&sandbox, &payment(&code).with(&[(FAULT, fault)]));
        assert!(!text.contains(&code), "{text}");
        assert_eq!(ended == Ended::Reset, fault == "reset" || fault == "cut-body:7", "{fault}");
        assert!(is_found(sandbox.address(), &code), "{fault}");
    }
}

#[test]
fn an_answer_that_never_comes_may_be_of_a_payment_that_stands_or_of_none() {
    let sandbox = sandbox();
    for (fault, stands) in [("never-answer", true), ("never-answer-before-commit", false)] {
        let (text, ended) = drained(&sandbox, &payment(fault).with(&[(FAULT, fault)]));
        assert_eq!((text.as_str(), ended), ("", Ended::Open), "{fault}");
        assert_eq!(is_found(sandbox.address(), fault), stands, "{fault}");
    }
}

#[test]
fn a_slow_answer_is_the_whole_answer() {
    let sandbox = sandbox();
    let answer = payment("slow").with(&[(FAULT, "slow-trickle:0")]).send(sandbox.address());
    assert_eq!(json(&answer)["Result"], true);
    let answer = payment("late").with(&[(FAULT, "latency:20")]).send(sandbox.address());
    assert_eq!(json(&answer)["Result"], true);
}

#[test]
fn fields_that_no_page_documents_come_with_the_usual_ones() {
    let sandbox = sandbox();
    let answer = json(&payment("extra").with(&[(FAULT, "extra-fields")]).send(sandbox.address()));
    assert!(answer["SandboxExtra"].is_string() && answer["Body"]["SandboxExtra"].is_string(), "{answer}");
    assert_eq!(answer["Result"], true);
}

#[test]
fn an_unknown_code_is_one_that_the_contract_does_not_have() {
    let sandbox = sandbox();
    let answer = payment("unknown").with(&[(FAULT, "unknown-code")]).send(sandbox.address());
    assert_eq!((answer.status, answer.refusal().0), (200, 987_654));
}

#[test]
fn a_renewed_session_is_told_once_and_counts_from_then_on() {
    let sandbox = sandbox();
    let session = json(&documented("createMasterpassSession").send(sandbox.address()));
    let first = session["Body"]["SessionId"].as_str().expect("an id").to_owned();
    let cards = |session: &str, headers: &[(&str, &str)]| -> Answer {
        let mut asked = documented("listMasterpassCards");
        for (name, value) in &mut asked.headers {
            if name == "sessionid" {
                session.clone_into(value);
            }
        }
        asked.with(headers).send(sandbox.address())
    };
    let renewed = json(&cards(&first, &[(FAULT, "renewed-session")]));
    assert_eq!(renewed["Body"]["Session"]["SessionRenewed"], true, "{renewed}");
    let second = renewed["Body"]["Session"]["SessionId"].as_str().expect("an id");
    assert_ne!(first, second);
    let usual = json(&cards(second, &[]));
    assert_eq!(usual["Body"]["Session"]["SessionRenewed"], false, "{usual}");
}

#[test]
fn a_sandbox_that_refuses_connections_comes_back_at_the_same_address() {
    let sandbox = sandbox();
    drained(&sandbox, &payment("refused").with(&[(FAULT, "refused:300")]));
    let mut refused = 0_u32;
    let back = (0..400).any(|_| match TcpStream::connect(sandbox.address()) {
        Ok(_) if refused > 0 => true,
        Ok(_) => {
            std::thread::sleep(Duration::from_millis(1));
            false
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
            refused += 1;
            std::thread::sleep(Duration::from_millis(10));
            false
        }
    });
    assert!(back && refused > 0);
    assert!(!is_found(sandbox.address(), "refused"));
}

#[test]
fn faults_of_a_flag_strike_their_operation_alone_and_scripts_go_before_them() {
    let sandbox = with_faults("startDirectPayment=502-after-commit,*=latency:1");
    assert_eq!(payment("flag").send(sandbox.address()).status, 502);
    assert!(is_found(sandbox.address(), "flag"));
    sandbox.script().next("startDirectPayment", Reply::usual()).expect("a line");
    assert_eq!(payment("script").send(sandbox.address()).status, 200);
}

#[test]
fn a_seed_strikes_the_same_requests_again() {
    let day = || {
        let sandbox = with_faults("startDirectPayment=502-before-commit@0.5");
        let codes = (0..12).map(|number| payment(&format!("day-{number}")));
        codes.map(|asked| asked.send(sandbox.address()).status).collect::<Vec<_>>()
    };
    let first = day();
    assert_eq!(first, day());
    assert!(first.contains(&200) && first.contains(&502), "{first:?}");
}

#[test]
fn what_is_no_fault_is_told_and_nothing_is_done() {
    let sandbox = sandbox();
    let answer = payment("odd").with(&[(FAULT, "hush")]).send(sandbox.address());
    assert_eq!(answer.status, 400);
    assert!(answer.body.starts_with("x-sandbox-fault: there is no such fault") && !answer.body.contains("hush"));
    assert!(!is_found(sandbox.address(), "odd"));
    let error = Sandbox::start(Options::default().faults("placeOrder=reset".parse().expect("faults")));
    assert!(matches!(error, Err(Error::UnknownOperation { .. })));
}
