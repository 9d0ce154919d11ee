//! Does the sandbox remember what happened to a payment? Real requests of the real client, one after the other and many
//! at once.

use std::time::Duration;

use paywall_api::codes::{Currency, PaymentErrorCode};
use paywall_api::inquiries::PaymentInquiry;
use paywall_api::payments::{
    CancelPaymentRequest, CancelProvisionRequest, CaptureProvisionRequest, Customer, DirectPaymentDetail,
    InquireBinRequest, ListPaymentActivitiesRequest, NewCustomer, NewProduct, PartialRefundRequest, PaymentCard,
    Product, QueryInstallmentsRequest, QueryPaymentByIdRequest, QueryPaymentByProductIdRequest,
    QueryPaymentByTrackingCodeRequest, QueryPaymentByUniqueCodeRequest, QueryPaymentRequest, RefundRequest,
    RevertPaymentRequest, StartDirectRequest,
};
use paywall_api::{Amount, Client, Credentials, Error, Resolution, Standing, Unknown};
use paywall_sandbox::{Options, Refusals, Running, Sandbox};

/// How long the bank thinks here.
const PENDING: Duration = Duration::from_millis(300);
/// How often something is asked for that comes by itself.
const ASKED: usize = 200;
/// How many requests come at once.
const AT_ONCE: usize = 24;

/// A sandbox that remembers, and a client of it.
struct Shop {
    sandbox: Running,
    client: Client,
}

impl Shop {
    fn open() -> Self {
        Self::of(Options::default().stateful().pending(PENDING))
    }

    fn of(options: Options) -> Self {
        let sandbox = Sandbox::start(options).expect("a sandbox");
        let keys = || Credentials::new("k", "c");
        let client = Client::builder_at(sandbox.base_address()).public_keys(keys()).private_keys(keys()).build();
        Self { sandbox, client: client.expect("a client") }
    }

    async fn pay(&self, code: &str, amount: &str) -> Result<i64, Error> {
        self.send(&request(code, amount)).await
    }

    async fn send(&self, request: &StartDirectRequest) -> Result<i64, Error> {
        let answer = self.client.payments().start_direct(request).report_violations().await?;
        Ok(answer.payment.and_then(|payment| payment.payment_id).expect("a payment"))
    }

    async fn inquiry(&self, code: &str) -> PaymentInquiry {
        let found = self.client.payments().query(&QueryPaymentRequest::new(code)).await.expect("an answer");
        found.paywall.expect("a payment")
    }

    async fn standing(&self, code: &str) -> Standing {
        self.inquiry(code).await.standing()
    }

    /// The standing that a payment comes to when the bank has answered.
    async fn settled(&self, code: &str) -> Standing {
        for _ in 0..ASKED {
            let standing = self.standing(code).await;
            if standing != Standing::Pending {
                return standing;
            }
            tokio::time::sleep(PENDING / 10).await;
        }
        panic!("the bank never answers");
    }

    /// The day of a payment, by its inquiry.
    async fn day(&self, code: &str) -> String {
        let time = self.inquiry(code).await.last_activity_date_time.expect("a time");
        time.to_string()[..10].to_owned()
    }
}

fn amount(text: &str) -> Amount {
    text.parse().expect("an amount")
}

fn card() -> PaymentCard {
    let card = PaymentCard::new().owner_name("Ayşe Yılmaz").number("5528790000000008");
    card.expire_month("12").expire_year("2030").cvv("123")
}

fn product(price: &str) -> Product {
    Product::new(NewProduct {
        product_id: "book-1".to_owned(),
        product_name: "Kitap".to_owned(),
        product_category: "Kitap".to_owned(),
        product_description: "Bir kitap".to_owned(),
        product_amount: amount(price),
    })
}

