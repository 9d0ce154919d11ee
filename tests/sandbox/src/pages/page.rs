//! What is every page like? One column, its language said, and allowed no more than it needs.

use hyper::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::words::Language;

/// A page before it is HTTP.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

pub(super) const STYLE: &str = "/sandbox.css";
pub(super) const SCRIPT: &str = "/sandbox.js";

/// What a page is made of.
pub(super) struct Sheet<'s> {
    pub(super) language: Language,
    pub(super) title: &'s str,
    pub(super) content: Markup,
    /// Where its form goes, in the words of a policy of content; nothing where there is no form.
    pub(super) form_action: Option<&'s str>,
    /// Whether its form is sent without a click, where scripts run.
    pub(super) sends_itself: bool,
}

impl Sheet<'_> {
    pub(super) fn page(self, status: StatusCode) -> Page {
        let headers = [
            ("content-type", "text/html; charset=utf-8".to_owned()),
            ("content-security-policy", self.policy()),
            ("content-language", self.language.tag().to_owned()),
            ("vary", "accept-language".to_owned()),
        ];
        let headers = headers.into_iter().chain(usual()).map(|(name, value)| (name.to_owned(), value)).collect();
        Page { status, headers, body: self.markup().into_string() }
    }

    /// A shop may show the page in a frame, as many do with their bank's: no word of that.
    fn policy(&self) -> String {
        let script = if self.sends_itself { "script-src 'self'; " } else { "" };
        let action = self.form_action.unwrap_or("'none'");
        format!("default-src 'none'; style-src 'self'; {script}form-action {action}; base-uri 'none'")
    }

    fn markup(&self) -> Markup {
        let other = self.language.other();
        html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " – Paywall sandbox" }
                    link rel="stylesheet" href=(STYLE);
                    @if self.sends_itself { script src=(SCRIPT) defer {} }
                }
                body {
                    header {
                        p {
                            strong { "Paywall sandbox" } " · "
                            (self.language.say("no real money", "gerçek para değildir"))
                        }
                        a href={ "?lang=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) { (other.name()) }
                    }
                    main { h1 { (self.title) } (self.content) }
                }
            }
        }
    }
}

/// A browser keeps nothing, guesses nothing, and tells the shop where it comes from but not which payment.
fn usual() -> [(&'static str, String); 3] {
    [
        ("cache-control", "no-store".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "strict-origin".to_owned()),
    ]
}

/// A file of this sandbox that pages refer to.
pub(super) fn file(media_type: &str, body: &str) -> Page {
    let headers = [("content-type", format!("{media_type}; charset=utf-8"))].into_iter().chain(usual());
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).collect();
    Page { status: StatusCode::OK, headers, body: body.to_owned() }
}

/// A page that says one thing.
pub(super) fn notice(language: Language, status: StatusCode, title: &str, text: &str) -> Page {
    let start = language.say("To the start page", "Ana sayfaya");
    let content = html! {
        p { (text) }
        p { a href={ "/?lang=" (language.tag()) } { (start) } }
    };
    Sheet { language, title, content, form_action: None, sends_itself: false }.page(status)
}
