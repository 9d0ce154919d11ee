//! The byte order mark, with which some servers begin a body: one rule for envelopes, webhooks and forms.

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Returns how many bytes of a body are its byte order mark. A second one is content.
pub(crate) fn length(body: &[u8]) -> usize {
    if body.starts_with(MARK) { MARK.len() } else { 0 }
}

/// Returns a text without its byte order mark.
pub(crate) fn without(text: &str) -> &str {
    text.get(length(text.as_bytes())..).unwrap_or(text)
}
