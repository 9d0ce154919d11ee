//! Does the sandbox remember sessions, accounts, one-time passwords and cards? Over HTTP, by the real client.

use std::time::Duration;

use paywall_api::codes::{Currency, MasterpassResponseCode};
use paywall_api::masterpass::{
    CommitPaymentByIdRequest, CommitPaymentRequest, CreateSessionRequest, DeleteMasterpassCardRequest,
    InitPaymentRequest, InitiatedPayment, LinkAccountRequest, ListMasterpassCardsRequest, MasterpassCard,
    MasterpassPaymentDetail, NewMasterpassPaymentDetail, NewVerifyPaymentRequest, ResendOtpRequest,
    UnlinkAccountRequest, VerifiedPayment, VerifyOtpRequest, VerifyPaymentRequest,
};
use paywall_api::payments::{
    CardSave, Customer, DirectPaymentDetail, NewCustomer, NewProduct, PaymentCard, Product, StartDirectRequest,
};
use paywall_api::tokens::{
    CreateTempCardParameters, CreateTempCardRequest, CreateTempTokenRequest, NewCreateTempTokenRequest,
};
use paywall_api::{
    Amount, Client, Confirmation, Credentials, Error, Expected, MasterpassSession, NextStep, Secret, WithParameters,
};
use paywall_sandbox::{Options, Running, Sandbox};

const LINKED: &str = "905123456710";
const UNLINKED: &str = "905123456701";
const NOBODY: &str = "905123456700";
const WITHOUT_CARDS: &str = "905123456702";
const SECOND_CODE: &str = "905123456703";
const BY_3D: &str = "905123456704";
const CREDIT_CARD: &str = "55daa93d-4a99-45de-9431-bb93d0bbf92e";
const DEBIT_CARD: &str = "f1eb4ddf-f0fd-4f16-a8bf-e19d0c7cfa33";
const CARD_NUMBER: &str = "5528790000000008";
const RIGHT: &str = "123456";
const WRONG: &str = "654321";

/// A sandbox with state, and a shop at it.
struct Shop {
    _sandbox: Running,
    client: Client,
}

impl Shop {
    fn open() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options.stateful().seed(7)).expect("a sandbox");
        let keys = || Credentials::new("k", "c");
        let builder = Client::builder_at(sandbox.base_address()).public_keys(keys()).private_keys(keys());
        let client = builder.deadline(Duration::from_secs(20)).build().expect("a client");
        Self { _sandbox: sandbox, client }
    }

    async fn session(&self, phone: &str) -> MasterpassSession {
        let request = CreateSessionRequest::new("reference-1", "user-7", phone);
        (&self.client.masterpass().create_session(&request).await.expect("a session")).into()
    }

    /// The aliases of the cards, or why there are none.
    async fn cards(&self, session: &MasterpassSession) -> Result<Vec<Secret>, Error> {
        let request = ListMasterpassCardsRequest::new(session.id());
        let listed = self.client.masterpass().list_cards(&request).in_session(session).await?;
        let account = listed.masterpass.and_then(|answer| answer.result).expect("an account");
        Ok(account.cards.expect("cards").into_iter().filter_map(|card| card.card_alias).collect())
    }

    async fn init(&self, session: &MasterpassSession, payment: Wanted<'_>) -> Result<InitiatedPayment, Error> {
        let request = payment.request(session.id());
        self.client.masterpass().init_payment(&request).in_session(session).await
    }

    async fn verify(
        &self,
        session: &MasterpassSession,
        id: &str,
        token: &Secret,
        code: &str,
    ) -> Result<VerifiedPayment, Error> {
        let request = VerifyPaymentRequest::new(NewVerifyPaymentRequest {
            session_id: session.id(),
            masterpass_payment_id: id.to_owned(),
            otp_token: token.clone(),
            otp_code: code.into(),
        });
        self.client.masterpass().verify_payment(&request).in_session(session).merchant_code("order").await
    }

    async fn link(&self, session: &MasterpassSession) -> Result<Secret, Error> {
        let request = LinkAccountRequest::new(session.id());
        let asked = self.client.masterpass().link_account(&request).in_session(session).await?;
        Ok(asked.masterpass.and_then(|answer| answer.result).and_then(|asked| asked.token).expect("a token"))
    }

    /// What an inquiry makes of an order of 50.00.
    async fn stands(&self, expected: &Expected) -> Confirmation {
        let question = self.client.payments().confirm_without_claim(expected);
        let hour = Duration::from_secs(3600);
        question.waits(hour, hour).await.expect("an answer")
    }

    async fn is_paid(&self, code: &str) -> bool {
        let expected = Expected::payment(code, "50.00".parse().expect("an amount"), Currency::TRY);
        self.stands(&expected).await.confirmed().is_some()
    }

    async fn is_authorized(&self, code: &str) -> bool {
        let expected = Expected::authorization(code, "50.00".parse().expect("an amount"), Currency::TRY);
        self.stands(&expected).await.confirmed().is_some()
    }
}

