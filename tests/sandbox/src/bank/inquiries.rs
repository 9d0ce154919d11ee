//! What is told of payments, of a day and of a card? What the book says and nothing else.

#![expect(clippy::needless_pass_by_value, reason = "a handler takes its request as the table of handlers gives it")]

use paywall_api::Amount;
use paywall_api::codes::{Channel, PaymentErrorCode, PaymentMethod, PaymentType};
use paywall_api::payments::{
    InquireBinRequest, ListPaymentActivitiesRequest, QueryInstallmentsRequest, QueryPaymentByIdRequest,
    QueryPaymentByProductIdRequest, QueryPaymentByTrackingCodeRequest, QueryPaymentByUniqueCodeRequest,
    QueryPaymentRequest,
};

use super::cards::{self, CardShown};
use super::payment::{CardFrom, Movement, Payment, refused};
use super::payments::MOST_INSTALLMENTS;
use super::{Desk, Filled, Verdict};

/// `queryPayment`.
pub(super) fn query(desk: &mut Desk<'_>, request: QueryPaymentRequest) -> Verdict {
    one(desk, "queryPayment", Some(&request.merchant_unique_code))
}

/// `queryPaymentByUniqueCode`.
pub(super) fn query_by_unique_code(desk: &mut Desk<'_>, request: QueryPaymentByUniqueCodeRequest) -> Verdict {
    one(desk, "queryPaymentByUniqueCode", desk.register.by_unique_code(&request.unique_code))
}

/// `queryPaymentById`.
pub(super) fn query_by_id(desk: &mut Desk<'_>, request: QueryPaymentByIdRequest) -> Verdict {
    one(desk, "queryPaymentById", desk.register.by_id(request.payment_id))
}

/// `queryPaymentByProductId`.
pub(super) fn query_by_product_id(desk: &mut Desk<'_>, request: QueryPaymentByProductIdRequest) -> Verdict {
    let QueryPaymentByProductIdRequest { merchant_unique_code, product_id, .. } = request;
    several(desk, "queryPaymentByProductId", merchant_unique_code.as_deref(), |payment| {
        payment.order.products.contains(&product_id)
    })
}

/// `queryPaymentByTrackingCode`.
pub(super) fn query_by_tracking_code(desk: &mut Desk<'_>, request: QueryPaymentByTrackingCodeRequest) -> Verdict {
    let QueryPaymentByTrackingCodeRequest { merchant_unique_code, tracking_code, .. } = request;
    several(desk, "queryPaymentByTrackingCode", merchant_unique_code.as_deref(), |payment| {
        payment.order.tracking_code.as_deref() == Some(tracking_code.as_str())
    })
}

fn one(desk: &Desk<'_>, operation: &str, key: Option<&str>) -> Verdict {
    let payment = key.and_then(|key| desk.book.payments.get(key));
    let payment = payment.ok_or_else(|| refused(PaymentErrorCode::GENERAL_ERROR, "the payment was not found"))?;
    let template = desk.template(operation, "page");
    let told = inquiry(template.part("/Paywall"), payment);
    Ok(template.set("/Paywall", told).done())
}

/// The page says how many there can be.
const MOST_FOUND: usize = 100;

/// The payments that `wanted` keeps, oldest first.
fn several(
    desk: &Desk<'_>,
    operation: &str,
    merchant_code: Option<&str>,
    wanted: impl Fn(&Payment) -> bool,
) -> Verdict {
    let template = desk.template(operation, "page");
    let pattern = template.part("/List/0");
    let own =
        |payment: &&Payment| merchant_code.is_none_or(|code| payment.order.merchant_code == code) && wanted(payment);
    let mut found: Vec<&Payment> = desk.book.payments.iter().map(|(_, payment)| payment).filter(own).collect();
    if found.is_empty() {
        return Err(refused(PaymentErrorCode::GENERAL_ERROR, "no payment was found"));
    }
    found.sort_by_key(|payment| payment.id);
    let list: Vec<Filled> =
        found.into_iter().take(MOST_FOUND).map(|payment| inquiry(pattern.clone(), payment)).collect();
    Ok(template.set("/List", list).done())
}

