//! Where is a finding, seen from another folder than that of the contract's root?

mod support;

use std::path::Path;

use codegen::Home;
use support::here;

#[test]
fn every_place_can_be_shown_as_a_path_from_elsewhere() {
    let findings = codegen::generate(&here("reject/name-of-two-schemas"), Home::Elsewhere).expect_err("findings");
    let told = findings.below(Path::new("a shop/spec")).to_string();
    assert!(told.starts_with("a shop/spec/schemas/other.yaml:1:1: name-collision: "), "{told}");
    assert!(told.contains("(see a shop/spec/schemas/orders.yaml:1:1)"), "{told}");
}

#[test]
fn a_contract_in_the_current_folder_keeps_its_places() {
    let findings = codegen::generate(&here("reject/name-of-two-schemas"), Home::Elsewhere).expect_err("findings");
    assert_eq!(findings.below(Path::new("")), findings);
}
