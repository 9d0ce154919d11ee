//! The operations and schemas of a document, without judging them: what the rules and the lowering
//! both look at.

use crate::model::Type;
use crate::names;
use crate::node::{At, Entry, Node};
use crate::read::Document;
use crate::reference;
use crate::schema::{self, Form};

/// The HTTP methods that a path may have, in the order in which operations are listed.
pub const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The module of schemas that stand in the root file.
const ROOT_MODULE: &str = "types";

/// An operation where it stands.
#[derive(Clone, Copy, Debug)]
pub struct OperationNode<'d> {
    /// The path, as the key of `paths`.
    pub path: &'d str,
    /// Where that key stands.
    pub path_at: &'d At,
    /// The file that holds the operation.
    pub file: &'d str,
    /// The path item.
    pub item: &'d Node,
    /// The HTTP method, in small letters.
    pub verb: &'d str,
    /// Where the method stands.
    pub at: &'d At,
    /// The operation.
    pub node: &'d Node,
}

impl<'d> OperationNode<'d> {
    /// `operationId`, or nothing.
    #[must_use]
    pub fn id(&self) -> &'d str {
        self.node.text_of("operationId").unwrap_or_default()
    }

    /// The name of its method in Rust.
    #[must_use]
    pub fn method(&self) -> String {
        self.node.text_of("x-method").map_or_else(|| names::snake(self.id()), str::to_owned)
    }

    /// The schema of the request's JSON body.
    #[must_use]
    pub fn body(&self) -> Option<&'d Node> {
        self.node.get("requestBody")?.get("content")?.get("application/json")?.get("schema")
    }

    /// The inputs that travel outside of the body.
    #[must_use]
    pub fn parameters(&self) -> &'d [Node] {
        self.node.get("parameters").map(Node::elements).unwrap_or_default()
    }

    /// The answers of success: the entries of `responses` from 200 to 299.
    pub fn successes(&self) -> impl Iterator<Item = &'d Entry> + use<'d> {
        let responses = self.node.get("responses").map(Node::entries).unwrap_or_default();
        responses.iter().filter(|entry| entry.key.starts_with('2'))
    }

    /// The schema of the answer of success.
    #[must_use]
    pub fn answer(&self) -> Option<&'d Node> {
        self.successes().next()?.value.get("content")?.get("application/json")?.get("schema")
    }
}

/// The parts of a path that are filled in.
pub fn path_parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Whether a path may mean an operation whose path is `template`.
#[must_use]
pub fn is_path_of(template: &str, path: &str) -> bool {
    let (parts, found) = (template.split('/'), path.split('/'));
    let fits = |(part, found): (&str, &str)| {
        if part.starts_with('{') && part.ends_with('}') { !found.is_empty() } else { part == found }
    };
    template.split('/').count() == path.split('/').count() && parts.zip(found).all(fits)
}

/// Of templates that a path fits, those that say more of it letter by letter come first.
#[must_use]
pub fn by_letter(one: &str, other: &str) -> std::cmp::Ordering {
    let is_filled_in = |part: &str| part.starts_with('{');
    let (one, other) = (one.split('/').map(is_filled_in), other.split('/').map(is_filled_in));
    one.cmp(other)
}

/// Every operation, in the order of the root's paths.
#[must_use]
pub fn operations(document: &Document) -> Vec<OperationNode<'_>> {
    let paths = document.root().get("paths").map(Node::entries).unwrap_or_default();
    paths.iter().flat_map(|path| operations_of(document, path)).collect()
}

fn operations_of<'d>(document: &'d Document, path: &'d Entry) -> Vec<OperationNode<'d>> {
    let Some((file, item)) = followed(document, &document.root, &path.value) else { return Vec::new() };
    let entries = VERBS.iter().filter_map(|verb| item.entry(verb));
    entries
        .map(|entry| OperationNode {
            path: &path.key,
            path_at: &path.at,
            file,
            item,
            verb: &entry.key,
            at: &entry.at,
            node: &entry.value,
        })
        .collect()
}

