//! The places of a contract that a name can stand in, each as a contract with all words there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codegen::{Home, Tree};

/// A place, and how the contract is made that has all words there.
pub struct Place {
    /// Its name, which is that of the module.
    pub name: &'static str,
    /// The place in words.
    pub about: &'static str,
    /// What makes a word one that may stand here, and that no other one here collides with.
    spelled: fn(&str) -> String,
    /// The files of the contract.
    contract: fn(&[String]) -> Vec<(String, String)>,
}

/// What a place gives.
pub struct Accepted {
    /// The generated files.
    pub files: Tree,
    /// What was refused, and what was proposed instead and accepted.
    pub proposed: Vec<(String, String)>,
}

/// Every place.
pub const PLACES: [&Place; 15] = [
    &Place {
        name: "optional_fields",
        about: "a field that may be left out",
        spelled: pascal,
        contract: optional_fields,
    },
    &Place { name: "required_fields", about: "a field that must be there", spelled: pascal, contract: required_fields },
    &Place {
        name: "sole_fields",
        about: "the only required field, and the only one",
        spelled: pascal,
        contract: sole_fields,
    },
    &Place {
        name: "coded_fields",
        about: "a field of a list of codes, a secret, an amount",
        spelled: snake,
        contract: coded_fields,
    },
    &Place { name: "headers", about: "a header", spelled: kebab, contract: headers },
    &Place { name: "methods", about: "a method", spelled: snake, contract: methods },
    &Place {
        name: "methods_with_a_request",
        about: "a method that takes a request",
        spelled: snake,
        contract: methods_with_a_request,
    },
    &Place { name: "ids", about: "the id of an operation", spelled: camel, contract: ids },
    &Place { name: "tags", about: "a tag", spelled: snake, contract: tags },
    &Place { name: "objects", about: "an object", spelled: pascal, contract: types },
    &Place { name: "far_types", about: "an object of another module", spelled: pascal, contract: far_types },
    &Place { name: "lists", about: "a list of codes", spelled: pascal, contract: lists },
    &Place { name: "constants", about: "a code", spelled: upper, contract: constants },
    &Place { name: "messages", about: "a message and what it holds", spelled: alphanumeric, contract: messages },
    &Place { name: "facts", about: "an API and a pair of keys", spelled: of_facts, contract: facts },
];

/// The files of a place. What is refused must be accepted once the finding's own proposal is followed.
pub fn accepted(place: &Place, words: &[String], folder: &Path) -> Result<Accepted, String> {
    let mut seen = BTreeSet::new();
    let spelled = words.iter().map(|word| (place.spelled)(word)).filter(|word| !word.is_empty());
    let mut words: Vec<String> = spelled.filter(|word| seen.insert(folded(word))).collect();
    let mut proposed = Vec::new();
    for _ in 0..2 {
        let contract = folder.join("contract");
        for (name, text) in (place.contract)(&words) {
            super::write(&contract.join(name), &text)?;
        }
        match codegen::generate(&contract, Home::Elsewhere) {
            Ok(files) => return Ok(Accepted { files, proposed }),
            Err(findings) => {
                let followed: BTreeMap<String, String> = findings
                    .iter()
                    .map(|finding| {
                        let quoted = |text: &str| text.split('`').nth(1).map(str::to_owned);
                        let refused = quoted(&finding.message).ok_or_else(|| finding.to_string())?;
                        let fix = quoted(&finding.fix).ok_or_else(|| format!("{}: {finding}", place.name))?;
                        Ok::<_, String>((refused, fix))
                    })
                    .collect::<Result<_, _>>()?;
                if !proposed.is_empty() {
                    return Err(format!("{}: refused after its own proposal: {findings}", place.name));
                }
                if !words.iter().any(|word| followed.contains_key(word)) {
                    return Err(format!("{}: refused for something else: {findings}", place.name));
                }
                for word in &mut words {
                    if let Some(other) = followed.get(word) {
                        proposed.push((word.clone(), other.clone()));
                        word.clone_from(other);
                    }
                }
            }
        }
    }
    Err(format!("{}: what is proposed is refused in turn", place.name))
}

/// Words that differ in capitals and marks alone are one name, and one that begins with a digit gets a letter.
fn folded(word: &str) -> String {
    let word = word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if word.starts_with(|first: char| first.is_ascii_digit()) { format!("n{word}") } else { word }
}

fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for char in word.chars() {
        if !char.is_ascii_alphanumeric() || char.is_ascii_uppercase() && before.is_ascii_lowercase() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| char.is_ascii_alphanumeric()) {
            part.push(char.to_ascii_lowercase());
        }
        before = char;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn capital(part: &str) -> String {
    let (first, rest) = part.split_at(1);
    first.to_ascii_uppercase() + rest
}

fn pascal(word: &str) -> String {
    parts(word).iter().map(|part| capital(part)).collect()
}

fn camel(word: &str) -> String {
    let word = pascal(word);
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_ascii_lowercase() + rest
}

fn alphanumeric(word: &str) -> String {
    camel(word)
}

fn snake(word: &str) -> String {
    parts(word).join("_")
}

fn kebab(word: &str) -> String {
    parts(word).join("-")
}

/// Constants are named by hand, and begin with a letter.
fn upper(word: &str) -> String {
    let word = snake(word).to_ascii_uppercase();
    if word.starts_with(|first: char| first.is_ascii_digit()) { String::new() } else { word }
}

const PAGE: &str = "externalDocs: {url: 'https://docs.example/words'}";

/// A contract of these tags, paths and schemas.
fn root(tags: &str, paths: &str, schemas: &str, more: &str) -> String {
    with_facts(tags, paths, schemas, more, "zzcounter", "zzshop")
}

