//! Does any sequence of operations break the rules of money? Random ones, held against a little model that knows
//! nothing of the bank's own records: what is accepted, what remains, and how an inquiry makes the payment stand.

use std::collections::{BTreeMap, HashSet};
use std::mem::{self, Discriminant};
use std::time::Duration;

use fastrand::Rng;
use paywall_api::inquiries::InquiredPayment;
use paywall_api::{Amount, Standing};

use super::{Bank, Book, Moment, Templates};
use crate::text;

const SEQUENCES: u64 = 60;
const STEPS: usize = 60;
const CODES: usize = 4;
const PENDING: Duration = Duration::from_secs(3);

/// A payment as somebody with a pencil would keep it, in minor units.
#[derive(Clone, Copy, Debug)]
struct Kept {
    at: Moment,
    provision: bool,
    authorised: i64,
    captured: i64,
    returned: i64,
    in_parts: bool,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// When the bank will have answered, and whether by yes.
    Open(Moment, bool),
    Declined,
    Authorised,
    Void,
    Taken,
    Cancelled,
}

/// One operation by chance, with what the request says.
#[derive(Clone, Copy, Debug)]
enum Step {
    Start { cents: i64, provision: bool },
    Capture { cents: i64 },
    Void,
    Refund { complete: bool },
    RefundPart { cents: i64 },
    Cancel,
    Revert { cents: i64 },
    Sleep(Duration),
}

impl Step {
    fn any(random: &mut Rng) -> Self {
        let cents = *random.choice(&[100, 250, 999, 1000, 1005, 1091, 1092, 1096, -100, 0]).unwrap_or(&100);
        match random.u8(0..12) {
            0..=2 => Self::Start { cents: cents.max(1), provision: random.bool() },
            3 => Self::Capture { cents: cents.max(0) },
            4 => Self::Void,
            5 => Self::Refund { complete: random.bool() },
            6 | 7 => Self::RefundPart { cents: cents / 2 },
            8 => Self::Cancel,
            9 => Self::Revert { cents: cents.max(0) },
            10 => Self::Sleep(Duration::from_secs(random.u64(0..10))),
            _ => Self::Sleep(Duration::from_secs(random.u64(0..30 * 3600))),
        }
    }
}

impl Kept {
    fn start(cents: i64, provision: bool, now: Moment) -> Self {
        let authorised = Self {
            at: now,
            provision,
            authorised: cents,
            captured: 0,
            returned: 0,
            in_parts: false,
            stage: Stage::Declined,
        };
        match cents % 100 {
            5 | 41 | 51 | 54 | 57 | 61 | 96 => authorised,
            91 => Self { stage: Stage::Open(now.after(PENDING), true), ..authorised },
            92 => Self { stage: Stage::Open(now.after(PENDING), false), ..authorised },
            _ => authorised.yes(now),
        }
    }

    fn yes(self, now: Moment) -> Self {
        if self.provision {
            Self { at: now, stage: Stage::Authorised, ..self }
        } else {
            Self { at: now, stage: Stage::Taken, captured: self.authorised, ..self }
        }
    }

    fn settled(self, now: Moment) -> Self {
        match self.stage {
            Stage::Open(until, true) if until <= now => self.yes(now),
            Stage::Open(until, false) if until <= now => Self { at: now, stage: Stage::Declined, ..self },
            _ => self,
        }
    }

    fn left(self) -> i64 {
        self.captured - self.returned
    }

