//! What comes back through a browser or to a webhook: what is read of it, and what is refused before it is believed.

use paywall_api::callbacks::{
    ApmNotification, ApmReturn, BulkPaymentNotification, GeneralNotification, PayWatchNotification, PayoutNotification,
    RecurringNotification, SplitPaymentNotification, ThreeDCallback,
};
use paywall_api::{Claim, ClaimError, ClaimErrorKind, Encoding, Notification};
use serde::Serialize;

use crate::workspace;

/// The callback of a payment that failed, in the fields and the order of its page.
pub(crate) const THREE_D: &str = "date=01.02.2025+10%3A20%3A30&status=Unsuccessful&errorCode=1\
    &errorMessage=WWV0ZXJzaXogYmFraXll&errorMessage=Insufficient+funds&paymentCode=PC-1&uniqueCode=ORDER-1\
    &amount=100.50&installment=3&paymentId=8013143466&providerBankErrorCode=51&cardSaved=False&trackingCode=T-1";

pub(crate) const APM_RETURN: &str = "date=01.02.2025&status=Success&errorCode=0&errorMessage=&uniqueCode=PC-1\
    &merchantUniqueCode=ORDER-1&amount=100.50&apmTransactionId=55";

// The five messages that no page shows as JSON, by the models of their pages.
pub(crate) const GENERAL: &str = r#"{"Type":1,"PaymentId":8013143466,"Amount":100.50,"OperationAmount":100.50,
    "IP":"192.0.2.66","UniqueCode":"ORDER-1","CurrencyId":1,"PaymentMethodId":1,"Installment":3,"ChannelId":1,
    "TagId":0,"DateTime":"2025-02-01T10:20:30.1234567"}"#;

pub(crate) const PAY_WATCH: &str = r#"{"PayWatchId":12,"PaymentId":8013143466,"MerchantUniqueCode":"ORDER-1",
    "PaymentLastStatusId":2,"PaymentNewStatusId":4,"PaymentStatusChanged":true,"ProviderRequest":{"a":[1,2]},
    "ProviderResponse":"<xml/>","ProviderHttpStatus":200,"PaymentDateTime":"2025-02-01T10:20:30"}"#;

pub(crate) const PAYOUT: &str = r#"{"MerchantGroupCode":"GROUP-1","MerchantUniqueCode":"PAYOUT-1",
    "PayoutTransactionId":99,"PayoutTransactionAmount":100.50,"PayoutTransactionDate":"2025-02-01T10:20:30",
    "PayoutConnectedId":7,"LastStatusId":1,"NewStatusId":2,"Message":""}"#;

pub(crate) const APM: &str = r#"{"Id":55,"Result":true,"ResultMessage":"Success","CurrencyId":1,"ApmProviderId":3,
    "ApmProviderName":"a","ApmProviderConnectionId":4,"ApmProviderConnectionName":"b","Amount":100.50,
    "UniqueCode":"PC-1","MerchantUniqueCode":"ORDER-1","CallbackAddress":"https://shop.example/apm",
    "Date":"2025-02-01T10:20:30+03:00"}"#;

pub(crate) const RECURRING: &str = r#"{"SubscriptionId":8,"SubscriptionType":1,
    "SubscriptionCode":"0b5c9c4e-6c5c-4f0e-9d3a-0d6f3c1e2a77","SubscriptionMerchantCode":"SUB-1","Amount":100.50,
    "Success":true,"FailReason":"","PaymentId":8013143466,"Attempt":1,"AttemptFinished":true}"#;

/// The text of the documented sample of a message, as it is kept.
pub(crate) fn documented<N: Notification>() -> String {
    let file = if N::ENCODING == Encoding::Form { "page.form" } else { "page.request.jsonc" };
    let path = workspace::spec().join("samples").join(N::ID).join(file);
    std::fs::read_to_string(path).expect(N::ID).trim_end().to_owned()
}

