//! `operation-facts`: how an operation may be sent again, and whether money moves. What moves money is
//! never sent twice, and names the merchant's code by which it is looked up.

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::names;
use crate::node::Node;
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "operation-facts";

/// The words of `x-retry`.
const RETRIES: [&str; 3] = ["inquiry", "repeatable", "unsent"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let operations = document::operations(document);
    let mut findings: Vec<Finding> = operations.iter().flat_map(operation).collect();
    findings.extend(operations.iter().filter_map(|operation| unmarked_money(document, operation)));
    findings.extend(operations.iter().filter_map(|operation| inquiry(operation, &operations)));
    findings.extend(operations.iter().filter_map(|operation| odd_method(operation, &operations)));
    findings.extend(operations.iter().filter_map(|operation| same_addresses(operation, &operations)));
    findings
}

fn operation(operation: &OperationNode<'_>) -> Vec<Finding> {
    let rules = [unknown_retry, resent_money, merchant_code, effect, odd_path, input, optional_body];
    let mut findings: Vec<Finding> = rules.iter().filter_map(|rule| rule(operation)).collect();
    findings.extend(path_parameters(operation));
    findings.extend(operation.parameters().iter().flat_map(odd_parameter));
    findings
}

fn unknown_retry(operation: &OperationNode<'_>) -> Option<Finding> {
    let retry = operation.node.get("x-retry")?;
    let text = retry.text()?;
    (!RETRIES.contains(&text)).then(|| {
        let fix = did_you_mean(text, RETRIES, "write inquiry, repeatable or unsent");
        Finding::new(RULE, &retry.at, format!("`x-retry: {text}`"), fix)
    })
}

fn resent_money(operation: &OperationNode<'_>) -> Option<Finding> {
    let retry = operation.node.get("x-retry")?;
    (operation.node.is_true("x-moves-money") && retry.text() != Some("unsent")).then(|| {
        Finding::new(RULE, &retry.at, "an operation that moves money and may be sent again", "write `x-retry: unsent`")
    })
}

/// An HTTP status alone is no proof that money moved.
fn unmarked_money(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let money = operation.node.entry("x-moves-money").filter(|_| operation.node.is_true("x-moves-money"))?;
    let has_envelope = operation.answer_in(document)?.envelope.is_some();
    (!has_envelope && operation.node.get("x-success").is_none()).then(|| {
        Finding::new(
            RULE,
            &money.at,
            "an operation that moves money, whose answer says nowhere that it is a success",
            "write `x-success` with the place that says so, or wrap the answer in an envelope",
        )
    })
}

fn merchant_code(operation: &OperationNode<'_>) -> Option<Finding> {
    let money = operation.node.entry("x-moves-money")?;
    let code = operation.node.entry("x-merchant-code");
    match (operation.node.is_true("x-moves-money"), code) {
        (true, None) => Some(Finding::new(
            RULE,
            &money.at,
            "an operation that moves money without `x-merchant-code`",
            "write the pointer to the code by which an unknown outcome is looked up",
        )),
        (false, Some(code)) => Some(Finding::new(
            RULE,
            &code.at,
            "`x-merchant-code` where no money moves: nothing reads it",
            "remove it, or write `x-moves-money: true`",
        )),
        _ => None,
    }
}

/// Where an operation that moves money says that no page gives a way to look it up.
const NO_INQUIRY: &str = "none";

/// What an unknown outcome is looked up by depends on what the operation does.
fn effect(operation: &OperationNode<'_>) -> Option<Finding> {
    let money = operation.node.entry("x-moves-money")?;
    let is_looked_up = operation.node.text_of("x-inquiry").is_some_and(|inquiry| inquiry != NO_INQUIRY);
    match (operation.node.is_true("x-moves-money"), operation.node.entry("x-effect")) {
        (true, None) if is_looked_up => Some(Finding::new(
            RULE,
            &money.at,
            "an operation that moves money and is looked up, without `x-effect`",
            "write what it does to a payment",
        )),
        (true, Some(effect)) if operation.node.text_of("x-inquiry") == Some(NO_INQUIRY) => Some(Finding::new(
            RULE,
            &effect.at,
            "`x-effect` where no inquiry tells of it: nothing reads it",
            "remove it, or write the operation by which it is looked up as `x-inquiry`",
        )),
        (false, Some(effect)) => Some(Finding::new(
            RULE,
            &effect.at,
            "`x-effect` where no money moves: nothing reads it",
            "remove it, or write `x-moves-money: true`",
        )),
        _ => None,
    }
}

