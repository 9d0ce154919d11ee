//! Every documented payload is read by its type and written back equal, numbers to the letter. What comes back from
//! Paywall by itself is read as a claim too.

use paywall_api::Encoding;
use paywall_contract::document::MessageNode;
use paywall_contract::json_schema::plain;
use paywall_contract::node::Kind;
use paywall_contract::sample::{self, Part};
use paywall_sandbox::replay::{self, replay_sample};

use crate::operations::{self, Message};
use crate::{payloads, workspace};

#[test]
fn every_documented_payload_is_written_back_equal() {
    let document = workspace::contract();
    let samples = sample::all(document);
    assert!(samples.len() >= 78, "{} payloads", samples.len());
    for sample in samples {
        let replayed = replay_sample(document, &sample).unwrap_or_else(|error| panic!("{}: {error}", sample.path));
        assert!(replayed.is_equal(), "{} differs at {:?}", sample.path, replayed.differences);
    }
}

#[test]
fn null_against_absent_is_the_only_difference_and_stands_where_the_pages_have_null() {
    let document = workspace::contract();
    let mut nulls = Vec::new();
    for sample in sample::all(document) {
        let replayed = replay_sample(document, &sample).expect("it fits");
        nulls.extend(replayed.nulls.into_iter().map(|pointer| format!("{} {pointer}", sample.path)));
    }
    for expected in [
        "initMasterpassPayment/page.request.jsonc /PaymentDetail/PayWatch",
        "start3dPayment/page.request.jsonc /PaymentDetail/PayWatchMultiple",
        "start3dPayment/page.response.jsonc /Body/Message",
        "resendMasterpassOtp/page.response.jsonc /Body/Masterpass/Exception",
        "refundPaymentPartially/page.request.jsonc /MarketPlace/Member/DecreaseAmount",
        "bulkPaymentNotification/page.request.jsonc /Payments/9/CardNumber",
    ] {
        assert!(nulls.iter().any(|null| null == expected), "{expected} is not among {nulls:#?}");
    }
    for null in &nulls {
        let (path, pointer) = null.split_once(' ').expect("a path and a pointer");
        let node = document.samples[path].pointer(pointer).expect("what is absent after the replay stands in the page");
        assert!(node.kind == Kind::Null || SAYS_NOTHING.contains(&null.as_str()), "{null}");
    }
    assert!(SAYS_NOTHING.iter().all(|place| nulls.iter().any(|null| null == place)));
}

/// Where a page has an empty text for a success that says nothing more, which is written as null.
const SAYS_NOTHING: [&str; 2] =
    ["captureProvision/page.response.jsonc /Body", "cancelProvision/page.response.jsonc /Body"];

/// The documented bodies of a message, as they are posted.
fn bodies(message: &Message) -> Vec<Vec<u8>> {
    let folder = workspace::spec().join("samples").join(message.id);
    let files = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
    files.map(|path| std::fs::read(path).expect("a sample")).map(|body| body.trim_ascii_end().to_vec()).collect()
}

#[test]
fn every_documented_message_says_the_same_as_a_claim_and_by_its_type() {
    let mut documented = Vec::new();
    for message in operations::messages() {
        for body in bodies(&message) {
            let claimed = (message.claimed)(&body).unwrap_or_else(|error| panic!("{}: {error}", message.id));
            let typed = (message.typed)(plain(&payloads::case(message.id, "page", Part::Request)));
            assert_eq!(claimed, typed, "{}", message.id);
            assert!(claimed.as_object().is_some_and(|fields| fields.len() > 5), "{}: {claimed}", message.id);
            documented.push((message.id, message.encoding));
        }
    }
    let expected = [
        ("threeDCallback", Encoding::Form),
        ("apmReturn", Encoding::Form),
        ("bulkPaymentNotification", Encoding::Json),
        ("splitPaymentNotification", Encoding::Json),
    ];
    assert_eq!(documented, expected);
}

#[test]
fn a_changed_number_text_is_seen() {
    let sample = r#"{"PaymentDetail":{"Amount":1.00}}"#;
    let part = Part::Request;
    assert!(replay::replay(sample, "start3dPayment", part).is_err(), "a payload that lacks required fields fits");
    let document = workspace::contract();
    let text = paywall_sandbox::text::write(&document.samples["start3dPayment/page.request.jsonc"]);
    let odd = text.replacen("1.00", "1.000", 1);
    assert!(text.contains("1.00") && replay::replay(&odd, "start3dPayment", part).expect("it fits").is_equal());
}

#[test]
fn every_operation_and_every_message_has_a_type_to_replay_by() {
    let document = workspace::contract();
    let mut contract: Vec<&str> = paywall_contract::document::operations(document)
        .iter()
        .map(paywall_contract::document::OperationNode::id)
        .collect();
    let mut table: Vec<&str> = replay::OPERATIONS.iter().map(replay::Entry::id).collect();
    contract.sort_unstable();
    table.sort_unstable();
    assert_eq!(table, contract);
    let messages: Vec<&str> = paywall_contract::document::messages(document).iter().map(MessageNode::id).collect();
    assert_eq!(replay::MESSAGES.iter().map(replay::Entry::id).collect::<Vec<_>>(), messages);
}
