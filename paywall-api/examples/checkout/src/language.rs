//! In which language? The one of the address (`?lang=`), or else the browser's.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use url::form_urlencoded;

/// A language of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Turkish,
}

impl Language {
    pub(crate) fn tag(self) -> &'static str {
        self.say("en", "tr")
    }

    pub(crate) fn other(self) -> Self {
        self.say(Self::Turkish, Self::English)
    }

    /// How it calls itself.
    pub(crate) fn name(self) -> &'static str {
        self.say("English", "Türkçe")
    }

    /// The same in either language.
    pub(crate) fn say<T>(self, english: T, turkish: T) -> T {
        match self {
            Self::English => english,
            Self::Turkish => turkish,
        }
    }

    /// An address of the shop that goes on in this language.
    pub(crate) fn path(self, path: &str) -> String {
        format!("{path}?lang={}", self.tag())
    }

    fn of(query: &str, accepted: &str) -> Self {
        let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
        asked.and_then(|(_, tag)| Self::tagged(&tag)).or_else(|| preferred(accepted)).unwrap_or(Self::English)
    }

    /// `tr`, `tr-TR`, `EN`.
    fn tagged(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next()?.to_ascii_lowercase().as_str() {
            "tr" => Some(Self::Turkish),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

/// The language of ours that a browser likes best; of those that it likes alike, the first.
fn preferred(accepted: &str) -> Option<Language> {
    let weighed = accepted.split(',').filter_map(|range| {
        let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
        Some((Language::tagged(tag)?, weight.trim().parse::<f32>().ok().filter(|weight| *weight > 0.0)?))
    });
    let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(language, _)| language)
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self::of(parts.uri.query().unwrap_or_default(), accepted.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_comes_first_and_then_what_the_browser_likes_best() {
        assert_eq!(Language::of("lang=en", "tr"), Language::English);
        assert_eq!(Language::of("", "tr-TR,tr;q=0.9,en;q=0.8"), Language::Turkish);
        assert_eq!(Language::of("lang=xx", "tr;q=0.3, en-GB;q=0.8"), Language::English);
        assert_eq!(Language::of("", "de, tr;q=0"), Language::English);
    }
}
