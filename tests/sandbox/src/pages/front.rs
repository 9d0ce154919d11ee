//! What does somebody read who opens the sandbox's address? What it is, which cards and amounts do what, what it
//! answers, and how a client finds it.

use hyper::StatusCode;
use maud::{Markup, html};

use super::page::{Page, Sheet};
use super::words::Language;
use crate::bank::cards::TEST_CARDS;
use crate::bank::outcomes::{Words, sections};
use crate::contract::Contract;

pub(super) fn front(language: Language, contract: &Contract, here: &str) -> Page {
    let content = html! {
        (what(language))
        (client(language, here))
        (choices(language))
        (cards(language))
        (endpoints(language, contract))
    };
    let title = language.say("A local Paywall", "Yerel bir Paywall");
    Sheet { language, title, content, form_action: None, sends_itself: false }.page(StatusCode::OK)
}

fn what(language: Language) -> Markup {
    html! {
        p { (language.say(
            "This is a server for tests. It answers like Paywall, remembers payments, and moves no money.",
            "Bu bir test sunucusudur. Paywall gibi yanıt verir, ödemeleri hatırlar, para hareketi yapmaz.",
        )) }
        p { (language.say(
            "It sends shoppers and notifications to this machine only, unless it was started with --allow-host.",
            "--allow-host verilmedikçe müşterileri ve bildirimleri yalnızca bu makineye gönderir.",
        )) }
    }
}

fn client(language: Language, here: &str) -> Markup {
    html! {
        h2 { (language.say("Point the client here", "İstemciyi buraya yöneltin")) }
        pre tabindex="0" { code {
            "let paywall = paywall_api::Client::builder_at(\"" (here) "\")\n"
            "    .public_keys(Credentials::new(\"k\", \"c\"))\n"
            "    .private_keys(Credentials::new(\"k\", \"c\"))\n"
            "    .build()?;"
        } }
        p { (language.say(
            "The keys are k and c, unless the sandbox was started with others.",
            "Sunucu başka anahtarlarla başlatılmadıysa anahtarlar k ve c'dir.",
        )) }
    }
}

/// What chooses what, in the language of the page.
fn choices(language: Language) -> Markup {
    let say = |words: Words| language.say(words.english, words.turkish);
    let head = [language.say("What is sent", "Gönderilen"), language.say("What comes of it", "Sonucu")];
    html! {
        @for section in sections() {
            @let lines = section.lines.iter().map(|line| [say(line.when), say(line.then)]);
            (table(language.tag(), say(section.title), head, lines))
        }
    }
}

fn cards(language: Language) -> Markup {
    let rows = TEST_CARDS.iter().map(|card| [card.number, card.expiry, card.cvv, card.issuer]);
    let head = [
        language.say("Card", "Kart"),
        language.say("Expires", "Son kullanma"),
        "CVV",
        language.say("Provider", "Sağlayıcı"),
    ];
    html! {
        (table("en", language.say("Paywall's test cards", "Paywall'un test kartları"), head, rows))
    }
}

fn endpoints(language: Language, contract: &Contract) -> Markup {
    let none = language.say("none", "yok");
    let rows = contract.endpoints.iter().map(|endpoint| {
        let keys = endpoint.pair.as_deref().unwrap_or(none);
        [endpoint.method.as_str(), &endpoint.path, &endpoint.operation, keys]
    });
    let head = [
        language.say("Method", "Yöntem"),
        language.say("Path", "Yol"),
        language.say("Operation", "İşlem"),
        language.say("Keys", "Anahtar"),
    ];
    html! {
        (table("en", language.say("What it answers", "Yanıtladıkları"), head, rows))
    }
}

/// It scrolls on its own where a phone is too narrow for it. Its cells have a language of their own: the words of the
/// contract and of the documents are English.
fn table<'r, const COLUMNS: usize>(
    cells: &str,
    title: &str,
    head: [&str; COLUMNS],
    rows: impl Iterator<Item = [&'r str; COLUMNS]>,
) -> Markup {
    html! {
        h2 { (title) }
        div.wide tabindex="0" role="region" aria-label=(title) {
            table {
                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                tbody lang=(cells) { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
            }
        }
    }
}
