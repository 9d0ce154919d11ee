//! What passes, what is refused, and with which words.

mod wire;

use paywall_contract::Document;
use paywall_contract::node::Node;
use paywall_contract::sample::{Part, Sample};
use paywall_sandbox::{Error, Keys, Options, Refusals, Sandbox, text};

use wire::{Asked, JSON, PRIVATE, PUBLIC, TOKEN, TOKEN_BODY, sandbox};

const START_3D: &str = "/api/paywall/payment/start3d";

#[test]
fn every_documented_request_gets_the_documented_answer_with_its_numbers_to_the_letter() {
    let sandbox = sandbox();
    let document = wire::contract();
    let samples = paywall_contract::sample::all(&document);
    let of_operations = |sample: &&Sample<'_>| sample.part == Part::Request && sample.find_message(&document).is_none();
    for sample in samples.iter().filter(of_operations) {
        let answer = wire::asked(&document, sample).send(sandbox.address());
        assert_eq!(answer.status, 200, "{}: {}", sample.path, answer.body);
        let documented = document.samples.get(&format!("{}/page.response.jsonc", sample.operation));
        match documented {
            Some(documented) => assert_eq!(answer.body, repeating(&document, sample, documented), "{}", sample.path),
            None => assert_eq!((sample.operation, answer.body.as_str()), ("commitMasterpassPaymentById", COMMITTED)),
        }
    }
    let received = sandbox.received();
    assert!(received.len() >= 33 && received.iter().all(|received| received.operation.is_some()));
}

/// The documented answer, but for what an answer repeats of its request.
fn repeating(document: &Document, request: &Sample<'_>, answer: &Node) -> String {
    let operations = paywall_contract::document::operations(document);
    let operation = operations.iter().find(|operation| operation.id() == request.operation).expect("an operation");
    let echoes = operation.node.get("x-echo").map(Node::elements).unwrap_or_default();
    echoes.iter().fold(text::write(answer), |answered, echo| {
        let place = echo.text_of("request").filter(|place| place.starts_with('/'));
        let sent = place.and_then(|place| request.node.pointer(place));
        let said = answer.get("Body").and_then(|body| body.pointer(echo.text_of("answer").expect("a place")));
        match (sent, said) {
            (Some(sent), Some(said)) => answered.replacen(&text::write(said), &text::write(sent), 1),
            _ => answered,
        }
    })
}

/// What stands in where no page shows an answer: what makes it a success, and no more.
const COMMITTED: &str = r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Masterpass":{"Result":true}}}"#;

#[test]
fn a_request_without_inputs_needs_its_keys_alone() {
    let asked = Asked::get("/api/paywall/payment/version");
    assert_eq!(asked.clone().send(sandbox().address()).status, 401);
    let answer = asked.with(&PUBLIC).send(sandbox().address());
    assert_eq!((answer.status, answer.body.contains("Always fresh")), (200, true), "{}", answer.body);
}

#[test]
fn a_number_of_an_answer_keeps_its_text() {
    let body = wire::sample("initMasterpassPayment/page.request.jsonc");
    let answer = Asked::post("/api/paywall/masterpass/payment/init", body).with(&PRIVATE).send(sandbox().address());
    assert!(answer.body.contains("\"MemberEarning\":0.0,") && answer.body.contains("\"ProductAmount\":50.0}"));
}

#[test]
fn an_unknown_path_is_not_found() {
    for path in ["/", "/api/paywall/nothing", "/api/paywall/temptoken/", "/API/paywall/temptoken"] {
        let answer = Asked::post(path, TOKEN_BODY).with(&PUBLIC).send(sandbox().address());
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.refusal(), (404, "no operation of the contract has this path".to_owned()));
    }
}

#[test]
fn a_query_does_not_change_the_operation() {
    let answer = Asked::post(&format!("{TOKEN}?a=b"), TOKEN_BODY).with(&PUBLIC).send(sandbox().address());
    assert_eq!(answer.status, 200);
}

#[test]
fn another_method_is_refused_and_the_right_one_named() {
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let answer = Asked { method, ..Asked::token() }.send(sandbox().address());
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
        assert_eq!(answer.refusal(), (-1, "this path takes POST".to_owned()));
    }
}

