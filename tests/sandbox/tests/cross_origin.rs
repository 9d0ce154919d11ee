//! What may a page of another origin call? The operations without keys, as the shopper's browser does, and no other.

mod wire;

use paywall_contract::document;
use paywall_sandbox::{Options, Reply, Running, Sandbox, StatusCode};

use wire::{Answer, Asked, PRIVATE, PUBLIC, TOKEN, sandbox};

const TEMP_CARD: &str = "/api/paywall/tempcard";
const ORIGIN: (&str, &str) = ("Origin", "https://shop.example");

fn preflight(sandbox: &Running, path: &str, method: &str) -> Answer {
    let asked = [ORIGIN, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", WANTED)];
    Asked { method: "OPTIONS", ..Asked::get(path) }.with(&asked).send(sandbox.address())
}

const WANTED: &str = "content-type,token";

fn temp_card(sandbox: &Running, body: &str) -> Answer {
    Asked::post(TEMP_CARD, body).with(&[ORIGIN, ("token", "t")]).send(sandbox.address())
}

/// The headers that let a page do something, by their names.
fn permissions(answer: &Answer) -> Vec<String> {
    let names = answer.head.lines().filter_map(|line| Some(line.split_once(':')?.0.to_ascii_lowercase()));
    names.filter(|name| name.starts_with("access-control-")).collect()
}

fn listed<'a>(answer: &'a Answer, header: &str) -> Vec<&'a str> {
    let mut names: Vec<&str> = answer.header(header).unwrap_or_default().split(',').map(str::trim).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_browser_may_send_the_headers_and_the_method_of_an_operation_without_keys_and_no_credentials() {
    let sandbox = sandbox();
    let answer = preflight(&sandbox, TEMP_CARD, "POST");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(listed(&answer, "access-control-allow-methods"), ["POST"]);
    assert_eq!(listed(&answer, "access-control-allow-headers"), ["content-type", "token"]);
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let received = sandbox.received();
    assert_eq!((received.len(), received[0].method.as_str(), received[0].operation.as_deref()), (1, "OPTIONS", None));
}

#[test]
fn a_page_can_read_every_answer_of_such_an_operation_refusals_and_faults_included() {
    let sandbox = sandbox();
    let body = wire::sample("createTempCard/page.request.jsonc");
    sandbox.script().next("createTempCard", Reply::new(StatusCode::BAD_GATEWAY)).expect("an operation");
    // What is asked before takes nothing from the script.
    assert_eq!(preflight(&sandbox, TEMP_CARD, "POST").status, 200);
    for (body, status) in [(body.as_str(), 502), (&body, 200), ("{}", 400), ("", 400)] {
        let answer = temp_card(&sandbox, body);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, Some("*")), "{body}");
        assert_eq!(permissions(&answer), ["access-control-allow-origin"]);
    }
}

#[test]
fn no_page_may_call_an_operation_with_keys() {
    let document = wire::contract();
    let operations = document::operations(&document);
    let sandbox = sandbox();
    let mut closed = 0;
    for operation in operations.iter().filter(|operation| operation.path != TEMP_CARD) {
        for verb in [operation.verb.to_ascii_uppercase().as_str(), "POST", "GET"] {
            let answer = preflight(&sandbox, operation.path, verb);
            assert_eq!((answer.status, permissions(&answer)), (405, Vec::new()), "{}", operation.path);
        }
        let answer = Asked::post(operation.path, "{}").with(&[ORIGIN]).with(&PUBLIC).with(&PRIVATE);
        assert_eq!(permissions(&answer.send(sandbox.address())), Vec::<String>::new(), "{}", operation.path);
        closed += 1;
    }
    assert!(closed > 30, "{closed}");
    let answer = preflight(&sandbox, "/api/paywall/nothing", "POST");
    assert_eq!((answer.status, permissions(&answer)), (404, Vec::new()));
}

#[test]
fn an_options_that_no_browser_sends_is_refused_as_any_other_method() {
    for (path, headers) in [(TEMP_CARD, [].as_slice()), (TEMP_CARD, &[ORIGIN]), (TOKEN, &[ORIGIN])] {
        let answer = Asked { method: "OPTIONS", ..Asked::get(path) }.with(headers).send(sandbox().address());
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{path}");
    }
}

#[test]
fn a_method_that_no_operation_has_is_not_allowed_by_what_is_told_of_the_others() {
    for method in ["DELETE", "PUT", "PATCH"] {
        let answer = preflight(&sandbox(), TEMP_CARD, method);
        assert_eq!(listed(&answer, "access-control-allow-methods"), ["POST"], "{method}");
    }
    let answer = Asked::get(TEMP_CARD).with(&[ORIGIN]).send(sandbox().address());
    assert_eq!((answer.status, permissions(&answer)), (405, Vec::new()));
}

#[test]
fn where_an_open_and_closed_operations_share_a_path_the_closed_ones_stay_closed() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop");
    let sandbox = Sandbox::start(Options::default().spec(spec)).expect("a sandbox");
    for method in ["GET", "POST", "PUT", "DELETE"] {
        let answer = preflight(&sandbox, "/shop/orders", method);
        assert_eq!(listed(&answer, "access-control-allow-methods"), ["PUT"]);
        assert_eq!(listed(&answer, "access-control-allow-headers"), ["content-type", "token"]);
        let own = Asked::post("/shop/orders", "{}").with(&[ORIGIN, ("shop-key", "k"), ("shop-client", "c")]);
        let allowed = permissions(&Asked { method, ..own }.send(sandbox.address()));
        assert_eq!(!allowed.is_empty(), method == "PUT", "{method}: {allowed:?}");
    }
}
