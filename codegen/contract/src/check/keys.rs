//! `unknown-key`, `missing-key`, `wrong-kind`, `wrong-value`: the keys that may stand at each place of a
//! contract, and what may stand behind them. A key that no stage reads would be lost in silence, so it is refused.

use crate::document;
use crate::finding::Finding;
use crate::node::{Kind, Node};
use crate::read::Document;
use crate::schema;
use crate::spelling::did_you_mean;

/// What may stand behind a key.
#[derive(Clone, Copy)]
enum Value {
    Text,
    Bool,
    /// A mark: its absence says no.
    True,
    Int,
    Texts,
    Ints,
    Any,
    /// The version of OpenAPI that the contract is read as.
    Version,
    Word(&'static [&'static str]),
    /// A word that is never proposed: a wrong one would do harm.
    Chosen(&'static [&'static str]),
    One(&'static Place),
    Each(&'static Place),
    Listed(&'static Place),
    /// Names of the contract's own, each with a text.
    Pointers,
    /// Plain values, at least one.
    Literals,
}

use Value::{Any, Bool, Chosen, Each, Int, Ints, Listed, Literals, One, Pointers, Text, Texts, True, Version, Word};

/// A place of a contract: its keys, what stands behind them, and whether they must be there.
struct Place {
    name: &'static str,
    keys: &'static [(&'static str, Value, bool)],
}

const MUST: bool = true;
const MAY: bool = false;

static ROOT: Place = Place {
    name: "the root",
    keys: &[
        ("openapi", Version, MUST),
        ("info", One(&INFO), MUST),
        ("servers", Listed(&SERVER), MAY),
        ("tags", Listed(&TAG), MUST),
        ("paths", Each(&PATH_ITEM), MUST),
        ("components", One(&COMPONENTS), MUST),
        ("externalDocs", One(&PAGE), MAY),
        ("x-apis", Each(&API), MUST),
        ("x-webhooks", Each(&MESSAGE_ITEM), MAY),
        ("x-hash-formats", Listed(&HASH_FORMAT), MAY),
    ],
};
static INFO: Place = Place {
    name: "`info`",
    keys: &[
        ("title", Text, MUST),
        ("version", Text, MUST),
        ("summary", Text, MAY),
        ("description", Text, MAY),
        ("license", Any, MAY),
        ("contact", Any, MAY),
        ("termsOfService", Text, MAY),
    ],
};
static PAGE: Place = Place { name: "`externalDocs`", keys: &[("url", Text, MUST), ("description", Text, MAY)] };
static SERVER: Place = Place { name: "a server", keys: &[("url", Text, MUST), ("description", Text, MAY)] };
static TAG: Place = Place {
    name: "a tag",
    keys: &[("name", Text, MUST), ("description", Text, MUST), ("externalDocs", One(&PAGE), MAY)],
};
static API: Place = Place {
    name: "an API",
    keys: &[("title", Text, MUST), ("description", Text, MAY), ("prefix", Text, MAY), ("hosts", Listed(&HOST), MUST)],
};
static HOST: Place =
    Place { name: "a host", keys: &[("environment", Text, MUST), ("url", Text, MUST), ("source", Text, MUST)] };