#[test]
fn the_pair_of_the_operation_is_needed_with_both_halves_right() {
    let body = wire::sample("createMasterpassSession/page.request.jsonc");
    for (headers, message) in [
        (vec![], "the header apikeyprivate is missing; the header apiclientprivate is missing"),
        (vec![("apikeyprivate", "k")], "the header apiclientprivate is missing"),
        (
            vec![("apikeyprivate", "hush"), ("apiclientprivate", "c")],
            "the header apikeyprivate has another value than this sandbox was started with",
        ),
        (
            vec![("apikeyprivate", "k"), ("apikeyprivate", "k"), ("apiclientprivate", "c")],
            "the header apikeyprivate was sent more than once",
        ),
    ] {
        let asked = Asked::post("/api/paywall/masterpass/session", body.as_str()).with(&headers);
        let answer = asked.send(sandbox().address());
        assert_eq!(answer.status, 401, "{message}");
        assert_eq!(answer.refusal(), (401, message.to_owned()));
    }
}

#[test]
fn keys_of_the_other_pair_do_not_travel_along() {
    let answer = Asked::token().with(&PRIVATE).send(sandbox().address());
    assert_eq!(answer.status, 401);
    let (code, message) = answer.refusal();
    assert_eq!(code, 401);
    let expected = "the header apikeyprivate does not belong here: this operation takes the public pair alone";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn an_operation_without_keys_takes_its_header_and_body_and_no_keys() {
    const TEMP_CARD: &str = "/api/paywall/tempcard";
    let body = wire::sample("createTempCard/page.request.jsonc");
    let asked =
        |headers: &[(&str, &str)], body: &str| Asked::post(TEMP_CARD, body).with(headers).send(sandbox().address());
    assert_eq!(asked(&[("token", "t")], &body).status, 200);
    for keys in [PUBLIC, PRIVATE] {
        let (code, message) = asked(&[keys.as_slice(), &[("token", "t")]].concat(), &body).refusal();
        let expected = format!("the header {} does not belong here: this operation takes no keys", keys[0].0);
        assert!(code == 401 && message.starts_with(&expected), "{message}");
    }
    let (code, message) = asked(&[], &body).refusal();
    assert_eq!((code, message.as_str()), (2, "the request: \"token\" is a required property (required)"));
    let (code, message) = asked(&[("token", "t"), ("Token", "u")], &body).refusal();
    assert_eq!((code, message.as_str()), (2, "/token: sent more than once"));
    let (code, message) = asked(&[("token", "t")], "{}").refusal();
    assert!(code == 2 && message.contains("\"CardType\" is a required property"), "{message}");
}

#[test]
fn the_keys_can_be_chosen() {
    let options = Options::default().keys("public", Keys::new("other", "merchant"));
    let sandbox = Sandbox::start(options).expect("a sandbox");
    assert_eq!(Asked::token().send(sandbox.address()).status, 401);
    let chosen = [("apikeypublic", "other"), ("apiclientpublic", "merchant")];
    assert_eq!(Asked::post(TOKEN, TOKEN_BODY).with(&chosen).send(sandbox.address()).status, 200);
}

#[test]
fn a_body_of_another_media_type_is_refused() {
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-9", ""] {
        let asked = Asked { headers: Vec::new(), ..Asked::token() }.with(&PUBLIC).with(&[("Content-Type", media_type)]);
        let answer = asked.send(sandbox().address());
        assert_eq!(answer.status, 415, "{media_type}");
        assert_eq!(answer.refusal().0, 2);
    }
    for media_type in ["application/json", "Application/JSON ; Charset=\"UTF-8\""] {
        let asked = Asked { headers: Vec::new(), ..Asked::token() }.with(&PUBLIC).with(&[("Content-Type", media_type)]);
        assert_eq!(asked.send(sandbox().address()).status, 200, "{media_type}");
    }
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let sandbox = Sandbox::start(Options::default().body_limit(TOKEN_BODY.len())).expect("a sandbox");
    assert_eq!(Asked::token().send(sandbox.address()).status, 200);
    let larger = Asked::post(TOKEN, format!("{TOKEN_BODY} ")).with(&PUBLIC).send(sandbox.address());
    assert_eq!(larger.status, 413);
    assert_eq!(larger.refusal(), (2, format!("the body is larger than {} bytes", TOKEN_BODY.len())));
}

#[test]
fn a_body_far_beyond_the_limit_still_gets_its_refusal() {
    let answer = Asked::post(TOKEN, vec![b' '; 8 * 1024 * 1024]).with(&PUBLIC).send(sandbox().address());
    assert_eq!((answer.status, answer.refusal().0), (413, 2));
}

