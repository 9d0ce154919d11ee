//! Can a shopper pay? The bank's page asks, decides once, and leads back to the shop with a claim that an inquiry
//! confirms.

mod merchant;
mod wire;

use std::time::Duration;

use merchant::{Form, Shop, client, get, payment, post, started, types};
use paywall_api::callbacks::ThreeDCallback;
use paywall_api::codes::Currency;
use paywall_api::payments::{CardSave, PaymentCard};
use paywall_api::{Claim, Confirmation, Expected, HashKeys, Standing, Trust, UnconfirmedReason};
use paywall_sandbox::{Options, Running, Sandbox};
use wire::{Answer, Asked};

const KEY: &str = "the key of the panel";

fn bank() -> Running {
    start(Options::default().hash_key(1, KEY).pending(Duration::from_millis(100)))
}

fn start(options: Options) -> Running {
    Sandbox::start(options.stateful().seed(7)).expect("a sandbox")
}

fn claimed(body: &[u8]) -> Claim<ThreeDCallback> {
    Claim::read(body).expect("a claim")
}

fn verified(claim: &Claim<ThreeDCallback>) -> Trust {
    claim.verify(&HashKeys::new().with(1, KEY)).expect("a right hash")
}

async fn confirmed(bank: &Running, claim: &Claim<ThreeDCallback>, amount: &str) -> Confirmation {
    let code = claim.merchant_code().expect("a code");
    let expected = Expected::payment(code, amount.parse().expect("an amount"), Currency::TRY);
    let waits = Duration::from_millis(50);
    client(bank).payments().confirm(claim, &expected).waits(waits, waits).await.expect("an inquiry")
}

fn refused_as(confirmation: Confirmation) -> UnconfirmedReason {
    match confirmation {
        Confirmation::Unconfirmed(unconfirmed) => unconfirmed.reason(),
        other => panic!("{other:?}"),
    }
}

fn has_question(page: &Answer) -> bool {
    page.status == 200 && page.body.contains("name=\"code\"")
}

#[tokio::test]
async fn the_right_code_brings_back_a_signed_claim_that_the_inquiry_confirms() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("101.50", "order-1", &shop.at(""))).await;
    let page = get(&bank, &path);
    assert!(has_question(&page));
    for shown in ["order-1", "101.50 TRY", "552879******0008"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(!page.body.contains("5528790000000008"));
    Form::of(&types(&bank, &path, "123456")).expect("a way back").send();
    let posted = shop.next();
    assert_eq!(posted.path, "/paid");
    let claim = claimed(&posted.body);
    assert_eq!((claim.amount(), claim.asserted_status()), (Some("101.50"), Some("Success")));
    assert_eq!(verified(&claim), Trust::Signed);
    let payment = confirmed(&bank, &claim, "101.50").await.confirmed().expect("a confirmed payment");
    assert_eq!(payment.payment_id().map(|id| id.to_string()).as_deref(), claim.payment_id());
}

#[tokio::test]
async fn a_declined_payment_comes_back_to_the_other_address_with_the_words_of_the_bank() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.51", "order-1", &shop.at(""))).await;
    Form::of(&types(&bank, &path, "123456")).expect("a way back").send();
    let posted = shop.next();
    assert_eq!(posted.path, "/failed");
    let claim = claimed(&posted.body);
    assert_eq!((claim.asserted_status(), verified(&claim)), (Some("Unsuccessful"), Trust::Signed));
    let messages: Vec<&str> = claim.all("errorMessage").collect();
    assert_eq!(paywall_api::decoded(messages[0]).as_deref(), Some("The payment was not made"));
    assert_eq!(messages[1..], ["declined: insufficient funds"]);
    assert_eq!(claim.content().provider_bank_error_code.as_deref(), Some("51"));
    let reason = refused_as(confirmed(&bank, &claim, "10.51").await);
    assert_eq!(reason, UnconfirmedReason::Standing(Standing::Refused));
}

#[tokio::test]
async fn a_claim_of_failure_may_be_wrong_while_the_bank_still_thinks() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.91", "order-1", &shop.at(""))).await;
    Form::of(&types(&bank, &path, "123456")).expect("a way back").send();
    let claim = claimed(&shop.next().body);
    assert_eq!(claim.asserted_status(), Some("Unsuccessful"));
    assert!(confirmed(&bank, &claim, "10.91").await.confirmed().is_some());
}

