//! JSON pointers: their keys, how one is made step by step, and that of what serde could not read.

use serde_path_to_error::{Path, Segment};

/// Appends a field name or an index to a pointer.
pub(crate) fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    if segment.contains(['~', '/']) {
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(segment);
    }
}

/// The keys of a pointer.
pub(crate) fn keys(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~"))
}

/// The pointer of what serde could not read, behind the pointer `base`.
///
/// A key of a map is the other side's text, and anything may stand there: one that is no name of a field is a `*`.
pub(crate) fn of_path(base: &str, path: &Path) -> String {
    let mut pointer = base.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            Segment::Map { key } => push(&mut pointer, if is_name(key) { key } else { "*" }),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn is_name(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_any_characters_goes_in_and_comes_out_again() {
        let mut pointer = String::new();
        for key in ["a", "b/c", "~", "~1", "", "ö"] {
            push(&mut pointer, key);
        }
        assert_eq!(pointer, "/a/b~1c/~0/~01//ö");
        assert_eq!(keys(&pointer).collect::<Vec<_>>(), ["a", "b/c", "~", "~1", "", "ö"]);
        assert_eq!(keys("").count(), 0);
    }
}