#[test]
fn what_is_not_json_is_refused_without_a_word_of_it() {
    for body in ["", "{", "{\"Number\": hush}", "{\"ExpiryMin\": 30,}", "\u{feff}{}", "hush"] {
        let answer = Asked::post(TOKEN, body).with(&PUBLIC).send(sandbox().address());
        assert_eq!(answer.status, 400, "{body}");
        let (code, message) = answer.refusal();
        assert!(code == 2 && message.contains("not json") && !message.contains("hush"), "{message}");
    }
    assert_eq!(Asked::post(TOKEN, [0xff, 0xfe]).with(&PUBLIC).send(sandbox().address()).status, 400);
}

#[test]
fn all_broken_rules_are_told_with_their_places_and_without_values() {
    let body = wire::sample("start3dPayment/page.request.jsonc")
        .replace("\"Number\":\"5528790000000008\"", "\"Number\":\"552879000000000855287900\"")
        .replace("\"Amount\":1.00", "\"Amount\":0.00")
        .replace("\"Installment\":1", "\"Installment\":\"hush\"")
        .replace("\"FullName\":\"FullName\",", "");
    let answer = Asked::post(START_3D, body).with(&PUBLIC).send(sandbox().address());
    assert_eq!(answer.status, 400);
    let (code, message) = answer.refusal();
    assert_eq!(code, 2);
    for told in [
        "/Card/Number: the value is longer than 20 characters (maxLength)",
        "/PaymentDetail/Amount: the value is less than or equal to the minimum of 0 (exclusiveMinimum)",
        "/PaymentDetail/Installment: the value is not of type \"integer\" (type)",
        "/Customer: \"FullName\" is a required property (required)",
    ] {
        assert!(message.contains(told), "{told} is not in {message}");
    }
    assert!(!message.contains("552879") && !message.contains("hush"), "{message}");
}

#[test]
fn an_integer_that_its_format_does_not_hold_is_refused() {
    let answered = |number: &str| {
        let body = wire::sample("start3dPayment/page.request.jsonc")
            .replace("\"EndOfTheDay\":1", &format!("\"EndOfTheDay\":{number}"));
        assert!(body.contains(&format!(":{number},")), "{body}");
        Asked::post(START_3D, body).with(&PUBLIC).send(sandbox().address())
    };
    for number in ["2147483647", "-2147483648", "2.0"] {
        assert_eq!(answered(number).status, 200, "{number}");
    }
    for number in ["2147483648", "-2147483649", "2147483648.0", "18446744073709551616"] {
        let refusal = answered(number).refusal();
        assert_eq!(refusal, (2, "/PaymentDetail/EndOfTheDay: the value is beyond its format (format)".to_owned()));
    }
}

#[test]
fn an_integer_beyond_64_bits_is_no_identifier() {
    let status = |number: &str| {
        let asked = Asked::get("/api/paywall/private/query/by/paymentid").with(&PRIVATE).with(&[("paymentid", number)]);
        asked.send(sandbox().address()).status
    };
    assert_eq!((status("9223372036854775807"), status("-9223372036854775808")), (200, 200));
    assert_eq!((status("9223372036854775808"), status("-9223372036854775809")), (400, 400));
}

#[test]
fn a_broken_condition_names_its_ways() {
    let body = wire::sample("start3dPayment/page.request.jsonc").replace("\"Cvv\":\"123\",", "");
    let (_, message) = Asked::post(START_3D, body).with(&PUBLIC).send(sandbox().address()).refusal();
    assert!(message.starts_with("/Card: expected ") && message.contains(", or "), "{message}");
}

#[test]
fn inside_a_nullable_object_the_broken_rule_itself_is_told() {
    let watch = "\"PayWatch\":{\"WatchMin\":99}";
    let body = wire::sample("start3dPayment/page.request.jsonc").replace("\"PayWatch\":null", watch);
    let (_, message) = Asked::post(START_3D, body).with(&PUBLIC).send(sandbox().address()).refusal();
    assert!(message.contains("/PaymentDetail/PayWatch/WatchMin: the value is greater"), "{message}");
}

#[test]
fn refusals_of_the_api_can_come_as_200() {
    let sandbox = Sandbox::start(Options::default().refusals(Refusals::Http200)).expect("a sandbox");
    let status = |asked: Asked| {
        let answer = asked.send(sandbox.address());
        (answer.status, answer.refusal().0)
    };
    assert_eq!(status(Asked::post(TOKEN, TOKEN_BODY)), (200, 401));
    assert_eq!(status(Asked::post(TOKEN, "{").with(&PUBLIC)), (200, 2));
    assert_eq!(status(Asked::post(TOKEN, "{}").with(&PUBLIC)), (200, 2));
    assert_eq!(status(Asked { method: "GET", ..Asked::token() }), (405, -1));
    assert_eq!(status(Asked::post("/nothing", "{}")), (404, 404));
}

