//! Can a shopper with a wallet pay by 3-D Secure? From the start at Masterpass over the bank's page, the form
//! that leads back and the commit to the inquiry, by the real client.

mod merchant;
mod wire;

use std::time::Duration;

use merchant::{Form, Posted, Shop, client, get, post, types};
use paywall_api::callbacks::ThreeDCallback;
use paywall_api::codes::{Currency, PaymentStatus};
use paywall_api::masterpass::{
    CommitPaymentRequest, CreateSessionRequest, InitPaymentRequest, InitiatedPayment, MasterpassCard,
    MasterpassPaymentDetail, NewMasterpassPaymentDetail,
};
use paywall_api::payments::{NewProduct, Product, QueryPaymentRequest};
use paywall_api::{
    Amount, Claim, Client, Confirmation, Error, Expected, HashKeys, MasterpassSession, NextStep, Standing, Trust,
};
use paywall_sandbox::{Options, Running, Sandbox};

const KEY: &str = "the key of the panel";
const LINKED: &str = "905123456710";
const BY_3D: &str = "905123456704";
const DEBIT_CARD: &str = "f1eb4ddf-f0fd-4f16-a8bf-e19d0c7cfa33";
const RIGHT: &str = "123456";

/// A bank, a shop at it, and one shopper's session.
struct Counter {
    bank: Running,
    shop: Shop,
    client: Client,
    session: MasterpassSession,
}

/// What the shopper pays by.
#[derive(Clone, Copy)]
enum By {
    /// A card that Masterpass keeps.
    Kept {
        force_3d: bool,
    },
    InFull,
}

impl Counter {
    async fn open(phone: &str) -> Self {
        let options = Options::default().hash_key(1, KEY).pending(Duration::from_millis(100));
        let bank = Sandbox::start(options.stateful().seed(7)).expect("a sandbox");
        let client = client(&bank);
        let request = CreateSessionRequest::new("reference-1", "user-7", phone);
        let session = (&client.masterpass().create_session(&request).await.expect("a session")).into();
        Self { bank, shop: Shop::open(), client, session }
    }

    async fn init(&self, code: &str, amount: &str, by: By, auto_commit: bool) -> InitiatedPayment {
        let amount: Amount = amount.parse().expect("an amount");
        let detail = MasterpassPaymentDetail::new(NewMasterpassPaymentDetail {
            amount,
            merchant_unique_code: code.to_owned(),
            currency_id: Currency::TRY,
            merchant_success_back_url: self.shop.at("/paid"),
            merchant_fail_back_url: self.shop.at("/failed"),
            client_ip: "192.0.2.7".into(),
            installment: 1,
        });
        let request = InitPaymentRequest::new(self.session.id(), detail, card(by), vec![product(amount)]);
        let request = request.auto_commit(auto_commit).force_3d(matches!(by, By::Kept { force_3d: true }));
        self.client.masterpass().init_payment(&request).in_session(&self.session).await.expect("started")
    }

    /// The path of the page that a started payment leads to.
    fn page(&self, started: &InitiatedPayment) -> String {
        let NextStep::OpenAddress(address) = started.next_step() else { panic!("{:?}", started.next_step()) };
        address.expose().strip_prefix(&self.bank.base_address()).expect("a page of the sandbox").to_owned()
    }

    /// The shopper types a code, and the browser brings the form back.
    fn types(&self, page: &str, code: &str) -> Posted {
        Form::of(&types(&self.bank, page, code)).expect("a way back").send();
        self.shop.next()
    }

    async fn commit(&self, started: &InitiatedPayment) -> Result<(), Error> {
        let record = started.masterpass.as_ref().and_then(|answer| answer.paywall.as_ref());
        let id = record.and_then(|record| record.masterpass_payment_id.clone()).expect("an id");
        let request = CommitPaymentRequest::new(self.session.id(), id);
        let commit = self.client.masterpass().commit_payment(&request).in_session(&self.session);
        commit.merchant_code("order").await.map(drop)
    }

    async fn status(&self, code: &str) -> (Option<PaymentStatus>, Standing) {
        let found = self.client.payments().query(&QueryPaymentRequest::new(code)).await.expect("an answer");
        let payment = found.paywall.expect("a payment");
        (payment.status_id, payment.standing())
    }

    async fn confirms(&self, claim: &Claim<ThreeDCallback>, expected: &Expected) -> bool {
        let hour = Duration::from_secs(3600);
        let asked = self.client.payments().confirm(claim, expected).waits(hour, hour).await;
        matches!(asked.expect("an inquiry"), Confirmation::Confirmed(_))
    }
}

