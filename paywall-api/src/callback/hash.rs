//! What is hashed? A key and parts of a message in a fixed order, as one text.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::hash_error::{HashError, HashErrorKind};
use crate::Secret;

const SEPARATOR: &str = "###";

/// A format: which parts of a message are hashed, in which order.
///
/// The hash is the lower-case hex SHA-256 of the UTF-8 text `key###part###part…`, as the documents describe it. They
/// show no worked example: how Paywall writes an amount into that text (`1`, `1.0`, `1.00`, `1,00`) is documented
/// nowhere. Here it is taken to be written as in the message that carries the hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashFormat {
    /// Its name, by which a message names it.
    pub name: &'static str,
    /// Its parts after the key, in their order.
    pub parts: &'static [&'static str],
}

impl HashFormat {
    /// The hash of `parts`, each a name and its text, in any order: for tests, and for a sandbox.
    ///
    /// ```
    /// use paywall_api::{HashFormat, Secret};
    ///
    /// let format = HashFormat { name: "Paywatch", parts: &["paymentId", "merchantUniqueCode"] };
    /// let hash = format.sign(&Secret::from("key"), &[("paymentId", "7"), ("merchantUniqueCode", "ORDER-1")])?;
    /// assert_eq!(hash, "d188900e9304d6a7aa5bbedad959d51f81b48c5f1f253983afbc4d08ffde8343");
    /// # Ok::<(), paywall_api::HashError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where a part is missing or ambiguous, or the key is empty. A part is ambiguous if it contains `###`, or begins
    /// or ends with `#`: the hash of other parts would then be the same.
    pub fn sign(&self, key: &Secret, parts: &[(&str, &str)]) -> Result<String, HashError> {
        let text = |part: &str| parts.iter().find(|(name, _)| *name == part).map(|(_, text)| *text);
        Ok(hex(&self.digest(key, text)?))
    }

    /// The hash of what `text` says of each part.
    pub(super) fn digest<'t>(
        &self,
        key: &Secret,
        text: impl Fn(&str) -> Option<&'t str>,
    ) -> Result<[u8; 32], HashError> {
        if key.expose().is_empty() {
            return Err(HashError::new(HashErrorKind::EmptyKey, "the hash key is empty: give the one of the panel"));
        }
        let mut sha = Sha256::new();
        sha.update(key.expose());
        for part in self.parts {
            let text = text(part).ok_or_else(|| self.lacks(part))?;
            sha.update(SEPARATOR);
            sha.update(unambiguous(part, text)?);
        }
        Ok(sha.finalize().into())
    }

    fn lacks(&self, part: &str) -> HashError {
        let found =
            format!("there is no {part}: expected it as text or number, a hash of format {} covers it", self.name);
        HashError::new(HashErrorKind::PartMissing, found)
    }
}

