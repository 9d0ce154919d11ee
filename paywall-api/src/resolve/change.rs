//! Did a change of a payment take effect? By what it changes, against what was known before.

use crate::codes::{PaymentStatus, PaymentType};
use crate::standing::Facts;
use crate::{Amount, Effect, Standing};

/// A change whose outcome is unknown.
pub(super) struct Change {
    pub(super) effect: Option<Effect>,
    pub(super) before: Option<Facts>,
    pub(super) amount: Option<Amount>,
}

/// What a payment shows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// What it was to bring about is there, and was not before.
    Clear,
    /// There is none.
    None,
    /// Something goes on; what it is will be seen.
    UnderWay,
    /// It may be this change's or another's.
    Unclear,
}

impl Change {
    pub(super) fn trace(&self, now: &Facts) -> Trace {
        if now.is_under_way() {
            return Trace::UnderWay;
        }
        match (self.has_come_about(now), self.is_absent(now)) {
            (true, false) => Trace::Clear,
            // To send it again might give back twice.
            (false, true) if self.is_given_back_otherwise(now) => Trace::Unclear,
            // A failed movement explains itself; anything else that disagrees with itself explains nothing.
            (false, true) if now.standing() != Standing::Contradictory || is_failed_change(now) => Trace::None,
            _ => Trace::Unclear,
        }
    }

    fn has_come_about(&self, now: &Facts) -> bool {
        match self.effect {
            Some(Effect::Capture) => self.is_captured(now) && self.is_new(|facts| facts.standing() == Standing::Paid),
            Some(Effect::Void) => self.is_cancelled(now) && now.sale == Some(false),
            Some(Effect::Cancel) => self.is_cancelled(now),
            Some(Effect::Refund) => self.is_refunded(now),
            Some(Effect::PartialRefund) => self.part().is_some_and(|part| self.is_refunded_by(part, now)),
            Some(Effect::Revert) => self.is_reverted(now),
            Some(Effect::Payment | Effect::Completion) | None => false,
        }
    }

    fn is_absent(&self, now: &Facts) -> bool {
        match self.effect {
            Some(Effect::Capture) => now.sale == Some(false),
            Some(Effect::Void | Effect::Cancel) => never_cancelled(now),
            Some(Effect::Refund) => never_refunded(now),
            Some(Effect::PartialRefund) => self.no_part_refunded(now),
            Some(Effect::Revert) => never_cancelled(now) && never_refunded(now) && self.no_part_refunded(now),
            Some(Effect::Payment | Effect::Completion) | None => false,
        }
    }

    /// Did the money go back in another way, so far as is known since the snapshot?
    fn is_given_back_otherwise(&self, now: &Facts) -> bool {
        let cancelled = |facts: &Facts| facts.cancel == Some(true);
        let refunded = |facts: &Facts| [facts.refund, facts.partial_refund].contains(&Some(true));
        match self.effect {
            Some(Effect::Refund | Effect::PartialRefund) => cancelled(now) && self.is_new(cancelled),
            Some(Effect::Cancel) => refunded(now) && self.is_new(refunded),
            _ => false,
        }
    }

    /// Was it not so before, as far as that is known?
    fn is_new(&self, was: impl Fn(&Facts) -> bool) -> bool {
        !self.before.as_ref().is_some_and(was)
    }

    /// The amount, unless it stands for the whole.
    fn part(&self) -> Option<Amount> {
        self.amount.filter(|amount| !amount.is_zero())
    }

    fn is_captured(&self, now: &Facts) -> bool {
        let as_asked = match self.part() {
            Some(part) => now.moved.or(now.amount) == Some(part),
            None => now.moved.is_none_or(|moved| [now.amount, now.original].contains(&Some(moved))),
        };
        now.standing() == Standing::Paid && now.provision == Some(true) && as_asked
    }

    fn is_cancelled(&self, now: &Facts) -> bool {
        now.standing() == Standing::Cancelled && self.is_new(|facts| facts.standing() == Standing::Cancelled)
    }

