//! What can be done to a payment that exists? Capture or void an authorisation; cancel, refund, refund in part; or let
//! the day decide.

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use paywall_api::Amount;
use paywall_api::codes::PaymentErrorCode;
use paywall_api::payments::{
    CancelPaymentRequest, CancelProvisionRequest, CaptureProvisionRequest, PartialRefundRequest, RefundRequest,
    RevertPaymentRequest,
};
use paywall_contract::node::Node;

use super::payment::{Payment, refused};
use super::{Desk, Moment, No, Verdict};

/// `captureProvision`.
pub(super) fn capture(desk: &mut Desk<'_>, request: CaptureProvisionRequest) -> Verdict {
    of_the_day(desk, &request.merchant_unique_code, &request.date)?;
    capture_payment(desk, &request.merchant_unique_code, request.provision_amount)?;
    Ok(done(desk, "captureProvision"))
}

/// Takes what was authorised, or a part of it.
pub(crate) fn capture_payment(desk: &mut Desk<'_>, key: &str, amount: Option<Amount>) -> Result<(), No> {
    change(desk, key, |payment, id, now| payment.capture(amount, id, now))
}

/// `cancelProvision`.
pub(super) fn cancel_provision(desk: &mut Desk<'_>, request: CancelProvisionRequest) -> Verdict {
    of_the_day(desk, &request.merchant_unique_code, &request.date)?;
    change(desk, &request.merchant_unique_code, Payment::void)?;
    Ok(done(desk, "cancelProvision"))
}

/// `refundPayment`.
pub(super) fn refund(desk: &mut Desk<'_>, request: RefundRequest) -> Verdict {
    let complete = request.complete_partial_refund == Some(true);
    of_the_day(desk, &request.merchant_unique_code, &request.date)?;
    change(desk, &request.merchant_unique_code, |payment, id, now| payment.refund(complete, id, now))?;
    Ok(done(desk, "refundPayment"))
}

/// `refundPaymentPartially`.
pub(super) fn refund_partially(desk: &mut Desk<'_>, request: PartialRefundRequest) -> Verdict {
    of_the_day(desk, &request.merchant_unique_code, &request.date)?;
    change(desk, &request.merchant_unique_code, |payment, id, now| payment.refund_part(request.amount, id, now))?;
    Ok(done(desk, "refundPaymentPartially"))
}

/// `cancelPayment`.
pub(super) fn cancel(desk: &mut Desk<'_>, request: CancelPaymentRequest) -> Verdict {
    of_the_day(desk, &request.merchant_unique_code, &request.date)?;
    change(desk, &request.merchant_unique_code, Payment::cancel)?;
    Ok(done(desk, "cancelPayment"))
}

/// `revertPayment`: on the payment's own day it is cancelled as a whole; afterwards all of it, or the part that is
/// named, is refunded.
pub(super) fn revert(desk: &mut Desk<'_>, request: RevertPaymentRequest) -> Verdict {
    let payment = desk.book.payments.get(&request.merchant_unique_code);
    let found = payment.filter(|payment| payment.unique_code.eq_ignore_ascii_case(&request.unique_code));
    let payment = found.ok_or_else(|| not_found("no payment has these two codes"))?;
    let part = request.amount.filter(|amount| !amount.is_zero() && *amount != payment.order.amount);
    let same_day = payment.day() == desk.now.day();
    change(desk, &request.merchant_unique_code, |payment, id, now| match part {
        _ if same_day => payment.cancel(id, now),
        Some(amount) => payment.refund_part(amount, id, now),
        None => payment.refund(false, id, now),
    })?;
    Ok(done(desk, "revertPayment"))
}

/// Takes back what has just succeeded: an authorisation is given free, a payment cancelled.
pub(super) fn undo(desk: &mut Desk<'_>, key: &str) -> Result<(), No> {
    change(desk, key, |payment, id, now| payment.void(id, now).or_else(|_| payment.cancel(id, now)))
}

/// The payment of a code, if that is its day.
fn of_the_day(desk: &Desk<'_>, key: &str, day: &str) -> Result<(), No> {
    match desk.book.payments.get(key) {
        Some(payment) if payment.day() == day => Ok(()),
        Some(_) => Err(not_found("the payment is of another day than Date says")),
        None => Err(not_found("no payment has this MerchantUniqueCode")),
    }
}

fn not_found(why: &str) -> No {
    refused(PaymentErrorCode::GENERAL_ERROR, why)
}

/// Lets a movement happen, under a number of its own.
fn change(
    desk: &mut Desk<'_>,
    key: &str,
    step: impl FnOnce(&mut Payment, i64, Moment) -> Result<(), No>,
) -> Result<(), No> {
    let mut payment = desk.book.payments.get(key).cloned().ok_or_else(|| not_found("there is no such payment"))?;
    step(&mut payment, desk.register.number(), desk.now)?;
    desk.put_payment(payment);
    desk.moved(key);
    Ok(())
}

fn done(desk: &Desk<'_>, operation: &str) -> Node {
    desk.template(operation, "page").done()
}
