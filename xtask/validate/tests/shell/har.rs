//! Captured traffic: what is found in it, and where that stands in the file.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::{Folder, payment};

const HOST: &str = "https://any.example/api/paywall";

fn entry(method: &str, path: &str, headers: &Value, body: Option<&str>, answer: &Value) -> Value {
    let url = if path.starts_with("https:") { path.to_owned() } else { format!("{HOST}{path}") };
    let mut request = json!({ "method": method, "url": url, "headers": headers });
    if let Some(body) = body {
        request["postData"] = json!({ "mimeType": "application/json", "text": body });
    }
    json!({ "request": request, "response": { "status": 200, "content": answer } })
}

fn har(entries: &[Value]) -> Value {
    json!({ "log": { "version": "1.2", "entries": entries } })
}

fn wrong_payment() -> String {
    let mut payload = payment("4355084355084358");
    payload["Card"]["OwnerName"] = "Ayşe \"Öz\" 😀".into();
    payload["PaymentDetail"]["Amount"] = "1".into();
    payload["PaymentDetail"]["Colour"] = "red".into();
    payload.to_string().replace("red", "r\\/d").replace('ş', "\\u015f")
}

/// The text of the file from a finding's place, and its length there.
fn stands_at<'t>(text: &'t str, finding: &Value) -> &'t str {
    let place = |key: &str| usize::try_from(finding[key].as_u64().expect("a number")).expect("a place");
    let (line, column, offset) = (place("line"), place("column"), place("offset"));
    let before = &text[..offset];
    assert_eq!(line, before.matches('\n').count() + 1);
    assert_eq!(column, before.rsplit('\n').next().expect("a line").chars().count() + 1);
    &text[offset..place("end_offset")]
}

