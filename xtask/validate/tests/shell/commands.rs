//! The command line: what it takes, and what it ends with.

use crate::{Folder, payment};

const NAMED: [&str; 4] = ["--operation", "startDirectPayment", "--part", "request"];

#[test]
fn a_valid_payload_ends_with_0() {
    let folder = Folder::with("a.json", payment("4355084355084358").to_string());
    folder.run(&["a.json"]).ends_with(0).says("1 payload is valid");
    folder.run(&[&NAMED[..], &["a.json"]].concat()).ends_with(0).says("1 payload is valid");
}

#[test]
fn warnings_end_with_0_and_errors_with_1() {
    let mut payload = payment("4355084355084358");
    payload["PaymentDetail"]["Colour"] = "red".into();
    let folder = Folder::with("a.json", payload.to_string());
    folder.run(&["a.json"]).ends_with(0).says("warning[unknown-field]").says("1 warning in 1 of 1 payload");
    payload["PaymentDetail"]["Installment"] = "1".into();
    folder.write("a.json", payload.to_string());
    let told = folder.run(&["a.json"]).ends_with(1);
    told.says("error[number-in-text]").says("1 error, 1 warning in 1 of 1 payload");
}

#[test]
fn what_cannot_be_read_ends_with_2_and_the_rest_is_checked() {
    let folder = Folder::with("good.json", payment("4355084355084358").to_string());
    let mut broken = payment("4355084355084358");
    broken["PaymentDetail"]["Amount"] = "1".into();
    folder.write("wrong.json", broken.to_string());
    folder.write("cut.json", "{\"PaymentDetail\": {");
    let told = folder.run(&["missing.json", "cut.json", "wrong.json", "good.json"]).ends_with(2);
    let told = told.says("missing.json").says("cut.json:1:20").says("the text ends before the value does");
    told.says("error[number-in-text]").says("in 1 of 2 payloads; 2 could not be checked");
}

#[test]
fn an_unknown_operation_is_told_with_its_neighbours() {
    let folder = Folder::with("a.json", "{}");
    let told = folder.run(&["--operation", "startDirectPaymnt", "a.json"]).ends_with(2);
    assert_eq!(told.err, "error: there is no operation `startDirectPaymnt`: did you mean startDirectPayment?\n");
    let told = folder.run(&["--operation", "threeDCallback", "--part", "response", "a.json"]).ends_with(2);
    assert_eq!(told.err, "error: threeDCallback has no response that could be checked\n");
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let folder = Folder::with("a.json", "{}");
    for wrong in
        [&["--today", "2026-13", "a.json"][..], &[], &["--format", "xml", "a.json"], &["--jobs", "0", "a.json"]]
    {
        folder.run(wrong).ends_with(2);
    }
}

#[test]
fn help_lists_rules_operations_and_exit_codes() {
    let told = Folder::new().run(&["--help"]).ends_with(0);
    told.says("duplicate-field").says("startDirectPayment").says("threeDCallback").says("2  the command line is wrong");
}

#[test]
fn what_a_payload_was_taken_for_is_said() {
    let mut broken = payment("4355084355084358");
    broken["PaymentDetail"]["Amount"] = "1".into();
    let folder = Folder::with("a.json", broken.to_string());
    folder.run(&["a.json"]).says("by its fields");
    folder.run(&[&NAMED[..], &["a.json"]].concat()).ends_with(1).leaves_out("taken for");
    folder.write("startDirectPayment/a.request.json", broken.to_string());
    let told = folder.run(&["startDirectPayment"]).ends_with(1);
    told.says("taken for startDirectPayment's request by its path");
}

#[test]
fn a_payload_of_no_operation_is_not_passed_over() {
    let folder = Folder::with("package.json", r#"{"name": "x", "scripts": {}}"#);
    folder.run(&["package.json"]).ends_with(2).says("its fields are those of no operation").says("--operation");
}

#[test]
fn of_an_operation_the_part_that_fits_is_taken() {
    let folder = Folder::with("a.json", r#"{"ErrorCode": 5, "Result": false, "Message": "no", "Body": null}"#);
    let object = folder.json(&["--operation", "startDirectPayment", "a.json"]);
    assert_eq!(object["payloads"][0]["part"], "response");
    folder.write("a.json", payment("4355084355084358").to_string());
    let object = folder.json(&["--operation", "startDirectPayment", "a.json"]);
    assert_eq!(object["payloads"][0]["part"], "request");
}

#[test]
fn findings_beyond_the_limit_are_counted_and_not_listed() {
    let folder = Folder::with("a.json", r#"{"PaymentDetail": {}, "Card": {}}"#);
    let all = folder.json(&[&NAMED[..], &["a.json"]].concat());
    let count = all["payloads"][0]["findings"].as_array().expect("findings").len();
    assert!(count > 3 && all["summary"]["left_out"] == 0);
    let few = folder.json(&[&["--max-findings", "2"][..], &NAMED, &["a.json"]].concat());
    assert_eq!(few["payloads"][0]["findings"].as_array().expect("findings").len(), 2);
    assert_eq!(few["summary"]["left_out"], count - 2);
    assert_eq!(few["summary"]["errors"], all["summary"]["errors"]);
    let told = folder.run(&[&["--max-findings", "2"][..], &NAMED, &["a.json"]].concat());
    told.ends_with(1).says(&format!("{} more not shown", count - 2));
}

#[test]
fn a_report_appears_whole_or_not_at_all() {
    let folder = Folder::with("a.json", payment("4355084355084358").to_string());
    let told = folder.run(&["--format", "json", "--out", "report.json", "a.json"]).ends_with(0);
    assert!(told.out.is_empty() && told.err == "1 payload is valid\n", "{told:?}");
    let report = std::fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.ends_with("\"exit_code\": 0\n}\n"), "{report}");
    folder.run(&["--out", "no/where.txt", "a.json"]).ends_with(2);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    use std::process::Stdio;
    let folder = Folder::new();
    let mut child = folder.command(&["--out", "report.txt", "-"]).stdin(Stdio::piped()).spawn().expect("the program");
    // To wait for its end would end its input.
    let _input = child.stdin.take();
    // The half-written file is there as soon as the program waits for its input.
    let is_there = || std::fs::read_dir(folder.path()).expect("a folder").count() > 0;
    for _ in 0..2000 {
        if is_there() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(is_there());
    let ended = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(ended.success());
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert!(!is_there());
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    use std::process::Stdio;
    let folder = Folder::new();
    let line = format!("{}\n", r#"{"PaymentDetail": {}, "Card": {}}"#);
    folder.write("many.jsonl", line.repeat(20_000));
    let arguments = [&NAMED[..], &["--max-findings", "1000000", "many.jsonl"]].concat();
    let mut child = folder.command(&arguments).stdin(Stdio::null()).spawn().expect("the program");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn of_kinds_whose_fields_fit_alike_the_one_that_it_keeps_is_taken() {
    let answer = r#"{"ErrorCode": 0, "Result": true, "ErrorMessage": "", "Message": "", "Body": "done"}"#;
    let folder = Folder::with("a.json", answer);
    folder.run(&["a.json"]).ends_with(0);
    assert_eq!(folder.json(&["a.json"])["payloads"][0]["chosen"], "tie");
}
