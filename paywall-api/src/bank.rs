//! What did the bank say, and does it prove that it declined?

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What the bank and the provider answered.
///
/// The vendor's own client decodes these texts from Base64 when a payment fails; the documents do not say so. The
/// texts are kept as they came, and `decoded_…` gives the other reading where there is one.
///
/// ```
/// use paywall_api::BankError;
///
/// let error = BankError::default().with_bank_message(Some("WWV0ZXJzaXogYmFraXll"));
/// assert_eq!(error.bank_message(), Some("WWV0ZXJzaXogYmFraXll"));
/// assert_eq!(error.decoded_bank_message().as_deref(), Some("Yetersiz bakiye"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct BankError {
    bank_code: Option<String>,
    bank_message: Option<String>,
    provider_code: Option<String>,
    provider_message: Option<String>,
}

/// A setter that drops empty texts, and its getter.
macro_rules! text {
    ($field:ident, $setter:ident, $decoded:ident, $what:literal) => {
        #[doc = concat!("Sets ", $what, ". An empty text counts as none.")]
        #[must_use]
        pub fn $setter(mut self, text: Option<&str>) -> Self {
            self.$field = text.filter(|text| !text.is_empty()).map(str::to_owned);
            self
        }

        #[doc = concat!("Reads ", $what, ", as it came.")]
        #[must_use]
        pub fn $field(&self) -> Option<&str> {
            self.$field.as_deref()
        }

        #[doc = concat!("Reads ", $what, " out of Base64; none where it is not Base64 of printable UTF-8.")]
        #[must_use]
        pub fn $decoded(&self) -> Option<String> {
            decoded(self.$field.as_deref()?)
        }
    };
}

impl BankError {
    text!(bank_code, with_bank_code, decoded_bank_code, "the bank's code");
    text!(bank_message, with_bank_message, decoded_bank_message, "the bank's message");
    text!(provider_code, with_provider_code, decoded_provider_code, "the provider's code");
    text!(provider_message, with_provider_message, decoded_provider_message, "the provider's message");

    /// Did neither the bank nor the provider say anything?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Does a code of the bank or the provider stand here that is no approval?
    pub(crate) fn tells_of_failure(&self) -> bool {
        let codes = [&self.bank_code, &self.provider_code].into_iter().flatten();
        codes.flat_map(|code| readings(code)).any(|code| !APPROVALS.contains(&code.trim()))
    }

    /// Returns whether a code leaves open what became of the payment: one of the bank that is not a decline, or one of
    /// the provider, whose numbering may be its own, that is an approval or tells of an answer that did not come.
    pub(crate) fn leaves_it_open(&self) -> bool {
        let by_the_provider = self.provider_code.iter().flat_map(|code| both_readings(code)).any(|code| {
            let code = code.trim();
            APPROVALS.contains(&code) || OPEN.contains(&code)
        });
        by_the_provider || (self.bank_code.is_some() && !self.is_decline())
    }

    /// Is the bank's code a decline, which proves that nothing was charged?
    pub(crate) fn is_decline(&self) -> bool {
        let Some(code) = &self.bank_code else {
            return false;
        };
        readings(code).any(|code| DECLINES.contains(&code.trim()))
    }
}

/// What a bank or a provider writes where nothing is wrong.
const APPROVALS: [&str; 4] = ["0", "00", "000", "0000"];

/// Response codes of ISO 8583 after which money may have moved: partial approvals, what is in progress, and answers
/// that came too late or not at all.
const OPEN: [&str; 17] =
    ["06", "08", "09", "10", "11", "16", "19", "20", "21", "22", "68", "85", "90", "91", "92", "94", "96"];

/// A text as it stands, and what the Base64 that it may be says.
fn both_readings(text: &str) -> impl Iterator<Item = String> {
    [Some(text.to_owned()), decoded(text)].into_iter().flatten()
}

/// What a text says: what the Base64 that it may be says, else itself.
fn readings(text: &str) -> impl Iterator<Item = String> {
    let decoded = decoded(text);
    let itself = decoded.is_none().then(|| text.to_owned());
    [itself, decoded].into_iter().flatten()
}

/// Shows who said something, not what.
impl fmt::Debug for BankError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |text: &Option<String>| text.as_ref().map(|_| "***");
        f.debug_struct("BankError")
            .field("bank_code", &said(&self.bank_code))
            .field("bank_message", &said(&self.bank_message))
            .field("provider_code", &said(&self.provider_code))
            .field("provider_message", &said(&self.provider_message))
            .finish()
    }
}

