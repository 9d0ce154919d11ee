//! What does a shopper bring back to the shop? The documented form, in the order of its page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use paywall_api::callbacks::ThreeDCallback;

use crate::bank::{Payment, Stage3d};
use crate::signed::HashKeys;

/// The form, signed where its key is known. A merchant's code that no hash can cover goes without one.
pub(super) fn fields(payment: &Payment, stage: &Stage3d, keys: &HashKeys) -> Vec<(&'static str, String)> {
    let mut fields = unsigned(payment, stage);
    let text = |place: &str| {
        let name = place.strip_prefix('/')?;
        fields.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone())
    };
    if let Ok(Some(signature)) = keys.sign::<ThreeDCallback>(text) {
        fields.push(("hash", signature.hash));
        fields.push(("hashFormat", signature.format.to_owned()));
        fields.push(("hashKeyType", signature.key_type.to_string()));
    }
    fields
}

fn unsigned(payment: &Payment, stage: &Stage3d) -> Vec<(&'static str, String)> {
    let (status, code, message) = match stage {
        Stage3d::Paid => ("Success", "0", "Success"),
        Stage3d::Declined { .. } => ("Unsuccessful", "1", "The payment was not made"),
        // There is no third word for it.
        Stage3d::Pending | Stage3d::Asks { .. } => ("Unsuccessful", "1", "The bank has not answered"),
    };
    let (bank_code, bank_message) = match stage {
        Stage3d::Declined { code, message } => (code.clone(), message.clone()),
        _ => Default::default(),
    };
    let saved = payment.saved_card.clone();
    vec![
        ("date", payment.sale.at.local()),
        ("status", status.to_owned()),
        ("errorCode", code.to_owned()),
        ("errorMessage", STANDARD.encode(message)),
        // The form of the page has it twice, the second time with what the provider says.
        ("errorMessage", bank_message.clone()),
        ("paymentCode", payment.unique_code.clone()),
        ("uniqueCode", payment.order.merchant_code.clone()),
        ("amount", payment.order.amount.to_string()),
        ("installment", payment.order.installment.to_string()),
        ("paymentId", payment.id.to_string()),
        ("providerErrorCode", bank_code.clone()),
        ("providerErrorMessage", bank_message.clone()),
        ("providerBankErrorCode", bank_code),
        ("providerBankErrorMessage", bank_message),
        ("cardSaved", saved.is_some().to_string()),
        ("cardSavedUniqueCode", saved.unwrap_or_default()),
        ("trackingCode", payment.order.tracking_code.clone().unwrap_or_default()),
        ("paymentGatewayId", "1".to_owned()),
        ("paymentGatewayName", "Sandbox".to_owned()),
        ("paymentGatewayProviderName", "Sandbox".to_owned()),
    ]
}
