//! A bank, or a merchant, may write a card number into any text: no request, answer or message shows one by `Debug` or
//! once it is redacted, whatever field it stands in.

use std::fmt::Debug;

use paywall_api::{Notification, Operation, redacted};
use paywall_contract::sample::Part;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::places::{payload, plant};
use super::reading::pointers;

const CARD: &str = "4916338506082832";

/// A payload of one type, which is shown if it fits.
struct Case {
    what: String,
    payload: Value,
    shown: fn(&Value) -> Option<String>,
}

fn shown<T: DeserializeOwned + Debug + Serialize>(json: &Value) -> Option<String> {
    let value = serde_json::from_str::<T>(&json.to_string()).ok()?;
    Some(format!("{value:?}\n{value:#?}\n{}", redacted(&value).expect("json")))
}

fn operation<O>() -> [Case; 2]
where
    O: Operation<Request: Debug + DeserializeOwned + Serialize, Response: Debug + Serialize>,
{
    [
        Case {
            what: format!("a request of {}", O::ID),
            payload: payload(O::ID, Part::Request),
            shown: shown::<O::Request>,
        },
        Case {
            what: format!("an answer of {}", O::ID),
            payload: payload(O::ID, Part::Response)["Body"].take(),
            shown: shown::<O::Response>,
        },
    ]
}

fn message<N: Notification + Debug + DeserializeOwned + Serialize>() -> [Case; 1] {
    [Case { what: N::ID.to_owned(), payload: payload(N::ID, Part::Request), shown: shown::<N> }]
}

macro_rules! operations {
    ($($operation:ty),*) => { vec![$(operation::<$operation>()),*] };
}

macro_rules! messages {
    ($($message:ty),*) => { vec![$(message::<$message>()),*] };
}

fn cases() -> Vec<Case> {
    let operations = paywall_api::each_operation!(operations).into_iter().flatten();
    operations.chain(paywall_api::each_notification!(messages).into_iter().flatten()).collect()
}

#[test]
fn a_card_number_in_any_text_is_never_shown() {
    let mut texts = 0;
    for case in cases() {
        for pointer in pointers(&case.payload).iter().filter(|pointer| !pointer.is_empty()) {
            for text in [CARD.to_owned(), format!("Kart {CARD} reddedildi"), "4916 3385 0608 2832".to_owned()] {
                let mut payload = case.payload.clone();
                plant(&mut payload, pointer, text.into());
                let Some(shown) = (case.shown)(&payload) else { continue };
                let digits = shown.replace(' ', "");
                assert!(!digits.contains(&CARD[..8]), "{} shows it at {pointer}:\n{shown}", case.what);
                texts += 1;
            }
        }
    }
    assert!(texts > 1000, "{texts}");
}
