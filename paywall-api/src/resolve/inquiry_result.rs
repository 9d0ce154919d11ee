//! A payment as an inquiry tells it, read field by field: what decides about money depends on nothing else.

use std::fmt;
use std::ops::Deref;

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::inquiries::PaymentInquiry;
use crate::object::Members;
use crate::payments::QueryPayment;
use crate::places::is_ambiguous;
use crate::pointer;
use crate::standing::Facts;
use crate::{Operation, Standing, objects};

/// The fields by which money is decided. Where one of them stands and cannot be read, nothing is built on the answer.
const DECIDING: [&str; 18] = [
    "PaymentId",
    "MerchantUniqueCode",
    "StatusId",
    "TypeId",
    "Status",
    "Error",
    "IsProvision",
    "AnySuccessPayment",
    "AnySuccessRefund",
    "AnySuccessPartialRefund",
    "AnySuccessCancel",
    "IsFullyRefunded",
    "AppliedInterest",
    "CurrencyId",
    "PaymentAmount",
    "OriginalAmount",
    "ActivityAmount",
    "RemainingRefundAmount",
];

/// The members of a deciding object that decide nothing.
const WORDS_OF_THE_ERROR: [&str; 2] = ["/Error/ErrorType", "/Error/ErrorMessage"];

const MOVEMENTS: &str = "/Activities";

/// The field of an answer that holds the payment.
pub(super) const PAYMENT: &str = "Paywall";

/// A payment as Paywall told it to an inquiry.
///
/// It dereferences to the [`PaymentInquiry`]. A field that could not be read is `None` there, and
/// [`unread`](InquiryResult::unread) names its place; the other fields count as they stand. If the field is one of
/// those that decide, the [`standing`](InquiryResult::standing) is `Contradictory`.
///
/// ```no_run
/// # async fn look(paywall: paywall_api::Client, unknown: paywall_api::Unknown) -> Result<(), paywall_api::ResolveError> {
/// if let Some(found) = paywall.payments().resolve(&unknown).await?.inquiry() {
///     println!("{:?}, amount {:?}, not read: {:?}", found.standing(), found.payment_amount, found.unread());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct InquiryResult {
    inquiry: PaymentInquiry,
    facts: Facts,
    unread: Vec<String>,
    received: Zeroizing<String>,
}

impl InquiryResult {
    /// Reads what stands under `Paywall`. None where it is no object.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let mut reading = Reading { path: Vec::new(), unread: Vec::new() };
        let kept = reading.object(json)?;
        let inquiry: PaymentInquiry = objects::read(&kept).ok()?;
        let Reading { unread, .. } = reading;
        let mut facts = Facts::from(&inquiry);
        facts.unreadable = decides(json, &unread);
        if unread.iter().any(|pointer| pointer.starts_with(MOVEMENTS)) {
            facts.movements = None;
        }
        let payload = QueryPayment::ENVELOPE.payload_pointer();
        let unread = unread.iter().map(|pointer| format!("{payload}/{PAYMENT}{pointer}")).collect();
        Some(Self { inquiry, facts, unread, received: Zeroizing::new(json.to_owned()) })
    }

    /// How the payment stands, by all fields that decide, unreadable ones included.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.facts.standing()
    }

    /// The places of fields that could not be read: JSON pointers into the answer.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The JSON of the payment, as it came. It may hold personal data.
    #[must_use]
    pub fn received(&self) -> &str {
        &self.received
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Deref for InquiryResult {
    type Target = PaymentInquiry;

    fn deref(&self) -> &PaymentInquiry {
        &self.inquiry
    }
}

/// Shows the payment as its own `Debug` does, and what could not be read.
impl fmt::Debug for InquiryResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InquiryResult")
            .field("inquiry", &self.inquiry)
            .field("unread", &self.unread)
            .finish_non_exhaustive()
    }
}

