//! What a log holds: text before JSON, JSON in texts of JSON, values over several lines and several on one.

use serde_json::{Value, json};

use crate::{Folder, payment};

const CARD: &str = "4355084355084358";
const HELP: &str = "say what it is with --operation and --part";

fn good() -> String {
    payment(CARD).to_string()
}

/// With an amount in quotes.
fn wrong() -> String {
    let mut payload = payment(CARD);
    payload["PaymentDetail"]["Amount"] = "1".into();
    payload.to_string()
}

fn pretty(payload: &str) -> String {
    let payload: Value = serde_json::from_str(payload).expect("json");
    serde_json::to_string_pretty(&payload).expect("json")
}

/// The findings of a rule, each with its payload's label.
fn findings(object: &Value) -> Vec<(Value, Value)> {
    let payloads = object["payloads"].as_array().expect("payloads").iter();
    let all = payloads.flat_map(|payload| {
        let findings = payload["findings"].as_array().expect("findings").iter();
        findings.map(|finding| (payload["label"].clone(), finding.clone()))
    });
    all.filter(|(_, finding)| finding["rule"] == "number-in-text").collect()
}

fn stands_at<'t>(text: &'t str, finding: &Value) -> &'t str {
    let place = |key: &str| usize::try_from(finding[key].as_u64().expect("a number")).expect("a place");
    let before = &text[..place("offset")];
    assert_eq!(place("line"), before.matches('\n').count() + 1);
    // A mark at the beginning of a line has no column where lines are read one by one.
    let line = before.rsplit('\n').next().expect("a line");
    let columns = [line, line.trim_start_matches('\u{feff}')].map(|line| line.chars().count() + 1);
    assert!(columns.contains(&place("column")), "{finding}");
    &text[place("offset")..place("end_offset")]
}

/// Each way to hold the wrong payload, under a name that promises nothing, or lines of JSON.
#[test]
fn a_payload_behind_a_prefix_is_found_at_its_place() {
    let (good, wrong) = (good(), wrong());
    for text in [
        format!("2026-11-30T10:00:00Z INFO {wrong}\n"),
        format!("2026-11-30 10:00:00,123 [main] DEBUG c.s.Client - sent: {wrong} took 12ms\nÜ INFO {good}\n"),
        format!("{good}\n[INFO] [http-1] request={wrong}\n"),
        format!("[INFO] {{request}} {{}} body: {wrong}"),
        format!("[2026-11-30 10:00:00] INFO {wrong}\n[10:00:01] INFO started\n[7] INFO {{main}} done\n"),
        format!("{{main}} INFO {wrong}\n{{main}} INFO [] done\n\"GET /\" 200\n"),
        format!("body={wrong}"),
        format!("time=x level=info msg=\"sent\" body={wrong} status=200\r\nstarted\r\n"),
        format!("INFO body:\n{}\nINFO done\n", pretty(&wrong)),
        format!("INFO body: {}\nINFO done {good}\n", pretty(&wrong)),
    ] {
        for name in ["app.log", "-"] {
            let folder = Folder::with("app.log", &text);
            let told = folder.feed(&["--format", "json", name], text.as_bytes()).ends_with(1);
            let object: Value = serde_json::from_str(&told.out).expect("json");
            let found = findings(&object);
            assert_eq!(found.len(), 1, "{text}\n{}", told.out);
            assert_eq!(stands_at(&text, &found[0].1), "\"1\"");
            assert_eq!(found[0].1["pointer"], "/PaymentDetail/Amount");
            assert_eq!(object["summary"]["unreadable"], 0, "{text}\n{}", told.out);
            assert!(
                told.out.contains("beside other text, as in a log") || text.starts_with("INFO body:\n"),
                "{}",
                told.out
            );
        }
    }
}

