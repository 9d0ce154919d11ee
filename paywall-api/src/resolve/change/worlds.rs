//! Rules against an oracle: worlds in which it is known what happened, and every answer that they may give.
//!
//! A world is a payment of 100, what others did to it before and after the caller's snapshot, and the change: it worked,
//! failed, or never arrived. An answer shows the world at some moment, with or without numbers of movements, lists of
//! them and remainders, and remainders that lag. The oracle knows nothing of the rules, and they know nothing of it.

use super::*;
use crate::standing::tests::amount;

const WHOLE: i64 = 100;

/// What happens to a payment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    Partial(i64),
    /// Of all that is left, told as a refund or as a partial refund of the rest.
    Full {
        as_rest: bool,
    },
    Cancel,
    Capture,
    Void,
    Failed(Kind, i64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Sale,
    Partial,
    Full,
    Cancel,
}

impl Kind {
    fn code(self) -> PaymentType {
        match self {
            Self::Sale => PaymentType::SALE,
            Self::Partial => PaymentType::PARTIAL_REFUND,
            Self::Full => PaymentType::REFUND,
            Self::Cancel => PaymentType::CANCEL,
        }
    }
}

/// How a payment stands in truth.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of the flags that an answer has")]
struct World {
    authorized: bool,
    sale: bool,
    cancelled: bool,
    voided: bool,
    full: bool,
    partial: bool,
    left: i64,
    movements: Vec<Movement>,
}

impl World {
    fn paid() -> Self {
        let sale = Self::movement(1, Kind::Sale, PaymentStatus::SUCCESSFUL, WHOLE);
        let (cancelled, voided, full, partial) = (false, false, false, false);
        Self { authorized: false, sale: true, cancelled, voided, full, partial, left: WHOLE, movements: vec![sale] }
    }

    fn authorized() -> Self {
        let sale = Self::movement(1, Kind::Sale, PaymentStatus::AWAITING_CAPTURE, WHOLE);
        Self { authorized: true, sale: false, movements: vec![sale], ..Self::paid() }
    }

    fn movement(id: i64, kind: Kind, status: PaymentStatus, units: i64) -> Movement {
        Movement { id, kind: kind.code(), status, amount: Some(money(units)) }
    }

    /// The world after `event`; none where the bank would not have it.
    fn after(&self, event: Event) -> Option<Self> {
        let mut world = self.clone();
        let is_open = self.sale && !self.cancelled && self.left > 0;
        let waits = self.authorized && !self.sale && !self.voided;
        let (kind, status, units) = match event {
            Event::Partial(units) if is_open && units <= self.left => {
                world.partial = true;
                world.left -= units;
                (Kind::Partial, PaymentStatus::SUCCESSFUL, units)
            }
            Event::Full { as_rest } if is_open && (!as_rest || self.partial) => {
                (world.full, world.partial) = (!as_rest, self.partial);
                world.left = 0;
                let kind = if as_rest { Kind::Partial } else { Kind::Full };
                (kind, PaymentStatus::SUCCESSFUL, self.left)
            }
            Event::Cancel if is_open && self.left == WHOLE => {
                world.cancelled = true;
                world.left = 0;
                (Kind::Cancel, PaymentStatus::SUCCESSFUL, WHOLE)
            }
            Event::Capture if waits => {
                world.sale = true;
                (Kind::Sale, PaymentStatus::SUCCESSFUL, WHOLE)
            }
            Event::Void if waits => {
                world.voided = true;
                (Kind::Sale, PaymentStatus::CANCELLED, WHOLE)
            }
            Event::Failed(kind, units) if kind == Kind::Sale => {
                waits.then_some((kind, PaymentStatus::FAILED, units))?
            }
            Event::Failed(kind, units) => (kind, PaymentStatus::FAILED, units),
            _ => return None,
        };
        let id = world.movements.last().map_or(1, |last| last.id + 3);
        world.movements.push(Self::movement(id, kind, status, units));
        Some(world)
    }

