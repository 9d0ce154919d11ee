//! When is the next question asked, and when is it enough? No I/O and no clock of its own.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::Unknown;

/// A question gets half of the time left, but not less than an answer may take.
const SHORTEST_QUESTION: Duration = Duration::from_secs(10);

/// Whatever the caller says: more often would be a burden, and a longer wait would be none.
const WAITS: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(60 * 60));

/// How long and how often to ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) deadline: Duration,
    /// The shortest wait between two questions, and the longest, before chance adds up to as much again.
    pub(crate) waits: (Duration, Duration),
    /// When that was sent whose outcome is unknown.
    pub(crate) sent_at: SystemTime,
    /// So long after it was sent, what has left no trace never arrived. The caller's choice alone.
    pub(crate) not_arrived_after: Option<Duration>,
}

impl Pace {
    pub(crate) fn new(deadline: Duration) -> Self {
        Self {
            deadline,
            waits: (Duration::from_secs(1), Duration::from_secs(15)),
            sent_at: SystemTime::now(),
            not_arrived_after: None,
        }
    }

    /// For what was sent when `unknown` says.
    pub(crate) fn of(unknown: &Unknown, deadline: Duration) -> Self {
        Self { sent_at: unknown.sent_at(), ..Self::new(deadline) }
    }

    pub(crate) fn inquest(&self, now: SystemTime) -> Inquest<ExponentialBackoff> {
        let shortest = self.waits.0.clamp(WAITS.0, WAITS.1);
        let longest = self.waits.1.clamp(shortest, WAITS.1);
        let waits = ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(shortest)
            .with_max_delay(longest)
            .without_max_times()
            .build();
        Inquest::new(self.deadline, self.due(now), waits)
    }

    /// How long from `now` on absence proves nothing. What is said to be sent later than now is sent now.
    fn due(&self, now: SystemTime) -> Option<Duration> {
        let age = now.duration_since(self.sent_at).unwrap_or_default();
        self.not_arrived_after.map(|after| after.saturating_sub(age))
    }
}

/// What a question brought, as far as the next one depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Asking again would bring nothing new.
    Settled,
    /// It would bring nothing new if the next one says the same.
    SettledIfAgain,
    /// A good answer that may change.
    Open,
    /// A good answer, without a trace of what is sought.
    Absent,
    /// No good answer. The other side may have asked for a pause.
    Failed { pause: Option<Duration> },
    /// No good answer, and there would be none to the next question either.
    Hopeless,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Settled,
    Open,
    /// `for_good`: twice in a row, the second time asked for after the caller's time.
    Absent {
        for_good: bool,
    },
    Hopeless,
    /// Not one good answer came.
    NoAnswer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Wait(Duration),
    Done(End),
}

/// One search for the truth. Every moment is the time since it began.
pub(crate) struct Inquest<W> {
    deadline: Duration,
    due: Option<Duration>,
    waits: W,
    asked_at: Duration,
    last: Option<End>,
    /// The last answer was one that counts if the next one says the same.
    nearly_settled: bool,
}

impl<W: Iterator<Item = Duration>> Inquest<W> {
    pub(crate) fn new(deadline: Duration, due: Option<Duration>, waits: W) -> Self {
        Self { deadline, due, waits, asked_at: Duration::ZERO, last: None, nearly_settled: false }
    }

    /// A question is asked `now`: how long it may take.
    pub(crate) fn ask(&mut self, now: Duration) -> Duration {
        self.asked_at = now;
        let left = self.left(now);
        (left / 2).max(SHORTEST_QUESTION).min(left)
    }

