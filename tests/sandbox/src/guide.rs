//! What does a person need to know? The cards, and what chooses what comes of a payment.

use std::fmt::Write as _;

use crate::bank::cards::TEST_CARDS;
use crate::outcomes::{Section, sections};

/// The documented test cards and all that decides, as text.
#[must_use]
pub fn guide() -> String {
    let mut guide = "The documented test cards, with expiry, security code and provider:\n".to_owned();
    for card in TEST_CARDS {
        // Writing to a string does not fail.
        let _ = write!(guide, "\n  {}  {}  {}  {}", card.number, card.expiry, card.cvv, card.issuer);
    }
    for section in sections() {
        let _ = write!(guide, "\n\n{}:\n{}", section.title.english, lines(&section));
    }
    guide
}

fn lines(section: &Section) -> String {
    let width = section.lines.iter().map(|line| line.when.english.len()).max().unwrap_or_default();
    let lines = section.lines.iter().map(|line| format!("\n  {:width$}  {}", line.when.english, line.then.english));
    lines.collect()
}
