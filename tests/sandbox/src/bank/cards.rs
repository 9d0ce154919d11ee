//! Which card is this? One in full, one that was left for some minutes, or one that is saved. What is kept of a card
//! is what a receipt may show; its number goes nowhere from here.

use std::fmt;

use paywall_api::Secret;
use paywall_api::payments::{CardSave, PaymentCard};
use serde::{Deserialize, Serialize};

use super::{Desk, Moment, No};

/// A card as it may be shown, and all that is ever kept of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CardShown {
    /// The first six digits.
    pub(crate) bin: String,
    pub(crate) last_four: String,
    /// The holder, initials alone.
    pub(crate) owner: String,
    /// Its last month, as `2030-12`; nothing where it was not said.
    pub(crate) expiry: Option<String>,
}

impl CardShown {
    /// The card of a number, which has been found sound.
    fn new(number: &str, owner: &str, expiry: Option<String>) -> Self {
        Self::of_ends(number, &number[number.len() - 4..], owner, expiry)
    }

    /// A card of which only the ends are known; `first` has six digits at least.
    pub(super) fn of_ends(first: &str, last_four: &str, owner: &str, expiry: Option<String>) -> Self {
        Self { bin: first[..6].to_owned(), last_four: last_four.to_owned(), owner: initials(owner), expiry }
    }

    /// `552879******0008`.
    pub(crate) fn masked(&self) -> String {
        format!("{}******{}", self.bin, self.last_four)
    }

    /// The documented test card that it is.
    pub(crate) fn test_card(&self) -> Option<&'static TestCard> {
        TEST_CARDS.iter().find(|card| card.number.starts_with(&self.bin) && card.number.ends_with(&self.last_four))
    }
}

/// Shows what a receipt shows.
impl fmt::Debug for CardShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardShown({})", self.masked())
    }
}

/// A card of the documented page of test cards. They are public and worth nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestCard {
    pub(crate) number: &'static str,
    /// As the page has it, month and year.
    pub(crate) expiry: &'static str,
    pub(crate) cvv: &'static str,
    /// Whose card it is on the page.
    pub(crate) issuer: &'static str,
}

const fn test_card(number: &'static str, expiry: &'static str, cvv: &'static str, issuer: &'static str) -> TestCard {
    TestCard { number, expiry, cvv, issuer }
}

/// Page: <https://developer.paywall.one/test-kartlari>
pub(crate) const TEST_CARDS: &[TestCard] = &[
    test_card("5528790000000008", "12/30", "123", "iyzico"),
    test_card("4546711234567894", "12/26", "000", "Param"),
    test_card("5401341234567891", "12/26", "000", "Param"),
    test_card("4508034508034509", "12/26", "000", "Param"),
    test_card("4048095010857528", "05/28", "000", "Sipay"),
    test_card("4282405990002166", "12/25", "656", "QNB"),
    test_card("5406697543211173", "04/27", "423", "Garanti"),
    test_card("5188961939192544", "06/25", "929", "Kuveyt Türk"),
    test_card("9792030394440796", "12/99", "000", "PayTR"),
];

/// A card that waits for its payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TempCard {
    pub(crate) card: CardShown,
    pub(crate) expires: Moment,
}

/// A card that the merchant's shopper has saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedCard {
    pub(crate) card: CardShown,
    pub(crate) nickname: Option<String>,
    /// What it belongs to on the merchant's side.
    pub(crate) relational_ids: [Option<String>; 3],
}

/// Refusals of the payment numbering that a card can meet.
mod code {
    pub(super) const HOLDER: i64 = 13;
    pub(super) const NUMBER: i64 = 14;
    pub(super) const MONTH: i64 = 15;
    pub(super) const YEAR: i64 = 16;
    pub(super) const DETAIL: i64 = 18;
    pub(super) const EXPIRED: i64 = 19;
    pub(super) const SAVED_CODE_INVALID: i64 = 21;
    pub(super) const SAVED_NOT_FOUND: i64 = 22;
    pub(super) const TEMP_TOKEN_INVALID: i64 = 74;
    pub(super) const TEMP_NOT_FOUND: i64 = 75;
}

/// The card that a payment names, in whichever way it does.
pub(crate) fn resolve(desk: &Desk<'_>, card: &PaymentCard) -> Result<CardShown, No> {
    if let Some(unique_code) = given(card.unique_code.as_ref().map(Secret::expose)) {
        return saved(desk, unique_code);
    }
    if let Some(token) = given(card.temp_card_token.as_ref().map(Secret::expose)) {
        return left(desk, token);
    }
    in_full(
        desk,
        &InFull {
            number: card.number.as_ref().map_or("", |number| number.expose()),
            owner: card.owner_name.as_ref().map_or("", |owner| owner.as_str()),
            month: card.expire_month.as_deref().unwrap_or_default(),
            year: card.expire_year.as_deref().unwrap_or_default(),
            cvv: card.cvv.as_ref().map_or("", |cvv| cvv.expose()),
        },
    )
}