fn read<N: Notification>(body: &str) -> Claim<N> {
    Claim::read(body.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused<N: Notification>(body: &[u8]) -> ClaimError {
    Claim::<N>::read(body).expect_err("refused")
}

/// All that a message claims: codes, number, amount, currency, instalments, status.
type Claimed = [Option<&'static str>; 7];

fn assert_claims<N: Notification>(body: &str, expected: Claimed) {
    let claim = read::<N>(body);
    let claimed = [
        claim.merchant_code(),
        claim.payment_code(),
        claim.payment_id(),
        claim.amount(),
        claim.currency(),
        claim.installment(),
        claim.asserted_status(),
    ];
    assert_eq!(claimed, expected, "{}", N::ID);
}

#[test]
fn every_documented_sample_is_read_as_the_claim_that_it_makes() {
    assert_claims::<ThreeDCallback>(
        &documented::<ThreeDCallback>(),
        [
            Some("{merchantUniqueCode}"),
            Some("{uniqueCode}"),
            Some("{paymentId}"),
            Some("{amount}"),
            None,
            Some("{installment}"),
            Some("{status}"),
        ],
    );
    assert_claims::<ApmReturn>(
        &documented::<ApmReturn>(),
        [
            Some("merchantUniqueCodeValue"),
            Some("uniqueCodeValue"),
            Some("apmTransactionIdValue"),
            Some("amountValue"),
            None,
            None,
            Some("statusValue"),
        ],
    );
    assert_claims::<BulkPaymentNotification>(
        &documented::<BulkPaymentNotification>(),
        [Some("fe4acb15-5acc-48ba-9746-a2e72df3dec8"), None, Some("3846"), None, None, None, None],
    );
    assert_claims::<SplitPaymentNotification>(
        &documented::<SplitPaymentNotification>(),
        [None, None, Some("2881"), None, None, None, None],
    );
}

#[test]
fn every_message_that_no_sample_shows_is_read_by_the_model_of_its_page() {
    let (id, amount) = (Some("8013143466"), Some("100.50"));
    let order = Some("ORDER-1");
    assert_claims::<ThreeDCallback>(THREE_D, [order, Some("PC-1"), id, amount, None, Some("3"), Some("Unsuccessful")]);
    assert_claims::<ApmReturn>(APM_RETURN, [order, Some("PC-1"), Some("55"), amount, None, None, Some("Success")]);
    assert_claims::<GeneralNotification>(GENERAL, [order, None, id, amount, Some("1"), Some("3"), Some("1")]);
    assert_claims::<PayWatchNotification>(PAY_WATCH, [order, None, id, None, None, None, Some("4")]);
    let payout = [Some("PAYOUT-1"), None, Some("99"), amount, None, None, Some("2")];
    assert_claims::<PayoutNotification>(PAYOUT, payout);
    let apm = [order, Some("PC-1"), Some("55"), amount, Some("1"), None, Some("Success")];
    assert_claims::<ApmNotification>(APM, apm);
    let code = Some("0b5c9c4e-6c5c-4f0e-9d3a-0d6f3c1e2a77");
    // "Success" is a boolean, which is no text: the content has it.
    assert_claims::<RecurringNotification>(RECURRING, [Some("SUB-1"), code, id, amount, None, None, None]);
    assert_eq!(read::<RecurringNotification>(RECURRING).content().success, Some(true));
}

#[test]
fn the_message_of_the_callback_is_told_both_times_and_read_out_of_its_base64() {
    let claim = read::<ThreeDCallback>(THREE_D);
    let messages: Vec<&str> = claim.all("errorMessage").collect();
    assert_eq!(messages, ["WWV0ZXJzaXogYmFraXll", "Insufficient funds"]);
    assert_eq!(claim.content().error_message.as_deref(), Some(messages[0]));
    assert_eq!(paywall_api::decoded(messages[0]).as_deref(), Some("Yetersiz bakiye"));
    assert_eq!(paywall_api::decoded(messages[1]), None);
    assert_eq!(read::<ThreeDCallback>(&documented::<ThreeDCallback>()).all("errorMessage").count(), 2);
}

#[test]
fn amounts_are_claimed_to_the_digit() {
    for amount in ["9007199254740993.10", "0.1000000000000000055", "1.0", "1.00"] {
        let claim = read::<GeneralNotification>(&GENERAL.replace("\"Amount\":100.50", &format!("\"Amount\":{amount}")));
        assert_eq!(claim.amount(), Some(amount));
        assert_eq!(claim.content().amount.map(|amount| amount.to_string()).as_deref(), Some(amount));
        let claim = read::<ThreeDCallback>(&THREE_D.replace("100.50", amount));
        assert_eq!((claim.amount(), claim.parsed_amount()), (Some(amount), amount.parse().ok()));
    }
    let claim = read::<ThreeDCallback>(&THREE_D.replace("100.50", "1.250%2C50"));
    assert_eq!((claim.amount(), claim.parsed_amount()), (Some("1.250,50"), None), "a comma is never guessed at");
}

#[test]
fn of_a_form_the_first_value_counts_everywhere_and_the_others_are_kept() {
    let claim = read::<ThreeDCallback>(&format!("{THREE_D}&uniqueCode=ORDER-2&status=Success&amount=1.00"));
    assert_eq!((claim.merchant_code(), claim.asserted_status()), (Some("ORDER-1"), Some("Unsuccessful")));
    assert_eq!(claim.content().unique_code.as_deref(), Some("ORDER-1"));
    assert_eq!(claim.content().amount.as_deref(), claim.amount());
    assert_eq!(claim.all("uniqueCode").collect::<Vec<_>>(), ["ORDER-1", "ORDER-2"]);
    let earlier = read::<ThreeDCallback>(&format!("%75niqueCode=ORDER-2&{THREE_D}"));
    assert_eq!((earlier.merchant_code(), earlier.content().unique_code.as_deref()), (Some("ORDER-2"), Some("ORDER-2")));
    let other_case = read::<ThreeDCallback>(&format!("UniqueCode=ORDER-2&{THREE_D}"));
    assert_eq!(other_case.merchant_code(), Some("ORDER-1"), "names of a form know their case");
}

/// With a key once more at the end of the message.
fn assert_refuses_twice<N: Notification>(body: &str, keys: &[&str]) {
    let open = body.trim_end().strip_suffix('}').expect("an object");
    for key in keys {
        let error = refused::<N>(format!(r#"{open},"{key}":"ORDER-2"}}"#).as_bytes());
        assert!(error.is_repeated(), "{} {key}: {error}", N::ID);
        assert!(!format!("{error}{error:?}").contains("ORDER"), "{error:?}");
    }
}

#[test]
fn a_json_key_that_stands_twice_is_refused_however_it_is_written() {
    assert_refuses_twice::<GeneralNotification>(GENERAL, &["UniqueCode", "uniqueCode", r"\u0055niqueCode", "Amount"]);
    assert_refuses_twice::<PayWatchNotification>(PAY_WATCH, &["MerchantUniqueCode", "PAYMENTID", "ProviderRequest"]);
    assert_refuses_twice::<PayoutNotification>(PAYOUT, &["PayoutTransactionAmount", "merchantgroupcode"]);
    assert_refuses_twice::<ApmNotification>(APM, &["Id", r"\u0049d", "Result"]);
    assert_refuses_twice::<RecurringNotification>(RECURRING, &["SubscriptionMerchantCode", "Success"]);
    let documented = documented::<BulkPaymentNotification>();
    assert_refuses_twice::<BulkPaymentNotification>(&documented, &["MerchantUniqueCode", "Hash", "HashFormat"]);
    // In a payment of a bulk as well: the content reads it.
    let inside = documented.replacen(r#""Amount": 11.96,"#, r#""Amount": 11.96, "Amount": 1.00,"#, 1);
    assert_ne!(inside, documented);
    assert!(Claim::<BulkPaymentNotification>::read(inside.as_bytes()).is_err(), "a payment has two amounts");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_looked_at() {
    fn at_the_limit<N: Notification>() {
        // Not UTF-8, not a form and not JSON: nobody has looked.
        let error = refused::<N>(&vec![0xff; Claim::<N>::LIMIT + 1]);
        assert_eq!((error.kind(), error.notification()), (ClaimErrorKind::TooLarge, N::ID));
        let read = Claim::<N>::read(&vec![0xff; Claim::<N>::LIMIT]);
        assert!(read.err().is_none_or(|error| error.kind() != ClaimErrorKind::TooLarge));
        let within = Claim::<N>::read_within(b"1234", 3).expect_err("too large");
        assert_eq!(within.kind(), ClaimErrorKind::TooLarge);
    }
    at_the_limit::<ThreeDCallback>();
    at_the_limit::<ApmReturn>();
    at_the_limit::<GeneralNotification>();
    at_the_limit::<BulkPaymentNotification>();
    assert_eq!((Claim::<ThreeDCallback>::LIMIT, Claim::<BulkPaymentNotification>::LIMIT), (64 << 10, 4 << 20));
}

#[test]
fn a_code_that_is_not_utf_8_is_refused_in_bytes_and_in_escapes() {
    for code in [&b"\xff"[..], b"\xc5", b"\xed\xa0\x80", b"\xc0\xaf"] {
        let form = [b"status=Success&uniqueCode=", code].concat();
        assert_eq!(refused::<ThreeDCallback>(&form).kind(), ClaimErrorKind::NotUtf8, "{code:?}");
        let escaped: Vec<String> = code.iter().map(|byte| format!("%{byte:02X}")).collect();
        let form = format!("status=Success&uniqueCode={}", escaped.concat());
        assert_eq!(refused::<ThreeDCallback>(form.as_bytes()).kind(), ClaimErrorKind::NotUtf8, "{form}");
        let json = [b"{\"UniqueCode\":\"", code, b"\"}"].concat();
        assert_eq!(refused::<GeneralNotification>(&json).kind(), ClaimErrorKind::NotUtf8, "{code:?}");
    }
}

#[test]
fn a_banks_message_in_another_encoding_leaves_the_callback_readable() {
    // Windows-1254, in which Turkish forms used to travel: raw, escaped, and with percent signs that escape nothing.
    for message in [&b"ba\xfear\xfds\xfdz"[..], b"ba%FEar%FDs%FDz", b"%50 pe\xfein, %100", b"%", b"%u0041"] {
        for place in ["errorMessage", "bankErrorMessage", "nobodyKnows", "%FE"] {
            let odd = [b"&", place.as_bytes(), b"=", message].concat();
            for body in [[&odd[1..], b"&", THREE_D.as_bytes()].concat(), [THREE_D.as_bytes(), &odd].concat()] {
                let claim = Claim::<ThreeDCallback>::read(&body).expect(place);
                let documented = read::<ThreeDCallback>(THREE_D);
                assert_eq!(claim.merchant_code(), documented.merchant_code());
                assert_eq!(
                    (claim.amount(), claim.asserted_status()),
                    (documented.amount(), documented.asserted_status())
                );
            }
        }
    }
}

#[test]
fn too_many_pairs_keys_and_levels_are_refused() {
    assert!(refused::<ThreeDCallback>("a=1&".repeat(10_000).as_bytes()).is_too_large());
    let keys: Vec<String> = (0..10_000).map(|number| format!("\"k{number}\":1")).collect();
    assert!(refused::<GeneralNotification>(format!("{{{}}}", keys.join(",")).as_bytes()).is_too_large());
    let deep = format!(r#"{{"ProviderRequest":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused::<PayWatchNotification>(deep.as_bytes()).is_too_large());
}

/// A bulk as documented, with this many payments.
pub(crate) fn bulk_of(payments: usize) -> String {
    let documented = documented::<BulkPaymentNotification>();
    let (before, rest) = documented.split_once('[').expect("payments");
    let (ten, after) = rest.split_once(']').expect("the end of the payments");
    let (first, _) = ten.split_once("},").expect("several payments");
    let all: Vec<String> =
        (0..payments).map(|number| format!("{}}}", first.replace("9752770", &number.to_string()))).collect();
    format!("{before}[{}]{after}", all.join(","))
}

#[test]
fn a_bulk_of_a_thousand_payments_fits() {
    let body = bulk_of(1000);
    assert!(body.len() < Claim::<BulkPaymentNotification>::LIMIT / 4, "{} bytes", body.len());
    let claim = read::<BulkPaymentNotification>(&body);
    let payments = claim.content().payments.as_deref().expect("payments");
    assert_eq!((payments.len(), payments[999].payment_id), (1000, Some(999)));
    assert!(payments.iter().all(|payment| payment.amount.is_some_and(|amount| amount.to_string() == "11.96")));
}

#[test]
fn nothing_is_kept_that_did_not_come() {
    // Whatever a message counts, what it keeps is bounded by what came.
    let boast = i64::MAX.to_string();
    let body = bulk_of(3)
        .replace(r#""TotalPages": 1"#, &format!(r#""TotalPages": {boast}"#))
        .replace(r#""BulkPaymentId": 3846"#, &format!(r#""BulkPaymentId": {boast}"#));
    let claim = read::<BulkPaymentNotification>(&body);
    assert_eq!(claim.payment_id(), Some(boast.as_str()));
    let payments = claim.content().payments.as_ref().expect("payments");
    assert_eq!(payments.len(), 3);
    assert!(payments.capacity() <= 2 * payments.len().max(4), "room for {} payments", payments.capacity());

    let form = "a=1&".repeat(100) + THREE_D;
    let content = read::<ThreeDCallback>(&form).into_content();
    for text in [content.status, content.unique_code, content.amount, content.error_message] {
        let text = text.expect("a text");
        assert!(text.capacity() <= form.len(), "room for {} bytes", text.capacity());
    }
}

#[test]
fn what_is_no_message_says_so_and_repeats_nothing() {
    for body in ["", "null", "[]", "7", "\"ORDER-1\"", "uniqueCode=ORDER-1", "{\"UniqueCode\":\"ORDER-1\"", "{} {}"] {
        let error = refused::<GeneralNotification>(body.as_bytes());
        assert_eq!(error.kind(), ClaimErrorKind::Syntax, "{body}");
        assert!(!format!("{error}{error:?}").contains("ORDER"), "{error}");
    }
    for (field, value) in [("PaymentId", "\"5528790000000008\""), ("Amount", "{}"), ("UniqueCode", "[\"hush\"]")] {
        let error = refused::<GeneralNotification>(format!(r#"{{"{field}":{value}}}"#).as_bytes());
        assert!(error.is_content(), "{error}");
        assert_eq!(error.path(), Some(format!("/{field}").as_str()));
        assert!(!format!("{error}{error:?}").contains("hush") && !format!("{error:?}").contains("5528"), "{error:?}");
    }
    // An empty form is one: it claims nothing.
    assert_eq!(read::<ThreeDCallback>("").merchant_code(), None);
}

#[test]
fn what_no_page_knows_of_is_passed_over() {
    fn written<N: Notification + Serialize>(body: &str) -> String {
        serde_json::to_string(read::<N>(body).content()).expect("json")
    }
    let more = GENERAL.replacen('{', r#"{"New":{"UniqueCode":"ORDER-2"},"New2":[{}],"#, 1);
    assert_eq!(written::<GeneralNotification>(&more), written::<GeneralNotification>(GENERAL));
    assert_eq!(written::<ThreeDCallback>(&format!("new=1&{THREE_D}")), written::<ThreeDCallback>(THREE_D));
}