/// What the vendor sends by itself, where it stands.
#[derive(Clone, Copy, Debug)]
pub struct MessageNode<'d> {
    /// Its key in `x-webhooks`.
    pub name: &'d str,
    /// The file that holds it.
    pub file: &'d str,
    /// Where the method stands.
    pub at: &'d At,
    /// What is sent.
    pub node: &'d Node,
}

impl<'d> MessageNode<'d> {
    /// `operationId`, or nothing.
    #[must_use]
    pub fn id(&self) -> &'d str {
        self.node.text_of("operationId").unwrap_or_default()
    }

    /// The media types of its body, with what each holds.
    #[must_use]
    pub fn media_types(&self) -> &'d [Entry] {
        let content = self.node.get("requestBody").and_then(|body| body.get("content"));
        content.map(Node::entries).unwrap_or_default()
    }

    /// Whether it is a form, and no JSON.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.media_types().first().is_some_and(|entry| entry.key == FORM)
    }

    /// The schema of its body.
    #[must_use]
    pub fn body(&self) -> Option<&'d Node> {
        self.media_types().first()?.value.get("schema")
    }

    /// The named schema of its body, if it refers to one.
    #[must_use]
    pub fn object(&self, document: &'d Document) -> Option<SchemaNode<'d>> {
        named(document, self.file, self.body()?.text_of("$ref")?)
    }
}

/// The formats that messages are hashed in.
#[must_use]
pub fn hash_formats(document: &Document) -> &[Node] {
    document.root().get("x-hash-formats").map(Node::elements).unwrap_or_default()
}

/// The media type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// The items of `x-webhooks`: the entry, the file of its item, and the item.
#[must_use]
pub fn message_items(document: &Document) -> Vec<(&Entry, &str, &Node)> {
    let entries = document.root().get("x-webhooks").map(Node::entries).unwrap_or_default();
    let items = entries.iter().filter_map(|entry| {
        let (file, item) = followed(document, &document.root, &entry.value)?;
        Some((entry, file, item))
    });
    items.collect()
}

/// Every message, in the order of the root.
#[must_use]
pub fn messages(document: &Document) -> Vec<MessageNode<'_>> {
    let messages = message_items(document).into_iter().filter_map(|(entry, file, item)| {
        let post = item.entry("post")?;
        Some(MessageNode { name: &entry.key, file, at: &post.at, node: &post.value })
    });
    messages.collect()
}

/// A node, or what it refers to, and the file that holds it.
#[must_use]
pub fn followed<'d>(document: &'d Document, file: &'d str, node: &'d Node) -> Option<(&'d str, &'d Node)> {
    let Some(text) = node.get("$ref") else { return Some((file, node)) };
    let (target, node) = reference::resolve(document, file, text.text()?)?;
    let (file, _) = document.files.get_key_value(&target.file)?;
    Some((file, node))
}

/// The security schemes.
#[must_use]
pub fn security_schemes(document: &Document) -> &[Entry] {
    let components = document.root().get("components").and_then(|components| components.get("securitySchemes"));
    components.map(Node::entries).unwrap_or_default()
}

/// A named schema where it stands.
#[derive(Clone, Copy, Debug)]
pub struct SchemaNode<'d> {
    /// Its name.
    pub name: &'d str,
    /// The file that holds it.
    pub file: &'d str,
    /// Where its name stands.
    pub at: &'d At,
    /// The schema.
    pub node: &'d Node,
}

impl<'d> SchemaNode<'d> {
    fn new(file: &'d str, entry: &'d Entry) -> Self {
        Self { name: &entry.key, file, at: &entry.at, node: &entry.value }
    }

    /// The module that its type lives in: the name of its file.
    #[must_use]
    pub fn module(&self) -> &str {
        let stem = self.file.strip_prefix("schemas/").and_then(|name| name.strip_suffix(".yaml"));
        stem.unwrap_or(ROOT_MODULE)
    }

