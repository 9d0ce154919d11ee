//! Every documented payload is read by its type and written back equal, numbers to the letter.

use codegen::sample::{self, Part};
use paywall_sandbox::replay::{self, replay_node};

use crate::workspace;

#[test]
fn every_documented_payload_is_written_back_equal() {
    let document = workspace::contract();
    let samples = sample::all(document);
    assert!(samples.len() >= 13, "{} payloads", samples.len());
    for sample in samples {
        let replayed = replay_node(sample.node, sample.operation, sample.part)
            .unwrap_or_else(|error| panic!("{}: {error}", sample.path));
        assert!(replayed.is_equal(), "{} differs at {:?}", sample.path, replayed.differences);
    }
}

#[test]
fn null_against_absent_is_the_only_difference_and_stands_where_the_pages_have_null() {
    let document = workspace::contract();
    let mut nulls = Vec::new();
    for sample in sample::all(document) {
        let replayed = replay_node(sample.node, sample.operation, sample.part).expect("it fits");
        nulls.extend(replayed.nulls.into_iter().map(|pointer| format!("{} {pointer}", sample.path)));
    }
    for expected in [
        "initMasterpassPayment/page.request.jsonc /PaymentDetail/PayWatch",
        "start3dPayment/page.request.jsonc /PaymentDetail/PayWatchMultiple",
        "start3dPayment/page.response.jsonc /Body/Message",
        "resendMasterpassOtp/page.response.jsonc /Body/Masterpass/Exception",
    ] {
        assert!(nulls.iter().any(|null| null == expected), "{expected} is not among {nulls:#?}");
    }
    for null in &nulls {
        let (path, pointer) = null.split_once(' ').expect("a path and a pointer");
        let node = document.samples[path].pointer(pointer).expect("what is absent after the replay stands in the page");
        assert_eq!(node.kind, codegen::node::Kind::Null, "{null}");
    }
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
fn every_operation_has_a_type_to_replay_by() {
    let document = workspace::contract();
    let mut contract: Vec<&str> =
        codegen::contract::operations(document).iter().map(codegen::contract::OperationNode::id).collect();
    let mut table: Vec<&str> = replay::OPERATIONS.iter().map(replay::Entry::id).collect();
    contract.sort_unstable();
    table.sort_unstable();
    assert_eq!(table, contract);
}
