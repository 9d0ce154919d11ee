//! By which other names is a payment known, and when does something become due of it? Made from the payments alone, so
//! that nobody has to store it.

use std::collections::{BTreeMap, BTreeSet};

use super::Moment;
use super::payment::Payment;

/// What leads to payments, apart from their own code.
#[derive(Debug, Default)]
pub(crate) struct Register {
    by_id: BTreeMap<i64, String>,
    by_unique_code: BTreeMap<String, String>,
    by_token: BTreeMap<String, String>,
    due: BTreeSet<(Moment, String)>,
    /// The highest number of a payment or a movement so far.
    highest: i64,
}

/// Where the numbers of payments begin: above what 32 bits hold, as Paywall says that they do.
const FIRST: i64 = 8_013_143_466;

impl Register {
    /// The register of payments that were stored.
    pub(crate) fn of<'p>(payments: impl Iterator<Item = &'p Payment>) -> Self {
        let mut register = Self::default();
        payments.for_each(|payment| register.enter(payment));
        register
    }

    /// Enters a payment, or what is new of it.
    pub(super) fn enter(&mut self, payment: &Payment) {
        let code = &payment.order.merchant_code;
        self.by_id.insert(payment.id, code.clone());
        self.by_unique_code.insert(payment.unique_code.to_ascii_lowercase(), code.clone());
        if let Some(three_d) = &payment.order.three_d {
            self.by_token.insert(three_d.token.clone(), code.clone());
        }
        let due =
            payment.waits.iter().map(|waiting| waiting.until).chain(payment.order.watches.iter().map(|watch| watch.at));
        let due = due.chain(payment.hangs_until);
        self.due.extend(due.map(|at| (at, code.clone())));
        let numbers = payment.movements().map(|movement| movement.id).max();
        self.highest = self.highest.max(payment.id).max(numbers.unwrap_or_default());
    }

    /// The next number.
    pub(super) fn number(&mut self) -> i64 {
        self.highest = self.highest.max(FIRST).saturating_add(1);
        self.highest
    }

    pub(super) fn highest(&self) -> i64 {
        self.highest
    }

    pub(super) fn by_id(&self, id: i64) -> Option<&str> {
        self.by_id.get(&id).map(String::as_str)
    }

    pub(super) fn by_unique_code(&self, unique_code: &str) -> Option<&str> {
        self.by_unique_code.get(&unique_code.to_ascii_lowercase()).map(String::as_str)
    }

    pub(super) fn by_token(&self, token: &str) -> Option<&str> {
        self.by_token.get(token).map(String::as_str)
    }

    /// Takes out the payments of which something is due by now.
    pub(super) fn take_due(&mut self, now: Moment) -> BTreeSet<String> {
        let mut due = BTreeSet::new();
        while self.due.first().is_some_and(|(at, _)| *at <= now) {
            due.extend(self.due.pop_first().map(|(_, code)| code));
        }
        due
    }
}
