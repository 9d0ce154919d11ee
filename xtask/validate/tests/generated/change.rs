//! One thing changed in a payload, as people and programs get them wrong.

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::Json;

type Change = fn(&mut Json, &mut StdRng) -> bool;

/// A change says whether there was anything that it could change.
const CHANGES: [(&str, Change); 18] = [
    ("a field left out", left_out),
    ("a field left out", left_out),
    ("a key in another case", in_another_case),
    ("a key with a letter more", a_letter_more),
    ("a field twice", twice),
    ("a field too many", too_many),
    ("a value of another type", of_another_type),
    ("null", nothing),
    ("another number", another_number),
    ("another number", another_number),
    ("a number as a text", number_as_text),
    ("a text as a number", text_as_number),
    ("another text", another_text),
    ("another text", another_text),
    ("another text", another_text),
    ("a true or false as a text", boolean_as_text),
    ("another list", another_list),
    ("another list", another_list),
];

const NUMBERS: [&str; 26] = [
    "0",
    "-0",
    "-1",
    "0.0",
    "1.0",
    "1e0",
    "1.5",
    "4",
    "5",
    "21",
    "30",
    "31",
    "1001",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "1e400",
    "1e-400",
    "0.1",
    "1.00000000000000000001",
    "123456789012345678901234567890.12",
    "-0.01",
];

const TEXTS: [&str; 18] = [
    "",
    " ",
    "0",
    "1",
    "true",
    "null",
    "13",
    "2030",
    "07",
    "2023-02-30",
    "2024-02-29",
    "2024-06-13\n",
    "2025-04-03T24:00:00",
    "2025-02-30T10:00:00",
    "2025-04-03T23:59:60Z",
    "2025-04-03T10:00:00+25:00",
    "123456",
    "{{$guid}}",
];

/// Changes one thing, and says what.
pub(super) fn once(json: &mut Json, random: &mut StdRng) -> &'static str {
    for _ in 0..64 {
        let (name, change) = CHANGES.choose(random).expect("changes");
        let start = random.random_range(0..json.size());
        let mut places = (start..json.size()).chain(0..start);
        if places.any(|place| json.at(place).is_some_and(|value| change(value, random))) {
            return name;
        }
    }
    "nothing"
}

fn left_out(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Object(fields) = value else { return false };
    if fields.is_empty() {
        return false;
    }
    fields.remove(random.random_range(0..fields.len()));
    true
}

fn in_another_case(value: &mut Json, random: &mut StdRng) -> bool {
    with_key(value, random, |key| {
        let first = key.chars().next().unwrap_or_default();
        let other = if first.is_uppercase() { first.to_lowercase().next() } else { first.to_uppercase().next() };
        *key = other.into_iter().chain(key.chars().skip(1)).collect();
    })
}

fn a_letter_more(value: &mut Json, random: &mut StdRng) -> bool {
    with_key(value, random, |key| key.push('s'))
}

fn with_key(value: &mut Json, random: &mut StdRng, change: impl FnOnce(&mut String)) -> bool {
    let Json::Object(fields) = value else { return false };
    if fields.is_empty() {
        return false;
    }
    let place = random.random_range(0..fields.len());
    change(&mut fields[place].0);
    true
}

fn twice(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Object(fields) = value else { return false };
    let Some(field) = fields.choose(random).cloned() else { return false };
    fields.push(field);
    true
}

fn too_many(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Object(fields) = value else { return false };
    let place = random.random_range(0..=fields.len());
    fields.insert(place, ("Unheard".to_owned(), Json::Text("of".to_owned())));
    true
}

fn of_another_type(value: &mut Json, random: &mut StdRng) -> bool {
    let others = [
        Json::Bool(true),
        Json::Number("7".to_owned()),
        Json::Text("seven".to_owned()),
        Json::List(Vec::new()),
        Json::List(vec![Json::Null]),
        Json::Object(Vec::new()),
        Json::Object(vec![("Id".to_owned(), Json::Number("1".to_owned()))]),
    ];
    *value = others.choose(random).expect("others").clone();
    true
}

fn nothing(value: &mut Json, _: &mut StdRng) -> bool {
    let was_something = *value != Json::Null;
    *value = Json::Null;
    was_something
}

fn another_number(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Number(digits) = value else { return false };
    (*NUMBERS.choose(random).expect("numbers")).clone_into(digits);
    true
}

fn number_as_text(value: &mut Json, _: &mut StdRng) -> bool {
    let Json::Number(digits) = value else { return false };
    *value = Json::Text(std::mem::take(digits));
    true
}

fn text_as_number(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Text(_) = value else { return false };
    *value = Json::Number(random.random_range(0..1_000_000_i64).to_string());
    true
}

fn another_text(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Text(text) = value else { return false };
    match random.random_range(0..8) {
        0 => *text = "9".repeat(*[15, 16, 20, 21, 150, 151, 250, 251].choose(random).expect("lengths")),
        1 => *text = "😀".repeat(*[15, 16, 20, 21, 150, 151, 250, 251].choose(random).expect("lengths")),
        2 => text.push('\n'),
        3 => text.push('x'),
        4 => drop(text.pop()),
        _ => (*TEXTS.choose(random).expect("texts")).clone_into(text),
    }
    true
}

fn boolean_as_text(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::Bool(truth) = *value else { return false };
    *value = if random.random() { Json::Text(truth.to_string()) } else { Json::Number(u8::from(truth).to_string()) };
    true
}

fn another_list(value: &mut Json, random: &mut StdRng) -> bool {
    let Json::List(elements) = value else { return false };
    match (random.random_range(0..3), elements.first().cloned()) {
        (0, _) => elements.clear(),
        (1, Some(first)) => elements.push(first),
        _ => elements.push(Json::Null),
    }
    true
}
