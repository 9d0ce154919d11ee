//! What must a person know to choose what happens? One table in both languages, for `--help` and for the front page.

use super::outcomes::TABLE;
use super::telephones::TELEPHONES;

/// The same in both languages of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub english: &'static str,
    /// In Turkish.
    pub turkish: &'static str,
}

/// One line: this leads to that.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Of what.
    pub when: Words,
    /// What comes of it.
    pub then: Words,
}

/// Lines of one kind.
#[derive(Clone, Debug)]
pub struct Section {
    /// What they have in common.
    pub title: Words,
    /// In the order in which they are read.
    pub lines: Vec<Line>,
}

pub(crate) const fn words(english: &'static str, turkish: &'static str) -> Words {
    Words { english, turkish }
}

const fn line(when: Words, then: Words) -> Line {
    Line { when, then }
}

/// The whole table.
#[must_use]
pub fn sections() -> Vec<Section> {
    vec![
        Section {
            title: words("The amount chooses what the bank answers", "Bankanın yanıtını tutar belirler"),
            lines: TABLE.iter().map(|row| line(row.when, row.then)).chain(OTHER_AMOUNTS.iter().copied()).collect(),
        },
        Section {
            title: words(
                "The shopper's telephone chooses the Masterpass account",
                "Masterpass hesabını müşterinin telefonu belirler",
            ),
            lines: TELEPHONES.iter().map(|telephone| line(telephone.when, telephone.then)).collect(),
        },
        Section { title: words("The card", "Kart"), lines: CARDS.to_vec() },
        Section { title: words("Codes that are asked for", "Sorulan kodlar"), lines: CODES.to_vec() },
        Section { title: words("PayWatch and time", "PayWatch ve zaman"), lines: TIMES.to_vec() },
    ]
}

const OTHER_AMOUNTS: &[Line] = &[line(words("any other amount", "diğer tutarlar"), words("paid", "ödenir"))];

const CARDS: &[Line] = &[
    line(
        words("a documented test card", "belgelenmiş test kartı"),
        words("the amount decides", "sonucu tutar belirler"),
    ),
    line(
        words("another card number", "başka bir kart numarası"),
        words(
            "declined by the bank with 14; with a wrong check digit refused with 14",
            "banka 14 ile reddeder; kontrol basamağı yanlışsa 14 ile geri çevrilir",
        ),
    ),
    line(
        words("a card with CardSave, once paid", "CardSave ile ödenen kart"),
        words("is saved: its UniqueCode pays from then on", "kaydedilir: UniqueCode artık ödeme yapar"),
    ),
    line(
        words("a temporary card", "geçici kart"),
        words(
            "pays until its ExpiryMin have passed, then it is refused with 74",
            "ExpiryMin dolunca 74 ile geri çevrilir",
        ),
    ),
    line(
        words("Masterpass, 552879********08", "Masterpass, 552879********08"),
        words("asks for a one-time password", "tek kullanımlık şifre sorar"),
    ),
    line(
        words("Masterpass, 589004********16", "Masterpass, 589004********16"),
        words("asks for nothing", "bir şey sormaz"),
    ),
    line(
        words("Masterpass, a card in full", "Masterpass, numarası yazılan kart"),
        words("goes by 3-D Secure, as every card does with Force3D", "3D ile ödenir; Force3D her kartta aynıdır"),
    ),
];

const CODES: &[Line] = &[
    line(
        words("a one-time password", "tek kullanımlık şifre"),
        words(
            "123456; 3 tries, then the payment is declined with 63; its token counts for 3 minutes",
            "123456; 3 deneme, sonra ödeme 63 ile reddedilir; kod 3 dakika geçerlidir",
        ),
    ),
    line(
        words("a password sent again", "yeniden gönderilen şifre"),
        words("replaces the first and has all its tries", "ilkinin yerine geçer, denemeleri baştan başlar"),
    ),
    line(
        words("the page of 3-D Secure", "3D sayfası"),
        words(
            "123456; 3 tries, then declined with 63; Cancel declines with 57",
            "123456; 3 deneme, sonra 63 ile reddedilir; Vazgeç 57 ile reddeder",
        ),
    ),
];

const TIMES: &[Line] = &[
    line(
        words("a payment that hangs at the shopper", "müşteride kalan ödeme"),
        words(
            "has failed on inquiry (status 7) after 25 minutes of PayWatch",
            "25 PayWatch dakikası sonra durumu 7 olur",
        ),
    ),
    line(
        words("PayWatch", "PayWatch"),
        words(
            "asks the bank after WatchMin minutes, where the payment stands as it says",
            "WatchMin dakika sonra, ödeme izlenen durumdaysa bankaya sorar",
        ),
    ),
    line(
        words("PayWatch, ActionId 1", "PayWatch, ActionId 1"),
        words(
            "reports in the panel, which is not here: nothing happens",
            "yalnızca panelde raporlar, burada etkisi yoktur",
        ),
    ),
    line(
        words("PayWatch, ActionId 2", "PayWatch, ActionId 2"),
        words("the payment gets the status that the bank tells", "ödeme bankanın bildirdiği duruma geçer"),
    ),
    line(
        words("PayWatch, ActionId 3", "PayWatch, ActionId 3"),
        words("the same; what the bank calls paid is cancelled", "aynısı; ödenmiş çıkan ödeme iptal edilir"),
    ),
    line(
        words("PayWatch, ActionId 4", "PayWatch, ActionId 4"),
        words("the same as 2, and WebhookAddress is told", "2 ile aynı; WebhookAddress'e bildirilir"),
    ),
    line(
        words("a Masterpass session", "Masterpass oturumu"),
        words(
            "ends after 30 minutes; the first answer after 20 renews it",
            "30 dakika yaşar; 20 dakikadan sonra yenilenir",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use super::super::outcomes::{PASSWORD, TRIES};
    use super::*;

    #[test]
    fn every_line_speaks_both_languages() {
        for section in sections() {
            assert!(!section.lines.is_empty());
            for line in &section.lines {
                let texts = [line.when, line.then].map(|words| [words.english, words.turkish]);
                assert!(texts.iter().flatten().all(|text| !text.is_empty()), "{line:?}");
                assert_ne!(line.then.english, line.then.turkish);
            }
        }
    }

    #[test]
    fn the_code_and_its_tries_are_those_that_count() {
        for line in CODES.iter().filter(|line| line.then.english.contains("tries,")) {
            assert!(line.then.english.starts_with(&format!("{PASSWORD}; {TRIES} tries")), "{line:?}");
            assert!(line.then.turkish.contains(&format!("{TRIES} deneme")), "{line:?}");
        }
    }
}