static COMPONENTS: Place = Place {
    name: "`components`",
    keys: &[("schemas", Each(&SCHEMA), MAY), ("securitySchemes", Each(&SECURITY_SCHEME), MUST)],
};
static SECURITY_SCHEME: Place = Place {
    name: "a security scheme",
    keys: &[
        ("type", Text, MUST),
        ("in", Text, MUST),
        ("name", Text, MUST),
        ("description", Text, MAY),
        ("x-pair", Text, MUST),
        ("x-part", Text, MUST),
    ],
};
static PATH_ITEM: Place = Place {
    name: "a path",
    keys: &[
        ("$ref", Text, MAY),
        ("description", Text, MAY),
        ("servers", Listed(&SERVER), MAY),
        ("get", One(&OPERATION), MAY),
        ("post", One(&OPERATION), MAY),
        ("put", One(&OPERATION), MAY),
        ("patch", One(&OPERATION), MAY),
        ("delete", One(&OPERATION), MAY),
    ],
};
static OPERATION: Place = Place {
    name: "an operation",
    keys: &[
        ("operationId", Text, MUST),
        ("tags", Texts, MUST),
        ("summary", Text, MUST),
        ("description", Text, MAY),
        ("externalDocs", One(&PAGE), MUST),
        ("security", Any, MUST),
        ("parameters", Listed(&PARAMETER), MAY),
        ("requestBody", One(&REQUEST_BODY), MAY),
        ("responses", Each(&RESPONSE), MUST),
        ("x-method", Text, MAY),
        ("x-retry", Text, MUST),
        ("x-moves-money", Bool, MUST),
        ("x-effect", Chosen(&EFFECTS), MAY),
        ("x-inquiry", Text, MAY),
        ("x-merchant-code", Text, MAY),
        ("x-refusal", Listed(&REFUSAL), MAY),
        ("x-success", Listed(&SUCCESS), MAY),
        ("x-no-envelope", True, MAY),
        ("x-echo", Listed(&ECHO), MAY),
        ("x-bank-error", One(&BANK_ERROR), MAY),
    ],
};
static PARAMETER: Place = Place {
    name: "a parameter",
    keys: &[
        ("name", Text, MUST),
        ("in", Text, MUST),
        ("required", Bool, MAY),
        ("description", Text, MUST),
        ("schema", One(&SCHEMA), MUST),
        ("x-name", Text, MAY),
    ],
};
static MESSAGE_ITEM: Place = Place {
    name: "a message",
    keys: &[("$ref", Text, MAY), ("description", Text, MAY), ("post", One(&MESSAGE), MUST)],
};
static MESSAGE: Place = Place {
    name: "what is sent of a message",
    keys: &[
        ("operationId", Text, MUST),
        ("tags", Texts, MUST),
        ("summary", Text, MUST),
        ("description", Text, MAY),
        ("externalDocs", One(&PAGE), MUST),
        ("security", Any, MAY),
        ("requestBody", One(&REQUEST_BODY), MUST),
        ("responses", Each(&RESPONSE), MUST),
        ("x-claim", One(&CLAIM), MUST),
        ("x-hash", One(&HASH), MAY),
    ],
};
static CLAIM: Place = Place {
    name: "`x-claim`",
    keys: &[
        ("subject", Word(&SUBJECTS), MUST),
        ("merchant_code", Text, MAY),
        ("payment_code", Text, MAY),
        ("payment_id", Text, MAY),
        ("amount", Text, MAY),
        ("currency", Text, MAY),
        ("installment", Text, MAY),
        ("status", Text, MAY),
    ],
};
static HASH: Place = Place {
    name: "`x-hash`",
    keys: &[
        ("hash", Text, MUST),
        ("format", Text, MAY),
        ("key_type", Text, MAY),
        ("usual_format", Text, MUST),
        ("usual_key_type", Int, MUST),
        ("parts", Pointers, MUST),
    ],
};
static HASH_FORMAT: Place = Place { name: "a format of hashes", keys: &[("name", Text, MUST), ("parts", Texts, MUST)] };
static REQUEST_BODY: Place = Place {
    name: "a request body",
    keys: &[("required", Bool, MUST), ("description", Text, MAY), ("content", Each(&MEDIA_TYPE), MUST)],
};
static RESPONSE: Place = Place {
    name: "an answer",
    keys: &[("description", Text, MUST), ("content", Each(&MEDIA_TYPE), MAY), ("x-undocumented", True, MAY)],
};
static MEDIA_TYPE: Place = Place { name: "a media type", keys: &[("schema", One(&SCHEMA), MUST)] };
static REFUSAL: Place = Place {
    name: "a refusal",
    keys: &[
        ("who", Text, MUST),
        ("status", Text, MUST),
        ("accepted", Ints, MUST),
        ("code", Text, MUST),
        ("message", Text, MUST),
    ],
};
static SUCCESS: Place = Place { name: "`x-success`", keys: &[("at", Text, MUST), ("values", Literals, MAY)] };
static ECHO: Place = Place { name: "`x-echo`", keys: &[("request", Text, MUST), ("answer", Text, MUST)] };
static BANK_ERROR: Place = Place {
    name: "`x-bank-error`",
    keys: &[
        ("bank_code", Text, MAY),
        ("bank_message", Text, MAY),
        ("provider_code", Text, MAY),
        ("provider_message", Text, MAY),
    ],
};
static SCHEMA: Place = Place {
    name: "a schema",
    keys: &[
        ("$ref", Text, MAY),
        ("title", Text, MAY),
        ("description", Text, MAY),
        ("externalDocs", One(&PAGE), MAY),
        ("type", Text, MAY),
        ("format", Text, MAY),
        ("nullable", Bool, MAY),
        ("enum", Any, MAY),
        ("properties", Each(&SCHEMA), MAY),
        ("required", Texts, MAY),
        ("items", One(&SCHEMA), MAY),
        ("allOf", Listed(&SCHEMA), MAY),
        ("anyOf", Listed(&SCHEMA), MAY),
        ("minLength", Int, MAY),
        ("maxLength", Int, MAY),
        ("pattern", Text, MAY),
        ("minimum", Int, MAY),
        ("maximum", Int, MAY),
        ("exclusiveMinimum", Bool, MAY),
        ("exclusiveMaximum", Bool, MAY),
        ("minItems", Int, MAY),
        ("maxItems", Int, MAY),
        ("x-secret", Text, MAY),
        ("x-personal", True, MAY),
        ("x-source", Text, MAY),
        ("x-extensible-enum", Listed(&CODE), MAY),
        ("x-at-most-one", Texts, MAY),
        ("x-decided-by", Text, MAY),
        ("x-session", One(&SESSION), MAY),
        ("x-sum", One(&SUM), MAY),
        ("x-expiry", One(&EXPIRY), MAY),
        ("x-envelope", One(&ENVELOPE), MAY),
    ],
};
static CODE: Place = Place {
    name: "a code",
    keys: &[("value", Any, MUST), ("name", Text, MUST), ("meaning", Text, MUST), ("nothing_charged", True, MAY)],
};
static SESSION: Place =
    Place { name: "`x-session`", keys: &[("renewed", Text, MUST), ("id", Text, MUST), ("expiry", Text, MAY)] };
