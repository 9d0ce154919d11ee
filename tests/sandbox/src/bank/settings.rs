//! What of the bank's behaviour may be chosen?

use std::time::Duration;

/// The times that the bank keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// How long the bank thinks about a payment that it does not answer at once.
    pub(crate) pending: Duration,
    /// How long a minute of PayWatch lasts.
    pub(crate) watch_minute: Duration,
    /// How old a Masterpass session becomes before an answer renews it.
    pub(crate) renew_sessions_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pending: Duration::from_secs(3),
            watch_minute: Duration::from_secs(60),
            renew_sessions_after: Duration::from_secs(20 * 60),
        }
    }
}
