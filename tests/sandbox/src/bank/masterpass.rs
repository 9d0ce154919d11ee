//! What does Masterpass know of a shopper? An account by telephone number, whether it is linked to the merchant, and
//! the cards in it. Refusals are the documented ones, inside answers that Paywall calls a success.

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use paywall_api::masterpass::{
    DeleteMasterpassCardRequest, LinkAccountRequest, ListMasterpassCardsRequest, ResendOtpRequest,
    UnlinkAccountRequest, VerifyOtpRequest,
};
use serde::{Deserialize, Serialize};

use super::passwords::{self, Tried, WhatFor};
use super::sessions::{self, Current};
use super::telephones::{Shopper, shopper};
use super::{Desk, Filled, No, Verdict};

/// A shopper's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    linked: bool,
    /// The aliases of the cards that were removed.
    removed: Vec<String>,
}

/// A card that every account begins with, as the documented card list has it.
#[derive(Debug)]
pub(super) struct KeptCard {
    alias: &'static str,
    pub(super) bin: &'static str,
    pub(super) last_four: &'static str,
    /// Whether a payment by it asks for a one-time password.
    pub(super) asks: bool,
}

const KEPT_CARDS: [KeptCard; 2] = [
    KeptCard { alias: "55daa93d-4a99-45de-9431-bb93d0bbf92e", bin: "552879", last_four: "0008", asks: true },
    KeptCard { alias: "f1eb4ddf-f0fd-4f16-a8bf-e19d0c7cfa33", bin: "589004", last_four: "0016", asks: false },
];

/// Why Masterpass refuses: a documented answer, as its operation and case.
pub(super) type Why = (&'static str, &'static str);

const NO_USER: Why = ("listMasterpassCards", "user-not-found");
const NOT_LINKED: Why = ("listMasterpassCards", "account-not-linked");
const NO_ACCOUNT: Why = ("linkMasterpassAccount", "account-not-found");
const NOT_LINKED_BEFORE: Why = ("unlinkMasterpassAccount", "account-not-linked");
const NO_CARD: Why = ("deleteMasterpassCard", "card-not-found");
const TOKEN_INVALID: Why = ("resendMasterpassOtp", "token-is-not-valid");
const TOKEN_EXPIRED: Why = ("verifyMasterpassOtp", "token-has-expired");

/// `listMasterpassCards`.
pub(super) fn list(desk: &mut Desk<'_>, request: ListMasterpassCardsRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let account = linked(desk, &session).map_err(|why| refused(desk, &session, why))?;
    let body = answered(desk, &session, "listMasterpassCards");
    let places = KEPT_CARDS.iter().enumerate().filter(|(_, card)| account.has(card));
    let cards = places.map(|(place, _)| body.part(&format!("/Masterpass/Result/Cards/{place}"))).collect::<Vec<_>>();
    Ok(body.set("/Masterpass/Result/AccountKey", session.phone).set("/Masterpass/Result/Cards", cards).done())
}

/// `deleteMasterpassCard`.
pub(super) fn delete(desk: &mut Desk<'_>, request: DeleteMasterpassCardRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let found = linked(desk, &session).and_then(|account| {
        let card = account.card(request.card_alias.expose()).ok_or(NO_CARD)?;
        Ok((account, card))
    });
    let (mut account, card) = found.map_err(|why| refused(desk, &session, why))?;
    account.removed.push(card.alias.to_owned());
    desk.book.accounts.put(&*session.phone, account);
    let number = reference(desk);
    Ok(answered(desk, &session, "deleteMasterpassCard").set("/Masterpass/Result/RefNo", number).done())
}

/// `linkMasterpassAccount`: it asks for a one-time password.
pub(super) fn link(desk: &mut Desk<'_>, request: LinkAccountRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    if account(desk, &session.phone).is_none() {
        return Err(refused(desk, &session, NO_ACCOUNT));
    }
    let token = passwords::send(desk, &session.phone, WhatFor::Link);
    let number = reference(desk);
    let body = answered(desk, &session, "linkMasterpassAccount").set("/Masterpass/Result/Token", token);
    let body = body.set("/Masterpass/Result/ResponseCode", asking_code(&session.phone));
    Ok(body.set("/Masterpass/Result/RetrievalReferenceNumber", number).done())
}

/// `unlinkMasterpassAccount`.
pub(super) fn unlink(desk: &mut Desk<'_>, request: UnlinkAccountRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let account = linked(desk, &session).map_err(|_| refused(desk, &session, NOT_LINKED_BEFORE))?;
    desk.book.accounts.put(&*session.phone, Account { linked: false, ..account });
    let number = reference(desk);
    let body = answered(desk, &session, "unlinkMasterpassAccount");
    Ok(body.set("/Masterpass/Result/RetrievalReferenceNumber", number).done())
}

