//! Whole messages, as they come and as somebody would rather have them come.

use serde::Deserialize;

use super::*;
use crate::{Amount, Personal, Secret};

const KEY: &str = "key-of-the-callback";
const WEBHOOK_KEY: &str = "key-of-the-webhook";

const FORMATS: &[HashFormat] = &[
    HashFormat { name: "Payment", parts: &["paymentId", "merchantUniqueCode", "amount", "installment"] },
    HashFormat { name: "Paywatch", parts: &["paymentId", "merchantUniqueCode"] },
    HashFormat { name: "Apm", parts: &["apmId", "merchantUniqueCode", "amount"] },
];

const PAYMENT_PLACES: HashPlaces = HashPlaces {
    hash: "/hash",
    format: Some("/hashFormat"),
    key_type: Some("/hashKeyType"),
    usual_format: "Payment",
    usual_key_type: 1,
    parts: &[
        ("paymentId", "/paymentId"),
        ("merchantUniqueCode", "/uniqueCode"),
        ("amount", "/amount"),
        ("installment", "/installment"),
    ],
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Callback {
    status: Option<String>,
    unique_code: Option<String>,
    amount: Option<String>,
    error_message: Option<String>,
    card_saved_unique_code: Option<Secret>,
    payer: Option<Personal>,
}

impl Notification for Callback {
    const ID: &'static str = "threeDCallback";
    const ENCODING: Encoding = Encoding::Form;
    const SUBJECT: Subject = Subject::Payment;
    const CLAIM: ClaimPlaces = ClaimPlaces {
        merchant_code: Some("/uniqueCode"),
        payment_code: Some("/paymentCode"),
        payment_id: Some("/paymentId"),
        amount: Some("/amount"),
        installment: Some("/installment"),
        status: Some("/status"),
        ..ClaimPlaces::NONE
    };
    const HASH: Option<HashPlaces> = Some(PAYMENT_PLACES);
    const FORMATS: &'static [HashFormat] = FORMATS;
}

impl ClaimsPayment for Callback {}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Webhook {
    #[serde(rename = "Type")]
    kind: Option<i64>,
    payment_id: Option<i64>,
    amount: Option<Amount>,
    unique_code: Option<String>,
    provider_response: Option<serde_json::Value>,
    #[expect(dead_code, reason = "it is there to be read wrong")]
    counts: Option<std::collections::BTreeMap<String, i32>>,
}

impl Notification for Webhook {
    const ID: &'static str = "notification";
    const ENCODING: Encoding = Encoding::Json;
    const SUBJECT: Subject = Subject::Payment;
    const CLAIM: ClaimPlaces = ClaimPlaces {
        merchant_code: Some("/UniqueCode"),
        payment_id: Some("/PaymentId"),
        amount: Some("/Amount"),
        currency: Some("/CurrencyId"),
        status: Some("/Type"),
        ..ClaimPlaces::NONE
    };
    const HASH: Option<HashPlaces> = Some(HashPlaces {
        hash: "/Hash",
        format: Some("/HashFormat"),
        key_type: Some("/HashKeyType"),
        usual_format: "Payment",
        usual_key_type: 4,
        parts: &[
            ("paymentId", "/PaymentId"),
            ("merchantUniqueCode", "/UniqueCode"),
            ("amount", "/Amount"),
            ("installment", "/Installment"),
        ],
    });
    const FORMATS: &'static [HashFormat] = FORMATS;
}

/// A message that is never hashed.
#[derive(Debug, Deserialize)]
struct Plain {}

impl Notification for Plain {
    const ID: &'static str = "plain";
    const ENCODING: Encoding = Encoding::Json;
    const SUBJECT: Subject = Subject::Payout;
}

fn keys() -> HashKeys {
    HashKeys::new().with(1, KEY).with(4, WEBHOOK_KEY)
}

// python3 -c 'import hashlib; print(hashlib.sha256(b"…").hexdigest())' of
// key-of-the-callback###8013143466###ORDER-1###100.50###1
const HASH: &str = "678c4f60bdc3b153f9ca20e565fe8c501f6368a2dcdbdae880a9e3375c1ed7a2";
// key-of-the-webhook###8013143466###ORDER-1###100.50###1
const WEBHOOK_HASH: &str = "40ae047b2999e14bcd3d8a42117f2576f1b1d5924c78d919036fc24ee7481e98";
// key-of-the-callback###8013143466###ORDER-1
const WEAK_HASH: &str = "0bbdfbafe184ae1847d7c11a9bac25c6d9ab5553b034651200893bee81790b8e";

/// What Paywall posts after a failure, with `more` at its end.
fn callback(more: &str) -> String {
    let body = "date=01.02.2025&status=Unsuccessful&errorCode=1&errorMessage=WWV0ZXJzaXogYmFraXll&paymentCode=PC-1\
                &uniqueCode=ORDER-1&amount=100.50&installment=1&paymentId=8013143466&errorMessage=declined";
    format!("{body}&{more}")
}

fn signed() -> String {
    callback(&format!("hash={HASH}"))
}

fn webhook(more: &str) -> String {
    format!(
        r#"{{"Type":2,"PaymentId":8013143466,"Amount":100.50,"UniqueCode":"ORDER-1",{}{more}}}"#,
        r#""CurrencyId":1,"Installment":1"#
    )
}

fn claim(body: &str) -> Claim<Callback> {
    Claim::read(body.as_bytes()).expect(body)
}

fn verified(body: &str) -> Result<Trust, HashErrorKind> {
    claim(body).verify(&keys()).map_err(|error| error.kind())
}

fn verified_webhook(body: &str) -> Result<Trust, HashErrorKind> {
    let claim = Claim::<Webhook>::read(body.as_bytes()).expect(body);
    claim.verify(&keys()).map_err(|error| error.kind())
}

fn refused<N: Notification>(body: &[u8]) -> ClaimErrorKind {
    Claim::<N>::read(body).expect_err("refused").kind()
}

#[test]
fn a_claim_says_what_is_asserted_as_it_came() {
    let claim = claim(&callback(""));
    assert_eq!(claim.merchant_code(), Some("ORDER-1"));
    assert_eq!(claim.payment_code(), Some("PC-1"));
    assert_eq!(claim.payment_id(), Some("8013143466"));
    assert_eq!(claim.amount(), Some("100.50"));
    assert_eq!(claim.parsed_amount(), "100.5".parse().ok());
    assert_eq!((claim.currency(), claim.installment()), (None, Some("1")));
    assert_eq!(claim.asserted_status(), Some("Unsuccessful"));
    assert_eq!(claim.content().status.as_deref(), Some("Unsuccessful"));
    assert_eq!(claim.content().error_message.as_deref().and_then(decoded).as_deref(), Some("Yetersiz bakiye"));
    assert_eq!(claim.all("errorMessage").collect::<Vec<_>>(), ["WWV0ZXJzaXogYmFraXll", "declined"]);
    assert_eq!(claim.into_content().unique_code.as_deref(), Some("ORDER-1"));
}

#[test]
fn an_empty_code_claims_nothing_and_a_comma_is_no_point() {
    let claim = claim("uniqueCode=&amount=100,50");
    assert_eq!((claim.merchant_code(), claim.amount(), claim.parsed_amount()), (None, Some("100,50"), None));
}

#[test]
fn numbers_of_json_are_claimed_to_the_digit() {
    let claim = Claim::<Webhook>::read(webhook("").as_bytes()).expect("a claim");
    assert_eq!((claim.payment_id(), claim.amount()), (Some("8013143466"), Some("100.50")));
    assert_eq!((claim.currency(), claim.asserted_status()), (Some("1"), Some("2")));
    assert_eq!(claim.content().amount.map(|amount| amount.to_string()).as_deref(), claim.amount());
    assert_eq!(claim.all("UniqueCode").count(), 0);
    assert_eq!((claim.content().kind, claim.content().payment_id), (Some(2), Some(8_013_143_466)));
}

#[test]
fn the_right_hash_is_signed_in_form_and_json() {
    assert_eq!(verified(&signed()), Ok(Trust::Signed));
    assert_eq!(verified(&callback(&format!("hash={}", HASH.to_uppercase()))), Ok(Trust::Signed));
    let named = format!("hash={HASH}&hashFormat=Payment&hashKeyType=1");
    assert_eq!(verified(&callback(&named)), Ok(Trust::Signed));
    let more = format!(r#","Hash":"{WEBHOOK_HASH}","HashFormat":"Payment","HashKeyType":4"#);
    assert_eq!(verified_webhook(&webhook(&more)), Ok(Trust::Signed));
    let quoted = more.replace(r#""HashKeyType":4"#, r#""HashKeyType":"4""#);
    assert_eq!(verified_webhook(&webhook(&quoted)), Ok(Trust::Signed));
}

#[test]
fn a_flipped_status_still_verifies_which_is_why_a_signed_claim_is_no_proof() {
    // The hash covers number, code, amount and instalments, which are the same of a failure and of a success.
    let flipped = signed().replace("Unsuccessful", "Success").replace("errorCode=1", "errorCode=0");
    assert_eq!(verified(&flipped), Ok(Trust::Signed));
    assert_eq!(claim(&flipped).asserted_status(), Some("Success"));
    // Nor does it know how often the message came.
    assert_eq!(verified(&flipped), Ok(Trust::Signed));
}

#[test]
fn what_the_hash_covers_cannot_be_changed() {
    for (from, to) in [
        ("amount=100.50", "amount=1.50"),
        ("amount=100.50", "amount=100.5"),
        ("amount=100.50", "amount=100%2C50"),
        ("amount=100.50", "amount=+100.50"),
        ("ORDER-1", "ORDER-2"),
        ("ORDER-1", "order-1"),
        ("8013143466", "8013143467"),
        ("installment=1", "installment=12"),
        ("installment=1", "installment="),
    ] {
        assert_eq!(verified(&signed().replace(from, to)), Err(HashErrorKind::Forged), "{to}");
    }
    let more = format!(r#","Hash":"{WEBHOOK_HASH}""#);
    let raised = webhook(&more).replace("100.50", "100.5");
    assert_eq!(verified_webhook(&raised), Err(HashErrorKind::Forged));
}

#[test]
fn a_forged_hash_is_no_hash() {
    assert_eq!(verified(&callback(&format!("hash={}", "0".repeat(64)))), Err(HashErrorKind::Forged));
    assert_eq!(verified(&callback(&format!("hash={WEBHOOK_HASH}"))), Err(HashErrorKind::Forged));
    for malformed in ["0", "abc%3D%3D", &HASH[1..], &format!("{HASH}0"), "%20", "%00"] {
        assert_eq!(verified(&callback(&format!("hash={malformed}"))), Err(HashErrorKind::Malformed), "{malformed}");
    }
    for malformed in ["1", "true", "{}", "[]", "\"x\"", "\"\\ud800\""] {
        let body = webhook(&format!(r#","Hash":{malformed}"#));
        assert_eq!(verified_webhook(&body), Err(HashErrorKind::Malformed), "{malformed}");
    }
}

#[test]
fn a_hash_is_missing_only_where_there_is_a_key() {
    for body in [callback(""), callback("hash="), callback("hash=&hashFormat=&hashKeyType=")] {
        assert_eq!(verified(&body), Err(HashErrorKind::Missing));
        assert_eq!(claim(&body).verify(&HashKeys::new().with(4, WEBHOOK_KEY)), Ok(Trust::Unsigned));
        // What the message names does not rid it of the need for a hash.
        assert_eq!(verified(&format!("{body}&hashKeyType=7")), Err(HashErrorKind::Missing));
    }
    for body in [webhook(""), webhook(r#","Hash":null"#), webhook(r#","Hash":"""#)] {
        assert_eq!(verified_webhook(&body), Err(HashErrorKind::Missing));
    }
    let plain = Claim::<Plain>::read(br#"{"Hash":"00"}"#).expect("a claim");
    assert_eq!(plain.verify(&keys()), Ok(Trust::Unsigned), "the contract knows of no hash here");
}

#[test]
fn a_hash_where_none_is_expected_is_an_error() {
    let error = claim(&signed()).verify(&HashKeys::new().with(4, KEY)).expect_err("unexpected");
    assert!(error.is_unexpected());
    assert_eq!(
        error.to_string(),
        "the message has a hash, and there is no key of type 1: expected none; \
         if hashes are switched on in the panel, give the key with HashKeys::with"
    );
    let empty = claim(&signed()).verify(&HashKeys::new().with(1, ""));
    assert!(empty.is_err_and(|error| error.is_empty_key()));
}

#[test]
fn a_message_cannot_choose_a_weaker_format() {
    // Made with the right key, over a text that lacks the amount.
    let weak = format!("hash={WEAK_HASH}&hashFormat=Paywatch");
    let raised = callback(&weak).replace("100.50", "0.01");
    assert_eq!(verified(&raised), Err(HashErrorKind::NotAccepted));
    let choice = [HashChoice::new("Paywatch", 1)];
    assert_eq!(claim(&raised).verify_also(&keys(), &choice), Ok(Trust::Signed), "the caller may");
    assert_eq!(claim(&signed()).verify_also(&keys(), &choice), Ok(Trust::Signed));
}

#[test]
fn a_hash_seen_by_the_shopper_does_not_pass_as_the_webhooks() {
    let more = format!(r#","Hash":"{HASH}","HashFormat":"Payment","HashKeyType":1"#);
    let body = webhook(&more).replace(r#""Type":2"#, r#""Type":1"#);
    assert_eq!(verified_webhook(&body), Err(HashErrorKind::NotAccepted));
    let claim = Claim::<Webhook>::read(body.as_bytes()).expect("a claim");
    let others = [HashChoice::new("Payment", 5), HashChoice::new("Paywatch", 1)];
    assert!(claim.verify_also(&keys(), &others).is_err_and(|error| error.is_not_accepted()), "each pair as a whole");
}

#[test]
fn other_choices_must_be_made_of_what_the_message_has() {
    let body = callback(&format!("hash={HASH}&hashFormat=Apm&hashKeyType=6"));
    let keys = keys().with(6, "key");
    let error = claim(&body).verify_also(&keys, &[HashChoice::new("Apm", 6)]).expect_err("no apmId");
    assert!(error.is_part_missing());
    let part = signed().replace("installment=1&", "");
    assert_eq!(verified(&part), Err(HashErrorKind::PartMissing));
    for odd in ["null", "true", "[1]", "{}"] {
        let more = format!(r#","Hash":"{WEBHOOK_HASH}""#);
        let body = webhook(&more).replace(r#""Installment":1"#, &format!(r#""Installment":{odd}"#));
        assert_eq!(verified_webhook(&body), Err(HashErrorKind::PartMissing), "{odd}");
    }
}

#[test]
fn an_additional_choice_asks_for_a_hash_too() {
    let choice = [HashChoice::new("Payment", 4)];
    let only_webhook = HashKeys::new().with(4, WEBHOOK_KEY);
    assert!(claim(&callback("")).verify_also(&only_webhook, &choice).is_err_and(|error| error.is_missing()));
}

#[test]
fn what_a_message_names_must_be_known() {
    for (named, kind) in [
        ("hashFormat=payment", HashErrorKind::UnknownFormat),
        ("hashFormat=Other", HashErrorKind::UnknownFormat),
        ("hashKeyType=one", HashErrorKind::KeyType),
        ("hashKeyType=1.0", HashErrorKind::KeyType),
        ("hashKeyType=99999999999999999999", HashErrorKind::KeyType),
        ("hashKeyType=4", HashErrorKind::NotAccepted),
        ("hashKeyType=99", HashErrorKind::NotAccepted),
    ] {
        assert_eq!(verified(&callback(&format!("hash={HASH}&{named}"))), Err(kind), "{named}");
    }
    for (named, kind) in [
        (r#""HashFormat":7"#, HashErrorKind::UnknownFormat),
        (r#""HashFormat":["Payment"]"#, HashErrorKind::UnknownFormat),
        (r#""HashKeyType":true"#, HashErrorKind::KeyType),
        (r#""HashKeyType":4.0"#, HashErrorKind::KeyType),
    ] {
        let body = webhook(&format!(r#","Hash":"{WEBHOOK_HASH}",{named}"#));
        assert_eq!(verified_webhook(&body), Err(kind), "{named}");
    }
}

#[test]
fn a_separator_inside_a_part_is_refused_and_never_shifts_it() {
    // "…###ORDER-1###100.50###1" cut elsewhere.
    let shifted = signed().replace("ORDER-1", "ORDER-1%23%23%23100.50").replace("amount=100.50", "amount=1");
    assert_eq!(verified(&shifted), Err(HashErrorKind::Ambiguous));
}

#[test]
fn content_claim_and_hash_read_the_same_first_value() {
    let later = format!("{}&uniqueCode=ORDER-2&amount=1.00&status=Success&hash=00", signed());
    assert_eq!(verified(&later), Ok(Trust::Signed));
    let claim = claim(&later);
    assert_eq!((claim.merchant_code(), claim.content().unique_code.as_deref()), (Some("ORDER-1"), Some("ORDER-1")));
    assert_eq!((claim.amount(), claim.content().amount.as_deref()), (Some("100.50"), Some("100.50")));
    assert_eq!(claim.all("uniqueCode").collect::<Vec<_>>(), ["ORDER-1", "ORDER-2"]);
    for earlier in ["uniqueCode=ORDER-2", "%75niqueCode=ORDER-2", "amount=1.00", "uniqueCode"] {
        assert_eq!(verified(&format!("{earlier}&{}", signed())), Err(HashErrorKind::Forged), "{earlier}");
    }
}

#[test]
fn a_json_key_that_stands_twice_is_refused() {
    for key in ["UniqueCode", "uniquecode", "\\u0055niqueCode", "Amount", "HASH", "Unknown\":1,\"unknown"] {
        let body = webhook(&format!(r#","Hash":"{WEBHOOK_HASH}","{key}":"ORDER-2""#));
        assert_eq!(refused::<Webhook>(body.as_bytes()), ClaimErrorKind::Repeated, "{key}");
    }
    let inside = webhook(r#","ProviderResponse":{"a":1,"a":2,"UniqueCode":"ORDER-2"}"#);
    let claim = Claim::<Webhook>::read(inside.as_bytes()).expect("nobody looks there");
    assert_eq!(claim.merchant_code(), Some("ORDER-1"));
    assert!(claim.content().provider_response.is_some());
}

#[test]
fn too_much_is_refused_before_it_is_looked_at() {
    let error = Claim::<Callback>::read(&vec![0xff; 65_537]).expect_err("too large");
    assert!(error.is_too_large());
    assert_eq!(
        error.to_string(),
        "threeDCallback: the message has 65537 bytes: expected at most 65536; Claim::read_within allows more"
    );
    assert_eq!(refused::<Webhook>(&vec![b'{'; (4 << 20) + 1]), ClaimErrorKind::TooLarge);
    assert!(Claim::<Callback>::read(format!("a={}", "b".repeat(65_534)).as_bytes()).is_ok());
    let body = callback("");
    assert!(Claim::<Callback>::read_within(body.as_bytes(), body.len()).is_ok());
    let less = Claim::<Callback>::read_within(body.as_bytes(), body.len() - 1);
    assert!(less.is_err_and(|error| error.kind() == ClaimErrorKind::TooLarge));
}

#[test]
fn a_field_that_nobody_needs_never_makes_a_callback_unreadable() {
    // "işlem reddedildi %50" in Windows-1254, raw and escaped, and other things that browsers send.
    let odd: [&[u8]; 5] = [b"i\xfelem %50", b"i%FElem+%50", b"100%", b"%", b"%u015F"];
    for message in odd {
        let body = signed().into_bytes();
        let at = body.windows(4).position(|four| four == b"WWV0").expect("the message");
        let body = [&body[..at], message, &body[at + 20..], b"&\xff%=\xff%&unknown=%FF"].concat();
        let claim = Claim::<Callback>::read(&body).expect("a claim");
        assert_eq!((claim.merchant_code(), claim.amount()), (Some("ORDER-1"), Some("100.50")));
        assert_eq!(claim.verify(&keys()), Ok(Trust::Signed));
        assert_eq!(claim.all_bytes("errorMessage").count(), 2, "as received");
    }
}

#[test]
fn a_needed_field_that_cannot_be_read_is_refused_by_its_name() {
    for field in ["uniqueCode", "paymentCode", "amount", "status", "hash", "hashFormat", "hashKeyType", "installment"] {
        let error = Claim::<Callback>::read(format!("{field}=hush%FE&{field}=x").as_bytes()).expect_err(field);
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::NotUtf8, Some(format!("/{field}").as_str())));
        let shown = format!("{error}");
        assert!(shown.contains(&format!("at /{field}")) && !shown.contains("hush"), "{shown}");
    }
}

#[test]
fn a_byte_order_mark_changes_neither_form_nor_webhook() {
    assert_eq!(verified(&format!("\u{feff}uniqueCode=ORDER-1&{}", signed())), Ok(Trust::Signed));
    let claim = claim("\u{feff}uniqueCode=ORDER-1");
    assert_eq!(claim.merchant_code(), Some("ORDER-1"));
    let more = format!(r#","Hash":"{WEBHOOK_HASH}""#);
    assert_eq!(verified_webhook(&format!("\u{feff}{}", webhook(&more))), Ok(Trust::Signed));
    assert_eq!(refused::<Webhook>("\u{feff}\u{feff}{}".as_bytes()), ClaimErrorKind::Syntax);
}

#[test]
fn hostile_messages_are_refused() {
    assert_eq!(refused::<Callback>(b"uniqueCode=\xff"), ClaimErrorKind::NotUtf8);
    assert_eq!(refused::<Callback>(b"amount=%ff"), ClaimErrorKind::NotUtf8);
    assert_eq!(refused::<Callback>("a&".repeat(10_000).as_bytes()), ClaimErrorKind::TooMany);
    assert_eq!(refused::<Webhook>(b"{\"UniqueCode\":\"\xff\"}"), ClaimErrorKind::NotUtf8);
    for json in ["", "[]", "null", "\"UniqueCode\"", "uniqueCode=ORDER-1", "{\"UniqueCode\":\"ORDER-1\"", "{}x"] {
        assert_eq!(refused::<Webhook>(json.as_bytes()), ClaimErrorKind::Syntax, "{json}");
    }
    for deep in ["{\"a\":", "[", "{\"ProviderResponse\":["] {
        assert_eq!(refused::<Webhook>(deep.repeat(100_000).as_bytes()), ClaimErrorKind::TooDeep, "{deep}");
    }
    for (json, path) in [
        (r#"{"Amount":"1.00"}"#, "/Amount"),
        (r#"{"PaymentId":99999999999999999999}"#, "/PaymentId"),
        (r#"{"UniqueCode":{"hush":1}}"#, "/UniqueCode"),
        (r#"{"Counts":{"hush hush":"many"}}"#, "/Counts/*"),
    ] {
        let error = Claim::<Webhook>::read(json.as_bytes()).expect_err(json);
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::Content, Some(path)), "{json}");
        assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
    }
}

#[test]
fn debug_shows_codes_and_nothing_else() {
    let body = callback(&format!("hash={HASH}&cardSavedUniqueCode=hush-card&payer=hush-name&unknown=hush-more"));
    let claim = claim(&body);
    let shown = format!("{claim:?}");
    let codes = r#"merchant_code: Some("ORDER-1"), payment_code: Some("PC-1")"#;
    assert_eq!(shown, format!(r#"Claim {{ notification: "threeDCallback", {codes}, .. }}"#));
    assert!(claim.content().card_saved_unique_code.is_some() && claim.content().payer.is_some());
    assert!(!format!("{:?} {:?}", claim.content(), keys()).contains("hush"));
    assert!(!format!("{:?}", keys()).contains("key-of"));
    let long = Claim::<Callback>::read(format!("uniqueCode={}", "ğ".repeat(9_000)).as_bytes()).expect("long");
    assert!(format!("{long:?}").len() < 700 && long.merchant_code().is_some_and(|code| code.len() == 18_000));
}

#[test]
fn errors_show_neither_message_nor_key() {
    let plants = format!("hash={HASH}&hashFormat=hush-format&hashKeyType=hush-type");
    for body in [
        callback(&plants),
        callback(&plants.replace("hush-format", "Payment")),
        callback("hash=hush-hash"),
        callback(&format!("hash={}", "0".repeat(64))),
        signed().replace("ORDER-1", "%23hush"),
        callback(&plants.replace("hush-format", "Payment").replace("hush-type", "5528790000000008")),
    ] {
        let error = claim(&body).verify(&keys()).expect_err("an error");
        let shown = format!("{error} {error:?}");
        for plant in ["hush", "5528", "key-of", HASH, "ORDER", "100.50"] {
            assert!(!shown.contains(plant), "{shown}");
        }
    }
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("below the bound")
    }

    /// `body` with a few bytes changed, put in, taken out, or repeated.
    fn mutate(&mut self, body: &[u8]) -> Vec<u8> {
        const LIKELY: &[u8] = b"&=%+#{}[]\",:\\u0123456789abcdefABCDEF\x00\xff\xc5 ";
        let mut bytes = body.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let byte = LIKELY[self.below(LIKELY.len())];
            match self.below(4) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.extend_from_within(at..(at + 30).min(bytes.len())),
            }
        }
        bytes
    }
}

/// What is signed is what was signed, and what the content says. Is it signed?
fn check_form(body: &[u8]) -> bool {
    let Ok(claim) = Claim::<Callback>::read(body) else { return false };
    let _ = format!("{claim:?}");
    assert_eq!(claim.merchant_code().unwrap_or(""), claim.content().unique_code.as_deref().unwrap_or(""));
    let signed = claim.verify(&keys()) == Ok(Trust::Signed);
    if signed {
        assert_eq!((claim.merchant_code(), claim.amount()), (Some("ORDER-1"), Some("100.50")));
        assert_eq!((claim.payment_id(), claim.installment()), (Some("8013143466"), Some("1")));
    }
    signed
}

fn check_json(body: &[u8]) -> bool {
    let Ok(claim) = Claim::<Webhook>::read(body) else { return false };
    let _ = format!("{claim:?}");
    assert_eq!(claim.merchant_code().unwrap_or(""), claim.content().unique_code.as_deref().unwrap_or(""));
    let signed = claim.verify(&keys()) == Ok(Trust::Signed);
    if signed {
        assert_eq!((claim.merchant_code(), claim.amount()), (Some("ORDER-1"), Some("100.50")));
        assert_eq!(claim.content().payment_id, Some(8_013_143_466));
    }
    signed
}

#[test]
fn changed_bytes_never_sign_another_payment() {
    let mut dice = Dice(0x5eed_0001);
    let more = format!(r#","Hash":"{WEBHOOK_HASH}","HashFormat":"Payment","HashKeyType":4"#);
    let (form, json) = (signed().into_bytes(), webhook(&more).into_bytes());
    let forms = (0..4_000).filter(|_| check_form(&dice.mutate(&form))).count();
    let jsons = (0..4_000).filter(|_| check_json(&dice.mutate(&json))).count();
    assert!((100..4_000).contains(&forms) && (100..4_000).contains(&jsons), "{forms} forms and {jsons} of json");
}

#[test]
fn arbitrary_bytes_never_panic() {
    let mut dice = Dice(0x5eed_0002);
    for _ in 0..8_000 {
        let length = dice.below(200);
        let noise: Vec<u8> = (0..length).map(|_| u8::try_from(dice.below(256)).expect("a byte")).collect();
        assert!(!check_form(&noise) && !check_json(&noise));
    }
}
