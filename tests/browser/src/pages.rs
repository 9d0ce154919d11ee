//! Can everybody use the pages? By the keyboard alone, in either language, on a narrow telephone, and without breaking
//! the rules that the pages set themselves.

use std::path::PathBuf;

use paywall_api::Standing;
use thirtyfour::Key;

use crate::shopper::{FORM, PAY, PHONE, RIGHT, Shopper};
use crate::town::Town;

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_alone_leads_from_the_shelf_to_the_receipt() {
    let shopper = Shopper::new().await;
    shopper.visits("/").await;
    shopper.tabs_to("form:has(input[value=notebook]) button").await;
    shopper.keys(Key::Enter).await;
    shopper.finds("#number").await;
    for (id, text) in FORM {
        shopper.tabs_to(&format!("#{id}")).await;
        shopper.keys(text).await;
    }
    shopper.tabs_to(PAY).await;
    shopper.keys(Key::Enter).await;
    // The bank's page has the focus where the code goes.
    shopper.finds("#code:focus").await;
    shopper.keys(RIGHT).await;
    shopper.keys(Key::Enter).await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.town.standing(&shopper.code().await).await, Some(Standing::Paid));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_can_be_seen_wherever_it_is() {
    let shopper = Shopper::new().await;
    shopper.chooses("notebook").await;
    for css in [".home", "#number", PAY] {
        shopper.tabs_to(css).await;
        let width = "return parseFloat(getComputedStyle(document.activeElement).outlineWidth)";
        let width = shopper.page().execute(width, Vec::new()).await.expect("a width");
        assert!(width.json().as_f64().is_some_and(|width| width >= 2.0), "{css}");
    }
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browsers_language_is_spoken_to_the_end_and_can_be_changed() {
    let shopper = Shopper::of(Town::open().await, "tr-TR,tr").await;
    shopper.goes_to_the_bank("notebook").await;
    assert_eq!(shopper.heading().await, "Ödemenizi onaylayın");
    shopper.confirms(RIGHT).await;
    shopper.reaches("Teşekkürler").await;
    assert!(shopper.reads().await.contains("149,90 TL"));
    assert_eq!(shopper.finds("html").await.attr("lang").await.expect("an answer").as_deref(), Some("tr"));
    shopper.presses("a[hreflang=en]").await;
    shopper.reaches("Thank you").await;
    assert_eq!(shopper.finds("html").await.attr("lang").await.expect("an answer").as_deref(), Some("en"));
    shopper.leaves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_narrow_telephone_in_both_languages() {
    for language in ["en", "tr"] {
        let shopper = Shopper::of(Town::open().await, language).await;
        shopper.visits("/").await;
        fits(&shopper, language, "shelf").await;
        visits_the_bank(&shopper).await;
        fits(&shopper, language, "sandbox").await;
        shopper.chooses("notebook").await;
        fits(&shopper, language, "pay").await;
        shopper.presses(PAY).await;
        shopper.finds("[role=alert]").await;
        fits(&shopper, language, "pay-wrong").await;
        shopper.fills_in_the_card().await;
        let order = shopper.address().await.path().trim_end_matches("/card").to_owned();
        shopper.presses(PAY).await;
        shopper.finds("button[value=confirm]").await;
        fits(&shopper, language, "bank").await;
        shopper.confirms("654321").await;
        shopper.finds("#wrong").await;
        fits(&shopper, language, "bank-wrong").await;
        let bank = shopper.address().await;
        shopper.visits(&format!("{order}?lang={language}")).await;
        shopper.finds("main a.button").await;
        fits(&shopper, language, "at-bank").await;
        shopper.page().goto(bank.as_str()).await.expect("the bank's page");
        shopper.confirms(RIGHT).await;
        shopper.finds("#payment").await;
        fits(&shopper, language, "receipt").await;
        shopper.page().goto(bank.as_str()).await.expect("the bank's page");
        fits(&shopper, language, "bank-ended").await;
        the_other_ends(&shopper, language).await;
        shopper.leaves().await;
    }
}

async fn the_other_ends(shopper: &Shopper, language: &str) {
    shopper.goes_to_the_bank("pen").await;
    shopper.confirms(RIGHT).await;
    shopper.finds("form[action*='/again'] button").await;
    fits(shopper, language, "declined").await;
    shopper.visits("/orders/nowhere").await;
    fits(shopper, language, "missing").await;
    shopper.chooses("notebook").await;
    shopper.types("wallet", PHONE).await;
    shopper.presses("form[action*='/wallet'] button").await;
    shopper.finds("input[name=card]").await;
    fits(shopper, language, "wallet").await;
    shopper.pays_by_kept_card(0).await;
    shopper.finds("#password").await;
    fits(shopper, language, "password").await;
}

async fn visits_the_bank(shopper: &Shopper) {
    shopper.page().goto(shopper.town.bank.base_address()).await.expect("the front page of the sandbox");
}

/// Nothing of the page lies beyond the edge of a narrow screen. The page is left on a wide one.
async fn fits(shopper: &Shopper, language: &str, name: &str) {
    for width in [320, 1280] {
        let metrics = shopper.page().cdp();
        metrics.emulation().set_device_metrics_override(width, 1400, 1.0, false).await.expect("a screen");
        let beyond = "return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth";
        let beyond = shopper.page().execute(beyond, Vec::new()).await.expect("a width");
        assert!(beyond.json().as_i64().is_some_and(|beyond| beyond <= 0), "{name} in {language} at {width} px");
        picture(shopper, &format!("{name}-{language}-{width}.png")).await;
    }
    shopper.page().cdp().emulation().clear_device_metrics_override().await.expect("the usual screen");
}

async fn picture(shopper: &Shopper, name: &str) {
    let Some(folder) = std::env::var_os("PAYWALL_SCREENSHOTS").map(PathBuf::from) else { return };
    shopper.page().screenshot(&folder.join(name)).await.expect("a picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_a_page_breaks_is_heard_of() {
    let shopper = Shopper::new().await;
    shopper.visits("/").await;
    assert_eq!(shopper.complaints().await, Vec::<String>::new());
    let inject =
        "document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = 1' }))";
    shopper.page().execute(inject, Vec::new()).await.expect("a script that is not allowed");
    assert!(!shopper.complaints().await.is_empty(), "a script of the page's own would run");
    assert_ne!(shopper.page().title().await.expect("a title"), "1");
}