    /// It brought this: what to do next?
    pub(crate) fn next(&mut self, heard: Heard, now: Duration) -> Step {
        let was_absent = matches!(self.last, Some(End::Absent { .. }));
        let was_settled = std::mem::replace(&mut self.nearly_settled, heard == Heard::SettledIfAgain);
        match heard {
            Heard::Settled => return Step::Done(End::Settled),
            Heard::SettledIfAgain if was_settled => return Step::Done(End::Settled),
            Heard::Hopeless => return Step::Done(End::Hopeless),
            Heard::Absent if was_absent && self.is_due() => return Step::Done(End::Absent { for_good: true }),
            Heard::Absent => self.last = Some(End::Absent { for_good: false }),
            Heard::Open | Heard::SettledIfAgain => self.last = Some(End::Open),
            Heard::Failed { .. } => {}
        }
        match self.wait(heard, now) {
            Some(wait) => Step::Wait(wait),
            None => Step::Done(self.last.unwrap_or(End::NoAnswer)),
        }
    }

    fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= self.asked_at)
    }

    /// The wait before the next question, if there is time for one.
    fn wait(&mut self, heard: Heard, now: Duration) -> Option<Duration> {
        let wait = self.waits.next()?;
        let wait = match heard {
            Heard::Failed { pause: Some(pause) } => wait.max(pause),
            _ => wait,
        };
        let until_due = self.due.map(|due| due.saturating_sub(now)).filter(|_| heard == Heard::Absent);
        // Better early than never: the last question shall still be one that can tell.
        [Some(wait), until_due].into_iter().flatten().find(|wait| *wait < self.left(now))
    }

    fn left(&self, now: Duration) -> Duration {
        self.deadline.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Asks at once, takes a second for every answer and waits three: when it ended, and how.
    fn run(deadline: u64, due: Option<u64>, answers: &[Heard]) -> (u64, End) {
        let mut inquest = Inquest::new(seconds(deadline), due.map(seconds), std::iter::repeat(seconds(3)));
        let mut now = Duration::ZERO;
        for answer in answers.iter().chain(std::iter::repeat(&answers[answers.len() - 1])) {
            assert!(inquest.ask(now) + now <= seconds(deadline));
            now += seconds(1);
            match inquest.next(*answer, now) {
                Step::Wait(wait) => now += wait,
                Step::Done(end) => return (now.as_secs(), end),
            }
        }
        unreachable!("answers go on for ever")
    }

    const FAILED: Heard = Heard::Failed { pause: None };

    #[test]
    fn what_is_settled_ends_at_once() {
        assert_eq!(run(60, None, &[Heard::Settled]), (1, End::Settled));
        assert_eq!(run(60, None, &[Heard::Open, FAILED, Heard::Absent, Heard::Settled]), (13, End::Settled));
        assert_eq!(run(60, None, &[FAILED, Heard::Hopeless]), (5, End::Hopeless));
    }

    #[test]
    fn the_last_good_answer_counts_when_the_time_is_over() {
        assert_eq!(run(20, None, &[Heard::Open]), (17, End::Open));
        assert_eq!(run(20, None, &[Heard::Open, FAILED]), (17, End::Open));
        assert_eq!(run(20, None, &[Heard::Open, Heard::Absent]), (17, End::Absent { for_good: false }));
        assert_eq!(run(20, None, &[FAILED]), (17, End::NoAnswer));
    }

    #[test]
    fn absence_is_for_good_only_by_the_callers_time() {
        let good = End::Absent { for_good: true };
        assert_eq!(run(1000, None, &[Heard::Absent]).1, End::Absent { for_good: false });
        assert_eq!(run(60, Some(0), &[Heard::Absent]), (5, good));
        assert_eq!(run(60, Some(10), &[Heard::Absent]), (13, good));
        assert_eq!(run(60, Some(100), &[Heard::Absent]).1, End::Absent { for_good: false });
    }

    #[test]
    fn what_may_be_rescued_must_be_seen_twice_in_a_row() {
        assert_eq!(run(60, None, &[Heard::SettledIfAgain, Heard::SettledIfAgain]), (5, End::Settled));
        assert_eq!(run(60, None, &[Heard::SettledIfAgain, Heard::Open, Heard::Settled]), (9, End::Settled));
        assert_eq!(run(20, None, &[Heard::SettledIfAgain, Heard::Open]), (17, End::Open));
    }

    #[test]
    fn absence_must_be_seen_twice_in_a_row() {
        let good = End::Absent { for_good: true };
        assert_eq!(run(60, Some(0), &[Heard::Absent, Heard::Open, Heard::Absent]), (13, good));
        assert_eq!(run(60, Some(0), &[Heard::Absent, FAILED, Heard::Absent]), (9, good));
        assert_eq!(run(60, Some(0), &[Heard::Absent, Heard::Open]).1, End::Open);
    }

    #[test]
    fn the_last_wait_is_cut_to_ask_once_more_when_it_can_tell() {
        // The second wait would end after the deadline.
        let mut inquest = Inquest::new(seconds(10), Some(seconds(8)), [seconds(3), seconds(60)].into_iter());
        assert_eq!(inquest.next(Heard::Absent, seconds(1)), Step::Wait(seconds(3)));
        assert_eq!(inquest.next(Heard::Absent, seconds(5)), Step::Wait(seconds(3)));
        inquest.ask(seconds(8));
        assert_eq!(inquest.next(Heard::Absent, seconds(9)), Step::Done(End::Absent { for_good: true }));
    }

    #[test]
    fn a_pause_that_was_asked_for_is_kept() {
        let mut inquest = Inquest::new(seconds(60), None, std::iter::repeat(seconds(1)));
        let busy = |pause| Heard::Failed { pause: Some(seconds(pause)) };
        assert_eq!(inquest.next(busy(7), seconds(1)), Step::Wait(seconds(7)));
        assert_eq!(inquest.next(busy(0), seconds(9)), Step::Wait(seconds(1)));
        assert_eq!(inquest.next(busy(600), seconds(10)), Step::Done(End::NoAnswer));
    }

    #[test]
    fn a_question_leaves_time_for_another() {
        let mut inquest = Inquest::new(seconds(60), None, std::iter::empty());
        assert_eq!(inquest.ask(seconds(0)), seconds(30));
        assert_eq!(inquest.ask(seconds(50)), seconds(10));
        assert_eq!(inquest.ask(seconds(58)), seconds(2));
        assert_eq!(inquest.ask(seconds(70)), Duration::ZERO);
    }

    #[test]
    fn the_time_since_sending_counts_and_a_clock_that_is_ahead_gains_nothing() {
        let now = SystemTime::UNIX_EPOCH + seconds(1000);
        let pace = Pace { sent_at: now, not_arrived_after: Some(seconds(300)), ..Pace::new(seconds(60)) };
        assert_eq!(pace.due(now), Some(seconds(300)));
        assert_eq!(pace.due(now + seconds(100)), Some(seconds(200)));
        assert_eq!(pace.due(now + seconds(900)), Some(Duration::ZERO));
        assert_eq!(pace.due(SystemTime::UNIX_EPOCH), Some(seconds(300)));
        assert_eq!(Pace { not_arrived_after: None, ..pace }.due(now), None);
    }

    #[test]
    fn waits_grow_to_the_longest_and_chance_adds_to_them() {
        let waits = |shortest, longest| {
            let pace = Pace { waits: (shortest, longest), ..Pace::new(seconds(600)) };
            pace.inquest(SystemTime::now()).waits.take(10).collect::<Vec<_>>()
        };
        let usual = waits(seconds(1), seconds(15));
        assert!(usual[0] >= seconds(1) && usual[0] <= seconds(2), "{usual:?}");
        assert!(usual[9] >= seconds(15) && usual[9] <= seconds(30), "{usual:?}");
        assert!(waits(Duration::ZERO, Duration::ZERO)[9] >= WAITS.0);
        assert!(waits(Duration::MAX, Duration::ZERO)[9] <= WAITS.1 * 2);
    }
}
