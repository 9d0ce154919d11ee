//! Every change against what a payment shows before and after.

use super::*;
use crate::standing::tests::{amount, authorized, cancelled, paid, partially_refunded, refunded, refused, voided};

fn change(effect: Effect) -> Change {
    Change { effect: Some(effect), before: None, amount: None, movements: None }
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
    let refused_later = Facts { activity: Some(2), provision: Some(true), ..refused() };
    assert_eq!(capture().after(authorized()).trace(&refused_later), Trace::None);
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
    // All is back, and no movement of the whole or of what was left has brought it back.
    assert_eq!(refund().after(paid()).trace(&in_parts), Trace::Unclear);
    let the_rest = Facts { activity: Some(3), moved: Some(amount("90")), ..in_parts };
    assert_eq!(refund().after(remaining(partially_refunded(), "90")).trace(&the_rest), Trace::Clear);
    assert_eq!(refund().trace(&partially_refunded()), Trace::Unclear);
    // The remainder may lag: what remains by it may be gone.
    assert_eq!(refund().trace(&remaining(partially_refunded(), "90")), Trace::Unclear);
    let known = remaining(partially_refunded(), "90");
    assert_eq!(refund().after(known.clone()).trace(&known), Trace::None);
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
    // One that succeeded may stand between, and the remainder may lag.
    assert_eq!(refund("10").after(after()).trace(&failed(after(), PaymentType::PARTIAL_REFUND)), Trace::Unclear);
    assert_eq!(refund("10").after(before()).trace(&failed(before(), PaymentType::PARTIAL_REFUND)), Trace::None);
    let rest = Facts { activity: Some(4), moved: Some(amount("90")), ..remaining(partially_refunded(), "0") };
    assert_eq!(refund("90").after(after()).trace(&rest), Trace::Clear);
    let moved_without_a_movement = remaining(Facts { activity: Some(1), ..partially_refunded() }, "90");
    assert_eq!(refund("10").after(before()).trace(&moved_without_a_movement), Trace::Unclear);
}

