//! No output shows a card number or a security code: where they belong, where they do not, and where nothing is JSON.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::{Folder, Told, payment};

const CARD: &str = "5188964318524963";
const CODE: &str = "7391";

fn route_of_payment() -> &'static str {
    "https://x.example/api/paywall/payment/startdirect"
}

/// Payloads and what is none, each with the card and the code in it.
fn planted(folder: &Folder) -> Vec<String> {
    let mut right = payment(CARD);
    right["Card"]["Cvv"] = CODE.into();
    right["PaymentDetail"]["Installment"] = "1".into();
    let right = right.to_string();
    let har = |url: &str, body: &str| {
        let request = json!({ "method": "POST", "url": url, "postData": { "text": body } });
        json!({ "log": { "entries": [{ "request": request, "response": { "content": { "text": body } } }] } })
            .to_string()
    };
    let route = route_of_payment();
    let key = format!(
        "{{\"PaymentDetail\": {{\"{CARD}\": \"{CODE}\"}}, \"Card\": {{\"Number\": \"{CARD}\", \"{CODE}\": 1}}}}"
    );
    let quoted = json!({ "level": "INFO", "message": format!("card {CARD} {CODE} {right}"), "who": CARD }).to_string();
    let deeper = json!({ "log": format!("{CODE} {quoted} {CARD}\n"), "key": { CARD: CODE } }).to_string();
    let coded = BASE64_STANDARD.encode(&right);
    let posted = |url: &str, data: serde_json::Value| {
        let request = json!({ "method": "POST", "url": url, "postData": data });
        json!({ "log": { "entries": [{ "request": request, "response": {} }] } }).to_string()
    };
    let field = json!([{ "name": CARD, "value": CODE }, { "name": "status", "value": CARD }, { "name": "status", "value": CODE }]);
    let shop = "https://shop.example/back";
    let form = "application/x-www-form-urlencoded";
    let files = [
        ("prefix.log", format!("2026 card={CARD} cvv={CODE} {right} cvv={CODE}\nINFO {CARD} {CODE}\n")),
        (
            "prefix.jsonl",
            format!("{CARD} {CODE} {right} {CODE}\n{CARD} {CODE} INFO {{\"Number\": {CARD}, \"Cvv\" {CODE}}}\n"),
        ),
        ("prefix.json", format!("{CARD} {CODE} {right}")),
        ("quoted.json", quoted.clone()),
        ("deeper.jsonl", format!("{deeper}\n{deeper}\n")),
        ("logfmt.log", format!("cvv={CODE} msg={} card={CARD}", serde_json::Value::from(right.clone()))),
        ("several.json", format!("{right}\n{right} {CARD} {CODE}")),
        ("pretty.jsonl", right.replace(",\"", &format!(",\n\"{CARD}\": \"{CODE}\",\n\"")) + "\n" + &right),
        (
            "broken-in-text.json",
            json!({ "request": right, "message": format!("{{\"Number\": {CARD}, \"Cvv\" {CODE}}}") }).to_string(),
        ),
        ("list.jsonl", format!("[{right}, {{\"{CARD}\": \"{CODE}\"}}]\n")),
        ("coded.har", posted(route_of_payment(), json!({ "encoding": "base64", "text": coded }))),
        (
            "object.har",
            posted(
                route_of_payment(),
                json!({ "text": serde_json::from_str::<serde_json::Value>(&right).expect("json") }),
            ),
        ),
        ("params.har", posted(route_of_payment(), json!({ "mimeType": form, "params": field }))),
        ("fields.har", posted(shop, json!({ "mimeType": form, "params": field }))),
        (
            "fields-coded.har",
            posted(
                shop,
                json!({ "mimeType": form, "encoding": "base64",
            "text": BASE64_STANDARD.encode(format!("status={CARD}&{CARD}={CODE}&status={CODE}")) }),
            ),
        ),
        ("odd-encoding.har", posted(route_of_payment(), json!({ "encoding": CARD, "text": CODE }))),
        (
            "odd-address.har",
            posted(&format!("//{CARD}/api/paywall/payment/startdirect?{CODE}"), json!({ "text": right })),
        ),
        ("guid.json", format!("{{\"SessionId\": \"{CARD}-{CODE}\"}}")),
        ("right.json", right.clone()),
        ("key.json", key.clone()),
        ("number.json", right.replace(&format!("\"{CARD}\""), CARD).replace(&format!("\"{CODE}\""), CODE)),
        ("elsewhere.json", right.replace("order-1", CARD).replace("Istanbul", CODE)),
        ("twice.json", right.replace("\"Number\"", &format!("\"Number\":\"{CARD}\",\"Number\""))),
        ("behind.json", format!("{{\"a\": }}, \"Number\": \"{CARD}\", \"Cvv\": {CODE}")),
        ("before.json", format!("{{\"Number\": \"{CARD}\", \"Cvv\": {CODE}, ")),
        ("open.json", format!("{{\"Number\": \"{CARD} {CODE}")),
        ("comment.json", format!("// {CARD} {CODE}\n{right}")),
        ("log.json", format!("2026-01-01 INFO card={CARD} cvv={CODE}")),
        ("soap.json", format!("<card number=\"{CARD}\"><cvv>{CODE}</cvv></card>")),
        ("form.json", format!("number={CARD}&cvv={CODE}")),
        ("list.json", format!("[{CARD}, {CODE}]")),
        ("alone.json", CARD.to_owned()),
        ("turkish.json", format!("{{\"Number\": \"{CARD}\", \"Cvv\": \"{CODE}\"}}")),
        ("lines.jsonl", format!("{right}\n{CARD} {CODE}\n{key}\n{{\"Number\": \"{CARD}\", \"Cvv\": {CODE}\n")),
        ("threeDCallback/a.form", format!("status={CARD}&{CARD}={CODE}&hash={CODE}%zz&status={CARD}")),
        ("queryPayment/a.request.json", format!("{{\"merchantuniquecode\": {CARD}, \"{CARD}\": \"{CODE}\"}}")),
        ("traffic.har", har(route, &right)),
        ("odd.har", har(route, &format!("card={CARD}&cvv={CODE}"))),
        ("away.har", har(&format!("https://x.example/{CARD}/{CODE}"), &right)),
        ("broken.har", format!("{{\"log\": {{\"entries\": [\"{CARD}\", {CODE} \"x\"")),
    ];
    for (name, text) in &files {
        folder.write(name, text);
    }
    let foreign = [format!("{{\"Number\": \"{CARD}\", \"Cvv\": {CODE}, \"x\": \"").as_bytes(), b"\xfe\"}"].concat();
    folder.write("foreign.json", foreign);
    let spoilt = format!("errorMessage=~{CARD} {CODE}~&~{CARD}={CODE}~&uniqueCode={CARD}~&status=~{CODE}&hash={CODE}");
    let spoilt: Vec<u8> = spoilt.bytes().map(|byte| if byte == b'~' { 0xfe } else { byte }).collect();
    folder.write("spoilt.form", &spoilt);
    folder.write("spoilt.txt", &spoilt);
    let coded = json!({ "mimeType": form, "encoding": "base64", "text": BASE64_STANDARD.encode(&spoilt) });
    folder.write("spoilt.har", posted(shop, coded));
    let others = ["foreign.json", "spoilt.form", "spoilt.txt", "spoilt.har"].map(str::to_owned);
    files.iter().map(|(name, _)| (*name).to_owned()).chain(others).collect()
}

