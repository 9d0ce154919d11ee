//! The part of README.md that is made of the contract: the table of endpoints, between two marks.

use std::path::PathBuf;

use paywall_contract::Document;

use crate::{Failure, Outcome, workspace};

const BEGIN: &str = "<!-- endpoints: written by `cargo xtask codegen` -->\n";
const END: &str = "<!-- end of the endpoints -->";

/// Writes the table, if it is another.
pub(crate) fn write(document: &Document) -> Outcome {
    let (path, found, wanted) = texts(document)?;
    if found == wanted {
        return Ok(());
    }
    codegen::files::write_one(&path, &wanted)
        .map_err(|error| Failure::unable(format!("{}: {error}", path.display())))?;
    anstream::println!("replaced the table of endpoints in {}", path.display());
    Ok(())
}

/// Compares the table.
pub(crate) fn check(document: &Document) -> Outcome {
    let (path, found, wanted) = texts(document)?;
    let stale = || {
        Failure::findings(format!("the table of endpoints in {} is stale: run `cargo xtask codegen`", path.display()))
    };
    if found == wanted { Ok(()) } else { Err(stale()) }
}

/// The file, what it says, and what it should say.
fn texts(document: &Document) -> Result<(PathBuf, String, String), Failure> {
    let path = workspace().join("README.md");
    let found =
        std::fs::read_to_string(&path).map_err(|error| Failure::unable(format!("{}: {error}", path.display())))?;
    let wanted = with_table(&found, &paywall_contract::endpoints::table(document)).ok_or_else(|| {
        Failure::unable(format!(
            "{} lacks the lines `{}` and `{END}` around the table",
            path.display(),
            BEGIN.trim_end()
        ))
    })?;
    Ok((path, found, wanted))
}

fn with_table(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let text = format!("# Title\n{BEGIN}old\n{END}\nmore\n");
        assert_eq!(with_table(&text, "new"), Some(format!("# Title\n{BEGIN}\nnew\n{END}\nmore\n")));
        assert_eq!(with_table("# Title\n", "new"), None);
    }
}
