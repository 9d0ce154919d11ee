//! The Rust that the generator's golden cases give, compiled outside of the client with warnings denied: a foreign
//! contract becomes a foreign crate in the same way.

#![deny(warnings, missing_docs)]

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/code-lists/expected/mod.rs"]
pub mod code_lists;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/conditions-and-bounds/expected/mod.rs"]
pub mod conditions_and_bounds;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/descriptions/expected/mod.rs"]
pub mod descriptions;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/envelopes/expected/mod.rs"]
pub mod envelopes;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/headers-and-body/expected/mod.rs"]
pub mod headers_and_body;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/headers-input/expected/mod.rs"]
pub mod headers_input;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/messages/expected/mod.rs"]
pub mod messages;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/money-operation/expected/mod.rs"]
pub mod money_operation;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/names/expected/mod.rs"]
pub mod names;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/nested-and-lists/expected/mod.rs"]
pub mod nested_and_lists;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/parameters/expected/mod.rs"]
pub mod parameters;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/recursion/expected/mod.rs"]
pub mod recursion;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/required-optional-nullable/expected/mod.rs"]
pub mod required_optional_nullable;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/scalars-and-secrets/expected/mod.rs"]
pub mod scalars_and_secrets;

#[rustfmt::skip]
#[path = "../../../codegen/tests/golden/two-services/expected/mod.rs"]
pub mod two_services;

/// Contracts in which every word that Rust or the generator uses is a name; the build script writes them.
#[expect(clippy::too_many_lines, clippy::large_stack_arrays, reason = "all words stand in one object")]
pub mod every_word {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// Those words, and of each place what was refused there and what was taken instead, as proposed.
pub const WORDS: (&[&str], &[(&str, &str, &str)]) = include!(concat!(env!("OUT_DIR"), "/lists.rs"));
