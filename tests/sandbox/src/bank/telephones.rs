//! Whose telephone is it? Its last two digits say what Masterpass knows of the shopper.

use super::guidance::{Words, words};

/// What Masterpass knows of a shopper to begin with. How it tells of a blocked account no page says, so nobody's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shopper {
    /// There is no account.
    Nobody,
    /// The account is not linked to the merchant.
    Unlinked,
    /// The account is linked and has no card.
    WithoutCards,
    /// Every card asks for a password, by the second of the two documented codes.
    AskedBySecondCode,
    /// Every payment goes by 3-D Secure.
    By3d,
    /// The account is linked and has the cards of the documented list.
    Usual,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telephone {
    /// Its last digits; none for every other telephone.
    ending: &'static str,
    pub(crate) when: Words,
    pub(crate) then: Words,
    shopper: Shopper,
}

/// The first line that fits counts.
pub(crate) const TELEPHONES: &[Telephone] = &[
    Telephone {
        ending: "00",
        when: words("a telephone that ends in 00", "00 ile biten telefon"),
        then: words("no account: the card list says USER_NOT_FOUND", "hesap yok: kart listesi USER_NOT_FOUND der"),
        shopper: Shopper::Nobody,
    },
    Telephone {
        ending: "01",
        when: words("a telephone that ends in 01", "01 ile biten telefon"),
        then: words(
            "not linked: ACCOUNT_NOT_LINKED_TO_MERCHANT until it is linked by one-time password",
            "bağlı değil: şifreyle bağlanana dek ACCOUNT_NOT_LINKED_TO_MERCHANT",
        ),
        shopper: Shopper::Unlinked,
    },
    Telephone {
        ending: "02",
        when: words("a telephone that ends in 02", "02 ile biten telefon"),
        then: words("linked, without a card", "bağlı, kartı yok"),
        shopper: Shopper::WithoutCards,
    },
    Telephone {
        ending: "03",
        when: words("a telephone that ends in 03", "03 ile biten telefon"),
        then: words(
            "linked; every card asks for a one-time password, by code 5008 instead of 5001",
            "bağlı; her kart şifre sorar, 5001 yerine 5008 koduyla",
        ),
        shopper: Shopper::AskedBySecondCode,
    },
    Telephone {
        ending: "04",
        when: words("a telephone that ends in 04", "04 ile biten telefon"),
        then: words("linked; every payment goes by 3-D Secure", "bağlı; her ödeme 3D ile yapılır"),
        shopper: Shopper::By3d,
    },
    Telephone {
        ending: "",
        when: words("any other telephone", "diğer telefonlar"),
        then: words("linked, with the two cards below", "bağlı, aşağıdaki iki kartla"),
        shopper: Shopper::Usual,
    },
];

/// Who has this telephone.
pub(crate) fn shopper(phone: &str) -> Shopper {
    let telephone = TELEPHONES.iter().find(|telephone| phone.ends_with(telephone.ending));
    telephone.map_or(Shopper::Usual, |telephone| telephone.shopper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_says_the_digits_that_choose_it() {
        let (last, named) = TELEPHONES.split_last().expect("lines");
        for telephone in named {
            let ending = telephone.ending;
            assert!(telephone.when.english.ends_with(&format!(" {ending}")), "{telephone:?}");
            assert!(telephone.when.turkish.starts_with(&format!("{ending} ")), "{telephone:?}");
            assert_eq!(shopper(&format!("9051234567{ending}")), telephone.shopper);
        }
        assert_eq!(shopper("905123456710"), last.shopper);
    }
}
