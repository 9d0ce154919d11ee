//! What does a person need to know? The cards, the amounts, and what comes of them.

use std::fmt::Write as _;

use crate::bank::cards::TEST_CARDS;
use crate::outcomes::{PASSWORD, TABLE, TRIES};

/// The documented test cards and the amounts that decide, as text.
#[must_use]
pub fn guide() -> String {
    let mut guide = "The documented test cards are known; any other card is declined:\n\n".to_owned();
    for card in TEST_CARDS {
        // Writing to a string does not fail.
        let _ = writeln!(guide, "  {}  {}  {}  {}", card.number, card.expiry, card.cvv, card.issuer);
    }
    let _ = writeln!(guide, "\nThe amount decides the rest; the one-time password is {PASSWORD}, {TRIES} tries:\n");
    for row in TABLE {
        let _ = writeln!(guide, "  {:28} {}", row.when, row.then);
    }
    let _ = write!(guide, "  {:28} paid", "any other amount");
    guide
}
