//! The forms that programs read: each keeps its own rules, and all tell the same.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::{Folder, payment};

/// A folder with a payload that is right, one that is wrong, lines, traffic, and what cannot be read.
fn mixed() -> Folder {
    let folder = Folder::with("good.json", payment("4355084355084358").to_string());
    let mut wrong = payment("4355084355084358");
    wrong["PaymentDetail"]["Amount"] = "\u{1}<&>\u{ffff}".into();
    wrong["PaymentDetail"]["amount"] = 1.into();
    wrong["PaymentDetail"]["Colour"] = "red".into();
    let text = serde_json::to_string_pretty(&wrong).expect("json");
    let text = text.replacen("\"Installment\": 1", "\"Installment\": 1, \"Installment\": 1", 1);
    folder.write("a b/wröng.json", text);
    folder.write("many.jsonl", format!("{wrong}\n{{\n{wrong}\n"));
    let entry = json!({ "request": { "method": "POST", "url": "https://x.example/api/paywall/payment/startdirect",
        "postData": { "text": wrong.to_string() } }, "response": {} });
    folder.write("t.har", json!({ "log": { "entries": [entry, {}] } }).to_string());
    folder.write("cut.json", "{");
    folder
}

const ALL: [&str; 6] = ["good.json", "a b", "many.jsonl", "t.har", "cut.json", "missing.json"];

fn told(format: &str) -> String {
    mixed().run(&[&["--format", format], &ALL[..]].concat()).ends_with(2).out
}

fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a schema");
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn json_keeps_its_schema() {
    let object: Value = serde_json::from_str(&told("json")).expect("json");
    let schema = serde_json::from_str(include_str!("../../output.schema.json")).expect("a schema");
    assert_eq!(violations(&schema, &object), [""; 0]);
    assert_eq!(object["summary"]["payloads"], 5);
    assert_eq!(object["summary"]["unreadable"], 3);
    assert_eq!(object["exit_code"], 2);
    assert_eq!(object["payloads"][1]["path"], Path::new("a b").join("wröng.json").to_str().expect("a path"));
    assert!(object["notes"][0]["note"].as_str().expect("a note").starts_with("1 of 2 entries"));
}

#[test]
fn the_schema_refuses_what_is_not_documented() {
    let schema: Value = serde_json::from_str(include_str!("../../output.schema.json")).expect("a schema");
    let mut object: Value = serde_json::from_str(&told("json")).expect("json");
    object["payloads"][1]["findings"][0]["surprise"] = 1.into();
    assert_eq!(violations(&schema, &object).len(), 1);
}

#[test]
fn nothing_to_list_is_json_too() {
    let object =
        Folder::with("a.json", payment("4355084355084358").to_string()).json(&["--max-findings", "0", "a.json"]);
    assert_eq!(object["summary"]["errors"], 0);
    let object = Folder::new().json(&["nothing.json"]);
    assert_eq!(object["payloads"], json!([]));
}

/// The schema as OASIS publishes it:
/// <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json>
const SARIF: &str = include_str!("sarif-schema-2.1.0.json");

#[test]
fn sarif_keeps_the_schema_of_oasis() {
    let log: Value = serde_json::from_str(&told("sarif")).expect("json");
    let mut schema: Value = serde_json::from_str(SARIF).expect("a schema");
    // Patterns that are no regular expressions, of what is not written here.
    for part in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{part}/properties/language")).expect("a part");
        language.as_object_mut().expect("a schema").remove("pattern").expect("a pattern");
    }
    assert_eq!(violations(&schema, &log), [""; 0]);
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["exitCode"], 2);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().map(Vec::len), Some(5));
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications").iter();
    let notes: Vec<_> = notes.filter(|one| one["level"] == "note").map(|one| &one["message"]["text"]).collect();
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[0], "1 of 2 entries go to no operation of the contract: not checked");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_points_at_the_characters() {
    let folder = mixed();
    let log: Value = serde_json::from_str(&folder.run(&["--format", "sarif", "a b"]).out).expect("json");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let twice = results.iter().find(|result| result["ruleId"] == "duplicate-field").expect("a result");
    let place = &twice["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], json!({ "uri": "a%20b/wr%C3%B6ng.json", "uriBaseId": "%SRCROOT%" }));
    let text = std::fs::read_to_string(folder.path().join("a b/wröng.json")).expect("a file");
    let number = |key: &str| usize::try_from(place["region"][key].as_u64().expect("a number")).expect("a number");
    let line = text.lines().nth(number("startLine") - 1).expect("a line");
    let marked: String =
        line.chars().skip(number("startColumn") - 1).take(number("endColumn") - number("startColumn")).collect();
    assert_eq!(marked, "\"Installment\"");
    assert_eq!(&text[number("byteOffset")..number("byteOffset") + number("byteLength")], marked);
    assert_eq!(twice["relatedLocations"].as_array().map(Vec::len), Some(1));
}

#[test]
fn junit_is_xml_that_counts_right() {
    let xml = told("junit");
    let mut reader = Reader::from_str(&xml);
    let (mut cases, mut failures, mut errors, mut suites, mut sums) = (0, 0, 0, 0, Vec::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => match start.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                "error" => errors += 1,
                "testsuite" => suites += 1,
                "testsuites" => {
                    sums.extend(start.attributes().map(|one| one.expect("an attribute").value.into_owned()));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases, failures, errors, suites), (8, 4, 3, 6), "{xml}");
    assert_eq!(sums, ["paywall-validate", "8", "4", "3"]);
    assert!(!xml.contains('\u{1}') && !xml.contains('\u{ffff}'));
    assert_eq!(xml.matches("<system-out>1 of 2 entries go to no operation").count(), 1, "{xml}");
}

#[test]
fn colours_are_for_a_terminal() {
    let folder = mixed();
    folder.run(&ALL).leaves_out("\u{1b}");
    let mut command = folder.command(&ALL);
    let output = command.env("CLICOLOR_FORCE", "1").output().expect("the program");
    assert!(String::from_utf8(output.stdout).expect("text").contains("\u{1b}["));
}

#[test]
fn a_frame_marks_the_place() {
    let folder = Folder::with("a.json", "{\n\t\"PaymentDetail\": {\"Amount\": \"1\"}\n}");
    let told = folder.run(&["--operation", "startDirectPayment", "--part", "request", "a.json"]).ends_with(1);
    let frame = concat!(
        "error[number-in-text]: expected a number\n",
        " --> a.json:2:30\n",
        "  |\n",
        "2 |     \"PaymentDetail\": {\"Amount\": \"1\"}\n",
        "  |                                 ^^^ the text \"1\"\n",
        "  |\n",
        "  = at: /PaymentDetail/Amount\n",
    );
    told.says(frame);
}

#[test]
fn of_a_very_long_line_the_place_alone_is_shown() {
    let mut payload = payment("4355084355084358");
    payload["Products"] = vec![payload["Products"][0].clone(); 2000].into();
    payload["Products"][1000]["ProductAmount"] = "1".into();
    let folder = Folder::with("a.json", payload.to_string());
    let told = folder.run(&["a.json"]).ends_with(1).says("/Products/1000/ProductAmount");
    assert!(told.out.lines().all(|line| line.chars().count() < 250), "{}", told.out);
}
