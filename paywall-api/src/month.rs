//! Months, in which cards expire.

use std::time::SystemTime;

use jiff::tz::Offset;

/// A month of the calendar. A card can be charged as long as the month lasts in which it expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u8,
}

impl Month {
    /// Returns the month of a year, or `None` if `month` is not from 1 to 12.
    #[must_use]
    pub fn new(year: i32, month: u8) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self { year, month })
    }

    /// Returns the month that it is in Türkiye (UTC+3), or `None` if the clock says what is no date.
    #[must_use]
    pub fn now() -> Option<Self> {
        Self::at(SystemTime::now())
    }

    fn at(time: SystemTime) -> Option<Self> {
        let there = Offset::constant(3).to_datetime(jiff::Timestamp::try_from(time).ok()?);
        Self::new(there.year().into(), u8::try_from(there.month()).ok()?)
    }

    /// Reads the month and the year of a card: one or two digits, and two or four. Two are a year of this century.
    ///
    /// ```
    /// use paywall_api::Month;
    ///
    /// assert_eq!(Month::of_card("07", "30"), Month::new(2030, 7));
    /// assert_eq!(Month::of_card("7", "2030"), Month::new(2030, 7));
    /// assert_eq!(Month::of_card("13", "2030"), None);
    /// ```
    #[must_use]
    pub fn of_card(month: &str, year: &str) -> Option<Self> {
        Self::new(year_of_card(year)?, month_of_card(month)?)
    }
}

/// Reads the month of a card, as [`Month::of_card`] does.
#[must_use]
pub fn month_of_card(text: &str) -> Option<u8> {
    let is_digits = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|month| is_digits && (1..=12).contains(month))
}

/// Reads the year of a card, as [`Month::of_card`] does.
#[must_use]
pub fn year_of_card(text: &str) -> Option<i32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match (text.len(), text.parse::<i32>().ok()?) {
        (2, year) => Some(2000 + year),
        (4, year @ 1950..=2100) => Some(year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_month_begins_when_it_begins_in_turkiye() {
        // 2030-01-01T00:00:00+03:00
        let begins = SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_445_200);
        assert_eq!(Month::at(begins), Month::new(2030, 1));
        assert_eq!(Month::at(begins - Duration::from_secs(1)), Month::new(2029, 12));
    }

    #[test]
    fn what_is_no_month_of_a_card_is_none() {
        for month in ["", "0", "00", "13", "+5", "012", " 1", "1.", "１２"] {
            assert_eq!(month_of_card(month), None, "{month}");
        }
        for year in ["", "3", "030", "20300", "+203", "1900", "2101", "２０３０"] {
            assert_eq!(year_of_card(year), None, "{year}");
        }
    }
}