/// A payment as an inquiry tells it.
fn inquiry(template: Filled, payment: &Payment) -> Filled {
    let template = codes(template, payment);
    let template = movement(template, payment);
    let template = methods(template, payment);
    let template = card(template, &payment.order.card);
    template
        .set("/UsedSavedCard", payment.order.card_from == CardFrom::Saved)
        .set("/UsedTempCard", payment.order.card_from == CardFrom::Temporary)
        .set("/Activities", payment.movements().map(|movement| activity(Filled::empty(), movement)).collect::<Vec<_>>())
        .set("/IsFullyRefunded", payment.is_undone())
        .set("/RemainingRefundAmount", payment.remaining())
        .set("/PaymentAmount", payment.order.amount)
        .set("/OriginalAmount", payment.order.amount)
        .set("/IP", None::<String>)
        .set("/ClientIP", None::<String>)
}

fn codes(template: Filled, payment: &Payment) -> Filled {
    template
        .set("/PaymentId", payment.id)
        .set("/UniqueCode", payment.unique_code.as_str())
        .set("/MerchantUniqueCode", payment.order.merchant_code.as_str())
        .set("/TrackingCode", payment.order.tracking_code.clone())
        .set("/Installment", i64::from(payment.order.installment))
        .set("/CurrencyId", payment.order.currency.code())
        .set("/CurrencyName", payment.order.currency.entry().map(|entry| entry.name().to_owned()))
        .set("/PaymentChannelId", payment.order.channel.map_or(0, Channel::code))
        .set(
            "/PaymentChannelName",
            payment.order.channel.and_then(|channel| Some(channel.entry()?.meaning().to_owned())),
        )
        .set("/PaymentTagId", i64::from(payment.order.tag.unwrap_or_default()))
        .set("/PaymentTagName", None::<String>)
}

/// The last movement, and what all of them have come to.
fn movement(template: Filled, payment: &Payment) -> Filled {
    let last = payment.last();
    let message = last.bank.as_ref().map(|(_, message)| message.clone());
    template
        .set("/ActivityId", last.id)
        .set("/ActivityAmount", last.amount)
        .set("/LastActivityDateTime", last.at.local())
        .set("/Status", last.has_succeeded())
        .set("/StatusId", last.status.code())
        .set("/StatusName", last.status.entry().map(|entry| entry.meaning().to_owned()))
        .set("/TypeId", last.kind.code())
        .set("/TypeName", last.kind.entry().map(|entry| entry.meaning().to_owned()))
        .set("/AnySuccessPayment", payment.any(PaymentType::SALE))
        .set("/AnySuccessRefund", payment.any(PaymentType::REFUND))
        .set("/AnySuccessPartialRefund", payment.any(PaymentType::PARTIAL_REFUND))
        .set("/AnySuccessCancel", payment.any(PaymentType::CANCEL))
        .set("/Error/AnyError", message.is_some())
        .set("/Error/ErrorMessage", message.unwrap_or_default())
}

fn methods(template: Filled, payment: &Payment) -> Filled {
    let is = |methods: &[PaymentMethod]| methods.contains(&payment.order.method);
    template
        .set("/IsThreeDSecure", is(&[PaymentMethod::THREE_D, PaymentMethod::THREE_D_PROVISION]))
        .set("/IsNonThreeDSecure", is(&[PaymentMethod::NON_SECURE, PaymentMethod::NON_SECURE_PROVISION]))
        .set("/IsInsuranceSecure", is(&[PaymentMethod::INSURANCE]))
        .set("/IsOtp", is(&[PaymentMethod::OTP]))
        .set("/IsProvision", payment.order.provision)
        .set("/PaymentMethodId", payment.order.method.code())
        .set("/PaymentMethodName", payment.order.method.entry().map(|entry| entry.meaning().to_owned()))
}