/// `verifyMasterpassOtp`: the password of linking an account, which is linked if the request says so.
pub(super) fn verify(desk: &mut Desk<'_>, request: VerifyOtpRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let (token, code) = (request.otp_token.expose(), request.otp_code.expose());
    match passwords::attempt(desk, &session.phone, token, &WhatFor::Link, code) {
        Tried::Right => {
            if let Some(account) = account(desk, &session.phone).filter(|_| request.for_link_to_merchant == Some(true))
            {
                desk.book.accounts.put(&*session.phone, Account { linked: true, ..account });
            }
            Ok(verified(desk, &session, "verifyMasterpassOtp").done())
        }
        Tried::Again => Ok(to_be_typed_again(desk, &session, "verifyMasterpassOtp", token).done()),
        tried => Err(no_password(desk, &session, &tried)),
    }
}

/// `resendMasterpassOtp`.
pub(super) fn resend(desk: &mut Desk<'_>, request: ResendOtpRequest) -> Verdict {
    let session = sessions::current(desk, request.session_id.expose())?;
    let Some(token) = passwords::send_again(desk, &session.phone, request.otp_token.expose()) else {
        return Err(refused(desk, &session, TOKEN_INVALID));
    };
    let number = reference(desk);
    let body = answered(desk, &session, "resendMasterpassOtp").set("/Masterpass/Result/Token", token);
    let body = body.set("/Masterpass/Result/ResponseCode", asking_code(&session.phone));
    Ok(body.set("/Masterpass/Result/RetrievalReferenceNumber", number).done())
}

/// The code by which a password is asked for: no page says which of the two comes when.
pub(super) fn asking_code(phone: &str) -> &'static str {
    if shopper(phone) == Shopper::AskedBySecondCode { "5008" } else { "5001" }
}

impl Account {
    /// The account that a shopper begins with.
    fn of(shopper: Shopper) -> Option<Self> {
        let removed: &[KeptCard] = if shopper == Shopper::WithoutCards { &KEPT_CARDS } else { &[] };
        let removed = removed.iter().map(|card| card.alias.to_owned()).collect();
        (shopper != Shopper::Nobody).then_some(Self { linked: shopper != Shopper::Unlinked, removed })
    }

    fn has(&self, card: &KeptCard) -> bool {
        !self.removed.iter().any(|alias| alias == card.alias)
    }

    fn card(&self, alias: &str) -> Option<&'static KeptCard> {
        KEPT_CARDS.iter().find(|card| card.alias == alias && self.has(card))
    }
}

/// The card of an alias in the shopper's account, which must be linked.
pub(super) fn kept_card(desk: &Desk<'_>, session: &Current, alias: &str) -> Result<&'static KeptCard, Why> {
    linked(desk, session)?.card(alias).ok_or(NO_CARD)
}

fn linked(desk: &Desk<'_>, session: &Current) -> Result<Account, Why> {
    let account = account(desk, &session.phone).ok_or(NO_USER)?;
    if account.linked { Ok(account) } else { Err(NOT_LINKED) }
}

/// The account of a telephone number, by the table of telephones until something has happened to it.
fn account(desk: &Desk<'_>, phone: &str) -> Option<Account> {
    desk.book.accounts.get(phone).cloned().or_else(|| Account::of(shopper(phone)))
}

/// The documented success of an operation, in this session.
pub(super) fn answered(desk: &mut Desk<'_>, session: &Current, operation: &str) -> Filled {
    let exchange = desk.guid();
    session.told(desk.template(operation, "page")).set("/Masterpass/CorrelationId", exchange)
}

/// A password was right.
pub(super) fn verified(desk: &mut Desk<'_>, session: &Current, operation: &str) -> Filled {
    let (token, number) = (super::cards::unhyphened(&desk.guid()), reference(desk));
    let body = answered(desk, session, operation).set("/Masterpass/Result/Token", token);
    body.set("/Masterpass/Result/RetrievalReferenceNumber", number)
}

/// A password was wrong and may be typed again. No page shows this; its fields and its code are documented ones.
pub(super) fn to_be_typed_again(desk: &mut Desk<'_>, session: &Current, operation: &str, token: &str) -> Filled {
    answered(desk, session, operation)
        .set("/Masterpass/Result/IsVerified", false)
        .set("/Masterpass/Result/CardUniqueNumber", None::<&str>)
        .set("/Masterpass/Result/Token", token)
        .set("/Masterpass/Result/ResponseCode", asking_code(&session.phone))
        .set("/Masterpass/Result/Description", "the one-time password was wrong")
}

/// A refusal of Masterpass inside a success of Paywall.
fn refused(desk: &Desk<'_>, session: &Current, (operation, case): Why) -> No {
    No::inside(session.told(desk.template(operation, case)).done())
}

/// A password that does not count any more, or never did: a refusal of Masterpass that Paywall calls a failure.
pub(super) fn no_password(desk: &Desk<'_>, session: &Current, tried: &Tried) -> No {
    let (operation, case) = if *tried == Tried::Unknown { TOKEN_INVALID } else { TOKEN_EXPIRED };
    No::new(FAILURE, "").with_body(session.told(desk.template(operation, case)).done())
}

/// What both numberings call a failure.
const FAILURE: i64 = 1;

/// A reference number, as long as those of the samples.
pub(super) fn reference(desk: &mut Desk<'_>) -> String {
    format!("1{:011}", desk.number())
}
