//! Which name was meant by one that is not known.

/// How alike two names must be, from 0 to 1.
const ALIKE: f64 = 0.75;

/// The longest text that is compared: one of more characters is no name, and comparing takes the product of both lengths.
const LONGEST: usize = 64;

/// The most alike of some names, if one is alike. Capitals say nothing.
#[must_use]
pub fn nearest<'n>(found: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    most_alike(found, known, alike)
}

fn most_alike<'n>(
    found: &str,
    known: impl IntoIterator<Item = &'n str>,
    least: impl Fn(&str) -> f64,
) -> Option<&'n str> {
    if found.len() > LONGEST {
        return None;
    }
    let scored = known.into_iter().map(|name| (similarity(found, name), name));
    let mut best: Vec<(f64, &str)> = scored.filter(|(score, name)| *score >= least(name)).collect();
    best.sort_by(|one, other| other.0.total_cmp(&one.0));
    match best.as_slice() {
        // Between two that are as near nobody can tell.
        [first, second, ..] if first.0 <= second.0 && first.1 != second.1 => None,
        [first, ..] => Some(first.1),
        [] => None,
    }
}

/// One letter of three is a slip too.
fn alike(name: &str) -> f64 {
    if name.len() <= 3 { 0.6 } else { ALIKE }
}

fn similarity(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&one.to_lowercase(), &other.to_lowercase())
}

/// `did you mean …` when a name is near, else what to do otherwise.
#[must_use]
pub fn did_you_mean<'n>(found: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    // Whoever writes a contract asks for more than a payload does: words of the format, and names of their own.
    match most_alike(found, known, |_| 0.6) {
        Some(name) => format!("did you mean `{name}`? otherwise {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// `did you mean …` for the path of a file.
#[must_use]
pub(crate) fn did_you_mean_file<'n>(found: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    did_you_mean(found, known.into_iter().filter(|name| is_near_file(found, name)), otherwise)
}

/// Whether one path may be meant by another. Folders and endings that all paths share make none near: each part
/// must be.
#[must_use]
pub(crate) fn is_near_file(found: &str, known: &str) -> bool {
    let parts = |path| str::split(path, ['/', '.']);
    parts(found).count() == parts(known).count()
        && parts(found).zip(parts(known)).all(|(found, known)| similarity(found, known) > 0.6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_seen() {
        let names = ["Amount", "Parcels", "BuyerIP"];
        assert_eq!(nearest("Amuont", names), Some("Amount"));
        assert_eq!(nearest("parcles", names), Some("Parcels"));
        assert_eq!(nearest("Colour", names), None);
        assert_eq!(nearest("Cvc", ["Cvv", "Number"]), Some("Cvv"));
        assert_eq!(nearest("0001", ["0000", "5001"]), None, "either is as near");
    }

    #[test]
    fn a_path_is_near_where_each_part_is() {
        assert!(is_near_file("samples/pay/ok.jsonc", "samples/pays/ok.jsonc"));
        assert!(!is_near_file("samples/pay/ok.jsonc", "samples/refund/ok.jsonc"));
    }
}
