//! How does an order stand? One page with a fixed address: the receipt, the bank's reason, or what is waited for.

use maud::{Markup, html};
use url::Url;

use super::layout::{page, refreshing};
use crate::language::Language;
use crate::order::{Order, Receipt, State};
use crate::wallet::Password;

/// The order as it stands. One that can be paid has a page of its own.
pub(crate) fn order(language: Language, order: &Order) -> Markup {
    let state = order.state();
    let (title, said) = match &state {
        State::Payable(_) => (language.say("Not paid yet", "Henüz ödenmedi"), payable(language, order)),
        State::Sending | State::Open => (language.say("We are asking the bank", "Bankaya soruyoruz"), open(language)),
        State::AtBank(address) => {
            (language.say("Your bank waits for you", "Bankanız sizi bekliyor"), at_bank(language, address))
        }
        State::AsksPassword(asked) => {
            (language.say("Confirm your payment", "Ödemenizi onaylayın"), password(language, order, asked))
        }
        State::Paid(receipt) => (language.say("Thank you", "Teşekkürler"), paid(language, order, receipt)),
        State::Refused(reason) => {
            (language.say("Not paid", "Ödeme yapılmadı"), refused(language, order, reason.as_deref()))
        }
        State::Odd => (language.say("We have to look at this", "Bunu incelememiz gerekiyor"), odd(language)),
    };
    let content = html! {
        (said)
        @if order.is_open() { (ask_again(language, order)) }
        h2 { (language.say("Your order", "Siparişiniz")) }
        (facts(language, order))
    };
    let path = format!("/orders/{}", order.id);
    match state {
        State::Sending | State::Open => refreshing(language, title, &path, &content, true),
        _ => page(language, title, &path, &content),
    }
}

fn facts(language: Language, order: &Order) -> Markup {
    html! {
        dl {
            dt { (language.say("Product", "Ürün")) } dd { (order.product.name(language)) }
            dt { (language.say("Amount", "Tutar")) } dd { (order.product.label(language)) }
            dt { (language.say("Order code", "Sipariş kodu")) } dd { code { (order.code()) } }
        }
    }
}

fn payable(language: Language, order: &Order) -> Markup {
    html! {
        p { a.button href=(language.path(&format!("/orders/{}/pay", order.id))) { (language.say("Pay", "Öde")) } }
    }
}

fn open(language: Language) -> Markup {
    html! {
        p.alert role="status" { strong { (language.say("Please do not pay again.", "Lütfen yeniden ödemeyin.")) } " "
            (language.say(
                "The bank has not told yet what became of your payment. We go on asking; this page changes by itself.",
                "Banka ödemenizin sonucunu henüz bildirmedi. Sormaya devam ediyoruz; bu sayfa kendiliğinden yenilenir.",
            ))
        }
    }
}

fn ask_again(language: Language, order: &Order) -> Markup {
    html! {
        form method="post" action=(language.path(&format!("/orders/{}/ask", order.id))) {
            button.second { (language.say("Ask again", "Yeniden sor")) }
        }
    }
}

fn at_bank(language: Language, address: &Url) -> Markup {
    html! {
        p { (language.say(
            "Your payment is not confirmed yet. Go on at your bank, or cancel it there.",
            "Ödemeniz henüz onaylanmadı. Bankanızın sayfasında devam edin ya da orada vazgeçin.",
        )) }
        p { a.button href=(address) { (language.say("Go on at the bank", "Bankada devam et")) } }
    }
}

fn password(language: Language, order: &Order, asked: &Password) -> Markup {
    let note = if asked.was_wrong {
        language.say("This password was wrong. Please type it again.", "Şifre yanlış. Lütfen yeniden yazın.")
    } else {
        language.say("Masterpass has sent it to your phone.", "Masterpass telefonunuza gönderdi.")
    };
    html! {
        form method="post" action=(language.path(&format!("/orders/{}/password", order.id))) {
            div.field {
                label for="password" { (language.say("One-time password", "Tek kullanımlık şifre")) }
                input #password name="password" inputmode="numeric" autocomplete="one-time-code" maxlength="12"
                    required autofocus aria-describedby="password-note" aria-invalid=[asked.was_wrong.then_some("true")];
                p #password-note .hint .wrong[asked.was_wrong] role=[asked.was_wrong.then_some("alert")] { (note) }
            }
            button { (language.say("Pay ", "Öde: ")) (order.product.label(language)) }
        }
    }
}

fn paid(language: Language, order: &Order, receipt: &Receipt) -> Markup {
    html! {
        p.good role="status" {
            (language.say("Your payment has arrived: ", "Ödemeniz alındı: ")) strong { (order.product.label(language)) } "."
        }
        h2 { (language.say("Receipt", "Makbuz")) }
        dl {
            @if let Some(payment) = receipt.payment {
                dt { (language.say("Payment", "Ödeme no.")) } dd #payment { (payment) }
            }
            @if let Some(card) = &receipt.card { dt { (language.say("Card", "Kart")) } dd { (card) } }
        }
    }
}

fn refused(language: Language, order: &Order, reason: Option<&str>) -> Markup {
    html! {
        p.alert role="alert" {
            (language.say("Your card was not charged.", "Kartınızdan çekim yapılmadı."))
            @if let Some(reason) = reason {
                " " (language.say("The bank says: ", "Bankanın yanıtı: ")) q lang="" { (reason) }
            }
        }
        form method="post" action=(language.path(&format!("/orders/{}/again", order.id))) {
            button { (language.say("Try again", "Yeniden dene")) }
        }
    }
}

fn odd(language: Language) -> Markup {
    html! {
        p.alert role="alert" { strong { (language.say("Please do not pay again.", "Lütfen yeniden ödemeyin.")) } " "
            (language.say(
                "There is a payment for this order, but not as we expected it. Write to us with the order code.",
                "Bu siparişe ait bir ödeme var, ancak beklediğimiz gibi değil. Sipariş koduyla bize yazın.",
            ))
        }
    }
}