fn card(by: By) -> MasterpassCard {
    match by {
        By::Kept { .. } => MasterpassCard::new(true).card_alias(DEBIT_CARD),
        By::InFull => MasterpassCard::new(false)
            .owner_name("Test User")
            .number("5528790000000008")
            .expire_month("12")
            .expire_year("2030")
            .cvv("123"),
    }
}

fn product(amount: Amount) -> Product {
    Product::new(NewProduct {
        product_id: "notebook-1".to_owned(),
        product_name: "Defter".to_owned(),
        product_category: "Kırtasiye".to_owned(),
        product_description: "Çizgisiz".to_owned(),
        product_amount: amount,
    })
}

fn claimed(posted: &Posted) -> Claim<ThreeDCallback> {
    let claim = Claim::read(&posted.body).expect("a claim");
    assert_eq!(claim.verify(&HashKeys::new().with(1, KEY)).expect("a right hash"), Trust::Signed);
    claim
}

fn price() -> Amount {
    "50.00".parse().expect("an amount")
}

#[tokio::test]
async fn without_auto_commit_the_page_authorises_and_the_commit_takes_the_money() {
    let counter = Counter::open(LINKED).await;
    let started = counter.init("order", "50.00", By::InFull, false).await;
    assert_eq!(counter.status("order").await, (Some(PaymentStatus::PENDING), Standing::Pending));
    assert_eq!(counter.commit(&started).await.expect_err("too early").code(), Some(92));
    let page = counter.page(&started);
    get(&counter.bank, &page);
    assert_eq!(counter.status("order").await, (Some(PaymentStatus::STARTED), Standing::Pending));

    let posted = counter.types(&page, RIGHT);
    let claim = claimed(&posted);
    assert_eq!((posted.path.as_str(), claim.asserted_status()), ("/paid", Some("Success")));
    assert_eq!(counter.status("order").await.1, Standing::Authorized);
    let paid = Expected::payment("order", price(), Currency::TRY);
    assert!(!counter.confirms(&claim, &paid).await, "an authorisation is no payment");
    assert!(counter.confirms(&claim, &Expected::authorization("order", price(), Currency::TRY)).await);

    counter.commit(&started).await.expect("committed");
    assert_eq!(counter.status("order").await.1, Standing::Paid);
    assert!(counter.confirms(&claim, &paid).await);
    assert_eq!(counter.commit(&started).await.expect_err("once is enough").code(), Some(97));
}

#[tokio::test]
async fn with_auto_commit_the_page_takes_the_money_and_nothing_is_left_to_commit() {
    for (phone, by) in [(LINKED, By::Kept { force_3d: true }), (BY_3D, By::Kept { force_3d: false })] {
        let counter = Counter::open(phone).await;
        let started = counter.init("order", "50.00", by, true).await;
        let claim = claimed(&counter.types(&counter.page(&started), RIGHT));
        assert_eq!((claim.merchant_code(), claim.amount()), (Some("order"), Some("50.00")));
        assert!(counter.confirms(&claim, &Expected::payment("order", price(), Currency::TRY)).await);
        assert_eq!(counter.commit(&started).await.expect_err("committed already").code(), Some(92));
    }
}

#[tokio::test]
async fn a_decline_on_the_page_leaves_nothing_to_commit() {
    let counter = Counter::open(LINKED).await;
    let started = counter.init("order", "50.51", By::InFull, false).await;
    let posted = counter.types(&counter.page(&started), RIGHT);
    let claim = claimed(&posted);
    assert_eq!((posted.path.as_str(), claim.asserted_status()), ("/failed", Some("Unsuccessful")));
    assert_eq!(claim.content().provider_bank_error_code.as_deref(), Some("51"));
    assert_eq!(counter.status("order").await, (Some(PaymentStatus::FAILED), Standing::Refused));
    assert_eq!(counter.commit(&started).await.expect_err("declined").code(), Some(92));
}

#[tokio::test]
async fn a_shopper_who_cancels_at_the_bank_has_paid_nothing() {
    let counter = Counter::open(LINKED).await;
    let started = counter.init("order", "50.00", By::InFull, true).await;
    let page = counter.page(&started);
    Form::of(&post(counter.bank.address(), &page, &[("answer", "cancel")])).expect("a way back").send();
    assert_eq!(counter.shop.next().path, "/failed");
    assert_eq!(counter.status("order").await.1, Standing::Refused);
}

#[tokio::test]
async fn the_code_of_a_wallet_payment_is_no_code_for_any_other_payment() {
    let counter = Counter::open(LINKED).await;
    counter.init("order", "50.00", By::InFull, true).await;
    let again = merchant::payment("50.00", "order", &counter.shop.at(""));
    let error = counter.client.payments().start_3d(&again).await.expect_err("a code of the merchant is used once");
    assert_eq!(error.code(), Some(4));
}
