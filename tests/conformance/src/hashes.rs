//! How far is the hash of a message to be trusted? As far as it covers, and never as proof: the inquiry decides.
//!
//! The hashes were made by another language's SHA-256:
//! `python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.argv[1].encode()).hexdigest())' 'anahtar-1###…'`

use paywall_api::callbacks::{
    ApmNotification, ApmReturn, BulkPaymentNotification, GeneralNotification, PayWatchNotification, PayoutNotification,
    RecurringNotification, SplitPaymentNotification, ThreeDCallback,
};
use paywall_api::codes::{Currency, HashKeyType};
use paywall_api::{
    Claim, Confirmation, Encoding, Expected, HashChoice, HashErrorKind, HashKeys, Notification, Standing, Trust,
    UnconfirmedReason, meta,
};

use crate::claims::{APM, APM_RETURN, GENERAL, PAY_WATCH, PAYOUT, RECURRING, THREE_D, bulk_of, documented};
use crate::ledger::{self, Payment, SOON};
use crate::server;

/// `anahtar-1###8013143466###ORDER-1###100.50###3`
const THREE_D_HASH: &str = "10ce11aa8a5e9b852f5a4b6c716e6254cda8d2562262442c8fa3cc638257a561";
/// `anahtar-4###8013143466###ORDER-1###100.50###3`
const GENERAL_HASH: &str = "d3743c8780e6884530dbb7b4e45f66749e89a537cea82cab33dd2668094f8925";
/// `anahtar-4###8013143466###ORDER-1`
const PAY_WATCH_HASH: &str = "88f74679489134658fb8f378cc081517e93299e4b157165747c8682042ddb787";
/// `anahtar-4###3846###BULK-1`
const BULK_HASH: &str = "3fc5144a7ba27b92b63e4bcb96f333beed6ca40315a435abdedde35216b3a9d0";
/// `anahtar-4###2881###SPLIT-1`
const SPLIT_HASH: &str = "4b38a619bf3cf9b05c819437808293e6804db15d2c422840bb5089f446a43e84";
/// `anahtar-5###99###GROUP-1###PAYOUT-1###100.50`
const PAYOUT_HASH: &str = "f58eff713c337ac0467e11f0ae64642ec959b8b1c2258e6ea7658b92d726d0e0";
/// `anahtar-6###55###ORDER-1###100.50`
const APM_HASH: &str = "3629c0291876e0573c35e253954e54847707e518fe72a76f27d76c9959c6f046";
/// `anahtar-4###8013143466###SUB-1###0b5c9c4e-6c5c-4f0e-9d3a-0d6f3c1e2a77`
const RECURRING_HASH: &str = "2140c3e4088e1829873a26043d87782149c2662729e7248521fbb5f4edc27d14";
/// `anahtar-1###8013143465###ORDER-0###100.50###3`, of an earlier payment.
const EARLIER_HASH: &str = "106a5b5b26d5d3578bc9f43beb23f1947b4710d3ca712a5d658b0ca0f6fec652";
/// `anahtar-1###8013143466###ORDER-1`, without the amount.
const WEAK_HASH: &str = "8360982bd0b6c119b340e7739859dad7832eb3a601dcf81422a9e70f800ed762";
/// `anahtar-1###8013143466###SİPARİŞ-ğ1###1.250,50###3`
const TURKISH_HASH: &str = "5fd9c5961894deb828af8c44c45bafbe045cbe7064bdf2aedd98fb866f7e3e88";

fn keys() -> HashKeys {
    HashKeys::new()
        .with(HashKeyType::THREE_D_CALLBACK, "anahtar-1")
        .with(HashKeyType::SYSTEM_WEBHOOK, "anahtar-4")
        .with(HashKeyType::PAYOUT_WEBHOOK, "anahtar-5")
        .with(HashKeyType::APM_WEBHOOK, "anahtar-6")
}

/// The message with more at its end: `name=value` for a form, `"Name":value` for JSON.
fn with(body: &str, more: &str) -> String {
    match body.strip_suffix('}') {
        Some(open) => format!("{open},{more}}}"),
        None => format!("{body}&{more}"),
    }
}