/// Does anything of what was not read decide, or does a deciding name say something else in another case?
fn decides(json: &str, unread: &[String]) -> bool {
    let is_deciding = |pointer: &String| {
        let name = pointer.split('/').nth(1).unwrap_or_default();
        DECIDING.contains(&name) && !WORDS_OF_THE_ERROR.contains(&pointer.as_str())
    };
    let Ok(members) = objects::read::<Members<'_>>(json) else { return true };
    let says_two_things = DECIDING.iter().any(|name| members.has_another_reading(name));
    unread.iter().any(is_deciding) || says_two_things || is_ambiguous(json, "/Error/AnyError")
}

/// Reads an object of the type [`PaymentInquiry`] member by member and keeps what its type can hold.
struct Reading {
    /// The keys and indices that lead to where it is.
    path: Vec<Step>,
    unread: Vec<String>,
}

enum Step {
    Member(String),
    Element(usize),
}

impl Reading {
    /// The object without the members that its type cannot hold; none where it is no object.
    fn object(&mut self, json: &str) -> Option<String> {
        let members: Members<'_> = objects::read(json).ok()?;
        let mut kept = Vec::new();
        for (name, value) in members.iter() {
            self.path.push(Step::Member(name.to_owned()));
            match members.once(name) {
                Some(_) => kept.extend(self.value(value).map(|value| format!("{}:{value}", quoted(name)))),
                None => self.note(),
            }
            self.path.pop();
        }
        Some(format!("{{{}}}", kept.join(",")))
    }

    /// The value, or as much of it as its type can hold.
    fn value(&mut self, value: &RawValue) -> Option<String> {
        let json = value.get();
        if self.is_readable(json) {
            return Some(json.to_owned());
        }
        let unread = self.unread.len();
        let kept = match json.as_bytes().first() {
            Some(b'{') => self.object(json),
            Some(b'[') => self.list(json),
            _ => None,
        };
        let kept = kept.filter(|kept| self.is_readable(kept));
        if kept.is_none() {
            self.unread.truncate(unread);
            self.note();
        }
        kept
    }

    fn list(&mut self, json: &str) -> Option<String> {
        let elements: Vec<&RawValue> = objects::read(json).ok()?;
        let mut kept = Vec::new();
        for (index, element) in elements.into_iter().enumerate() {
            self.path.push(Step::Element(index));
            kept.extend(self.value(element));
            self.path.pop();
        }
        Some(format!("[{}]", kept.join(",")))
    }

    /// U+FFFD stands for bytes that are no UTF-8: the text is not what was sent.
    fn is_readable(&self, json: &str) -> bool {
        let whole = self.path.iter().rev().fold(json.to_owned(), |inner, step| match step {
            Step::Member(name) => format!("{{{}:{inner}}}", quoted(name)),
            Step::Element(_) => format!("[{inner}]"),
        });
        !json.contains(char::REPLACEMENT_CHARACTER) && objects::read::<PaymentInquiry>(&whole).is_ok()
    }

    fn note(&mut self) {
        let mut pointer = String::new();
        for step in &self.path {
            match step {
                Step::Member(name) => pointer::push(&mut pointer, name),
                Step::Element(index) => pointer::push(&mut pointer, &index.to_string()),
            }
        }
        if !self.unread.contains(&pointer) {
            self.unread.push(pointer);
        }
    }
}

