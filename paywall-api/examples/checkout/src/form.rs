//! What did the shopper type? It is read into types that do not show it, and every mistake is told at its field.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use paywall_api::payments::{Customer, NewCustomer, PaymentCard};
use paywall_api::{CardNumber, Personal, Secret, SecurityCode};
use serde::Deserialize;

/// The form of the card. Its card goes nowhere but to Paywall, and never back into a page.
#[derive(Debug, Deserialize)]
pub(crate) struct CardForm {
    pub(crate) name: Personal,
    number: CardNumber,
    expiry: Secret,
    code: SecurityCode,
    pub(crate) email: Personal,
    pub(crate) phone: Personal,
    pub(crate) address: Personal,
    pub(crate) city: Personal,
}

/// Who pays, and by what.
#[derive(Debug)]
pub(crate) struct Buyer {
    pub(crate) card: PaymentCard,
    pub(crate) customer: Customer,
}

/// A field of a form, by the name that it has there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Number,
    Expiry,
    Code,
    Email,
    Phone,
    Address,
    City,
    Wallet,
}

impl CardForm {
    /// Who pays by what, or which fields are wrong.
    pub(crate) fn read(&self) -> Result<Buyer, Vec<Field>> {
        let (number, expiry) = (card_number(&self.number), expiry(self.expiry.expose()));
        let wrong = self.wrong(number.is_none(), expiry.is_none());
        match (number, expiry) {
            (Some(number), Some(expiry)) if wrong.is_empty() => Ok(self.buyer(number, expiry)),
            _ => Err(wrong),
        }
    }

    fn wrong(&self, number: bool, expiry: bool) -> Vec<Field> {
        let text = |text: &Personal, least: usize| text.as_str().trim().chars().count() < least;
        let fields = [
            (Field::Name, text(&self.name, 2) || self.name.as_str().chars().count() > 60),
            (Field::Number, number),
            (Field::Expiry, expiry),
            (Field::Code, !is_security_code(self.code.expose().trim())),
            (Field::Email, !is_email(self.email.as_str().trim())),
            (Field::Phone, phone(&self.phone).is_none()),
            (Field::Address, text(&self.address, 3)),
            (Field::City, text(&self.city, 2)),
        ];
        fields.into_iter().filter(|(_, is_wrong)| *is_wrong).map(|(field, _)| field).collect()
    }

    fn buyer(&self, number: CardNumber, (month, year): (String, String)) -> Buyer {
        let trimmed = |text: &Personal| Personal::from(text.as_str().trim());
        let card = PaymentCard::new().owner_name(trimmed(&self.name)).number(number).expire_month(month);
        let card = card.expire_year(year).cvv(self.code.expose().trim());
        let customer = Customer::new(NewCustomer {
            full_name: trimmed(&self.name),
            phone: phone(&self.phone).unwrap_or_else(|| trimmed(&self.phone)),
            email: trimmed(&self.email),
            country: "Türkiye".into(),
            city: trimmed(&self.city),
            address: trimmed(&self.address),
        });
        Buyer { card, customer }
    }
}

/// The digits of a card: spaces and hyphens are how people group them. Luhn's sum finds a typo before the bank does.
fn card_number(typed: &CardNumber) -> Option<CardNumber> {
    let digits = ungrouped(typed.expose())?;
    let sum: u32 = digits.bytes().rev().enumerate().map(|(place, digit)| luhn(place, u32::from(digit - b'0'))).sum();
    ((12..=19).contains(&digits.len()) && sum.is_multiple_of(10)).then(|| digits.into())
}

fn luhn(place: usize, digit: u32) -> u32 {
    if place.is_multiple_of(2) { digit } else { digit * 2 - if digit > 4 { 9 } else { 0 } }
}

/// Nothing where anything but digits and their grouping was typed.
fn ungrouped(typed: &str) -> Option<String> {
    let is_grouping = |sign: char| matches!(sign, ' ' | '-' | '\u{a0}');
    typed.chars().filter(|sign| !is_grouping(*sign)).map(|sign| Some(sign).filter(char::is_ascii_digit)).collect()
}

