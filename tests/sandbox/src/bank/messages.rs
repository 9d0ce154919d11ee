//! Who is told of what? The merchant of every movement that has ended, and of every look that a watch has asked for.

use paywall_api::Notification as _;
use paywall_api::callbacks::{GeneralNotification, PayWatchNotification};
use paywall_api::codes::{Channel, PayWatchAction, PaymentStatus, PaymentType, WebhookType};

use super::payment::{Movement, Payment, Watch};
use super::{Desk, Filled, Notice};

impl Desk<'_> {
    /// The last movement of a payment has ended.
    pub(super) fn moved(&mut self, key: &str) {
        let notice = self.book.payments.get(key).and_then(|payment| general(payment, payment.last()));
        if let Some(notice) = notice {
            self.notify(notice);
        }
    }

    /// A payment was looked at again, and stood as the wish says: in this status before the look.
    pub(super) fn looked_again(&mut self, key: &str, watch: &Watch, before: PaymentStatus) {
        if watch.action != PayWatchAction::CHANGE_STATUS_AND_NOTIFY {
            return;
        }
        let id = self.number();
        let Some(payment) = self.book.payments.get(key) else { return };
        let notice = Notice {
            message: PayWatchNotification::ID,
            address: watch.address.clone(),
            body: pay_watch(id, payment, before),
        };
        // Without an address of its own, it has nowhere to go.
        if notice.address.is_some() {
            self.notify(notice);
        }
    }
}

fn general(payment: &Payment, movement: &Movement) -> Option<Notice> {
    let body = Filled::empty()
        .set("/Type", kind(movement)?.code())
        .set("/PaymentId", payment.id)
        .set("/Amount", payment.order.amount)
        .set("/OperationAmount", movement.amount)
        .set("/IP", None::<&str>)
        .set("/UniqueCode", payment.order.merchant_code.as_str())
        .set("/CurrencyId", payment.order.currency.code())
        .set("/PaymentMethodId", payment.order.method.code())
        .set("/Installment", i64::from(payment.order.installment))
        .set("/ChannelId", payment.order.channel.map(Channel::code))
        .set("/TagId", payment.order.tag.map(i64::from))
        .set("/DateTime", payment.sale.at.local());
    Some(Notice { message: GeneralNotification::ID, address: None, body })
}

/// No type of notification tells of an authorisation: nothing was taken yet.
fn kind(movement: &Movement) -> Option<WebhookType> {
    match (movement.kind, movement.status) {
        (PaymentType::SALE, PaymentStatus::SUCCESSFUL) => Some(WebhookType::PAYMENT_SUCCEEDED),
        (PaymentType::SALE, PaymentStatus::FAILED | PaymentStatus::FAILED_ON_INQUIRY) => {
            Some(WebhookType::PAYMENT_FAILED)
        }
        (PaymentType::REFUND, _) if movement.has_succeeded() => Some(WebhookType::REFUNDED),
        (PaymentType::PARTIAL_REFUND, _) if movement.has_succeeded() => Some(WebhookType::PARTIALLY_REFUNDED),
        (PaymentType::CANCEL, _) if movement.has_succeeded() => Some(WebhookType::CANCELLED),
        _ => None,
    }
}

fn pay_watch(id: i64, payment: &Payment, before: PaymentStatus) -> Filled {
    let after = payment.last().status;
    Filled::empty()
        .set("/PayWatchId", id)
        .set("/PaymentId", payment.id)
        .set("/MerchantUniqueCode", payment.order.merchant_code.as_str())
        .set("/PaymentLastStatusId", before.code())
        .set("/PaymentNewStatusId", after.code())
        .set("/PaymentStatusChanged", before != after)
        .set("/ProviderHttpStatus", 200_i64)
        .set("/PaymentDateTime", payment.sale.at.local())
}
