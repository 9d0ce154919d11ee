//! What if the shopper clicks twice, goes back, closes the page or takes an hour, and what if an answer is lost? One
//! payment, and the truth in the end.

use paywall_api::Standing;
use paywall_sandbox::Options;

use crate::shopper::{PAY, RIGHT, Shopper};
use crate::town::Town;

async fn with_faults(faults: &str) -> Shopper {
    let options = Options::default().faults(faults.parse().expect("faults"));
    Shopper::of(Town::with(options).await, "en").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_back_button_after_paying_leads_to_the_receipt_and_pays_nothing_again() {
    let shopper = Shopper::new().await;
    let order = shopper.goes_to_the_bank("notebook").await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    let code = shopper.code().await;
    shopper.page().back().await.expect("the bank's page");
    shopper.page().refresh().await.expect("the same page");
    shopper.presses("form[action*='/back/'] button").await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.code().await, code);
    shopper.visits(&format!("{order}/pay")).await;
    shopper.reaches("Thank you").await;
    assert_eq!((shopper.town.payments(), shopper.town.standing(&code).await), (1, Some(Standing::Paid)));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_and_a_reload_make_one_payment() {
    let shopper = with_faults("start3dPayment=latency:500").await;
    let order = shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    let twice = "const form = document.querySelector(\"form[action*='/card']\"); form.submit(); \
                 setTimeout(() => form.submit(), 100);";
    shopper.page().execute(twice, Vec::new()).await.expect("two clicks");
    shopper.finds("button[value=confirm]").await;
    shopper.page().refresh().await.expect("the same page");
    shopper.visits(&format!("{order}/pay")).await;
    shopper.reaches("Your bank waits for you").await;
    let code = shopper.code().await;
    shopper.presses("main a.button").await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.code().await, code);
    assert_eq!((shopper.town.payments(), shopper.town.standing(&code).await), (1, Some(Standing::Paid)));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_brought_back_and_sent_again_leads_to_the_same_payment() {
    let shopper = Shopper::new().await;
    let order = shopper.goes_to_the_bank("notebook").await;
    shopper.page().back().await.expect("the page before");
    shopper.reaches("Pay").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.address().await.path(), order);
    let code = shopper.code().await;
    assert_eq!((shopper.town.payments(), shopper.town.standing(&code).await), (1, Some(Standing::Paid)));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_left_open_in_another_tab_leads_to_the_receipt_whatever_is_in_it() {
    let shopper = Shopper::new().await;
    let order = shopper.chooses("notebook").await;
    let forms = shopper.page().window().await.expect("a tab");
    let other = shopper.page().new_tab().await.expect("another tab");
    shopper.page().switch_to_window(other).await.expect("the other tab");
    shopper.visits(&format!("{order}/pay")).await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    for button in [PAY, "form[action*='/wallet'] button"] {
        shopper.page().switch_to_window(forms.clone()).await.expect("the tab with the forms");
        shopper.presses(button).await;
        shopper.reaches("Thank you").await;
        shopper.page().back().await.expect("the forms");
        shopper.reaches("Pay").await;
    }
    assert_eq!(shopper.town.payments(), 1);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_chosen_from_an_older_list_is_not_taken_from_a_newer_one() {
    let shopper = Shopper::new().await;
    shopper.opens_the_wallet("notebook").await;
    let first = shopper.page().window().await.expect("a tab");
    let order = shopper.address().await.path().trim_end_matches("/wallet").to_owned();
    let newer = shopper.page().new_tab().await.expect("another tab");
    shopper.page().switch_to_window(newer).await.expect("the other tab");
    shopper.visits(&format!("{order}/pay")).await;
    shopper.types("wallet", "0512 345 67 03").await;
    shopper.presses("form[action*='/wallet'] button").await;
    shopper.reaches("Your cards at Masterpass").await;
    shopper.page().switch_to_window(first).await.expect("the tab with the older list");
    shopper.pays_by_kept_card(1).await;
    shopper.reaches("Your cards at Masterpass").await;
    assert_eq!(shopper.town.payments(), 0, "somebody else's card");
    shopper.pays_by_kept_card(1).await;
    shopper.reaches("Confirm your payment").await;
    assert_eq!(shopper.town.payments(), 1);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_again_twice_gets_one_new_order() {
    let shopper = Shopper::new().await;
    let refused = shopper.goes_to_the_bank("pen").await;
    shopper.confirms(RIGHT).await;
    let mut orders = Vec::new();
    for _ in 0..2 {
        shopper.visits(&refused).await;
        shopper.reaches("Not paid").await;
        shopper.presses("form[action*='/again'] button").await;
        shopper.reaches("Pay").await;
        orders.push(shopper.address().await.path().to_owned());
    }
    assert_eq!(orders[0], orders[1]);
    assert!(!orders[0].starts_with(&refused));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shopper_who_closes_the_page_while_it_is_sent_finds_the_order_where_it_is() {
    let shopper = with_faults("start3dPayment=latency:1000").await;
    let order = shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    let leaves = "document.querySelector(\"form[action*='/card']\").submit(); \
                  setTimeout(() => location.assign('/'), 300);";
    shopper.page().execute(leaves, Vec::new()).await.expect("a click");
    shopper.reaches("A small stationery shop").await;
    shopper.visits(&order).await;
    shopper.reaches("Your bank waits for you").await;
    assert_eq!(shopper.town.payments(), 1);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_after_the_payment_was_taken_is_found_by_inquiry() {
    let shopper = with_faults("initMasterpassPayment=reset-after-commit").await;
    shopper.opens_the_wallet("notebook").await;
    shopper.pays_by_kept_card(1).await;
    shopper.reaches("Thank you").await;
    let code = shopper.code().await;
    assert_eq!(shopper.town.standing(&code).await, Some(Standing::Paid));
    assert_eq!(shopper.town.payments(), 1);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_with_the_banks_address_says_do_not_pay_again() {
    let shopper = with_faults("start3dPayment=reset-after-commit").await;
    shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.reaches("We are asking the bank").await;
    assert!(shopper.reads().await.contains("Please do not pay again."));
    let code = shopper.code().await;
    shopper.presses("form[action*='/ask'] button").await;
    shopper.reaches("We are asking the bank").await;
    assert_eq!(shopper.town.standing(&code).await, Some(Standing::Pending));
    assert_eq!(shopper.town.payments(), 1);
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_never_arrived_may_be_tried_again_under_the_same_code() {
    let shopper = with_faults("start3dPayment=reset-before-commit").await;
    shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.reaches("We are asking the bank").await;
    let code = shopper.code().await;
    shopper.reaches("Not paid yet").await;
    shopper.presses("main a.button").await;
    assert!(shopper.reads().await.contains("never arrived"));
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.reaches("We are asking the bank").await;
    assert_eq!((shopper.code().await, shopper.town.payments()), (code, 2));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_bank_that_was_left_keeps_the_order_open_until_it_is_cancelled_there() {
    let shopper = Shopper::new().await;
    let order = shopper.chooses("notebook").await;
    shopper.fills_in_the_card().await;
    shopper.presses(PAY).await;
    shopper.finds("button[value=confirm]").await;
    shopper.visits(&order).await;
    shopper.reaches("Your bank waits for you").await;
    shopper.presses("form[action*='/ask'] button").await;
    shopper.reaches("Your bank waits for you").await;
    assert!(!shopper.page().source().await.expect("a source").contains("/again"), "it is open: no second payment");
    shopper.presses("main a.button").await;
    shopper.presses("button[value=cancel]").await;
    shopper.reaches("Not paid").await;
    shopper.finds("form[action*='/again'] button").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Refused));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_shopper_whose_cookies_are_gone_gets_the_receipt() {
    let shopper = Shopper::new().await;
    shopper.goes_to_the_bank("notebook").await;
    let cdp = shopper.page().cdp();
    cdp.network().clear_browser_cookies().await.expect("no cookies");
    for site in [shopper.town.shop.as_str(), &shopper.town.bank.base_address()] {
        cdp.storage().clear_all_data_for_origin(site).await.expect("nothing stored");
    }
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Paid));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_whose_shopper_never_comes_back_is_found_by_the_shop() {
    let shopper = Shopper::new().await;
    let order = shopper.goes_to_the_bank("notebook").await;
    let block = |addresses: &'static [&'static str]| {
        let cdp = shopper.page().cdp();
        async move { cdp.send_raw("Network.setBlockedURLs", serde_json::json!({ "urls": addresses })).await }
    };
    shopper.page().cdp().network().enable().await.expect("a network");
    block(&["*/back/*"]).await.expect("no way back");
    shopper.confirms(RIGHT).await;
    shopper.visits(&order).await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Paid));
    shopper.leaves().await;
}