#[tokio::test]
async fn a_wrong_code_is_asked_for_again_until_the_tries_are_used_up() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    for left in ["2 tries are left", "One try is left"] {
        let page = types(&bank, &path, "654321");
        assert!(has_question(&page) && page.body.contains(left), "{}", page.body);
    }
    let form = Form::of(&types(&bank, &path, "654321")).expect("a way back");
    assert_eq!((form.value("status"), form.value("providerBankErrorCode")), (Some("Unsuccessful"), Some("63")));
    let late = Form::of(&types(&bank, &path, "123456")).expect("a way back");
    assert_eq!(late.body(), form.body(), "the right code comes too late");
}

#[tokio::test]
async fn a_shopper_who_cancels_comes_back_to_the_other_address() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    let form = Form::of(&post(bank.address(), &path, &[("code", ""), ("answer", "cancel")])).expect("a way back");
    assert_eq!((form.value("status"), form.value("providerBankErrorCode")), (Some("Unsuccessful"), Some("57")));
    assert_eq!(form.action, shop.at("/failed"));
}

#[tokio::test]
async fn a_card_that_was_to_be_saved_comes_back_by_its_code_which_pays_the_next_order() {
    let (bank, shop) = (bank(), Shop::open());
    let mut first = payment("10.00", "order-1", &shop.at(""));
    first.card = first.card.card_save(CardSave::new().save(true).nickname("mine"));
    let mut declined = payment("10.51", "order-2", &shop.at(""));
    declined.card = first.card.clone();
    let path = started(&bank, &declined).await;
    let form = Form::of(&types(&bank, &path, "123456")).expect("a way back");
    assert_eq!((form.value("cardSaved"), form.value("cardSavedUniqueCode")), (Some("false"), Some("")));

    let path = started(&bank, &first).await;
    let form = Form::of(&types(&bank, &path, "123456")).expect("a way back");
    let code = form.value("cardSavedUniqueCode").expect("a code");
    assert_eq!(form.value("cardSaved"), Some("true"));
    let mut next = payment("11.00", "order-3", &shop.at(""));
    next.card = PaymentCard::new().unique_code(code);
    let page = get(&bank, &started(&bank, &next).await);
    assert!(page.body.contains("552879******0008"), "{}", page.body);
}

#[tokio::test]
async fn what_is_sent_twice_is_decided_once_and_the_back_button_sends_nobody_away() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    let first = types(&bank, &path, "123456");
    let forms = [
        Form::of(&types(&bank, &path, "123456")),
        Form::of(&types(&bank, &path, "wrong")),
        Form::of(&post(bank.address(), &path, &[("answer", "cancel")])),
        Form::of(&get(&bank, &path)),
    ];
    let first_form = Form::of(&first).expect("a way back");
    for form in forms {
        assert_eq!(form.expect("a way back").body(), first_form.body());
    }
    assert!(first.body.contains("<script src=\"/sandbox.js\""));
    assert!(!get(&bank, &path).body.contains("<script"));
}

#[tokio::test]
async fn whatever_a_merchant_calls_an_order_is_text() {
    let (bank, shop) = (bank(), Shop::open());
    let code = "\"'><script>alert(1)</script>&amp;";
    let path = started(&bank, &payment("10.00", code, &shop.at(""))).await;
    let page = get(&bank, &path);
    assert!(page.body.contains("&lt;script&gt;alert(1)") && !page.body.contains("<script>"), "{}", page.body);
    Form::of(&types(&bank, &path, "123456")).expect("a way back").send();
    let claim = claimed(&shop.next().body);
    assert_eq!(claim.merchant_code(), Some(code));
    assert_eq!(verified(&claim), Trust::Signed);
    assert!(confirmed(&bank, &claim, "10.00").await.confirmed().is_some());
}

