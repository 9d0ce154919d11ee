//! Names of the contract as names of Rust: of ASCII letters and digits alone, so that no two of them look alike and
//! anybody can type them.

use std::collections::BTreeSet;

/// The words that the edition 2024 reserves and that `r#` makes names of.
pub const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words that are reserved even behind `r#`.
pub const PATH_WORDS: [&str; 4] = ["self", "Self", "super", "crate"];

/// The words of a name: `OpeningHourCode` is opening, hour, code; `Print3D` is print, 3d.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = ascii(name).chars().collect();
    let mut words = vec![String::new()];
    for (index, &current) in chars.iter().enumerate() {
        if !current.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if index > 0 && is_boundary(&chars, index) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(current.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The same letters in ASCII: `İsim` is `Isim`.
fn ascii(name: &str) -> String {
    let letters = |char: char| match char {
        char if char.is_ascii() => char.to_string(),
        char if char.is_alphanumeric() => {
            any_ascii::any_ascii_char(char).chars().filter(char::is_ascii_alphanumeric).collect()
        }
        // What stands on top of a letter belongs to it.
        '\u{300}'..='\u{36f}' => String::new(),
        _ => " ".to_owned(),
    };
    name.chars().map(letters).collect()
}

/// Whether a word begins at `index`. Digits begin one only when letters follow them (`Print3D`, not
/// `ShelfId1`), and those letters stay with them.
fn is_boundary(chars: &[char], index: usize) -> bool {
    let (before, current) = (chars[index - 1], chars[index]);
    let next_is_lower = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
    if current.is_ascii_digit() {
        return before.is_ascii_alphabetic() && letters_follow_digits(chars, index);
    }
    if !current.is_ascii_uppercase() {
        return false;
    }
    before.is_ascii_lowercase() || next_is_lower && before.is_ascii_alphanumeric()
}

fn letters_follow_digits(chars: &[char], index: usize) -> bool {
    chars[index..].iter().find(|char| !char.is_ascii_digit()).is_some_and(char::is_ascii_alphabetic)
}

/// `opening_hour_code`; of a name without a letter or digit, nothing. A keyword stays as it is: `r#` makes it a name.
#[must_use]
pub fn snake(name: &str) -> String {
    named(words(name).join("_"), 'n')
}

/// `OpeningHourCode`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let capital = |word: &String| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    named(words(name).iter().map(capital).collect(), 'N')
}

/// The name in `PascalCase` that stays as it is when it is asked for again: `a_b` is `AB` at first, and then `Ab`.
#[must_use]
pub fn settled_pascal(name: &str) -> String {
    let mut name = pascal(name);
    while pascal(&name) != name {
        name = pascal(&name);
    }
    name
}

/// A name begins with a letter, and is none of the words that nothing escapes.
fn named(name: String, letter: char) -> String {
    match name.as_str() {
        word if PATH_WORDS.contains(&word) => format!("{word}_"),
        digits if digits.starts_with(|first: char| first.is_ascii_digit()) => format!("{letter}{digits}"),
        _ => name,
    }
}

/// `OPENING_HOUR_CODE`.
#[must_use]
pub fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// The names of the fields of one object. What is not of the name itself, the letter before a digit and the `_` behind
/// a reserved word, gives way to a name that is taken.
#[must_use]
pub fn fields<'n>(wires: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let names: Vec<(String, bool)> =
        wires.into_iter().map(|wire| (snake(wire), snake(wire) != words(wire).join("_"))).collect();
    let mut taken: BTreeSet<String> =
        names.iter().filter(|(_, is_changed)| !is_changed).map(|(name, _)| name.clone()).collect();
    let settle = |(name, is_changed): (String, bool)| {
        if !is_changed {
            return name;
        }
        let name = free(name, &taken);
        taken.insert(name.clone());
        name
    };
    names.into_iter().map(settle).collect()
}

/// The name, or one near it that is not taken.
#[must_use]
pub fn free(mut name: String, taken: &BTreeSet<String>) -> String {
    while taken.contains(&name) {
        name.push('_');
    }
    name
}

/// Whether Rust takes a text for a name, as it stands or behind `r#`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let goes_on = text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    begins && goes_on && text != "_" && !PATH_WORDS.contains(&text)
}

/// Whether a text is a name in `snake_case` as it stands, which a module or a method can have.
#[must_use]
pub fn is_snake(text: &str) -> bool {
    let small = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    let is_named = is_name(text) && text.starts_with(|first: char| first.is_ascii_lowercase());
    is_named && text.chars().all(small) && !text.contains("__") && (!text.ends_with('_') || snake(text) == text)
}

/// The name of an object that stands inline at a property of another.
#[must_use]
pub fn inline(parent: &str, property: &str) -> String {
    format!("{parent}{}", pascal(property))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_with_their_unit_are_one_word() {
        assert_eq!(snake("Print3D"), "print_3d");
        assert_eq!(snake("Url3dFound"), "url_3d_found");
        assert_eq!(snake("start3dPrint"), "start_3d_print");
    }

    #[test]
    fn a_number_at_the_end_stays_with_its_word() {
        assert_eq!(snake("ShelfId1"), "shelf_id1");
    }

    #[test]
    fn an_acronym_is_one_word() {
        assert_eq!(snake("BuyerIP"), "buyer_ip");
        assert_eq!(snake("TwoDMap"), "two_d_map");
        assert_eq!(snake("IPAddress"), "ip_address");
    }

    #[test]
    fn words_that_nothing_escapes_are_changed() {
        assert_eq!(snake("Self"), "self_");
        assert_eq!(pascal("self"), "Self_");
    }

    #[test]
    fn the_keywords_are_those_of_the_compiler() {
        for word in KEYWORDS {
            // syn is behind: `gen` is a keyword since the edition 2024, and `raw`, `safe` and `union` are none.
            assert!(word == "gen" || syn::parse_str::<syn::Ident>(word).is_err(), "{word}");
            assert!(syn::parse_str::<syn::Ident>(&format!("r#{word}")).is_ok(), "{word}");
        }
    }

    #[test]
    fn a_letter_of_another_alphabet_becomes_one_of_ascii() {
        assert_eq!(snake("İsim"), "isim");
        assert_eq!(snake("Ödeme\u{308}"), "odeme");
        assert_eq!(pascal("имя"), "Imya");
        assert_eq!(snake("$"), "");
    }

    #[test]
    fn what_was_added_to_a_name_gives_way_to_a_name() {
        assert_eq!(fields(["1", "N1", "self", "2nd"]), ["n1_", "n1", "self_", "n2nd"]);
    }

    #[test]
    fn a_name_that_is_proposed_is_not_changed_again() {
        for name in ["a_b", "3d", "self", "OrderID", "x1y"] {
            let proposed = settled_pascal(name);
            assert_eq!(pascal(&proposed), proposed, "{name}");
        }
    }

    #[test]
    fn other_cases_are_built_of_the_same_words() {
        assert_eq!(pascal("start3dPrint"), "Start3dPrint");
        assert_eq!(pascal("open-shop"), "OpenShop");
        assert_eq!(constant("shop-floor"), "SHOP_FLOOR");
    }
}
