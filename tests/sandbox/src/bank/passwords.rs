//! Which one-time password is being waited for, what for, and how often may it still be typed?

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::cards::unhyphened;
use super::outcomes::{PASSWORD, TRIES};
use super::{Desk, Moment};

/// How long a token counts. No page says a number.
const LIFE: Duration = Duration::from_secs(3 * 60);

/// A password that was sent, by its token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Password {
    phone: String,
    what_for: WhatFor,
    tries: u8,
    expires: Moment,
}

/// What the password is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WhatFor {
    /// Linking the shopper's account to the merchant.
    Link,
    /// The Masterpass payment with this id.
    Payment(String),
}

/// What becomes of a try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tried {
    Right,
    /// Wrong, and it may be typed again.
    Again,
    /// Wrong for the last time.
    Spent,
    /// The token has run out.
    Expired,
    /// No password of this shopper, for this purpose, has such a token.
    Unknown,
}

/// Sends a password: its token.
pub(super) fn send(desk: &mut Desk<'_>, phone: &str, what_for: WhatFor) -> String {
    let (token, expires) = (unhyphened(&desk.guid()), desk.later(LIFE));
    desk.book.passwords.put(token.clone(), Password { phone: phone.to_owned(), what_for, tries: TRIES, expires });
    token
}

/// Sends it again: the new token, which replaces the old one. A token that has run out will do.
pub(super) fn send_again(desk: &mut Desk<'_>, phone: &str, token: &str) -> Option<String> {
    let known = desk.book.passwords.get(token).filter(|password| password.phone == phone)?;
    let what_for = known.what_for.clone();
    desk.book.passwords.remove(token);
    Some(send(desk, phone, what_for))
}

/// Tries a password. One that was right, or wrong for the last time, is gone.
pub(super) fn attempt(desk: &mut Desk<'_>, phone: &str, token: &str, what_for: &WhatFor, code: &str) -> Tried {
    let now = desk.now;
    let own = |password: &&Password| password.phone == phone && password.what_for == *what_for;
    match desk.book.passwords.get(token).filter(own) {
        None => Tried::Unknown,
        Some(password) if password.expires <= now => Tried::Expired,
        Some(_) if code == PASSWORD => {
            desk.book.passwords.remove(token);
            Tried::Right
        }
        Some(_) => wrong(desk, token),
    }
}

fn wrong(desk: &mut Desk<'_>, token: &str) -> Tried {
    let left = desk.book.passwords.get_mut(token).map_or(0, |password| {
        password.tries = password.tries.saturating_sub(1);
        password.tries
    });
    if left > 0 {
        return Tried::Again;
    }
    desk.book.passwords.remove(token);
    Tried::Spent
}

/// Shows no telephone number.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Password").field("what_for", &self.what_for).field("tries", &self.tries).finish_non_exhaustive()
    }
}
