//! What is known of the contract while payloads are checked. Made when this program is built, by `compile.rs`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The contract, as far as payloads are concerned.
#[derive(Debug, Serialize, Deserialize)]
pub struct Book {
    /// The named schemas, as JSON Schema with marks.
    pub definitions: Map<String, Value>,
    /// Everything that is sent and answered.
    pub payloads: Vec<Payload>,
    /// What answers are wrapped in.
    pub envelopes: Vec<Envelope>,
}

/// One kind of payload.
#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    /// The operation or message.
    pub operation: String,
    /// Which way it goes.
    pub part: Part,
    /// How it travels.
    pub form: Form,
    /// The HTTP method in capitals; a message has none.
    pub method: Option<String>,
    /// The path of the operation; a message has none.
    pub path: Option<String>,
    /// The parameters that go with it, or are all of it.
    pub inputs: Vec<Input>,
    /// Of an answer, the envelope by its place in the book.
    pub envelope: Option<usize>,
    /// Its schema.
    pub schema: Value,
    /// The page that documents it.
    pub page: Option<String>,
}

/// Which way a payload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What asks: to Paywall, or a message from it.
    Request,
    /// What answers.
    Response,
}

/// How a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(clippy::enum_variant_names, reason = "a form is what it is called, in HTTP as here")]
pub enum Form {
    /// As a body of JSON.
    Json,
    /// As parameters, without a body.
    Headers,
    /// As a body of JSON, with parameters beside it.
    HeadersAndBody,
    /// As the parameters beside a body.
    HeadersBeside,
    /// As `application/x-www-form-urlencoded`.
    Form,
}

/// An input that travels outside of a body.
#[derive(Debug, Serialize, Deserialize)]
pub struct Input {
    /// As the contract writes it.
    pub name: String,
    /// Where it travels.
    pub place: Place,
    /// Whether it must be there.
    pub required: bool,
}

/// Where an input travels that is in no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// As a part of the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

/// What an answer is wrapped in, by the names of the fields.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// The name of its schema.
    pub definition: String,
    /// Where success or failure stands.
    pub success: Vec<Mark>,
    /// Where the operation's own answer stands; none where that is the answer itself.
    pub payload: Option<String>,
}

/// A field that says whether an answer is a success.
#[derive(Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Its name.
    pub member: String,
    /// The value that means yes.
    pub value: Value,
    /// Whether every answer has it.
    pub required: bool,
}