    /// The payment after a step that is allowed; nothing for one that is not.
    fn after(self, step: Step, now: Moment) -> Option<Self> {
        let same_day = self.at.day() == now.day();
        let has_money = self.stage == Stage::Taken && self.left() > 0;
        match step {
            Step::Start { .. } | Step::Sleep(_) => None,
            Step::Capture { cents } => {
                let cents = if cents == 0 { self.authorised } else { cents };
                let allowed = self.stage == Stage::Authorised && cents <= self.authorised;
                allowed.then_some(Self { stage: Stage::Taken, captured: cents, ..self })
            }
            Step::Void => (self.stage == Stage::Authorised).then_some(Self { stage: Stage::Void, ..self }),
            Step::Refund { complete } => {
                (has_money && (complete || !self.in_parts)).then_some(Self { returned: self.captured, ..self })
            }
            Step::RefundPart { cents } => (has_money && cents > 0 && cents <= self.left()).then_some(Self {
                returned: self.returned + cents,
                in_parts: true,
                ..self
            }),
            Step::Cancel => (has_money && same_day && !self.in_parts).then_some(Self {
                stage: Stage::Cancelled,
                returned: self.captured,
                ..self
            }),
            Step::Revert { .. } if same_day => self.after(Step::Cancel, now),
            Step::Revert { cents } if cents == 0 || cents == self.authorised => {
                self.after(Step::Refund { complete: false }, now)
            }
            Step::Revert { cents } => self.after(Step::RefundPart { cents }, now),
        }
    }

    fn standing(self) -> Standing {
        match self.stage {
            Stage::Open(..) => Standing::Pending,
            Stage::Declined => Standing::Refused,
            Stage::Authorised => Standing::Authorized,
            Stage::Void | Stage::Cancelled => Standing::Cancelled,
            Stage::Taken if self.returned == 0 => Standing::Paid,
            Stage::Taken if self.left() == 0 => Standing::Refunded,
            Stage::Taken => Standing::PartiallyRefunded,
        }
    }
}

fn money(cents: i64) -> Amount {
    Amount::from_minor(cents)
}

/// A bank, its model and the time.
struct Day {
    bank: Bank,
    kept: BTreeMap<String, Kept>,
    unique_codes: BTreeMap<String, String>,
    now: Moment,
    /// Which steps were accepted, and which were not.
    seen: HashSet<(Discriminant<Step>, bool)>,
}

impl Day {
    fn new(seed: u64) -> Self {
        let now = serde_json::from_str("1700000000000").expect("a moment");
        let bank = Bank::new(Book::default(), seed, Templates::default());
        Self { bank, kept: BTreeMap::new(), unique_codes: BTreeMap::new(), now, seen: HashSet::new() }
    }

    fn ask(&mut self, operation: &str, request: &str) -> Option<String> {
        let (verdict, _) = self.bank.act(operation, request, self.now, "http://127.0.0.1").expect("a handler");
        verdict.ok().map(|body| text::write(&body))
    }

    fn take(&mut self, code: &str, step: Step) {
        if let Step::Sleep(time) = step {
            self.now = self.now.after(time);
        }
        let settled = self.kept.get(code).map(|kept| kept.settled(self.now));
        let expected = match (settled, step) {
            (None, Step::Start { cents, provision }) => Some(Kept::start(cents, provision, self.now)),
            (Some(kept), step) => kept.after(step, self.now),
            (None, _) => None,
        };
        if !matches!(step, Step::Sleep(_)) {
            let accepted = self.send(code, settled, step);
            let wanted = expected.is_some_and(|kept| !matches!(kept.stage, Stage::Open(..) | Stage::Declined));
            assert_eq!(accepted, wanted, "{step:?} of {settled:?}");
            self.seen.insert((mem::discriminant(&step), accepted));
        }
        if let Some(kept) = expected.or(settled) {
            self.kept.insert(code.to_owned(), kept);
        }
    }

