//! What does Paywall remember, and what does each operation do to it? Sessions, cards and payments. No I/O, no clock
//! and no chance of its own: all three come from outside, so that a seed gives the same day again.
//!
//! ```text
//! request (it has passed the judge) -> handler of the operation -> book changed, answer written
//! no handler                        -> the documented sample, from the contract alone
//! ```

mod book;
pub(crate) mod cards;
mod changes;
#[cfg(test)]
mod days;
mod desk;
mod filled;
pub(crate) mod guidance;
mod handlers;
mod inquiries;
mod masterpass;
mod messages;
mod moment;
pub mod outcomes;
mod passwords;
pub(crate) mod payment;
pub(crate) mod payments;
mod register;
pub(crate) mod secure;
#[cfg(test)]
mod sequences;
mod sessions;
mod settings;
mod shelf;
mod stored;
mod telephones;
mod tokens;
mod verdict;
mod wallet;

use std::fmt;

pub(crate) use self::book::Book;
pub(crate) use self::desk::{Desk, Notice};
pub(crate) use self::filled::{Filled, Templates};
pub(crate) use self::moment::Moment;
pub(crate) use self::payment::Payment;
pub(crate) use self::secure::{Page3d, Stage3d};
pub(crate) use self::settings::Settings;
pub(crate) use self::stored::{Change, Changes, Unreadable};
pub(crate) use self::verdict::{No, Verdict};

use self::register::Register;

/// The state of a sandbox and all that acts on it.
pub(crate) struct Bank {
    book: Book,
    /// Made from the book.
    register: Register,
    random: fastrand::Rng,
    templates: Templates,
    settings: Settings,
}

impl Bank {
    /// A bank with this book; `seed` decides every code and number that it makes up.
    pub(crate) fn new(book: Book, seed: u64, templates: Templates) -> Self {
        let register = Register::of(book.payments.iter().map(|(_, payment)| payment));
        // A book that was stored goes on with other codes than those that are in it.
        let seed = seed.wrapping_add(register.highest().unsigned_abs());
        Self { book, register, random: fastrand::Rng::with_seed(seed), templates, settings: Settings::default() }
    }

    /// The same bank with other times.
    pub(crate) fn with(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// What the operation answers, and what is to be sent because of it. Nothing where no handler knows it: the sample
    /// answers then.
    pub(crate) fn act(
        &mut self,
        operation: &str,
        request: &str,
        now: Moment,
        here: &str,
    ) -> Option<(Verdict, Vec<Notice>)> {
        let handler = handlers::of(operation)?;
        let mut desk = self.desk(now, here);
        desk.settle();
        let verdict = handler(&mut desk, request);
        Some((verdict, desk.into_notices()))
    }

    /// What has become due by itself: payments that were pending, watches that have run out.
    pub(crate) fn tick(&mut self, now: Moment, here: &str) -> Vec<Notice> {
        let mut desk = self.desk(now, here);
        desk.settle();
        desk.into_notices()
    }

    /// The same for somebody who visits a page.
    pub(crate) fn visit<T>(
        &mut self,
        now: Moment,
        here: &str,
        visit: impl FnOnce(&mut Desk<'_>) -> T,
    ) -> (T, Vec<Notice>) {
        let mut desk = self.desk(now, here);
        desk.settle();
        let seen = visit(&mut desk);
        (seen, desk.into_notices())
    }

    /// The book, for what is no operation of the contract: the page of 3-D Secure, the store.
    pub(crate) fn desk<'b>(&'b mut self, now: Moment, here: &'b str) -> Desk<'b> {
        Desk::new((&mut self.book, &mut self.register), &mut self.random, (&self.templates, &self.settings), now, here)
    }
}

/// Shows how much there is, not what.
impl fmt::Debug for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bank").field("book", &self.book).finish_non_exhaustive()
    }
}
