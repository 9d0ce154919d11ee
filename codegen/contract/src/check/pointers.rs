//! `pointer`: the places that an operation names in its request and its answer, and an object in itself, exist and hold
//! what is looked for there.

use crate::document::{self, ObjectNode, OperationNode};
use crate::finding::Finding;
use crate::model::{Runtime, Type};
use crate::node::Node;
use crate::pointer;
use crate::read::Document;
use crate::schema::{self, Form};
use crate::spelling::did_you_mean;

const RULE: &str = "pointer";

/// What is looked for at the end of a pointer.
#[derive(Clone, Copy)]
enum Sought {
    Text,
    Number,
    Value,
    Amount,
}

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let operations = document::operations(document).into_iter().flat_map(|operation| one(document, &operation));
    operations.chain(document::objects(document).iter().flat_map(|object| sum(document, object))).collect()
}

/// What adds up to what: both are amounts, and `*` is each element of a list.
fn sum(document: &Document, object: &ObjectNode<'_>) -> Vec<Finding> {
    let ends = object.node.get("x-sum").map(Node::entries).unwrap_or_default();
    ends.iter().filter_map(|end| judge(document, object.file, object.node, &end.value, Sought::Amount)).collect()
}

fn one(document: &Document, operation: &OperationNode<'_>) -> Vec<Finding> {
    let answer = operation.answer_in(document).and_then(|answer| answer.payload);
    let in_answer = |pointer: &Node, sought| judge(document, operation.file, answer?, pointer, sought);
    let refusals = operation.node.get("x-refusal").map(Node::elements).unwrap_or_default();
    let parts = [("status", Sought::Number), ("code", Sought::Text), ("message", Sought::Text)];
    let refusals = refusals.iter().flat_map(|refusal| parts.map(|(key, sought)| in_answer(refusal.get(key)?, sought)));
    let bank_error = operation.node.get("x-bank-error").map(Node::entries).unwrap_or_default();
    let bank_error = bank_error.iter().map(|entry| in_answer(&entry.value, Sought::Text));
    let success = operation.node.get("x-success").map(Node::elements).unwrap_or_default();
    let success = success.iter().map(|one| in_answer(one.get("at")?, Sought::Value));
    let echoes = operation.node.get("x-echo").map(Node::elements).unwrap_or_default();
    let in_answer = echoes.iter().map(|echo| in_answer(echo.get("answer")?, Sought::Value));
    let in_request = echoes.iter().map(|echo| in_request(document, operation, echo.get("request")?, Sought::Value));
    let places = refusals.chain(bank_error).chain(success).chain(in_answer).chain(in_request);
    places.flatten().chain(merchant_code(document, operation)).collect()
}

fn merchant_code(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    in_request(document, operation, operation.node.get("x-merchant-code")?, Sought::Text)
}

/// A pointer into the body of a request, or to one of its parameters where there is no body; or the word for what the caller
/// gives with the call.
fn in_request(document: &Document, operation: &OperationNode<'_>, pointer: &Node, sought: Sought) -> Option<Finding> {
    if document::is_given_by_caller(pointer) {
        return None;
    }
    match operation.body() {
        _ if !pointer.text()?.starts_with('/') => Some(no_pointer(pointer, &["caller"])),
        Some(body) => judge(document, operation.file, body, pointer, sought),
        None => among_headers(document, operation, pointer, sought),
    }
}

/// A pointer into what is received leads to one value.
pub(super) fn leads_to_a_value(document: &Document, file: &str, root: &Node, pointer: &Node) -> Option<Finding> {
    judge(document, file, root, pointer, Sought::Value)
}