    /// Without a snapshot, the rest may have been paid back in parts by others.
    fn is_refunded(&self, now: &Facts) -> bool {
        let by_a_refund = now.kind == Some(PaymentType::REFUND) && now.status == Some(PaymentStatus::SUCCESSFUL);
        now.standing() == Standing::Refunded
            && (by_a_refund || self.before.is_some())
            && self.is_new(|facts| facts.standing() == Standing::Refunded)
    }

    fn is_reverted(&self, now: &Facts) -> bool {
        match self.part().filter(|part| Some(*part) != now.amount) {
            None => self.is_cancelled(now) || self.is_refunded(now),
            // On the payment's own day a revert cancels, whatever the amount.
            Some(part) => self.is_refunded_by(part, now) || (self.before.is_some() && self.is_cancelled(now)),
        }
    }

    /// Was exactly `part` paid back since the snapshot?
    fn is_refunded_by(&self, part: Amount, now: &Facts) -> bool {
        let Some(before) = &self.before else { return false };
        let moved_on = before.activity.is_none() || now.activity.is_none() || before.activity != now.activity;
        let fits = match (before.remaining, now.remaining) {
            (Some(was), Some(left)) => was.checked_sub(left) == Some(part) && !is_refund_of_another(part, now),
            _ => is_new_refund(before, now) && now.moved == Some(part),
        };
        matches!(now.standing(), Standing::PartiallyRefunded | Standing::Refunded) && moved_on && fits
    }

    fn no_part_refunded(&self, now: &Facts) -> bool {
        if now.partial_refund == Some(false) && now.refund == Some(false) {
            return now.fully_refunded != Some(true);
        }
        let Some(before) = &self.before else { return false };
        match (before.remaining, now.remaining) {
            (Some(before), Some(now)) => before == now,
            _ => before.activity.is_some() && before.activity == now.activity && flags(before) == flags(now),
        }
    }
}

/// A movement that was not there before, and is a partial refund that succeeded.
fn is_new_refund(before: &Facts, now: &Facts) -> bool {
    let is_new = before.activity.is_some() && now.activity.is_some() && before.activity != now.activity;
    is_new && now.kind == Some(PaymentType::PARTIAL_REFUND) && now.status == Some(PaymentStatus::SUCCESSFUL)
}

/// Is the last movement a partial refund of another amount? Then several may have added up to `part`.
fn is_refund_of_another(part: Amount, now: &Facts) -> bool {
    let is_refund = now.kind == Some(PaymentType::PARTIAL_REFUND) && now.status == Some(PaymentStatus::SUCCESSFUL);
    is_refund && now.moved.is_some_and(|moved| moved != part)
}

fn is_failed_change(now: &Facts) -> bool {
    now.has_failed() && now.kind != Some(PaymentType::SALE)
}

fn never_cancelled(now: &Facts) -> bool {
    now.cancel == Some(false) && now.status != Some(PaymentStatus::CANCELLED)
}

/// Never in full: after a partial refund, only if something remains for certain.
fn never_refunded(now: &Facts) -> bool {
    let remains = now.remaining.is_some_and(|remaining| remaining > Amount::ZERO);
    now.refund == Some(false) && now.fully_refunded != Some(true) && (now.partial_refund == Some(false) || remains)
}

