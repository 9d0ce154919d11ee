//! What comes back from Paywall shows no secret either: not as a claim, not by its type, not in what is said of a
//! message that cannot be read or has another hash.

use std::collections::BTreeSet;
use std::fmt::Debug;

use paywall_api::{Claim, Encoding, HashKeys, Notification};
use paywall_contract::sample::Part;
use serde::Serialize;
use serde_json::Value;

use super::places::{payload, places, plant, planted};
use super::{assert_clean, differences, three};

/// A message without its type.
struct Case {
    id: &'static str,
    encoding: Encoding,
    /// As shown, as it goes over the wire, and redacted.
    content: fn(&[u8]) -> (String, Value, Value),
    /// All that is said of a body, be it read or not.
    told: fn(&[u8]) -> String,
}

fn case<N: Notification + Debug + Serialize>() -> Case {
    Case {
        id: N::ID,
        encoding: N::ENCODING,
        content: |body| three(Claim::<N>::read(body).expect("a planted message is read").content()),
        told: |body| match Claim::<N>::read(body) {
            Ok(claim) => {
                let verified = claim.verify(&keys()).map_err(|error| format!("{error} {error:?}"));
                format!("{claim:?}{claim:#?}{verified:?}")
            }
            Err(error) => format!("{error}{error:?}{error:#?}"),
        },
    }
}

macro_rules! cases {
    ($($message:ty),*) => { vec![$(case::<$message>()),*] };
}

fn cases() -> Vec<Case> {
    paywall_api::each_notification!(cases)
}

const HASH_KEY: &str = "planted-hash-key";

fn keys() -> HashKeys {
    (1..=7_i64).fold(HashKeys::new(), |keys, key_type| keys.with(key_type, HASH_KEY))
}

/// A message as it is posted.
fn body(encoding: Encoding, payload: &Value) -> Vec<u8> {
    if encoding == Encoding::Json {
        return payload.to_string().into_bytes();
    }
    let fields = payload.as_object().expect("a form").iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = fields.map(|(name, value)| format!("{name}={}", escaped(&text(value))));
    pairs.collect::<Vec<_>>().join("&").into_bytes()
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat()
}

#[test]
fn what_is_masked_of_a_message_is_what_is_listed() {
    for case in cases() {
        let (_, wire, redacted) = (case.content)(&body(case.encoding, &payload(case.id, Part::Request)));
        let mut masked = BTreeSet::new();
        differences("", &wire, &redacted, &mut masked);
        let listed = places(case.id, Part::Request);
        assert_eq!(masked, listed.iter().map(|place| (*place).to_owned()).collect(), "{}", case.id);
        for pointer in listed {
            assert_eq!(wire.pointer(pointer), Some(&planted(case.id, Part::Request, pointer).into()), "{pointer}");
        }
    }
}

#[test]
fn a_message_shows_no_secret() {
    for case in cases() {
        let sent = body(case.encoding, &payload(case.id, Part::Request));
        let (shown, ..) = (case.content)(&sent);
        assert_clean(&format!("a message of {}", case.id), &shown);
        let told = (case.told)(&sent);
        assert!(told.contains(case.id), "{told}");
        assert_clean(&format!("a claim of {}", case.id), &told);
        assert!(!told.contains(HASH_KEY), "{told}");
    }
    assert!(!format!("{:?}{:#?}", keys(), keys()).contains(HASH_KEY));
}

#[test]
fn a_message_that_cannot_be_read_is_told_without_its_values() {
    for case in cases() {
        for pointer in places(case.id, Part::Request) {
            let secret = planted(case.id, Part::Request, pointer);
            for odd in [Value::from(vec![secret]), Value::from_iter([(secret, secret)]), Value::from(4_546_711)] {
                let mut message = payload(case.id, Part::Request);
                plant(&mut message, pointer, odd);
                assert_clean(
                    &format!("a misplaced secret in {}", case.id),
                    &(case.told)(&body(case.encoding, &message)),
                );
            }
        }
        let whole = body(case.encoding, &payload(case.id, Part::Request));
        for end in (0..whole.len()).step_by(7) {
            let cut = &whole[..end];
            assert_clean(&format!("a cut message of {}", case.id), &(case.told)(cut));
            let twice = [cut, &whole[..]].concat();
            assert_clean(&format!("a confused message of {}", case.id), &(case.told)(&twice));
        }
    }
}