fn request(code: &str, price: &str) -> StartDirectRequest {
    let detail = DirectPaymentDetail::new(amount(price), code, Currency::TRY, 1, "203.0.113.7");
    let customer = Customer::new(NewCustomer {
        full_name: "Ayşe Yılmaz".into(),
        phone: "905551234567".into(),
        email: "ayse@shop.example".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Örnek Sokak 1".into(),
    });
    StartDirectRequest::new(detail, card(), customer, vec![product(price)])
}

fn authorisation(code: &str, price: &str) -> StartDirectRequest {
    let mut request = request(code, price);
    request.payment_detail.half_2d = Some(true);
    request
}

/// The code of a refusal.
fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> Option<i64> {
    answer.expect_err("a refusal").code()
}

#[tokio::test]
async fn a_payment_is_found_by_every_name_that_it_has() {
    let shop = Shop::open();
    let mut request = request("order-1", "101.50");
    request.payment_detail = request.payment_detail.tracking_code("basket-1");
    let id = shop.send(&request).await.expect("paid");
    let payment = shop.inquiry("order-1").await;
    assert_eq!(payment.standing(), Standing::Paid);
    assert_eq!((payment.payment_id, payment.payment_amount), (Some(id), Some(amount("101.50"))));
    assert_eq!(payment.card_number.as_ref().map(paywall_api::CardNumber::expose), Some("552879******0008"));
    let unique_code = payment.unique_code.clone().expect("a code");
    let payments = shop.client.payments();
    let by_id = payments.query_by_id(&QueryPaymentByIdRequest::new(id)).await.expect("found").paywall;
    let by_unique_code = QueryPaymentByUniqueCodeRequest::new(unique_code);
    let by_unique_code = payments.query_by_unique_code(&by_unique_code).await.expect("found").paywall;
    let tracked = QueryPaymentByTrackingCodeRequest::new("basket-1");
    let tracked = payments.query_by_tracking_code(&tracked).await.expect("found").list.expect("a list");
    let sold = QueryPaymentByProductIdRequest::new("book-1");
    let sold = payments.query_by_product_id(&sold).await.expect("found").list.expect("a list");
    assert_eq!((by_id.as_ref(), by_unique_code.as_ref()), (Some(&payment), Some(&payment)));
    assert_eq!((tracked, sold), (vec![payment.clone()], vec![payment]));
}

#[tokio::test]
async fn what_was_never_paid_is_not_found() {
    let shop = Shop::open();
    shop.pay("order-1", "1.00").await.expect("paid");
    let unknown = shop.client.payments().query(&QueryPaymentRequest::new("order-2")).await;
    assert_eq!(code(unknown), Some(PaymentErrorCode::GENERAL_ERROR.code()));
    let none = QueryPaymentByTrackingCodeRequest::new("basket-2");
    let none = shop.client.payments().query_by_tracking_code(&none).await;
    assert_eq!(code(none), Some(PaymentErrorCode::GENERAL_ERROR.code()));
}

#[tokio::test]
async fn a_declined_payment_is_refused_and_stays_so() {
    for refusals in [Refusals::Http4xx, Refusals::Http200] {
        let shop = Shop::of(Options::default().stateful().refusals(refusals));
        let error = shop.pay("order-1", "10.51").await.expect_err("declined");
        assert!(error.is_refused(), "{error}");
        let bank = error.bank_error().expect("the bank's words");
        assert_eq!(bank.decoded_bank_code().as_deref(), Some("51"));
        assert_eq!(shop.standing("order-1").await, Standing::Refused);
    }
}

#[tokio::test]
async fn a_card_that_is_no_test_card_is_declined() {
    let shop = Shop::open();
    let mut request = request("order-1", "10.00");
    request.card = card().number("4111111111111111");
    let error = shop.send(&request).await.expect_err("declined");
    assert!(error.is_refused(), "{error}");
    assert_eq!(shop.standing("order-1").await, Standing::Refused);
}