#[test]
fn a_prefix_in_a_file_of_lines_is_read_over_and_told_once() {
    let line = format!("2026-11-30T10:00:00Z INFO {}\n", good());
    let folder = Folder::with("a.jsonl", line.repeat(1000) + &format!("INFO {}\n", wrong()));
    let told = folder.run(&["a.jsonl"]).ends_with(1).says("in 1 of 1001 payloads");
    assert_eq!(told.out.matches("1001 payloads stand beside other text").count(), 1, "{}", told.out);
    folder.write("a.jsonl", line + "INFO no payload here\n");
    folder.run(&["a.jsonl"]).ends_with(2).says("a.jsonl:2:1").says("1 payload is valid; 1 could not be checked");
}

#[test]
fn what_a_log_says_beside_a_payload_is_counted() {
    let folder = Folder::with("a.log", format!("INFO {{\"trace\": 1}} {} {{\"took\": 2}}\n", good()));
    let told = folder.run(&["a.log"]).ends_with(0).says("1 payload is valid");
    told.says("2 values are of no operation, on a line with a payload: passed over");
    folder.write("a.log", format!("INFO {{\"trace\": 1}}\nINFO {}\n", good()));
    folder.run(&["a.log"]).ends_with(2).says("a.log:1:6").says("1 payload is valid; 1 could not be checked");
}

#[test]
fn lines_of_a_log_without_json_are_counted_and_a_log_of_such_alone_is_none() {
    let text = format!("started\nINFO {}\n{}stopped\n", good(), "at c.s.Client.send(Client.java:12)\n".repeat(50));
    let folder = Folder::with("app.log", text);
    let told = folder.run(&["app.log"]).ends_with(0).says("1 payload is valid");
    assert_eq!(told.out.matches("52 lines hold no JSON").count(), 1, "{}", told.out);
    folder.write("app.log", "started\nstopped\n");
    folder.run(&["app.log"]).ends_with(2).says("not JSON");
    folder.write("app.log", format!("INFO {}\n", &good()[..100]));
    folder.run(&["app.log"]).ends_with(2).says("cut off");
}

#[test]
fn json_in_a_text_is_looked_into_and_told_with_the_place_inside() {
    let wrong = wrong();
    let twice = json!({ "message": wrong }).to_string();
    for (value, label) in [
        (json!({ "timestamp": "2026-11-30T10:00:00Z", "level": "INFO", "message": wrong }), "/message"),
        (
            json!({ "@timestamp": 1, "http": { "request": { "body": { "content": wrong } } } }),
            "/http/request/body/content",
        ),
        (json!({ "log": format!("2026 INFO {wrong}\n"), "stream": "stdout" }), "/log"),
        (json!({ "log": format!("{twice}\n"), "stream": "stdout" }), "/log/message"),
        (json!({ "msgs": ["a { b", wrong] }), "/msgs/1"),
        (json!({ "Level": "Information", "Message": wrong }), "/Message"),
        (json!({ "time": 1, "request": payment(CARD), "body": wrong }), "/body"),
    ] {
        for (name, text) in [("a.json", pretty(&value.to_string())), ("a.jsonl", format!("\n{value}\r\n{value}\n"))] {
            let folder = Folder::with(name, &text);
            let object = folder.json(&[name]);
            let found = findings(&object);
            assert_eq!(found.len(), if name == "a.json" { 1 } else { 2 }, "{text}\n{object}");
            for (at, finding) in &found {
                assert_eq!(at, label, "{object}");
                assert_eq!(finding["pointer"], "/PaymentDetail/Amount");
                assert!(
                    stands_at(&text, finding).contains('1') && stands_at(&text, finding).ends_with("\\\""),
                    "{finding}"
                );
            }
            assert_eq!(object["exit_code"], 1, "{object}");
            folder.run(&[name]).says("in texts within JSON: looked into").says(label);
        }
    }
    let text = Value::from(wrong).to_string();
    let object = Folder::with("a.json", &text).json(&["a.json"]);
    assert_eq!(stands_at(&text, &findings(&object)[0].1), "\\\"1\\\"");
}