fn with_facts(tags: &str, paths: &str, schemas: &str, more: &str, pair: &str, api: &str) -> String {
    format!(
        "openapi: 3.0.3
info: {{title: Words, version: 1.0.0}}
tags:
{tags}paths:
{paths}components:
  securitySchemes:
    ZzKey: {{type: apiKey, in: header, name: shop-key, x-pair: \"{pair}\", x-part: key}}
    ZzClient: {{type: apiKey, in: header, name: shop-client, x-pair: \"{pair}\", x-part: client}}
  schemas:
    ZzWrapper:
      type: object
      description: What every answer is wrapped in.
      {PAGE}
      x-envelope: {{success: [{{member: Code, value: 0}}, {{member: Done, value: true}}], code: Code, messages: [Words], payload: Body}}
      properties:
        Code: {{description: 0 on success., anyOf: [{{$ref: '#/components/schemas/ZzError'}}, {{type: object, nullable: true, enum: [null]}}]}}
        Done: {{type: boolean, nullable: true, description: True on success.}}
        Words: {{type: string, nullable: true, description: The reason of a failure.}}
    ZzError:
      type: integer
      description: Why not.
      {PAGE}
      x-extensible-enum: [{{value: 0, name: SUCCESS, meaning: It went well.}}]
    ZzDone:
      type: object
      description: What came of it.
      {PAGE}
      properties: {{Zz: {{type: string, nullable: true, description: A text.}}}}
{schemas}x-apis:
  \"{api}\": {{title: the shop, hosts: [{{environment: test, url: 'https://shop.example', source: the docs}}]}}
{more}"
    )
}

const TAG: &str = "  - {name: zztag, description: The words.}\n";

/// An operation that takes `request` and answers with `answer`; either may be empty.
fn operation(index: usize, id: &str, tag: &str, more: &str, request: &str, answer: &str) -> String {
    let body = if request.is_empty() {
        String::new()
    } else {
        format!(
            "      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '{request}'}}}}}}}}\n"
        )
    };
    let answer = if answer.is_empty() { "#/components/schemas/ZzDone" } else { answer };
    format!(
        "  /zz/{index}:
    servers: [{{url: 'https://shop.example'}}]
    post:
      operationId: \"{id}\"
      tags: [\"{tag}\"]
      summary: Say a word
      {PAGE}
      x-retry: unsent
      x-moves-money: false
{more}      security: [{{ZzKey: [], ZzClient: []}}]
{body}      responses:
        \"200\": {{description: Done., content: {{application/json: {{schema: {{allOf: [{{$ref: '#/components/schemas/ZzWrapper'}}, {{type: object, properties: {{Body: {{$ref: '{answer}'}}}}}}]}}}}}}}}
        default: {{description: Anything else., x-undocumented: true}}
"
    )
}

fn object(name: &str, required: &[String], properties: &str) -> String {
    let required: Vec<String> = required.iter().map(|word| format!("\"{word}\"")).collect();
    let required =
        if required.is_empty() { String::new() } else { format!("      required: [{}]\n", required.join(", ")) };
    format!(
        "    \"{name}\":\n      type: object\n      description: Words.\n      {PAGE}\n{required}      properties:\n{properties}"
    )
}

fn text(word: &str) -> String {
    format!("        \"{word}\": {{type: string, minLength: 1, description: A text.}}\n")
}

fn one(root: String) -> Vec<(String, String)> {
    vec![("openapi.yaml".to_owned(), root)]
}

/// A contract of one operation that sends and receives the object `ZzWords`.
fn of_fields(schemas: &str) -> Vec<(String, String)> {
    let words = "#/components/schemas/ZzWords";
    one(root(TAG, &operation(0, "zzsay", "zztag", "", words, words), schemas, ""))
}

fn optional_fields(words: &[String]) -> Vec<(String, String)> {
    of_fields(&object("ZzWords", &[], &words.iter().map(|word| text(word)).collect::<String>()))
}

fn required_fields(words: &[String]) -> Vec<(String, String)> {
    of_fields(&object("ZzWords", words, &words.iter().map(|word| text(word)).collect::<String>()))
}

fn sole_fields(words: &[String]) -> Vec<(String, String)> {
    let (mut schemas, mut properties) = (String::new(), String::new());
    for (index, word) in words.iter().enumerate() {
        schemas.push_str(&object(&format!("ZzNeeds{index}"), std::slice::from_ref(word), &text(word)));
        schemas.push_str(&object(&format!("ZzTakes{index}"), &[], &text(word)));
        properties.push_str(&format!("        Needs{index}: {{$ref: '#/components/schemas/ZzNeeds{index}'}}\n"));
        properties.push_str(&format!("        Takes{index}: {{$ref: '#/components/schemas/ZzTakes{index}'}}\n"));
    }
    of_fields(&(schemas + &object("ZzWords", &[], &properties)))
}

fn coded_fields(words: &[String]) -> Vec<(String, String)> {
    let kinds = [
        "$ref: '#/components/schemas/ZzError'",
        "type: string, x-secret: token, description: A secret.",
        "type: number, format: decimal, minimum: 1, description: An amount.",
        "type: array, description: A list., items: {$ref: '#/components/schemas/ZzDone'}",
    ];
    let field = |(index, word): (usize, &String)| format!("        \"{word}\": {{{}}}\n", kinds[index % kinds.len()]);
    of_fields(&object("ZzWords", &[], &words.iter().enumerate().map(field).collect::<String>()))
}

fn headers(words: &[String]) -> Vec<(String, String)> {
    let header = |(index, word): (usize, &String)| {
        let required = index % 2 == 0;
        format!(
            "        - {{name: \"{word}\", in: header, required: {required}, description: A header., schema: {{type: string}}}}\n"
        )
    };
    let list: String = words.iter().enumerate().map(header).collect();
    one(root(TAG, &operation(0, "zzsay", "zztag", &format!("      parameters:\n{list}"), "", ""), "", ""))
}

fn methods_of(words: &[String], request: &str) -> Vec<(String, String)> {
    let method = |(index, word): (usize, &String)| {
        operation(index, &format!("zzop{index}"), "zztag", &format!("      x-method: \"{word}\"\n"), request, "")
    };
    one(root(TAG, &words.iter().enumerate().map(method).collect::<String>(), "", ""))
}

fn methods(words: &[String]) -> Vec<(String, String)> {
    methods_of(words, "")
}

fn methods_with_a_request(words: &[String]) -> Vec<(String, String)> {
    methods_of(words, "#/components/schemas/ZzDone")
}

fn ids(words: &[String]) -> Vec<(String, String)> {
    let id = |(index, word): (usize, &String)| operation(index, word, "zztag", "", "", "");
    one(root(TAG, &words.iter().enumerate().map(id).collect::<String>(), "", ""))
}

fn tags(words: &[String]) -> Vec<(String, String)> {
    let list: String = words.iter().map(|word| format!("  - {{name: \"{word}\", description: A word.}}\n")).collect();
    let tagged = |(index, word): (usize, &String)| operation(index, &format!("zzop{index}"), word, "", "", "");
    one(root(&list, &words.iter().enumerate().map(tagged).collect::<String>(), "", ""))
}

/// Every object is the request of an operation and the answer of another one, and has more required fields than a
/// constructor takes one by one.
fn operations_of_types(words: &[String], before: &str) -> String {
    let said = |(index, word): (usize, &String)| {
        let other = &words[(index + 1) % words.len()];
        operation(index, &format!("zzop{index}"), "zztag", "", &format!("{before}{word}"), &format!("{before}{other}"))
    };
    words.iter().enumerate().map(said).collect()
}

fn types(words: &[String]) -> Vec<(String, String)> {
    let fields = ["a", "b", "d", "e"].map(str::to_owned);
    let properties: String = fields.iter().map(|field| text(field)).collect();
    let schemas: String = words.iter().map(|word| object(word, &fields, &properties)).collect();
    one(root(TAG, &operations_of_types(words, "#/components/schemas/"), &schemas, ""))
}

fn far_types(words: &[String]) -> Vec<(String, String)> {
    let body = |word: &String| {
        format!(
            "\"{word}\":\n  type: object\n  description: A word.\n  {PAGE}\n  properties:\n    \
             list: {{type: array, description: More., items: {{$ref: '#/{word}'}}}}\n    \
             amount: {{type: number, format: decimal, description: How much.}}\n"
        )
    };
    let far: String = words.iter().map(body).collect();
    let root = root(TAG, &operations_of_types(words, "schemas/zzfar.yaml#/"), "", "");
    vec![("openapi.yaml".to_owned(), root), ("schemas/zzfar.yaml".to_owned(), far)]
}

fn lists(words: &[String]) -> Vec<(String, String)> {
    let (mut schemas, mut properties) = (String::new(), String::new());
    for (index, word) in words.iter().enumerate() {
        let (kind, value) = if index % 2 == 0 { ("integer", "1") } else { ("string", "'one'") };
        schemas.push_str(&format!(
            "    \"{word}\":\n      type: {kind}\n      description: Codes.\n      {PAGE}\n      \
             x-extensible-enum: [{{value: {value}, name: ONE, meaning: It is one.}}]\n"
        ));
        properties.push_str(&format!("        zzf{index}: {{$ref: '#/components/schemas/{word}'}}\n"));
    }
    of_fields(&(schemas + &object("ZzWords", &["zzf0".to_owned(), "zzf1".to_owned()], &properties)))
}

fn constants(words: &[String]) -> Vec<(String, String)> {
    let codes = |quote: &str| -> String {
        let code = |(index, word): (usize, &String)| {
            format!("        - {{value: {quote}{index}{quote}, name: \"{word}\", meaning: A word.}}\n")
        };
        words.iter().enumerate().map(code).collect()
    };
    let list = |name: &str, kind: &str, codes: &str| {
        format!(
            "    {name}:\n      type: {kind}\n      description: Codes.\n      {PAGE}\n      x-extensible-enum:\n{codes}"
        )
    };
    let fields =
        "        n: {$ref: '#/components/schemas/ZzNumbers'}\n        t: {$ref: '#/components/schemas/ZzTexts'}\n";
    let lists = list("ZzNumbers", "integer", &codes("")) + &list("ZzTexts", "string", &codes("'"));
    of_fields(&(lists + &object("ZzWords", &[], fields)))
}

fn messages(words: &[String]) -> Vec<(String, String)> {
    let (mut schemas, mut messages) = (String::new(), "x-webhooks:\n".to_owned());
    for (index, word) in words.iter().enumerate() {
        schemas.push_str(&object(&format!("ZzMessage{index}"), &[], &text(&pascal(word))));
        messages.push_str(&format!(
            "  \"{word}\":\n    post:\n      operationId: \"{word}\"\n      tags: [zztag]\n      summary: A word came\n      \
             {PAGE}\n      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/ZzMessage{index}'}}}}}}}}\n      \
             responses: {{\"200\": {{description: It was taken.}}}}\n      x-claim: {{subject: payment, merchant_code: '/{}'}}\n",
            pascal(word)
        ));
    }
    one(root(TAG, &operation(0, "zzsay", "zztag", "", "", ""), &schemas, &messages))
}

/// What a constant of ours is made of, and what begins with a digit, is refused here: the names of APIs are our own.
fn of_facts(word: &str) -> String {
    let word = kebab(word);
    let is_ours = ["contract-version", "errors", "hash-formats"].contains(&word.as_str());
    if is_ours || word.starts_with(|first: char| first.is_ascii_digit()) { String::new() } else { word }
}

/// An API and a pair of keys are constants side by side: two words are pairs, and the others APIs.
fn facts(words: &[String]) -> Vec<(String, String)> {
    let (pair, shop) = ("type", "self");
    let api = |word: &&String| {
        let host = format!("hosts: [{{environment: test, url: 'https://{word}.words.example', source: the docs}}]");
        format!("  \"{word}\": {{title: the shop, {host}}}\n")
    };
    let apis: String = words.iter().filter(|word| *word != pair && *word != shop).map(|word| api(&word)).collect();
    let root = with_facts(TAG, &operation(0, "zzsay", "zztag", "", "", ""), "", "", pair, shop);
    one(root.replace("x-apis:\n", &format!("x-apis:\n{apis}")))
}
