//! When is a request sent again, and after what wait?

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use http::{HeaderMap, header};

use crate::{Error, Operation, Outcome, Retry};

const SHORTEST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// However many retries are allowed, an attempt gets the time that an answer takes.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(1);

/// The retries of one call.
pub(crate) struct Retries {
    waits: ExponentialBackoff,
    left: u32,
    repeatable: bool,
}

impl Retries {
    pub(crate) fn of<O: Operation>(most: u32) -> Self {
        let waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(SHORTEST_WAIT)
            .with_max_delay(LONGEST_WAIT)
            .without_max_times()
            .build();
        Self {
            waits,
            left: most,
            // Money is sent once, whatever class its operation claims.
            repeatable: O::RETRY != Retry::Unsent && !O::MOVES_MONEY,
        }
    }

    /// How long the next attempt may take out of what is left of the call. What may be repeated gets an equal share
    /// for each attempt, so that one that hangs does not use it all up; what may not gets the whole.
    pub(crate) fn share(&self, left: Duration) -> Duration {
        if !self.repeatable {
            return left;
        }
        let equal = left / self.left.saturating_add(1);
        equal.max(SHORTEST_ATTEMPT).min(left)
    }

    /// The wait before the next attempt, if there may be one after `error`.
    pub(crate) fn wait(&mut self, error: &Error) -> Option<Duration> {
        let may_repeat = self.repeatable || error.outcome() == Outcome::NotSent;
        if !may_repeat || !error.is_worth_asking_again() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let wait = self.waits.next()?;
        Some(error.retry_after().map_or(wait, |asked| asked.max(wait)))
    }
}

/// `Retry-After`: seconds, or a date.
pub(crate) fn after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    let wait = date.timestamp().duration_since(jiff::Timestamp::try_from(SystemTime::now()).ok()?);
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::RETRY_AFTER, http::HeaderValue::from_static(value))])
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(after(&headers("3")), Some(Duration::from_secs(3)));
        assert_eq!(after(&headers("Sun, 06 Nov 1994 08:49:37 GMT")), Some(Duration::ZERO));
        let later = after(&headers("Fri, 06 Nov 2893 08:49:37 GMT")).expect("date");
        assert!(later > Duration::from_secs(1_000_000));
        for odd in ["soon", "-1", "1.5", ""] {
            assert_eq!(after(&headers(odd)), None, "{odd}");
        }
        assert_eq!(after(&HeaderMap::new()), None);
    }
}