#[test]
fn a_named_operation_is_looked_for_in_texts_too() {
    let line = json!({ "level": "INFO", "message": format!("sent {}", wrong()) });
    let folder = Folder::with("a.jsonl", format!("{line}\n"));
    let object = folder.json(&["--operation", "startDirectPayment", "--part", "request", "a.jsonl"]);
    assert_eq!(findings(&object).len(), 1, "{object}");
    assert_eq!(object["summary"]["errors"], 1);
}

#[test]
fn what_is_said_to_be_a_payload_is_wrong_where_it_only_holds_one() {
    let said = ["--operation", "startDirectPayment", "--part", "request"];
    for text in [json!({ "data": payment(CARD) }), json!([payment(CARD)]), good().into(), json!({ "body": good() })] {
        let folder = Folder::with("a.json", text.to_string());
        folder.run(&[&said[..], &["a.json"]].concat()).ends_with(1).says("looked into");
        folder.feed(&[&said[..], &["-"]].concat(), text.to_string().as_bytes()).ends_with(1);
        folder.run(&["a.json"]).ends_with(0).says("1 payload is valid").says("looked into");
    }
}

#[test]
fn payloads_in_a_list_or_an_object_are_found() {
    let (good, wrong) = (payment(CARD), serde_json::from_str::<Value>(&wrong()).expect("json"));
    for (value, label) in [
        (json!([good, wrong]), "/1"),
        (json!({ "time": 1, "exchange": { "sent": wrong, "user": { "id": 1 } } }), "/exchange/sent"),
    ] {
        let text = value.to_string();
        let object = Folder::with("a.json", &text).json(&["a.json"]);
        let found = findings(&object);
        assert_eq!((found.len(), &found[0].0), (1, &json!(label)), "{object}");
        assert_eq!(stands_at(&text, &found[0].1), "\"1\"");
    }
}

#[test]
fn a_payload_that_holds_another_in_a_text_is_checked_beside_it() {
    let mut answer = json!({ "ErrorCode": 0, "Result": "true", "ErrorMessage": null, "Message": "", "Body": null });
    answer["Request"] = json!({ "MerchantUniqueCode": 5, "Date": "2026-01-01" }).to_string().into();
    let object = Folder::with("a.json", answer.to_string()).json(&["a.json"]);
    let labels: Vec<_> = object["payloads"].as_array().expect("payloads").iter().map(|one| &one["label"]).collect();
    assert_eq!(labels, [&Value::Null, &json!("/Request")], "{object}");
}

#[test]
fn several_values_in_one_file_are_all_checked() {
    let (good, wrong) = (good(), wrong());
    for between in ["\n", "\n\n", "", " ", "\r\n", "\n\u{feff}", "\u{1e}"] {
        let text = [pretty(&good), pretty(&wrong), good.clone(), wrong.clone(), pretty(&good)].join(between);
        for name in ["a.json", "a.jsonl", "a.log"] {
            let folder = Folder::with(name, &text);
            let told = folder.run(&["--format", "json", name]).ends_with(1);
            let object: Value = serde_json::from_str(&told.out).expect("json");
            assert_eq!(object["summary"]["payloads"], 5, "{name} {between:?} {}", told.out);
            let found = findings(&object);
            assert_eq!(found.len(), 2, "{name} {between:?}");
            assert!(found.iter().all(|(_, finding)| stands_at(&text, finding) == "\"1\""));
            let warnings = told.out.matches("not-strict").count();
            assert_eq!(warnings, usize::from(name == "a.json"), "{name} {between:?}");
        }
    }
}

#[test]
fn lines_of_json_are_read_with_marks_and_either_end() {
    let (good, wrong) = (good(), wrong());
    let text = format!("\u{feff}{good}\r\n{good}\r\n\r\n\u{feff}{wrong}\r\n{good}{wrong}\r\n");
    for name in ["a.jsonl", "a.ndjson", "a.log"] {
        let object = Folder::with(name, &text).json(&[name]);
        assert_eq!(
            (&object["summary"]["payloads"], &object["summary"]["unreadable"]),
            (&json!(5), &json!(0)),
            "{object}"
        );
        let lines: Vec<_> = findings(&object).iter().map(|(_, finding)| finding["line"].as_u64()).collect();
        assert_eq!(lines, [Some(4), Some(5)]);
    }
}

