//! The requests of the demo, as a merchant would build them. Card and shopper are the documented ones of the test
//! environment.

use paywall_api::codes::{Currency, MemberType, ValueDateCalculation};
use paywall_api::masterpass::{
    CreateSessionRequest, InitPaymentRequest, MasterpassCard, MasterpassCustomer, MasterpassPaymentDetail,
    NewMasterpassPaymentDetail,
};
use paywall_api::members::{BankAccount, CreateMemberRequest, NewCreateMemberRequest, ValueDate};
use paywall_api::payments::{
    Customer, DirectPaymentDetail, NewCustomer, NewPaymentDetail, NewProduct, PaymentCard, PaymentDetail, Product,
    Start3dRequest, StartDirectRequest,
};
use paywall_api::tokens::{CreateTempTokenRequest, NewCreateTempTokenRequest};
use paywall_api::{Amount, AmountError, Secret};

/// The keys that the local Paywall is started with: key and client of the public pair, then of the private one.
pub(crate) const KEYS: [&str; 4] = ["demo-public-key", "demo-public-client", "demo-private-key", "demo-private-client"];

/// The key that Paywall and the merchant hash messages with.
pub(crate) const HASH_KEY: &str = "demo-hash-key";

pub(crate) const CARD_NUMBER: &str = "5528790000000008";
const PHONE: &str = "905123456710";
const IDENTITY_NUMBER: &str = "11111111110";
const IBAN: &str = "TR370006400012345678987654";

/// What must not be printed: keys, card, personal data, and the tokens of the documented answers.
pub(crate) const SECRETS: [&str; 11] = [
    KEYS[0],
    KEYS[1],
    KEYS[2],
    KEYS[3],
    HASH_KEY,
    CARD_NUMBER,
    PHONE,
    IDENTITY_NUMBER,
    IBAN,
    "22ae3b5a-8eb0-41cc-88c7-219e25b95441",
    "9b27433e-f36b-1410-80e5-004205aa382d",
];

pub(crate) fn temp_token() -> CreateTempTokenRequest {
    CreateTempTokenRequest::new(NewCreateTempTokenRequest {
        client_card_save: true,
        three_d_session: false,
        expiry_min: 30,
    })
}

pub(crate) fn member() -> Result<CreateMemberRequest, AmountError> {
    let required = NewCreateMemberRequest {
        is_sub_merchant: true,
        member_external_id: "shop-42".to_owned(),
        member_name: "Kırtasiye 42".into(),
        member_title: "Kırtasiye 42 Limited Şirketi".into(),
        member_email: "member@example.com".into(),
        member_phone: PHONE.into(),
        member_address: "Beşiktaş, İstanbul".into(),
        contact_name: "Ayşe".into(),
        contact_lastname: "Yılmaz".into(),
    };
    let payout = ValueDate::new(ValueDateCalculation::from(1), 10, "2.50".parse::<Amount>()?);
    Ok(CreateMemberRequest::new(required)
        .member_type(MemberType::from(1))
        .member_identity_number(IDENTITY_NUMBER)
        .bank_accounts(vec![BankAccount::new(Currency::TRY, "Kırtasiye 42", IBAN)])
        .value_date(payout))
}

pub(crate) fn session() -> CreateSessionRequest {
    CreateSessionRequest::new("demo-session-1", "user-7", PHONE).phone_verified_by_merchant(true)
}

pub(crate) fn masterpass_payment(session: Secret, code: &str) -> Result<InitPaymentRequest, AmountError> {
    let detail = NewMasterpassPaymentDetail {
        amount: "50.00".parse()?,
        merchant_unique_code: code.to_owned(),
        currency_id: Currency::TRY,
        merchant_success_back_url: "https://shop.example/paid".to_owned(),
        merchant_fail_back_url: "https://shop.example/failed".to_owned(),
        client_ip: "192.0.2.7".into(),
        installment: 1,
    };
    let card = MasterpassCard::new(true).card_alias("55daa93d-4a99-45de-9431-bb93d0bbf92e").card_bin("552879");
    let products = vec![product("50.00".parse()?)];
    Ok(InitPaymentRequest::new(session, MasterpassPaymentDetail::new(detail), card, products)
        .auto_commit(true)
        .customer(MasterpassCustomer::new().identity_number(IDENTITY_NUMBER)))
}

pub(crate) fn payment(amount: &str, code: &str) -> Result<Start3dRequest, AmountError> {
    let amount: Amount = amount.parse()?;
    let detail = NewPaymentDetail {
        amount,
        merchant_unique_code: code.to_owned(),
        merchant_success_back_url: "https://shop.example/paid".to_owned(),
        merchant_fail_back_url: "https://shop.example/failed".to_owned(),
        currency_id: Currency::TRY,
        installment: 1,
        client_ip: "192.0.2.7".into(),
    };
    Ok(Start3dRequest::new(PaymentDetail::new(detail), card(), shopper(), vec![product(amount)]))
}

/// A payment that is complete with its answer.
pub(crate) fn direct(amount: &str, code: &str) -> Result<StartDirectRequest, AmountError> {
    let amount: Amount = amount.parse()?;
    let detail = DirectPaymentDetail::new(amount, code, Currency::TRY, 1, "192.0.2.7");
    Ok(StartDirectRequest::new(detail, card(), shopper(), vec![product(amount)]))
}

fn card() -> PaymentCard {
    let card = PaymentCard::new().owner_name("Ayşe Yılmaz").number(CARD_NUMBER);
    card.expire_month("12").expire_year("2030").cvv("123")
}

/// One that breaks four documented rules.
pub(crate) fn broken_payment() -> Result<Start3dRequest, AmountError> {
    let mut request = payment("0.00", "")?;
    request.payment_detail.client_ip = "2001:db8:0:0:0:0:0:7".into();
    request.products.clear();
    Ok(request)
}

fn shopper() -> Customer {
    Customer::new(NewCustomer {
        full_name: "Ayşe Yılmaz".into(),
        phone: PHONE.into(),
        email: "shopper@example.com".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Beşiktaş".into(),
    })
    .identity_number(IDENTITY_NUMBER)
}

fn product(amount: Amount) -> Product {
    Product::new(NewProduct {
        product_id: "notebook-1".to_owned(),
        product_name: "Defter".to_owned(),
        product_category: "Kırtasiye".to_owned(),
        product_description: "Çizgisiz defter".to_owned(),
        product_amount: amount,
    })
}