/// Files in which the code is the value of a field for something else: who asks for values sees it.
const MISPLACED: [&str; 10] = [
    "key.json",
    "elsewhere.json",
    "list.json",
    "lines.jsonl",
    "threeDCallback/a.form",
    "queryPayment/a.request.json",
    "pretty.jsonl",
    "spoilt.form",
    "spoilt.txt",
    "spoilt.har",
];

/// The number as it is, and with what people put between the digits.
fn shows_card(told: &str) -> bool {
    let digits: String = told.chars().filter(|one| !matches!(one, ' ' | '-' | '_' | '*')).collect();
    digits.contains(CARD) || told.contains(&CARD[..12]) || told.contains(&CARD[6..])
}

fn is_clean(told: &Told, may_show_code: bool) -> bool {
    let all = format!("{}{}", told.out, told.err);
    !shows_card(&all) && (may_show_code || !all.contains(CODE))
}

#[test]
fn a_planted_card_appears_in_no_output() {
    let folder = Folder::new();
    let names = planted(&folder);
    for format in ["text", "json", "junit", "sarif"] {
        let callback = &["--operation", "threeDCallback"];
        for more in [&[][..], &["--show-values"], &["--operation", "startDirectPayment"], callback] {
            for name in &names {
                let told = folder.run(&[&["--format", format, name], more].concat());
                let may_show_code = more == ["--show-values"] && MISPLACED.contains(&name.as_str());
                assert!(is_clean(&told, may_show_code), "{name} as {format} {more:?}:\n{}{}", told.out, told.err);
                assert!(!told.out.is_empty(), "{name} as {format}");
            }
        }
    }
}

#[test]
fn a_payload_in_a_paths_place_is_not_repeated() {
    let folder = Folder::new();
    for payload in [payment(CARD).to_string(), format!("{{'Number': {CARD}, 'Cvv': '{CODE}'}}")] {
        let told = folder.run(&[&payload]).ends_with(2).says("standard input");
        assert!(is_clean(&told, false), "{}{}", told.out, told.err);
    }
}

#[test]
fn a_card_in_another_spelling_is_masked_among_shown_values() {
    let escapes = CARD.chars().map(|digit| format!("\\u{:04x}", u32::from(digit))).collect::<Vec<_>>().concat();
    let spaced = format!("{} {} {} {}", &CARD[..4], &CARD[4..8], &CARD[8..12], &CARD[12..]);
    let others =
        ["\u{a0}", "\u{200b}", "*", "|", ":", ",", "\\t", "\\u0020"].map(|between| spaced.replace(' ', between));
    for written in others.iter().chain([&escapes]) {
        let text = format!(r#"{{"PaymentDetail":{{"Amount":"x"}},"Products":[{{"ProductName":"{written}"}}]}}"#);
        let folder = Folder::with("startDirectPayment/a.request.json", text);
        let told = folder.run(&["--show-values", "startDirectPayment"]).ends_with(1).says("ProductName");
        told.leaves_out(written);
    }
}

#[test]
fn a_planted_card_appears_in_no_output_of_standard_input() {
    let folder = Folder::new();
    for name in planted(&folder) {
        let input = std::fs::read(folder.path().join(&name)).expect("a file");
        let told = folder.feed(&["-"], &input);
        assert!(is_clean(&told, false), "{name}:\n{}{}", told.out, told.err);
    }
}
