//! What does the shopper see? Pages without a script, in two languages, that fit a telephone and a keyboard.

mod layout;
mod order;
mod pay;

pub(crate) use self::layout::{ICON, STYLE, notice};
pub(crate) use self::order::order;
pub(crate) use self::pay::{Wrong, cards, pay};

use maud::{Markup, html};
use url::Url;

use self::layout::page;
use crate::language::Language;
use crate::shelf::SHELF;

/// The front page: what is for sale.
pub(crate) fn front(language: Language, bank: &Url) -> Markup {
    let content = html! {
        p { (language.say(
            "Test cards, telephone numbers and codes: ",
            "Deneme kartları, telefon numaraları ve kodlar: ",
        )) a href=(bank) { (language.say("the sandbox", "deneme ortamı")) } "." }
        ul.shelf {
            @for product in SHELF {
                li {
                    h2 { (product.name(language)) }
                    p.price { (product.label(language)) }
                    p.hint { (language.say("In the sandbox: ", "Deneme ortamında: ")) (product.end(language)) "." }
                    form method="post" action=(language.path("/orders")) {
                        input type="hidden" name="product" value=(product.id);
                        button { (language.say("Buy", "Satın al")) span.hidden { ": " (product.name(language)) } }
                    }
                }
            }
        }
    };
    page(language, language.say("A small stationery shop", "Küçük bir kırtasiye"), "/", &content)
}
