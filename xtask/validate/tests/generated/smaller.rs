//! The least of a payload that still shows what it shows.

use super::Json;

/// Takes away whatever `shows` can do without.
pub fn smallest(json: &Json, shows: impl Fn(&Json) -> bool) -> Json {
    let mut least = json.clone();
    let mut place = 0;
    while place < least.size() {
        match simpler(&least, place).into_iter().find(|candidate| *candidate != least && shows(candidate)) {
            Some(found) => least = found,
            None => place += 1,
        }
    }
    least
}

/// The same with less at this place: without one of its children, or with the plainest of its kind.
fn simpler(whole: &Json, place: usize) -> Vec<Json> {
    let mut copy = whole.clone();
    let Some(value) = copy.at(place) else { return Vec::new() };
    let replacements = match value.clone() {
        Json::List(elements) => without_each(&elements).map(Json::List).collect(),
        Json::Object(fields) => without_each(&fields).map(Json::Object).collect(),
        Json::Text(text) if text.len() > 1 => vec![Json::Text(String::new()), Json::Text("a".to_owned())],
        Json::Number(digits) if digits.len() > 1 => vec![Json::Number("1".to_owned())],
        _ => Vec::new(),
    };
    let replaced = replacements.into_iter().filter_map(|replacement| {
        let mut copy = whole.clone();
        *copy.at(place)? = replacement;
        Some(copy)
    });
    replaced.collect()
}

fn without_each<T: Clone>(items: &[T]) -> impl Iterator<Item = Vec<T>> {
    (0..items.len()).map(|left_out| {
        let mut rest = items.to_vec();
        rest.remove(left_out);
        rest
    })
}