#[test]
fn refunds_of_others_that_add_up_to_the_amount_are_not_taken_for_it() {
    let refund = || change(Effect::PartialRefund).of("10").after(remaining(paid(), "100"));
    let four_and_six = Facts { activity: Some(3), moved: Some(amount("6")), ..remaining(partially_refunded(), "90") };
    assert_eq!(refund().trace(&four_and_six), Trace::Unclear);
    assert_eq!(refund().trace(&failed(four_and_six, PaymentType::PARTIAL_REFUND)), Trace::Unclear);
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
                        judge(&Change { effect: Some(effect), before: before.clone(), amount, movements: None }, &now);
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

/// A refund that worked, as an answer may tell it that lags behind.
#[test]
fn an_answer_that_lags_behind_never_says_that_nothing_happened() {
    let refund = || change(Effect::PartialRefund).of("10");
    let before = || remaining(paid(), "100");
    let after = || remaining(partially_refunded(), "90");
    // The movement is there, and the remainder has not moved yet.
    assert_eq!(refund().after(before()).trace(&remaining(partially_refunded(), "100")), Trace::Unclear);
    let second = Facts { activity: Some(3), ..after() };
    assert_eq!(refund().after(after()).trace(&second), Trace::Unclear);
    // Flags that were true, a remainder that was lower, a movement that was later.
    assert_eq!(refund().after(after()).trace(&before()), Trace::Unclear);
    assert_eq!(
        refund().after(after()).trace(&Facts { activity: Some(3), partial_refund: None, ..after() }),
        Trace::Unclear
    );
    assert_eq!(refund().after(after()).trace(&remaining(after(), "95")), Trace::Unclear);
    assert_eq!(refund().after(Facts { activity: Some(7), ..after() }).trace(&after()), Trace::Unclear);
    assert_eq!(refund().after(after()).trace(&Facts { activity: None, ..after() }), Trace::Unclear);
    let at = |nanos| Facts { moved_at: Some(nanos), ..after() };
    assert_eq!(refund().after(at(7)).trace(&at(6)), Trace::Unclear);
    assert_eq!(
        change(Effect::Void).after(voided()).trace(&Facts { activity: Some(2), ..authorized() }),
        Trace::Unclear
    );
}

#[test]
fn a_failed_last_movement_excuses_no_sign_that_money_went_back() {
    for effect in [Effect::Cancel, Effect::Refund, Effect::PartialRefund, Effect::Revert] {
        let change = || change(effect).of("10");
        for kind in [PaymentType::REFUND, PaymentType::CANCEL, PaymentType::PARTIAL_REFUND] {
            let after = |left| failed(remaining(paid(), left), kind);
            for left in ["90", "0"] {
                assert_eq!(change().after(remaining(paid(), "100")).trace(&after(left)), Trace::Unclear, "{effect:?}");
                assert_eq!(change().trace(&after(left)), Trace::Unclear, "{effect:?}");
            }
            assert_eq!(change().after(remaining(paid(), "100")).trace(&after("100")), Trace::None, "{effect:?}");
            let full = Facts { fully_refunded: Some(true), ..after("100") };
            assert_eq!(change().after(remaining(paid(), "100")).trace(&full), Trace::Unclear, "{effect:?}");
        }
    }
}

fn movement(id: i64, kind: PaymentType, status: PaymentStatus, text: &str) -> crate::movements::Movement {
    crate::movements::Movement { id, kind, status, amount: text.parse().ok() }
}

#[test]
fn the_list_of_movements_tells_apart_what_amount_and_remainder_cannot() {
    use PaymentStatus as Status;
    use PaymentType as Type;

    let sale = || movement(1, Type::SALE, Status::SUCCESSFUL, "100");
    let refund = |id, text: &str| movement(id, Type::PARTIAL_REFUND, Status::SUCCESSFUL, text);
    let failure = |id, text: &str| movement(id, Type::PARTIAL_REFUND, Status::FAILED, text);
    let listed = |facts: Facts, movements: Vec<crate::movements::Movement>| {
        let last = movements.last().expect("a movement").clone();
        Facts {
            activity: Some(last.id),
            kind: Some(last.kind),
            status: Some(last.status),
            succeeded: Some(last.has_succeeded()),
            moved: last.amount.or(amount("10").into()),
            movements: Some(movements),
            ..facts
        }
    };
    let before = || remaining(paid(), "100");
    let back = |left: &str| remaining(partially_refunded(), left);
    for (now, trace) in [
        (listed(before(), vec![sale()]), Trace::None),
        (listed(back("90"), vec![sale(), refund(2, "10")]), Trace::Clear),
        // The remainder lags, and the list is there.
        (listed(back("70"), vec![sale(), refund(2, "10"), refund(3, "20")]), Trace::Clear),
        (listed(back("80"), vec![sale(), refund(2, "10"), refund(3, "20")]), Trace::Clear),
        // Four and six are no ten, and one that failed is none.
        (listed(back("90"), vec![sale(), refund(2, "4"), refund(3, "6")]), Trace::None),
        (listed(back("80"), vec![sale(), refund(2, "20"), failure(3, "10")]), Trace::None),
        // Whose is which?
        (listed(back("90"), vec![sale(), refund(2, "10"), failure(3, "10")]), Trace::Unclear),
        (listed(back("80"), vec![sale(), refund(2, "10"), refund(3, "10")]), Trace::Unclear),
        (listed(back("70"), vec![sale(), refund(2, "?"), refund(3, "20")]), Trace::Unclear),
        // More went back than the list knows of.
        (listed(back("80"), vec![sale(), refund(2, "4"), refund(3, "6")]), Trace::Unclear),
        (listed(back("90"), vec![sale(), failure(3, "10")]), Trace::Unclear),
        // One goes on.
        (
            listed(back("96"), vec![sale(), movement(2, Type::PARTIAL_REFUND, Status::STARTED, "10"), refund(3, "4")]),
            Trace::Unclear,
        ),
        // A row for each step.
        (
            listed(back("90"), vec![sale(), movement(2, Type::PARTIAL_REFUND, Status::STARTED, "?"), refund(3, "?")]),
            Trace::Clear,
        ),
        (
            listed(before(), vec![sale(), movement(2, Type::PARTIAL_REFUND, Status::STARTED, "?"), failure(3, "?")]),
            Trace::None,
        ),
        (
            listed(
                before(),
                vec![
                    sale(),
                    movement(2, Type::PARTIAL_REFUND, Status::STARTED, "?"),
                    movement(3, Type::PARTIAL_REFUND, Status::STARTED, "?"),
                    failure(4, "?"),
                ],
            ),
            Trace::Unclear,
        ),
        (
            listed(back("96"), vec![sale(), movement(2, Type::REFUND, Status::STARTED, "10"), refund(3, "4")]),
            Trace::Unclear,
        ),
        // Given back in another way.
        (listed(refunded(), vec![sale(), movement(2, Type::REFUND, Status::SUCCESSFUL, "100")]), Trace::Unclear),
    ] {
        let change = change(Effect::PartialRefund).of("10").after(before());
        assert_eq!(change.trace(&now), trace, "{now:?}");
    }
}