#[tokio::test]
async fn without_a_key_the_form_has_no_hash() {
    let (bank, shop) = (start(Options::default()), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    let form = Form::of(&types(&bank, &path, "123456")).expect("a way back");
    assert_eq!((form.value("hash"), form.value("hashFormat"), form.value("hashKeyType")), (None, None, None));
    let claim = claimed(form.body().as_bytes());
    assert_eq!(claim.verify(&HashKeys::new()).expect("no hash"), Trust::Unsigned);
}

#[tokio::test]
async fn nobody_is_sent_to_a_host_that_was_not_allowed() {
    let (bank, allowing) = (bank(), start(Options::default().allow_host("shop.example")));
    let elsewhere = payment("10.00", "order-1", "https://shop.example");
    let path = started(&bank, &elsewhere).await;
    let page = types(&bank, &path, "123456");
    assert!(Form::of(&page).is_none() && page.body.contains("--allow-host shop.example"), "{}", page.body);
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("form-action 'none'")));
    let path = started(&allowing, &elsewhere).await;
    let form = Form::of(&types(&allowing, &path, "123456")).expect("a way back");
    assert_eq!(form.action, "https://shop.example/paid");
}

#[tokio::test]
async fn a_page_may_do_what_it_needs_and_no_more() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    let policy = |page: &Answer| page.header("content-security-policy").expect("a policy").to_owned();
    let base = "default-src 'none'; style-src 'self'";
    assert_eq!(policy(&get(&bank, "/")), format!("{base}; form-action 'none'; base-uri 'none'"));
    assert_eq!(policy(&get(&bank, &path)), format!("{base}; form-action 'self'; base-uri 'none'"));
    let decided = types(&bank, &path, "123456");
    let (own, there) = ("script-src 'self'", shop.at(""));
    assert_eq!(policy(&decided), format!("{base}; {own}; form-action {there}; base-uri 'none'"));
    for page in [get(&bank, &path), decided] {
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("strict-origin"));
    }
}

#[tokio::test]
async fn pages_speak_the_language_of_the_browser_or_of_the_address() {
    let (bank, shop) = (bank(), Shop::open());
    let path = started(&bank, &payment("10.00", "order-1", &shop.at(""))).await;
    let turkish = Asked::get(&path).with(&[("Accept-Language", "tr-TR,tr;q=0.9,en;q=0.8")]).send(bank.address());
    assert!(turkish.body.contains("<html lang=\"tr\">") && turkish.body.contains("Ödemenizi onaylayın"));
    assert_eq!(turkish.header("content-language"), Some("tr"));
    let form = Form::of(&turkish).expect("a question");
    let answered = types(&bank, &format!("{path}{}", form.action), "000000");
    assert!(answered.body.contains("Kod yanlış"), "{}", answered.body);
    assert!(get(&bank, &path).body.contains("<html lang=\"en\">"));
    assert!(get(&bank, "/?lang=tr").body.contains("Yerel bir Paywall"));
}

#[test]
fn the_front_page_tells_cards_amounts_operations_and_how_to_come_here() {
    let bank = bank();
    let page = get(&bank, "/");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let document = wire::contract();
    for operation in paywall_contract::document::operations(&document) {
        assert!(page.body.contains(operation.path) && page.body.contains(operation.id()), "{}", operation.id());
    }
    for told in ["5528790000000008", "ends in .51", "insufficient funds", "123456", &bank.base_address()] {
        assert!(page.body.contains(told), "{told}");
    }
    for file in ["/sandbox.css", "/sandbox.js"] {
        assert_eq!(get(&bank, file).status, 200);
    }
}

#[test]
fn the_front_page_has_the_whole_table_in_its_language() {
    let bank = bank();
    let (english, turkish) = (get(&bank, "/?lang=en").body, get(&bank, "/?lang=tr").body);
    let sections = paywall_sandbox::outcomes::sections();
    let lines = sections.iter().flat_map(|section| &section.lines).flat_map(|line| [line.when, line.then]);
    let told: Vec<_> = lines.chain(sections.iter().map(|section| section.title)).collect();
    for words in &told {
        assert!(english.contains(words.english), "{words:?}");
        assert!(turkish.contains(words.turkish), "{words:?}");
        let is_in_both = words.english == words.turkish || told.iter().any(|other| other.turkish == words.english);
        assert!(is_in_both || !turkish.contains(&format!("<td>{}</td>", words.english)), "{words:?}");
    }
}

#[test]
fn there_is_a_page_for_what_is_not_there() {
    let bank = bank();
    assert_eq!(get(&bank, "/3d/nothing").status, 404);
    assert_eq!(types(&bank, "/3d/nothing", "123456").status, 404);
    let wrong = post(bank.address(), "/", &[]);
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD")));
}
