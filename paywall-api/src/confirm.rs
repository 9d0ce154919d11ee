//! Is an order paid? Only an inquiry can say so, and only this file turns one into a confirmed payment.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::codes::{Currency, PaymentStatus};
use crate::payments::Payments;
#[cfg(feature = "blocking")]
use crate::payments::QueryPayment;
use crate::resolve::inquire::{Asked, Failure, Memory, inquire};
use crate::resolve::{End, Heard, InquiryResult, Pace, settled};
use crate::standing::Facts;
use crate::{Amount, Caller, Claim, ClaimsPayment, Client, Error, Expected, Standing};

/// Short, since a shopper is waiting.
const DEADLINE: Duration = Duration::from_secs(10);

impl<'c, C: Caller> Payments<'c, C> {
    /// Confirms what a callback or webhook claims: looks the payment up and compares it with the merchant's own order.
    ///
    /// Nothing of the claim is believed. Its one use is to name the order, and a claim that names another one than
    /// `expected`, or none, is refused without a question. So it makes no difference to which of the two addresses a
    /// claim came, what status it asserts, how often it came, or whether its hash was verified.
    ///
    /// A confirmation comes as often as a claim does: Paywall may send one twice, and a shopper may reload the page.
    /// Mark the order as paid in one step that fails the second time, and ship only after that step.
    ///
    /// Await it, or `send` it with a blocking client.
    pub fn confirm<N: ClaimsPayment>(self, claim: &Claim<N>, expected: &Expected) -> Confirm<'c, C> {
        Confirm::new(self.caller(), names(claim.merchant_code(), expected), expected)
    }

    /// Confirms a payment of which no claim has come: the shopper has not returned, or a webhook was lost. The rules are
    /// the same, since a claim proves nothing.
    ///
    /// Await it, or `send` it with a blocking client.
    pub fn confirm_without_claim(self, expected: &Expected) -> Confirm<'c, C> {
        Confirm::new(self.caller(), true, expected)
    }
}

/// Is the claim about the order that is expected?
fn names(claimed: Option<&str>, expected: &Expected) -> bool {
    claimed == Some(expected.merchant_code())
}

/// A question for a payment: see [`Payments::confirm`](crate::payments::Payments::confirm).
#[must_use = "nothing is asked until it is awaited, or sent by a blocking client"]
pub struct Confirm<'c, C: Caller = Client> {
    caller: &'c C,
    is_about_it: bool,
    expected: Expected,
    pace: Pace,
}

impl<'c, C: Caller> Confirm<'c, C> {
    fn new(caller: &'c C, is_about_it: bool, expected: &Expected) -> Self {
        Self { caller, is_about_it, expected: expected.clone(), pace: Pace::new(DEADLINE) }
    }

    /// How long to go on asking while the payment is pending, not found or contradicts itself. 10 s if nothing is said:
    /// a shopper waits, and may be told that the payment is being looked at.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.pace.deadline = deadline;
        self
    }

    /// How long to wait between two questions: `shortest` at first, then ever longer, up to `longest`; chance adds up to
    /// as much again. 1 s and 15 s if nothing is said.
    pub fn waits(mut self, shortest: Duration, longest: Duration) -> Self {
        self.pace.waits = (shortest, longest);
        self
    }
}

/// # Errors
///
/// The inquiry's own, where no good answer came. The order is then as it was before: neither paid nor refused.
impl<'c> IntoFuture for Confirm<'c> {
    type Output = Result<Confirmation, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { confirm(self.caller, self.is_about_it, self.expected, self.pace).await })
    }
}

#[cfg(feature = "blocking")]
impl Confirm<'_, crate::blocking::Client> {
    /// Asks, and waits for the end.
    ///
    /// # Errors
    ///
    /// The inquiry's own, where no good answer came. The order is then as it was before: neither paid nor refused.
    pub fn send(self) -> Result<Confirmation, Error> {
        let Self { caller, is_about_it, expected, pace } = self;
        caller.wait::<QueryPayment, _>(|client| confirm(client, is_about_it, expected, pace))?
    }
}

impl<C: Caller> fmt::Debug for Confirm<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confirm").field("expected", &self.expected).field("pace", &self.pace).finish_non_exhaustive()
    }
}

