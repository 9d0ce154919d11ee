//! What does a shopper do? Looks, types, presses, and waits for a page; never longer than a bound.

use std::time::{Duration, Instant};

use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Key, WebElement};

use crate::browser::Browser;
use crate::town::Town;

/// A documented test card.
pub(crate) const CARD: &str = "5528 7900 0000 0008";
pub(crate) const DIGITS: &str = "5528790000000008";
/// What is typed into the form of the card.
pub(crate) const FORM: [(&str, &str); 8] = [
    ("name", "Ayşe Yılmaz"),
    ("number", CARD),
    ("expiry", "12/30"),
    ("code", "123"),
    ("email", "ayse@shop.example"),
    ("phone", PHONE),
    ("address", "Örnek Sokak 1"),
    ("city", "İstanbul"),
];
/// The bank's one-time password.
pub(crate) const RIGHT: &str = "123456";
pub(crate) const WRONG: &str = "654321";
/// An account at Masterpass that is linked: its first card asks for a password, its second does not.
pub(crate) const PHONE: &str = "0512 345 67 10";

/// Nothing here takes longer unless it never comes.
const SOON: Duration = Duration::from_secs(20);

/// A person with a browser, in a town.
#[derive(Debug)]
pub(crate) struct Shopper {
    pub(crate) town: Town,
    browser: Browser,
}

impl Shopper {
    pub(crate) async fn new() -> Self {
        Self::of(Town::open().await, "en").await
    }

    pub(crate) async fn of(town: Town, language: &str) -> Self {
        Self { town, browser: Browser::open(language).await }
    }

    pub(crate) fn page(&self) -> &thirtyfour::WebDriver {
        &self.browser.page
    }

    /// Goes to a page of the shop.
    pub(crate) async fn visits(&self, path: &str) {
        let address = self.town.shop.join(path).expect("an address");
        self.page().goto(address.as_str()).await.expect("a page");
    }

    /// Waits for an element.
    pub(crate) async fn finds(&self, css: &str) -> WebElement {
        let began = Instant::now();
        loop {
            if let Ok(found) = self.page().find(By::Css(css)).await {
                return found;
            }
            assert!(began.elapsed() < SOON, "there is no {css} on {:?}", self.heading().await);
            pause().await;
        }
    }

    /// Presses what leads to another page, and waits until that is there.
    pub(crate) async fn presses(&self, css: &str) {
        let here = self.finds("html").await;
        self.marks(css).await;
        let began = Instant::now();
        while here.tag_name().await.is_ok() || !self.is_loaded().await {
            assert!(began.elapsed() < SOON, "{css} leads nowhere on {:?}", self.heading().await);
            pause().await;
        }
    }

    /// Whoever leaves a page before it is loaded does not find it again by the back button.
    async fn is_loaded(&self) -> bool {
        let asked = self.page().execute("return document.readyState", Vec::new()).await;
        asked.is_ok_and(|state| state.json() == "complete")
    }

    /// Presses what changes this page.
    pub(crate) async fn marks(&self, css: &str) {
        self.finds(css).await.click().await.expect("a click");
    }

    /// Types into a field, whatever stood there.
    pub(crate) async fn types(&self, id: &str, text: &str) {
        let began = Instant::now();
        // A page that the back button brings is put in place of the other a moment after it can be seen.
        while let Err(error) = self.replaces(id, text).await {
            assert!(began.elapsed() < SOON, "nothing can be typed into {id}: {error}");
            pause().await;
        }
    }

    async fn replaces(&self, id: &str, text: &str) -> WebDriverResult<()> {
        let field = self.finds(&format!("#{id}")).await;
        field.clear().await?;
        field.send_keys(text).await
    }

