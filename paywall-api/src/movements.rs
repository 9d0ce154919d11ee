//! The movements of a payment, as an inquiry or the list of a day tells them.

use serde::{Deserialize, Serialize};

use crate::Amount;
use crate::codes::{PaymentStatus, PaymentType};
use crate::inquiries::{InquiredActivity, ListedActivity};

/// One movement: a sale, refund or cancel, or a step of one. A step has a number of its own in some lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Movement {
    pub(crate) id: i64,
    pub(crate) kind: PaymentType,
    pub(crate) status: PaymentStatus,
    #[serde(with = "crate::standing::as_text", default)]
    pub(crate) amount: Option<Amount>,
}

impl Movement {
    pub(crate) fn has_succeeded(&self) -> bool {
        self.status == PaymentStatus::SUCCESSFUL
    }

    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.status, PaymentStatus::FAILED | PaymentStatus::FAILED_ON_INQUIRY)
    }

    /// Is it over, one way or the other?
    pub(crate) fn is_at_rest(&self) -> bool {
        self.has_succeeded() || self.has_failed() || self.status == PaymentStatus::CANCELLED
    }

    fn of_the_day(listed: &ListedActivity) -> Option<Self> {
        let ListedActivity { id, type_id, status_id, amount, .. } = listed;
        Some(Self { id: (*id)?, kind: (*type_id)?, status: (*status_id)?, amount: *amount })
    }
}

/// The movements of an inquiry; none unless every one tells its number, type and status, each in one way.
pub(crate) fn listed(activities: &[InquiredActivity]) -> Option<Vec<Movement>> {
    let movement = |activity: &InquiredActivity| {
        Some(Movement {
            id: one(activity.id, activity.payment_activity_id)?,
            kind: one(activity.type_id, activity.payment_activity_type_id)?,
            status: one(activity.status_id, activity.payment_status_id)?,
            amount: activity.amount,
        })
    };
    usable(activities.iter().map(movement).collect())
}

/// The movements of a payment in the list of a day, likewise.
pub(crate) fn of_the_day(activities: &[ListedActivity]) -> Option<Vec<Movement>> {
    usable(activities.iter().map(Movement::of_the_day).collect())
}

/// What one of two names says, or both alike.
fn one<T: PartialEq>(first: Option<T>, second: Option<T>) -> Option<T> {
    match (first, second) {
        (Some(first), Some(second)) => (first == second).then_some(first),
        (first, second) => first.or(second),
    }
}

/// A payment has a movement at least, and each number stands once.
fn usable(movements: Option<Vec<Movement>>) -> Option<Vec<Movement>> {
    let mut movements = movements?;
    movements.sort_by_key(|movement| movement.id);
    let is_double = |pair: &[Movement]| pair[0].id == pair[1].id;
    (!movements.is_empty() && !movements.windows(2).any(is_double)).then_some(movements)
}