async fn confirm(client: &Client, is_about_it: bool, expected: Expected, pace: Pace) -> Result<Confirmation, Error> {
    if !is_about_it {
        return Ok(Confirmation::not(UnconfirmedReason::AnotherOrder, None));
    }
    let hear = |found: Option<&Facts>| match found {
        Some(facts) if facts.standing().is_settled() => settled(facts.standing()),
        _ => Heard::Open,
    };
    match inquire(client, &expected.merchant_code, &pace, Memory::Sound, hear).await {
        Ok(Asked { found: Some(found), end }) if end != End::Settled && found.standing() == Standing::Refused => {
            Ok(Confirmation::not(UnconfirmedReason::Pending, Some(found)))
        }
        Ok(Asked { found: Some(found), .. }) => Ok(Confirmation::of(found, expected)),
        Ok(Asked { found: None, .. }) => Ok(Confirmation::not(UnconfirmedReason::NotFound, None)),
        Err(Failure::AnotherPayment) => Ok(Confirmation::not(UnconfirmedReason::AnotherPayment, None)),
        Err(Failure::Lasting(error) | Failure::NoAnswer(error)) => Err(error),
    }
}

/// What an inquiry said of a claim.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an order is paid only if it is confirmed"]
pub enum Confirmation {
    /// The payment is what was expected.
    Confirmed(ConfirmedPayment),
    /// The payment is what was expected, but for interest that was added for instalments: the amounts are for the caller
    /// to judge.
    WithInterest(PaymentWithInterest),
    /// It is not confirmed. That does not always mean that it is not paid: the reason says more.
    Unconfirmed(Unconfirmed),
}

impl Confirmation {
    /// The confirmed payment, if it is confirmed without a question.
    #[must_use]
    pub fn confirmed(self) -> Option<ConfirmedPayment> {
        match self {
            Self::Confirmed(payment) => Some(payment),
            Self::WithInterest(_) | Self::Unconfirmed(_) => None,
        }
    }

    fn of(found: Box<InquiryResult>, expected: Expected) -> Self {
        match judge(found.facts(), &expected) {
            Err(reason) => Self::not(reason, Some(found)),
            Ok(interest) => {
                let payment = ConfirmedPayment { expected, inquiry: found };
                match interest {
                    Interest::None => Self::Confirmed(payment),
                    Interest::Applied => Self::WithInterest(PaymentWithInterest { payment }),
                }
            }
        }
    }

    fn not(reason: UnconfirmedReason, inquiry: Option<Box<InquiryResult>>) -> Self {
        Self::Unconfirmed(Unconfirmed { reason, inquiry })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interest {
    None,
    Applied,
}

/// Is it the payment that was expected, in every respect?
fn judge(facts: &Facts, expected: &Expected) -> Result<Interest, UnconfirmedReason> {
    if facts.merchant_code.as_deref() != Some(expected.merchant_code()) {
        return Err(UnconfirmedReason::AnotherPayment);
    }
    match facts.standing() {
        Standing::Pending => return Err(UnconfirmedReason::Pending),
        standing if standing != expected.standing => return Err(UnconfirmedReason::Standing(standing)),
        _ => {}
    }
    if facts.currency != Some(expected.currency) {
        return Err(UnconfirmedReason::Currency);
    }
    if expected.installment.is_some_and(|installment| facts.installment != Some(installment)) {
        return Err(UnconfirmedReason::Installment);
    }
    judge_amount(facts, expected.amount)
}

/// Without interest every amount that is told must be the expected one. Where nothing is said of interest, the amount
/// before interest must be told as well. With interest no page says which of the two is the amount that was asked for.
fn judge_amount(facts: &Facts, expected: Amount) -> Result<Interest, UnconfirmedReason> {
    let is_it = |amount: Option<Amount>| amount == Some(expected);
    let is_not_another = |amount: Option<Amount>| amount.is_none_or(|amount| amount == expected);
    let (fits, interest) = match facts.interest {
        Some(true) => (is_it(facts.amount) || is_it(facts.original), Interest::Applied),
        Some(false) => (is_it(facts.amount) && is_not_another(facts.original), Interest::None),
        None => (is_it(facts.amount) && is_it(facts.original), Interest::None),
    };
    // Of a pre-authorisation less may have been captured than was authorised, and whether it was one may not be said:
    // the movement alone tells.
    let waits = facts.status == Some(PaymentStatus::AWAITING_CAPTURE);
    let told = facts.moved.is_some() || facts.provision == Some(false) || waits;
    let is_what_moved = match interest {
        Interest::None => is_not_another(facts.moved),
        Interest::Applied => facts.moved.is_none() || [facts.amount, facts.original].contains(&facts.moved),
    };
    if fits && told && is_what_moved { Ok(interest) } else { Err(UnconfirmedReason::Amount) }
}

/// A payment that an inquiry has confirmed: of this merchant code, amount and currency, and paid (or authorised, if that
/// was expected) when the inquiry was answered. There is no other way to one.
#[derive(Clone, PartialEq)]
pub struct ConfirmedPayment {
    expected: Expected,
    inquiry: Box<InquiryResult>,
}

impl ConfirmedPayment {
    /// Paywall's number of the payment.
    #[must_use]
    pub fn payment_id(&self) -> Option<i64> {
        self.inquiry.payment_id
    }

    /// Paywall's own unique code of the payment.
    #[must_use]
    pub fn unique_code(&self) -> Option<&str> {
        self.inquiry.unique_code.as_deref()
    }

    /// The merchant's own code of the payment.
    #[must_use]
    pub fn merchant_code(&self) -> &str {
        &self.expected.merchant_code
    }

    /// The amount that was asked for. With interest, what the shopper pays may be more.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.expected.amount
    }

    /// The currency.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.expected.currency
    }