    /// The heading of the page, as soon as there is one.
    pub(crate) async fn heading(&self) -> String {
        match self.page().find(By::Css("h1")).await {
            Ok(found) => found.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits for the page with this heading.
    pub(crate) async fn reaches(&self, heading: &str) {
        let began = Instant::now();
        loop {
            let found = self.heading().await;
            if found == heading {
                return;
            }
            assert!(began.elapsed() < SOON, "expected {heading:?}, found {found:?}");
            pause().await;
        }
    }

    pub(crate) async fn reads(&self) -> String {
        self.finds("main").await.text().await.expect("a text")
    }

    pub(crate) async fn address(&self) -> url::Url {
        self.page().current_url().await.expect("an address")
    }

    /// The code of the order that is shown.
    pub(crate) async fn code(&self) -> String {
        self.finds("dl code").await.text().await.expect("a code")
    }

    /// From the front page to the forms: the path of the order.
    pub(crate) async fn chooses(&self, product: &str) -> String {
        self.visits("/").await;
        self.presses(&format!("form:has(input[value={product}]) button")).await;
        self.finds("#number").await;
        self.address().await.path().trim_end_matches("/pay").to_owned()
    }

    /// As the browser's own memory of cards does: at once, and not key by key.
    pub(crate) async fn fills_in_the_card(&self) {
        self.finds("#number").await;
        let fill = "for (const [id, text] of arguments[0]) document.getElementById(id).value = text";
        self.page().execute(fill, vec![serde_json::json!(FORM)]).await.expect("a form");
    }

    /// From the front page to the bank's question: the path of the order.
    pub(crate) async fn goes_to_the_bank(&self, product: &str) -> String {
        let order = self.chooses(product).await;
        self.fills_in_the_card().await;
        self.presses(PAY).await;
        self.finds("button[value=confirm]").await;
        order
    }

    /// Answers the bank's question.
    pub(crate) async fn confirms(&self, code: &str) {
        self.types("code", code).await;
        self.presses("button[value=confirm]").await;
    }

    /// From the front page to the cards at Masterpass.
    pub(crate) async fn opens_the_wallet(&self, product: &str) {
        self.chooses(product).await;
        self.types("wallet", PHONE).await;
        self.presses("form[action*='/wallet'] button").await;
        self.reaches("Your cards at Masterpass").await;
    }

    /// Chooses the card at this place, and pays by it.
    pub(crate) async fn pays_by_kept_card(&self, place: usize) {
        self.marks(&format!("input[name=card][value='{place}']")).await;
        self.presses("form[action*='/wallet/pay'] button").await;
    }

    /// Presses keys as a hand on the keyboard does, wherever the focus is.
    pub(crate) async fn keys(&self, keys: impl Into<thirtyfour::TypingData>) {
        let chain = self.page().action_chain().send_keys(keys);
        chain.perform().await.expect("keys");
    }

    /// Moves the focus on until it is on this element, never with a mouse.
    pub(crate) async fn tabs_to(&self, css: &str) {
        for _ in 0..40 {
            let script = format!("return document.activeElement.matches({css:?})");
            let there = self.page().execute(script, Vec::new()).await.expect("an answer");
            if there.json().as_bool() == Some(true) {
                return;
            }
            self.keys(Key::Tab).await;
        }
        panic!("no tab leads to {css} on {}", self.heading().await);
    }

    /// The end of a visit: nothing of the card is left in the page, no cookie was needed, and no rule was broken.
    pub(crate) async fn leaves(self) {
        let source = self.page().source().await.expect("a source");
        assert!(!source.contains(DIGITS) && !source.contains(CARD), "the page holds the card's number");
        assert_eq!(self.page().get_all_cookies().await.expect("cookies").len(), 0);
        assert_eq!(self.complaints().await, Vec::<String>::new());
    }

    /// What the browser says of policies that were broken.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.page().browser_log().await.expect("a log").into_iter().map(|entry| entry.message);
        entries.filter(|message| message.contains("Content Security Policy")).collect()
    }
}

/// The button of the card's form.
pub(crate) const PAY: &str = "form[action*='/card'] button";

pub(crate) async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}