    /// Whether it wraps answers.
    #[must_use]
    pub fn is_envelope(&self) -> bool {
        self.node.get("x-envelope").is_some()
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> SchemaKind {
        if self.node.get("x-extensible-enum").is_some() {
            SchemaKind::CodeList
        } else if self.node.text_of("type") == Some("object") {
            SchemaKind::Object
        } else {
            SchemaKind::Scalar
        }
    }
}

/// What kind of thing a named schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaKind {
    /// Fields.
    Object,
    /// Named codes.
    CodeList,
    /// One value.
    Scalar,
}

/// Every named schema: those of the root's components, then those of the files in `schemas/`.
#[must_use]
pub fn schemas(document: &Document) -> Vec<SchemaNode<'_>> {
    let others = document.files.keys().filter(|file| **file != document.root);
    std::iter::once(&document.root)
        .chain(others)
        .filter_map(|file| Some((file, holder(document, file)?)))
        .flat_map(|(file, node)| node.entries().iter().map(|entry| SchemaNode::new(file, entry)))
        .collect()
}

/// The mapping of a file that holds named schemas.
fn holder<'d>(document: &'d Document, file: &str) -> Option<&'d Node> {
    let node = document.files.get(file)?;
    match file {
        root if root == document.root => node.get("components")?.get("schemas"),
        other => other.starts_with("schemas/").then_some(node),
    }
}

/// An object where it stands, named or inline.
#[derive(Clone, Debug)]
pub struct ObjectNode<'d> {
    /// The name of its type: its own, or that of its parent and property.
    pub name: String,
    /// The file that holds it.
    pub file: &'d str,
    /// Where its name, its property or itself stands.
    pub at: &'d At,
    /// The schema.
    pub node: &'d Node,
}

/// Every object: the named ones, and behind each those that stand inline in it; then those of operations.
#[must_use]
pub fn objects(document: &Document) -> Vec<ObjectNode<'_>> {
    let mut objects = Vec::new();
    for named in schemas(document).iter().filter(|named| named.kind() == SchemaKind::Object) {
        with_inline(named.name, named.file, named.at, named.node, &mut objects);
    }
    for operation in operations(document) {
        let name = names::pascal(operation.id());
        let answer = operation.answer_in(document).and_then(|answer| answer.payload);
        for (property, schema) in [("Request", operation.body()), ("Answer", answer)] {
            if let Some(schema) = schema {
                inline_at(&name, property, operation.file, &schema.at, schema, &mut objects);
            }
        }
    }
    objects
}

fn with_inline<'d>(name: &str, file: &'d str, at: &'d At, node: &'d Node, objects: &mut Vec<ObjectNode<'d>>) {
    objects.push(ObjectNode { name: name.to_owned(), file, at, node });
    for entry in node.get("properties").map(Node::entries).unwrap_or_default() {
        inline_at(name, &entry.key, file, &entry.at, &entry.value, objects);
    }
}

fn inline_at<'d>(
    parent: &str,
    property: &str,
    file: &'d str,
    at: &'d At,
    node: &'d Node,
    objects: &mut Vec<ObjectNode<'d>>,
) {
    let value = node.get("items").unwrap_or(node);
    if value.text_of("type") == Some("object") {
        with_inline(&names::inline(parent, property), file, at, value, objects);
    }
}

/// What a value is on the wire, every reference followed; a code is what its list is made of. Nothing
/// where no rule could say.
#[must_use]
pub fn wire_type(document: &Document, file: &str, node: &Node) -> Option<Type> {
    match schema::read(node).ok()?.form {
        Form::Object => Some(Type::Object(String::new())),
        Form::List(_) => Some(Type::List(Box::new(Type::Text))),
        Form::Scalar(ty) => Some(ty),
        Form::Reference(target) => wire_type_of(&named(document, file, target.text()?)?),
        Form::EitherCode(targets) => wire_type_of(&named(document, file, targets.first()?.text()?)?),
    }
}