/// No end of money is ever drawn from an inquiry that its operation does not name. A name is not guessed.
fn inquiry(operation: &OperationNode<'_>, all: &[OperationNode<'_>]) -> Option<Finding> {
    let money = operation.node.entry("x-moves-money")?;
    let fix = "write the operation by which an unknown outcome is looked up, or `none` where no page gives one";
    let Some(inquiry) = operation.node.get("x-inquiry") else {
        let message = "an operation that moves money without `x-inquiry`";
        return operation.node.is_true("x-moves-money").then(|| Finding::new(RULE, &money.at, message, fix));
    };
    if !operation.node.is_true("x-moves-money") {
        let message = "`x-inquiry` where no money moves: nothing reads it";
        return Some(Finding::new(RULE, &inquiry.at, message, "remove it, or write `x-moves-money: true`"));
    }
    let name = inquiry.text().filter(|name| *name != NO_INQUIRY)?;
    let found = all.iter().find(|other| other.id() == name);
    match found.map(|found| found.node.text_of("x-retry")) {
        Some(Some("inquiry")) => None,
        Some(_) => Some(Finding::new(RULE, &inquiry.at, format!("`{name}` is no inquiry"), fix)),
        None => Some(Finding::new(RULE, &inquiry.at, format!("there is no operation `{name}`"), fix)),
    }
}

fn odd_method(operation: &OperationNode<'_>, all: &[OperationNode<'_>]) -> Option<Finding> {
    let method = operation.node.get("x-method")?;
    let text = method.text()?;
    if names::is_snake(text) {
        return None;
    }
    let name = names::snake(text);
    let fix = if name.is_empty() {
        "remove it, or give it letters".to_owned()
    } else {
        let beside = all.iter().filter(|other| other.node.get("tags") == operation.node.get("tags"));
        let taken: Vec<String> = beside.map(OperationNode::method).collect();
        let mut candidates = std::iter::once(name.clone()).chain((2..).map(|number| format!("{name}{number}")));
        format!("call it `{}`", candidates.find(|name| !taken.contains(name)).unwrap_or_default())
    };
    Some(Finding::new(RULE, &method.at, format!("`{text}` is no method name of Rust"), fix))
}

/// A path is put behind a host as it stands: it must not be able to change that host.
fn odd_path(operation: &OperationNode<'_>) -> Option<Finding> {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/-._~{}".contains(char);
    let is_path = operation.path.starts_with('/') && operation.path.chars().all(plain);
    (!is_path).then(|| {
        let message = format!("`{}` is no path below a host", operation.path);
        Finding::new(RULE, operation.path_at, message, "begin with `/` and use letters, digits and `-._~/`")
    })
}

/// Every part of a path that is filled in is an input, and every input in the path is a part of it.
fn path_parameters(operation: &OperationNode<'_>) -> Vec<Finding> {
    let parts: Vec<&str> = document::path_parts(operation.path).collect();
    let inputs = operation.parameters().iter().filter(|parameter| parameter.text_of("in") == Some("path"));
    let inputs: Vec<(&Node, &str)> = inputs.filter_map(|one| Some((one, one.text_of("name")?))).collect();
    let mut findings = Vec::new();
    if operation.path.matches(['{', '}']).count() != 2 * parts.len() {
        let message = format!("`{}` has a brace that is not around a whole part", operation.path);
        findings.push(Finding::new(RULE, operation.path_at, message, "write a part that is filled in as `/{name}/`"));
    }
    for part in parts.iter().filter(|part| !inputs.iter().any(|(_, name)| name == *part)) {
        let message = format!("`{}` has the part `{{{part}}}`, and no parameter fills it in", operation.path);
        let fix = format!("add a parameter `{{name: {part}, in: path, required: true, …}}`");
        findings.push(Finding::new(RULE, operation.path_at, message, fix));
    }
    for (index, part) in parts.iter().enumerate().filter(|(index, part)| parts[..*index].contains(part)) {
        let message = format!("`{}` has the part `{{{part}}}` twice", operation.path);
        findings.push(Finding::new(RULE, operation.path_at, message, format!("call the part {} otherwise", index + 1)));
    }
    for (parameter, name) in &inputs {
        if !parts.contains(name) {
            let fix = did_you_mean(name, parts.iter().copied(), "write it into the path, in braces");
            let message = format!("the path has no part `{{{name}}}`");
            findings.push(Finding::new(RULE, &parameter.at, message, fix));
        } else if !parameter.is_true("required") {
            let message = format!("`{name}` is a part of the path and may be left out");
            findings.push(Finding::new(RULE, &parameter.at, message, "write `required: true`"));
        }
    }
    findings
}