/// The card of the samples keeps what they tell of its bank. Of others no page says anything, and so nothing is said.
fn card(template: Filled, card: &CardShown) -> Filled {
    let template = template.set("/CardNumber", card.masked()).set("/CardOwnerName", card.owner.as_str());
    if card.bin == BIN_OF_THE_SAMPLES {
        return template;
    }
    let places = ["CardBank", "CardBrand", "CardType", "CardFamily"];
    places.iter().fold(template, |template, place| {
        let template = template.set(&format!("/{place}Id"), None::<i64>);
        template.set(&format!("/{place}Name"), None::<String>)
    })
}

/// The one card of which pages tell bank, brand, type and family.
const BIN_OF_THE_SAMPLES: &str = "552879";

/// `listPaymentActivities`: the payments that moved on a day that is over.
pub(super) fn list_activities(desk: &mut Desk<'_>, request: ListPaymentActivitiesRequest) -> Verdict {
    if request.date >= desk.now.day() {
        let why = "a day is listed once it is over: yesterday at the latest";
        return Err(refused(PaymentErrorCode::END_OF_DAY_NOT_PREPARED, why));
    }
    let (Ok(page), Ok(size @ 1..)) = (usize::try_from(request.page), usize::try_from(request.page_size)) else {
        return Err(refused(PaymentErrorCode::UNEXPECTED_PARAMETERS, "a page has at least one payment"));
    };
    let moved = |payment: &&Payment| payment.movements().any(|movement| movement.at.day() == request.date);
    let mut found: Vec<&Payment> = desk.book.payments.iter().map(|(_, payment)| payment).filter(moved).collect();
    found.sort_by_key(|payment| payment.id);
    let template = desk.template("listPaymentActivities", "page");
    let pattern = template.part("/Data/0");
    let start = page.saturating_sub(1).saturating_mul(size);
    let shown = found.iter().skip(start).take(size).map(|payment| listed(&pattern, payment, &request));
    let shown: Vec<Filled> = shown.collect();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(template
        .set("/Data", shown)
        .set("/Page", i64::from(request.page))
        .set("/PageSize", i64::from(request.page_size))
        .set("/TotalRecords", total)
        .set("/HasPreviousPage", page > 1)
        .set("/HasNextPage", start.saturating_add(size) < found.len())
        .done())
}

fn listed(pattern: &Filled, payment: &Payment, request: &ListPaymentActivitiesRequest) -> Filled {
    let last = payment.last();
    let template = listed_card(pattern.clone(), payment);
    template
        .set("/Id", payment.id)
        .set("/UniqueCode", payment.unique_code.as_str())
        .set("/MerchantUniqueCode", payment.order.merchant_code.as_str())
        .set("/TrackingCode", payment.order.tracking_code.clone())
        .set("/Amount", payment.order.amount)
        .set("/MethodId", payment.order.method.code())
        .set("/TypeId", last.kind.code())
        .set("/StatusId", last.status.code())
        .set("/Installment", i64::from(payment.order.installment))
        .set("/ChannelId", payment.order.channel.map_or(0, Channel::code))
        .set("/TagId", i64::from(payment.order.tag.unwrap_or_default()))
        .set("/Ip", None::<String>)
        .set("/ClientIp", None::<String>)
        .set("/InsertDateTime", payment.sale.at.local())
        .set("/Commission", None::<String>)
        .set("/Activities", activities(&pattern.part("/Activities/0"), payment, request))
}

fn listed_card(template: Filled, payment: &Payment) -> Filled {
    let template = template
        .set("/Card/Owner", payment.order.card.owner.as_str())
        .set("/Card/Number", payment.order.card.masked())
        .set("/Card/UsedSavedCard", payment.order.card_from == CardFrom::Saved)
        .set("/Card/UsedTempCard", payment.order.card_from == CardFrom::Temporary);
    if payment.order.card.bin == BIN_OF_THE_SAMPLES {
        return template;
    }
    let places = ["CardBank", "CardBrand", "CardFamily", "CardKind", "CardType"];
    places.iter().fold(template, |template, place| {
        let template = template.set(&format!("/Card/{place}Id"), None::<i64>);
        template.set(&format!("/Card/{place}"), None::<String>)
    })
}

