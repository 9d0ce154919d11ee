//! Does a card number or a security code of the corpus appear anywhere? In no format, whatever is wrong with the payload
//! around it, and not even where values are asked for.

use std::fs;
use std::process::Output;

use crate::cases::{all, groups};
use crate::program::run;

const FORMATS: [&str; 4] = ["text", "json", "junit", "sarif"];

/// Card numbers, their ends, and the security code, as they stand in the corpus.
const CARDS: [&str; 10] = [
    "5528790000000008",
    "552879000000000800000",
    "5528 79 00 00 00 00 08",
    "55287900",
    "9174",
    "41197901",
    "6389",
    "48249048",
    "482490480000000000000",
    "8012",
];

/// What belongs to persons and what opens doors: shown when values are asked for.
const OTHERS: [&str; 10] = [
    "5336662211",
    "905123456710",
    "user@example.com",
    "11111111110",
    "4651176935",
    "TR370006400012345678987654",
    "Iyzico Kart",
    "55daa93d-4a99-45de-9431-bb93d0bbf92e",
    "88599362e05441458c1efa588a711c8f",
    "9b27433e-f36b-1410-80e5-004205aa382d",
];

/// Everything that the program writes about the corpus.
fn everything(format: &str, arguments: &[&str]) -> String {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--format", format, "--max-findings", "100000"]);
    let told = groups(all()).into_values().map(|cases| run(&cases, &arguments));
    told.map(|Output { stdout, stderr, .. }| {
        String::from_utf8(stdout).expect("text") + &String::from_utf8(stderr).expect("text")
    })
    .collect()
}

/// The lines that show one of them.
fn shown<'t>(told: &'t str, secrets: &[&str]) -> Vec<&'t str> {
    told.lines().filter(|line| secrets.iter().any(|secret| shows(line, secret))).collect()
}

/// A short code can stand in a longer number of a place, and is not meant there.
fn shows(line: &str, secret: &str) -> bool {
    let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
    line.match_indices(secret).any(|(at, _)| {
        let (before, behind) = (line[..at].chars().next_back(), line[at + secret.len()..].chars().next());
        secret.len() > 4 || !(is_digit(before) || is_digit(behind))
    })
}

#[test]
fn the_secrets_are_in_the_corpus() {
    let texts =
        all().into_iter().map(|case| String::from_utf8_lossy(&fs::read(&case.file).expect("a file")).into_owned());
    let whole: String = texts.collect();
    for secret in CARDS.iter().chain(&OTHERS) {
        assert!(whole.contains(secret), "{secret} is nowhere");
    }
}

#[test]
fn nothing_secret_appears_in_any_format() {
    let secrets: Vec<&str> = CARDS.into_iter().chain(OTHERS).collect();
    for format in FORMATS {
        let told = everything(format, &[]);
        assert!(told.contains("card-expired"), "{format} says nothing of cards");
        assert_eq!(shown(&told, &secrets), Vec::<&str>::new(), "{format}");
    }
}

#[test]
fn no_card_appears_where_values_are_asked_for() {
    for format in FORMATS {
        let told = everything(format, &["--show-values"]);
        assert!(!shown(&told, &OTHERS).is_empty(), "{format} shows no value");
        assert_eq!(shown(&told, &CARDS), Vec::<&str>::new(), "{format}");
    }
}
