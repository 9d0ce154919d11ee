//! How does the shopper pay? By a card that is typed, or by one that Masterpass keeps.

use maud::{Markup, html};
use paywall_api::Personal;

use super::layout::page;
use crate::form::{CardForm, Field};
use crate::language::Language;
use crate::order::{Notice, Order};
use crate::wallet::{NoCards, Wallet};

/// What went wrong with the form that was sent.
#[derive(Debug, Default)]
pub(crate) struct Wrong {
    pub(crate) fields: Vec<Field>,
    pub(crate) wallet: Option<NoCards>,
    /// What was typed. Its card is not shown again.
    pub(crate) typed: Option<CardForm>,
}

/// The page with both forms.
pub(crate) fn pay(language: Language, order: &Order, notice: Option<Notice>, wrong: &Wrong) -> Markup {
    let path = format!("/orders/{}/pay", order.id);
    let content = html! {
        @if let Some(notice) = notice { p.alert role="alert" { (why_again(language, notice)) } }
        (summary(language, wrong))
        p.total { (order.product.name(language)) ": " strong { (order.product.label(language)) } }
        (card_form(language, order, wrong))
        (wallet_form(language, order, wrong))
    };
    page(language, language.say("Pay", "Ödeme"), &path, &content)
}

fn why_again(language: Language, notice: Notice) -> &'static str {
    match notice {
        Notice::NotSent => language.say(
            "The payment service could not be reached. Nothing was charged: you can try again.",
            "Ödeme servisine ulaşılamadı. Kartınızdan çekim yapılmadı, yeniden deneyebilirsiniz.",
        ),
        Notice::NeverArrived => language.say(
            "Your payment never arrived. Nothing was charged: you can try again.",
            "Ödemeniz ulaşmadı. Kartınızdan çekim yapılmadı, yeniden deneyebilirsiniz.",
        ),
        Notice::Unfit => language.say(
            "These details cannot be sent. Nothing was charged: please check them.",
            "Bu bilgiler gönderilemiyor. Kartınızdan çekim yapılmadı, lütfen bilgileri kontrol edin.",
        ),
    }
}

/// All mistakes at once, each a link to its field.
fn summary(language: Language, wrong: &Wrong) -> Markup {
    html! {
        @if !wrong.fields.is_empty() || wrong.wallet.is_some() {
            div.alert role="alert" {
                p { (language.say("Please check:", "Lütfen kontrol edin:")) }
                ul {
                    @for field in &wrong.fields { li { a href={ "#" (id(*field)) } { (mistake(language, *field)) } } }
                    @if let Some(why) = wrong.wallet { li { a href="#wallet" { (no_cards(language, why)) } } }
                }
            }
        }
    }
}

fn card_form(language: Language, order: &Order, wrong: &Wrong) -> Markup {
    let typed = |read: fn(&CardForm) -> &Personal| wrong.typed.as_ref().map(|form| read(form).as_str());
    let input = |field, kind, hints, value| input(language, field, kind, hints, value, wrong);
    html! {
        form method="post" action=(language.path(&format!("/orders/{}/card", order.id))) novalidate {
            h2 { (language.say("By card", "Kartla")) }
            (input(Field::Name, "text", ("cc-name", "text"), typed(|form| &form.name)))
            (input(Field::Number, "text", ("cc-number", "numeric"), None))
            div.pair {
                (input(Field::Expiry, "text", ("cc-exp", "numeric"), None))
                (input(Field::Code, "password", ("cc-csc", "numeric"), None))
            }
            (input(Field::Email, "email", ("email", "email"), typed(|form| &form.email)))
            (input(Field::Phone, "tel", ("tel", "tel"), typed(|form| &form.phone)))
            (input(Field::Address, "text", ("street-address", "text"), typed(|form| &form.address)))
            (input(Field::City, "text", ("address-level2", "text"), typed(|form| &form.city)))
            button { (language.say("Pay ", "Öde: ")) (order.product.label(language)) }
        }
    }
}

fn wallet_form(language: Language, order: &Order, wrong: &Wrong) -> Markup {
    html! {
        form method="post" action=(language.path(&format!("/orders/{}/wallet", order.id))) novalidate {
            h2 { (language.say("By Masterpass", "Masterpass ile")) }
            (input(language, Field::Wallet, "tel", ("tel", "tel"), None, wrong))
            button { (language.say("Show my cards", "Kartlarımı göster")) }
        }
    }
}

