//! How far has an order come? Its state is changed in one place, so that two clicks, a reload, a callback and the shop's
//! own questions never pull it two ways.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use paywall_api::codes::Currency;
use paywall_api::{CardNumber, ConfirmedPayment, Expected, Unknown, payments};
use tokio::sync::watch;
use url::Url;
use uuid::Uuid;

use crate::shelf::Product;
use crate::wallet::{Password, Wallet};

/// One thing that a shopper wants, and one payment for it.
pub(crate) struct Order {
    /// Whoever knows it sees the order, so nobody can guess it: the receipt needs no cookie.
    pub(crate) id: Uuid,
    /// The merchant's code of its payment: there before anything is sent.
    code: String,
    pub(crate) product: &'static Product,
    made: Instant,
    state: watch::Sender<State>,
    wallet: Mutex<Option<Wallet>>,
    is_asked_for: AtomicBool,
    /// The order that took its place when it was tried again.
    successor: OnceLock<Uuid>,
}

/// How far it has come.
#[derive(Clone)]
pub(crate) enum State {
    /// Nothing was charged and nothing is on its way: it may be paid. It was tried before, if there is a notice.
    Payable(Option<Notice>),
    /// Its payment is being sent.
    Sending,
    /// The shopper goes on at this address of the bank.
    AtBank(Url),
    /// Masterpass has sent the shopper a one-time password.
    AsksPassword(Password),
    /// Nobody knows yet. It is asked for; nothing is sent.
    Open,
    /// An inquiry has confirmed it.
    Paid(Receipt),
    /// It failed, and nothing was charged; with the bank's reason, where it gave one.
    Refused(Option<String>),
    /// There is a payment, and it is not the one that was asked for: somebody must look.
    Odd,
}

/// Why a payment that was tried may be tried again, under the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// There was no connection to Paywall.
    NotSent,
    /// It was sent, and Paywall has never heard of it.
    NeverArrived,
    /// The client has refused to send it.
    Unfit,
}

/// What a shopper may keep.
#[derive(Clone)]
pub(crate) struct Receipt {
    pub(crate) payment: Option<i64>,
    pub(crate) card: Option<String>,
}

impl From<&ConfirmedPayment> for Receipt {
    fn from(payment: &ConfirmedPayment) -> Self {
        let card = payment.inquiry().card_number.as_ref().and_then(last_four);
        Self { payment: payment.payment_id(), card }
    }
}

/// Paywall masks the number, but nothing says that it always does: no more is kept than a receipt may show.
fn last_four(card: &CardNumber) -> Option<String> {
    let number = card.expose();
    let digits = number.get(number.len().checked_sub(4)?..)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("•••• {digits}"))
}

impl Order {
    fn new(product: &'static Product) -> Self {
        let (id, code) = (Uuid::new_v4(), format!("shop-{}", Uuid::new_v4().simple()));
        let (state, _) = watch::channel(State::Payable(None));
        Self {
            id,
            code,
            product,
            made: Instant::now(),
            state,
            wallet: Mutex::default(),
            is_asked_for: AtomicBool::new(false),
            successor: OnceLock::new(),
        }
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }

    pub(crate) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Takes the order for payment. Of two who try at once, one may pay.
    pub(crate) fn begin(&self) -> bool {
        self.turn(State::Sending, |state| matches!(state, State::Payable(_)))
    }

    /// Takes the question for the password, to answer it once.
    pub(crate) fn take_password(&self) -> Option<Password> {
        let mut taken = None;
        self.state.send_if_modified(|state| {
            if let State::AsksPassword(password) = state {
                taken = Some(password.clone());
                *state = State::Sending;
            }
            taken.is_some()
        });
        taken
    }

    /// The payment was sent, and this is what came of it. An inquiry that was faster knows better.
    pub(crate) fn sent(&self, state: State) {
        self.turn(state, |state| matches!(state, State::Sending));
    }

