//! The list of movements as evidence: what is new in it since the snapshot, of which kind, amount and state.

use super::Change;
use crate::codes::{PaymentStatus, PaymentType};
use crate::movements::Movement;
use crate::standing::Facts;
use crate::{Amount, Effect};

/// The movements since the snapshot, all of them.
pub(super) struct Ledger {
    new: Vec<Movement>,
}

impl Ledger {
    /// What is new since the snapshot. None where no list reaches from the movement of the snapshot to the last one,
    /// or where it says another thing of the last one than the inquiry.
    pub(super) fn of(change: &Change, now: &Facts) -> Option<Self> {
        let known = change.before.as_ref()?.activity?;
        let lists = [now.movements.as_ref(), change.movements.as_ref()];
        let list = lists.into_iter().flatten().find(|list| reaches(list, known, now))?;
        let mut new: Vec<Movement> = list.iter().filter(|movement| movement.id > known).cloned().collect();
        for movement in &mut new {
            if Some(movement.id) == now.activity {
                movement.amount = movement.amount.or(now.moved);
            }
        }
        Some(Self { new })
    }

    /// Is there a step that has no end? A list has a row for each movement, with its amount and its state of now, or a
    /// row for each step of one, without amounts.
    pub(super) fn is_going_on(&self) -> bool {
        let may_end = |step: &Movement, end: &Movement| {
            let amounts = step.amount.zip(end.amount);
            end.id > step.id && end.kind == step.kind && end.is_at_rest() && amounts.is_none_or(|(one, two)| one == two)
        };
        let has_ended = |step: &Movement| self.new.iter().any(|end| may_end(step, end));
        let is_short_of_ends = |step: &Movement| {
            let of_its_kind = || self.new.iter().filter(|movement| movement.kind == step.kind);
            let begun = of_its_kind().filter(|movement| movement.status == PaymentStatus::STARTED).count();
            begun > of_its_kind().filter(|movement| movement.is_at_rest()).count()
        };
        self.new.iter().any(|step| !step.is_at_rest() && (!has_ended(step) || is_short_of_ends(step)))
    }

    /// May a movement that succeeded be the change?
    pub(super) fn may_hold(&self, change: &Change) -> bool {
        let is_void = |movement: &Movement| movement.status == PaymentStatus::CANCELLED;
        let is_voided = change.effect != Some(Effect::Capture) && self.new.iter().any(is_void);
        is_voided || self.successes().any(|movement| self.may_be(movement, change))
    }

    /// Only a partial refund of another amount is told from the change for certain; whatever else gives money back may
    /// be it, or makes it pointless.
    fn may_be(&self, movement: &Movement, change: &Change) -> bool {
        let is_another_part = |part: Amount| movement.amount.is_some_and(|amount| amount != part);
        let is_partial = movement.kind == PaymentType::PARTIAL_REFUND;
        match (change.effect, change.part()) {
            (Some(Effect::PartialRefund), part) if is_partial => !part.is_some_and(is_another_part),
            (Some(Effect::Revert), Some(part)) if is_partial => !is_another_part(part),
            // A refund of all that is left may be told as a partial one.
            (Some(Effect::Refund | Effect::Revert), _) if is_partial => !self.leaves_something(movement, change),
            (Some(Effect::Capture), _) => movement.kind == PaymentType::SALE,
            _ => movement.kind != PaymentType::SALE,
        }
    }

    /// Could something be refunded after it, by the amounts of all that went back until then?
    fn leaves_something(&self, movement: &Movement, change: &Change) -> bool {
        let until_then = self.successes().filter(|other| other.id <= movement.id);
        let amounts: Option<Vec<Amount>> = until_then.map(|other| other.amount).collect();
        let went_back = amounts.and_then(Amount::sum);
        went_back.zip(change.rest()).is_some_and(|(went_back, rest)| went_back < rest)
    }

    /// Did exactly one partial refund of `part` succeed, and none of that amount fail?
    pub(super) fn holds_one(&self, part: Amount) -> bool {
        let is_of_the_part = |movement: &&Movement| movement.amount.is_none_or(|amount| amount == part);
        let tried: Vec<&Movement> =
            self.refunds().filter(|refund| refund.is_at_rest()).filter(is_of_the_part).collect();
        matches!(tried.as_slice(), [one] if one.has_succeeded() && one.amount == Some(part))
    }

    /// Do the flags and the remainder say no more than the movements do?
    pub(super) fn explains(&self, change: &Change, now: &Facts) -> bool {
        let Some(before) = &change.before else { return false };
        let has = |kind| self.successes().any(|movement| movement.kind == kind);
        let explained = |was: Option<bool>, is: Option<bool>, kind| is.is_some() && (was == is || has(kind));
        let has_given_back = has(PaymentType::REFUND) || has(PaymentType::PARTIAL_REFUND) || has(PaymentType::CANCEL);
        explained(before.refund, now.refund, PaymentType::REFUND)
            && explained(before.partial_refund, now.partial_refund, PaymentType::PARTIAL_REFUND)
            && explained(before.cancel, now.cancel, PaymentType::CANCEL)
            && (before.fully_refunded == now.fully_refunded || now.fully_refunded != Some(true) || has_given_back)
            && self.explains_remainder(before, now)
    }

    /// The remainder may lag behind the movements, never run ahead of them.
    fn explains_remainder(&self, before: &Facts, now: &Facts) -> bool {
        let Some((was, left)) = before.remaining.zip(now.remaining) else { return true };
        if left >= was || self.successes().any(|movement| movement.kind != PaymentType::PARTIAL_REFUND) {
            return true;
        }
        let amounts: Option<Vec<Amount>> = self.successes().map(|refund| refund.amount).collect();
        let sum = amounts.and_then(Amount::sum);
        was.checked_sub(left).zip(sum).is_some_and(|(went_back, sum)| went_back <= sum)
    }

    fn successes(&self) -> impl Iterator<Item = &Movement> {
        self.new.iter().filter(|movement| movement.has_succeeded())
    }

    fn refunds(&self) -> impl Iterator<Item = &Movement> {
        self.new.iter().filter(|movement| movement.kind == PaymentType::PARTIAL_REFUND)
    }
}

/// Does the list have the movement of the snapshot and the last one, and say of it what the inquiry says?
fn reaches(list: &[Movement], known: i64, now: &Facts) -> bool {
    let is_last = |movement: &Movement| {
        Some(movement.id) == now.activity
            && Some(movement.kind) == now.kind
            && Some(movement.status) == now.status
            && movement.amount.is_none_or(|amount| Some(amount) == now.moved)
    };
    list.last().is_some_and(is_last) && list.iter().any(|movement| movement.id == known)
}
