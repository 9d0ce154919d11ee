//! What is committed is what the contract gives, and it gives the same every time.

use codegen::{Home, files};

use crate::workspace;

#[test]
fn the_generated_tree_is_that_of_the_contract() {
    let tree = codegen::generate(&workspace::spec(), Home::Runtime).unwrap_or_else(|findings| panic!("{findings}"));
    let changes = files::compare(&tree, &workspace::root().join("paywall-api/src/generated")).expect("readable");
    let told: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "run `cargo xtask codegen`:\n{}", told.join("\n"));
}

#[test]
fn generating_twice_gives_the_same() {
    let generate =
        || codegen::generate(&workspace::spec(), Home::Runtime).unwrap_or_else(|findings| panic!("{findings}"));
    let (first, second) = (generate(), generate());
    assert!(first.len() > 6 && first == second);
}
