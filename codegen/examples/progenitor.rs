//! Makes a client of an OpenAPI document as progenitor's own command does, with its defaults: a judge of the bundle.
//!
//! ```text
//! cargo run -p paywall-codegen --example progenitor -- BUNDLE OUT.rs
//! ```

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(bundle), Some(out), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("expected two paths: the bundle, and the file of Rust".into());
    };
    let document: openapiv3::OpenAPI = serde_yaml::from_str(&std::fs::read_to_string(bundle)?)?;
    let tokens = progenitor::Generator::default().generate_tokens(&document)?;
    std::fs::write(out, prettyplease::unparse(&syn::parse2(tokens)?))?;
    Ok(())
}
