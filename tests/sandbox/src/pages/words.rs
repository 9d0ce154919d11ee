//! In which language? The one that the address asks for, or else the browser.

use hyper::HeaderMap;
use hyper::header::ACCEPT_LANGUAGE;
use url::form_urlencoded;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Turkish,
}

impl Language {
    /// `?lang=` comes first, then `Accept-Language`. English where neither asks for one of the two.
    pub(crate) fn of(query: Option<&str>, headers: &HeaderMap) -> Self {
        let chosen = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "lang");
        let chosen = chosen.and_then(|(_, tag)| Self::tagged(&tag));
        chosen.or_else(|| preferred(headers)).unwrap_or(Self::English)
    }

    /// `tr`, `tr-TR`, `EN`.
    fn tagged(tag: &str) -> Option<Self> {
        match tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "tr" => Some(Self::Turkish),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    pub(crate) fn tag(self) -> &'static str {
        self.say("en", "tr")
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::Turkish,
            Self::Turkish => Self::English,
        }
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
}

/// The language of ours that the browser likes best, the first of those that it likes alike.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let text = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best: Option<(Language, f32)> = None;
    for range in text.split(',') {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::tagged) else { continue };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        if weight > best.map_or(0.0, |(_, most)| most) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn of(query: Option<&str>, accepted: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        Language::of(query, &headers)
    }

    #[test]
    fn the_browser_is_asked_by_its_weights() {
        assert_eq!(of(None, "tr-TR,tr;q=0.9,en;q=0.8"), Language::Turkish);
        assert_eq!(of(None, "tr;q=0.3, en-GB;q=0.8"), Language::English);
        assert_eq!(of(None, "de, tr;q=0.1"), Language::Turkish);
        assert_eq!(of(None, "tr;q=0, de"), Language::English);
        assert_eq!(of(None, "*"), Language::English);
        assert_eq!(of(None, ""), Language::English);
    }

    #[test]
    fn the_address_comes_first() {
        assert_eq!(of(Some("lang=en"), "tr"), Language::English);
        assert_eq!(of(Some("a=b&lang=TR"), "en"), Language::Turkish);
        assert_eq!(of(Some("lang=xx"), "tr"), Language::Turkish);
    }
}