fn flags(facts: &Facts) -> [Option<bool>; 5] {
    [facts.sale, facts.refund, facts.partial_refund, facts.cancel, facts.fully_refunded]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::tests::{amount, authorized, cancelled, paid, partially_refunded, refunded, refused, voided};

    fn change(effect: Effect) -> Change {
        Change { effect: Some(effect), before: None, amount: None }
    }

    impl Change {
        fn of(mut self, text: &str) -> Self {
            self.amount = Some(amount(text));
            self
        }

        fn after(mut self, before: Facts) -> Self {
            self.before = Some(before);
            self
        }
    }

    fn remaining(facts: Facts, text: &str) -> Facts {
        Facts { remaining: Some(amount(text)), ..facts }
    }

    fn failed(facts: Facts, kind: PaymentType) -> Facts {
        let status = Some(PaymentStatus::FAILED);
        Facts { status, kind: Some(kind), succeeded: Some(false), activity: Some(9), ..facts }
    }

    fn captured() -> Facts {
        Facts { provision: Some(true), activity: Some(2), ..paid() }
    }

    #[test]
    fn a_capture_shows_in_a_payment_of_its_amount() {
        let capture = || change(Effect::Capture);
        assert_eq!(capture().trace(&captured()), Trace::Clear);
        assert_eq!(capture().after(authorized()).trace(&captured()), Trace::Clear);
        assert_eq!(capture().trace(&authorized()), Trace::None);
        assert_eq!(capture().after(authorized()).trace(&refused()), Trace::None);
        assert_eq!(capture().trace(&voided()), Trace::None);
        let part = Facts { moved: Some(amount("60")), ..captured() };
        assert_eq!(capture().of("60.00").trace(&part), Trace::Clear);
        assert_eq!(capture().of("60").trace(&captured()), Trace::Unclear);
        assert_eq!(capture().trace(&part), Trace::Unclear);
        assert_eq!(capture().of("0").trace(&captured()), Trace::Clear);
        assert_eq!(capture().after(captured()).trace(&captured()), Trace::Unclear);
        assert_eq!(capture().trace(&paid()), Trace::Unclear);
    }

    #[test]
    fn a_void_shows_in_a_cancelled_authorisation() {
        let void = || change(Effect::Void);
        assert_eq!(void().trace(&voided()), Trace::Clear);
        assert_eq!(void().trace(&authorized()), Trace::None);
        assert_eq!(void().trace(&captured()), Trace::None);
        assert_eq!(void().trace(&cancelled()), Trace::Unclear);
        assert_eq!(void().after(voided()).trace(&voided()), Trace::Unclear);
    }

    #[test]
    fn a_cancel_shows_in_a_cancelled_payment() {
        let cancel = || change(Effect::Cancel);
        assert_eq!(cancel().trace(&cancelled()), Trace::Clear);
        assert_eq!(cancel().trace(&paid()), Trace::None);
        assert_eq!(cancel().trace(&failed(paid(), PaymentType::CANCEL)), Trace::None);
        assert_eq!(cancel().trace(&Facts { cancel: None, ..paid() }), Trace::Unclear);
        assert_eq!(cancel().after(cancelled()).trace(&cancelled()), Trace::Unclear);
    }

    #[test]
    fn a_refund_shows_in_a_refunded_payment() {
        let refund = || change(Effect::Refund);
        assert_eq!(refund().trace(&refunded()), Trace::Clear);
        assert_eq!(refund().trace(&paid()), Trace::None);
        assert_eq!(refund().trace(&failed(paid(), PaymentType::REFUND)), Trace::None);
        assert_eq!(refund().after(refunded()).trace(&refunded()), Trace::Unclear);
        let in_parts = remaining(partially_refunded(), "0");
        assert_eq!(refund().trace(&in_parts), Trace::Unclear);
        assert_eq!(refund().after(paid()).trace(&in_parts), Trace::Clear);
        assert_eq!(refund().trace(&partially_refunded()), Trace::Unclear);
        assert_eq!(refund().trace(&remaining(partially_refunded(), "90")), Trace::None);
    }

    #[test]
    fn what_was_given_back_in_another_way_is_not_given_back_again() {
        for given_back in [change(Effect::Refund), change(Effect::PartialRefund).of("10").after(paid())] {
            assert_eq!(given_back.trace(&cancelled()), Trace::Unclear);
        }
        assert_eq!(change(Effect::Cancel).trace(&refunded()), Trace::Unclear);
        assert_eq!(change(Effect::Cancel).after(paid()).trace(&partially_refunded()), Trace::Unclear);
        assert_eq!(change(Effect::Cancel).after(refunded()).trace(&refunded()), Trace::None);
    }

    #[test]
    fn a_partial_refund_shows_in_exactly_its_amount() {
        let refund = |text| change(Effect::PartialRefund).of(text);
        let before = || remaining(paid(), "100");
        let after = || remaining(partially_refunded(), "90.00");
        assert_eq!(refund("10").after(before()).trace(&after()), Trace::Clear);
        assert_eq!(refund("10.00").after(before()).trace(&before()), Trace::None);
        assert_eq!(refund("20").after(before()).trace(&after()), Trace::Unclear);
        assert_eq!(refund("10").after(after()).trace(&after()), Trace::None);
        let third = Facts { activity: Some(3), ..remaining(partially_refunded(), "80") };
        assert_eq!(refund("10").after(after()).trace(&third), Trace::Clear);
        assert_eq!(refund("10").after(before()).trace(&third), Trace::Unclear);
        assert_eq!(refund("10").after(after()).trace(&failed(after(), PaymentType::PARTIAL_REFUND)), Trace::None);
        let rest = Facts { activity: Some(4), moved: Some(amount("90")), ..remaining(partially_refunded(), "0") };
        assert_eq!(refund("90").after(after()).trace(&rest), Trace::Clear);
        let moved_without_a_movement = remaining(Facts { activity: Some(1), ..partially_refunded() }, "90");
        assert_eq!(refund("10").after(before()).trace(&moved_without_a_movement), Trace::Unclear);
    }

    #[test]
    fn refunds_of_others_that_add_up_to_the_amount_are_not_taken_for_it() {
        let refund = || change(Effect::PartialRefund).of("10").after(remaining(paid(), "100"));
        let four_and_six =
            Facts { activity: Some(3), moved: Some(amount("6")), ..remaining(partially_refunded(), "90") };
        assert_eq!(refund().trace(&four_and_six), Trace::Unclear);
        assert_eq!(refund().trace(&failed(four_and_six, PaymentType::PARTIAL_REFUND)), Trace::Clear);
    }

    #[test]
    fn where_the_remainder_is_not_told_the_last_movement_speaks() {
        let refund = |text| change(Effect::PartialRefund).of(text);
        let again = Facts { activity: Some(3), ..partially_refunded() };
        assert_eq!(refund("10").after(paid()).trace(&partially_refunded()), Trace::Clear);
        assert_eq!(refund("10").after(partially_refunded()).trace(&again), Trace::Clear);
        assert_eq!(refund("10").after(partially_refunded()).trace(&partially_refunded()), Trace::None);
        assert_eq!(refund("9").after(paid()).trace(&partially_refunded()), Trace::Unclear);
        let hidden = failed(partially_refunded(), PaymentType::PARTIAL_REFUND);
        assert_eq!(refund("10").after(partially_refunded()).trace(&hidden), Trace::Unclear);
        let unnumbered = || Facts { activity: None, ..partially_refunded() };
        assert_eq!(refund("10").after(unnumbered()).trace(&unnumbered()), Trace::Unclear);
    }

    #[test]
    fn without_a_snapshot_a_partial_refund_may_be_an_earlier_one() {
        let refund = change(Effect::PartialRefund).of("10");
        assert_eq!(refund.trace(&partially_refunded()), Trace::Unclear);
        assert_eq!(refund.trace(&remaining(partially_refunded(), "90")), Trace::Unclear);
        assert_eq!(refund.trace(&refunded()), Trace::Unclear);
        assert_eq!(refund.trace(&paid()), Trace::None);
        assert_eq!(change(Effect::PartialRefund).after(paid()).trace(&partially_refunded()), Trace::Unclear);
    }

    #[test]
    fn a_revert_is_whichever_the_day_asked_for() {
        let revert = || change(Effect::Revert);
        assert_eq!(revert().trace(&cancelled()), Trace::Clear);
        assert_eq!(revert().trace(&refunded()), Trace::Clear);
        assert_eq!(revert().of("100").trace(&refunded()), Trace::Clear);
        assert_eq!(revert().of("0").trace(&cancelled()), Trace::Clear);
        assert_eq!(revert().trace(&paid()), Trace::None);
        assert_eq!(revert().trace(&partially_refunded()), Trace::Unclear);
        assert_eq!(revert().after(paid()).trace(&partially_refunded()), Trace::Unclear);
        assert_eq!(revert().of("10").after(paid()).trace(&partially_refunded()), Trace::Clear);
        assert_eq!(revert().of("10").after(paid()).trace(&cancelled()), Trace::Clear);
        assert_eq!(revert().of("10").trace(&cancelled()), Trace::Unclear);
        assert_eq!(revert().of("10").after(paid()).trace(&refunded()), Trace::Unclear);
    }

    #[test]
    fn what_goes_on_is_waited_for() {
        for effect in [Effect::Capture, Effect::Void, Effect::Cancel, Effect::Refund, Effect::PartialRefund] {
            for status in [1, 2, 6, 8, 9, 10, 11, 13, 14, 99] {
                let facts = Facts { status: Some(PaymentStatus::new(status)), ..refunded() };
                assert_eq!(change(effect).trace(&facts), Trace::UnderWay, "{effect:?} {status}");
            }
        }
    }

    /// No change is ever found to be both, and none without what it changes.
    #[test]
    fn no_combination_breaks_a_rule() {
        let effects =
            [Effect::Capture, Effect::Void, Effect::Cancel, Effect::Refund, Effect::PartialRefund, Effect::Revert];
        let flags = [None, Some(false), Some(true)];
        let befores = [None, Some(authorized()), Some(remaining(paid(), "100")), Some(partially_refunded())];
        for effect in effects {
            for (status, kind) in [3, 4, 5, 7, 12].iter().flat_map(|status| (1..=4).map(move |kind| (*status, kind))) {
                for (sale, refund) in flags.iter().flat_map(|one| flags.iter().map(move |two| (*one, *two))) {
                    for (partial, cancel) in flags.iter().flat_map(|one| flags.iter().map(move |two| (*one, *two))) {
                        for (before, part) in befores.iter().flat_map(|before| [(before, false), (before, true)]) {
                            let now = Facts {
                                status: Some(PaymentStatus::new(status)),
                                kind: Some(PaymentType::new(kind)),
                                sale,
                                refund,
                                partial_refund: partial,
                                cancel,
                                provision: Some(true),
                                activity: Some(7),
                                moved: Some(amount(if part { "10" } else { "100" })),
                                ..paid()
                            };
                            let amount = part.then(|| amount("10"));
                            judge(&Change { effect: Some(effect), before: before.clone(), amount }, &now);
                        }
                    }
                }
            }
        }
    }

    fn judge(change: &Change, now: &Facts) {
        let effect = change.effect.expect("effect");
        let back = [now.refund, now.partial_refund].contains(&Some(true));
        match change.trace(now) {
            Trace::Clear => {
                let shows = match effect {
                    Effect::Capture => now.sale == Some(true) && !back && now.cancel == Some(false),
                    Effect::Void => now.sale == Some(false) && !back,
                    Effect::Cancel => !back && (now.cancel == Some(true) || now.sale == Some(false)),
                    Effect::Refund => now.sale == Some(true) && back && now.cancel == Some(false),
                    Effect::PartialRefund => now.partial_refund == Some(true) && change.before.is_some(),
                    _ => back || now.cancel == Some(true) || now.sale == Some(false),
                };
                assert!(shows, "{effect:?} {now:?}");
            }
            Trace::None => {
                let absent = match effect {
                    Effect::Capture => now.sale == Some(false),
                    Effect::Void | Effect::Cancel => now.cancel == Some(false),
                    Effect::Refund => now.refund == Some(false),
                    Effect::PartialRefund => !back,
                    _ => !back && now.cancel == Some(false),
                };
                assert!(absent, "{effect:?} {now:?}");
            }
            Trace::UnderWay => panic!("nothing goes on: {now:?}"),
            Trace::Unclear => {}
        }
    }
}