/// The other reading of a text that is Base64 of printable UTF-8; none where it is not.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let printable = !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    printable.then_some(text)
}

/// Response codes of ISO 8583 with which an issuer has looked at the payment and said no.
///
/// This is a list of proofs, so what is not on it proves nothing. Left out on purpose:
/// - 00, 08, 10, 11, 16, 85: approvals, whole or partial.
/// - 06, 09, 19 to 22, 25 to 32, 40, 95: an error, something in progress, or a message that was not understood. What
///   became of the payment is open.
/// - 68, 90, 91, 92, 94, 96: too late, day-end, no answer from the issuer, no route, a duplicate, a malfunction. The
///   payment may have been taken.
/// - 64, 76 to 84, 86 to 89, 97 to 99 and every longer or lettered code: each bank gives them its own meaning.
const DECLINES: &[&str] = &[
    "01", // refer to the issuer
    "02", // refer to the issuer, special condition
    "03", // invalid merchant
    "04", // pick the card up
    "05", // do not honour
    "07", // pick the card up, special condition
    "12", // invalid transaction
    "13", // invalid amount
    "14", // invalid card number
    "15", // no such issuer
    "33", // expired card, pick up
    "34", // suspected fraud, pick up
    "36", // restricted card, pick up
    "38", // too many wrong PINs, pick up
    "41", // lost card
    "43", // stolen card
    "51", // insufficient funds
    "52", // no such current account
    "53", // no such savings account
    "54", // expired card
    "55", // wrong PIN
    "56", // no card record
    "57", // not permitted to this cardholder
    "58", // not permitted to this terminal
    "59", // suspected fraud
    "61", // over the amount limit
    "62", // restricted card
    "63", // security violation
    "65", // over the count limit
    "75", // too many wrong PINs
    "93", // cannot be completed: violation of law
];

#[cfg(test)]
mod tests {
    use super::*;

    fn declined(code: &str) -> bool {
        BankError::default().with_bank_code(Some(code)).is_decline()
    }

    #[test]
    fn declines_are_known_in_both_readings() {
        assert!(declined("51") && declined("05"));
        assert!(declined("NTE=") && declined("MDU="));
    }

    #[test]
    fn what_may_have_been_taken_is_no_decline() {
        for code in ["00", "68", "91", "96", "06", "09", "94", "99", "", "5", "051", "XX", "-1", "OTE=", "Njg="] {
            assert!(!declined(code), "{code}");
        }
        assert!(!BankError::default().with_provider_code(Some("51")).is_decline());
    }

    #[test]
    fn a_providers_approval_or_silence_leaves_it_open_as_the_banks_does() {
        let provider = |code| BankError::default().with_provider_code(Some(code));
        for code in ["00", "0", " 000 ", "0000", "68", "91", "96", "06", "MDA=", "OTE="] {
            assert!(provider(code).leaves_it_open(), "{code}");
            assert!(provider(code).with_bank_code(Some("51")).leaves_it_open(), "{code}");
        }
        for code in ["51", "05", "ERR", "2001", "NTE=", "-1"] {
            assert!(!provider(code).leaves_it_open(), "{code}");
        }
        let bank = |code| BankError::default().with_bank_code(Some(code));
        assert!(bank("00").leaves_it_open() && bank("91").leaves_it_open() && !bank("51").leaves_it_open());
    }

    #[test]
    fn an_approval_tells_of_no_failure() {
        let tells = |code| BankError::default().with_provider_code(Some(code)).tells_of_failure();
        assert!(!tells("00") && !tells("0") && !tells("0000") && !tells("MDA="));
        assert!(tells("51") && tells("NTE=") && tells("ERR"));
        assert!(!BankError::default().with_bank_message(Some("fine")).tells_of_failure());
    }

    #[test]
    fn an_empty_one_is_none() {
        assert!(BankError::default().with_bank_code(Some("")).with_bank_message(None).is_empty());
        assert!(!BankError::default().with_provider_message(Some("x")).is_empty());
    }

    #[test]
    fn only_base64_of_printable_text_is_decoded() {
        assert_eq!(decoded("xLFzbGFr").as_deref(), Some("ıslak"));
        for text in ["", "51", "AAAA", "/////w==", "not base64"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }

    #[test]
    fn debug_shows_no_text() {
        let error = BankError::default().with_bank_message(Some("hush"));
        assert!(!format!("{error:?}").contains("hush"));
    }
}