static SUM: Place = Place { name: "`x-sum`", keys: &[("total", Text, MUST), ("parts", Text, MUST)] };
static EXPIRY: Place = Place { name: "`x-expiry`", keys: &[("month", Text, MUST), ("year", Text, MUST)] };
static ENVELOPE: Place = Place {
    name: "`x-envelope`",
    keys: &[
        ("success", Listed(&SUCCESS_MARK), MUST),
        ("code", Text, MAY),
        ("code_type", Text, MAY),
        ("messages", Texts, MAY),
        ("errors", One(&ERROR_LIST), MAY),
        ("payload", Text, MAY),
        ("small_letters", True, MAY),
    ],
};
static SUCCESS_MARK: Place = Place { name: "a mark of success", keys: &[("member", Text, MUST), ("value", Any, MUST)] };
static ERROR_LIST: Place =
    Place { name: "a list of errors", keys: &[("member", Text, MUST), ("code", Text, MAY), ("message", Text, MAY)] };

static SAMPLE: Place = Place {
    name: "a sample",
    keys: &[
        ("page", Text, MUST),
        ("origin", Word(&["verbatim", "restated"]), MUST),
        ("outcome", Word(&["refused"]), MAY),
        ("placeholders", Listed(&PLACEHOLDER), MAY),
        ("departures", Listed(&DEPARTURE), MAY),
    ],
};
static ENDPOINTS: Place =
    Place { name: "a service", keys: &[("service", Text, MUST), ("endpoints", Listed(&ENDPOINT), MUST)] };
static ENDPOINT: Place = Place {
    name: "an endpoint",
    keys: &[
        ("method", Text, MAY),
        ("path", Text, MAY),
        ("callback", True, MAY),
        ("id", Text, MAY),
        ("page", Text, MUST),
        ("title", Text, MUST),
        ("fields", Word(&["complete", "partial", "none"]), MUST),
        ("request", Word(&["sample", "none", "n/a"]), MUST),
        ("answer", Word(&["sample", "none", "n/a"]), MUST),
        ("failure", Word(&["sample", "none", "n/a"]), MUST),
    ],
};
static PLACEHOLDER: Place =
    Place { name: "a placeholder", keys: &[("pointer", Text, MUST), ("text", Text, MUST), ("meaning", Text, MUST)] };
