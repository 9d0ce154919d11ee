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

/// An entry whose request has this in the place of `postData`.
fn posted(path: &str, data: &Value, answer: &Value) -> Value {
    let mut entry = entry("POST", path, &json!([]), None, answer);
    entry["request"]["postData"] = data.clone();
    entry
}

#[test]
fn a_request_in_base64_is_read() {
    let wrong = wrong_payment();
    let plain = BASE64_STANDARD.encode(&wrong);
    let wrapped =
        plain.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\r\n");
    let unpadded = plain.trim_end_matches('=').replace('+', "-").replace('/', "_");
    for (encoding, coded) in [("base64", &plain), ("Base64", &wrapped), ("BASE64", &unpadded)] {
        let data = json!({ "mimeType": "application/json", "encoding": encoding, "text": coded });
        let text = har(&[posted("/payment/startdirect", &data, &json!({}))]).to_string();
        let object = Folder::with("a.har", &text).json(&["a.har"]);
        let amount = findings(&object, "number-in-text");
        assert_eq!(amount.len(), 1, "{object}");
        assert_eq!(amount[0]["pointer"], "/PaymentDetail/Amount");
        let there = stands_at(&text, amount[0]);
        assert!(coded.replace("\r\n", "\\r\\n").contains(there) && (4..=12).contains(&there.len()), "{there}");
    }
    for (data, words) in [
        (json!({ "encoding": "base64", "text": "!" }), "no text in Base64"),
        (json!({ "encoding": "rot13", "text": "abc" }), "another encoding than Base64"),
    ] {
        let text = har(&[posted("/payment/startdirect", &data, &json!({}))]).to_string();
        let told = Folder::with("a.har", text).run(&["a.har"]).ends_with(2).says(words).says("1 could not be checked");
        told.leaves_out("rot13");
    }
}

#[test]
fn a_half_that_was_not_recorded_is_counted() {
    let (good, answer) = (payment("4355084355084358").to_string(), r#"{"ErrorCode":5,"Result":false,"Body":null}"#);
    let answered = json!({ "text": answer });
    let path = "/payment/startdirect";
    let asked = json!({ "text": good });
    let mut cut_off = posted(path, &asked, &Value::Null);
    cut_off.as_object_mut().expect("an entry").remove("response").expect("a response");
    let mut answer_alone = posted(path, &Value::Null, &answered);
    answer_alone.as_object_mut().expect("an entry").remove("request");
    answer_alone["request"] = json!({ "method": "POST", "url": format!("{HOST}{path}") });
    for (entry, missing) in [
        (posted(path, &Value::Null, &answered), "request"),
        (posted(path, &json!({}), &answered), "request"),
        (posted(path, &json!({ "mimeType": "application/json", "text": "" }), &answered), "request"),
        (posted(path, &json!({ "mimeType": "application/json", "text": null, "params": [] }), &answered), "request"),
        (answer_alone, "request"),
        (posted(path, &asked, &Value::Null), "answer"),
        (posted(path, &asked, &json!({ "size": 100, "mimeType": "application/json" })), "answer"),
        (posted(path, &asked, &json!({ "text": " \n" })), "answer"),
        (cut_off, "answer"),
    ] {
        let told = Folder::with("a.har", har(&[entry]).to_string()).run(&["a.har"]).ends_with(0);
        let told =
            told.says(&format!("1 of 1 entries go to an operation, and the body of the {missing} was not recorded"));
        told.says("1 payload is valid");
    }
    let neither = har(&[posted(path, &json!({ "params": [] }), &json!({ "size": 0 }))]).to_string();
    let told = Folder::with("a.har", neither).run(&["a.har"]).ends_with(2);
    told.says("1 of 1 entries go to an operation, and no payload was recorded").says("no payload in this traffic");
}

#[test]
fn a_half_that_is_compressed_is_told() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a".to_vec();
    let brotli = b"\x8b\x02\x80{\xff\xfe}\x03".to_vec();
    let careless = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let good = payment("4355084355084358").to_string();
    let claims = json!([{ "name": "Content-Encoding", "value": "br" }]);
    for (content, headers) in [
        (json!({ "encoding": "base64", "text": BASE64_STANDARD.encode(&gzip) }), json!([])),
        (json!({ "text": careless(&gzip) }), json!([])),
        (json!({ "text": "\u{1f}\u{8b}\u{8}" }), json!([])),
        (json!({ "encoding": "base64", "text": BASE64_STANDARD.encode(&brotli) }), claims.clone()),
        (json!({ "text": careless(&brotli) }), claims.clone()),
    ] {
        let mut answer = posted("/payment/startdirect", &json!({ "text": good }), &content);
        answer["response"]["headers"] = headers.clone();
        let told = Folder::with("a.har", har(&[answer]).to_string()).run(&["a.har"]).ends_with(2);
        told.says("the body is compressed").says("1 payload is valid; 1 could not be checked");
        let mut request = posted("/payment/startdirect", &content, &json!({}));
        request["request"]["headers"] = headers;
        let told = Folder::with("a.har", har(&[request]).to_string()).run(&["a.har"]).ends_with(2);
        told.says("the body is compressed").says("startdirect request");
    }
    // A browser names the encoding and saves what it has decoded.
    let mut decoded = posted("/payment/startdirect", &json!({ "text": good }), &json!({}));
    decoded["request"]["headers"] = claims;
    Folder::with("a.har", har(&[decoded]).to_string()).run(&["a.har"]).ends_with(0).says("1 payload is valid");
}

