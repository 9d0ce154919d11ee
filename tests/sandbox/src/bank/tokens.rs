//! What may a shopper's browser do without keys? It shows a temporary token, and leaves a card for some minutes.

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use std::time::Duration;

use paywall_api::codes::TempCardType;
use paywall_api::tokens::{CreateTempCardParameters, CreateTempCardRequest, CreateTempTokenRequest};
use paywall_api::{CardNumber, WithParameters};
use serde::{Deserialize, Serialize};

use super::cards::{self, CardShown, InFull, TempCard};
use super::{Desk, Moment, No, Verdict};

/// What a temporary token allows, and for how long.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TempToken {
    client_card_save: bool,
    expires: Moment,
}

/// The general numbering's word for a caller without rights.
const UNAUTHORIZED: i64 = 401;
/// The payment numbering's word for a type of card that it does not know.
const CARD_TYPE: i64 = 79;

/// Hands out a token.
#[expect(clippy::unnecessary_wraps, reason = "a handler may refuse")]
pub(super) fn create_token(desk: &mut Desk<'_>, request: CreateTempTokenRequest) -> Verdict {
    let (token, expires) = (desk.guid(), desk.later(minutes(request.expiry_min)));
    desk.book.temp_tokens.put(&*token, TempToken { client_card_save: request.client_card_save, expires });
    let body = desk.template("createTempToken", "page");
    let body = body
        .set("/TempTokenId", desk.number())
        .set("/Token", token)
        .set("/ExpiryDateTime", expires.with_offset())
        .set("/Scope/ClientCardSave", request.client_card_save)
        .set("/Scope/ThreeDSession", request.three_d_session);
    Ok(body.done())
}

/// Takes a card from whoever has such a token.
pub(super) fn create_card(
    desk: &mut Desk<'_>,
    request: WithParameters<CreateTempCardParameters, CreateTempCardRequest>,
) -> Verdict {
    allowed(desk, request.parameters.token.expose())?;
    let card = card(desk, &request.body)?;
    let (token, expires) = (desk.guid(), desk.later(minutes(request.body.expiry_min)));
    desk.book.temp_cards.put(&*token, TempCard { card, expires });
    let body = desk.template("createTempCard", "page").set("/TempCardId", desk.number());
    Ok(body.set("/CardToken", token).set("/ExpiryDateTime", expires.with_offset()).done())
}

fn allowed(desk: &Desk<'_>, token: &str) -> Result<(), No> {
    match desk.book.temp_tokens.get(token).filter(|token| desk.now < token.expires) {
        None => Err(No::new(UNAUTHORIZED, "the temporary token is unknown or has expired")),
        Some(token) if !token.client_card_save => {
            Err(No::new(UNAUTHORIZED, "the temporary token was made without ClientCardSave"))
        }
        Some(_) => Ok(()),
    }
}

fn card(desk: &Desk<'_>, request: &CreateTempCardRequest) -> Result<CardShown, No> {
    let (owner, digits) = (request.card_owner_name.as_str(), |digits: &Option<CardNumber>| {
        digits.as_ref().map_or_else(String::new, |digits| digits.expose().to_owned())
    });
    if request.card_type == TempCardType::INSURANCE {
        return cards::by_ends(&digits(&request.card_no_first), &digits(&request.card_no_last), owner);
    }
    if request.card_type != TempCardType::ECOM {
        return Err(No::new(CARD_TYPE, "the type of a temporary card is 1 or 2"));
    }
    cards::in_full(
        desk,
        &InFull {
            number: &digits(&request.card_number),
            owner,
            month: request.card_expiry_month.as_deref().unwrap_or_default(),
            year: request.card_expiry_year.as_deref().unwrap_or_default(),
            cvv: request.card_cvv.as_ref().map_or("", |cvv| cvv.expose()),
        },
    )
}

fn minutes(count: i32) -> Duration {
    Duration::from_secs(u64::try_from(count).unwrap_or_default() * 60)
}
