//! The contract goes into the program, as the rules that payloads are held against.

use std::path::Path;
use std::process::ExitCode;

#[path = "src/book.rs"]
mod book;
#[path = "src/compile.rs"]
mod compile;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/book.rs");
    println!("cargo::rerun-if-changed=src/compile.rs");
    println!("cargo::rerun-if-changed=../../spec");
    match written() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn written() -> Result<(), String> {
    let document = paywall_contract::load_checked(Path::new("../../spec")).map_err(|findings| findings.to_string())?;
    let book = serde_json::to_string(&compile::compile(&document)).map_err(|error| error.to_string())?;
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    let path = Path::new(&folder).join("book.json");
    std::fs::write(&path, book).map_err(|error| format!("{}: {error}", path.display()))
}
