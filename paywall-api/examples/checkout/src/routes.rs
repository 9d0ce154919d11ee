//! Which addresses does the shop have, and what does each do? None needs a cookie: an order is known by its address,
//! which nobody guesses. So there is nothing that another site's form could use, and nothing that gets lost on the way
//! back from the bank.
//!
//! ```text
//! POST /orders                 an order of its own, 303 to its payment
//! GET  /orders/ID/pay          the forms; 303 to the order once it has been sent
//! POST /orders/ID/card         pays, once; 303 to the bank
//! POST /orders/ID/wallet       the cards of a telephone number; GET shows them, POST …/pay pays by one, once
//! POST /orders/ID/password     the one-time password
//! POST /orders/ID/back/END     the callback, through the shopper's browser: asks, 303 to the order
//! GET  /orders/ID              how the order stands; POST …/ask asks, POST …/again begins anew if nothing was charged
//! ```

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::Markup;
use paywall_api::callbacks::ThreeDCallback;
use paywall_api::{Claim, Personal, Secret};
use serde::Deserialize;
use uuid::Uuid;

use crate::Shop;
use crate::form::{self, CardForm, Field};
use crate::language::Language;
use crate::order::{Notice, Order, State as Stands};
use crate::pages::{self, Wrong};
use crate::pay::Visit;
use crate::shelf::Product;

/// More than any form of the shop needs.
const FORM_LIMIT: usize = 16 << 10;

pub(crate) fn router(shop: Shop) -> Router {
    let policy = policy(&shop);
    let callback = post(back).layer(DefaultBodyLimit::max(Claim::<ThreeDCallback>::LIMIT));
    Router::new()
        .route("/orders", post(buy))
        .route("/orders/{id}", get(order))
        .route("/orders/{id}/pay", get(pay))
        .route("/orders/{id}/card", post(by_card))
        .route("/orders/{id}/wallet", get(wallet).post(open_wallet))
        .route("/orders/{id}/wallet/pay", post(by_wallet))
        .route("/orders/{id}/password", post(by_password))
        .route("/orders/{id}/ask", post(ask))
        .route("/orders/{id}/again", post(again))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .route("/orders/{id}/back/{end}", callback)
        .route("/", get(front))
        .route("/shop.css", get(([(header::CONTENT_TYPE, "text/css")], pages::STYLE)))
        .route("/icon.svg", get(([(header::CONTENT_TYPE, "image/svg+xml")], pages::ICON)))
        .fallback(|language: Language| async move { missing(language) })
        .layer(middleware::from_fn_with_state(policy, guard))
        .with_state(Arc::new(shop))
}

/// No script, nothing from elsewhere, and forms lead to the shop, and on to the bank.
fn policy(shop: &Shop) -> HeaderValue {
    let bank = shop.bank.origin().ascii_serialization();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {bank}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'; style-src 'self'"))
}

/// Nothing of a payment stays in a cache, and no address of an order travels to another site.
async fn guard(State(policy): State<HeaderValue>, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let usual = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    response.headers_mut().extend(usual.map(|(name, value)| (name, HeaderValue::from_static(value))));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The order that an address names, or the page that says there is none.
struct Named(Arc<Order>);

impl FromRequestParts<Arc<Shop>> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Response> {
        let Ok(language) = Language::from_request_parts(parts, shop).await;
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, shop).await;
        let id = path.ok().and_then(|Path(named)| named.into_iter().find(|(name, _)| name == "id"));
        let order = id.and_then(|(_, id)| shop.orders.find(Uuid::try_parse(&id).ok()?));
        order.map(Self).ok_or_else(|| missing(language))
    }
}

fn missing(language: Language) -> Response {
    let title = language.say("There is no such page", "Böyle bir sayfa yok");
    let text = language.say("No order is known by this address.", "Bu adrese ait bir sipariş yok.");
    let home = ("/", language.say("To the shop", "Mağazaya"));
    shown(StatusCode::NOT_FOUND, &pages::notice(language, title, text, home))
}

fn shown(status: StatusCode, page: &Markup) -> Response {
    (status, Html(page.0.clone())).into_response()
}

fn to(language: Language, path: &str) -> Response {
    Redirect::to(&language.path(path)).into_response()
}

/// Where the shopper goes on. A bank at an address that forms may not lead to is a link away, on the order's page.
fn onward(shop: &Shop, language: Language, order: &Order) -> Response {
    match order.state() {
        Stands::AtBank(address) if address.origin() == shop.bank.origin() => {
            Redirect::to(address.as_str()).into_response()
        }
        Stands::Payable(_) => to(language, &format!("/orders/{}/pay", order.id)),
        _ => to(language, &format!("/orders/{}", order.id)),
    }
}

async fn front(State(shop): State<Arc<Shop>>, language: Language) -> Response {
    shown(StatusCode::OK, &pages::front(language, &shop.bank))
}

#[derive(Deserialize)]
struct Wish {
    product: String,
}

async fn buy(State(shop): State<Arc<Shop>>, language: Language, Form(wish): Form<Wish>) -> Response {
    let Some(product) = Product::find(&wish.product) else { return missing(language) };
    onward(&shop, language, &shop.orders.create(product))
}

/// The back button leads here after paying; what was sent is not offered again.
async fn pay(Named(order): Named, language: Language) -> Response {
    match order.state() {
        Stands::Payable(notice) => shown(StatusCode::OK, &pages::pay(language, &order, notice, &Wrong::default())),
        _ => to(language, &format!("/orders/{}", order.id)),
    }
}

async fn order(Named(order): Named, State(shop): State<Arc<Shop>>, language: Language) -> Response {
    // The page says that the shop goes on asking. It may have given up since.
    if order.is_open() {
        shop.keep_asking(&order);
    }
    shown(StatusCode::OK, &pages::order(language, &order))
}

