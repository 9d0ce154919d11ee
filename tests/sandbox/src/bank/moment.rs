//! When is it? A moment from outside, and how Paywall writes it.

use std::time::{Duration, SystemTime};

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    pub(crate) fn after(self, time: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)))
    }

    /// Without offset, which is Türkiye's time: `2025-06-04T18:42:27.544`.
    pub(crate) fn local(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S.%3f").to_string()
    }

    /// With offset: `2024-06-13T22:25:08.040+03:00`.
    pub(crate) fn with_offset(self) -> String {
        format!("{}+03:00", self.local())
    }

    /// The day in Türkiye: `2024-06-13`.
    pub(crate) fn day(self) -> String {
        self.civil().strftime("%Y-%m-%d").to_string()
    }

    fn civil(self) -> jiff::civil::DateTime {
        let offset = Offset::from_hours(3).unwrap_or(Offset::UTC);
        let at = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        at.to_zoned(TimeZone::fixed(offset)).datetime()
    }
}