#[tokio::test]
async fn a_bank_that_does_not_answer_leaves_the_payment_unknown_until_it_does() {
    let shop = Shop::open();
    for (code, price, standing) in [
        ("order-1", "10.91", Standing::Paid),
        ("order-2", "10.92", Standing::Refused),
        ("order-3", "10.96", Standing::Refused),
    ] {
        let error = shop.pay(code, price).await.expect_err("no answer");
        assert!(error.is_unknown(), "{error}");
        assert_eq!(shop.settled(code).await, standing, "{code}");
    }
}

#[tokio::test]
async fn the_client_finds_out_what_became_of_a_lost_payment() {
    let shop = Shop::open();
    let unknown: Unknown = shop.pay("order-1", "10.91").await.expect_err("no answer").unknown().expect("unknown");
    let soon = Duration::from_millis(20);
    let resolution = shop.client.payments().resolve(&unknown).waits(soon, soon).await.expect("an answer");
    assert!(matches!(resolution, Resolution::Paid(_)), "{resolution:?}");
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_code_and_leaves_no_payment() {
    let shop = Shop::open();
    let changed = |change: fn(&mut StartDirectRequest)| {
        let mut request = request("order-1", "10.00");
        change(&mut request);
        request
    };
    let cases = [
        (changed(|request| request.products.push(product("1.00"))), PaymentErrorCode::PRODUCTS_DO_NOT_ADD_UP),
        (changed(|request| request.card.expire_year = Some("2020".to_owned())), PaymentErrorCode::CARD_EXPIRED),
        (changed(|request| request.payment_detail.installment = 13), PaymentErrorCode::UNEXPECTED_INSTALLMENT),
        (
            changed(|request| request.payment_detail.currency_id = Currency::new(99)),
            PaymentErrorCode::UNEXPECTED_CURRENCY,
        ),
        (changed(|request| request.payment_detail.client_ip = "here".into()), PaymentErrorCode::UNEXPECTED_CLIENT_IP),
        (changed(|request| request.card = card().number("5528790000000009")), PaymentErrorCode::UNEXPECTED_CARD_NUMBER),
    ];
    for (request, expected) in cases {
        assert_eq!(code(shop.send(&request).await), Some(expected.code()), "{expected:?}");
    }
    shop.pay("order-1", "10.00").await.expect("the code is still free");
    let again = shop.pay("order-1", "10.00").await;
    assert_eq!(code(again), Some(PaymentErrorCode::MERCHANT_UNIQUE_CODE_EXISTS.code()));
}

#[tokio::test]
async fn an_authorisation_is_captured_once_and_never_for_more() {
    let shop = Shop::open();
    shop.send(&authorisation("order-1", "100.00")).await.expect("authorised");
    assert_eq!(shop.standing("order-1").await, Standing::Authorized);
    let day = shop.day("order-1").await;
    let capture = |price: &str| CaptureProvisionRequest::new("order-1", day.clone()).provision_amount(amount(price));
    let payments = shop.client.payments();
    assert_eq!(code(payments.refund(&RefundRequest::new(day.clone(), "order-1")).await), Some(-1));
    assert_eq!(code(payments.capture(&capture("100.01")).await), Some(65));
    payments.capture(&capture("60.00")).await.expect("captured");
    assert_eq!(code(payments.capture(&capture("40.00")).await), Some(7));
    assert_eq!(shop.standing("order-1").await, Standing::Paid);
    assert_eq!(shop.inquiry("order-1").await.remaining_refund_amount, Some(amount("60")));
}

#[tokio::test]
async fn an_authorisation_is_given_free_or_captured_and_not_both() {
    let shop = Shop::open();
    shop.send(&authorisation("order-1", "100.00")).await.expect("authorised");
    let day = shop.day("order-1").await;
    let payments = shop.client.payments();
    payments.cancel_provision(&CancelProvisionRequest::new("order-1", day.clone())).await.expect("given free");
    assert_eq!(code(payments.capture(&CaptureProvisionRequest::new("order-1", day)).await), Some(7));
    assert_eq!(shop.standing("order-1").await, Standing::Cancelled);
}

#[tokio::test]
async fn refunds_go_as_far_as_the_payment_and_no_further() {
    let shop = Shop::open();
    shop.pay("order-1", "100.00").await.expect("paid");
    let day = shop.day("order-1").await;
    let payments = shop.client.payments();
    let part = |price: &str| PartialRefundRequest::new("order-1", day.clone(), amount(price));
    let another_day = PartialRefundRequest::new("order-1", "2001-02-03", amount("1.00"));
    assert_eq!(code(payments.refund_partially(&another_day).await), Some(-1));
    payments.refund_partially(&part("30.00")).await.expect("refunded");
    assert_eq!(shop.standing("order-1").await, Standing::PartiallyRefunded);
    assert_eq!(code(payments.refund_partially(&part("70.01")).await), Some(65));
    assert_eq!(code(payments.cancel(&CancelPaymentRequest::new("order-1", day.clone())).await), Some(7));
    let rest = RefundRequest::new(day.clone(), "order-1").complete_partial_refund(true);
    payments.refund(&rest).await.expect("the rest");
    assert_eq!(shop.standing("order-1").await, Standing::Refunded);
    assert_eq!(code(payments.refund(&rest).await), Some(7));
}

#[tokio::test]
async fn a_payment_of_today_is_cancelled_by_cancel_and_by_revert() {
    let shop = Shop::open();
    shop.pay("order-1", "100.00").await.expect("paid");
    shop.pay("order-2", "100.00").await.expect("paid");
    let payments = shop.client.payments();
    let cancel = CancelPaymentRequest::new("order-1", shop.day("order-1").await);
    payments.cancel(&cancel).await.expect("cancelled");
    let unique_code = shop.inquiry("order-2").await.unique_code.expect("a code");
    payments.revert(&RevertPaymentRequest::new(unique_code.clone(), "order-2")).await.expect("cancelled");
    assert_eq!(code(payments.revert(&RevertPaymentRequest::new(unique_code, "order-1")).await), Some(-1));
    for code in ["order-1", "order-2"] {
        assert_eq!(shop.standing(code).await, Standing::Cancelled, "{code}");
    }
}

#[tokio::test]
async fn a_day_is_listed_once_it_is_over() {
    let shop = Shop::open();
    shop.pay("order-1", "100.00").await.expect("paid");
    let today = ListPaymentActivitiesRequest::new(1, 10, shop.day("order-1").await);
    assert_eq!(code(shop.client.payments().list_activities(&today).await), Some(70));
    let before = ListPaymentActivitiesRequest::new(1, 10, "2001-02-03");
    let before = shop.client.payments().list_activities(&before).await.expect("a page");
    assert_eq!((before.total_records, before.data.map(|data| data.len())), (Some(0), Some(0)));
}

#[tokio::test]
async fn instalments_and_bins_are_those_of_the_test_cards() {
    let shop = Shop::open();
    let payments = shop.client.payments();
    let asked = QueryInstallmentsRequest::new(Currency::TRY, amount("100.00"), true).bin_number("552879");
    let options = payments.installments(&asked).await.expect("options").options.expect("a list");
    let last = options.last().expect("an option");
    assert_eq!((last.installment, last.interest_amount), (Some(12), Some(amount("111.00"))));
    let bin = payments.bin(&InquireBinRequest::new("55287900")).await.expect("a card");
    assert_eq!((bin.bin_number.as_deref(), bin.is_matched_by_eight_digit_bin), (Some("55287900"), Some(true)));
    assert_eq!(code(payments.bin(&InquireBinRequest::new("400000")).await), Some(73));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_payments_of_one_code_exactly_one_wins() {
    let shop = Shop::open();
    let sent = (0..AT_ONCE).map(|_| {
        let client = shop.client.clone();
        tokio::spawn(async move { client.payments().start_direct(&request("order-1", "10.00")).await })
    });
    let mut paid = 0;
    for answer in sent.collect::<Vec<_>>() {
        match answer.await.expect("no panic") {
            Ok(_) => paid += 1,
            Err(error) => assert_eq!(error.code(), Some(PaymentErrorCode::MERCHANT_UNIQUE_CODE_EXISTS.code())),
        }
    }
    assert_eq!(paid, 1);
    assert_eq!(shop.standing("order-1").await, Standing::Paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_that_race_never_exceed_the_payment() {
    let shop = Shop::open();
    shop.pay("order-1", "100.00").await.expect("paid");
    let day = shop.day("order-1").await;
    let sent = (0..AT_ONCE).map(|_| {
        let (client, refund) = (shop.client.clone(), PartialRefundRequest::new("order-1", day.clone(), amount("7.00")));
        tokio::spawn(async move { client.payments().refund_partially(&refund).await })
    });
    let mut refunded = 0;
    for answer in sent.collect::<Vec<_>>() {
        match answer.await.expect("no panic") {
            Ok(_) => refunded += 1,
            Err(error) => assert_eq!(error.code(), Some(65)),
        }
    }
    assert_eq!(refunded, 14);
    assert_eq!(shop.inquiry("order-1").await.remaining_refund_amount, Some(amount("2.00")));
    assert_eq!(shop.standing("order-1").await, Standing::PartiallyRefunded);
}

/// How an answer ended: done, or refused by which code.
async fn ended<T>(answer: impl IntoFuture<Output = Result<T, Error>>) -> Result<(), Option<i64>> {
    answer.await.map(drop).map_err(|error| error.code())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_captures_and_cancels_that_race_one_wins_and_refunds_stay_within_it() {
    let shop = Shop::open();
    shop.send(&authorisation("order-1", "100.00")).await.expect("authorised");
    let day = shop.day("order-1").await;
    let sent = (0..AT_ONCE).map(|number| {
        let (client, day) = (shop.client.clone(), day.clone());
        tokio::spawn(async move {
            let payments = client.payments();
            let capture = CaptureProvisionRequest::new("order-1", day.clone()).provision_amount(amount("60.00"));
            let cancel = CancelProvisionRequest::new("order-1", day.clone());
            let refund = PartialRefundRequest::new("order-1", day, amount("25.00"));
            match number % 3 {
                0 => ("taken", ended(payments.capture(&capture)).await),
                1 => ("given free", ended(payments.cancel_provision(&cancel)).await),
                _ => ("refunded", ended(payments.refund_partially(&refund)).await),
            }
        })
    });
    let mut done = Vec::new();
    for answer in sent.collect::<Vec<_>>() {
        let (what, ended) = answer.await.expect("no panic");
        assert!(matches!(ended, Ok(()) | Err(Some(-1 | 7 | 65))), "{what}: {ended:?}");
        done.extend(ended.is_ok().then_some(what));
    }
    let count = |what: &str| done.iter().filter(|known| **known == what).count();
    assert_eq!(count("taken") + count("given free"), 1, "{done:?}");
    assert!(count("refunded") <= 2 * count("taken"), "{done:?}");
    let left = [["0.00"; 3], ["60.00", "35.00", "10.00"]][count("taken")][count("refunded")];
    assert_eq!(shop.inquiry("order-1").await.remaining_refund_amount, Some(amount(left)));
}

#[tokio::test]
async fn nothing_is_remembered_where_that_was_not_asked() {
    let shop = Shop::of(Options::default());
    assert_eq!(shop.pay("order-1", "10.51").await.expect("the documented answer"), 2_095_851);
    let documented = shop.inquiry("order-1").await;
    assert_eq!(documented.payment_amount, Some(amount("1000.00")), "and not what was paid");
    shop.sandbox.stop();
}