    /// Whether the step is accepted.
    fn send(&mut self, code: &str, kept: Option<Kept>, step: Step) -> bool {
        let date = kept.map_or_else(|| self.now.day(), |kept| kept.at.day());
        let named = format!(r#""MerchantUniqueCode":"{code}","Date":"{date}""#);
        let unique = self.unique_codes.get(code).cloned().unwrap_or_else(|| "none".to_owned());
        let (operation, request) = match step {
            Step::Start { cents, provision } => ("startDirectPayment", direct(code, money(cents), provision)),
            Step::Capture { cents } => {
                ("captureProvision", format!(r#"{{{named},"ProvisionAmount":{}}}"#, money(cents)))
            }
            Step::Void => ("cancelProvision", format!("{{{named}}}")),
            Step::Refund { complete } => {
                ("refundPayment", format!(r#"{{{named},"CompletePartialRefund":{complete}}}"#))
            }
            Step::RefundPart { cents } => {
                ("refundPaymentPartially", format!(r#"{{{named},"Amount":{}}}"#, money(cents)))
            }
            Step::Cancel => ("cancelPayment", format!("{{{named}}}")),
            Step::Revert { cents } => (
                "revertPayment",
                format!(r#"{{"UniqueCode":"{unique}","MerchantUniqueCode":"{code}","Amount":{}}}"#, money(cents)),
            ),
            Step::Sleep(_) => return false,
        };
        self.ask(operation, &request).is_some()
    }

    /// What an inquiry says is what the model says.
    fn compare(&mut self, code: &str) {
        let kept = self.kept.get(code).copied();
        let said = self.ask("queryPayment", &format!(r#"{{"merchantuniquecode":"{code}"}}"#));
        let (Some(kept), Some(said)) = (kept, &said) else {
            return assert_eq!(kept.is_some(), said.is_some());
        };
        let said: InquiredPayment = serde_json::from_str(said).expect("an inquiry");
        let payment = said.paywall.expect("a payment");
        assert_eq!(payment.standing(), kept.standing(), "{kept:?} {payment:?}");
        assert_eq!(payment.remaining_refund_amount, Some(money(kept.left())), "{kept:?}");
        assert_eq!(payment.payment_amount, Some(money(kept.authorised)));
        assert_eq!(payment.any_success_payment, Some(kept.captured > 0));
        self.unique_codes.insert(code.to_owned(), payment.unique_code.expect("a code"));
    }
}

fn direct(code: &str, amount: Amount, provision: bool) -> String {
    format!(
        r#"{{"PaymentDetail":{{"Amount":{amount},"MerchantUniqueCode":"{code}","CurrencyId":1,"Installment":1,
        "Half2D":{provision},"ClientIP":"192.0.2.1"}},
        "Card":{{"OwnerName":"A B","Number":"5528790000000008","ExpireMonth":"12","ExpireYear":"2030","Cvv":"123"}},
        "Customer":{{"FullName":"A","Phone":"5","Email":"a@b.c","Country":"C","City":"C","Address":"A"}},
        "Products":[{{"ProductId":"p","ProductName":"p","ProductCategory":"p","ProductDescription":"p",
        "ProductAmount":{amount}}}]}}"#
    )
}

#[test]
fn no_sequence_of_operations_takes_or_returns_what_is_not_there() {
    let mut seen = HashSet::new();
    for seed in 0..SEQUENCES {
        let mut random = Rng::with_seed(seed);
        let mut day = Day::new(seed);
        for _ in 0..STEPS {
            let code = format!("order-{}", random.usize(0..CODES));
            let step = Step::any(&mut random);
            day.take(&code, step);
            for kept in day.kept.values() {
                assert!(kept.returned <= kept.captured && kept.captured <= kept.authorised);
            }
            // Those that became due beside it.
            let now = day.now;
            day.kept.values_mut().for_each(|kept| *kept = kept.settled(now));
            (0..CODES).for_each(|number| day.compare(&format!("order-{number}")));
        }
        seen.extend(day.seen);
    }
    assert_eq!(seen.len(), 2 * KINDS, "every step is accepted here and refused there");
}

/// How many kinds of steps there are, apart from sleep.
const KINDS: usize = 7;

#[test]
fn a_seed_gives_the_same_day_again() {
    let told = |seed| {
        let mut day = Day::new(seed);
        (0..3)
            .map(|number| day.ask("startDirectPayment", &direct(&format!("order-{number}"), money(100), false)))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(7), told(7));
    assert_ne!(told(7), told(8));
}
