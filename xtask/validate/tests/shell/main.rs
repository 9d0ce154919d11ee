//! What does the command say, where, and with which exit code does it end? Against the real program.

mod commands;
mod har;
mod inputs;
mod lines;
mod logs;
mod outputs;
mod secrets;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A valid payload of one operation, with the card's number given.
fn payment(card: &str) -> Value {
    json!({
        "PaymentDetail": {
            "Amount": 100.00, "MerchantUniqueCode": "order-1", "CurrencyId": 1, "Installment": 1, "ChannelId": 1, "ClientIP": "192.0.2.1",
        },
        "Card": { "OwnerName": "Test User", "Number": card, "ExpireMonth": "12", "ExpireYear": "30", "Cvv": "123" },
        "Customer": {
            "FullName": "Test User", "Phone": "5000000000", "Email": "test@shop.example", "Country": "Turkey",
            "City": "Istanbul", "Address": "Street 1", "IdentityNumber": "11111111111", "TaxNumber": "",
        },
        "Products": [{
            "ProductId": "1", "ProductName": "Book", "ProductCategory": "Books", "ProductDescription": "A book",
            "ProductAmount": 100.00,
        }],
    })
}

/// A folder with files, in which the command runs.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(name, content);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content).expect("a file");
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paywall-validate"));
        command.current_dir(self.path()).args(["--today", "2026-01"]).args(arguments);
        command.env_remove("CLICOLOR_FORCE").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Told {
        self.command(arguments).output().expect("the program").into()
    }

    /// With something on standard input.
    fn feed(&self, arguments: &[&str], input: &[u8]) -> Told {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program");
        let mut stdin = child.stdin.take().expect("standard input");
        let input = input.to_vec();
        // The program may end before it has read everything.
        let feeder = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().expect("an end");
        let _ended = feeder.join().expect("the feeder");
        output.into()
    }

    /// The object that `--format json` writes.
    fn json(&self, arguments: &[&str]) -> Value {
        let told = self.run(&[&["--format", "json"], arguments].concat());
        serde_json::from_str(&told.out).unwrap_or_else(|error| panic!("{error}: {}", told.out))
    }
}

/// What the program said, and its exit code.
#[derive(Debug)]
struct Told {
    out: String,
    err: String,
    code: Option<i32>,
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }
}

impl Told {
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "`{words}` is not in\n{}{}", self.out, self.err);
        self
    }

    fn leaves_out(self, words: &str) -> Self {
        assert!(!self.out.contains(words) && !self.err.contains(words), "{}{}", self.out, self.err);
        self
    }
}
