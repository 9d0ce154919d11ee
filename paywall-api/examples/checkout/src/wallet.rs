//! How does a shopper pay by Masterpass? A telephone number opens a session; its account has cards; the chosen one pays,
//! at once, by a one-time password or by 3-D Secure.

use std::sync::Arc;

use paywall_api::codes::{Currency, MasterpassResponseCode};
use paywall_api::masterpass::{
    CreateSessionRequest, InitPaymentRequest, InitiatedPayment, KeptCard, ListMasterpassCardsRequest, MasterpassCard,
    MasterpassPaymentDetail, NewMasterpassPaymentDetail, NewVerifyPaymentRequest, VerifiedPayment,
    VerifyPaymentRequest,
};
use paywall_api::{Error, MasterpassSession, NextStep, Personal, Secret};
use uuid::Uuid;

use crate::Shop;
use crate::order::{Order, State};
use crate::pay::{Visit, at_bank, failed, line};

/// A shopper's account at Masterpass, as long as the order is not paid.
#[derive(Clone, Debug)]
pub(crate) struct Wallet {
    /// Of this list a card is chosen, not of another that has been shown since, in another tab or of another number.
    pub(crate) id: Uuid,
    session: MasterpassSession,
    pub(crate) cards: Vec<WalletCard>,
}

/// A card that is kept there.
#[derive(Clone, Debug)]
pub(crate) struct WalletCard {
    alias: Secret,
    pub(crate) name: String,
    pub(crate) digits: String,
}

/// A question for the password that the shopper has received.
#[derive(Clone, Debug)]
pub(crate) struct Password {
    session: MasterpassSession,
    payment: String,
    token: Secret,
    pub(crate) was_wrong: bool,
}

/// Why there is no card to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoCards {
    /// Masterpass has no account of this number, or none that this shop may use.
    NoAccount,
    /// The account has no card.
    Empty,
    /// Nobody could be asked.
    NoAnswer,
}

impl Shop {
    /// Opens the shopper's account and lists its cards. Nothing is paid by that, so it may be done again at will.
    pub(crate) async fn open_wallet(&self, order: &Order, phone: Personal) -> Result<(), NoCards> {
        let id = order.id.to_string();
        let visit = CreateSessionRequest::new(id.as_str(), id.as_str(), phone);
        let opened = self.paywall.masterpass().create_session(&visit).await.map_err(|error| no_cards(&error))?;
        let session = MasterpassSession::from(&opened);
        let list = ListMasterpassCardsRequest::new(session.id());
        let listed = self.paywall.masterpass().list_cards(&list).in_session(&session).await;
        let listed = listed.map_err(|error| no_cards(&error))?;
        let cards = listed.masterpass.and_then(|answer| answer.result?.cards).unwrap_or_default();
        let cards: Vec<WalletCard> = cards.into_iter().filter_map(WalletCard::of).collect();
        if cards.is_empty() {
            return Err(NoCards::Empty);
        }
        order.keep_wallet(Wallet { id: Uuid::new_v4(), session, cards });
        Ok(())
    }

    /// By a card of the wallet.
    pub(crate) async fn by_wallet(
        self: Arc<Self>,
        order: Arc<Order>,
        session: MasterpassSession,
        card: WalletCard,
        visit: Visit,
    ) -> State {
        let [merchant_success_back_url, merchant_fail_back_url] = self.ways_back(&order, visit.language);
        let detail = MasterpassPaymentDetail::new(NewMasterpassPaymentDetail {
            amount: order.product.price(),
            merchant_unique_code: order.code().to_owned(),
            currency_id: Currency::TRY,
            merchant_success_back_url,
            merchant_fail_back_url,
            client_ip: visit.ip.to_string().into(),
            installment: 1,
        });
        let card = MasterpassCard::new(true).card_alias(card.alias);
        // It commits itself: one step less whose answer can be lost.
        let request = InitPaymentRequest::new(session.id(), detail, card, vec![line(&order)]).auto_commit(true);
        match self.paywall.masterpass().init_payment(&request).in_session(&session).await {
            Ok(started) => goes_on(started, session),
            Err(error) => failed(&error),
        }
    }

    /// The shopper has typed the password.
    pub(crate) async fn by_password(self: Arc<Self>, order: Arc<Order>, asked: Password, typed: Secret) -> State {
        let request = VerifyPaymentRequest::new(NewVerifyPaymentRequest {
            session_id: asked.session.id(),
            masterpass_payment_id: asked.payment.clone(),
            otp_token: asked.token.clone(),
            otp_code: typed,
        });
        let call = self.paywall.masterpass().verify_payment(&request);
        match call.in_session(&asked.session).merchant_code(order.code()).await {
            Ok(verified) => match (again(&verified), verified.next_step()) {
                (Some(token), _) => State::AsksPassword(Password { token, was_wrong: true, ..asked }),
                (None, NextStep::OneTimePassword(token)) => {
                    State::AsksPassword(Password { token, was_wrong: false, ..asked })
                }
                (None, NextStep::OpenAddress(address)) => at_bank(address.expose()),
                _ => State::Open,
            },
            Err(error) if error.is_not_sent() => State::AsksPassword(asked),
            Err(error) => failed(&error),
        }
    }
}

impl Wallet {
    /// What pays: the session and the card at this place of this list.
    pub(crate) fn choose(&self, list: Uuid, place: usize) -> Option<(MasterpassSession, WalletCard)> {
        if list != self.id {
            return None;
        }
        Some((self.session.clone(), self.cards.get(place)?.clone()))
    }
}

impl WalletCard {
    fn of(card: KeptCard) -> Option<Self> {
        let name = card.product_name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Masterpass".to_owned());
        Some(Self { alias: card.card_alias?, name, digits: card.masked_card_number.unwrap_or_default() })
    }
}

fn no_cards(error: &Error) -> NoCards {
    if error.inner_refusal().is_some() { NoCards::NoAccount } else { NoCards::NoAnswer }
}

/// `Done` says that nothing more is asked, not that it is paid: that is asked as ever.
fn goes_on(started: InitiatedPayment, session: MasterpassSession) -> State {
    let step = started.next_step();
    let payment = started.masterpass.and_then(|answer| answer.paywall?.masterpass_payment_id);
    match (step, payment) {
        (NextStep::OpenAddress(address), _) => at_bank(address.expose()),
        (NextStep::OneTimePassword(token), Some(payment)) => {
            State::AsksPassword(Password { session, payment, token, was_wrong: false })
        }
        _ => State::Open,
    }
}

/// The token for another try, where the password was wrong and may be typed again.
fn again(verified: &VerifiedPayment) -> Option<Secret> {
    let result = verified.masterpass.as_ref()?.result.as_ref()?;
    // The page gives both the same meaning.
    let asking = [MasterpassResponseCode::OTP, MasterpassResponseCode::OTP_5008];
    let asks = result.response_code.as_ref().is_some_and(|code| asking.contains(code));
    if result.is_verified == Some(false) && asks { result.token.clone() } else { None }
}