fn activities(pattern: &Filled, payment: &Payment, request: &ListPaymentActivitiesRequest) -> Vec<Filled> {
    let success = request.only_success == Some(true);
    let of_the_day = request.only_date_sensitive_activity == Some(true);
    let wanted = |movement: &&Movement| {
        (!success || movement.has_succeeded()) && (!of_the_day || movement.at.day() == request.date)
    };
    payment.movements().filter(wanted).map(|movement| activity(pattern.clone(), movement)).collect()
}

fn activity(template: Filled, movement: &Movement) -> Filled {
    template
        .set("/Id", movement.id)
        .set("/TypeId", movement.kind.code())
        .set("/StatusId", movement.status.code())
        .set("/Amount", movement.amount)
        .set("/InsertDateTime", movement.at.local())
}

/// `queryInstallments`: one payment for every card, more for a documented test card; each instalment beyond the first
/// costs one percent.
pub(super) fn installments(desk: &mut Desk<'_>, request: QueryInstallmentsRequest) -> Verdict {
    if request.currency_id.entry().is_none() {
        return Err(refused(PaymentErrorCode::UNEXPECTED_CURRENCY, "no list has this currency"));
    }
    super::payment::exact(request.amount)?;
    let known = request
        .bin_number
        .as_deref()
        .is_none_or(|bin| cards::TEST_CARDS.iter().any(|card| card.number.starts_with(bin)));
    let offered: &[i32] = if known { &[1, 2, 3, 6, 9, MOST_INSTALLMENTS] } else { &[1] };
    let template = desk.template("queryInstallments", "page");
    let pattern = template.part("/Options/0");
    let options: Vec<Filled> =
        offered.iter().filter_map(|count| option(pattern.clone(), request.amount, *count)).collect();
    let template = match request.bin_number.as_deref() {
        Some(BIN_OF_THE_SAMPLE_CARD) => template,
        _ => ["CardBank", "CardBrand", "CardFamily", "CardKind", "CardType"]
            .iter()
            .fold(template, |template, place| template.set(&format!("/{place}"), None::<String>)),
    };
    Ok(template.set("/Options", options).done())
}

fn option(pattern: Filled, amount: Amount, count: i32) -> Option<Filled> {
    let rate = Amount::from_major(i64::from(count - 1));
    let interest = (amount.to_decimal() * rate.to_decimal() / Amount::from_major(100).to_decimal()).round_dp(2);
    let with_interest = amount.checked_add(Amount::from(interest))?;
    Some(
        pattern
            .set("/Installment", i64::from(count))
            .set("/Interest", rate)
            .set("/RawAmount", amount)
            .set("/InterestAmount", with_interest),
    )
}

/// The card that the page of BIN inquiry shows.
const BIN_OF_THE_SAMPLE_CARD: &str = "516914";

/// `inquireBin`: the card of the page, and the documented test cards, of which pages tell little more.
pub(super) fn bin(desk: &mut Desk<'_>, request: InquireBinRequest) -> Verdict {
    let digits = request.bin_number;
    let template = desk.template("inquireBin", "page");
    let is_of_the_page = digits.starts_with(BIN_OF_THE_SAMPLE_CARD);
    let known = cards::TEST_CARDS.iter().any(|card| card.number.starts_with(&digits));
    if !is_of_the_page && !known {
        return Err(refused(PaymentErrorCode::DATA_NOT_FOUND, "nobody here knows these digits"));
    }
    let template = template
        .set("/IsMatchedByEightDigitBin", digits.len() == 8)
        .set("/IsMatchedBySixDigitBin", digits.len() == 6)
        .set("/BinNumber", digits);
    if is_of_the_page {
        return Ok(template.done());
    }
    let places = ["CardBank", "CardBrand", "CardFamily", "CardKind", "CardType"];
    let template = places.iter().fold(template, |template, place| {
        let template = template.set(&format!("/{place}Id"), None::<i64>);
        template.set(&format!("/{place}"), None::<String>)
    });
    Ok(template.done())
}
