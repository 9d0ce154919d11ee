//! How does a payment end? Its amount says it: the last two digits are what the bank answers.

use paywall_api::Amount;

use super::guidance::words;
pub use super::guidance::{Line, Section, Words, sections};

/// One line of the table: amounts that end so, end so.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The two digits behind the point.
    cents: i64,
    /// Which payments, in words.
    pub when: Words,
    /// What comes of them, in words.
    pub then: Words,
    /// What comes of them.
    pub outcome: Outcome,
}

/// What the bank makes of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is paid, or authorised where only that was asked.
    Paid,
    /// The bank says no.
    Declined(BankAnswer),
    /// Something breaks at the bank: the answer does not say whether money moved; an inquiry says that none has.
    Broken(BankAnswer),
    /// The bank says nothing for some seconds, and then yes.
    PaidLater(BankAnswer),
    /// The bank says nothing for some seconds, and then no.
    FailedLater(BankAnswer),
}

/// What a bank answers: a response code of ISO 8583 and its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankAnswer {
    /// Two digits.
    pub code: &'static str,
    /// The code in words.
    pub message: &'static str,
}

impl Outcome {
    /// What the bank said, where that was not yes.
    pub(crate) fn answer(self) -> Option<BankAnswer> {
        match self {
            Self::Paid => None,
            Self::Declined(answer) | Self::Broken(answer) | Self::PaidLater(answer) | Self::FailedLater(answer) => {
                Some(answer)
            }
        }
    }
}

/// A bank that says no. What it says is in English, as answers are.
const fn declined(cents: i64, when: Words, code: &'static str, then: Words) -> Row {
    Row { cents, when, then, outcome: Outcome::Declined(BankAnswer { code, message: then.english }) }
}

/// Every amount that ends otherwise is paid, .99 and .00 included, as prices do.
pub const TABLE: &[Row] = &[
    declined(
        5,
        words("an amount that ends in .05", ",05 ile biten tutar"),
        "05",
        words("declined: do not honour", "reddedilir: işlem onaylanmadı"),
    ),
    declined(
        41,
        words("an amount that ends in .41", ",41 ile biten tutar"),
        "41",
        words("declined: lost card", "reddedilir: kayıp kart"),
    ),
    declined(
        51,
        words("an amount that ends in .51", ",51 ile biten tutar"),
        "51",
        words("declined: insufficient funds", "reddedilir: yetersiz bakiye"),
    ),
    declined(
        54,
        words("an amount that ends in .54", ",54 ile biten tutar"),
        "54",
        words("declined: expired card", "reddedilir: süresi dolmuş kart"),
    ),
    declined(
        57,
        words("an amount that ends in .57", ",57 ile biten tutar"),
        "57",
        words("declined: not permitted to this cardholder", "reddedilir: kart sahibine kapalı işlem"),
    ),
    declined(
        61,
        words("an amount that ends in .61", ",61 ile biten tutar"),
        "61",
        words("declined: over the amount limit", "reddedilir: limit aşımı"),
    ),
    Row {
        cents: 91,
        when: words("an amount that ends in .91", ",91 ile biten tutar"),
        then: words(
            "no answer of the bank: pending, and paid a few seconds later",
            "banka yanıt vermez: beklemede kalır, birkaç saniye sonra ödenir",
        ),
        outcome: Outcome::PaidLater(NO_ANSWER),
    },
    Row {
        cents: 92,
        when: words("an amount that ends in .92", ",92 ile biten tutar"),
        then: words(
            "no answer of the bank: pending, and failed a few seconds later",
            "banka yanıt vermez: beklemede kalır, birkaç saniye sonra başarısız olur",
        ),
        outcome: Outcome::FailedLater(NO_ANSWER),
    },
    Row {
        cents: 96,
        when: words("an amount that ends in .96", ",96 ile biten tutar"),
        then: words(
            "an error at the bank: the answer leaves it open, the inquiry says failed",
            "bankada hata: yanıt sonucu söylemez, sorgu başarısız der",
        ),
        outcome: Outcome::Broken(BankAnswer { code: "96", message: "system malfunction" }),
    },
];

const NO_ANSWER: BankAnswer = BankAnswer { code: "91", message: "no answer of the issuer" };

/// What the bank says of a card that it does not know.
const NO_SUCH_CARD: BankAnswer = BankAnswer { code: "14", message: "declined: not one of the documented test cards" };

/// The one-time password of every page and of every payment that asks for one.
pub const PASSWORD: &str = "123456";

/// How often a one-time password may be wrong.
pub const TRIES: u8 = 3;

/// What comes of a payment of this amount, by a card that the bank knows or not.
pub(crate) fn of(amount: Amount, known: bool) -> Outcome {
    if !known {
        return Outcome::Declined(NO_SUCH_CARD);
    }
    let cents = amount.to_minor().map(|minor| minor % 100);
    let row = TABLE.iter().find(|row| Some(row.cents) == cents);
    row.map_or(Outcome::Paid, |row| row.outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(amount: &str) -> Outcome {
        of(amount.parse().expect("an amount"), true)
    }

    #[test]
    fn every_row_says_the_digits_that_choose_it() {
        for row in TABLE {
            assert!(row.when.english.ends_with(&format!(".{:02}", row.cents)), "{row:?}");
            assert!(row.when.turkish.starts_with(&format!(",{:02} ", row.cents)), "{row:?}");
            assert_eq!(outcome(&format!("7.{:02}", row.cents)), row.outcome);
        }
    }

    #[test]
    fn usual_prices_are_paid() {
        for amount in ["1", "1.00", "10.5", "19.99", "4.44", "1000", "0.051"] {
            assert_eq!(outcome(amount), Outcome::Paid, "{amount}");
        }
        assert_eq!(outcome("10.050").answer().map(|answer| answer.code), Some("05"));
    }
}
