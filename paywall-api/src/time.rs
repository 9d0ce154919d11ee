//! What is a time of Paywall? Text of several shapes, kept as it came and read on demand.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize};

use crate::quietly;

/// A date and time as Paywall writes it, kept to the letter.
///
/// Paywall sends times without an offset, which are Türkiye's (UTC+3), and times with one, with 0 to 7 digits of
/// a second. Any text is accepted and written back unchanged, since an odd time must not lose a payment; the
/// accessors that need an instant say when the text is none.
///
/// ```
/// use paywall_api::Timestamp;
///
/// let local = Timestamp::from("2025-07-27T11:24:57");
/// let same = Timestamp::from("2025-07-27T08:24:57.000Z");
/// assert_eq!(local.unix_nanos()?, same.unix_nanos()?);
/// assert_eq!(local.to_string(), "2025-07-27T11:24:57");
/// # Ok::<(), paywall_api::TimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Timestamp {
    text: String,
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(String::deserialize(deserializer)).map(|text| Self { text })
    }
}

impl Timestamp {
    /// The text, as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Does the text state its offset from UTC? Without one it is Türkiye's time, UTC+3.
    #[must_use]
    pub fn has_offset(&self) -> bool {
        self.split().1.is_some()
    }

    /// Is this `0001-01-01T00:00:00`, which Paywall sends where nothing has happened yet?
    #[must_use]
    pub fn is_never(&self) -> bool {
        const NEVER: DateTime = DateTime::constant(1, 1, 1, 0, 0, 0, 0);
        self.split().0.parse().is_ok_and(|local: DateTime| local == NEVER)
    }

    /// Nanoseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// Where the text is no date and time.
    pub fn unix_nanos(&self) -> Result<i128, TimeError> {
        let (local, offset) = self.split();
        let instant = match offset {
            Some(_) => self.text.parse::<jiff::Timestamp>().map_err(TimeError::of),
            None => turkiye(local),
        };
        instant.map(jiff::Timestamp::as_nanosecond)
    }

    /// The instant, for comparison with the clock.
    ///
    /// # Errors
    ///
    /// Where the text is no date and time, or one that this platform's clock cannot hold.
    pub fn to_system_time(&self) -> Result<SystemTime, TimeError> {
        let nanos = self.unix_nanos()?;
        let since = from_nanos(nanos.unsigned_abs());
        let time = if nanos < 0 {
            since.and_then(|since| UNIX_EPOCH.checked_sub(since))
        } else {
            since.and_then(|since| UNIX_EPOCH.checked_add(since))
        };
        time.ok_or(TimeError(()))
    }

    /// The local part and, where there is one, the offset (`Z`, `+03:00`).
    fn split(&self) -> (&str, Option<&str>) {
        let clock = self.text.find(['T', 't', ' ']).map_or(self.text.len(), |at| at + 1);
        match self.text[clock..].find(['Z', 'z', '+', '-']) {
            Some(at) => (&self.text[..clock + at], Some(&self.text[clock + at..])),
            None => (&self.text, None),
        }
    }
}

/// Türkiye has kept UTC+3 all year since 2016, before Paywall existed.
fn turkiye(local: &str) -> Result<jiff::Timestamp, TimeError> {
    let local: DateTime = local.parse().map_err(TimeError::of)?;
    jiff::tz::offset(3).to_timestamp(local).map_err(TimeError::of)
}

fn from_nanos(nanos: u128) -> Option<Duration> {
    const SECOND: u128 = 1_000_000_000;
    let seconds = u64::try_from(nanos / SECOND).ok()?;
    let rest = u32::try_from(nanos % SECOND).ok()?;
    Some(Duration::new(seconds, rest))
}

impl FromStr for Timestamp {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self { text }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text is no date and time. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeError(());

impl TimeError {
    fn of(_: jiff::Error) -> Self {
        Self(())
    }
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a date and time such as 2025-07-27T11:24:57")
    }
}

impl std::error::Error for TimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> i128 {
        Timestamp::from(text).unix_nanos().expect(text)
    }

    #[test]
    fn without_an_offset_it_is_turkiye() {
        assert_eq!(nanos("1970-01-01T03:00:00"), 0);
        assert_eq!(nanos("2025-07-27T11:24:57"), nanos("2025-07-27T11:24:57+03:00"));
        assert_eq!(nanos("2025-07-27T11:24:57"), nanos("2025-07-27T08:24:57Z"));
    }

    #[test]
    fn every_documented_precision_is_read() {
        let second = nanos("2025-07-27T11:24:57");
        for (text, beyond) in [
            ("2025-07-27T11:24:57.123", 123_000_000),
            ("2025-07-27T11:24:57.123456", 123_456_000),
            ("2025-07-27T11:24:57.1234567", 123_456_700),
            ("2025-07-27T11:24:57.1234567+03:00", 123_456_700),
        ] {
            assert_eq!(nanos(text) - second, beyond, "{text}");
        }
        assert_eq!(nanos("2025-07-27T11:24"), nanos("2025-07-27T11:24:00"));
    }

    #[test]
    fn offsets_are_told_from_dashes_of_the_date() {
        assert!(!Timestamp::from("2025-07-27T11:24:57").has_offset());
        assert!(!Timestamp::from("2025-07-27").has_offset());
        assert!(Timestamp::from("2025-07-27T11:24:57Z").has_offset());
        assert!(Timestamp::from("2025-07-27T11:24:57-02:00").has_offset());
    }

    #[test]
    fn never_is_recognised_and_readable() {
        for text in ["0001-01-01T00:00:00", "0001-01-01T00:00:00.0000000", "0001-01-01T00:00:00Z"] {
            assert!(Timestamp::from(text).is_never(), "{text}");
        }
        assert!(!Timestamp::from("2025-07-27T00:00:00").is_never());
        assert!(nanos("0001-01-01T00:00:00") < 0);
    }

    #[test]
    fn odd_text_is_kept_and_has_no_instant() {
        for text in ["", "soon", "2025-13-01T00:00:00", "2025-07-27T11:24:57+99:00", "ğğğTğğ"] {
            let time = Timestamp::from(text);
            assert_eq!(time.as_str(), text);
            assert!(time.unix_nanos().is_err(), "{text}");
            assert!(time.to_system_time().is_err(), "{text}");
        }
    }

    #[test]
    fn system_time_agrees_with_the_epoch() {
        let time = Timestamp::from("1970-01-01T03:00:01.5").to_system_time();
        assert_eq!(time, Ok(UNIX_EPOCH + Duration::from_millis(1500)));
    }
}