/// A field with its label, and what it waits for or what is wrong with it.
fn input(
    language: Language,
    field: Field,
    kind: &str,
    (autocomplete, inputmode): (&str, &str),
    value: Option<&str>,
    wrong: &Wrong,
) -> Markup {
    let is_wrong = wrong.fields.contains(&field) || (field == Field::Wallet && wrong.wallet.is_some());
    let note = if wrong.fields.contains(&field) { mistake(language, field) } else { hint(language, field) };
    let (id, note_id) = (id(field), format!("{}-note", id(field)));
    html! {
        div.field {
            label for=(id) { (label(language, field)) }
            input id=(id) name=(id) type=(kind) autocomplete=(autocomplete) inputmode=(inputmode) value=[value]
                required maxlength="120" aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[(!note.is_empty()).then_some(&note_id)];
            @if !note.is_empty() { p id=(note_id) .hint .wrong[is_wrong] { (note) } }
        }
    }
}

fn id(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Number => "number",
        Field::Expiry => "expiry",
        Field::Code => "code",
        Field::Email => "email",
        Field::Phone => "phone",
        Field::Address => "address",
        Field::City => "city",
        Field::Wallet => "wallet",
    }
}

fn label(language: Language, field: Field) -> &'static str {
    match field {
        Field::Name => language.say("Name on the card", "Kart üzerindeki isim"),
        Field::Number => language.say("Card number", "Kart numarası"),
        Field::Expiry => language.say("Expiry date", "Son kullanma tarihi"),
        Field::Code => language.say("Security code", "Güvenlik kodu"),
        Field::Email => language.say("E-mail", "E-posta"),
        Field::Phone => language.say("Mobile phone", "Cep telefonu"),
        Field::Address => language.say("Address", "Adres"),
        Field::City => language.say("City", "Şehir"),
        Field::Wallet => language.say("Phone number at Masterpass", "Masterpass'e kayıtlı telefon"),
    }
}

fn hint(language: Language, field: Field) -> &'static str {
    match field {
        Field::Expiry => language.say("Month and year, as 12/30", "Ay ve yıl: 12/30"),
        Field::Code => language.say("Three or four digits", "Üç ya da dört rakam"),
        Field::Phone | Field::Wallet => language.say("As 0512 345 67 10", "Örnek: 0512 345 67 10"),
        _ => "",
    }
}

fn mistake(language: Language, field: Field) -> &'static str {
    match field {
        Field::Name => language.say("Type the name on the card", "Kart üzerindeki ismi yazın"),
        Field::Number => language.say("This is no card number", "Bu bir kart numarası değil"),
        Field::Expiry => language.say("Type a month that is not over, as 12/30", "Süresi dolmamış bir ay yazın: 12/30"),
        Field::Code => language.say("Type three or four digits", "Üç ya da dört rakam yazın"),
        Field::Email => language.say("Type an e-mail address", "Bir e-posta adresi yazın"),
        Field::Phone | Field::Wallet => {
            language.say("Type a Turkish mobile number, as 0512 345 67 10", "Bir cep telefonu yazın: 0512 345 67 10")
        }
        Field::Address => language.say("Type your address", "Adresinizi yazın"),
        Field::City => language.say("Type your city", "Şehrinizi yazın"),
    }
}

fn no_cards(language: Language, why: NoCards) -> &'static str {
    match why {
        NoCards::NoAccount => language.say(
            "Masterpass has no account of this number that this shop may use: pay by card",
            "Bu numaranın bu mağazada kullanılabilecek bir Masterpass hesabı yok: kartla ödeyin",
        ),
        NoCards::Empty => language.say(
            "There is no card in this Masterpass account: pay by card",
            "Bu Masterpass hesabında kart yok: kartla ödeyin",
        ),
        NoCards::NoAnswer => language.say(
            "Masterpass does not answer: try again, or pay by card",
            "Masterpass yanıt vermiyor: yeniden deneyin ya da kartla ödeyin",
        ),
    }
}

/// The cards that Masterpass keeps, to choose one.
pub(crate) fn cards(language: Language, order: &Order, wallet: &Wallet) -> Markup {
    let path = format!("/orders/{}/wallet", order.id);
    let content = html! {
        p.total { (order.product.name(language)) ": " strong { (order.product.label(language)) } }
        form method="post" action=(language.path(&format!("{path}/pay"))) {
            input type="hidden" name="list" value=(wallet.id);
            fieldset {
                legend { (language.say("Pay with", "Ödeme kartı")) }
                @for (place, card) in wallet.cards.iter().enumerate() {
                    label.choice {
                        input type="radio" name="card" value=(place) required checked[place == 0];
                        span { (card.name) br; (card.digits) }
                    }
                }
            }
            button { (language.say("Pay ", "Öde: ")) (order.product.label(language)) }
        }
        p { a href=(language.path(&format!("/orders/{}/pay", order.id))) {
            (language.say("Pay otherwise", "Başka bir yolla öde"))
        } }
    };
    page(language, language.say("Your cards at Masterpass", "Masterpass kartlarınız"), &path, &content)
}
