//! Generates contracts in which every word that Rust or the generator uses stands in every place for a name. The crate
//! compiles what comes out, beside the golden cases.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::unnecessary_debug_formatting,
    reason = "texts of YAML and of Rust are made here, once a build"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[path = "build/places.rs"]
mod places;
#[path = "build/words.rs"]
mod words;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=../../codegen/tests/golden");
    match written() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn written() -> Result<(), String> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let words = words::words(Path::new("../../codegen/tests/golden"))?;
    let (mut modules, mut proposed) = (String::new(), String::new());
    for place in places::PLACES {
        let folder = out.join(place.name);
        let accepted = places::accepted(place, &words, &folder)?;
        for (name, text) in &accepted.files {
            write(&folder.join(name), text)?;
        }
        let path = folder.join("mod.rs");
        modules.push_str(&format!(
            "/// Every word as {}.\n#[rustfmt::skip]\n#[path = {path:?}]\npub mod {};\n",
            place.about, place.name
        ));
        for (word, other) in accepted.proposed {
            proposed.push_str(&format!("    ({:?}, {word:?}, {other:?}),\n", place.name));
        }
    }
    let words: String = words.iter().map(|word| format!("    {word:?},\n")).collect();
    write(&out.join("words.rs"), &modules)?;
    write(&out.join("lists.rs"), &format!("(&[\n{words}], &[\n{proposed}])\n"))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