fn unprocessable(language: Language, order: &Order, wrong: &Wrong) -> Response {
    shown(StatusCode::UNPROCESSABLE_ENTITY, &pages::pay(language, order, None::<Notice>, wrong))
}

/// Whatever else is typed for an order that is being paid, it goes on where it is.
async fn sent(shop: &Shop, language: Language, order: &Order) -> Response {
    order.has_been_sent().await;
    onward(shop, language, order)
}

async fn by_card(
    Named(order): Named,
    State(shop): State<Arc<Shop>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    language: Language,
    Form(typed): Form<CardForm>,
) -> Response {
    if !order.is_payable() {
        return sent(&shop, language, &order).await;
    }
    let buyer = match typed.read() {
        Ok(buyer) => buyer,
        Err(fields) => return unprocessable(language, &order, &Wrong { fields, typed: Some(typed), wallet: None }),
    };
    let visit = Visit { language, ip: peer.ip() };
    shop.pay(&order, Arc::clone(&shop).by_card(Arc::clone(&order), buyer, visit)).await;
    onward(&shop, language, &order)
}

#[derive(Deserialize)]
struct Telephone {
    wallet: Personal,
}

async fn open_wallet(
    Named(order): Named,
    State(shop): State<Arc<Shop>>,
    language: Language,
    Form(typed): Form<Telephone>,
) -> Response {
    if !order.is_payable() {
        return sent(&shop, language, &order).await;
    }
    let Some(phone) = form::phone(&typed.wallet) else {
        return unprocessable(language, &order, &Wrong { fields: vec![Field::Wallet], ..Wrong::default() });
    };
    match shop.open_wallet(&order, phone).await {
        Ok(()) => to(language, &format!("/orders/{}/wallet", order.id)),
        Err(why) => unprocessable(language, &order, &Wrong { wallet: Some(why), ..Wrong::default() }),
    }
}

async fn wallet(Named(order): Named, State(shop): State<Arc<Shop>>, language: Language) -> Response {
    match (order.state(), order.wallet()) {
        (Stands::Payable(_), Some(wallet)) => shown(StatusCode::OK, &pages::cards(language, &order, &wallet)),
        _ => onward(&shop, language, &order),
    }
}

#[derive(Deserialize)]
struct Choice {
    list: Uuid,
    card: usize,
}

async fn by_wallet(
    Named(order): Named,
    State(shop): State<Arc<Shop>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    language: Language,
    Form(choice): Form<Choice>,
) -> Response {
    let chosen = order.wallet().and_then(|wallet| wallet.choose(choice.list, choice.card));
    let Some((session, card)) = chosen else { return to(language, &format!("/orders/{}/wallet", order.id)) };
    let visit = Visit { language, ip: peer.ip() };
    shop.pay(&order, Arc::clone(&shop).by_wallet(Arc::clone(&order), session, card, visit)).await;
    onward(&shop, language, &order)
}

#[derive(Deserialize)]
struct Typed {
    password: Secret,
}

async fn by_password(
    Named(order): Named,
    State(shop): State<Arc<Shop>>,
    language: Language,
    Form(typed): Form<Typed>,
) -> Response {
    if let Some(asked) = order.take_password() {
        shop.send(&order, Arc::clone(&shop).by_password(Arc::clone(&order), asked, typed.password));
    }
    order.has_been_sent().await;
    onward(&shop, language, &order)
}

/// The shopper comes back from the bank, by a form of another site: without a cookie of ours, perhaps hours later,
/// perhaps twice, perhaps with a form of the shopper's own making.
///
/// Whatever the form says, and whether or not it can be read, the shop looks up the order that the address names and
/// shows how that one stands: a shopper who has paid is never told otherwise because of a form.
async fn back(
    Named(order): Named,
    State(shop): State<Arc<Shop>>,
    language: Language,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let claim = body.ok().and_then(|body| Claim::<ThreeDCallback>::read(&body).ok());
    match claim {
        Some(claim) if names_another(&claim, &order) => shop.look_up(&order).await,
        Some(claim) if claim.verify(&shop.hash_keys).is_ok() && claim.merchant_code().is_some() => {
            shop.hear(&order, &claim).await;
        }
        _ => shop.hear_nothing(&order).await,
    }
    to(language, &format!("/orders/{}", order.id))
}

/// The form of another payment is no sign that the shopper is back from this one.
fn names_another(claim: &Claim<ThreeDCallback>, order: &Order) -> bool {
    claim.merchant_code().is_some_and(|code| code != order.code())
}

async fn ask(Named(order): Named, State(shop): State<Arc<Shop>>, language: Language) -> Response {
    if order.is_open() {
        shop.ask(&order).await;
        shop.keep_asking(&order);
    }
    to(language, &format!("/orders/{}", order.id))
}

/// A new order, under a new code, only once an inquiry has said once more that the old one was not charged.
async fn again(Named(order): Named, State(shop): State<Arc<Shop>>, language: Language) -> Response {
    let is_uncharged = shop.ask(&order).await;
    match order.state() {
        Stands::Refused(_) if is_uncharged => onward(&shop, language, &shop.orders.instead_of(&order)),
        _ => onward(&shop, language, &order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Orders;
    use crate::shelf::SHELF;

    #[tokio::test]
    async fn an_open_order_that_is_looked_at_is_asked_for() {
        let (shop, found) = (crate::pay::tests::shop(), Orders::default().create(&SHELF[0]));
        assert!(found.begin());
        found.sent(Stands::Open);
        let page = order(Named(Arc::clone(&found)), State(shop), Language::English).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(!found.begin_asking(), "somebody asks already");
    }
}
