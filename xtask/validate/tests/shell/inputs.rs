//! Files, folders, patterns, standard input; and what is no payload.

use crate::{Folder, payment};

const GOOD: &str = "4355084355084358";

#[test]
fn a_folder_a_pattern_and_a_path_given_twice_are_checked_once() {
    let folder = Folder::new();
    for name in ["in/a.json", "in/deep/b.jsonc", "in/deep/.git/c.json", "in/notes.txt"] {
        folder.write(name, payment(GOOD).to_string());
    }
    folder.run(&["in", "in/a.json", "./in"]).ends_with(0).says("2 payloads are valid");
    folder.run(&["in/**/*.json*"]).ends_with(0).says("payloads are valid");
    folder.run(&["nothing/*.json"]).ends_with(2).says("no file has such a path");
    folder.write("empty/readme.txt", "");
    folder.run(&["empty"]).ends_with(2).says("no payload in this folder");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_does_not_keep_it() {
    let folder = Folder::with("in/a.json", payment(GOOD).to_string());
    std::os::unix::fs::symlink("..", folder.path().join("in/up")).expect("a link");
    std::os::unix::fs::symlink("a.json", folder.path().join("in/b.json")).expect("a link");
    folder.run(&["in"]).ends_with(0).says("2 payloads are valid");
}

#[cfg(unix)]
#[test]
fn a_pipe_with_a_name_is_read() {
    let folder = Folder::new();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().expect("mkfifo");
    assert!(made.success());
    let pipe = folder.path().join("pipe");
    let writer = std::thread::spawn(move || std::fs::write(pipe, payment(GOOD).to_string()));
    folder.run(&["pipe"]).ends_with(0).says("1 payload is valid");
    writer.join().expect("a thread").expect("written");
}

#[test]
fn standard_input_is_told_by_its_content() {
    let folder = Folder::new();
    let payload = payment(GOOD);
    let pretty = serde_json::to_string_pretty(&payload).expect("json");
    folder.feed(&["-"], pretty.as_bytes()).ends_with(0).says("1 payload is valid");
    let lines = format!("{payload}\n{payload}\n\n{payload}");
    folder.feed(&["-"], lines.as_bytes()).ends_with(0).says("3 payloads are valid");
    let har = serde_json::json!({ "log": { "entries": [] } }).to_string();
    folder.feed(&["-"], har.as_bytes()).ends_with(2).says("no payload in this traffic");
    folder.feed(&["-"], b"").ends_with(2).says("it is empty");
    let sample = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/samples/apmReturn/page.form"));
    folder.feed(&["--operation", "apmReturn", "-"], &sample.expect("a sample")).ends_with(0);
}

#[test]
fn comments_are_read_and_told_where_they_do_not_belong() {
    let commented = format!("// a payment\n{}", payment(GOOD)).replace("]}", "],}");
    let folder = Folder::with("a.jsonc", &commented);
    folder.write("a.json", &commented);
    folder.run(&["a.jsonc"]).ends_with(0).leaves_out("not-strict");
    folder.run(&["a.json"]).ends_with(0).says("warning[not-strict]").says("a.json:1:1");
}

#[test]
fn a_mark_and_other_ends_of_lines_shift_no_place() {
    let pretty = serde_json::to_string_pretty(&payment(GOOD)).expect("json").replace("100.0", "\"ü😀\"");
    let plain = Folder::with("a.json", &pretty).json(&["a.json"]);
    let marked = Folder::with("a.json", format!("\u{feff}{pretty}")).json(&["a.json"]);
    let windows = Folder::with("a.json", pretty.replace('\n', "\r\n")).json(&["a.json"]);
    let places = |object: &serde_json::Value, key: &str| {
        let findings = object["payloads"][0]["findings"].as_array().expect("findings").clone();
        findings.iter().map(|finding| finding[key].as_u64().expect("a number")).collect::<Vec<_>>()
    };
    assert!(!places(&plain, "line").is_empty());
    for key in ["line", "column", "end_line", "end_column"] {
        assert_eq!(places(&plain, key), places(&marked, key));
        assert_eq!(places(&plain, key), places(&windows, key));
    }
    let later: Vec<_> = places(&plain, "offset").iter().map(|offset| offset + 3).collect();
    assert_eq!(later, places(&marked, "offset"));
}

#[test]
fn another_encoding_is_told_with_its_place_and_what_mends_it() {
    let wide: Vec<u8> = "{\"a\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = Folder::with("wide.json", wide);
    folder.run(&["wide.json"]).ends_with(2).says("found UTF-16LE").says("iconv -f UTF-16LE");
    folder.write("turkish.json", b"{\n \"\xc3\xbc\xfe\": 1}");
    folder.run(&["turkish.json"]).ends_with(2).says("turkish.json:2:4").says("0xFE").says("WINDOWS-1254");
    folder.write("cut.json", b"{\"a\": \"\xc3");
    folder.run(&["cut.json"]).ends_with(2).says("the text is cut off");
    folder.write("nul.json", b"{\"a\": \0}");
    folder.run(&["nul.json"]).ends_with(2).says("NUL byte").says("nul.json:1:7");
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    let folder = Folder::new();
    let deep = "[".repeat(300);
    let cases: [(&str, &str, &str); 8] = [
        ("", "it is empty", ""),
        ("  \n", "it is empty", ""),
        ("{\"a\": 1", "ends before", ":1:8"),
        ("{\"a\": 1}\n}", "stands behind the value", ":2:1"),
        ("{'a': 1}", "in double quotes", ":1:2"),
        ("{\"a\": \"\\ud800\"}", "escape", ":1:8"),
        (&deep, "more than 126", ":1:127"),
        ("{\u{feff}}", "byte order mark", ":1:2"),
    ];
    for (text, words, place) in cases {
        folder.write("a.json", text);
        folder.run(&["a.json"]).ends_with(2).says(words).says(&format!("a.json{place}"));
    }
}

#[cfg(unix)]
#[test]
fn an_input_without_an_end_is_given_up() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.json")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.jsonl")).expect("a link");
    for name in ["/dev/zero", "zero.json", "zero.jsonl"] {
        folder.run(&[name]).ends_with(2).says("NUL byte");
    }
}

