//! What does somebody read who opens the sandbox's address? What it is, which cards and amounts do what, what it
//! answers, and how a client finds it.

use hyper::StatusCode;
use maud::{Markup, html};

use super::page::{Page, Sheet};
use super::words::Language;
use crate::bank::cards::TEST_CARDS;
use crate::bank::outcomes::{PASSWORD, TABLE, TRIES};
use crate::contract::Contract;

pub(super) fn front(language: Language, contract: &Contract, here: &str) -> Page {
    let content = html! {
        (what(language))
        (client(language, here))
        (amounts(language))
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

fn amounts(language: Language) -> Markup {
    let rows = TABLE.iter().map(|row| [row.when, row.then]);
    let head = [language.say("Payment", "Ödeme"), language.say("Outcome", "Sonuç")];
    html! {
        (table(language.say("The amount chooses the outcome", "Sonucu tutar belirler"), head, rows))
        p { (language.say(
            "Any other amount is paid by one of the test cards; another card is declined.",
            "Diğer tutarlar test kartlarıyla ödenir; başka kartlar reddedilir.",
        )) }
        p { (language.say("The code that a page or a payment asks for:", "Sayfanın ya da ödemenin sorduğu kod:")) " "
            code { (PASSWORD) } " (" (TRIES) " " (language.say("tries", "deneme")) ")" }
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
        (table(language.say("Paywall's test cards", "Paywall'un test kartları"), head, rows))
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
        (table(language.say("What it answers", "Yanıtladıkları"), head, rows))
    }
}

/// It scrolls on its own where a phone is too narrow for it. Its cells are in English, as their sources are.
fn table<'r, const COLUMNS: usize>(
    title: &str,
    head: [&str; COLUMNS],
    rows: impl Iterator<Item = [&'r str; COLUMNS]>,
) -> Markup {
    html! {
        h2 { (title) }
        div.wide tabindex="0" role="region" aria-label=(title) {
            table {
                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                tbody lang="en" { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
            }
        }
    }
}
