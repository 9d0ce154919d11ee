//! Whether a change of a payment took effect: by what is new since the caller's snapshot.
//!
//! The rules, which [`worlds`] proves against an oracle that knows what really happened:
//!
//! 1. An answer older than the snapshot proves nothing, and neither does one whose age nobody can tell.
//! 2. "No effect" needs evidence: no movement that could be the caller's has succeeded or is going on since the
//!    snapshot, and nothing else says that money has moved. `RemainingRefundAmount` decides nothing alone, since it may
//!    lag: as it was, it proves nothing; lower than it was, it is a sign that money went back, whatever failed last.
//! 3. "Took effect" needs the caller's movement: the last one, or one in the list of movements, new, successful, of its
//!    kind and amount. Where another of the same kind and amount was tried as well, nobody can tell which was whose.
//! 4. Everything else is unclear.

use self::ledger::Ledger;
use super::age::{flags, is_older};
use crate::codes::{PaymentStatus, PaymentType};
use crate::movements::Movement;
use crate::standing::Facts;
use crate::{Amount, Effect, Standing};

mod ledger;

/// A change whose outcome is unknown.
pub(super) struct Change {
    pub(super) effect: Option<Effect>,
    pub(super) before: Option<Facts>,
    pub(super) amount: Option<Amount>,
    /// The movements, by another source than the inquiry.
    pub(super) movements: Option<Vec<Movement>>,
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
        if now.unreadable
            || self.before.as_ref().is_some_and(|before| is_older(now, before) || contradicts(now, before))
        {
            return Trace::Unclear;
        }
        let ledger = Ledger::of(self, now);
        match (self.has_come_about(now, ledger.as_ref()), self.is_absent(now, ledger.as_ref())) {
            (true, false) => Trace::Clear,
            (false, true) => Trace::None,
            _ => Trace::Unclear,
        }
    }

    fn has_come_about(&self, now: &Facts, ledger: Option<&Ledger>) -> bool {
        match self.effect {
            Some(Effect::Capture) => self.is_captured(now),
            Some(Effect::Void) => self.is_cancelled(now) && now.sale == Some(false),
            Some(Effect::Cancel) => self.is_cancelled(now),
            Some(Effect::Refund) => self.is_refunded(now),
            Some(Effect::PartialRefund) => self.part().is_some_and(|part| self.is_refunded_by(part, now, ledger)),
            Some(Effect::Revert) => self.is_reverted(now, ledger),
            Some(Effect::Payment | Effect::Completion) | None => false,
        }
    }

    /// Rule 2.
    fn is_absent(&self, now: &Facts, ledger: Option<&Ledger>) -> bool {
        if self.was_so_before() || !self.is_of_an_age(now) || !is_sound(now) {
            return false;
        }
        match ledger {
            // A list says what each movement was; what it does not explain speaks against it.
            Some(ledger) => !ledger.is_going_on() && !ledger.may_hold(self) && ledger.explains(self, now),
            None => !self.has_sign_of_money(now) && (self.is_unchanged(now) || self.never_succeeded(now)),
        }
    }

    /// Was what the change brings about so in the snapshot already? Then nothing tells whether it was done again.
    fn was_so_before(&self) -> bool {
        let Some(before) = &self.before else { return false };
        match self.effect {
            Some(Effect::Capture) => before.standing() == Standing::Paid,
            Some(Effect::Void | Effect::Cancel) => before.standing() == Standing::Cancelled,
            Some(Effect::Refund) => before.standing() == Standing::Refunded,
            Some(Effect::Revert) => matches!(before.standing(), Standing::Cancelled | Standing::Refunded),
            _ => false,
        }
    }

    /// Can the answer be told to be no older than the snapshot?
    fn is_of_an_age(&self, now: &Facts) -> bool {
        let known = self.before.as_ref().and_then(|before| before.activity);
        known.is_none() || now.activity.is_some()
    }

    /// Is the last movement that of the snapshot, and everything else as it was?
    fn is_unchanged(&self, now: &Facts) -> bool {
        let Some(before) = &self.before else { return false };
        let last = |facts: &Facts| (facts.activity, facts.status, facts.kind, facts.moved, facts.succeeded);
        now.activity.is_some() && last(before) == last(now) && flags(before) == flags(now)
    }

    /// Do the flags say that nothing of the kind ever succeeded?
    fn never_succeeded(&self, now: &Facts) -> bool {
        let no = Some(false);
        let never_cancelled = now.cancel == no && now.status != Some(PaymentStatus::CANCELLED);
        let never_refunded = now.refund == no && now.partial_refund == no;
        match self.effect {
            Some(Effect::Capture) => now.sale == no,
            // What was refunded since is given back in another way.
            Some(Effect::Void | Effect::Cancel) => {
                never_cancelled && !self.is_new(now, |facts| [facts.refund, facts.partial_refund].contains(&Some(true)))
            }
            Some(Effect::Refund | Effect::PartialRefund) => {
                never_refunded && !self.is_new(now, |facts| facts.cancel == Some(true))
            }
            Some(Effect::Revert) => never_cancelled && never_refunded,
            Some(Effect::Payment | Effect::Completion) | None => false,
        }
    }

    /// Does anything but the flags say that money went back since the snapshot?
    fn has_sign_of_money(&self, now: &Facts) -> bool {
        if self.effect == Some(Effect::Capture) {
            return false;
        }
        let is_fully = |facts: &Facts| facts.fully_refunded == Some(true);
        let known = self.before.as_ref().and_then(|before| before.remaining);
        let is_lower = match (known, now.remaining) {
            (Some(was), Some(left)) => left < was,
            (None, Some(left)) => now.sale == Some(true) && self.before.is_none() && !is_whole(left, now),
            (_, None) => false,
        };
        is_lower || self.is_new(now, is_fully)
    }

    /// Is it so now, and was not in the snapshot, as far as that is known?
    fn is_new(&self, now: &Facts, is: impl Fn(&Facts) -> bool) -> bool {
        is(now) && !self.before.as_ref().is_some_and(is)
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
        now.provision == Some(true) && as_asked && self.is_new(now, |facts| facts.standing() == Standing::Paid)
    }

    /// A payment is cancelled once, so that it makes no difference by whom.
    fn is_cancelled(&self, now: &Facts) -> bool {
        !now.has_failed() && self.is_new(now, |facts| facts.standing() == Standing::Cancelled)
    }

    /// By one movement: a full refund, or, against the snapshot, a partial one of all that was left.
    fn is_refunded(&self, now: &Facts) -> bool {
        let has_succeeded = now.status == Some(PaymentStatus::SUCCESSFUL);
        let by_the_rest = || {
            let rest = self.rest();
            now.kind == Some(PaymentType::PARTIAL_REFUND)
                && rest.is_some()
                && now.moved == rest
                && self.last_is_new(now)
        };
        let by_a_refund = now.kind == Some(PaymentType::REFUND) || by_the_rest();
        has_succeeded && by_a_refund && self.is_new(now, |facts| facts.standing() == Standing::Refunded)
    }

    /// What could still be refunded at the time of the snapshot.
    fn rest(&self) -> Option<Amount> {
        let before = self.before.as_ref()?;
        let whole = before.amount.filter(|_| before.partial_refund == Some(false));
        before.remaining.or(whole)
    }

    fn is_reverted(&self, now: &Facts, ledger: Option<&Ledger>) -> bool {
        match self.part().filter(|part| Some(*part) != now.amount) {
            None => self.is_cancelled(now) || self.is_refunded(now),
            // On the payment's own day a revert cancels, whatever the amount.
            Some(part) => self.is_refunded_by(part, now, ledger) || (self.before.is_some() && self.is_cancelled(now)),
        }
    }

    /// Rule 3 of a partial refund: was exactly `part` paid back since the snapshot, by a movement of its own?
    fn is_refunded_by(&self, part: Amount, now: &Facts, ledger: Option<&Ledger>) -> bool {
        let is_refunded = matches!(now.standing(), Standing::PartiallyRefunded | Standing::Refunded);
        is_refunded
            && match ledger {
                Some(ledger) => !ledger.is_going_on() && ledger.holds_one(part) && ledger.explains(self, now),
                None => self.last_is(part, now),
            }
    }

    /// Is the last movement new, and a partial refund of `part` that succeeded, and nothing says that more went back?
    fn last_is(&self, part: Amount, now: &Facts) -> bool {
        let Some(before) = &self.before else { return false };
        let went_back = before.remaining.zip(now.remaining).map(|(was, left)| was.checked_sub(left));
        let is_first = before.partial_refund == Some(false) && went_back == Some(Some(part));
        now.kind == Some(PaymentType::PARTIAL_REFUND)
            && now.status == Some(PaymentStatus::SUCCESSFUL)
            && now.moved == Some(part)
            && (self.last_is_new(now) || (before.activity.is_none() && is_first))
            && went_back.is_none_or(|went_back| went_back == Some(part))
    }

    fn last_is_new(&self, now: &Facts) -> bool {
        let known = self.before.as_ref().and_then(|before| before.activity);
        known.zip(now.activity).is_some_and(|(known, last)| last > known)
    }
}

/// Does one movement have two faces, beside what may become of one that was going on?
fn contradicts(now: &Facts, known: &Facts) -> bool {
    let is_same = known.activity.is_some() && known.activity == now.activity;
    let face = |facts: &Facts| (facts.kind, facts.moved);
    is_same && (face(now) != face(known) || (!known.is_under_way() && now.status != known.status))
}

/// A failed movement explains a disagreement of itself with the flags; anything else that disagrees explains nothing.
fn is_sound(now: &Facts) -> bool {
    let no = Some(false);
    let is_failed_change = now.has_failed() && now.kind != Some(PaymentType::SALE);
    let has_none = [now.refund, now.partial_refund, now.cancel] == [no, no, no];
    now.standing() != Standing::Contradictory
        || (is_failed_change && has_none && now.payment_id.is_none_or(|id| id > 0))
}

/// Is `left` all that the payment can have taken?
fn is_whole(left: Amount, now: &Facts) -> bool {
    let of_the_sale = now.moved.filter(|_| now.kind == Some(PaymentType::SALE));
    [now.amount, now.original, of_the_sale].contains(&Some(left))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod worlds;
