//! Which pages does the sandbox have? One for whoever opens its address, and the bank's page of 3-D Secure.
//!
//! ```text
//! GET  /            what this is, test cards and amounts, the operations
//! GET  /3d/<token>  asks for the code; once the bank has decided, the way back to the shop
//! POST /3d/<token>  the code, or the shopper's no; then the documented form, which sends itself to the shop
//! ```

mod callback;
mod front;
mod page;
mod three_d;
mod words;

use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use url::form_urlencoded;

pub(crate) use self::page::Page;

use self::words::Language;
use crate::bank::{Desk, Page3d, Stage3d};
use crate::contract::Contract;
use crate::outgoing::Reach;
use crate::signed::HashKeys;

/// What the pages are made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages<'s> {
    pub(crate) contract: &'s Contract,
    pub(crate) reach: &'s Reach,
    pub(crate) keys: &'s HashKeys,
}

/// One of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'p> {
    Front,
    Style,
    Script,
    /// With its token.
    ThreeD(&'p str),
}

impl<'p> Place<'p> {
    /// The page at a path, if there is one.
    pub(crate) fn at(path: &'p str) -> Option<Self> {
        match path {
            "/" => Some(Self::Front),
            page::STYLE => Some(Self::Style),
            page::SCRIPT => Some(Self::Script),
            _ => path.strip_prefix("/3d/").map(Self::ThreeD),
        }
    }
}

impl Pages<'_> {
    /// The page that answers a request.
    pub(crate) fn answer(&self, place: Place<'_>, desk: &mut Desk<'_>, head: &Parts, body: &[u8]) -> Page {
        let language = Language::of(head.uri.query(), &head.headers);
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        match place {
            Place::Front if reads => front::front(language, self.contract, desk.here),
            Place::Style if reads => page::file("text/css", include_str!("pages/sandbox.css")),
            Place::Script if reads => page::file("text/javascript", include_str!("pages/sandbox.js")),
            Place::ThreeD(token) if reads => self.opened(language, desk, token),
            Place::ThreeD(token) if head.method == Method::POST => self.answered(language, desk, token, body),
            _ => wrong_method(language, place),
        }
    }

    /// The shopper looks at the page, for the first time or again.
    fn opened(&self, language: Language, desk: &mut Desk<'_>, token: &str) -> Page {
        let page = desk.open_3d(token);
        self.three_d(language, desk, page, false)
    }

    /// The shopper has answered. What was decided before stays decided, however often the form is sent.
    fn answered(&self, language: Language, desk: &mut Desk<'_>, token: &str, body: &[u8]) -> Page {
        let page = match Answer::read(body) {
            Answer::Cancel => desk.abandon_3d(token),
            Answer::Code(code) => desk.answer_3d(token, &code),
        };
        self.three_d(language, desk, page, true)
    }

    fn three_d(&self, language: Language, desk: &Desk<'_>, page: Option<Page3d>, answered: bool) -> Page {
        let found = page.and_then(|page| Some((desk.book.payments.get(&page.merchant_code)?, page)));
        let Some((payment, page)) = found else { return three_d::unknown(language) };
        if let Stage3d::Asks { tries_left } = page.stage {
            return three_d::asked(language, &page, tries_left, answered);
        }
        let address = if page.stage == Stage3d::Paid { &page.success_address } else { &page.fail_address };
        let fields = callback::fields(payment, &page.stage, self.keys);
        three_d::ended(language, &page.stage, self.reach.target(address), &fields, answered)
    }
}

fn wrong_method(language: Language, place: Place<'_>) -> Page {
    let methods = if matches!(place, Place::ThreeD(_)) { "GET, HEAD, POST" } else { "GET, HEAD" };
    let title = language.say("This page cannot be asked for like that", "Bu sayfa bu şekilde istenemez");
    let mut page = page::notice(language, StatusCode::METHOD_NOT_ALLOWED, title, methods);
    page.headers.push(("allow".to_owned(), methods.to_owned()));
    page
}

/// What a shopper answers. Spaces around a code are no part of it.
enum Answer {
    Code(String),
    Cancel,
}

impl Answer {
    fn read(body: &[u8]) -> Self {
        let value = |name: &str| form_urlencoded::parse(body).find(|(known, _)| known == name).map(|(_, value)| value);
        if value("answer").as_deref() == Some("cancel") {
            return Self::Cancel;
        }
        Self::Code(value("code").unwrap_or_default().trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_operations_are_no_pages() {
        assert_eq!(Place::at("/3d/a-token"), Some(Place::ThreeD("a-token")));
        assert_eq!(Place::at("/api/paywall/temptoken"), None);
        assert_eq!(Place::at("/3d"), None);
    }
}
