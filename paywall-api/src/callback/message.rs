//! What does a message of Paywall's say? In callbacks it is Base64 of text.

use crate::bank;

/// The other reading of a text that is Base64 of printable UTF-8; none where it is not.
///
/// `errorMessage` of the 3-D Secure callback is such a text. Under the same name the documented sample also sends the
/// provider's own, which may not be: [`Claim::all`](crate::Claim::all) has both.
///
/// ```
/// assert_eq!(paywall_api::decoded("WWV0ZXJzaXogYmFraXll").as_deref(), Some("Yetersiz bakiye"));
/// assert_eq!(paywall_api::decoded("Yetersiz bakiye"), None);
/// ```
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    // The banks' messages come the same way, so that there is one reading of both.
    bank::decoded(text)
}
