//! Which operation is handled by what? One line each; what is not here is answered by its sample.

use paywall_api::Operation;
use paywall_api::masterpass::{
    CommitMasterpassPayment, CommitMasterpassPaymentById, CreateMasterpassSession, DeleteMasterpassCard,
    InitMasterpassPayment, LinkMasterpassAccount, ListMasterpassCards, ResendMasterpassOtp, UnlinkMasterpassAccount,
    VerifyMasterpassOtp, VerifyMasterpassPayment,
};
use paywall_api::payments::{
    CancelPayment, CancelProvision, CaptureProvision, InquireBin, ListPaymentActivities, QueryInstallments,
    QueryPayment, QueryPaymentById, QueryPaymentByProductId, QueryPaymentByTrackingCode, QueryPaymentByUniqueCode,
    RefundPayment, RefundPaymentPartially, RevertPayment, Start3dPayment, StartDirectPayment, StartInsurancePayment,
};
use paywall_api::tokens::{CreateTempCard, CreateTempToken};
use serde::de::DeserializeOwned;

use super::{Desk, No, Verdict, changes, inquiries, masterpass, payments, sessions, tokens, wallet};

/// What handles an operation: its request as JSON, of which amounts keep their text.
pub(super) type Handler = fn(&mut Desk<'_>, &str) -> Verdict;

/// The handler of an operation.
pub(super) fn of(operation: &str) -> Option<Handler> {
    HANDLERS.iter().find(|(id, _)| *id == operation).map(|(_, handler)| *handler)
}

macro_rules! handlers {
    ($($operation:ty => $handler:path),* $(,)?) => {
        &[$((
            <$operation as Operation>::ID,
            |desk, request| $handler(desk, read::<$operation>(request)?),
        )),*]
    };
}

const HANDLERS: &[(&str, Handler)] = handlers! {
    StartDirectPayment => payments::start_direct,
    StartInsurancePayment => payments::start_insurance,
    Start3dPayment => payments::start_3d,
    CaptureProvision => changes::capture,
    CancelProvision => changes::cancel_provision,
    RefundPayment => changes::refund,
    RefundPaymentPartially => changes::refund_partially,
    CancelPayment => changes::cancel,
    RevertPayment => changes::revert,
    QueryPayment => inquiries::query,
    QueryPaymentByUniqueCode => inquiries::query_by_unique_code,
    QueryPaymentById => inquiries::query_by_id,
    QueryPaymentByProductId => inquiries::query_by_product_id,
    QueryPaymentByTrackingCode => inquiries::query_by_tracking_code,
    ListPaymentActivities => inquiries::list_activities,
    QueryInstallments => inquiries::installments,
    InquireBin => inquiries::bin,
    CreateTempToken => tokens::create_token,
    CreateTempCard => tokens::create_card,
    CreateMasterpassSession => sessions::create,
    ListMasterpassCards => masterpass::list,
    DeleteMasterpassCard => masterpass::delete,
    LinkMasterpassAccount => masterpass::link,
    UnlinkMasterpassAccount => masterpass::unlink,
    VerifyMasterpassOtp => masterpass::verify,
    ResendMasterpassOtp => masterpass::resend,
    InitMasterpassPayment => wallet::init,
    VerifyMasterpassPayment => wallet::verify,
    CommitMasterpassPayment => wallet::commit,
    CommitMasterpassPaymentById => wallet::commit_by_id,
};

/// The request as its type. It has passed the judge, so what does not fit is a fault of ours.
fn read<O: Operation>(request: &str) -> Result<O::Request, No>
where
    O::Request: DeserializeOwned,
{
    serde_json::from_str(request).map_err(|_| No::new(2, "the request passed the contract and not its type"))
}