#[test]
fn a_contract_of_other_operations_is_answered_without_new_code() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop/openapi.yaml");
    let sandbox = Sandbox::start(Options::default().spec(spec)).expect("a sandbox");
    let keys = [("shop-key", "k"), ("shop-client", "c")];
    let placed = Asked::post("/shop/orders", "{\"Item\":\"pen\"}").with(&keys).send(sandbox.address());
    assert_eq!((placed.status, placed.body.as_str()), (200, r#"{"Code":0,"Done":true,"Words":"","Body":{"Id":1}}"#));
    let refused = Asked::post("/shop/orders", "{}").with(&keys).send(sandbox.address());
    assert_eq!(
        refused.body,
        r#"{"Code":-1,"Done":false,"Words":"the request: \"Item\" is a required property (required)","Body":null}"#
    );
}

#[test]
fn inputs_that_travel_as_headers_are_judged() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop/openapi.yaml");
    let sandbox = Sandbox::start(Options::default().spec(spec)).expect("a sandbox");
    let read = |headers: &[(&str, &str)]| {
        Asked::get("/shop/orders")
            .with(&[("shop-key", "k"), ("shop-client", "c")])
            .with(headers)
            .send(sandbox.address())
    };
    assert_eq!(read(&[("OrderNumber", "7")]).status, 200);
    assert!(read(&[]).body.contains("ordernumber") || read(&[]).body.contains("OrderNumber"));
    assert!(read(&[("ordernumber", "0")]).body.contains("/OrderNumber: the value is less than the minimum of 1"));
    assert!(read(&[("ordernumber", "seven")]).body.contains("/OrderNumber: the value is not of type"));
    let patch = Asked { method: "PATCH", ..Asked::post("/shop/orders", "") }.send(sandbox.address());
    assert_eq!((patch.status, patch.header("allow")), (405, Some("GET, HEAD, POST, PUT, DELETE")));
}

#[test]
fn an_answer_that_stands_in_says_what_makes_it_a_success() {
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shop/openapi.yaml");
    let sandbox = Sandbox::start(Options::default().spec(spec)).expect("a sandbox");
    let put = Asked { method: "PUT", ..Asked::post("/shop/orders", "{\"Item\":\"pen\"}") };
    let paid = put.clone().with(&[("token", "abc")]).send(sandbox.address());
    let body = r#"{"Till":{"Number":1,"State":"paid","Open":false}}"#;
    let expected = format!(r#"{{"Code":0,"Done":true,"Words":"","Body":{body}}}"#);
    assert_eq!((paid.status, paid.body), (200, expected));
    assert!(put.with(&[("token", "a")]).send(sandbox.address()).body.contains("/token: the value is shorter"));
    let keys = [("shop-key", "k"), ("shop-client", "c")];
    let delete = Asked { method: "DELETE", ..Asked::post("/shop/orders", "{\"Item\":\"pen\"}") }.with(&keys);
    assert_eq!(delete.send(sandbox.address()).body, r#"{"Code":0,"Done":true,"Words":"","Body":""}"#);
}

#[test]
fn a_broken_contract_is_refused_with_its_findings() {
    let error = Sandbox::start(Options::default().spec("/nowhere/at/all")).expect_err("no contract");
    assert!(matches!(&error, Error::Contract(findings) if !findings.is_empty()), "{error}");
}

#[test]
fn keys_of_an_unknown_pair_are_refused() {
    let error = Sandbox::start(Options::default().keys("hidden", Keys::new("k", "c"))).expect_err("no such pair");
    assert_eq!(error.to_string(), "the contract has no key pair `hidden`: use one of public, private");
}

#[test]
fn a_taken_port_is_an_error() {
    let sandbox = sandbox();
    let error = Sandbox::start(Options::default().port(sandbox.address().port())).expect_err("taken");
    assert!(matches!(error, Error::Listen { .. }) && error.to_string().contains("choose another port"), "{error}");
}

#[test]
fn nothing_of_a_request_or_a_key_is_in_debug() {
    let sandbox = sandbox();
    let _ = Asked::post(TOKEN, "{\"Number\":\"5528790000000008\"}")
        .with(&[JSON, ("apikeypublic", "hush")])
        .send(sandbox.address());
    let options = Options::default().keys("public", Keys::new("hush", "hush"));
    let shown = format!("{:?} {options:?} {sandbox:?}", sandbox.received());
    assert!(!shown.contains("hush") && !shown.contains("5528"), "{shown}");
}