/// A payment that a test wants.
#[derive(Clone, Copy)]
struct Wanted<'t> {
    code: &'t str,
    amount: &'t str,
    /// Nothing for a card in full.
    alias: Option<&'t str>,
    auto_commit: bool,
    force_3d: bool,
}

impl<'t> Wanted<'t> {
    fn new(code: &'t str, alias: &'t str) -> Self {
        Self { code, amount: "50.00", alias: Some(alias), auto_commit: true, force_3d: false }
    }

    fn request(self, session: Secret) -> InitPaymentRequest {
        let amount = self.amount.parse().expect("an amount");
        let detail = MasterpassPaymentDetail::new(NewMasterpassPaymentDetail {
            amount,
            merchant_unique_code: self.code.to_owned(),
            currency_id: Currency::TRY,
            merchant_success_back_url: "http://127.0.0.1/paid".to_owned(),
            merchant_fail_back_url: "http://127.0.0.1/failed".to_owned(),
            client_ip: "192.0.2.7".into(),
            installment: 1,
        });
        let request = InitPaymentRequest::new(session, detail, self.card(), vec![product(self.amount)]);
        request.auto_commit(self.auto_commit).force_3d(self.force_3d)
    }

    fn card(self) -> MasterpassCard {
        match self.alias {
            Some(alias) => MasterpassCard::new(true).card_alias(alias),
            None => MasterpassCard::new(false)
                .owner_name("Test User")
                .number(CARD_NUMBER)
                .expire_month("12")
                .expire_year("2030")
                .cvv("123"),
        }
    }
}

fn product(amount: &str) -> Product {
    Product::new(NewProduct {
        product_id: "notebook-1".to_owned(),
        product_name: "Defter".to_owned(),
        product_category: "Kırtasiye".to_owned(),
        product_description: "Çizgisiz".to_owned(),
        product_amount: amount.parse().expect("an amount"),
    })
}

/// The id that a started payment has at Masterpass.
fn id(started: &InitiatedPayment) -> String {
    let record = started.masterpass.as_ref().and_then(|answer| answer.paywall.as_ref());
    record.and_then(|record| record.masterpass_payment_id.clone()).expect("an id")
}

fn payment_id(started: &InitiatedPayment) -> i64 {
    let record = started.masterpass.as_ref().and_then(|answer| answer.paywall.as_ref());
    record.and_then(|record| record.payment_id).expect("a number")
}

/// The token of the one-time password that a payment asks for.
fn asked(started: &InitiatedPayment) -> Secret {
    match started.next_step() {
        NextStep::OneTimePassword(token) => token,
        step => panic!("{step:?}"),
    }
}

/// What comes after a password.
fn next(verified: VerifiedPayment) -> (bool, MasterpassResponseCode) {
    let result = verified.masterpass.and_then(|answer| answer.result).expect("a result");
    (result.is_verified.expect("a word"), result.response_code.expect("a code"))
}

/// Why Masterpass refused.
fn why(error: &Error) -> &str {
    error.inner_refusal().and_then(|refusal| refusal.code()).unwrap_or("no refusal of masterpass")
}

