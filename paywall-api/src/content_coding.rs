//! Answers that are compressed though nobody asked for it: what is said when they cannot be read.

use http::{HeaderMap, header};

use crate::envelope::NoEnvelope;

/// The codings that have a name. Others are the other side's text.
const KNOWN: [&str; 7] = ["gzip", "x-gzip", "br", "deflate", "zstd", "compress", "x-compress"];

/// Names the coding in the reason why an answer is no envelope, if its headers claim one.
pub(crate) fn named(headers: &HeaderMap, reason: NoEnvelope) -> NoEnvelope {
    let Some(coding) = claimed(headers) else { return reason };
    let found = format!(
        "{}; it claims content-encoding {coding}, which was not asked for and is not read: \
         let the server or gateway send it as it is",
        reason.found
    );
    NoEnvelope { found, ..reason }
}

fn claimed(headers: &HeaderMap) -> Option<&'static str> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = values.flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim);
    let coding = codings.find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"))?;
    let known = KNOWN.into_iter().find(|known| known.eq_ignore_ascii_case(coding));
    Some(known.unwrap_or("of another name"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_coding_is_named_and_a_strangers_text_is_not_repeated() {
        let claimed = |value: &'static [u8]| {
            let value = HeaderValue::from_bytes(value).expect("a value");
            claimed(&HeaderMap::from_iter([(header::CONTENT_ENCODING, value)]))
        };
        assert_eq!(claimed(b"GZIP"), Some("gzip"));
        assert_eq!((claimed(b"identity, br"), claimed(b"zstd,gzip")), (Some("br"), Some("zstd")));
        assert_eq!((claimed(b"hush"), claimed(b"\xff")), (Some("of another name"), Some("of another name")));
        assert_eq!((claimed(b"identity"), claimed(b"")), (None, None));
    }
}
