//! The factory: a contract's model in, Rust files out. It knows no clock, environment or hash order, and no
//! name of any one contract.
//!
//! ```text
//! model -> types -> refine -> emit -> print -> files
//! ```

pub mod emit;
pub mod files;
mod names;
mod print;
mod refine;
mod types;

use std::path::Path;

use paywall_contract::node::At;
use paywall_contract::{Document, Finding, Findings};

pub use emit::Home;
pub use files::Tree;

/// Makes the Rust files of the contract at `spec`.
///
/// # Errors
///
/// Everything that is wrong with the contract.
pub fn generate(spec: &Path, home: Home) -> Result<Tree, Findings> {
    generate_from(&paywall_contract::load(spec)?, home)
}

/// Makes the Rust files of a contract that was loaded before.
///
/// # Errors
///
/// A fault of the generator: the checks passed.
pub fn generate_from(document: &Document, home: Home) -> Result<Tree, Findings> {
    let model = paywall_contract::model(document)?;
    let structs = types::types(&model).map_err(|message| fault(document, message))?;
    let refined = refine::refine(&model, &structs).map_err(|message| fault(document, message))?;
    let sources = emit::emit(document, &model, &refined, home);
    sources
        .iter()
        .map(|(name, source)| Ok((name.clone(), print::print(source)?)))
        .collect::<Result<_, String>>()
        .map_err(|message| fault(document, message))
}

/// A fault of the generator, told at the contract's root: no finding of the contract explains it.
fn fault(document: &Document, message: String) -> Findings {
    let at = At::start_of(&document.root);
    let fix = "report it with the contract: the generator is at fault";
    Findings::new(vec![Finding::new("generator", &at, message, fix)])
}