#[tokio::test]
async fn a_wallet_payment_goes_by_its_one_time_password_to_the_commit() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let alias = shop.cards(&session).await.expect("cards").remove(0);
    let wanted = Wanted { auto_commit: false, ..Wanted::new("order", alias.expose()) };
    let started = shop.init(&session, wanted).await.expect("started");
    let (id, token) = (id(&started), asked(&started));
    assert!(!shop.is_paid("order").await && !shop.is_authorized("order").await, "the shopper has not said yes yet");

    let commit = CommitPaymentRequest::new(session.id(), id.as_str());
    let early = shop.client.masterpass().commit_payment(&commit).in_session(&session).merchant_code("order");
    assert_eq!(early.await.expect_err("too early").code(), Some(92));

    let verified = shop.verify(&session, &id, &token, RIGHT).await.expect("verified");
    assert_eq!(next(verified), (true, MasterpassResponseCode::SUCCESS));
    assert!(shop.is_authorized("order").await && !shop.is_paid("order").await, "it waits for its commit");

    let commit = CommitPaymentRequest::new(session.id(), id.as_str());
    let done = shop.client.masterpass().commit_payment(&commit).in_session(&session).merchant_code("order");
    let done = done.await.expect("committed").masterpass.expect("an answer");
    let detail = done.detail.expect("numbers");
    assert_eq!((done.result, detail.payment_id), (Some(true), Some(payment_id(&started))));
    assert_eq!(detail.merchant_unique_code.as_deref(), Some("order"));
    assert!(shop.is_paid("order").await);

    let again = shop.client.masterpass().commit_payment(&commit).in_session(&session).merchant_code("order");
    assert_eq!(again.await.expect_err("once is enough").code(), Some(97));
}

#[tokio::test]
async fn a_commit_finds_a_payment_by_its_number_too_and_none_of_another_shopper() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let wanted = Wanted { auto_commit: false, ..Wanted::new("order", DEBIT_CARD) };
    let started = shop.init(&session, wanted).await.expect("started");
    assert_eq!(started.next_step(), NextStep::Done);

    let stranger = shop.session("905123456799").await;
    for (session, number) in [(&session, payment_id(&started) + 1), (&stranger, payment_id(&started))] {
        let request = CommitPaymentByIdRequest::new(session.id(), number);
        let call = shop.client.masterpass().commit_payment_by_id(&request).merchant_code("order");
        assert_eq!(call.await.expect_err("not found").code(), Some(56));
    }
    let request = CommitPaymentByIdRequest::new(session.id(), payment_id(&started));
    shop.client.masterpass().commit_payment_by_id(&request).merchant_code("order").await.expect("committed");
    assert!(shop.is_paid("order").await);
}

#[tokio::test]
async fn what_commits_itself_is_not_committed_again() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let started = shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect("started");
    assert!(shop.is_paid("order").await, "the kept debit card asks for nothing");
    let commit = CommitPaymentRequest::new(session.id(), id(&started));
    let error = shop.client.masterpass().commit_payment(&commit).merchant_code("order").await.expect_err("refused");
    assert_eq!((error.code(), error.message()), (Some(92), Some("Auto commit payment cannot commit again")));
}

#[tokio::test]
async fn a_password_that_is_wrong_three_times_ends_the_payment() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let started = shop.init(&session, Wanted::new("order", CREDIT_CARD)).await.expect("started");
    let (id, token) = (id(&started), asked(&started));
    for _ in 0..2 {
        let answer = shop.verify(&session, &id, &token, WRONG).await.expect("it may be typed again");
        assert_eq!(next(answer), (false, MasterpassResponseCode::OTP));
    }
    let error = shop.verify(&session, &id, &token, WRONG).await.expect_err("the last try");
    assert_eq!((error.code(), why(&error)), (Some(1), "TOKEN_HAS_EXPIRED"));
    let error = shop.verify(&session, &id, &token, RIGHT).await.expect_err("too late");
    assert_eq!(why(&error), "TOKEN_IS_NOT_VALID");
    assert!(!shop.is_paid("order").await);
}