fn judge(document: &Document, file: &str, root: &Node, pointer: &Node, sought: Sought) -> Option<Finding> {
    let text = pointer.text()?;
    if !text.starts_with('/') {
        return Some(no_pointer(pointer, &[]));
    }
    let (mut file, mut node) = (file, root);
    for step in pointer::segments(text) {
        if let (Sought::Amount, "*", Some(items)) = (sought, step.as_str(), items(node)) {
            node = items;
            continue;
        }
        let Some((holder, object)) = object(document, file, node) else {
            return Some(nowhere(pointer, text, &step, &[]));
        };
        let properties = object.get("properties").map(Node::entries).unwrap_or_default();
        let Some(property) = properties.iter().find(|entry| entry.key == step) else {
            let known: Vec<&str> = properties.iter().map(|entry| entry.key.as_str()).collect();
            return Some(nowhere(pointer, text, &step, &known));
        };
        (file, node) = (holder, &property.value);
    }
    odd_end(document, file, node, pointer, sought)
}

/// A pointer to a parameter of a request has one step.
fn among_headers(
    document: &Document,
    operation: &OperationNode<'_>,
    pointer: &Node,
    sought: Sought,
) -> Option<Finding> {
    let text = pointer.text()?;
    let step = text.strip_prefix('/').unwrap_or(text);
    let known: Vec<&str> = operation.parameters().iter().filter_map(|parameter| parameter.text_of("name")).collect();
    let Some(index) = known.iter().position(|name| *name == step) else {
        return Some(nowhere(pointer, text, step, &known));
    };
    odd_end(document, operation.file, operation.parameters().get(index)?.get("schema")?, pointer, sought)
}

/// The object that a schema is or refers to, and its file.
fn object<'d>(document: &'d Document, file: &'d str, node: &'d Node) -> Option<(&'d str, &'d Node)> {
    match schema::read(node).ok()?.form {
        Form::Object => Some((file, node)),
        Form::Reference(target) => {
            let named = document::named(document, file, target.text()?)?;
            matches!(document::wire_type_of(&named)?, Type::Object(_)).then_some((named.file, named.node))
        }
        Form::List(_) | Form::Scalar(_) | Form::EitherCode(_) => None,
    }
}

/// What each element of a list is.
fn items(node: &Node) -> Option<&Node> {
    match schema::read(node).ok()?.form {
        Form::List(items) => Some(items),
        _ => None,
    }
}

/// What reads a pointer at run time would find nothing by it.
fn no_pointer(pointer: &Node, words: &[&str]) -> Finding {
    let text = pointer.text().unwrap_or_default();
    let fix =
        did_you_mean(text, words.iter().copied(), "begin with `/` and write a pointer of fields, as `/Field/Inner`");
    Finding::new(RULE, &pointer.at, format!("`{text}` is no pointer"), fix)
}

fn nowhere(pointer: &Node, text: &str, step: &str, known: &[&str]) -> Finding {
    let fix = did_you_mean(step, known.iter().copied(), "write a pointer of fields, as `/Field/Inner`");
    Finding::new(RULE, &pointer.at, format!("`{text}` leads nowhere: there is no `{step}`"), fix)
}

fn is_secret(ty: &Type) -> bool {
    matches!(ty, Type::Runtime(Runtime::CardNumber | Runtime::SecurityCode | Runtime::Secret))
}

fn odd_end(document: &Document, file: &str, node: &Node, pointer: &Node, sought: Sought) -> Option<Finding> {
    let found = document::wire_type(document, file, node)?;
    let (fits, expected) = match sought {
        Sought::Text => (matches!(found, Type::Text | Type::Runtime(Runtime::Personal)), "a text that may be shown"),
        Sought::Value => {
            (!matches!(found, Type::Object(_) | Type::List(_)) && !is_secret(&found), "one value that may be shown")
        }
        Sought::Amount => (matches!(found, Type::Runtime(Runtime::Amount)), "an amount"),
        Sought::Number => (matches!(found, Type::Int32 | Type::Int64), "a whole number"),
    };
    (!fits).then(|| {
        let message = format!("`{}` does not lead to {expected}", pointer.text().unwrap_or_default());
        Finding::new(RULE, &pointer.at, message, format!("name a field that holds {expected}"))
    })
}