    /// What an inquiry says of it.
    fn facts(&self, view: View, left: Option<i64>) -> Facts {
        let last = self.movements.last().expect("a movement");
        let none_left = self.sale && self.left == 0;
        Facts {
            merchant_code: Some("order-1".to_owned()),
            status: Some(last.status),
            kind: Some(last.kind),
            succeeded: Some(last.has_succeeded()),
            error: Some(false),
            provision: Some(self.authorized),
            sale: Some(self.sale),
            refund: Some(self.full),
            partial_refund: Some(self.partial),
            cancel: Some(self.cancelled),
            fully_refunded: view.tells_full.then_some(none_left),
            interest: Some(false),
            activity: view.numbers.then_some(last.id),
            payment_id: Some(7),
            amount: Some(money(WHOLE)),
            original: Some(money(WHOLE)),
            moved: last.amount,
            remaining: left.filter(|_| self.sale).map(money),
            movements: self.list(view.list),
            ..Facts::default()
        }
    }

    fn list(&self, list: List) -> Option<Vec<Movement>> {
        let step = |movement: &Movement| Movement { amount: None, ..movement.clone() };
        match list {
            List::None => None,
            List::Movements => Some(self.movements.clone()),
            List::Steps => Some(
                self.movements
                    .iter()
                    .flat_map(|movement| {
                        let begun = Movement { id: movement.id - 1, status: PaymentStatus::STARTED, ..step(movement) };
                        [begun, step(movement)]
                    })
                    .collect(),
            ),
        }
    }
}

