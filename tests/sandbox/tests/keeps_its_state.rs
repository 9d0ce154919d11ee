//! What was acknowledged is there after a kill; and what is no state is left alone.

#![cfg(unix)]

mod purse;
mod wire;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use paywall_sandbox::{Error, Options, Sandbox};
use purse::{is_found, json, payment};
use wire::Asked;

/// A folder of its own that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A sandbox in a process of its own; it is killed when it goes.
struct Process(Child, SocketAddr);

impl Process {
    fn start(state: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paywall-sandbox"));
        command.args(["--port", "0", "--quiet", "--seed", "1", "--state"]).arg(state);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("http://").next().and_then(|text| text.parse().ok());
        Self(child, address.unwrap_or_else(|| panic!("no address in {line:?}")))
    }

    /// As `kill -9` does.
    fn kill(&mut self) {
        self.0.kill().expect("a kill");
        self.0.wait().expect("an end");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether the whole answer came, and was yes. The other side may be gone at any point.
fn is_acknowledged(address: SocketAddr, asked: &Asked) -> Option<bool> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(&asked.clone().with(&[("Connection", "close")]).bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (_, body) = text.split_once("\r\n\r\n")?;
    let envelope: serde_json::Value = serde_json::from_str(body).ok()?;
    envelope["Result"].as_bool()
}

const SHOPPERS: usize = 4;
const MOST: usize = 500;

/// Pays from several connections at once until the sandbox is gone; `each` learns of every acknowledged code.
fn shop(address: SocketAddr, run: usize, each: &mpsc::Sender<String>) {
    std::thread::scope(|scope| {
        for shopper in 0..SHOPPERS {
            let each = each.clone();
            scope.spawn(move || {
                for number in 0..MOST {
                    let code = format!("kept-{run}-{shopper}-{number}");
                    match is_acknowledged(address, &payment(&code)) {
                        Some(true) => each.send(code).expect("a listener"),
                        Some(false) => panic!("{code} was refused"),
                        None => return,
                    }
                }
            });
        }
    });
}

#[test]
fn every_acknowledged_payment_is_found_after_a_kill_under_load() {
    let folder = Folder::new("kill");
    let file = folder.file("state");
    let mut known: Vec<String> = Vec::new();
    for run in 0..3 {
        let mut process = Process::start(&file);
        let (each, acknowledged) = mpsc::channel();
        let address = process.1;
        let load = std::thread::spawn(move || shop(address, run, &each));
        // The rest is under way when the kill comes.
        known.extend(acknowledged.iter().take(25));
        process.kill();
        load.join().expect("shoppers");
        known.extend(acknowledged.iter());
        let process = Process::start(&file);
        for code in &known {
            assert!(is_found(process.1, code), "{code} was acknowledged and is gone");
        }
    }
    assert!(known.len() >= 75, "{}", known.len());
}

#[test]
fn a_restart_goes_on_where_the_last_run_ended() {
    let folder = Folder::new("restart");
    let start = || Sandbox::start(Options::default().state_file(folder.file("state")).seed(1)).expect("a sandbox");
    let ids = [("first", 0), ("second", 1)].map(|(code, before)| {
        let sandbox = start();
        assert_eq!(is_found(sandbox.address(), "first"), before == 1);
        let answer = json(&payment(code).send(sandbox.address()));
        let again = payment(code).send(sandbox.address());
        assert_eq!(json(&again)["Result"], false, "the same code is refused");
        answer["Body"].to_string()
    });
    assert_ne!(ids[0], ids[1], "chance does not begin again");
    let sandbox = start();
    assert_eq!(json(&payment("first").send(sandbox.address()))["ErrorCode"], 4);
}

/// Why a sandbox does not start with this file.
fn refusal(file: &Path) -> String {
    let error = Sandbox::start(Options::default().state_file(file)).expect_err("a refusal");
    assert!(matches!(error, Error::State { .. }), "{error}");
    error.to_string()
}

#[test]
fn a_file_that_another_sandbox_has_open_is_left_to_it() {
    let folder = Folder::new("locked");
    let file = folder.file("state");
    let process = Process::start(&file);
    assert!(refusal(&file).contains("another process has it open"));
    assert_eq!(payment("still").send(process.1).status, 200);
}

#[test]
fn a_file_of_something_else_is_refused_and_not_touched() {
    let folder = Folder::new("foreign");
    for text in ["notes of somebody, which are no database\n".repeat(400), "x".to_owned()] {
        let file = folder.file("notes");
        std::fs::write(&file, &text).expect("a file");
        assert!(refusal(&file).contains("the state cannot be kept in"), "{text}");
        assert_eq!(std::fs::read_to_string(&file).expect("text"), text);
    }
    let nowhere = folder.file("no/such/folder/state");
    assert!(refusal(&nowhere).contains("the state cannot be kept in"));
}

/// A file of state in which a payment stands; nobody has it open.
fn with_a_payment(folder: &Folder) -> Vec<u8> {
    let file = folder.file("whole");
    let sandbox = Sandbox::start(Options::default().state_file(&file)).expect("a sandbox");
    assert_eq!(payment("kept").send(sandbox.address()).status, 200);
    sandbox.stop();
    std::fs::read(&file).expect("a file")
}

/// Starts the program with this file, which it must refuse and leave as it is; what it says.
fn refused_by_the_program(file: &Path, bytes: &[u8]) -> String {
    std::fs::write(file, bytes).expect("a file");
    let output =
        Command::new(env!("CARGO_BIN_EXE_paywall-sandbox")).args(["--port", "0", "--state"]).arg(file).output();
    let output = output.expect("a program");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(std::fs::read(file).expect("a file") == bytes, "it was written to");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn a_file_that_was_cut_short_is_refused_in_one_line_that_says_what_to_do() {
    let folder = Folder::new("cut");
    let (whole, file) = (with_a_payment(&folder), folder.file("cut"));
    for part in 0..20 {
        let stderr = refused_by_the_program(&file, &whole[..whole.len() * part / 20]);
        let told = format!("error: the state cannot be kept in {}: it is ", file.display());
        assert!(stderr.starts_with(&told), "{part}: {stderr}");
        assert!(stderr.contains("or one that is not there yet") && stderr.lines().count() == 1, "{part}: {stderr}");
    }
}

#[test]
fn a_file_in_which_a_byte_has_changed_is_refused_or_gives_every_payment() {
    let folder = Folder::new("flipped");
    let (whole, file) = (with_a_payment(&folder), folder.file("flipped"));
    let record = whole.windows(6).position(|bytes| bytes == b"\"kept\"").expect("a payment");
    let of_the_head = (0..16).chain((64..320).step_by(32));
    let mut refused = 0;
    for place in of_the_head.chain([record, whole.len() / 2, whole.len() - 1]) {
        for mask in [0x01, 0xff] {
            let mut bytes = whole.clone();
            bytes[place] ^= mask;
            std::fs::write(&file, &bytes).expect("a file");
            match Sandbox::start(Options::default().state_file(&file)) {
                Ok(sandbox) => assert!(is_found(sandbox.address(), "kept"), "byte {place} ^ {mask}: silently lost"),
                Err(error) => {
                    assert!(matches!(error, Error::State { .. }), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused >= 20, "{refused}");
    let mut bytes = whole.clone();
    bytes[record] ^= 0x01;
    assert!(refused_by_the_program(&file, &bytes).contains("it is damaged"));
}

/// Whether the payment is found in what the file would be after a kill now, if the bit that says which of its two
/// places counts had flipped: <https://github.com/cberner/redb/blob/master/docs/design.md>
fn is_kept_in_the_other_place(file: &Path, copy: &Path) -> bool {
    let mut bytes = std::fs::read(file).expect("a file");
    bytes[9] ^= 0x01;
    std::fs::write(copy, &bytes).expect("a file");
    // It may be read while it is written.
    let sandbox = Sandbox::start(Options::default().state_file(copy));
    sandbox.is_ok_and(|sandbox| is_found(sandbox.address(), "kept"))
}

#[test]
fn soon_after_a_payment_the_file_tells_of_it_whichever_of_its_places_counts() {
    let folder = Folder::new("twice");
    let (file, copy) = (folder.file("state"), folder.file("copy"));
    let process = Process::start(&file);
    assert_eq!(payment("kept").send(process.1).status, 200);
    let kept = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        is_kept_in_the_other_place(&file, &copy)
    });
    assert!(kept);
}

#[test]
fn what_a_killed_first_start_has_left_stands_in_nobodys_way() {
    let folder = Folder::new("begun");
    let state = folder.file("state.redb");
    let begun = folder.file("state.redb.begun");
    std::fs::write(&begun, "half of a file").expect("a file");
    for _ in 0..2 {
        let sandbox = Sandbox::start(Options::default().stateful().state_file(&state)).expect("a sandbox");
        assert!(state.is_file() && !begun.exists());
        sandbox.stop();
    }
}
