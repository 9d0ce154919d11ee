//! Which Masterpass session is the current one? Paywall renews it inside answers; this value follows.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::{Secret, Timestamp};

/// A Masterpass session, as one shopper's calls share it.
///
/// Paywall may renew the session in any answer; from then on the new id is the one to send. A call made
/// `in_session` hands its renewal to this value, out of refusals too. Clones share the session. Requests take
/// [`id`](MasterpassSession::id) when they are built, so build each one right before it is sent.
///
/// ```
/// use paywall_api::{MasterpassSession, Renewal, Secret};
///
/// let session = MasterpassSession::new("first", None);
/// session.follow(&Renewal::new(&Secret::from("second")));
/// assert_eq!(session.id(), Secret::from("second"));
/// ```
#[derive(Clone)]
pub struct MasterpassSession {
    state: Arc<Mutex<State>>,
}

struct State {
    id: Secret,
    expiry: Option<Timestamp>,
}

impl MasterpassSession {
    /// The session `id`, and when it ends where that is known.
    pub fn new(id: impl Into<Secret>, expiry: Option<Timestamp>) -> Self {
        let state = State { id: id.into(), expiry };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// The id to send now.
    #[must_use]
    pub fn id(&self) -> Secret {
        self.state().id.clone()
    }

    /// When it ends, where Paywall said so.
    #[must_use]
    pub fn expiry(&self) -> Option<Timestamp> {
        self.state().expiry.clone()
    }

    /// Does it end within `time` from now, or has it ended? None where no readable end is known.
    #[must_use]
    pub fn expires_within(&self, time: Duration) -> Option<bool> {
        let expiry = self.expiry()?.to_system_time().ok()?;
        Some(match expiry.duration_since(SystemTime::now()) {
            Ok(left) => left <= time,
            Err(_) => true,
        })
    }

    /// Takes the session that an answer brought.
    pub fn follow(&self, renewal: &Renewal) {
        let mut state = self.state();
        if state.id != renewal.id {
            state.expiry = None;
        }
        state.id = renewal.id.clone();
        if renewal.expiry.is_some() {
            state.expiry.clone_from(&renewal.expiry);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MasterpassSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterpassSession").field("expiry", &self.expiry()).finish_non_exhaustive()
    }
}

/// A session that replaces the one in use, out of an answer.
#[derive(Clone, Debug)]
pub struct Renewal {
    id: Secret,
    expiry: Option<Timestamp>,
}

impl Renewal {
    /// The new session `id`.
    #[must_use]
    pub fn new(id: &Secret) -> Self {
        Self { id: id.clone(), expiry: None }
    }

    /// Sets when it ends.
    #[must_use]
    pub fn with_expiry(mut self, expiry: Option<&Timestamp>) -> Self {
        self.expiry = expiry.cloned();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_renewed_session() {
        let session = MasterpassSession::new("first", Some("2020-01-01T00:00:00".into()));
        let clone = session.clone();
        let renewal = Renewal::new(&"second".into()).with_expiry(Some(&"2999-01-01T00:00:00".into()));
        session.follow(&renewal);
        assert_eq!(clone.id(), Secret::from("second"));
        assert_eq!(clone.expiry(), Some("2999-01-01T00:00:00".into()));
    }

    #[test]
    fn an_old_end_is_not_the_end_of_a_new_session() {
        let session = MasterpassSession::new("first", Some("2020-01-01T00:00:00".into()));
        session.follow(&Renewal::new(&"first".into()));
        assert_eq!(session.expires_within(Duration::ZERO), Some(true));
        session.follow(&Renewal::new(&"second".into()));
        assert_eq!(session.expires_within(Duration::ZERO), None);
    }

    #[test]
    fn the_end_is_compared_with_the_clock() {
        let later = MasterpassSession::new("id", Some("2999-01-01T00:00:00".into()));
        assert_eq!(later.expires_within(Duration::from_secs(60)), Some(false));
        let odd = MasterpassSession::new("id", Some("soon".into()));
        assert_eq!(odd.expires_within(Duration::from_secs(60)), None);
    }

    #[test]
    fn debug_shows_no_id() {
        assert!(!format!("{:?}", MasterpassSession::new("hush", None)).contains("hush"));
    }
}
