//! What comes back through the shopper's browser is a claim; an inquiry makes a confirmed payment of it, or does not.

use std::error::Error;

use paywall_api::callbacks::ThreeDCallback;
use paywall_api::codes::{Currency, HashKeyType};
use paywall_api::{Claim, Client, Confirmation, Expected, HashKeys, Notification, Secret};
use paywall_contract::Document;
use paywall_sandbox::Running;

use crate::requests::HASH_KEY;
use crate::show::Show;
use crate::{inquiry, refusals};

/// The order that the shopper has come back for.
const CODE: &str = "order-1002";

pub(crate) async fn run(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
) -> Result<(), Box<dyn Error>> {
    show.part("What comes back through the shopper's browser");
    show.step("A callback, verified and confirmed");
    let claim = Claim::<ThreeDCallback>::read(form(CODE, &signature(CODE)?).as_bytes())?;
    show.line(&format!("<- a form that claims {:?} of {CODE}", claim.asserted_status().unwrap_or_default()));
    let keys = HashKeys::new().with(HashKeyType::THREE_D_CALLBACK, HASH_KEY);
    show.expect(claim.verify(&keys).is_ok_and(paywall_api::Trust::is_signed), "its hash is right; that is no proof");
    let expected = Expected::payment(CODE, "1.00".parse()?, Currency::TRY);
    sandbox.script().next("queryPayment", inquiry::paid(document, CODE, "1.00"))?;
    let confirmation = paywall.payments().confirm(&claim, &expected).await?;
    let confirmed = confirmation.confirmed().ok_or("the inquiry does not confirm it")?;
    show.line(&format!("<- {confirmed:?}"));
    show.expect(confirmed.merchant_code() == CODE, "the inquiry confirms order, amount and currency");
    refused(show, paywall, sandbox, document, &claim).await?;
    forged(show, &keys)
}

/// The same claim, when Paywall knows of another amount.
async fn refused(
    show: &mut Show,
    paywall: &Client,
    sandbox: &Running,
    document: &Document,
    claim: &Claim<ThreeDCallback>,
) -> Result<(), Box<dyn Error>> {
    show.step("The same callback, for an order of another amount");
    sandbox.script().next("queryPayment", inquiry::paid(document, CODE, "1.00"))?;
    let expected = Expected::payment(CODE, "100.00".parse()?, Currency::TRY);
    match paywall.payments().confirm(claim, &expected).await? {
        Confirmation::Unconfirmed(unconfirmed) => {
            show.expect(true, &format!("it is not confirmed: {:?}", unconfirmed.reason()));
        }
        other => show.wrong(&format!("it is confirmed: {other:?}")),
    }
    Ok(())
}

/// The claim of another order, with the hash of this one.
fn forged(show: &mut Show, keys: &HashKeys) -> Result<(), Box<dyn Error>> {
    show.step("A callback that names another order under the same hash");
    let claim = Claim::<ThreeDCallback>::read(form("order-1003", &signature(CODE)?).as_bytes())?;
    let error = refusals::failed(claim.verify(keys))?;
    show.expect(error.is_forged(), &error.to_string());
    Ok(())
}

fn form(code: &str, hash: &str) -> String {
    format!("status=Success&errorCode=0&paymentId=1918272&uniqueCode={code}&amount=1.00&installment=1&hash={hash}")
}

/// As Paywall makes it.
fn signature(code: &str) -> Result<String, Box<dyn Error>> {
    let format = ThreeDCallback::FORMATS.iter().find(|format| format.name == "Payment").ok_or("no such format")?;
    let parts = [("paymentId", "1918272"), ("merchantUniqueCode", code), ("amount", "1.00"), ("installment", "1")];
    Ok(format.sign(&Secret::from(HASH_KEY), &parts)?)
}
