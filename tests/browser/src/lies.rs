//! What if the shopper lies? A form that comes back through the browser proves nothing, whatever it says.

use paywall_api::Standing;

use crate::shopper::{RIGHT, Shopper};

/// Leaves the bank's way back untaken, so that its form can be edited.
async fn at_the_way_back(shopper: &Shopper, product: &str) {
    shopper.goes_to_the_bank(product).await;
    let bank = shopper.address().await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Not paid").await;
    shopper.page().goto(bank.as_str()).await.expect("the bank's page");
    shopper.finds("form[action*='/back/'] button").await;
}

async fn edits(shopper: &Shopper, script: &str) {
    let script = format!("const form = document.forms[0]; {script}");
    shopper.page().execute(script, Vec::new()).await.expect("an edit");
    shopper.presses("form button").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_is_flipped_to_success_is_not_paid_though_its_hash_is_right() {
    let shopper = Shopper::new().await;
    at_the_way_back(&shopper, "pen").await;
    let flip = "form.elements.status.value = 'Success'; form.action = form.action.replace('/failed', '/paid');";
    edits(&shopper, flip).await;
    shopper.reaches("Not paid").await;
    assert_eq!(shopper.address().await.host_str(), Some("localhost"));
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Refused));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_another_amount_has_a_wrong_hash_and_changes_nothing() {
    let shopper = Shopper::new().await;
    at_the_way_back(&shopper, "pen").await;
    edits(&shopper, "form.elements.status.value = 'Success'; form.elements.amount.value = '1.00';").await;
    shopper.reaches("Not paid").await;
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_a_paid_order_does_not_pay_for_another() {
    let shopper = Shopper::new().await;
    shopper.goes_to_the_bank("notebook").await;
    let paid = shopper.address().await;
    shopper.confirms(RIGHT).await;
    shopper.reaches("Thank you").await;
    let other = shopper.goes_to_the_bank("notebook").await;
    shopper.page().goto(paid.as_str()).await.expect("the bank's page of the paid order");
    let elsewhere = format!("form.action = form.action.replace(/[/]orders[/][^/]*/, '{other}');");
    edits(&shopper, &elsewhere).await;
    shopper.reaches("Your bank waits for you").await;
    assert_ne!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Paid));
    shopper.leaves().await;
}
