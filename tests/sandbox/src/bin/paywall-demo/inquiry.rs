//! What does an inquiry say of a payment that was paid? The documented answer, with what the demo needs of it changed.

use paywall_contract::Document;
use paywall_contract::node::{Kind, Node};
use paywall_sandbox::{Reply, text};

/// The answer about a payment under `code` that was paid, and still is.
pub(crate) fn paid(document: &Document, code: &str, amount: &str) -> Reply {
    let mut answer = document.samples["queryPayment/page.response.jsonc"].clone();
    let number = |text: &str| Kind::Number(text.to_owned());
    for (field, says) in [
        ("MerchantUniqueCode", Kind::Text(code.to_owned())),
        ("PaymentAmount", number(amount)),
        ("ActivityAmount", number(amount)),
        ("OriginalAmount", number(amount)),
        ("IsProvision", Kind::Bool(false)),
        ("AnySuccessPayment", Kind::Bool(true)),
        ("Status", Kind::Bool(true)),
        ("StatusId", number("4")),
    ] {
        set(&mut answer, field, &says);
    }
    Reply::json(text::write(&answer))
}

/// Every field of this name, however deep.
fn set(node: &mut Node, field: &str, says: &Kind) {
    if let Kind::Map(entries) = &mut node.kind {
        for entry in entries {
            if entry.key == field {
                entry.value.kind = says.clone();
            } else {
                set(&mut entry.value, field, says);
            }
        }
    }
}