    /// The number of instalments.
    #[must_use]
    pub fn installment(&self) -> Option<i64> {
        self.inquiry.installment
    }

    /// Is it a pre-authorisation, which waits to be captured?
    #[must_use]
    pub fn is_authorization(&self) -> bool {
        self.expected.standing == Standing::Authorized
    }

    /// All that Paywall said.
    #[must_use]
    pub fn inquiry(&self) -> &InquiryResult {
        &self.inquiry
    }
}

/// Shows nothing of the shopper.
impl fmt::Debug for ConfirmedPayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfirmedPayment")
            .field("payment_id", &self.payment_id())
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

/// A payment that is what was expected, but for interest.
///
/// One of its two amounts is the expected one; no page says which of them is the amount that was asked for. Look at both,
/// and [`accept`](PaymentWithInterest::accept) it or do not.
#[derive(Clone, PartialEq)]
#[must_use = "it is confirmed only if it is accepted"]
pub struct PaymentWithInterest {
    payment: ConfirmedPayment,
}

impl PaymentWithInterest {
    /// `PaymentAmount`.
    #[must_use]
    pub fn payment_amount(&self) -> Option<Amount> {
        self.payment.inquiry.payment_amount
    }

    /// `OriginalAmount`, the amount without interest.
    #[must_use]
    pub fn original_amount(&self) -> Option<Amount> {
        self.payment.inquiry.original_amount
    }

    /// `InterestAmount`.
    #[must_use]
    pub fn interest_amount(&self) -> Option<Amount> {
        self.payment.inquiry.interest_amount
    }

    /// All that Paywall said.
    #[must_use]
    pub fn inquiry(&self) -> &InquiryResult {
        &self.payment.inquiry
    }

    /// The caller has judged the amounts: it is confirmed.
    #[must_use]
    pub fn accept(self) -> ConfirmedPayment {
        self.payment
    }
}

impl fmt::Debug for PaymentWithInterest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentWithInterest")
            .field("payment_amount", &self.payment_amount())
            .field("original_amount", &self.original_amount())
            .field("payment", &self.payment)
            .finish()
    }
}

/// A payment that is not confirmed, and why.
#[derive(Clone, PartialEq)]
pub struct Unconfirmed {
    reason: UnconfirmedReason,
    inquiry: Option<Box<InquiryResult>>,
}

/// Why a payment is not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnconfirmedReason {
    /// The claim is about another order, or about none. Nothing was asked.
    AnotherOrder,
    /// Paywall does not know the code, so far.
    NotFound,
    /// Nothing is decided, so far: ask again later.
    Pending,
    /// It stands otherwise than expected.
    Standing(Standing),
    /// The answer is about another payment than the one that was asked for.
    AnotherPayment,
    /// An amount is another one than expected, or missing.
    Amount,
    /// The currency is another one than expected, or missing.
    Currency,
    /// The number of instalments is another one than expected, or missing.
    Installment,
}

impl Unconfirmed {
    /// Why it is not confirmed.
    #[must_use]
    pub fn reason(&self) -> UnconfirmedReason {
        self.reason
    }

    /// May it be confirmed later? It is pending, not found so far, or what is said of it contradicts itself.
    #[must_use]
    pub fn may_change(&self) -> bool {
        use UnconfirmedReason::{NotFound, Pending, Standing as Stands};
        matches!(self.reason, NotFound | Pending | Stands(Standing::Contradictory))
    }

