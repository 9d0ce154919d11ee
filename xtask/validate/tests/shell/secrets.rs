//! No output shows a card number or a security code: where they belong, where they do not, and where nothing is JSON.

use serde_json::json;

use crate::{Folder, Told, payment};

const CARD: &str = "5188964318524963";
const CODE: &str = "7391";

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
    let route = "https://x.example/api/paywall/payment/startdirect";
    let key = format!(
        "{{\"PaymentDetail\": {{\"{CARD}\": \"{CODE}\"}}, \"Card\": {{\"Number\": \"{CARD}\", \"{CODE}\": 1}}}}"
    );
    let files = [
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
    files.iter().map(|(name, _)| (*name).to_owned()).chain(["foreign.json".to_owned()]).collect()
}

/// Files in which the code is the value of a field for something else: who asks for values sees it.
const MISPLACED: [&str; 6] =
    ["key.json", "elsewhere.json", "list.json", "lines.jsonl", "threeDCallback/a.form", "queryPayment/a.request.json"];

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
        for more in [&[][..], &["--show-values"], &["--operation", "startDirectPayment"]] {
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