#[tokio::test]
async fn a_password_that_is_sent_again_replaces_the_first() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let started = shop.init(&session, Wanted::new("order", CREDIT_CARD)).await.expect("started");
    let (id, first) = (id(&started), asked(&started));
    for _ in 0..2 {
        shop.verify(&session, &id, &first, WRONG).await.expect("it may be typed again");
    }
    let request = ResendOtpRequest::new(first.clone(), session.id());
    let sent = shop.client.masterpass().resend_otp(&request).await.expect("sent again");
    let NextStep::OneTimePassword(second) = sent.next_step() else { panic!("{:?}", sent.next_step()) };

    let error = shop.verify(&session, &id, &first, RIGHT).await.expect_err("replaced");
    assert_eq!(why(&error), "TOKEN_IS_NOT_VALID");
    let error = shop.client.masterpass().resend_otp(&request).await.expect_err("replaced");
    assert_eq!(why(&error), "TOKEN_IS_NOT_VALID");
    for _ in 0..2 {
        shop.verify(&session, &id, &second, WRONG).await.expect("it has tries of its own");
    }
    shop.verify(&session, &id, &second, RIGHT).await.expect("verified");
    assert!(shop.is_paid("order").await);
}

#[tokio::test]
async fn an_account_gives_its_cards_once_it_is_linked_and_until_it_is_unlinked() {
    let shop = Shop::open();
    let session = shop.session(UNLINKED).await;
    assert_eq!(why(&shop.cards(&session).await.expect_err("not linked")), "ACCOUNT_NOT_LINKED_TO_MERCHANT");
    let error = shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect_err("not linked");
    assert!(error.is_refused() && why(&error) == "ACCOUNT_NOT_LINKED_TO_MERCHANT", "{error}");

    let token = shop.link(&session).await.expect("asked");
    let password = VerifyOtpRequest::new(token, RIGHT, session.id()).for_link_to_merchant(true);
    shop.client.masterpass().verify_otp(&password).await.expect("linked");
    assert_eq!(shop.cards(&session).await.expect("cards").len(), 2);

    let unlink = UnlinkAccountRequest::new(session.id());
    shop.client.masterpass().unlink_account(&unlink).await.expect("unlinked");
    assert_eq!(why(&shop.cards(&session).await.expect_err("unlinked")), "ACCOUNT_NOT_LINKED_TO_MERCHANT");
    let error = shop.client.masterpass().unlink_account(&unlink).await.expect_err("unlinked before");
    assert_eq!(why(&error), "ACCOUNT_NOT_LINKED_TO_MERCHANT");
}

#[tokio::test]
async fn a_shopper_without_an_account_has_no_cards_and_nothing_to_link() {
    let shop = Shop::open();
    let session = shop.session(NOBODY).await;
    assert_eq!(why(&shop.cards(&session).await.expect_err("nobody")), "USER_NOT_FOUND");
    assert_eq!(why(&shop.link(&session).await.expect_err("nobody")), "ACCOUNT_NOT_FOUND");
}

#[tokio::test]
async fn the_last_digits_of_a_telephone_choose_the_account_as_the_table_says() {
    let shop = Shop::open();
    let session = shop.session(WITHOUT_CARDS).await;
    assert_eq!(shop.cards(&session).await.expect("an account"), []);
    let error = shop.init(&session, Wanted::new("none", DEBIT_CARD)).await.expect_err("no card");
    assert_eq!(why(&error), "CARD_NOT_FOUND");

    let session = shop.session(BY_3D).await;
    let started = shop.init(&session, Wanted::new("by-3d", DEBIT_CARD)).await.expect("started");
    assert!(matches!(started.next_step(), NextStep::OpenAddress(_)));
}

#[tokio::test]
async fn the_second_code_of_a_one_time_password_is_asked_by_linking_paying_and_sending_again() {
    let shop = Shop::open();
    let session = shop.session(SECOND_CODE).await;
    let request = LinkAccountRequest::new(session.id());
    let asked_to_link = shop.client.masterpass().link_account(&request).await.expect("asked");
    let result = asked_to_link.masterpass.and_then(|answer| answer.result).expect("a result");
    assert_eq!(result.response_code, Some(MasterpassResponseCode::OTP_5008));

    let started = shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect("started");
    let (id, token) = (id(&started), asked(&started));
    let wrong = shop.verify(&session, &id, &token, WRONG).await.expect("it may be typed again");
    assert_eq!(next(wrong), (false, MasterpassResponseCode::OTP_5008));
    let sent = shop.client.masterpass().resend_otp(&ResendOtpRequest::new(token, session.id())).await.expect("sent");
    let NextStep::OneTimePassword(token) = sent.next_step() else { panic!("{:?}", sent.next_step()) };
    shop.verify(&session, &id, &token, RIGHT).await.expect("verified");
    assert!(shop.is_paid("order").await);
}