    /// What Paywall said, where it knows the payment.
    #[must_use]
    pub fn inquiry(&self) -> Option<&InquiryResult> {
        self.inquiry.as_deref()
    }
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not confirmed: ")?;
        f.write_str(match self.reason {
            UnconfirmedReason::AnotherOrder => "the claim is about another order, or about none",
            UnconfirmedReason::NotFound => "paywall does not know the payment, so far",
            UnconfirmedReason::Pending => "the payment is pending",
            UnconfirmedReason::Standing(standing) => return write!(f, "the payment is {standing}"),
            UnconfirmedReason::AnotherPayment => "the answer is about another payment",
            UnconfirmedReason::Amount => "the amount is another one than expected, or missing",
            UnconfirmedReason::Currency => "the currency is another one than expected, or missing",
            UnconfirmedReason::Installment => "the number of instalments is another one than expected, or missing",
        })
    }
}

impl fmt::Debug for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unconfirmed({:?})", self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::PaymentStatus;
    use crate::standing::tests::{amount, authorized, cancelled, paid, partially_refunded, refunded, refused, voided};

    fn expected() -> Expected {
        Expected::payment("order-1", amount("100"), Currency::TRY)
    }

    #[test]
    fn what_was_paid_as_expected_is_confirmed() {
        assert_eq!(judge(&paid(), &expected()), Ok(Interest::None));
        let authorization = Expected::authorization("order-1", amount("100.0"), Currency::TRY);
        assert_eq!(judge(&authorized(), &authorization), Ok(Interest::None));
    }

    #[test]
    fn any_other_standing_is_not() {
        for (facts, standing) in [
            (refused(), Standing::Refused),
            (refunded(), Standing::Refunded),
            (partially_refunded(), Standing::PartiallyRefunded),
            (cancelled(), Standing::Cancelled),
            (voided(), Standing::Cancelled),
            (authorized(), Standing::Authorized),
            (Facts { cancel: Some(true), ..paid() }, Standing::Contradictory),
        ] {
            assert_eq!(judge(&facts, &expected()), Err(UnconfirmedReason::Standing(standing)));
        }
        let pending = Facts { status: Some(PaymentStatus::PENDING), ..paid() };
        assert_eq!(judge(&pending, &expected()), Err(UnconfirmedReason::Pending));
        let unknown = Facts { status: Some(PaymentStatus::new(99)), ..paid() };
        assert_eq!(judge(&unknown, &expected()), Err(UnconfirmedReason::Pending));
        let authorization = Expected::authorization("order-1", amount("100"), Currency::TRY);
        assert_eq!(judge(&paid(), &authorization), Err(UnconfirmedReason::Standing(Standing::Paid)));
    }

    #[test]
    fn another_code_currency_or_amount_is_not() {
        type Change = fn(&mut Facts);
        let changed: [(Change, UnconfirmedReason); 9] = [
            (|facts| facts.merchant_code = Some("order-2".to_owned()), UnconfirmedReason::AnotherPayment),
            (|facts| facts.merchant_code = Some("ORDER-1".to_owned()), UnconfirmedReason::AnotherPayment),
            (|facts| facts.merchant_code = None, UnconfirmedReason::AnotherPayment),
            (|facts| facts.currency = Some(Currency::USD), UnconfirmedReason::Currency),
            (|facts| facts.currency = None, UnconfirmedReason::Currency),
            (|facts| facts.amount = Some(amount("99.99")), UnconfirmedReason::Amount),
            (|facts| facts.amount = Some(amount("10000")), UnconfirmedReason::Amount),
            (|facts| facts.original = Some(amount("90")), UnconfirmedReason::Amount),
            (|facts| facts.moved = Some(amount("60")), UnconfirmedReason::Amount),
        ];
        for (number, (change, reason)) in changed.into_iter().enumerate() {
            let mut facts = paid();
            change(&mut facts);
            assert_eq!(judge(&facts, &expected()), Err(reason), "{number}");
        }
    }

    #[test]
    fn without_a_word_on_interest_both_amounts_must_be_there() {
        let silent = Facts { interest: None, ..paid() };
        assert_eq!(judge(&silent, &expected()), Ok(Interest::None));
        assert_eq!(judge(&Facts { original: None, ..silent }, &expected()), Err(UnconfirmedReason::Amount));
        assert_eq!(judge(&Facts { original: None, ..paid() }, &expected()), Ok(Interest::None));
    }

    #[test]
    fn with_interest_the_caller_decides_between_the_two() {
        let interest = |amount, original| Facts {
            interest: Some(true),
            amount: Some(amount),
            original: Some(original),
            moved: Some(amount),
            ..paid()
        };
        assert_eq!(judge(&interest(amount("110"), amount("100")), &expected()), Ok(Interest::Applied));
        assert_eq!(judge(&interest(amount("100"), amount("90")), &expected()), Ok(Interest::Applied));
        let captured_less = Facts { moved: Some(amount("60")), ..interest(amount("110"), amount("100")) };
        assert_eq!(judge(&captured_less, &expected()), Err(UnconfirmedReason::Amount));
        let not_told = Facts { moved: None, provision: Some(true), ..interest(amount("110"), amount("100")) };
        assert_eq!(judge(&not_told, &expected()), Err(UnconfirmedReason::Amount));
        let neither = interest(amount("110"), amount("99"));
        assert_eq!(judge(&neither, &expected()), Err(UnconfirmedReason::Amount));
    }

    #[test]
    fn where_nothing_is_said_of_a_pre_authorisation_the_movement_must_be_told() {
        assert_eq!(judge(&Facts { provision: None, ..paid() }, &expected()), Ok(Interest::None));
        let silent = Facts { provision: None, moved: None, ..paid() };
        assert_eq!(judge(&silent, &expected()), Err(UnconfirmedReason::Amount));
        assert_eq!(judge(&Facts { provision: Some(false), ..silent }, &expected()), Ok(Interest::None));
    }

    #[test]
    fn the_number_of_instalments_is_compared_where_the_order_states_it() {
        let of = |installment| Facts { installment, ..paid() };
        assert_eq!(judge(&of(Some(3)), &expected()), Ok(Interest::None));
        assert_eq!(judge(&of(Some(3)), &expected().installment(3)), Ok(Interest::None));
        for other in [None, Some(0), Some(1), Some(12)] {
            assert_eq!(judge(&of(other), &expected().installment(3)), Err(UnconfirmedReason::Installment), "{other:?}");
        }
    }

    fn inquiry(applied: bool) -> Box<InquiryResult> {
        let json = format!(
            r#"{{"PaymentId": 8013143466, "UniqueCode": "u-1", "MerchantUniqueCode": "order-1", "AnySuccessPayment": true,
            "AnySuccessRefund": false, "AnySuccessPartialRefund": false, "AnySuccessCancel": false, "Status": true,
            "StatusId": 4, "TypeId": 1, "Installment": 3, "CurrencyId": 1, "PaymentAmount": 110.00,
            "ActivityAmount": 110.00, "OriginalAmount": 100.00, "AppliedInterest": {applied}, "InterestAmount": 10.00,
            "CardOwnerName": "Planted Person", "IP": "192.0.2.66"}}"#
        );
        Box::new(InquiryResult::read(&json).expect("inquiry"))
    }

    #[test]
    fn interest_is_shown_and_accepted_or_not() {
        let Confirmation::WithInterest(payment) = Confirmation::of(inquiry(true), expected()) else {
            panic!("with interest");
        };
        assert_eq!((payment.payment_amount(), payment.original_amount()), (Some(amount("110")), Some(amount("100"))));
        assert_eq!(payment.interest_amount(), Some(amount("10")));
        let confirmed = payment.accept();
        assert_eq!((confirmed.payment_id(), confirmed.unique_code()), (Some(8_013_143_466), Some("u-1")));
        assert_eq!((confirmed.merchant_code(), confirmed.amount()), ("order-1", amount("100")));
        assert_eq!((confirmed.installment(), confirmed.is_authorization()), (Some(3), false));
        assert!(Confirmation::of(inquiry(false), expected()).confirmed().is_none());
    }

    #[test]
    fn nothing_of_the_shopper_is_shown() {
        let unconfirmed = Confirmation::of(inquiry(false), expected());
        let interest = Confirmation::of(inquiry(true), expected());
        let Confirmation::Unconfirmed(why) = &unconfirmed else { panic!("unconfirmed") };
        assert_eq!(why.to_string(), "not confirmed: the amount is another one than expected, or missing");
        assert!(why.inquiry().is_some() && !why.may_change());
        let shown = format!("{unconfirmed:?} {interest:?} {:?}", interest.clone().confirmed());
        assert!(!shown.contains("Planted") && !shown.contains("192.0.2.66"), "{shown}");
    }

    #[test]
    fn a_claim_about_another_order_or_none_names_nothing() {
        assert!(names(Some("order-1"), &expected()));
        for claimed in [None, Some(""), Some("order-2"), Some("order-1 "), Some("ORDER-1")] {
            assert!(!names(claimed, &expected()), "{claimed:?}");
        }
    }
}