#[test]
fn a_body_that_stands_elsewhere_is_read_there_or_told() {
    let wrong: Value = serde_json::from_str(&wrong_payment()).expect("json");
    for data in [json!({ "text": wrong }), json!({ "mimeType": "application/json", "text": wrong }), wrong.clone()] {
        let text = har(&[posted("/payment/startdirect", &data, &json!({}))]).to_string();
        let folder = Folder::with("a.har", &text);
        let object = folder.json(&["a.har"]);
        let amount = findings(&object, "number-in-text");
        assert_eq!(amount.len(), 1, "{object}");
        assert_eq!(stands_at(&text, amount[0]), "\"1\"");
        folder.run(&["a.har"]).ends_with(1).says("1 of 1 entries hold a body that is no text");
    }
    let answer = json!({ "ErrorCode": 0, "Result": "true", "Message": "", "Body": null });
    for content in [json!({ "text": answer }), answer.clone(), Value::from(answer.to_string())] {
        let text = har(&[entry("POST", "/payment/startdirect", &json!([]), None, &content)]).to_string();
        let object = Folder::with("a.har", &text).json(&["a.har"]);
        assert_eq!(findings(&object, "boolean-in-text").len(), 1, "{object}");
    }
    let params = json!({ "mimeType": "application/x-www-form-urlencoded", "params": [{ "name": wrong.to_string() }] });
    let text = har(&[posted("/payment/startdirect", &params, &answer)]).to_string();
    let told = Folder::with("a.har", text).run(&["a.har"]).ends_with(2);
    told.says("found the fields of a form (`params`)").says("1 could not be checked");
}

#[test]
fn an_address_finds_its_operation_however_it_is_written() {
    let wrong = wrong_payment();
    for address in [
        "/api/paywall/payment/startdirect",
        "api/paywall/payment/startdirect",
        "//any.example/api/paywall/payment/startdirect",
        "any.example/api/paywall/payment/startdirect",
        "any.example:8443/api/paywall/payment/startdirect?x=1",
        "localhost:8080/api/paywall/payment/startdirect",
        "//api/paywall/payment/startdirect",
        "https://any.example//api/paywall//payment/startdirect",
        "https://any.example/api/paywall/payment/start%64irect",
        "https://any.example/api/paywall/payment/%73%74artdirect/",
        "https://any.example/API/PayWall/Payment/StartDirect",
        "https://any.example/api/paywall/payment/startdirect/",
        "https://any.example/api/paywall/payment/startdirect//?a=b#c",
        "https://any.example:443/api/paywall/payment/startdirect",
        "http://any.example:80/api/./paywall/x/../payment/startdirect#x",
        "HTTPS://user:secret-word@ANY.example/api/paywall/payment/startdirect",
        "  https://any.example/api/paywall/payment/startdirect ",
    ] {
        let request = json!({ "method": "post", "url": address, "postData": { "text": wrong } });
        let folder = Folder::with("a.har", har(&[json!({ "request": request, "response": {} })]).to_string());
        let told = folder.run(&["a.har"]);
        assert_eq!(told.code, Some(1), "{address}: {}", told.out);
        told.says("in: entries[0] POST /api/paywall/payment/startdirect request").leaves_out("secret-word");
    }
    for address in [
        "https://any.example/api/paywall/payment/startdirect/secret-word",
        "https://any.example/api/paywall/payment%2Fstartdirect",
        "https://any.example/payment/startdirect",
        "startdirect",
        "data:,secret-word",
        "",
    ] {
        let request = json!({ "method": "POST", "url": address, "postData": { "text": wrong } });
        let folder = Folder::with("a.har", har(&[json!({ "request": request, "response": {} })]).to_string());
        folder.run(&["a.har"]).ends_with(2).says("1 of 1 entries go to no operation").leaves_out("secret-word");
    }
}