/// The message with its hash, as the contract has it.
fn hashed<N: Notification>(body: &str, hash: &str) -> String {
    match N::ENCODING {
        Encoding::Form => with(body, &format!("hash={hash}")),
        _ => with(body, &format!(r#""Hash":"{hash}""#)),
    }
}

fn claim<N: Notification>(body: &str) -> Claim<N> {
    Claim::read(body.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn verified<N: Notification>(body: &str) -> Result<Trust, HashErrorKind> {
    claim::<N>(body).verify(&keys()).map_err(|error| error.kind())
}

fn bulk() -> String {
    let (before, _) = bulk_of(1).split_once(r#""Hash""#).map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a hash");
    with(&format!("{}}}", before.trim_end().trim_end_matches(',')), r#""MerchantUniqueCode":"BULK-1""#)
}

fn split() -> String {
    let documented = documented::<SplitPaymentNotification>();
    let (before, _) = documented.split_once(r#""Hash""#).expect("a hash");
    with(&format!("{}}}", before.trim_end().trim_end_matches(',')), r#""MerchantUniqueCode":"SPLIT-1""#)
}

/// A message, what verifies it, and what of it the hash covers or does not.
struct Case {
    id: &'static str,
    verified: fn(&str) -> Result<Trust, HashErrorKind>,
    unkeyed: fn(&str) -> Result<Trust, HashErrorKind>,
    hashed: fn(&str, &str) -> String,
    body: String,
    hash: &'static str,
    covered: Changes,
    uncovered: Changes,
}

/// What stands there, and what somebody would rather have there.
type Changes = &'static [(&'static str, &'static str)];

fn case<N: Notification>(body: impl Into<String>, hash: &'static str, covered: Changes, uncovered: Changes) -> Case {
    Case {
        id: N::ID,
        verified: verified::<N>,
        unkeyed: |body| claim::<N>(body).verify(&HashKeys::new()).map_err(|error| error.kind()),
        hashed: hashed::<N>,
        body: body.into(),
        hash,
        covered,
        uncovered,
    }
}

/// Every message.
fn cases() -> Vec<Case> {
    const ORDER: (&str, &str) = ("ORDER-1", "ORDER-2");
    const NUMBER: (&str, &str) = ("8013143466", "8013143467");
    const AMOUNT: (&str, &str) = ("100.50", "100.5");
    vec![
        case::<ThreeDCallback>(
            THREE_D,
            THREE_D_HASH,
            &[ORDER, NUMBER, AMOUNT, ("installment=3", "installment=1")],
            &[("status=Unsuccessful", "status=Success"), ("errorCode=1", "errorCode=0"), ("PC-1", "PC-2")],
        ),
        case::<ApmReturn>(
            APM_RETURN,
            APM_HASH,
            &[ORDER, AMOUNT, ("apmTransactionId=55", "apmTransactionId=56")],
            &[("status=Success", "status=Unsuccessful"), ("PC-1", "PC-2")],
        ),
        case::<GeneralNotification>(
            GENERAL,
            GENERAL_HASH,
            &[ORDER, NUMBER, ("\"Amount\":100.50", "\"Amount\":100.5"), ("\"Installment\":3", "\"Installment\":1")],
            &[("\"Type\":1", "\"Type\":2"), ("\"CurrencyId\":1", "\"CurrencyId\":2")],
        ),
        case::<PayWatchNotification>(
            PAY_WATCH,
            PAY_WATCH_HASH,
            &[ORDER, NUMBER],
            &[("\"PaymentNewStatusId\":4", "\"PaymentNewStatusId\":5")],
        ),
        // Of the payments of an order the hash covers none.
        case::<BulkPaymentNotification>(
            bulk(),
            BULK_HASH,
            &[("BULK-1", "BULK-2"), ("3846", "3847")],
            &[("11.96", "0.01"), ("\"ActivityStatusId\": 4", "\"ActivityStatusId\": 5")],
        ),
        case::<SplitPaymentNotification>(
            split(),
            SPLIT_HASH,
            &[("SPLIT-1", "SPLIT-2"), ("2881", "2882")],
            &[("1.00", "0.01"), ("\"ActivityStatusId\": 5", "\"ActivityStatusId\": 4")],
        ),
        case::<PayoutNotification>(
            PAYOUT,
            PAYOUT_HASH,
            &[AMOUNT, ("GROUP-1", "GROUP-2"), ("PAYOUT-1", "PAYOUT-2"), ("Id\":99", "Id\":98")],
            &[("\"NewStatusId\":2", "\"NewStatusId\":1")],
        ),
        case::<ApmNotification>(
            APM,
            APM_HASH,
            &[ORDER, AMOUNT, ("\"Id\":55", "\"Id\":56")],
            &[("\"Result\":true", "\"Result\":false"), ("\"CurrencyId\":1", "\"CurrencyId\":2")],
        ),
        case::<RecurringNotification>(
            RECURRING,
            RECURRING_HASH,
            &[NUMBER, ("SUB-1", "SUB-2"), ("0b5c", "0b5d")],
            &[("\"Success\":true", "\"Success\":false"), ("\"Amount\":100.50", "\"Amount\":0.01")],
        ),
    ]
}

#[test]
fn every_message_is_hashed_as_its_page_says_by_another_languages_sha_256() {
    let cases = cases();
    let ids: Vec<&str> = crate::operations::messages().iter().map(|message| message.id).collect();
    assert_eq!(cases.iter().map(|case| case.id).collect::<Vec<_>>(), ids, "every message has its vector");
    for Case { id, verified, hashed, body, hash, .. } in &cases {
        assert_eq!(verified(&hashed(body, hash)), Ok(Trust::Signed), "{id}");
        assert_eq!(verified(&hashed(body, &hash.to_uppercase())), Ok(Trust::Signed), "{id}");
    }
}

/// A format, a key, what its parts say, the hash.
type Vector<'v> = (&'v str, &'v str, &'v [(&'v str, &'v str)], &'v str);

#[test]
fn every_format_of_the_page_is_there_and_hashes_as_another_language_does() {
    let parts = |name: &str| meta::HASH_FORMATS.iter().find(|format| format.name == name).map(|format| format.parts);
    let (id, order, amount) = (("paymentId", "8013143466"), ("merchantUniqueCode", "ORDER-1"), ("amount", "100.50"));
    let installment = ("installment", "3");
    let bulk = [("bulkPaymentId", "3846"), ("merchantUniqueCode", "BULK-1")];
    let split = [("splitPaymentId", "2881"), ("merchantUniqueCode", "SPLIT-1")];
    let link = [("linkQrId", "77"), id, ("trackId", "TRACK-1"), ("orderId", "ORDER-1"), amount];
    let checkout = [("checkoutId", "88"), id, ("uniqueCode", "ORDER-1"), amount];
    let group = ("merchantGroupCode", "GROUP-1");
    let payout = [("payoutId", "99"), group, ("merchantUniqueCode", "PAYOUT-1"), amount];
    let code = ("subscriptionCode", "0b5c9c4e-6c5c-4f0e-9d3a-0d6f3c1e2a77");
    let recurring = [id, ("subscriptionMerchantCode", "SUB-1"), code];
    let vectors: [Vector<'_>; 10] = [
        ("Payment", "anahtar-1", &[id, order, amount, installment], THREE_D_HASH),
        ("BulkPayment", "anahtar-4", &bulk, BULK_HASH),
        ("SplitPayment", "anahtar-4", &split, SPLIT_HASH),
        // anahtar-2###77###8013143466###TRACK-1###ORDER-1###100.50
        ("LinkPayment", "anahtar-2", &link, "c97ff0dfb6a512184e67de80fed0b2825040f3bd99c49bfc21468823bb868bbd"),
        // anahtar-3###88###8013143466###ORDER-1###100.50
        ("CheckoutPayment", "anahtar-3", &checkout, "9abb7b06c2cfb754b820ae38be0c3ce48ed7e8bb41d4886b23eb6c751b0bfbb6"),
        ("Payout", "anahtar-5", &payout, PAYOUT_HASH),
        ("Apm", "anahtar-6", &[("apmId", "55"), order, amount], APM_HASH),
        ("Paywatch", "anahtar-4", &[id, order], PAY_WATCH_HASH),
        ("Recurring", "anahtar-4", &recurring, RECURRING_HASH),
        // anahtar-7###66###ORDER-1###100.50
        (
            "PhysicalPos",
            "anahtar-7",
            &[("paymentRequestId", "66"), order, amount],
            "93e5e0a754d06e5dbac04dd0afc9e94cbb962488578c1eba4e19aa8eae74cc49",
        ),
    ];
    assert_eq!(meta::HASH_FORMATS.len(), vectors.len());
    for (format, (name, key, values, hash)) in meta::HASH_FORMATS.iter().zip(vectors) {
        let names: Vec<&str> = values.iter().map(|(part, _)| *part).collect();
        assert_eq!(parts(name), Some(names.as_slice()), "{name}");
        assert_eq!(format.sign(&key.into(), values).as_deref(), Ok(hash), "{name}");
    }
}

#[test]
fn what_a_hash_covers_cannot_be_changed() {
    for Case { id, verified, hashed, body, hash, covered, .. } in cases() {
        for (from, to) in covered {
            let changed = body.replacen(from, to, 1);
            assert_ne!(changed, body, "{id} {from}");
            assert_eq!(verified(&hashed(&changed, hash)), Err(HashErrorKind::Forged), "{id} {to}");
        }
    }
}

/// Why a message that verifies is no proof, whichever it is.
#[test]
fn what_a_hash_does_not_cover_anybody_may_change() {
    for Case { id, verified, hashed, body, hash, uncovered, .. } in cases() {
        assert!(!uncovered.is_empty(), "{id}");
        for (from, to) in uncovered {
            let changed = body.replacen(from, to, 1);
            assert_ne!(changed, body, "{id} {from}");
            assert_eq!(verified(&hashed(&changed, hash)), Ok(Trust::Signed), "{id} {to}");
        }
    }
}

#[test]
fn a_hash_of_nothing_or_of_another_key_is_forged() {
    for Case { id, verified, hashed, body, hash, .. } in cases() {
        let other = if hash == THREE_D_HASH { GENERAL_HASH } else { THREE_D_HASH };
        for forged in ["0".repeat(64), other.to_owned(), EARLIER_HASH.to_owned()] {
            assert_eq!(verified(&hashed(&body, &forged)), Err(HashErrorKind::Forged), "{id} {forged}");
        }
        for malformed in [&hash[..63], "yes", "dfgh87df98h79dfh7987dfh=="] {
            let malformed = malformed.replace('=', if body.starts_with('{') { "=" } else { "%3D" });
            assert_eq!(verified(&hashed(&body, &malformed)), Err(HashErrorKind::Malformed), "{id} {malformed}");
        }
    }
}

#[test]
fn a_hash_is_expected_where_there_is_a_key_and_nowhere_else() {
    for Case { id, verified, unkeyed, hashed, body, hash, .. } in cases() {
        for without in [body.clone(), hashed(&body, "")] {
            assert_eq!(verified(&without), Err(HashErrorKind::Missing), "{id}");
            assert_eq!(unkeyed(&without), Ok(Trust::Unsigned), "{id}");
        }
        assert_eq!(unkeyed(&hashed(&body, hash)), Err(HashErrorKind::Unexpected), "{id}");
    }
}

#[test]
fn a_key_of_another_type_is_no_key() {
    let signed = hashed::<ThreeDCallback>(THREE_D, THREE_D_HASH);
    let error = claim::<ThreeDCallback>(&signed).verify(&HashKeys::new().with(4, "anahtar-1")).expect_err("no key");
    assert!(error.is_unexpected());
    let error = claim::<ThreeDCallback>(&signed).verify(&HashKeys::new().with(1, "")).expect_err("an empty key");
    assert!(error.is_empty_key());
}

#[test]
fn a_message_cannot_choose_a_format_that_covers_less_nor_another_key() {
    let cheap = THREE_D.replace("amount=100.50", "amount=0.01");
    let weak = with(&hashed::<ThreeDCallback>(&cheap, WEAK_HASH), "hashFormat=Paywatch");
    assert_eq!(verified::<ThreeDCallback>(&weak), Err(HashErrorKind::NotAccepted));
    let accepted = claim::<ThreeDCallback>(&weak).verify_also(&keys(), &[HashChoice::new("Paywatch", 1)]);
    assert_eq!(
        accepted,
        Ok(Trust::Signed),
        "only where the merchant accepts it, knowing that the amount is not covered"
    );

    // What the shopper's browser saw, passed off as the server's.
    let seen = with(&hashed::<GeneralNotification>(GENERAL, THREE_D_HASH), r#""HashFormat":"Payment","HashKeyType":1"#);
    assert_eq!(verified::<GeneralNotification>(&seen), Err(HashErrorKind::NotAccepted));
    let named = r#""HashFormat":"Payment","HashKeyType":4"#;
    let own = with(&hashed::<GeneralNotification>(GENERAL, GENERAL_HASH), named);
    assert_eq!(verified::<GeneralNotification>(&own), Ok(Trust::Signed));
}

#[test]
fn the_text_is_hashed_as_it_was_received() {
    let turkish = THREE_D.replace("ORDER-1", "S%C4%B0PAR%C4%B0%C5%9E-%C4%9F1").replace("100.50", "1.250%2C50");
    assert_eq!(verified::<ThreeDCallback>(&hashed::<ThreeDCallback>(&turkish, TURKISH_HASH)), Ok(Trust::Signed));
    // The same letters, composed otherwise.
    let decomposed = turkish.replace("%C4%9F", "g%CC%86");
    let hashed = hashed::<ThreeDCallback>(&decomposed, TURKISH_HASH);
    assert_eq!(verified::<ThreeDCallback>(&hashed), Err(HashErrorKind::Forged));
}

#[test]
fn a_separator_inside_a_value_shifts_nothing() {
    let shifted = THREE_D.replace("ORDER-1", "ORDER-1%23%23%23100.50").replace("amount=100.50", "amount=3");
    let shifted = hashed::<ThreeDCallback>(&shifted.replace("installment=3&", ""), THREE_D_HASH);
    assert!(verified::<ThreeDCallback>(&shifted).is_err());
    let whole = THREE_D.replace("ORDER-1", "%23%23%23ORDER-1");
    let whole = verified::<ThreeDCallback>(&hashed::<ThreeDCallback>(&whole, THREE_D_HASH));
    assert_eq!(whole, Err(HashErrorKind::Ambiguous));
}

/// The hashes of the samples are stand-ins or of keys that nobody knows.
#[test]
fn no_documented_sample_verifies_with_a_key_that_is_not_its_own() {
    assert_eq!(verified::<ThreeDCallback>(&documented::<ThreeDCallback>()), Err(HashErrorKind::Malformed));
    assert_eq!(verified::<ApmReturn>(&documented::<ApmReturn>()), Err(HashErrorKind::Malformed));
    assert_eq!(
        verified::<BulkPaymentNotification>(&documented::<BulkPaymentNotification>()),
        Err(HashErrorKind::Forged)
    );
    let split = documented::<SplitPaymentNotification>();
    assert_eq!(
        verified::<SplitPaymentNotification>(&split),
        Err(HashErrorKind::PartMissing),
        "it has no merchant code"
    );
}

fn order(merchant_code: &str) -> Expected {
    Expected::payment(merchant_code, "100.50".parse().expect("an amount"), Currency::TRY)
}

fn of_this_amount(payment: Payment) -> Payment {
    let amount = Some("100.50");
    Payment { amount, original: amount, moved: amount, remaining: None, ..payment }
}

/// What the inquiry makes of a form, and how often it was asked.
async fn confirmed(form: &str, order: &Expected, payment: &Payment) -> (Confirmation, usize) {
    let server = server::start();
    ledger::insists(&server, payment);
    let claim = claim::<ThreeDCallback>(form);
    let client = ledger::client(&server);
    let question = client.payments().confirm(&claim, order).waits(SOON.0, SOON.1);
    let confirmation = question.await.expect("an answer");
    (confirmation, ledger::inquiries(&server, order.merchant_code()))
}

fn reason(confirmation: &Confirmation) -> UnconfirmedReason {
    let Confirmation::Unconfirmed(unconfirmed) = confirmation else { panic!("{confirmation:?}") };
    unconfirmed.reason()
}

#[tokio::test]
async fn a_status_that_was_turned_under_a_valid_hash_verifies_and_is_not_confirmed() {
    let failed = hashed::<ThreeDCallback>(THREE_D, THREE_D_HASH);
    let turned = failed.replace("Unsuccessful", "Success").replace("errorCode=1", "errorCode=0");
    assert_eq!(verified::<ThreeDCallback>(&turned), Ok(Trust::Signed), "the hash does not cover the status");
    assert_eq!(claim::<ThreeDCallback>(&turned).asserted_status(), Some("Success"));
    let (confirmation, asked) =
        confirmed(&turned, &order("ORDER-1"), &of_this_amount(ledger::refused("ORDER-1"))).await;
    assert_eq!((reason(&confirmation), asked), (UnconfirmedReason::Standing(Standing::Refused), 2));
}

#[tokio::test]
async fn a_genuine_callback_of_another_order_is_refused_without_a_question() {
    let old = THREE_D.replace("ORDER-1", "ORDER-0").replace("8013143466", "8013143465");
    let old = hashed::<ThreeDCallback>(&old.replace("Unsuccessful", "Success"), EARLIER_HASH);
    assert_eq!(verified::<ThreeDCallback>(&old), Ok(Trust::Signed), "it was genuine, once");
    let (confirmation, asked) = confirmed(&old, &order("ORDER-1"), &of_this_amount(ledger::paid("ORDER-1"))).await;
    assert_eq!((reason(&confirmation), asked), (UnconfirmedReason::AnotherOrder, 0));
    // With this order's code put in, the hash no longer fits.
    let renamed = old.replace("ORDER-0", "ORDER-1");
    assert_eq!(verified::<ThreeDCallback>(&renamed), Err(HashErrorKind::Forged));
}

#[tokio::test]
async fn a_genuine_callback_that_is_replayed_after_a_refund_verifies_and_is_not_confirmed() {
    let genuine = hashed::<ThreeDCallback>(&THREE_D.replace("Unsuccessful", "Success"), THREE_D_HASH);
    assert_eq!(verified::<ThreeDCallback>(&genuine), Ok(Trust::Signed), "a hash knows no time");
    let order = order("ORDER-1");
    let (first, _) = confirmed(&genuine, &order, &of_this_amount(ledger::paid("ORDER-1"))).await;
    assert!(first.confirmed().is_some());
    let (second, _) = confirmed(&genuine, &order, &of_this_amount(ledger::refunded("ORDER-1"))).await;
    assert_eq!(reason(&second), UnconfirmedReason::Standing(Standing::Refunded));
}

#[tokio::test]
async fn of_a_tampered_amount_the_hash_fails_and_the_inquiry_decides() {
    let cheap = THREE_D.replace("amount=100.50", "amount=1.00").replace("Unsuccessful", "Success");
    let cheap = hashed::<ThreeDCallback>(&cheap, THREE_D_HASH);
    assert_eq!(verified::<ThreeDCallback>(&cheap), Err(HashErrorKind::Forged));
    // Without a key nobody would notice, and nothing depends on it: the claimed amount is compared with nothing.
    let (confirmation, _) = confirmed(&cheap, &order("ORDER-1"), &of_this_amount(ledger::paid("ORDER-1"))).await;
    assert_eq!(confirmation.confirmed().map(|payment| payment.amount().to_string()).as_deref(), Some("100.50"));
    // Nor does a claim of the full amount help where less was paid.
    let full = hashed::<ThreeDCallback>(THREE_D, THREE_D_HASH);
    let less = Payment { remaining: None, ..ledger::paid("ORDER-1") };
    let (confirmation, _) = confirmed(&full, &order("ORDER-1"), &less).await;
    assert_eq!(reason(&confirmation), UnconfirmedReason::Amount);
}

#[tokio::test]
async fn with_or_without_trust_the_answer_is_the_inquirys() {
    let success = THREE_D.replace("Unsuccessful", "Success");
    let forms = [
        success.clone(),
        hashed::<ThreeDCallback>(&success, THREE_D_HASH),
        hashed::<ThreeDCallback>(&success, &"0".repeat(64)),
    ];
    for form in forms {
        let (paid, _) = confirmed(&form, &order("ORDER-1"), &of_this_amount(ledger::paid("ORDER-1"))).await;
        assert!(paid.confirmed().is_some(), "{form}");
        let (refused, asked) = confirmed(&form, &order("ORDER-1"), &of_this_amount(ledger::refused("ORDER-1"))).await;
        assert_eq!((reason(&refused), asked), (UnconfirmedReason::Standing(Standing::Refused), 2), "{form}");
    }
}