static DEPARTURE: Place =
    Place { name: "a departure", keys: &[("pointer", Text, MUST), ("rule", Text, MUST), ("reason", Text, MUST)] };

/// What an operation that moves money does to a payment.
const EFFECTS: [&str; 8] = ["payment", "completion", "capture", "void", "refund", "partial-refund", "cancel", "revert"];

/// What a message speaks of.
const SUBJECTS: [&str; 6] = ["payment", "apm", "payout", "subscription", "bulk-payment", "split-payment"];

/// Every key of the root, of each file by what its folder holds, and of the index of samples.
pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    place(&ROOT, document.root(), &mut findings);
    if let Some(index) = &document.index {
        each(&SAMPLE, index, &mut findings);
    }
    if let Some(endpoints) = &document.endpoints {
        listed("endpoints.yaml", &ENDPOINTS, endpoints, &mut findings);
    }
    for (file, node) in document.files.iter().filter(|(file, _)| **file != document.root) {
        match file.split_once('/') {
            Some(("paths", _)) => path_items(document, node, &mut findings),
            Some(("schemas", _)) => each(&SCHEMA, node, &mut findings),
            _ => findings.push(Finding::new(
                "misplaced-file",
                &node.at,
                "a file of the contract outside `paths/` and `schemas/`",
                "move it to the folder of what it holds",
            )),
        }
    }
    findings
}

/// Operations and messages, which are told apart by who refers to them; what nobody does, by what it says.
fn path_items(document: &Document, node: &Node, findings: &mut Vec<Finding>) {
    let Kind::Map(entries) = &node.kind else { return each(&PATH_ITEM, node, findings) };
    let is_in = |items: &[&Node], item: &Node| items.iter().any(|other| std::ptr::eq(*other, item));
    let messages: Vec<&Node> = document::message_items(document).into_iter().map(|(_, _, item)| item).collect();
    let operations: Vec<&Node> = document::operations(document).into_iter().map(|operation| operation.item).collect();
    for entry in entries {
        let claims = entry.value.get("post").is_some_and(|post| post.get("x-claim").is_some());
        let is_message = is_in(&messages, &entry.value) || claims && !is_in(&operations, &entry.value);
        place(if is_message { &MESSAGE_ITEM } else { &PATH_ITEM }, &entry.value, findings);
    }
}

/// Whether a key may stand at some schema.
pub(super) fn is_of_schema(key: &str) -> bool {
    SCHEMA.keys.iter().any(|(known, ..)| *known == key)
}

fn place(place: &Place, node: &Node, findings: &mut Vec<Finding>) {
    let Kind::Map(entries) = &node.kind else {
        return findings.push(wrong_kind(place.name, "a mapping", node));
    };
    if let (Some(reference), true) = (node.entry("$ref"), entries.len() > 1) {
        findings.push(Finding::new(
            "reference-sibling",
            &reference.at,
            "`$ref` beside other keys, which OpenAPI 3.0 ignores",
            "put the `$ref` alone into a one-element `allOf`",
        ));
    }
    for entry in entries {
        match place.keys.iter().find(|(key, ..)| *key == entry.key) {
            Some((key, expected, _)) => value(key, *expected, &entry.value, findings),
            None => findings.push(Finding::new(
                "unknown-key",
                &entry.at,
                format!("`{}` is no key of {}", entry.key, place.name),
                did_you_mean(&entry.key, place.keys.iter().map(|(key, ..)| *key), "remove it: nothing reads it"),
            )),
        }
    }
    let is_reference = node.get("$ref").is_some();
    for (key, _, _) in place.keys.iter().filter(|(key, _, must)| *must && !is_reference && node.get(key).is_none()) {
        findings.push(Finding::new(
            "missing-key",
            &node.at,
            format!("{} without `{key}`", place.name),
            format!("write `{key}`"),
        ));
    }
}

