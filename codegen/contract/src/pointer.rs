//! JSON pointers: their segments, and how one is made step by step.

/// The unescaped segments of a pointer.
pub fn segments(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

/// Appends a segment to a pointer.
pub fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

/// The pointer with one more segment.
#[must_use]
pub fn join(pointer: &str, segment: &str) -> String {
    let mut joined = pointer.to_owned();
    push(&mut joined, segment);
    joined
}

/// The pointer of what serde could not read.
#[must_use]
pub fn of_path(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => join(&pointer, &index.to_string()),
        Segment::Map { key } => join(&pointer, key),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_with_any_characters_goes_in_and_comes_out_again() {
        let pointer = ["a", "b/c", "~", "~1", ""].iter().fold(String::new(), |pointer, next| join(&pointer, next));
        assert_eq!(pointer, "/a/b~1c/~0/~01/");
        assert_eq!(segments(&pointer).collect::<Vec<_>>(), ["a", "b/c", "~", "~1", ""]);
    }
}
