//! What does a shopper see at the bank? A question for the code that has been sent, and then the way back to the shop.

use hyper::StatusCode;
use maud::{Markup, html};

use super::page::{Page, Sheet, notice};
use super::words::Language;
use crate::bank::{Page3d, Stage3d};
use crate::outgoing::{Barred, Target};

/// Where the form of the way back goes, or why it cannot be offered.
pub(super) type Way = Result<Target, Barred>;

/// Asks for the code; once more if it was `wrong`.
pub(super) fn asked(language: Language, shown: &Page3d, tries_left: u8, wrong: bool) -> Page {
    let title = language.say("Confirm your payment", "Ödemenizi onaylayın");
    let content = html! {
        (payment(language, shown))
        @if wrong { p #wrong role="alert" { (wrong_code(language, tries_left)) } }
        (question(language, wrong))
    };
    Sheet { language, title, content, form_action: Some("'self'"), sends_itself: false }.page(StatusCode::OK)
}

fn payment(language: Language, shown: &Page3d) -> Markup {
    let currency = shown.currency.entry().map_or("", |entry| entry.name());
    html! {
        dl {
            dt { (language.say("Order", "Sipariş")) } dd { (shown.merchant_code) }
            dt { (language.say("Amount", "Tutar")) } dd { (shown.amount.to_string()) " " (currency) }
            dt { (language.say("Card", "Kart")) } dd { (shown.card) }
        }
    }
}

/// The first button is the one that the return key presses.
fn question(language: Language, wrong: bool) -> Markup {
    html! {
        form method="post" action={ "?lang=" (language.tag()) } {
            label for="code" { (language.say("Code from the text message", "SMS ile gelen kod")) }
            input #code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12" required autofocus
                aria-describedby=(if wrong { "wrong hint" } else { "hint" }) aria-invalid=[wrong.then_some("true")];
            p #hint { (language.say("In this sandbox it is always 123456.", "Bu ortamda kod her zaman 123456'dır.")) }
            button.first name="answer" value="confirm" { (language.say("Confirm", "Onayla")) }
            button name="answer" value="cancel" formnovalidate { (language.say("Cancel", "Vazgeç")) }
        }
    }
}

fn wrong_code(language: Language, tries_left: u8) -> String {
    match language {
        Language::English if tries_left == 1 => "Wrong code. One try is left.".to_owned(),
        Language::English => format!("Wrong code. {tries_left} tries are left."),
        Language::Turkish => format!("Kod yanlış. {tries_left} deneme hakkınız kaldı."),
    }
}

/// The bank asks nothing more: the way back, as the documented form. It leaves by itself only as the answer to a click,
/// so that the back button does not send the shopper away again.
pub(super) fn ended(language: Language, stage: &Stage3d, way: Way, fields: &[(&str, String)], by_itself: bool) -> Page {
    let title = match stage {
        Stage3d::Paid => language.say("The bank has confirmed the payment", "Banka ödemeyi onayladı"),
        Stage3d::Declined { .. } => language.say("The payment was not made", "Ödeme yapılmadı"),
        Stage3d::Pending | Stage3d::Asks { .. } => {
            language.say("The bank has not answered yet", "Banka henüz yanıt vermedi")
        }
    };
    match way {
        Err(barred) => without_way(language, title, &barred),
        Ok(target) => {
            let content = html! {
                p { (language.say("You are on your way back to the shop.", "Mağazaya yönlendiriliyorsunuz.")) }
                (callback(language, &target, fields))
            };
            let source = target.as_source();
            let sheet = Sheet { language, title, content, form_action: Some(&source), sends_itself: by_itself };
            sheet.page(StatusCode::OK)
        }
    }
}

fn callback(language: Language, target: &Target, fields: &[(&str, String)]) -> Markup {
    html! {
        form method="post" action=(target.as_str()) accept-charset="utf-8" {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            button.first autofocus { (language.say("Back to the shop", "Mağazaya dön")) }
        }
    }
}

fn without_way(language: Language, title: &str, barred: &Barred) -> Page {
    let content = html! {
        p role="alert" {
            (language.say("There is no way back to the shop from here.", "Buradan mağazaya dönülemiyor.")) " "
            span lang="en" { (barred) "." }
        }
        p { (language.say(
            "The sandbox sends shoppers to this machine only, whatever address the payment names.",
            "Bu ortam, ödemede hangi adres yazarsa yazsın yalnızca bu makineye yönlendirir.",
        )) }
    };
    Sheet { language, title, content, form_action: None, sends_itself: false }.page(StatusCode::OK)
}

pub(super) fn unknown(language: Language) -> Page {
    notice(
        language,
        StatusCode::NOT_FOUND,
        language.say("There is no such payment", "Böyle bir ödeme yok"),
        language.say(
            "This address belongs to no payment that is remembered here.",
            "Bu adres kayıtlı bir ödemeye ait değil.",
        ),
    )
}
