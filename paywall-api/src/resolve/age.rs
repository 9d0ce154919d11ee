//! Which of two answers about one payment is the older one.

use crate::codes::PaymentStatus;
use crate::standing::Facts;

/// Is `now` an answer from a time before `known`? What happened does not unhappen: a success of a movement stays one,
/// numbers and times of movements grow, what can be refunded shrinks, and what was listed stays listed.
pub(super) fn is_older(now: &Facts, known: &Facts) -> bool {
    lost_a_success(now, known)
        || went_back(now.activity, known.activity)
        || went_back(now.moved_at, known.moved_at)
        || lost_a_movement(now, known)
        || has_more_to_refund(now, known)
        || is_not_void_any_more(now, known)
}

/// The flags of what has succeeded: of a sale, a refund, a partial refund, a cancel, and of all of it being given back.
pub(super) fn flags(facts: &Facts) -> [Option<bool>; 5] {
    [facts.sale, facts.refund, facts.partial_refund, facts.cancel, facts.fully_refunded]
}

fn lost_a_success(now: &Facts, known: &Facts) -> bool {
    flags(known).into_iter().zip(flags(now)).any(|(was, is)| was == Some(true) && is != Some(true))
}

fn went_back<T: PartialOrd>(now: Option<T>, known: Option<T>) -> bool {
    matches!((now, known), (Some(now), Some(known)) if now < known)
}

fn lost_a_movement(now: &Facts, known: &Facts) -> bool {
    let (Some(now), Some(known)) = (&now.movements, &known.movements) else { return false };
    !known.iter().all(|movement| now.iter().any(|other| other.id == movement.id))
}

/// A capture alone makes more of it.
fn has_more_to_refund(now: &Facts, known: &Facts) -> bool {
    let is_captured_since = known.sale != Some(true) && now.sale == Some(true);
    !is_captured_since && went_back(known.remaining, now.remaining)
}

fn is_not_void_any_more(now: &Facts, known: &Facts) -> bool {
    let is_void = |facts: &Facts| facts.status == Some(PaymentStatus::CANCELLED);
    is_void(known) && !is_void(now) && now.cancel != Some(true)
}
