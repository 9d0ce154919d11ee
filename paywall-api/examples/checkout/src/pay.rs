//! How is a payment sent? Once, in a task of its own, under a code that the order had before.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use paywall_api::codes::Currency;
use paywall_api::payments::{NewPaymentDetail, NewProduct, PaymentDetail, Product, Start3dRequest};
use paywall_api::{Error, Outcome};
use url::Url;

use crate::Shop;
use crate::form::Buyer;
use crate::language::Language;
use crate::order::{Notice, Order, State};

/// Where a payment comes from, beside its card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
    pub(crate) language: Language,
    /// Behind a proxy it is the proxy's address: take the one that your proxy vouches for.
    pub(crate) ip: IpAddr,
}

impl Shop {
    /// Pays the order if nobody has begun to, and waits until its payment has been sent, whoever sent it.
    pub(crate) async fn pay<F>(self: &Arc<Self>, order: &Arc<Order>, sending: F)
    where
        F: Future<Output = State> + Send + 'static,
    {
        if order.begin() {
            self.send(order, sending);
        }
        order.has_been_sent().await;
    }

    /// A call that is dropped half-way may have charged the card, and a server drops what belongs to a connection that
    /// the shopper closes. So it belongs to none.
    pub(crate) fn send<F>(self: &Arc<Self>, order: &Arc<Order>, sending: F)
    where
        F: Future<Output = State> + Send + 'static,
    {
        let (shop, order) = (Arc::clone(self), Arc::clone(order));
        tokio::spawn(async move {
            // One that panics may have charged the card before.
            let state = tokio::spawn(sending).await.unwrap_or(State::Open);
            if matches!(state, State::Open) {
                shop.ask(&order).await;
            }
            order.sent(state);
            shop.keep_asking(&order);
        });
    }

    /// By a card: the shopper goes on at the bank.
    pub(crate) async fn by_card(self: Arc<Self>, order: Arc<Order>, buyer: Buyer, visit: Visit) -> State {
        let [merchant_success_back_url, merchant_fail_back_url] = self.ways_back(&order, visit.language);
        let detail = PaymentDetail::new(NewPaymentDetail {
            amount: order.product.price(),
            merchant_unique_code: order.code().to_owned(),
            merchant_success_back_url,
            merchant_fail_back_url,
            currency_id: Currency::TRY,
            installment: 1,
            client_ip: visit.ip.to_string().into(),
        });
        let request = Start3dRequest::new(detail, buyer.card, buyer.customer, vec![line(&order)]);
        match self.paywall.payments().start_3d(&request).await {
            Ok(started) => at_bank(started.redirect_url.expose()),
            Err(error) => failed(&error),
        }
    }

    /// The addresses of the callback. They know the order by its id; what comes to either is asked about, not believed.
    pub(crate) fn ways_back(&self, order: &Order, language: Language) -> [String; 2] {
        ["paid", "failed"].map(|end| {
            let path = language.path(&format!("/orders/{}/back/{end}", order.id));
            self.address.join(&path).map_or(path, String::from)
        })
    }
}

/// The order as the bank's list of products has it.
pub(crate) fn line(order: &Order) -> Product {
    let name = order.product.name(Language::Turkish);
    Product::new(NewProduct {
        product_id: order.product.id.to_owned(),
        product_name: name.to_owned(),
        product_category: "Kırtasiye".to_owned(),
        product_description: name.to_owned(),
        product_amount: order.product.price(),
    })
}

/// The payment goes on at this address, if it is one that a browser may be sent to.
pub(crate) fn at_bank(address: &str) -> State {
    match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => State::AtBank(url),
        _ => State::Open,
    }
}

/// What is left after a call that did not succeed: what cannot be proved not to have happened is open.
pub(crate) fn failed(error: &Error) -> State {
    match error.outcome() {
        Outcome::NotSent if error.is_invalid() => State::Payable(Some(Notice::Unfit)),
        Outcome::NotSent => State::Payable(Some(Notice::NotSent)),
        Outcome::Refused => State::Refused(reason(error)),
        Outcome::Unknown => State::Open,
    }
}

/// The bank's words, or else Paywall's.
fn reason(error: &Error) -> Option<String> {
    let bank =
        error.bank_error().and_then(|said| said.decoded_bank_message().or(said.bank_message().map(str::to_owned)));
    bank.or_else(|| error.message().map(str::to_owned)).filter(|said| !said.is_empty())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use paywall_api::Client;

    use super::*;
    use crate::shelf::SHELF;
    use crate::{Orders, Patience};

    /// A shop at which nobody answers.
    pub(crate) fn shop() -> Arc<Shop> {
        let nowhere = Url::parse("http://127.0.0.1:9/").expect("an address");
        let client = Client::builder_at(nowhere.as_str()).build().expect("a client");
        let patience = Patience { at_the_counter: Duration::from_millis(50), ..Patience::default() };
        Arc::new(Shop::new(client, nowhere.clone(), nowhere).patience(patience))
    }

    #[tokio::test]
    async fn a_payment_whose_sending_panics_is_open_and_is_asked_for() {
        let (shop, order) = (shop(), Orders::default().create(&SHELF[0]));
        shop.pay(&order, async { panic!("as code does") }).await;
        assert!(matches!(order.state(), State::Open));
        assert!(!order.begin_asking(), "somebody asks already");
    }

    #[tokio::test]
    async fn a_shopper_who_comes_back_after_the_shop_gave_up_makes_it_ask_again() {
        let (shop, order) = (shop(), Orders::default().create(&SHELF[0]));
        assert!(order.begin());
        order.sent(at_bank("https://bank.example/"));
        let form = format!("uniqueCode={}&status=Success", order.code());
        let claim = paywall_api::Claim::read(form.as_bytes()).expect("a claim");
        shop.hear(&order, &claim).await;
        assert!(matches!(order.state(), State::Open));
        assert!(!order.begin_asking(), "somebody asks already");
    }
}
