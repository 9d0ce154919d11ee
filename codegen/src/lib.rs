//! The factory: contract text in, Rust files out. It knows no clock, environment or hash order, and no
//! name of any one contract.
//!
//! ```text
//! read -> check -> lower -> types -> refine -> emit -> print -> files
//! ```

pub mod bundle;
mod check;
pub mod contract;
pub mod emit;
pub mod endpoints;
pub mod files;
mod finding;
pub mod json_schema;
mod lower;
pub mod model;
mod names;
pub mod node;
pub mod pattern;
mod print;
mod read;
pub mod reference;
mod refine;
pub mod sample;
mod schema;
mod types;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

pub use emit::Home;
pub use files::Tree;
pub use finding::{Finding, Findings};
pub use read::{Document, json_options, root_file};

/// Makes the Rust files of the contract at `spec`.
///
/// # Errors
///
/// Everything that is wrong with the contract.
pub fn generate(spec: &Path, home: Home) -> Result<Tree, Findings> {
    generate_from(&load(spec)?, home)
}

/// Makes the Rust files of a contract that was loaded before.
///
/// # Errors
///
/// A fault of the generator: the checks passed.
pub fn generate_from(document: &Document, home: Home) -> Result<Tree, Findings> {
    let model = lower::lower(document)?;
    let structs = types::types(&model).map_err(|message| fault(document, message))?;
    let refined = refine::refine(&model, &structs).map_err(|message| fault(document, message))?;
    let sources = emit::emit(document, &model, &refined, home);
    sources
        .iter()
        .map(|(name, source)| Ok((name.clone(), print::print(source)?)))
        .collect::<Result<_, String>>()
        .map_err(|message| fault(document, message))
}

/// Reads and checks the contract at `spec`.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn load(spec: &Path) -> Result<Document, Findings> {
    let document = read::read(spec)?;
    check::check(&document)?;
    Ok(document)
}

/// Reads and checks the contract whose root file is `root`. It needs no disk: `files` holds every file by its path from
/// the root's folder, with forward slashes.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn load_files(root: &str, files: &BTreeMap<&str, &[u8]>) -> Result<Document, Findings> {
    let document = read::read_memory(root, files)?;
    check::check(&document)?;
    Ok(document)
}

/// Reads such a contract that has passed every check before, and holds it against none: a program that carries its own
/// contract was tested with it, and starts the sooner.
///
/// # Errors
///
/// What cannot be read.
pub fn load_checked_files(root: &str, files: &BTreeMap<&str, &[u8]>) -> Result<Document, Findings> {
    read::read_checked_memory(root, files)
}

/// The model of a checked contract.
///
/// # Errors
///
/// What the checks should have refused.
pub fn model(document: &Document) -> Result<model::Model, Findings> {
    lower::lower(document)
}

/// A fault of the generator, told at the contract's root: no finding of the contract explains it.
fn fault(document: &Document, message: String) -> Findings {
    let at = node::At::start_of(&document.root);
    let fix = "report it with the contract: the generator is at fault";
    Findings::new(vec![Finding::new("generator", &at, message, fix)])
}