#[test]
fn a_broken_value_over_several_lines_is_told_once_and_the_rest_goes_on() {
    let broken = pretty(&good()).replace("\"Installment\": 1", "\"Installment\": one");
    let line = broken.lines().position(|line| line.contains("one")).expect("a line") + 1;
    for name in ["a.jsonl", "a.log"] {
        let folder = Folder::with(name, format!("{broken}\n{}\n{}\n", pretty(&good()), good()));
        let told = folder.run(&[name]).ends_with(2).says(&format!("{name}:{line}:"));
        told.says("2 payloads are valid; 1 could not be checked");
    }
    let cut = pretty(&good()).replace("\n}", "");
    let told = Folder::with("a.jsonl", format!("{cut}\n{}\n", good())).run(&["a.jsonl"]).ends_with(2);
    told.says("cut off").says("1 payload is valid; 1 could not be checked");
}

#[test]
fn a_value_that_two_readings_of_the_file_share_is_whole() {
    let value = pretty(&good()) + "\n";
    let text = value.repeat(2 * 1024 * 1024 / value.len());
    let count = text.len() / value.len();
    let object = Folder::with("a.jsonl", &text).json(&["a.jsonl"]);
    assert_eq!(object["summary"]["payloads"], count);
    assert_eq!(object["exit_code"], 0);
}

#[test]
fn advice_is_given_once_with_a_count() {
    let lines = format!("{}\n", json!({ "level": "INFO", "event": "started" })).repeat(50);
    let folder = Folder::with("a.jsonl", format!("{lines}{}\n", good()));
    let told = folder.run(&["a.jsonl"]).ends_with(2).says("50 could not be checked");
    assert_eq!(told.out.matches(HELP).count(), 1, "{}", told.out);
    let told = told.says("49 more: its fields are those of no operation");
    assert!(told.out.lines().count() < 20, "{}", told.out);
    let folder = Folder::with("a.jsonl", "{\"Card\": \n".repeat(50));
    let told = folder.run(&["a.jsonl"]).ends_with(2);
    assert_eq!(told.out.matches("help: the payload is cut off").count(), 1, "{}", told.out);
    told.says("49 more to which this applies: the payload is cut off");
    let pair = format!("{}\n{{\"ErrorCode\": 0, \"Result\": 1, \"Message\": \"\", \"Body\": null}}\n", wrong());
    let told = Folder::with("a.jsonl", pair.repeat(25)).run(&["a.jsonl"]).ends_with(1);
    assert_eq!(told.out.matches("taken for startDirectPayment's request by its fields").count(), 1, "{}", told.out);
}

#[test]
fn advice_fits_how_the_input_was_read() {
    let commented = format!("{{ /* x */ {}\n", &good()[1..]);
    let folder = Folder::with("a.jsonl", &commented);
    folder.write("a.json", &commented);
    folder.run(&["a.json"]).ends_with(0).says("end the file's name in .jsonc");
    folder.run(&["a.jsonl"]).ends_with(0).says("help: leave it out").leaves_out(".jsonc");
    folder.feed(&["-"], commented.as_bytes()).ends_with(0).leaves_out(".jsonc");
    for (name, text) in [("a.json", format!("{}}}", good())), ("a.jsonl", format!("{}}}\n", good()))] {
        let told = Folder::with(name, text).run(&[name]).ends_with(2).says("a bracket more is closed");
        told.leaves_out(".jsonl: its files").leaves_out("JSON Lines").says("1 payload is valid; 1 could not");
    }
}

#[test]
fn a_json_file_that_is_a_log_is_told_and_looked_into() {
    let folder = Folder::with("a.json", format!("2026-11-30 INFO {}", wrong()));
    let told = folder.run(&["a.json"]).ends_with(2).says("a.json:1:1").says("not JSON");
    told.says("error[number-in-text]").says("1 could not be checked");
}