fn findings<'o>(object: &'o Value, rule: &str) -> Vec<&'o Value> {
    let payloads = object["payloads"].as_array().expect("payloads").iter();
    let all = payloads.flat_map(|payload| payload["findings"].as_array().expect("findings"));
    all.filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn a_finding_stands_where_the_file_holds_it() {
    let answer = json!({ "text": r#"{"ErrorCode": 0, "Result": "true", "Message": "", "Body": null}"# });
    let traffic = har(&[entry("POST", "/payment/startdirect?x=1", &json!([]), Some(&wrong_payment()), &answer)]);
    for text in [traffic.to_string(), serde_json::to_string_pretty(&traffic).expect("json")] {
        let folder = Folder::with("a.har", &text);
        let object = folder.json(&["a.har"]);
        let amount = findings(&object, "number-in-text");
        assert_eq!(stands_at(&text, amount[0]), r#"\"1\""#);
        assert_eq!(amount[0]["pointer"], "/PaymentDetail/Amount");
        assert_eq!(stands_at(&text, findings(&object, "unknown-field")[0]), r#"\"Colour\""#);
        assert_eq!(stands_at(&text, findings(&object, "boolean-in-text")[0]), r#"\"true\""#);
        let labels: Vec<_> =
            object["payloads"].as_array().expect("payloads").iter().map(|one| one["label"].as_str()).collect();
        let label = "entries[0] POST /api/paywall/payment/startdirect";
        assert_eq!(labels, [Some(format!("{label} request").as_str()), Some(format!("{label} response").as_str())]);
    }
}

#[test]
fn an_answer_in_base64_is_read() {
    let answer = r#"{"ErrorCode": 0, "Result": "true", "Message": "", "Body": null}"#;
    let content = json!({ "encoding": "base64", "text": BASE64_STANDARD.encode(answer) });
    let text = har(&[entry("POST", "/payment/startdirect", &json!([]), None, &content)]).to_string();
    let object = Folder::with("a.har", &text).json(&["a.har"]);
    let there = stands_at(&text, findings(&object, "boolean-in-text")[0]).to_owned();
    assert!(BASE64_STANDARD.encode(answer).contains(&there) && (8..=12).contains(&there.len()), "{there}");
    let content = json!({ "encoding": "base64", "text": "!" });
    let text = har(&[entry("POST", "/payment/startdirect", &json!([]), None, &content)]).to_string();
    Folder::with("a.har", text).run(&["a.har"]).ends_with(2).says("no text in Base64");
}

#[test]
fn headers_of_an_operation_are_checked_and_those_of_http_are_not() {
    let headers = json!([{ "name": "Host", "value": "x" }, { "name": "SessionId", "value": "" },
        { "name": "MerchantUniqueCode", "value": "" }]);
    let answer = json!({});
    let entries = [
        entry("GET", "/private/query", &headers, None, &answer),
        entry("GET", "/private/query", &json!([{ "name": "accept", "value": "*/*" }]), None, &answer),
    ];
    let text = har(&entries).to_string();
    let object = Folder::with("a.har", &text).json(&["a.har"]);
    assert_eq!(findings(&object, "min-length").len(), 1, "{object}");
    let missing = findings(&object, "required");
    assert_eq!(missing[0]["pointer"], "/merchantuniquecode");
    assert!(
        text[usize::try_from(missing[0]["offset"].as_u64().expect("a number")).expect("a place")..].starts_with('[')
    );
    assert!(findings(&object, "unknown-field").is_empty(), "{object}");
}

#[test]
fn a_callback_in_traffic_is_read_where_it_is_named() {
    let posted = |data: &Value| {
        let url = "https://shop.example/return/secret-path";
        let request = json!({ "method": "POST", "url": url, "postData": data });
        har(&[json!({ "request": request, "response": {} })]).to_string()
    };
    let kind = "application/x-www-form-urlencoded; charset=utf-8";
    let as_sent = posted(&json!({ "mimeType": kind, "text": "status=1&a=\"&status=%32" }));
    let taken_apart =
        [("status", "1"), ("a", "\""), ("status", "2")].map(|(name, value)| json!({ "name": name, "value": value }));
    let taken_apart = posted(&json!({ "mimeType": kind, "params": taken_apart }));
    for text in [as_sent, taken_apart] {
        let folder = Folder::with("a.har", &text);
        folder.run(&["a.har"]).ends_with(2).says("1 of 1 entries go to no operation");
        let arguments = ["--operation", "threeDCallback", "a.har"];
        folder.run(&arguments).leaves_out("secret-path");
        let object = folder.json(&arguments);
        assert_eq!(stands_at(&text, findings(&object, "duplicate-field")[0]), "status");
        assert_eq!(object["payloads"][0]["label"], "entries[0] request");
    }
}

#[test]
fn traffic_that_goes_elsewhere_is_counted_and_not_shown() {
    let wrong = wrong_payment();
    let entries = [
        entry("GET", "https://cdn.example/secret-path", &json!([]), None, &json!({ "text": "<html>" })),
        entry("POST", "/payment/start3d", &json!([]), None, &json!({})),
        entry("POST", "/payment/startdirect", &json!([]), Some(&wrong), &json!({})),
    ];
    let folder = Folder::with("a.har", har(&entries).to_string());
    let told = folder.run(&["a.har"]).ends_with(1).leaves_out("secret-path");
    let told = told.says("1 of 3 entries go to no operation of the contract");
    told.says("1 of 3 entries go to an operation, and no payload was recorded");
    let told = folder.run(&["--operation", "start3dPayment", "a.har"]).ends_with(2);
    told.says("1 of 3 entries go to another operation than the one named").says("no payload in this traffic");
    let told = folder.run(&["--part", "response", "a.har"]).ends_with(2);
    told.says("no payload in this traffic");
}

#[test]
fn a_body_that_is_no_json_is_told_and_the_rest_goes_on() {
    let refused = json!({ "text": "<html>502 Bad Gateway</html>" });
    let good = payment("4355084355084358").to_string();
    let entries = [
        entry("POST", "/payment/startdirect", &json!([]), Some("{\"Card\": "), &refused),
        entry("POST", "/payment/startdirect", &json!([]), Some(&good), &json!({})),
    ];
    let told = Folder::with("a.har", har(&entries).to_string()).run(&["a.har"]).ends_with(2);
    let told = told.says("entries[0] POST /api/paywall/payment/startdirect response").leaves_out("Gateway");
    told.says("looks like XML or HTML").says("1 payload is valid; 2 could not be checked");
}

#[test]
fn a_har_file_without_entries_is_none() {
    Folder::with("a.har", "{}").run(&["a.har"]).ends_with(2).says("expected a HAR file");
    Folder::with("a.har", "{\"log\": {\"entries\": [{}, 1, null]}}").run(&["a.har"]).ends_with(2);
}
