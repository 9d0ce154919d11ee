//! What is for sale? Things whose prices make the sandbox show every end of a payment.

use paywall_api::Amount;

use crate::language::Language;

/// A thing with a price.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) id: &'static str,
    names: [&'static str; 2],
    ends: [&'static str; 2],
    kurus: i64,
}

const fn product(id: &'static str, kurus: i64, names: [&'static str; 2], ends: [&'static str; 2]) -> Product {
    Product { id, names, ends, kurus }
}

/// The last two digits of an amount choose what the sandbox's bank answers; its front page has the table.
pub(crate) const SHELF: &[Product] = &[
    product("notebook", 14_990, ["Notebook", "Defter"], ["paid", "ödenir"]),
    product(
        "pen",
        8_951,
        ["Fountain pen", "Dolma kalem"],
        ["declined: insufficient funds", "reddedilir: yetersiz bakiye"],
    ),
    product("ink", 4_591, ["Bottle of ink", "Mürekkep"], ["pending, then paid", "önce bekler, sonra ödenir"]),
    product("pencil", 1_292, ["Pencil", "Kurşun kalem"], ["pending, then declined", "önce bekler, sonra reddedilir"]),
    product(
        "paper",
        3_096,
        ["Writing paper", "Mektup kâğıdı"],
        ["unclear at first, then declined", "önce belirsiz, sonra reddedilir"],
    ),
];

impl Product {
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        SHELF.iter().find(|product| product.id == id)
    }

    pub(crate) fn name(&self, language: Language) -> &'static str {
        language.say(self.names[0], self.names[1])
    }

    /// What comes of buying it in a sandbox.
    pub(crate) fn end(&self, language: Language) -> &'static str {
        language.say(self.ends[0], self.ends[1])
    }

    /// Exact: it never passes through a float.
    pub(crate) fn price(&self) -> Amount {
        Amount::from_minor(self.kurus)
    }

    /// As the shopper reads it.
    pub(crate) fn label(&self, language: Language) -> String {
        let price = self.price().to_string();
        match language {
            Language::English => format!("₺{price}"),
            Language::Turkish => format!("{} TL", price.replace('.', ",")),
        }
    }
}
