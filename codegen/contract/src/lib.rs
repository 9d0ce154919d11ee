//! What a contract says: everyone who needs the contract uses this and no more. It knows no clock, environment or hash
//! order, no name of any one contract, and nothing of the Rust that is made of it but its names.
//!
//! ```text
//! read -> check -> lower: the model, from which everything else is made
//! ```

#![cfg_attr(not(feature = "check"), expect(dead_code, reason = "what reads for the checks alone is not called then"))]

pub mod bundle;
#[cfg(feature = "check")]
mod check;
pub mod document;
pub mod endpoints;
pub mod expectations;
mod finding;
pub mod json_schema;
mod lower;
pub mod model;
pub mod names;
pub mod node;
pub mod pattern;
pub mod pointer;
mod read;
pub mod reference;
pub mod sample;
mod schema;
pub mod spelling;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

pub use finding::{Finding, Findings};
pub use read::{Document, json_options, root_file, slashed};

/// Reads and checks the contract at `spec`.
///
/// # Errors
///
/// Everything that is wrong with it.
#[cfg(feature = "check")]
pub fn load(spec: &Path) -> Result<Document, Findings> {
    let document = read::read(spec)?;
    check::check(&document)?;
    Ok(document)
}

/// Reads the contract at `spec`, which has passed every check before, and holds it against none.
///
/// # Errors
///
/// What cannot be read.
pub fn load_checked(spec: &Path) -> Result<Document, Findings> {
    read::read(spec)
}

/// Reads and checks the contract whose root file is `root`. It needs no disk: `files` holds every file by its path from
/// the root's folder, with forward slashes.
///
/// # Errors
///
/// Everything that is wrong with it.
#[cfg(feature = "check")]
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

/// An envelope as the model has it.
#[must_use]
pub fn envelope(document: &Document, named: &document::SchemaNode<'_>) -> model::Envelope {
    lower::envelope(document, named)
}

/// The model of a checked contract.
///
/// # Errors
///
/// What the checks should have refused.
pub fn model(document: &Document) -> Result<model::Model, Findings> {
    lower::lower(document)
}