/// Month and year, of `12/30`, `1230`, `12 / 2030`; nothing for a month that is over.
fn expiry(typed: &str) -> Option<(String, String)> {
    let digits = ungrouped(&typed.replace('/', " "))?;
    let (month, year) = digits.split_at_checked(2)?;
    let year = match year.len() {
        2 => format!("20{year}"),
        4 => year.to_owned(),
        _ => return None,
    };
    is_to_come(month.parse().ok()?, year.parse().ok()?, today()).then(|| (month.to_owned(), year))
}

fn is_to_come(month: i8, year: i16, today: Date) -> bool {
    (1..=12).contains(&month) && (year, month) >= (today.year(), today.month()) && year < today.year() + 80
}

/// A card is good until its month is over everywhere; the bank has the last word.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

fn is_security_code(typed: &str) -> bool {
    (3..=4).contains(&typed.len()) && typed.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email(typed: &str) -> bool {
    let parts = typed.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !typed.contains(char::is_whitespace)
}

/// A telephone number of Türkiye as Paywall wants it, `905…`, however it was typed.
pub(crate) fn phone(typed: &Personal) -> Option<Personal> {
    let digits: String = typed.as_str().chars().filter(char::is_ascii_digit).collect();
    let number = &digits[digits.len().checked_sub(10)?..];
    let prefix = &digits[..digits.len() - 10];
    (number.starts_with('5') && matches!(prefix, "" | "0" | "90" | "0090")).then(|| format!("90{number}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(typed: &str) -> Option<String> {
        card_number(&typed.into()).map(|number| number.expose().to_owned())
    }

    #[test]
    fn a_card_number_may_be_grouped_and_a_typo_is_found() {
        assert_eq!(number("5528 7900-0000 0008").as_deref(), Some("5528790000000008"));
        for wrong in ["5528790000000009", "5528", "", "5528 7900 0000 000x", "00000000000000000000"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_month_is_read_as_people_write_it() {
        for typed in ["12/50", "1250", "12 / 2050", "12-50"] {
            assert_eq!(expiry(typed), Some(("12".to_owned(), "2050".to_owned())), "{typed}");
        }
        for wrong in ["", "1", "13/50", "00/50", "12/20", "12/5", "ab/cd", "１２50"] {
            assert_eq!(expiry(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_card_is_good_in_its_last_month() {
        let today = jiff::civil::date(2030, 12, 31);
        assert!(is_to_come(12, 2030, today) && is_to_come(1, 2031, today));
        assert!(!is_to_come(11, 2030, today));
    }

    #[test]
    fn a_telephone_number_is_read_as_people_write_it() {
        let read = |typed: &str| phone(&typed.into()).map(|phone| phone.as_str().to_owned());
        for typed in ["5123456710", "0512 345 67 10", "+90 (512) 345 67 10", "905123456710"] {
            assert_eq!(read(typed).as_deref(), Some("905123456710"), "{typed}");
        }
        for wrong in ["", "512345671", "+49 5123456710", "0212 345 67 10"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nothing_that_was_typed_is_shown_by_debug() {
        let form = CardForm {
            name: "Ayşe Yılmaz".into(),
            number: "5528790000000008".into(),
            expiry: "12/50".into(),
            code: "987".into(),
            email: "ayse@shop.example".into(),
            phone: "5123456710".into(),
            address: "Örnek Sokak 1".into(),
            city: "İstanbul".into(),
        };
        let (first, second) = (format!("{form:?}"), format!("{:?}", form.read().expect("a buyer")));
        for typed in ["Ayşe", "552879", "12/50", "2050", "987", "shop.example", "5123456710", "Örnek"] {
            assert!(!first.contains(typed), "{typed}");
        }
        for typed in ["Ayşe", "552879", "987", "shop.example", "5123456710", "Örnek"] {
            assert!(!second.contains(typed), "{typed}");
        }
    }
}
