//! Where a request is handled: the book, the time, chance, and what is to be sent afterwards.

use std::time::Duration;

use super::filled::Templates;
use super::register::Register;
use super::{Book, Filled, Moment, Settings};

/// What the sandbox sends by itself, once the answer is safe.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// Which message of the contract it is.
    pub(crate) message: &'static str,
    /// Where it goes; nothing for the address that the sandbox was started with.
    pub(crate) address: Option<String>,
    /// Its JSON, not yet signed.
    pub(crate) body: Filled,
}

/// Everything that a handler may use.
pub(crate) struct Desk<'b> {
    pub(crate) book: &'b mut Book,
    pub(super) register: &'b mut Register,
    pub(crate) now: Moment,
    /// The address of this sandbox, as browsers see it.
    pub(crate) here: &'b str,
    pub(crate) settings: &'b Settings,
    random: &'b mut fastrand::Rng,
    templates: &'b Templates,
    notices: Vec<Notice>,
}

impl<'b> Desk<'b> {
    pub(super) fn new(
        (book, register): (&'b mut Book, &'b mut Register),
        random: &'b mut fastrand::Rng,
        (templates, settings): (&'b Templates, &'b Settings),
        now: Moment,
        here: &'b str,
    ) -> Self {
        Self { book, register, now, here, settings, random, templates, notices: Vec::new() }
    }

    /// The documented body of a case, to be filled in.
    pub(crate) fn template(&self, operation: &str, case: &str) -> Filled {
        self.templates.get(operation, case)
    }

    /// A GUID of chance.
    pub(crate) fn guid(&mut self) -> String {
        let bits = self.random.u128(..);
        let text = format!("{bits:032x}");
        format!("{}-{}-4{}-a{}-{}", &text[..8], &text[8..12], &text[13..16], &text[17..20], &text[20..])
    }

    /// A number of chance, as Paywall's ids are.
    pub(crate) fn number(&mut self) -> i64 {
        self.random.i64(1_000_000..10_000_000_000)
    }

    pub(crate) fn later(&self, time: Duration) -> Moment {
        self.now.after(time)
    }

    pub(crate) fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    pub(super) fn into_notices(self) -> Vec<Notice> {
        self.notices
    }
}