#[tokio::test]
async fn a_card_that_was_removed_is_not_found_by_anything() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let request = DeleteMasterpassCardRequest::new(DEBIT_CARD, session.id());
    shop.client.masterpass().delete_card(&request).await.expect("removed");
    assert_eq!(shop.cards(&session).await.expect("cards"), [Secret::from(CREDIT_CARD)]);
    let error = shop.client.masterpass().delete_card(&request).await.expect_err("removed before");
    assert_eq!(why(&error), "CARD_NOT_FOUND");
    let error = shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect_err("removed");
    assert!(error.is_refused() && why(&error) == "CARD_NOT_FOUND", "{error}");
    let other = shop.session("905123456799").await;
    assert_eq!(shop.cards(&other).await.expect("cards").len(), 2, "another shopper keeps the card");
}

#[tokio::test]
async fn a_card_in_full_and_whoever_is_forced_goes_by_3d_secure() {
    let shop = Shop::open();
    let session = shop.session(NOBODY).await;
    let in_full = Wanted { alias: None, ..Wanted::new("in-full", "") };
    let started = shop.init(&session, in_full).await.expect("started");
    let NextStep::OpenAddress(address) = started.next_step() else { panic!("{:?}", started.next_step()) };
    let address = address.expose();
    assert!(address.starts_with("http://127.0.0.1:") && address.contains("/3d/"), "{address}");

    let session = shop.session(LINKED).await;
    let forced = Wanted { force_3d: true, ..Wanted::new("forced", DEBIT_CARD) };
    let started = shop.init(&session, forced).await.expect("started");
    assert!(matches!(started.next_step(), NextStep::OpenAddress(_)));
    assert!(!shop.is_paid("forced").await);
}

#[tokio::test]
async fn a_declined_wallet_payment_tells_what_the_bank_said() {
    let shop = Shop::open();
    let session = shop.session(LINKED).await;
    let poor = Wanted { amount: "10.51", ..Wanted::new("order", DEBIT_CARD) };
    let error = shop.init(&session, poor).await.expect_err("declined");
    let bank = error.bank_error().expect("the provider's word");
    assert_eq!(bank.decoded_provider_code().as_deref(), Some("51"));
    assert!(error.is_unknown(), "the code of a provider proves nothing: {error}");
    assert!(!shop.is_paid("order").await);
}

#[tokio::test]
async fn a_renewed_session_is_followed_and_the_old_id_is_worth_nothing() {
    let shop = Shop::with(Options::default().renew_sessions_after(Duration::ZERO));
    let session = shop.session(LINKED).await;
    let first = session.id();
    shop.cards(&session).await.expect("the first id works until it is renewed");
    assert_ne!(session.id(), first);
    assert!(session.expiry().is_some());

    let old = MasterpassSession::new(first, None);
    let error = shop.cards(&old).await.expect_err("the old id");
    assert_eq!(error.code(), Some(401));

    let second = session.id();
    let error = shop.init(&session, Wanted::new("order", "no-such-card")).await.expect_err("refused");
    assert_eq!(why(&error), "CARD_NOT_FOUND");
    assert_ne!(session.id(), second, "a refusal renews it as well");
    let third = session.id();
    let unfit = Wanted { amount: "0.001", ..Wanted::new("order", DEBIT_CARD) };
    shop.init(&session, unfit).await.expect_err("refused");
    assert_ne!(session.id(), third, "and one by paywall too");
    shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect("paid in the session that was followed");
}

#[tokio::test]
async fn a_session_that_nobody_opened_is_refused() {
    let shop = Shop::open();
    let session = MasterpassSession::new("9b27433e-f36b-1410-80e5-004205aa382d", None);
    let error = shop.init(&session, Wanted::new("order", DEBIT_CARD)).await.expect_err("refused");
    assert_eq!(error.code(), Some(401));
    assert!(error.is_refused(), "{error}");
}

