//! The forms that a schema may have, and what each one is for Rust. A schema of another form is
//! refused: what cannot be expressed is not guessed.

use crate::finding::Finding;
use crate::model::{Bounds, Constraint, Literal, Runtime, Type};
use crate::node::{Kind, Node};
use crate::pattern;

/// A schema, read.
#[derive(Clone, Debug)]
pub struct Schema<'d> {
    /// Its form.
    pub form: Form<'d>,
    /// Whether null may stand for it.
    pub nullable: bool,
}

/// What a schema is.
#[derive(Clone, Debug)]
pub enum Form<'d> {
    /// Fields of its own.
    Object,
    /// A list of this schema.
    List(&'d Node),
    /// One value.
    Scalar(Type),
    /// A named schema, by the value of `$ref`.
    Reference(&'d Node),
    /// A code of one of several lists.
    EitherCode(Vec<&'d Node>),
}

const RULE: &str = "schema-form";

/// Reads the form of a schema.
///
/// # Errors
///
/// Why it has none that can be expressed.
pub fn read(node: &Node) -> Result<Schema<'_>, Finding> {
    if let Some(target) = node.get("$ref") {
        return Ok(Schema { form: Form::Reference(target), nullable: false });
    }
    match node.text_of("type") {
        Some("object") => Ok(Schema { form: Form::Object, nullable: node.is_true("nullable") }),
        Some("array") => match node.get("items") {
            Some(items) => Ok(Schema { form: Form::List(items), nullable: node.is_true("nullable") }),
            None => Err(Finding::new(RULE, &node.at, "a list without `items`", "say what its elements are")),
        },
        Some(_) => Ok(Schema { form: Form::Scalar(scalar(node)?), nullable: node.is_true("nullable") }),
        None => combined(node),
    }
}

/// A reference that carries a description (`allOf` of one) or a code of one of several lists (`anyOf`); null
/// at the end of an `anyOf` admits null.
fn combined(node: &Node) -> Result<Schema<'_>, Finding> {
    let listed = |key: &str| node.get(key).map(Node::elements).unwrap_or_default();
    let form = match (listed("allOf"), listed("anyOf")) {
        ([one], []) => one.get("$ref").map(|target| (Form::Reference(target), false)),
        ([], [several @ .., null]) if is_null(null) => either(several).map(|form| (form, true)),
        ([], several @ [_, _, ..]) => either(several).map(|form| (form, false)),
        _ => None,
    };
    form.map(|(form, nullable)| Schema { form, nullable }).ok_or_else(|| {
        Finding::new(
            RULE,
            &node.at,
            "a schema of a form that has no Rust type",
            "give it a `type`; or `allOf` of one `$ref`; or `anyOf` of one `$ref` and \
             `{type: object, nullable: true, enum: [null]}`; or `anyOf` of code lists, that null may end",
        )
    })
}

/// What several references are together: the one, or a code of one of them.
fn either(several: &[Node]) -> Option<Form<'_>> {
    let targets: Vec<&Node> = several.iter().map(|one| one.get("$ref")).collect::<Option<_>>()?;
    match targets.as_slice() {
        [] => None,
        [one] => Some(Form::Reference(one)),
        _ => Some(Form::EitherCode(targets)),
    }
}

/// `{type: object, nullable: true, enum: [null]}`: null and nothing else, as OpenAPI 3.0 can say it.
pub fn is_null(node: &Node) -> bool {
    node.is_true("nullable") && matches!(node.get("enum").map(Node::elements), Some([only]) if only.kind == Kind::Null)
}

/// The keywords that bound a value.
pub const BOUNDS: [&str; 9] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
];

/// What the codes of a list are.
#[must_use]
pub fn base_of(node: &Node) -> Type {
    match (node.text_of("type"), node.text_of("format")) {
        (Some("integer"), Some("int64")) => Type::Int64,
        (Some("integer"), _) => Type::Int32,
        _ => Type::Text,
    }
}

/// What one value is for Rust.
fn scalar(node: &Node) -> Result<Type, Finding> {
    match (node.text_of("type").unwrap_or_default(), node.text_of("format")) {
        ("string", format) => string(node, format),
        ("boolean", None) => Ok(Type::Bool),
        ("integer", None | Some("int32")) => Ok(Type::Int32),
        ("integer", Some("int64")) => Ok(Type::Int64),
        ("number", Some("decimal")) => Ok(Type::Runtime(Runtime::Amount)),
        ("number", _) => Err(Finding::new(
            "money-as-float",
            &node.at,
            "a `number` that would become a binary float",
            "write `format: decimal`, or refer to the named decimal",
        )),
        (kind, format) => Err(Finding::new(
            RULE,
            &node.at,
            format!("`type: {kind}` with format {}", format.unwrap_or("none")),
            "use string, boolean, integer (int32, int64), number (decimal), array or object",
        )),
    }
}

fn string(node: &Node, format: Option<&str>) -> Result<Type, Finding> {
    match (node.text_of("x-secret"), format) {
        (Some("card-number"), _) => Ok(Type::Runtime(Runtime::CardNumber)),
        (Some("security-code"), _) => Ok(Type::Runtime(Runtime::SecurityCode)),
        (Some("token"), _) => Ok(Type::Runtime(Runtime::Secret)),
        (Some(other), _) => Err(Finding::new(
            RULE,
            &node.at,
            format!("`x-secret: {other}` is no kind of secret"),
            "use card-number, security-code or token",
        )),
        (None, _) if node.is_true("x-personal") => Ok(Type::Runtime(Runtime::Personal)),
        (None, Some("timestamp")) => Ok(Type::Runtime(Runtime::Timestamp)),
        (None, None | Some("guid" | "uri")) => Ok(Type::Text),
        (None, Some(other)) => Err(Finding::new(
            RULE,
            &node.at,
            format!("`format: {other}` has no Rust type"),
            "use guid or uri (annotations), or timestamp",
        )),
    }
}

/// The bounds that stand in a schema.
#[must_use]
pub fn bounds(node: &Node) -> Bounds {
    let int = |key: &str| node.get(key).and_then(Node::int);
    Bounds {
        min_length: int("minLength"),
        max_length: int("maxLength"),
        // What has no portable words was refused.
        pattern: node.text_of("pattern").map(|text| pattern::portable(text).unwrap_or_else(|_| text.to_owned())),
        minimum: int("minimum").map(|value| (value, node.is_true("exclusiveMinimum"))),
        maximum: int("maximum").map(|value| (value, node.is_true("exclusiveMaximum"))),
        min_items: int("minItems"),
        max_items: int("maxItems"),
    }
}

/// What a branch asks of a field.
#[must_use]
pub fn constraint(node: &Node) -> Constraint {
    let values = node.get("enum").map(|values| values.elements().iter().filter_map(literal).collect());
    Constraint { bounds: bounds(node), values }
}

/// A scalar of the contract.
#[must_use]
pub fn literal(node: &Node) -> Option<Literal> {
    match &node.kind {
        Kind::Null => Some(Literal::Null),
        Kind::Bool(value) => Some(Literal::Bool(*value)),
        Kind::Number(text) => text.parse().ok().map(Literal::Int),
        Kind::Text(text) => Some(Literal::Text(text.clone())),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

/// The conditions of an object: each a list of branches of which one must hold.
#[must_use]
pub fn conditions(node: &Node) -> Vec<&[Node]> {
    let own = node.get("anyOf").map(Node::elements);
    let all = node.get("allOf").map(Node::elements).unwrap_or_default();
    own.into_iter().chain(all.iter().filter_map(|one| one.get("anyOf")).map(Node::elements)).collect()
}
