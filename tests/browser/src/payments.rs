//! Does a payment end as Paywall says? By card and by Masterpass, paid, declined, wrong, and late.

use paywall_api::Standing;

use crate::shopper::{PAY, RIGHT, Shopper, WRONG};
use crate::town::Town;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_pays_through_3d_secure_and_the_receipt_has_a_fixed_address() {
    let shopper = Shopper::new().await;
    shopper.goes_to_the_bank("notebook").await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    assert!(shopper.address().await.path().starts_with("/orders/"));
    let (code, page) = (shopper.code().await, shopper.reads().await);
    assert!(page.contains("₺149.90") && page.contains("0008"), "{page}");
    assert_eq!(shopper.town.standing(&code).await, Some(Standing::Paid));
    assert_eq!(shopper.town.payments(), 1);
    shopper.page().refresh().await.expect("the same page");
    shopper.reaches("Thank you").await;
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_at_masterpass_pays_by_its_one_time_password() {
    let shopper = Shopper::new().await;
    shopper.opens_the_wallet("notebook").await;
    shopper.pays_by_kept_card(0).await;
    shopper.reaches("Confirm your payment").await;
    let code = shopper.code().await;
    assert_ne!(shopper.town.standing(&code).await, Some(Standing::Paid));
    shopper.types("password", WRONG).await;
    shopper.presses("form[action*='/password'] button").await;
    shopper.finds("#password-note.wrong").await;
    shopper.types("password", RIGHT).await;
    shopper.presses("form[action*='/password'] button").await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.town.standing(&code).await, Some(Standing::Paid));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_may_be_typed_again_whichever_of_its_two_codes_masterpass_asks_by() {
    let shopper = Shopper::new().await;
    shopper.chooses("notebook").await;
    shopper.types("wallet", "0512 345 67 03").await;
    shopper.presses("form[action*='/wallet'] button").await;
    shopper.reaches("Your cards at Masterpass").await;
    shopper.pays_by_kept_card(1).await;
    for password in [WRONG, RIGHT] {
        shopper.reaches("Confirm your payment").await;
        shopper.types("password", password).await;
        shopper.presses("form[action*='/password'] button").await;
    }
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Paid));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_masterpass_that_is_wrong_three_times_ends_the_payment() {
    let shopper = Shopper::new().await;
    shopper.opens_the_wallet("notebook").await;
    shopper.pays_by_kept_card(0).await;
    for _ in 0..3 {
        shopper.reaches("Confirm your payment").await;
        shopper.types("password", WRONG).await;
        shopper.presses("form[action*='/password'] button").await;
    }
    shopper.reaches("Not paid").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Refused));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_number_without_an_account_is_sent_to_the_card() {
    let shopper = Shopper::new().await;
    shopper.chooses("notebook").await;
    shopper.types("wallet", "0512 345 67 00").await;
    shopper.presses("form[action*='/wallet'] button").await;
    let said = shopper.finds("[role=alert]").await.text().await.expect("a text");
    assert!(said.contains("no account of this number"), "{said}");
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.finds("button[value=confirm]").await;
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_shows_the_banks_reason_and_may_try_again_under_a_new_code() {
    let shopper = Shopper::new().await;
    shopper.goes_to_the_bank("pen").await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Not paid").await;
    let (code, page) = (shopper.code().await, shopper.reads().await);
    assert!(page.contains("declined: insufficient funds"), "{page}");
    assert_eq!(shopper.town.standing(&code).await, Some(Standing::Refused));
    shopper.presses("form[action*='/again'] button").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Not paid").await;
    assert_ne!(shopper.code().await, code);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_at_an_address_that_forms_may_not_lead_to_is_a_link_away() {
    let shopper = Shopper::of(Town::whose_bank_is_expected_at("https://bank.example/").await, "en").await;
    shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.reaches("Your bank waits for you").await;
    shopper.presses("main a.button").await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_may_be_typed_again_until_the_tries_are_used_up() {
    let shopper = Shopper::new().await;
    shopper.goes_to_the_bank("notebook").await;
    for left in ["2 tries are left", "One try is left"] {
        shopper.confirms(WRONG).await;
        let said = shopper.finds("#wrong").await.text().await.expect("a text");
        assert!(said.contains(left), "{said}");
    }
    shopper.confirms(WRONG).await;
    shopper.reaches("Not paid").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Refused));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_answers_late_is_waited_for_and_the_page_changes_by_itself() {
    for (product, end, standing) in [("ink", "Thank you", Standing::Paid), ("pencil", "Not paid", Standing::Refused)] {
        let shopper = Shopper::new().await;
        shopper.goes_to_the_bank(product).await;
        shopper.confirms(RIGHT).await;
        shopper.reaches(end).await;
        assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(standing));
        shopper.leaves().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_wrong_is_told_at_its_field_and_the_card_is_not_shown_again() {
    let shopper = Shopper::new().await;
    shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    shopper.types("email", "nowhere").await;
    shopper.presses(PAY).await;
    shopper.marks("[role=alert] a[href='#email']").await;
    let field = shopper.finds("#email:focus, #email:target").await;
    assert_eq!(field.attr("aria-invalid").await.expect("an answer").as_deref(), Some("true"));
    let note = field.attr("aria-describedby").await.expect("an answer").expect("a note");
    assert!(shopper.finds(&format!("#{note}")).await.text().await.expect("a text").contains("e-mail"));
    let value = async |id: &str| shopper.finds(&format!("#{id}")).await.prop("value").await.expect("a value");
    assert_eq!(value("name").await.as_deref(), Some("Ayşe Yılmaz"));
    for id in ["number", "expiry", "code"] {
        assert_eq!(value(id).await.as_deref(), Some(""), "{id}");
    }
    assert_eq!(shopper.town.payments(), 0);
    shopper.leaves().await;
}