/// A direct payment of 50.00 with this card.
fn direct(code: &str, card: PaymentCard) -> StartDirectRequest {
    let amount: Amount = "50.00".parse().expect("an amount");
    let detail = DirectPaymentDetail::new(amount, code, Currency::TRY, 1, "192.0.2.7");
    let customer = Customer::new(NewCustomer {
        full_name: "Test User".into(),
        phone: LINKED.into(),
        email: "shopper@example.com".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Beşiktaş".into(),
    });
    StartDirectRequest::new(detail, card, customer, vec![product("50.00")])
}

/// A token of so many minutes.
async fn temp_token(shop: &Shop, client_card_save: bool, expiry_min: i32) -> Secret {
    let request =
        CreateTempTokenRequest::new(NewCreateTempTokenRequest { client_card_save, three_d_session: false, expiry_min });
    shop.client.tokens().create_temp_token(&request).await.expect("a token").token
}

/// A card that the shopper's browser leaves for so many minutes.
async fn leave_card(shop: &Shop, token: Secret, number: &str, expiry_min: i32) -> Result<Secret, Error> {
    let card = CreateTempCardRequest::new(1, "Test User", expiry_min)
        .card_number(number)
        .card_cvv("123")
        .card_expiry_month("12")
        .card_expiry_year("30");
    let request = WithParameters::new(CreateTempCardParameters::new(token), card);
    Ok(shop.client.tokens().create_temp_card(&request).await?.card_token)
}

#[tokio::test]
async fn a_temporary_token_opens_a_temporary_card_and_that_pays() {
    let shop = Shop::open();
    let token = temp_token(&shop, true, 30).await;
    let card = leave_card(&shop, token, CARD_NUMBER, 30).await.expect("left");
    let request = direct("order", PaymentCard::new().temp_card_token(card));
    shop.client.payments().start_direct(&request).await.expect("paid");
    assert!(shop.is_paid("order").await);
}

#[tokio::test]
async fn a_token_that_is_unknown_has_expired_or_saves_no_cards_opens_nothing() {
    let shop = Shop::open();
    let expired = temp_token(&shop, true, 0).await;
    let other = temp_token(&shop, false, 30).await;
    for token in [Secret::from("22ae3b5a-8eb0-41cc-88c7-219e25b95441"), expired, other] {
        let error = leave_card(&shop, token, CARD_NUMBER, 30).await.expect_err("refused");
        assert_eq!(error.code(), Some(401));
    }
    let token = temp_token(&shop, true, 30).await;
    let error = leave_card(&shop, token, "5528790000000009", 30).await.expect_err("a typo");
    assert_eq!(error.code(), Some(14));
}

#[tokio::test]
async fn a_temporary_card_that_is_unknown_or_has_expired_pays_nothing() {
    let shop = Shop::open();
    let expired = leave_card(&shop, temp_token(&shop, true, 30).await, CARD_NUMBER, 0).await.expect("left");
    for (token, code) in [(expired, 74), (Secret::from("701b5df5-a50a-461d-9763-6107bea48184"), 75)] {
        let request = direct("order", PaymentCard::new().temp_card_token(token));
        let error = shop.client.payments().start_direct(&request).await.expect_err("refused");
        assert_eq!(error.code(), Some(code));
    }
}

#[tokio::test]
async fn a_card_that_was_saved_by_a_payment_pays_the_next() {
    let shop = Shop::open();
    let card = PaymentCard::new().owner_name("Test User").number(CARD_NUMBER).expire_month("12").expire_year("2030");
    let card = card.cvv("123").card_save(CardSave::new().save(true).relational_id1("user-7"));
    let paid = shop.client.payments().start_direct(&direct("first", card)).await.expect("paid");
    let saved = paid.payment.and_then(|payment| payment.card).expect("the saved card");
    assert_eq!(saved.saved, Some(true));
    let code = saved.unique_code.expect("its code");
    shop.client.payments().start_direct(&direct("second", PaymentCard::new().unique_code(code))).await.expect("paid");
    assert!(shop.is_paid("second").await);

    for (code, refusal) in [("0123456789abcdef0123456789abcdef", 22), ("no code at all", 21)] {
        let request = direct("third", PaymentCard::new().unique_code(code));
        let error = shop.client.payments().start_direct(&request).await.expect_err("refused");
        assert_eq!(error.code(), Some(refusal));
    }
}
