//! JSON Lines: every line a payload, in memory that does not grow.

use crate::{Folder, payment};

#[test]
fn every_line_is_checked_and_told_by_its_number() {
    let good = payment("4355084355084358").to_string();
    let mut wrong = payment("4355084355084358");
    wrong["PaymentDetail"]["Amount"] = "ü".into();
    let text = format!("\u{feff}{good}\r\n\r\nnot json\n{good}\n{wrong}\n{{\"cut\": \n{good}");
    let folder = Folder::with("a.jsonl", text);
    let told = folder.run(&["a.jsonl"]).ends_with(2);
    let told = told.says("a.jsonl:3:1").says("a.jsonl:5:").says("a.jsonl:6:");
    told.says("in 1 of 4 payloads; 2 could not be checked");
    let object = folder.json(&["a.jsonl"]);
    let lines: Vec<_> =
        object["payloads"].as_array().expect("payloads").iter().map(|one| one["line"].as_u64()).collect();
    assert_eq!(lines, [Some(1), Some(4), Some(5), Some(7)]);
}

#[test]
fn a_line_of_another_encoding_is_told_and_the_rest_goes_on() {
    let good = payment("4355084355084358").to_string();
    let text = [good.as_bytes(), b"\n{\"a\": \"\xfe\"}\n", good.as_bytes(), b"\n"].concat();
    let told = Folder::with("a.jsonl", text).run(&["a.jsonl"]).ends_with(2);
    told.says("a.jsonl:2:8").says("0xFE").says("2 payloads are valid; 1 could not be checked");
}

#[test]
fn the_order_is_that_of_the_file_with_any_number_of_threads() {
    let lines = (0..4000).map(|index| {
        let mut payload = payment("4355084355084358");
        payload["PaymentDetail"]["MerchantUniqueCode"] = format!("order-{index}").into();
        if index % 7 == 0 {
            payload["PaymentDetail"]["Installment"] = "1".into();
        }
        format!("{payload}\n")
    });
    let folder = Folder::with("a.jsonl", lines.collect::<String>());
    let one = folder.run(&["--jobs", "1", "--format", "json", "a.jsonl"]).ends_with(1);
    let eight = folder.run(&["--jobs", "8", "--format", "json", "a.jsonl"]).ends_with(1);
    assert_eq!(one.out, eight.out);
    let object: serde_json::Value = serde_json::from_str(&one.out).expect("json");
    let payloads = object["payloads"].as_array().expect("payloads");
    assert!(payloads.iter().map(|payload| payload["line"].as_u64()).eq((1..=4000).map(Some)));
    assert_eq!(object["summary"]["errors"], 572);
}

#[test]
fn lines_may_be_of_several_operations() {
    let answer = r#"{"ErrorCode": 0, "Result": "yes", "Message": "", "Body": null}"#;
    let text = format!("{}\n{answer}\n", payment("4355084355084358"));
    let object = Folder::with("a.jsonl", text).json(&["a.jsonl"]);
    let parts: Vec<_> =
        object["payloads"].as_array().expect("payloads").iter().map(|one| one["part"].as_str()).collect();
    assert_eq!(parts, [Some("request"), Some("response")]);
}

/// The most memory that the program had, in kilobytes, as Linux tells it.
#[cfg(target_os = "linux")]
fn memory(folder: &Folder, count: usize) -> u64 {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let line = format!("{}\n", payment("4355084355084358"));
    let arguments = ["--jobs", "2", "-"];
    let mut child = folder.command(&arguments).stdin(Stdio::piped()).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("standard input");
    for _ in 0..count / 1000 {
        stdin.write_all(line.repeat(1000).as_bytes()).expect("taken");
    }
    // It waits for more, and is asked before it ends.
    let status = std::fs::File::open(format!("/proc/{}/status", child.id())).expect("its status");
    let mut lines = BufReader::new(status).lines().map_while(Result::ok);
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    drop(stdin);
    assert!(child.wait().expect("an end").success());
    peak.expect("a figure")
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_lines() {
    let folder = Folder::new();
    let (few, many) = (memory(&folder, 10_000), memory(&folder, 60_000));
    assert!(many < few + 8 * 1024, "{few} kB for 10,000 lines, {many} kB for 60,000");
}