#[test]
fn headers_and_fields_are_read_in_any_form_of_a_list() {
    for headers in [
        json!([{ "name": "MerchantUniqueCode", "value": "" }]),
        json!({ "MerchantUniqueCode": "" }),
        json!([{ "name": "MERCHANTUNIQUECODE", "value": null }]),
    ] {
        let text = har(&[entry("GET", "/private/query", &headers, None, &json!({}))]).to_string();
        let object = Folder::with("a.har", &text).json(&["a.har"]);
        assert_eq!(findings(&object, "min-length").len(), 1, "{object}");
    }
    let form = |params: &Value| {
        let data = json!({ "mimeType": "application/x-www-form-urlencoded", "params": params });
        let request = json!({ "method": "POST", "url": "https://shop.example/", "postData": data });
        har(&[json!({ "request": request, "response": {} })]).to_string()
    };
    let arguments = ["--operation", "threeDCallback", "a.har"];
    for params in
        [json!([{ "name": "status", "value": 1 }, { "name": "status" }]), json!([{ "name": "a", "value": [] }])]
    {
        let told = Folder::with("a.har", form(&params)).run(&arguments);
        assert!(
            told.out.contains("duplicate-field") || told.out.contains("a field of the form has no name"),
            "{}",
            told.out
        );
    }
    let coded = json!({ "mimeType": "application/x-www-form-urlencoded", "encoding": "base64",
        "text": BASE64_STANDARD.encode("status=1&status=%32") });
    let request = json!({ "method": "POST", "url": "https://shop.example/", "postData": coded });
    let text = har(&[json!({ "request": request, "response": {} })]).to_string();
    let object = Folder::with("a.har", &text).json(&arguments);
    let there = stands_at(&text, findings(&object, "duplicate-field")[0]).to_owned();
    assert!(
        BASE64_STANDARD.encode("status=1&status=%32").contains(&there) && (8..=12).contains(&there.len()),
        "{there}"
    );
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
fn a_callback_in_traffic_that_is_no_utf8_is_read_all_the_same() {
    let kind = "application/x-www-form-urlencoded";
    let posted = |data: &Value| {
        let request = json!({ "method": "POST", "url": "https://shop.example/return", "postData": data });
        har(&[json!({ "request": request, "response": {} })]).to_string()
    };
    let rest = "status=1&hash=0f3a9c51&errorMessage=";
    let bytes = [rest.as_bytes(), b"i\xfelem&uniqueCode=a"].concat();
    let params = json!([{ "name": "status", "value": "1" }, { "name": "hash", "value": "0f3a9c51" },
        { "name": "errorMessage", "value": "i\u{fffd}lem" }]);
    let coded = BASE64_STANDARD.encode(&bytes);
    for (data, there) in [
        (json!({ "mimeType": kind, "text": format!("{rest}i%FElem&uniqueCode=a") }), "i%FElem"),
        (json!({ "mimeType": kind, "text": format!("{rest}i\u{fffd}lem&uniqueCode=a") }), "i\u{fffd}lem"),
        (json!({ "mimeType": kind, "params": params }), "i\u{fffd}lem"),
        (json!({ "mimeType": kind, "encoding": "base64", "text": coded }), "af5sZW0"),
    ] {
        let text = posted(&data);
        let object = Folder::with("a.har", &text).json(&["--operation", "threeDCallback", "a.har"]);
        let found = findings(&object, "not-utf8");
        assert_eq!((found.len(), found[0]["severity"].as_str()), (1, Some("warning")), "{object}");
        assert_eq!(found[0]["pointer"], "/errorMessage");
        assert_eq!(stands_at(&text, found[0]), there);
    }
    let needed = posted(&json!({ "mimeType": kind, "text": "status=1&hash=0f3a9c51&uniqueCode=%FE" }));
    let object = Folder::with("a.har", &needed).json(&["--operation", "threeDCallback", "a.har"]);
    assert_eq!(findings(&object, "not-utf8")[0]["severity"], "error", "{object}");
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
    let told = told.says("1 of 3 entries go to an operation, and no payload was recorded");
    told.says("1 of 3 entries go to an operation, and the body of the answer was not recorded");
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