fn quoted(name: &str) -> String {
    serde_json::to_string(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &str) -> InquiryResult {
        let json = format!(
            r#"{{"PaymentId":7,"MerchantUniqueCode":"order-1","StatusId":4,"TypeId":1,"Status":true,
            "Error":{{"AnyError":false,"ErrorType":0}},"IsProvision":false,"AnySuccessPayment":true,
            "AnySuccessRefund":false,"AnySuccessPartialRefund":false,"AnySuccessCancel":false,"CurrencyId":1,
            "PaymentAmount":100.00,"ActivityAmount":100.00{more}}}"#
        );
        InquiryResult::read(&json).expect("an object")
    }

    #[test]
    fn an_oddity_in_a_field_that_decides_nothing_is_named_and_changes_nothing() {
        for (more, unread) in [
            (r#""CommissionAmount":0E-8"#, "/CommissionAmount"),
            (r#""CommissionAmount":1.000000000000000000000000000001"#, "/CommissionAmount"),
            (r#""CardBrandId":"VISA""#, "/CardBrandId"),
            (r#""CardOwnerName":"\ud800""#, "/CardOwnerName"),
            (r#""CardOwnerName":"\u0041","CardOwnerName":"B""#, "/CardOwnerName"),
            (r#""UsedSavedCard":"false""#, "/UsedSavedCard"),
            (r#""PaymentGatewayId":99999999999999999999"#, "/PaymentGatewayId"),
            (r#""ClientIP":{"a":1}"#, "/ClientIP"),
            (r#""CardNumber":[]"#, "/CardNumber"),
            (r#""Installment":"1""#, "/Installment"),
            (r#""ActivityId":"x""#, "/ActivityId"),
            (r#""Activities":"none""#, "/Activities"),
            (r#""LastActivityDateTime":7"#, "/LastActivityDateTime"),
            (r#""InterestRate":"0""#, "/InterestRate"),
        ] {
            let result = read(&format!(",{more}"));
            assert_eq!(result.standing(), Standing::Paid, "{more}");
            assert_eq!(result.unread(), [format!("/Body/Paywall{unread}")], "{more}");
            assert_eq!(result.payment_id, Some(7), "{more}");
            assert!(result.received().contains(more));
        }
        let nothing_odd = read(r#","New":{"a":[1]},"Activities":null"#);
        assert!(nothing_odd.unread().is_empty() && nothing_odd.standing() == Standing::Paid);
    }

    #[test]
    fn an_oddity_in_a_field_that_decides_leaves_nothing_to_build_on() {
        for more in [
            r#""StatusId":4"#,
            r#""statusId":5"#,
            r#""ANYSUCCESSREFUND":true"#,
            r#""OriginalAmount":1E2"#,
            r#""RemainingRefundAmount":"100.00""#,
            r#""IsFullyRefunded":"false""#,
            r#""AppliedInterest":0"#,
        ] {
            let result = read(&format!(",{more}"));
            assert_eq!(result.standing(), Standing::Contradictory, "{more}");
        }
    }

    #[test]
    fn of_an_odd_error_only_what_decides_counts() {
        let with = |error: &str| {
            let json = read("").received().replace(r#"{"AnyError":false,"ErrorType":0}"#, error);
            let result = InquiryResult::read(&json).expect("an object");
            (result.standing(), result.unread().to_vec())
        };
        let (standing, unread) = with(r#"{"AnyError":false,"ErrorType":"none","ErrorMessage":7}"#);
        assert_eq!(standing, Standing::Paid);
        assert_eq!(unread, ["/Body/Paywall/Error/ErrorType", "/Body/Paywall/Error/ErrorMessage"]);
        for odd in [
            r#"{"AnyError":"no"}"#,
            "7",
            r#"{"AnyError":false,"AnyError":true}"#,
            r#"{"AnyError":false,"anyError":true}"#,
        ] {
            assert_eq!(with(odd).0, Standing::Contradictory, "{odd}");
        }
    }

    #[test]
    fn a_list_of_movements_with_an_odd_one_is_no_list() {
        let movement = r#"{"Id":1,"TypeId":1,"StatusId":4,"Amount":100.00}"#;
        let sound = read(&format!(r#","Activities":[{movement}]"#));
        assert_eq!(sound.facts().movements.as_ref().map(Vec::len), Some(1));
        let odd = read(&format!(r#","Activities":[{movement},{{"Id":"2"}},{{"Id":3,"Amount":[]}}]"#));
        assert_eq!(odd.facts().movements, None);
        assert_eq!(odd.unread(), ["/Body/Paywall/Activities/1/Id", "/Body/Paywall/Activities/2/Amount"]);
        assert_eq!(odd.standing(), Standing::Paid);
    }

    #[test]
    fn debug_shows_nothing_of_what_was_received() {
        let shown = format!("{:?}", read(r#","New":"hush","CardOwnerName":"hush""#));
        assert!(!shown.contains("hush"), "{shown}");
    }
}
