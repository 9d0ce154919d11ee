//! `module`: every file of schemas is named after what it holds, and every operation and message has one known tag.

use crate::document;
use crate::finding::Finding;
use crate::names;
use crate::node::Node;
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "module";

/// What else is called so where the services are: modules of the emitted code, modules and other names at the root of
/// the runtime crate, which hide a service of their name, and methods of its client, beside which those of the services
/// stand. A test of the golden cases compares them with the runtime.
const TAKEN: [&str; 74] = [
    "amount",
    "answer",
    "api",
    "bank",
    "base",
    "blocking",
    "builder",
    "builder_at",
    "byte_order_mark",
    "bytes",
    "call",
    "callback",
    "card_in_text",
    "client",
    "clone",
    "confirm",
    "content_coding",
    "contract_schema",
    "decode",
    "encode",
    "envelope",
    "envelope_places",
    "environment",
    "error",
    "error_detail",
    "exchange",
    "expected",
    "fmt",
    "form",
    "generated",
    "http",
    "json_schemas",
    "keys",
    "meta",
    "mod",
    "month",
    "movements",
    "new",
    "next_step",
    "nothing",
    "object",
    "objects",
    "operation",
    "outcome",
    "parameters",
    "payload",
    "paywall_api",
    "places",
    "pointer",
    "presence",
    "proxy",
    "quiet",
    "redact",
    "refusal",
    "replace_keys",
    "resolve",
    "retry",
    "rule",
    "rust_decimal",
    "secret",
    "sent",
    "session",
    "shared",
    "standing",
    "time",
    "trace",
    "transport",
    "unknown",
    "untrusted",
    "validate",
    "wait",
    "watch",
    "with_parameters",
    "with_keys",
];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tags = document.root().get("tags").map(Node::elements).unwrap_or_default();
    let names: Vec<&str> = tags.iter().filter_map(|tag| tag.text_of("name")).collect();
    let schemas = document::schemas(document);
    let modules: Vec<&str> = schemas.iter().map(document::SchemaNode::module).chain(names.iter().copied()).collect();
    let types = super::names::claimed(document);
    let proposed = |name: &str, end: &str| {
        let is_own = |ty: &String| *ty == names::pascal(name);
        let is_free = |name: &str| {
            let ty = names::pascal(name);
            is_module(name) && !modules.contains(&name) && (is_own(&ty) || !types.contains(&ty))
        };
        let stem = if names::snake(name).is_empty() { "orders".to_owned() } else { names::snake(name) };
        let others = (2..).map(|number| format!("{stem}_{end}{number}"));
        let mut candidates = [stem.clone(), format!("{stem}_{end}")].into_iter().chain(others);
        candidates.find(|name| is_free(name)).unwrap_or_default()
    };
    for (index, tag) in tags.iter().enumerate() {
        findings.extend(odd_tag(tag, &proposed));
        findings.extend(second_tag(tag, &tags[..index]));
    }
    let operations = document::operations(document).into_iter().map(|operation| operation.node);
    for node in operations.chain(document::messages(document).into_iter().map(|message| message.node)) {
        findings.extend(unknown_tag(node, &names));
    }
    for named in &schemas {
        let module = named.module();
        // What has no type, and the envelope, which has none, give no module either.
        let is_emitted = named.kind() != document::SchemaKind::Scalar && named.node.get("x-envelope").is_none();
        if !names::is_snake(module) || is_emitted && TAKEN.contains(&module) {
            findings.push(Finding::new(
                RULE,
                named.at,
                format!("`{module}`, the name of this file, is no module name"),
                format!("call it `schemas/{}.yaml`", proposed(module, "types")),
            ));
        }
    }
    findings
}

/// Whether a module of Rust can have the name.
fn is_module(name: &str) -> bool {
    names::is_snake(name) && !TAKEN.contains(&name)
}

fn odd_tag(tag: &Node, proposed: &dyn Fn(&str, &str) -> String) -> Option<Finding> {
    let name = tag.get("name")?;
    let text = name.text()?;
    (!is_module(text)).then(|| {
        let message = if TAKEN.contains(&text) { "is the name of something of ours" } else { "is no module name" };
        let fix = format!("call it `{}`", proposed(text, "service"));
        Finding::new(RULE, &name.at, format!("the tag `{text}` {message}"), fix)
    })
}

fn second_tag(tag: &Node, before: &[Node]) -> Option<Finding> {
    let name = tag.get("name")?;
    let is_second = before.iter().any(|other| other.get("name") == Some(name));
    is_second.then(|| {
        let message = format!("the tag `{}` stands twice", name.text().unwrap_or_default());
        Finding::new(RULE, &name.at, message, "keep one of them")
    })
}

fn unknown_tag(operation: &Node, names: &[&str]) -> Option<Finding> {
    let tags = operation.get("tags")?;
    let [tag] = tags.elements() else {
        return Some(Finding::new(
            RULE,
            &tags.at,
            format!("{} tags where one is expected", tags.elements().len()),
            "write the one service that it belongs to",
        ));
    };
    let text = tag.text()?;
    (!names.contains(&text)).then(|| {
        Finding::new(
            RULE,
            &tag.at,
            format!("the tag `{text}` is not declared"),
            did_you_mean(text, names.iter().copied(), "declare it under `tags` of the root"),
        )
    })
}