    /// An inquiry says so. What is paid stays paid. What counted as never arrived may have come late.
    pub(crate) fn settle(&self, state: State) {
        self.turn(state, |state| !matches!(state, State::Paid(_) | State::Payable(None)));
    }

    /// It was sent, and Paywall has never heard of it.
    pub(crate) fn never_arrived(&self) {
        self.turn(State::Payable(Some(Notice::NeverArrived)), |state| matches!(state, State::Open));
    }

    /// The shopper is back, and nothing is decided yet. Whoever comes back has been there: it may have arrived after all.
    pub(crate) fn is_back(&self) {
        self.turn(State::Open, |state| matches!(state, State::AtBank(_) | State::Payable(Some(_))));
    }

    fn turn(&self, next: State, if_it_is: impl Fn(&State) -> bool) -> bool {
        self.state.send_if_modified(|state| {
            let turns = if_it_is(state);
            if turns {
                *state = next;
            }
            turns
        })
    }

    /// Waits until its payment has been sent.
    pub(crate) async fn has_been_sent(&self) {
        // The sender lives as long as the order.
        let _ = self.state.subscribe().wait_for(|state| !matches!(state, State::Sending)).await;
    }

    /// Takes the order to ask for it; one who asks is enough.
    pub(crate) fn begin_asking(&self) -> bool {
        !self.is_asked_for.swap(true, Ordering::SeqCst)
    }

    pub(crate) fn end_asking(&self) {
        self.is_asked_for.store(false, Ordering::SeqCst);
    }

    /// Is there anything left to ask?
    pub(crate) fn is_open(&self) -> bool {
        matches!(*self.state.borrow(), State::Sending | State::AtBank(_) | State::AsksPassword(_) | State::Open)
    }

    /// Can a callback tell anything of it? Not of what nobody has tried to pay, and of what is paid nothing new.
    pub(crate) fn hears(&self) -> bool {
        !matches!(*self.state.borrow(), State::Payable(None) | State::Paid(_))
    }

    pub(crate) fn is_payable(&self) -> bool {
        matches!(*self.state.borrow(), State::Payable(_))
    }

    /// What a payment must be to pay for this: from the order, never from what came through a browser.
    pub(crate) fn expected(&self) -> Expected {
        Expected::payment(&self.code, self.product.price(), Currency::TRY)
    }

    /// The payment, sent at this time at the latest, as a question. It is found by its code, whichever way it was made.
    pub(crate) fn unknown(&self, sent_at: SystemTime) -> Unknown {
        Unknown::rebuild::<payments::Start3dPayment>(&self.code, sent_at)
    }

    pub(crate) fn wallet(&self) -> Option<Wallet> {
        locked(&self.wallet).clone()
    }

    pub(crate) fn keep_wallet(&self, wallet: Wallet) {
        *locked(&self.wallet) = Some(wallet);
    }
}

/// Neither its id nor the bank's address: whoever has them sees the order, or goes on with the payment.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("code", &self.code).field("product", &self.product.id).finish_non_exhaustive()
    }
}

/// Every order of the shop.
#[derive(Default)]
pub(crate) struct Orders {
    all: Mutex<HashMap<Uuid, Arc<Order>>>,
}

/// An order that nobody has begun to pay is forgotten after this.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2 * 3600);

/// Tells how many there are.
impl fmt::Debug for Orders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Orders({})", locked(&self.all).len())
    }
}

impl Orders {
    pub(crate) fn create(&self, product: &'static Product) -> Arc<Order> {
        let order = Arc::new(Order::new(product));
        let mut all = locked(&self.all);
        forget(&mut all, FORGOTTEN_AFTER);
        all.insert(order.id, Arc::clone(&order));
        order
    }

