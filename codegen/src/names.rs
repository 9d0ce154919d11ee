//! Names of the contract as names of Rust.

/// The words of a name: `OpeningHourCode` is opening, hour, code; `Print3D` is print, 3d.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, &current) in chars.iter().enumerate() {
        if !current.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if index > 0 && is_boundary(&chars, index) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(current.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a word begins at `index`. Digits begin one only when letters follow them (`Print3D`, not
/// `ShelfId1`), and those letters stay with them.
fn is_boundary(chars: &[char], index: usize) -> bool {
    let (before, current) = (chars[index - 1], chars[index]);
    let next_is_lower = chars.get(index + 1).is_some_and(|next| next.is_lowercase());
    if current.is_ascii_digit() {
        return before.is_alphabetic() && letters_follow_digits(chars, index);
    }
    if !current.is_uppercase() {
        return false;
    }
    before.is_lowercase() || next_is_lower && before.is_alphanumeric()
}

fn letters_follow_digits(chars: &[char], index: usize) -> bool {
    chars[index..].iter().find(|char| !char.is_ascii_digit()).is_some_and(|char| char.is_alphabetic())
}

/// `opening_hour_code`, with `r#` before a keyword.
#[must_use]
pub fn snake(name: &str) -> String {
    let name = words(name).join("_");
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { format!("n{name}") } else { name };
    match name.as_str() {
        "self" | "super" | "crate" | "" => format!("{name}_"),
        _ if syn::parse_str::<syn::Ident>(&name).is_err() => format!("r#{name}"),
        _ => name,
    }
}

/// `OpeningHourCode`.
#[must_use]
pub fn pascal(name: &str) -> String {
    words(name)
        .iter()
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
        })
        .collect()
}

/// `OPENING_HOUR_CODE`.
#[must_use]
pub fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// Whether Rust takes a text for a name as it stands.
#[must_use]
pub fn is_name(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
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
    fn keywords_are_escaped() {
        assert_eq!(snake("Type"), "r#type");
        assert_eq!(snake("Self"), "self_");
    }

    #[test]
    fn other_cases_are_built_of_the_same_words() {
        assert_eq!(pascal("start3dPrint"), "Start3dPrint");
        assert_eq!(pascal("open-shop"), "OpenShop");
        assert_eq!(constant("shop-floor"), "SHOP_FLOOR");
    }
}