fn value(key: &str, expected: Value, node: &Node, findings: &mut Vec<Finding>) {
    let fits = match expected {
        Any => true,
        Text | Word(_) | Chosen(_) | Version => node.text().is_some(),
        Bool | True => node.bool().is_some(),
        Int => node.int().is_some(),
        Texts => is_list_of(node, |element| element.text().is_some()),
        Ints => is_list_of(node, |element| element.int().is_some()),
        Literals => !node.elements().is_empty() && is_list_of(node, |element| schema::literal(element).is_some()),
        Pointers => {
            matches!(&node.kind, Kind::Map(entries) if entries.iter().all(|entry| entry.value.text().is_some()))
        }
        One(inner) => return place(inner, node, findings),
        Each(inner) => return each(inner, node, findings),
        Listed(inner) => return listed(key, inner, node, findings),
    };
    if fits {
        findings.extend(odd_value(key, expected, node));
    } else {
        findings.push(wrong_kind(&format!("`{key}`"), &expected_name(expected), node));
    }
}

/// A value of the right kind that is none of those that are read.
fn odd_value(key: &str, expected: Value, node: &Node) -> Option<Finding> {
    let (message, fix) = match (expected, node.text()) {
        (Word(words), Some(text)) if !words.contains(&text) => {
            let fix = did_you_mean(text, words.iter().copied(), &format!("write {}", words.join(" or ")));
            (format!("`{key}: {text}` is {}", none_of(words)), fix)
        }
        // A hint would be taken, and money would be looked up where it never was.
        (Chosen(words), Some(text)) if !words.contains(&text) => {
            let otherwise = if key == "x-effect" {
                "; where money moves otherwise, leave it out and write `x-inquiry: none`"
            } else {
                ""
            };
            (format!("`{key}: {text}` is {}", none_of(words)), format!("write {}{otherwise}", words.join(" or ")))
        }
        (Version, Some(text)) if !is_version(text) => {
            (format!("`{key}: {text}` is not 3.0"), "write `3.0.3`: the contract is read as OpenAPI 3.0".to_owned())
        }
        (True, _) if node.bool() == Some(false) => {
            (format!("`{key}: false`, which its absence says"), "write true, or leave it out".to_owned())
        }
        _ => return None,
    };
    Some(Finding::new("wrong-value", &node.at, message, fix))
}

fn is_version(text: &str) -> bool {
    let patch = text.strip_prefix("3.0.").unwrap_or_default();
    !patch.is_empty() && patch.chars().all(|char| char.is_ascii_digit())
}

fn none_of(words: &[&str]) -> String {
    match words {
        [one] => format!("not `{one}`"),
        words => format!("neither {}", words.join(" nor ")),
    }
}

fn is_list_of(node: &Node, fits: impl Fn(&Node) -> bool) -> bool {
    matches!(&node.kind, Kind::List(elements) if elements.iter().all(fits))
}

fn each(inner: &Place, node: &Node, findings: &mut Vec<Finding>) {
    match &node.kind {
        Kind::Map(entries) => entries.iter().for_each(|entry| place(inner, &entry.value, findings)),
        _ => findings.push(wrong_kind(&format!("a mapping of {}", inner.name), "a mapping", node)),
    }
}

fn listed(key: &str, inner: &Place, node: &Node, findings: &mut Vec<Finding>) {
    match &node.kind {
        Kind::List(elements) => elements.iter().for_each(|element| place(inner, element, findings)),
        _ => findings.push(wrong_kind(&format!("`{key}`"), "a list", node)),
    }
}

fn wrong_kind(what: &str, expected: &str, node: &Node) -> Finding {
    Finding::new(
        "wrong-kind",
        &node.at,
        format!("{what} is {}, not {expected}", node.kind_name()),
        format!("write {expected}"),
    )
}

fn expected_name(value: Value) -> String {
    let name = match value {
        Text | Word(_) | Chosen(_) => "a string",
        Version => "a version, as `3.0.3`",
        True => "true",
        Bool => "true or false",
        Int => "a whole number",
        Texts => "a list of strings",
        Ints => "a list of whole numbers",
        Pointers => "a mapping of names to strings",
        Literals => "a list of one or more plain values",
        Any | One(_) | Each(_) | Listed(_) => "a value",
    };
    name.to_owned()
}