/// With such parts, one text would be that of several messages: `a###b` and `c` hash as `a` and `b###c` do.
fn unambiguous<'t>(part: &str, text: &'t str) -> Result<&'t str, HashError> {
    if text.contains(SEPARATOR) || text.starts_with('#') || text.ends_with('#') {
        let found =
            format!("{part} contains {SEPARATOR}, or begins or ends with #: its hash is that of other parts too");
        return Err(HashError::new(HashErrorKind::Ambiguous, found));
    }
    Ok(text)
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash that 64 hex digits stand for. Documented is lower case; upper case says the same.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each by: python3 -c 'import hashlib; print(hashlib.sha256("anahtar-ğ1###…###…".encode()).hexdigest())'
    const KEY: &str = "anahtar-ğ1";

    /// Format, its parts, what they say, the hash.
    type Vector = (&'static str, &'static [(&'static str, &'static str)], &'static str);

    const VECTORS: [Vector; 10] = [
        (
            "Payment",
            &[
                ("paymentId", "8013143466"),
                ("merchantUniqueCode", "ORDER-1"),
                ("amount", "100.50"),
                ("installment", "1"),
            ],
            "2615e7acf3b14ac6c8016796573427770d225897d7480138208d96b848216244",
        ),
        (
            "BulkPayment",
            &[("bulkPaymentId", "3846"), ("merchantUniqueCode", "BULK-1")],
            "07bc23020ada006a1ed8a7d057aa66e30b3a2676d3ec2e92c3f916db4ab24a35",
        ),
        (
            "SplitPayment",
            &[("splitPaymentId", "2881"), ("merchantUniqueCode", "SPLIT-1")],
            "a56942187dfb0398bc298f5a9d0f77edb0532b5875a9ad2f2f94fbbbbec5e006",
        ),
        (
            "LinkPayment",
            &[
                ("linkQrId", "77"),
                ("paymentId", "8013143466"),
                ("trackId", "TRACK-1"),
                ("orderId", "ORDER-1"),
                ("amount", "100.50"),
            ],
            "3de3b57b3fb17df27853fe1c06d9e46b70371228f1c9b09663eed634773cb86e",
        ),
        (
            "CheckoutPayment",
            &[("checkoutId", "88"), ("paymentId", "8013143466"), ("uniqueCode", "ORDER-1"), ("amount", "100.50")],
            "32dc1ba53d5071d44258bb77130c981a86340bd17ef402398230306469c58e4c",
        ),
        (
            "Payout",
            &[
                ("payoutId", "99"),
                ("merchantGroupCode", "GROUP-1"),
                ("merchantUniqueCode", "PAYOUT-1"),
                ("amount", "100.50"),
            ],
            "d8d388f7115a55e9340b48fce259472353776c53532f973ddd7624f449ae2cc4",
        ),
        (
            "Apm",
            &[("apmId", "55"), ("merchantUniqueCode", "ORDER-1"), ("amount", "100.50")],
            "ba5d2f434c8c961dd545b17e4ff9bf48b8fb0a811e84e7ef2a2c303bb5f71298",
        ),
        (
            "Paywatch",
            &[("paymentId", "8013143466"), ("merchantUniqueCode", "ORDER-1")],
            "a020cc5c6c06ff08f8ad0cccfae25c4674f2966b7716f866c62e8c24c5431421",
        ),
        (
            "Recurring",
            &[
                ("paymentId", "8013143466"),
                ("subscriptionMerchantCode", "SUB-1"),
                ("subscriptionCode", "0b5c9c4e-6c5c-4f0e-9d3a-0d6f3c1e2a77"),
            ],
            "7c149e6d6a1430e0da5b4baa488f84271ca68020a2d9c272a7d406c25390950c",
        ),
        (
            "PhysicalPos",
            &[("paymentRequestId", "66"), ("merchantUniqueCode", "ORDER-1"), ("amount", "100.50")],
            "4aadf38747ca755545f5881c73d142f5c3ea8b00487b46897fe751fa649fa766",
        ),
    ];

    const PAYWATCH: HashFormat = HashFormat { name: "Paywatch", parts: &["paymentId", "merchantUniqueCode"] };

    fn paywatch(id: &str, code: &str) -> Result<String, HashErrorKind> {
        let parts = [("paymentId", id), ("merchantUniqueCode", code)];
        PAYWATCH.sign(&KEY.into(), &parts).map_err(|error| error.kind())
    }

    #[test]
    fn every_format_hashes_as_another_language_does() {
        for (name, parts, hash) in VECTORS {
            let names: Vec<&'static str> = parts.iter().map(|(part, _)| *part).collect();
            let format = HashFormat { name, parts: names.leak() };
            assert_eq!(format.sign(&KEY.into(), parts).expect(name), hash, "{name}");
            let backwards: Vec<_> = parts.iter().rev().copied().collect();
            assert_eq!(format.sign(&KEY.into(), &backwards).expect(name), hash, "the format has the order: {name}");
        }
    }

    #[test]
    fn a_text_is_hashed_as_it_stands() {
        let hashes = ["100.50", "100.5", "100,50", "1e2", " 100.50"].map(|id| paywatch(id, "ORDER-1").expect(id));
        for (at, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..at].contains(hash));
        }
        // The same with "" as its last part.
        let format = HashFormat { name: "Payment", parts: &["id", "code", "amount", "installment"] };
        let parts = [("id", "8013143466"), ("code", "ORDER-1"), ("amount", "100.50"), ("installment", "")];
        let empty = "3ccda5a33f0194340f249e9d4f96d0535ab7bc35de3fff017b28980eb2fb800c";
        assert_eq!(format.sign(&KEY.into(), &parts).as_deref(), Ok(empty));
    }

    #[test]
    fn parts_that_could_be_cut_otherwise_are_refused() {
        for part in ["a###b", "###", "#", "a#", "#a", "a####b"] {
            assert_eq!(paywatch(part, "b"), Err(HashErrorKind::Ambiguous), "{part}");
            assert_eq!(paywatch("b", part), Err(HashErrorKind::Ambiguous), "{part}");
        }
        assert!(paywatch("a#b", "a##b").is_ok());
    }

    #[test]
    fn what_is_accepted_is_hashed_as_one_text_only() {
        let alphabet = ["", "a", "#", "##", "###"];
        let texts: Vec<String> = alphabet
            .iter()
            .flat_map(|first| alphabet.iter().map(move |second| (first, second)))
            .flat_map(|(first, second)| alphabet.map(|third| format!("{first}{second}{third}")))
            .collect();
        let texts: std::collections::BTreeSet<_> = texts.into_iter().collect();
        let pairs = texts.iter().flat_map(|id| texts.iter().map(move |code| (id, code)));
        let mut hashes = std::collections::BTreeSet::new();
        let accepted = pairs.filter_map(|(id, code)| paywatch(id, code).ok()).map(|hash| assert!(hashes.insert(hash)));
        assert!(accepted.count() > 30);
    }

    #[test]
    fn a_hash_is_made_of_every_part_and_a_key() {
        let missing = PAYWATCH.sign(&KEY.into(), &[("paymentId", "1"), ("merchantuniquecode", "2")]);
        let missing = missing.expect_err("a part is missing");
        assert!(missing.is_part_missing());
        let expected =
            "there is no merchantUniqueCode: expected it as text or number, a hash of format Paywatch covers it";
        assert_eq!(missing.to_string(), expected);
        let parts = [("paymentId", "1"), ("merchantUniqueCode", "2")];
        assert!(PAYWATCH.sign(&"".into(), &parts).is_err_and(|error| error.is_empty_key()));
    }

    #[test]
    fn sixty_four_hex_digits_are_a_hash() {
        let hash = paywatch("1", "2").expect("a hash");
        assert_eq!(unhex(&hash).map(|bytes| hex(&bytes)), Some(hash.clone()));
        assert_eq!(unhex(&hash.to_uppercase()), unhex(&hash));
        let padded = format!(" {}", &hash[1..]);
        let base64 = "L+0Ax4pRsT0Vb7E9k1dZbGq1mD0w4h5m8QyqzJkV0aE==";
        for odd in ["", "0", &hash[1..], &format!("{hash}0"), &format!("{hash}00"), &padded, base64, &"ğ".repeat(32)] {
            assert_eq!(unhex(odd), None, "{odd}");
        }
    }
}