/// What an inquiry tells and what it leaves out.
#[derive(Clone, Copy, Debug)]
struct View {
    numbers: bool,
    tells_full: bool,
    remainder: Remainder,
    list: List,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Remainder {
    None,
    Exact,
    /// As it was so many movements ago.
    Lags(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum List {
    None,
    /// A row for each movement.
    Movements,
    /// A row for each step of one, without amounts.
    Steps,
}

fn views() -> Vec<View> {
    let remainders = [Remainder::None, Remainder::Exact, Remainder::Lags(1), Remainder::Lags(9)];
    let mut views = Vec::new();
    for remainder in remainders {
        for list in [List::None, List::Movements, List::Steps] {
            for (numbers, tells_full) in [(true, true), (true, false), (false, true), (false, false)] {
                views.push(View { numbers, tells_full, remainder, list });
            }
        }
    }
    views
}

/// The worlds that follow each other.
struct History {
    worlds: Vec<World>,
}

impl History {
    /// All histories of up to `most` events out of `events`, from `start` on.
    fn all(start: &Self, events: &[Event], most: usize) -> Vec<Self> {
        let mut all = vec![Self { worlds: start.worlds.clone() }];
        let mut from = 0;
        for _ in 0..most {
            let until = all.len();
            for index in from..until {
                let longer: Vec<Self> = events.iter().filter_map(|event| all[index].with(*event)).collect();
                all.extend(longer);
            }
            from = until;
        }
        all
    }

    fn with(&self, event: Event) -> Option<Self> {
        let next = self.now().after(event)?;
        Some(Self { worlds: self.worlds.iter().cloned().chain([next]).collect() })
    }

    fn now(&self) -> &World {
        self.worlds.last().expect("a world")
    }

    fn facts(&self, at: usize, view: View) -> Facts {
        let left = match view.remainder {
            Remainder::None => None,
            Remainder::Exact => Some(self.worlds[at].left),
            Remainder::Lags(movements) => Some(self.worlds[at.saturating_sub(movements)].left),
        };
        self.worlds[at].facts(view, left)
    }
}

fn money(units: i64) -> Amount {
    amount(&format!("{units}.00"))
}

/// What others may do.
const OTHERS: [Event; 8] = [
    Event::Partial(10),
    Event::Partial(4),
    Event::Partial(6),
    Event::Full { as_rest: false },
    Event::Full { as_rest: true },
    Event::Cancel,
    Event::Failed(Kind::Partial, 10),
    Event::Failed(Kind::Full, 100),
];

const OTHERS_BEFORE_CAPTURE: [Event; 3] = [Event::Capture, Event::Void, Event::Failed(Kind::Sale, 100)];

/// A change: how it is asked for, what it is when it works, and when it fails.
struct Ours {
    effect: Effect,
    amount: Option<i64>,
    works: &'static [Event],
    fails: Event,
}

const CHANGES: [Ours; 8] = [
    Ours {
        effect: Effect::PartialRefund,
        amount: Some(10),
        works: &[Event::Partial(10)],
        fails: Event::Failed(Kind::Partial, 10),
    },
    Ours {
        effect: Effect::Refund,
        amount: None,
        works: &[Event::Full { as_rest: false }, Event::Full { as_rest: true }],
        fails: Event::Failed(Kind::Full, 100),
    },
    Ours { effect: Effect::Cancel, amount: None, works: &[Event::Cancel], fails: Event::Failed(Kind::Cancel, 100) },
    Ours {
        effect: Effect::Revert,
        amount: None,
        works: &[Event::Cancel, Event::Full { as_rest: false }, Event::Full { as_rest: true }],
        fails: Event::Failed(Kind::Cancel, 100),
    },
    Ours {
        effect: Effect::Revert,
        amount: Some(10),
        works: &[Event::Cancel, Event::Partial(10)],
        fails: Event::Failed(Kind::Partial, 10),
    },
    Ours {
        effect: Effect::Refund,
        amount: None,
        works: &[Event::Full { as_rest: false }],
        fails: Event::Failed(Kind::Full, 90),
    },
    Ours { effect: Effect::Capture, amount: None, works: &[Event::Capture], fails: Event::Failed(Kind::Sale, 100) },
    Ours { effect: Effect::Void, amount: None, works: &[Event::Void], fails: Event::Failed(Kind::Cancel, 100) },
];

impl Ours {
    fn is_of_an_authorization(&self) -> bool {
        matches!(self.effect, Effect::Capture | Effect::Void)
    }

    fn start(&self) -> History {
        let world = if self.is_of_an_authorization() { World::authorized() } else { World::paid() };
        History { worlds: vec![world] }
    }

    fn others(&self) -> &'static [Event] {
        if self.is_of_an_authorization() { &OTHERS_BEFORE_CAPTURE } else { &OTHERS }
    }

    /// What became of it: worked, failed, never arrived.
    fn fates(&self) -> Vec<(Option<Event>, bool)> {
        let works = self.works.iter().map(|event| (Some(*event), true));
        works.chain([(Some(self.fails), false), (None, false)]).collect()
    }

    fn change(&self, before: Option<Facts>) -> Change {
        Change { effect: Some(self.effect), before, amount: self.amount.map(money), movements: None }
    }
}

#[derive(Debug, Default)]
struct Tally {
    questions: u64,
    no_effect: u64,
    took_effect: u64,
    /// Ends that let the caller send again while the change has worked.
    sent_again: u64,
    /// Ends that say it worked while it did not, and nobody else did the same.
    invented: u64,
}

/// One change among what others do: every answer to it, at the end and from before the snapshot.
fn ask(ours: &Ours, history: &History, known_at: usize, worked: bool, others_did: bool, tally: &mut Tally) {
    let now = history.worlds.len() - 1;
    for view in views() {
        for known in [None, Some(view), Some(View { list: List::None, ..view })] {
            let before = known.map(|known| history.facts(known_at, View { remainder: exact(known), ..known }));
            let change = ours.change(before.clone());
            tally.questions += 1;
            match change.trace(&history.facts(now, view)) {
                Trace::None => {
                    tally.no_effect += 1;
                    tally.sent_again += u64::from(worked);
                    assert!(!worked, "{:?} {before:?} {:?}", ours.effect, history.facts(now, view));
                }
                Trace::Clear => {
                    tally.took_effect += 1;
                    let invented = !worked && !others_did && before.is_some();
                    tally.invented += u64::from(invented);
                    assert!(!invented, "{:?} {before:?} {:?}", ours.effect, history.facts(now, view));
                }
                Trace::UnderWay | Trace::Unclear => {}
            }
            ask_a_reader_that_lags(ours, history, known_at, view, before.as_ref(), worked, tally);
        }
    }
}

/// An answer from before the snapshot says nothing, unless nothing tells it from one of the snapshot's own time.
fn ask_a_reader_that_lags(
    ours: &Ours,
    history: &History,
    known_at: usize,
    view: View,
    before: Option<&Facts>,
    worked: bool,
    tally: &mut Tally,
) {
    let Some(before) = before.filter(|_| worked && view.numbers) else { return };
    for at in 0..known_at {
        tally.questions += 1;
        let trace = ours.change(Some(before.clone())).trace(&history.facts(at, view));
        tally.sent_again += u64::from(trace == Trace::None);
        assert_ne!(trace, Trace::None, "{:?} {before:?} {:?}", ours.effect, history.facts(at, view));
    }
}

/// The caller's snapshot is of one moment.
fn exact(view: View) -> Remainder {
    if view.remainder == Remainder::None { Remainder::None } else { Remainder::Exact }
}

/// Did others do since the snapshot what the change would have done?
fn is_done_by(others: &[Event], ours: &Ours) -> bool {
    let gives_all_back = |event: &Event| matches!(event, Event::Full { .. } | Event::Cancel);
    others.iter().any(|event| ours.works.contains(event) || (ours.amount.is_none() && gives_all_back(event)))
}

#[test]
fn no_end_lets_a_caller_send_again_while_money_may_have_moved() {
    let mut tally = Tally::default();
    for ours in &CHANGES {
        for earlier in History::all(&ours.start(), ours.others(), 2) {
            let known_at = earlier.worlds.len() - 1;
            for first in std::iter::once(None).chain(ours.others().iter().map(|event| Some(*event))) {
                for (fate, worked) in ours.fates() {
                    for last in std::iter::once(None).chain(ours.others().iter().map(|event| Some(*event))) {
                        let events = [first, fate, last];
                        let mut history = History { worlds: earlier.worlds.clone() };
                        let all_happen = events.into_iter().flatten().all(|event| match history.with(event) {
                            Some(longer) => {
                                history = longer;
                                true
                            }
                            None => false,
                        });
                        if !all_happen {
                            continue;
                        }
                        let others: Vec<Event> = [first, last].into_iter().flatten().collect();
                        ask(ours, &history, known_at, worked, is_done_by(&others, ours), &mut tally);
                    }
                }
            }
        }
    }
    println!("{tally:?}");
    assert_eq!((tally.sent_again, tally.invented), (0, 0));
    assert!(tally.questions > 1_000_000 && tally.no_effect > 10_000 && tally.took_effect > 10_000, "{tally:?}");
}

#[test]
fn what_is_plain_is_said_plainly() {
    let view = View { numbers: true, tells_full: true, remainder: Remainder::Exact, list: List::None };
    for ours in &CHANGES {
        let start = ours.start();
        let change = ours.change(Some(start.facts(0, view)));
        for list in [List::None, List::Movements, List::Steps] {
            let view = View { list, ..view };
            assert_eq!(change.trace(&start.facts(0, view)), Trace::None, "{:?} never arrived", ours.effect);
            let failed = start.with(ours.fails).expect("it fails");
            assert_eq!(change.trace(&failed.facts(1, view)), Trace::None, "{:?} failed", ours.effect);
            for event in ours.works {
                let Some(worked) = start.with(*event) else { continue };
                assert_eq!(
                    change.trace(&worked.facts(1, view)),
                    Trace::Clear,
                    "{:?} worked by {event:?}, {list:?}",
                    ours.effect
                );
            }
        }
    }
}