#[test]
fn a_form_and_a_set_of_headers_are_payloads() {
    let folder = Folder::with("threeDCallback/a.form", "status=1&status=2&hash=a%3D%zz");
    folder.run(&["threeDCallback"]).says("[duplicate-field]").says("a.form:1:10");
    folder.write("queryPayment/a.request.json", r#"{"merchantuniquecode": 5}"#);
    folder.run(&["queryPayment"]).ends_with(1).says("a.request.json:1:24");
}

/// A callback with everything that a claim and a hash need.
fn callback(message: &[u8]) -> Vec<u8> {
    let rest = b"&paymentCode=a&uniqueCode=order-1&amount=1.00&installment=1&paymentId=7&cardSaved=false&hash=0f3a9c51";
    [b"date=2025-04-03T23%3A53%3A33&status=true&errorCode=0&errorMessage=", message, rest].concat()
}

#[test]
fn a_field_of_a_form_that_is_no_utf8_spoils_nothing_else() {
    let named = &["--operation", "threeDCallback"];
    for message in [&b"i%FElem"[..], b"i\xfelem", b"\x93i\xfelem\x94", b"%E7", b"cut \xc5"] {
        let form = callback(message);
        for (name, kind) in [("a.form", "by its name"), ("a.txt", "by its content")] {
            let folder = Folder::with(name, &form);
            let told = folder.run(&[named, &[name][..]].concat());
            told.ends_with(0).says("warning[not-utf8]").says(&format!("{name}:1:67")).leaves_out("duplicate");
            let marked = [b"\xef\xbb\xbf", &form[..]].concat();
            let object = Folder::with(name, marked).json(&[named, &[name][..]].concat());
            let found = &object["payloads"][0]["findings"];
            assert_eq!((found[0]["column"].as_u64(), found[0]["offset"].as_u64()), (Some(67), Some(69)), "{kind}");
            assert_eq!(found.as_array().map(Vec::len), Some(1), "{object}");
        }
        let told = Folder::new().feed(&[named, &["-"][..]].concat(), &form);
        told.ends_with(0).says("warning[not-utf8]").says(":1:67");
    }
    let twice = [&callback(b"\x93\x94 \xfe")[..], b"&errorMessage=%DE&uniqueCode=%DE&%DE=1&%DF=2\r\n"].concat();
    let object = Folder::with("a.form", &twice).json(&[named, &["a.form"][..]].concat());
    let found = object["payloads"][0]["findings"].as_array().expect("findings");
    let told = found.iter().map(|finding| format!("{} {}", finding["severity"], finding["rule"]).replace('"', ""));
    let mut told: Vec<_> = told.collect();
    told.sort();
    told.dedup();
    // The first value of a name counts, and that of the merchant's code can be read.
    assert_eq!(told, ["warning duplicate-field", "warning not-utf8"], "{object}");
    let wide: Vec<u8> = String::from_utf8_lossy(&callback(b"x")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    Folder::with("a.form", wide).run(&[named, &["a.form"][..]].concat()).ends_with(2).says("UTF-16");
}
