//! Whose session is it, and does it still count? A session lives for half an hour, and one that has grown old is
//! renewed once, in the answer to whatever is asked next.

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use std::fmt;
use std::time::Duration;

use paywall_api::masterpass::CreateSessionRequest;
use serde::{Deserialize, Serialize};

use super::{Desk, Filled, Moment, No, Verdict};

/// How long a session lives. The page says no number.
const LIFE: Duration = Duration::from_secs(30 * 60);

/// A Masterpass session.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The shopper's telephone number, by which Masterpass knows the account.
    phone: String,
    /// Whether every payment of it goes by 3-D Secure.
    force_3d: bool,
    expires: Moment,
    /// Renewed by the first answer after this.
    renews: Moment,
}

/// A session that counts, as an answer tells it.
pub(super) struct Current {
    pub(super) phone: String,
    pub(super) force_3d: bool,
    id: String,
    renewed: Option<Moment>,
}

/// The unknown and the expired are refused alike, as a caller without rights is.
const UNAUTHORIZED: i64 = 401;

/// Opens a session.
#[expect(clippy::unnecessary_wraps, reason = "a handler may refuse")]
pub(super) fn create(desk: &mut Desk<'_>, request: CreateSessionRequest) -> Verdict {
    let force_3d = request.force_3d.unwrap_or_default();
    let (id, expires) = open(desk, request.user_phone.as_str().to_owned(), force_3d);
    let body = desk.template("createMasterpassSession", "page");
    Ok(body.set("/SessionId", id).set("/SessionExpiryDate", to_the_second(expires)).done())
}

/// The session of a request, renewed where it has grown old: the id in the answer is the one that counts from then on.
pub(super) fn current(desk: &mut Desk<'_>, id: &str) -> Result<Current, No> {
    let known = desk.book.sessions.get(id).filter(|session| desk.now < session.expires).cloned();
    let session = known.ok_or_else(|| No::new(UNAUTHORIZED, "the Masterpass session is unknown or has expired"))?;
    let (phone, force_3d) = (session.phone, session.force_3d);
    if desk.now < session.renews {
        return Ok(Current { phone, force_3d, id: id.to_owned(), renewed: None });
    }
    desk.book.sessions.remove(id);
    let (id, expires) = open(desk, phone.clone(), force_3d);
    Ok(Current { phone, force_3d, id, renewed: Some(expires) })
}

impl Desk<'_> {
    /// Lets a session be renewed by the next answer.
    pub(crate) fn age_session(&mut self, id: &str) {
        let now = self.now;
        if let Some(session) = self.book.sessions.get_mut(id) {
            session.renews = now;
        }
    }
}

impl Current {
    /// Says in a body which session counts.
    pub(super) fn told(&self, body: Filled) -> Filled {
        let body = body.set("/Session/SessionRenewed", self.renewed.is_some()).set("/Session/SessionId", &*self.id);
        match self.renewed {
            Some(expires) => body.set("/Session/SessionExpiryDate", to_the_second(expires)),
            None => body,
        }
    }
}

fn open(desk: &mut Desk<'_>, phone: String, force_3d: bool) -> (String, Moment) {
    let (id, expires) = (desk.guid(), desk.later(LIFE));
    let renews = desk.later(desk.settings.renew_sessions_after);
    desk.book.sessions.put(id.clone(), Session { phone, force_3d, expires, renews });
    (id, expires)
}

/// As the sample has it: `2025-07-27T11:24:57`.
fn to_the_second(moment: Moment) -> String {
    moment.local().chars().take(19).collect()
}

/// Shows no telephone number.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("force_3d", &self.force_3d)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// Shows neither its id nor a telephone number.
impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Current").field("renewed", &self.renewed).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::filled::Templates;
    use super::super::passwords::{self, Tried, WhatFor};
    use super::super::{Bank, Book};
    use super::*;

    const PHONE: &str = "905123456710";

    /// So many minutes after the first of January 1970.
    fn after(minutes: u64) -> Moment {
        let epoch: Moment = serde_json::from_str("0").expect("a moment");
        epoch.after(Duration::from_secs(minutes * 60))
    }

    fn bank() -> (Bank, String) {
        let mut bank = Bank::new(Book::default(), 7, Templates::default());
        let (id, _) = open(&mut bank.desk(after(0), ""), PHONE.to_owned(), false);
        (bank, id)
    }

    #[test]
    fn a_session_is_renewed_when_it_has_grown_old_and_ends_after_half_an_hour() {
        let (mut bank, id) = bank();
        let young = current(&mut bank.desk(after(19), ""), &id).expect("it counts");
        assert_eq!((young.id.as_str(), young.renewed), (id.as_str(), None));
        let old = current(&mut bank.desk(after(20), ""), &id).expect("it counts");
        assert_ne!(old.id, id);
        assert_eq!(old.renewed, Some(after(50)));
        assert_eq!(current(&mut bank.desk(after(20), ""), &id).expect_err("replaced").code, UNAUTHORIZED);
        assert_eq!(current(&mut bank.desk(after(50), ""), &old.id).expect_err("ended").code, UNAUTHORIZED);
    }

    #[test]
    fn a_password_that_has_run_out_is_worth_nothing_until_it_is_sent_again() {
        let (mut bank, _) = bank();
        let token = passwords::send(&mut bank.desk(after(0), ""), PHONE, WhatFor::Link);
        let mut late = bank.desk(after(3), "");
        let attempt =
            |desk: &mut Desk<'_>, token: &str| passwords::attempt(desk, PHONE, token, &WhatFor::Link, "123456");
        assert_eq!(attempt(&mut late, &token), Tried::Expired);
        let again = passwords::send_again(&mut late, PHONE, &token).expect("sent again");
        assert_eq!(attempt(&mut late, &token), Tried::Unknown);
        assert_eq!(attempt(&mut late, &again), Tried::Right);
        assert_eq!(attempt(&mut late, &again), Tried::Unknown);
    }

    #[test]
    fn a_password_is_that_of_one_shopper_and_one_purpose() {
        let (mut bank, _) = bank();
        let mut desk = bank.desk(after(0), "");
        let token = passwords::send(&mut desk, PHONE, WhatFor::Link);
        for (phone, what_for) in [("905123456711", WhatFor::Link), (PHONE, WhatFor::Payment("1".to_owned()))] {
            assert_eq!(passwords::attempt(&mut desk, phone, &token, &what_for, "123456"), Tried::Unknown);
        }
        assert_eq!(passwords::send_again(&mut desk, "905123456711", &token), None);
        assert_eq!(passwords::attempt(&mut desk, PHONE, &token, &WhatFor::Link, "123456"), Tried::Right);
    }

    #[test]
    fn debug_shows_no_id_and_no_telephone_number() {
        let (mut bank, id) = bank();
        passwords::send(&mut bank.desk(after(0), ""), PHONE, WhatFor::Link);
        let session = current(&mut bank.desk(after(1), ""), &id).expect("it counts");
        let kept = bank.desk(after(1), "").book.sessions.get(&id).cloned();
        let shown = format!("{bank:?}{session:?}{kept:?}");
        assert!(!shown.contains(PHONE) && !shown.contains(&id), "{shown}");
    }
}