/// Saves the card of a payment that has succeeded, where that was asked for: the code that names it from now on.
pub(crate) fn save(desk: &mut Desk<'_>, card: &CardShown, wish: Option<&CardSave>) -> Option<String> {
    let wish = wish.filter(|wish| wish.save == Some(true))?;
    let own = |id: &Option<String>| given(id.as_deref()).map(str::to_owned);
    let saved = SavedCard {
        card: card.clone(),
        nickname: own(&wish.nickname),
        relational_ids: [own(&wish.relational_id1), own(&wish.relational_id2), own(&wish.relational_id3)],
    };
    let unique_code = unhyphened(&desk.guid());
    desk.book.saved_cards.put(unique_code.clone(), saved);
    Some(unique_code)
}

/// A GUID as the tokens of Masterpass and the codes of saved cards are written here.
pub(super) fn unhyphened(guid: &str) -> String {
    guid.replace('-', "")
}

fn saved(desk: &Desk<'_>, unique_code: &str) -> Result<CardShown, No> {
    let handed_out = unique_code.len() == 32 && unique_code.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !handed_out {
        return Err(No::new(code::SAVED_CODE_INVALID, "no saved card has a UniqueCode like this"));
    }
    let saved = desk.book.saved_cards.get(unique_code);
    let saved = saved.ok_or_else(|| No::new(code::SAVED_NOT_FOUND, "the saved card was not found"))?;
    unexpired(desk, saved.card.expiry.as_deref())?;
    Ok(saved.card.clone())
}

fn left(desk: &Desk<'_>, token: &str) -> Result<CardShown, No> {
    let temp = desk.book.temp_cards.get(token);
    let temp = temp.ok_or_else(|| No::new(code::TEMP_NOT_FOUND, "the temporary card was not found"))?;
    if temp.expires <= desk.now {
        return Err(No::new(code::TEMP_TOKEN_INVALID, "the token of the temporary card has expired"));
    }
    Ok(temp.card.clone())
}

/// A card as it was typed.
pub(super) struct InFull<'r> {
    pub(super) number: &'r str,
    pub(super) owner: &'r str,
    pub(super) month: &'r str,
    pub(super) year: &'r str,
    pub(super) cvv: &'r str,
}

/// The card, if all of it is sound.
pub(super) fn in_full(desk: &Desk<'_>, card: &InFull<'_>) -> Result<CardShown, No> {
    if card.owner.trim().is_empty() {
        return Err(No::new(code::HOLDER, "the card has no holder"));
    }
    if !is_card_number(card.number) {
        return Err(No::new(code::NUMBER, "the card number has a wrong length, a stranger among its digits or a typo"));
    }
    let expiry = expiry(card.month, card.year)?;
    unexpired(desk, Some(&expiry))?;
    if !matches!(card.cvv.len(), 3..=4) || !is_digits(card.cvv) {
        return Err(No::new(code::DETAIL, "the security code has three or four digits"));
    }
    Ok(CardShown::new(card.number, card.owner, Some(expiry)))
}

/// A card of which an insurance knows both ends.
pub(super) fn by_ends(first: &str, last: &str, owner: &str) -> Result<CardShown, No> {
    if first.len() != 8 || last.len() != 4 || !is_digits(first) || !is_digits(last) {
        return Err(No::new(code::NUMBER, "the ends of the card number are its first eight and last four digits"));
    }
    Ok(CardShown::of_ends(first, last, owner, None))
}

/// Twelve to nineteen digits, the last of which is the check digit by Luhn.
fn is_card_number(number: &str) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let weighed = number.bytes().rev().enumerate().map(|(place, byte)| {
        let digit = byte.wrapping_sub(b'0');
        u32::from(if place % 2 == 1 { doubled(digit) } else { digit })
    });
    matches!(number.len(), 12..=19) && is_digits(number) && weighed.sum::<u32>() % 10 == 0
}

/// `2030-12` of a month and a year of two or four digits.
fn expiry(month: &str, year: &str) -> Result<String, No> {
    let number = is_digits(month).then(|| month.parse::<u8>().ok()).flatten();
    let month = number.filter(|month| (1..=12).contains(month));
    let month = month.ok_or_else(|| No::new(code::MONTH, "the month of expiry is 01 to 12"))?;
    let year = match (year.len(), is_digits(year)) {
        (2, true) => format!("20{year}"),
        (4, true) => year.to_owned(),
        _ => return Err(No::new(code::YEAR, "the year of expiry has two or four digits")),
    };
    Ok(format!("{year}-{month:02}"))
}

/// A card is good until its month has ended.
fn unexpired(desk: &Desk<'_>, expiry: Option<&str>) -> Result<(), No> {
    match expiry {
        Some(expiry) if *expiry < desk.now.day()[..7] => Err(No::new(code::EXPIRED, "the card has expired")),
        _ => Ok(()),
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Empty text counts as nothing, as the samples have it.
fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// `A*** Y***` of a name.
fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.map(|first| format!("{first}***")).collect::<Vec<_>>().join(" ")
}