/// What a named schema is on the wire.
#[must_use]
pub fn wire_type_of(named: &SchemaNode<'_>) -> Option<Type> {
    match named.kind() {
        SchemaKind::Object => Some(Type::Object(named.name.to_owned())),
        SchemaKind::CodeList => Some(schema::base_of(named.node)),
        SchemaKind::Scalar => match schema::read(named.node).ok()?.form {
            Form::Scalar(ty) => Some(ty),
            _ => None,
        },
    }
}

/// The named schema that a reference in `file` names, if it names one.
#[must_use]
pub fn named<'d>(document: &'d Document, file: &str, text: &str) -> Option<SchemaNode<'d>> {
    let (target, node) = reference::resolve(document, file, text)?;
    let (file, _) = document.files.get_key_value(&target.file)?;
    let entry = holder(document, file)?.entries().iter().find(|entry| std::ptr::eq(&raw const entry.value, node))?;
    Some(SchemaNode::new(file, entry))
}

/// The name of the type of what travels outside of the body: the whole request, or what stands beside its body.
#[must_use]
pub fn name_of_parameters(operation: &OperationNode<'_>) -> String {
    let what = if operation.body().is_some() { "Parameters" } else { "Request" };
    names::inline(&names::pascal(operation.id()), what)
}

/// The name of a parameter with a capital at each word, where the contract says it.
#[must_use]
pub fn readable_name(parameter: &Node) -> &str {
    parameter.text_of("x-name").or_else(|| parameter.text_of("name")).unwrap_or_default()
}

/// Whether `x-merchant-code` says that the request does not hold the code.
#[must_use]
pub fn is_given_by_caller(merchant_code: &Node) -> bool {
    merchant_code.text() == Some("caller")
}

/// A body that says nothing: an empty text, or null.
#[must_use]
pub fn says_nothing(node: &Node) -> bool {
    node.text_of("type") == Some("string")
        && node.is_true("nullable")
        && node.get("maxLength").and_then(Node::int) == Some(0)
}

/// Every envelope: the schemas with `x-envelope`.
#[must_use]
pub fn envelopes(document: &Document) -> Vec<SchemaNode<'_>> {
    schemas(document).into_iter().filter(SchemaNode::is_envelope).collect()
}

/// An answer of success, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct AnswerNode<'d> {
    /// What it is wrapped in; none where it is not.
    pub envelope: Option<SchemaNode<'d>>,
    /// The schema of what it carries; none where it carries nothing.
    pub payload: Option<&'d Node>,
}

impl<'d> OperationNode<'d> {
    /// The answer of success, taken apart. None where its form is none that is known:
    ///
    /// - the envelope alone, which carries nothing;
    /// - `allOf` of the envelope and an object whose one property is the envelope's payload;
    /// - `allOf` of an envelope without a payload and a reference to what stands beside its members;
    /// - anything, where the operation says `x-no-envelope`.
    #[must_use]
    pub fn answer_in(&self, document: &'d Document) -> Option<AnswerNode<'d>> {
        let answer = self.answer()?;
        if self.node.is_true("x-no-envelope") {
            return Some(AnswerNode { envelope: None, payload: Some(answer) });
        }
        let (wrapping, carried) = match answer.get("allOf").map(Node::elements) {
            Some([wrapping, carried]) => (wrapping, Some(carried)),
            Some(_) => return None,
            None => (answer, None),
        };
        let envelope = named(document, self.file, wrapping.text_of("$ref")?).filter(SchemaNode::is_envelope)?;
        let Some(carried) = carried else { return Some(AnswerNode { envelope: Some(envelope), payload: None }) };
        let payload = match envelope.node.get("x-envelope")?.text_of("payload") {
            Some(member) => {
                let keys_are_known =
                    carried.entries().iter().all(|entry| ["type", "properties"].contains(&entry.key.as_str()));
                let [one] = carried.get("properties")?.entries() else { return None };
                (keys_are_known && one.key == member).then_some(&one.value)?
            }
            None => carried.get("$ref").map(|_| carried)?,
        };
        Some(AnswerNode { envelope: Some(envelope), payload: Some(payload) })
    }
}