    /// The order that takes the place of one that was refused: the same one, however often and wherever it is wished for.
    pub(crate) fn instead_of(&self, refused: &Order) -> Arc<Order> {
        let id = *refused.successor.get_or_init(|| self.create(refused.product).id);
        // It was forgotten, as nobody had begun to pay it.
        self.find(id).unwrap_or_else(|| self.create(refused.product))
    }

    pub(crate) fn find(&self, id: Uuid) -> Option<Arc<Order>> {
        locked(&self.all).get(&id).cloned()
    }
}

/// Forgets what nobody has begun to pay for so long. Who holds an order may be about to.
fn forget(all: &mut HashMap<Uuid, Arc<Order>>, after: Duration) {
    let is_begun = |order: &Arc<Order>| !matches!(order.state(), State::Payable(None)) || Arc::strong_count(order) > 1;
    all.retain(|_, order| order.made.elapsed() < after || is_begun(order));
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::SHELF;

    fn receipt() -> State {
        State::Paid(Receipt { payment: Some(1), card: None })
    }

    #[test]
    fn of_two_who_pay_at_once_one_may() {
        let order = Orders::default().create(&SHELF[0]);
        assert!(order.begin() && !order.begin());
    }

    #[test]
    fn what_is_paid_stays_paid() {
        let order = Orders::default().create(&SHELF[0]);
        assert!(order.begin());
        order.settle(receipt());
        order.sent(State::Open);
        order.settle(State::Refused(None));
        order.is_back();
        assert!(matches!(order.state(), State::Paid(_)) && !order.begin());
    }

    #[test]
    fn an_order_that_was_not_sent_is_settled_by_nobody() {
        let order = Orders::default().create(&SHELF[0]);
        order.settle(receipt());
        assert!(matches!(order.state(), State::Payable(None)));
    }

    #[test]
    fn what_arrives_after_it_was_given_up_is_settled_all_the_same() {
        let order = Orders::default().create(&SHELF[0]);
        assert!(order.begin() && !order.is_payable());
        order.sent(State::Open);
        order.never_arrived();
        assert!(order.is_payable() && order.hears());
        order.is_back();
        assert!(!order.begin(), "it may have been paid");
        order.never_arrived();
        order.settle(receipt());
        assert!(matches!(order.state(), State::Paid(_)) && !order.hears());
    }

    #[test]
    fn an_order_that_is_tried_again_twice_has_one_successor() {
        let orders = Orders::default();
        let refused = orders.create(&SHELF[0]);
        let next = orders.instead_of(&refused);
        assert_eq!(orders.instead_of(&refused).id, next.id);
        assert_ne!(orders.instead_of(&next).id, next.id);
    }

    #[test]
    fn an_order_that_somebody_holds_is_not_forgotten_before_it_is_paid() {
        let orders = Orders::default();
        let [held, left] = [(); 2].map(|()| orders.create(&SHELF[0]));
        let id = left.id;
        drop(left);
        forget(&mut locked(&orders.all), Duration::ZERO);
        assert!(orders.find(held.id).is_some() && orders.find(id).is_none());
        assert!(held.begin());
        let id = held.id;
        drop(held);
        forget(&mut locked(&orders.all), Duration::ZERO);
        assert!(orders.find(id).is_some(), "its payment is on its way");
    }

    #[test]
    fn debug_shows_no_address() {
        let orders = Orders::default();
        let order = orders.create(&SHELF[0]);
        assert!(order.begin());
        order.sent(State::AtBank(Url::parse("https://bank.example/hush").expect("an address")));
        let shown = format!("{order:?} {orders:?}");
        assert!(shown.contains(order.code()) && !shown.contains("hush") && !shown.contains(&order.id.to_string()));
    }

    #[test]
    fn codes_and_ids_are_never_the_same() {
        let orders = Orders::default();
        let (first, second) = (orders.create(&SHELF[0]), orders.create(&SHELF[0]));
        assert!(first.code() != second.code() && first.id != second.id);
        assert!(!first.code().contains(&first.id.simple().to_string()));
    }
}
