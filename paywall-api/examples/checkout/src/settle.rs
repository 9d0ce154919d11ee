//! Is it paid? Only an inquiry that agrees on code, amount and currency says so; what is open is asked for until it is
//! settled.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use paywall_api::callbacks::ThreeDCallback;
use paywall_api::inquiries::PaymentInquiry;
use paywall_api::{Claim, Confirm, Confirmation, Error, Standing, Unconfirmed, UnconfirmedReason};

use crate::order::{Order, State};
use crate::{Patience, Shop};

impl Shop {
    /// A callback has come. Nothing of it is believed: it is a reason to ask.
    pub(crate) async fn hear(self: &Arc<Self>, order: &Arc<Order>, claim: &Claim<ThreeDCallback>) {
        if order.hears() {
            self.learn(order, self.paywall.payments().confirm(claim, &order.expected())).await;
            self.goes_on(order);
        }
    }

    /// A callback has come that says nothing, or nothing that can be trusted. The order is asked for all the same.
    pub(crate) async fn hear_nothing(self: &Arc<Self>, order: &Arc<Order>) {
        if order.hears() {
            self.ask(order).await;
            self.goes_on(order);
        }
    }

    /// Asks for an order of which a callback may tell something.
    pub(crate) async fn look_up(&self, order: &Order) {
        if order.hears() {
            self.ask(order).await;
        }
    }

    /// The shopper is back, and may have taken longer than the shop has asked.
    fn goes_on(self: &Arc<Self>, order: &Arc<Order>) {
        order.is_back();
        self.keep_asking(order);
    }

    /// Asks on a shopper's behalf: whether the answer is that nothing was charged.
    pub(crate) async fn ask(&self, order: &Order) -> bool {
        self.learn(order, self.paywall.payments().confirm_without_claim(&order.expected())).await
    }

    async fn learn(&self, order: &Order, question: Confirm<'_>) -> bool {
        let (shortest, longest) = self.patience.waits;
        let answer = question.deadline(self.patience.at_the_counter).waits(shortest, longest).await;
        let is_uncharged = matches!(&answer, Ok(Confirmation::Unconfirmed(said)) if uncharged(said.reason()));
        if let Some(state) = learnt(answer) {
            order.settle(state);
        }
        is_uncharged
    }

    /// Asks on its own until the order is settled: shoppers close their browsers, and answers are lost.
    pub(crate) fn keep_asking(self: &Arc<Self>, order: &Arc<Order>) {
        let (shop, order) = (Arc::clone(self), Arc::clone(order));
        if order.begin_asking() {
            tokio::spawn(async move {
                let is_gone = shop.find_out(&order).await;
                // In this order: the next attempt is asked for by somebody.
                order.end_asking();
                if is_gone {
                    order.never_arrived();
                }
            });
        }
    }

    /// Whether it has never arrived.
    async fn find_out(&self, order: &Order) -> bool {
        let (began, unknown) = (Instant::now(), order.unknown(SystemTime::now()));
        let Patience { waits: (shortest, longest), in_the_back, gone_after, .. } = self.patience;
        while order.is_open() && began.elapsed() < in_the_back {
            let question = self.paywall.payments().resolve(&unknown).waits(shortest, longest);
            match question.not_arrived_after(gone_after).await {
                // The next attempt goes under the same code: should this one still arrive, Paywall refuses one of them.
                Ok(found) if found.may_be_sent_again() && matches!(order.state(), State::Open) => return true,
                // It does not compare amounts; the inquiry that confirms does.
                Ok(_) => drop(self.ask(order).await),
                Err(_) => tokio::time::sleep(longest).await,
            }
        }
        false
    }
}

/// What an answer settles; nothing while it settles nothing.
fn learnt(answer: Result<Confirmation, Error>) -> Option<State> {
    match answer {
        Ok(Confirmation::Confirmed(payment)) => Some(State::Paid((&payment).into())),
        // One instalment was asked for, so nobody was to pay interest.
        Ok(Confirmation::WithInterest(_)) => Some(State::Odd),
        Ok(Confirmation::Unconfirmed(unconfirmed)) => not_paid(&unconfirmed),
        Err(_) => None,
    }
}

/// Of an order that was refused before: one that hangs may still be charged.
fn uncharged(reason: UnconfirmedReason) -> bool {
    matches!(reason, UnconfirmedReason::NotFound | UnconfirmedReason::Standing(Standing::Refused))
}

fn not_paid(unconfirmed: &Unconfirmed) -> Option<State> {
    match unconfirmed.reason() {
        _ if unconfirmed.may_change() => None,
        UnconfirmedReason::Standing(Standing::Refused) => {
            Some(State::Refused(unconfirmed.inquiry().and_then(|inquiry| reason(inquiry))))
        }
        _ => Some(State::Odd),
    }
}

/// What the inquiry says, which comes from Paywall; what the callback says comes through the shopper's browser.
fn reason(inquiry: &PaymentInquiry) -> Option<String> {
    let said = inquiry.error.as_ref()?.error_message.as_deref()?;
    (!said.is_empty()).then(|| said.to_owned())
}
