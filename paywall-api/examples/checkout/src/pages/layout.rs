//! What is every page like?

use maud::{DOCTYPE, Markup, html};

use crate::language::Language;

pub(crate) const STYLE: &str = include_str!("shop.css");
pub(crate) const ICON: &str = include_str!("icon.svg");

/// A page at `path`, where it can be had in the other language too.
pub(super) fn page(language: Language, title: &str, path: &str, content: &Markup) -> Markup {
    refreshing(language, title, path, content, false)
}

/// The same; it asks again by itself if nothing is decided.
pub(super) fn refreshing(language: Language, title: &str, path: &str, content: &Markup, refreshes: bool) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if refreshes { meta http-equiv="refresh" content="3"; }
                title { (title) " – " (name(language)) }
                link rel="stylesheet" href="/shop.css";
                link rel="icon" href="/icon.svg";
            }
            body {
                (header(language, path))
                main { h1 { (title) } (content) }
                footer { p { (language.say(
                    "An example shop. Nothing is delivered, and no real card should be typed here.",
                    "Örnek bir mağaza. Hiçbir şey gönderilmez; buraya gerçek kart bilgisi yazmayın.",
                )) } }
            }
        }
    }
}

fn name(language: Language) -> &'static str {
    language.say("Example shop", "Örnek mağaza")
}

fn header(language: Language, path: &str) -> Markup {
    let other = language.other();
    html! {
        header {
            a.home href=(language.path("/")) { (name(language)) }
            a href=(other.path(path)) lang=(other.tag()) hreflang=(other.tag()) { (other.name()) }
        }
    }
}

/// A page that says one thing, and leads on.
pub(crate) fn notice(language: Language, title: &str, text: &str, (path, label): (&str, &str)) -> Markup {
    let content = html! {
        p { (text) }
        p { a.button href=(language.path(path)) { (label) } }
    };
    page(language, title, path, &content)
}