/// Two paths that mean the same addresses: nobody could tell which operation is asked.
fn same_addresses(operation: &OperationNode<'_>, all: &[OperationNode<'_>]) -> Option<Finding> {
    let shape = |path: &str| -> Vec<String> {
        path.split('/').map(|part| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() }).collect()
    };
    let before = all.iter().take_while(|other| !std::ptr::eq(other.node, operation.node));
    let mut same = before.filter(|other| other.path != operation.path && other.verb == operation.verb);
    let other = same.find(|other| shape(other.path) == shape(operation.path))?;
    let message = format!("`{}` means the same addresses as `{}`", operation.path, other.path);
    let finding = Finding::new(RULE, operation.path_at, message, "write one path, with one name for each part");
    Some(finding.beside(other.path_at))
}

/// An input that is declared has a field.
fn input(operation: &OperationNode<'_>) -> Option<Finding> {
    let parameters = operation.node.entry("parameters")?;
    let none = operation.parameters().is_empty();
    none.then(|| Finding::new(RULE, &parameters.at, "an empty list of parameters", "remove it"))
}

fn optional_body(operation: &OperationNode<'_>) -> Option<Finding> {
    let required = operation.node.get("requestBody")?.get("required")?;
    (!required.bool()?).then(|| {
        Finding::new(RULE, &required.at, "a body that may be left out", "write `required: true`: it is always sent")
    })
}

/// Headers are written in one case: `x-name` says where the words of a name begin, and nothing else.
fn other_name(parameter: &Node) -> Option<Finding> {
    let (name, readable) = (parameter.text_of("name")?, parameter.get("x-name")?);
    (!readable.text()?.eq_ignore_ascii_case(name)).then(|| {
        let message = format!("`x-name` is another name than `{name}`");
        Finding::new(RULE, &readable.at, message, "write the same letters, with a capital at each word")
    })
}

/// Where an input may travel that is in no body.
const PLACES: [&str; 3] = ["path", "query", "header"];

fn odd_parameter(parameter: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = parameter.text_of("in").unwrap_or_default();
    if let Some(node) = parameter.get("in").filter(|_| !PLACES.contains(&place)) {
        let fix = did_you_mean(place, PLACES, "write `in: header`, `in: query` or `in: path`");
        findings.push(Finding::new(RULE, &node.at, format!("a parameter in `{place}`"), fix));
    }
    findings.extend(other_name(parameter));
    findings.extend(odd_name(parameter, place));
    let kind = parameter.get("schema").and_then(|schema| Some((schema, schema.text_of("type")?)));
    if let Some((schema, kind @ ("array" | "object"))) = kind {
        let message = format!("a parameter of type {kind}");
        let fix = "a parameter is one value: a string, a number or a boolean";
        findings.push(Finding::new(RULE, &schema.at, message, fix));
    }
    findings
}

fn odd_name(parameter: &Node, place: &str) -> Option<Finding> {
    let (name, text) = (parameter.get("name")?, parameter.text_of("name").unwrap_or_default());
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let (fits, message, fix) = match place {
        "header" => {
            (super::security::is_header_name(text), "a name that no header has", "write letters, digits and `-`")
        }
        _ => (is_plain(text), "a name that no address has", "write letters and digits"),
    };
    (!fits).then(|| Finding::new(RULE, &name.at, message, fix))
}
