//! The contract as the emitter sees it: plain, ordered, every name decided.

/// A contract that passed every check.
#[derive(Clone, Debug)]
pub struct Model {
    /// The contract's title.
    pub title: String,
    /// The contract's version.
    pub version: String,
    /// Which hosts there are.
    pub apis: Vec<Api>,
    /// Which pairs of keys there are.
    pub pairs: Vec<KeyPair>,
    /// What answers are wrapped in, in the contract's order.
    pub envelopes: Vec<Envelope>,
    /// What each tag says of itself, by its name.
    pub tags: Vec<(String, Doc)>,
    /// One per tag that has operations, in the contract's order.
    pub services: Vec<Service>,
    /// What the vendor sends by itself, in the contract's order.
    pub messages: Vec<Message>,
    /// How messages are hashed: names, and the parts of each.
    pub hash_formats: Vec<(String, Vec<String>)>,
    /// Every object, by name.
    pub objects: Vec<Object>,
    /// Every code list, in the contract's order.
    pub lists: Vec<CodeList>,
}

impl Model {
    /// The envelope of an operation's answers, if they have one.
    #[must_use]
    pub fn envelope_of(&self, operation: &Operation) -> Option<&Envelope> {
        let name = operation.envelope.as_ref()?;
        self.envelopes.iter().find(|envelope| envelope.name == *name)
    }

    /// Every operation, in the order of the services.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.services.iter().flat_map(|service| &service.operations)
    }
}

/// One of the vendor's interfaces, with a host per environment.
#[derive(Clone, Debug)]
pub struct Api {
    /// Its key in the contract.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Environment and address, in the contract's order.
    pub hosts: Vec<(String, String)>,
}

/// Two headers that belong together.
#[derive(Clone, Debug)]
pub struct KeyPair {
    /// Its name in the contract.
    pub name: String,
    /// The header of the key.
    pub key: String,
    /// The header of the client.
    pub client: String,
}

/// What answers are wrapped in. Members stand at the root of the answer.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The name of its schema.
    pub name: String,
    /// What it is.
    pub doc: Doc,
    /// Where an answer says whether it is a success.
    pub success: Vec<SuccessMark>,
    /// The code of a refusal.
    pub code: Option<String>,
    /// Which numbering the code is of.
    pub code_type: Option<String>,
    /// The messages, the better ones first.
    pub messages: Vec<String>,
    /// The list of what went wrong.
    pub errors: Option<ErrorList>,
    /// What a success carries; none where that is the answer itself.
    pub payload: Option<String>,
    /// Whether its members may be written with a small first letter too.
    pub small_letters: bool,
    /// The names of the code lists that its code may be of.
    pub code_lists: Vec<String>,
}

/// A member of an envelope that says whether the answer is a success.
#[derive(Clone, Debug)]
pub struct SuccessMark {
    /// The member.
    pub member: String,
    /// The value that means yes.
    pub value: Literal,
    /// Whether every answer has it.
    pub required: bool,
}

/// Where the list of what went wrong stands, and the code and the message of each element.
#[derive(Clone, Debug)]
pub struct ErrorList {
    /// The list.
    pub member: String,
    /// The code of an element.
    pub code: Option<String>,
    /// The message of an element.
    pub message: Option<String>,
}

/// The operations of one tag.
#[derive(Clone, Debug)]
pub struct Service {
    /// The tag, which is the module's name too.
    pub name: String,
    /// What the tag says of itself.
    pub doc: Doc,
    /// Its operations, in the contract's order.
    pub operations: Vec<Operation>,
}

/// What one endpoint is.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// The Rust name of its type.
    pub type_name: String,
    /// The Rust name of its method.
    pub method: String,
    /// What it does.
    pub doc: Doc,
    /// The HTTP method, in capitals.
    pub verb: String,
    /// The path below the host.
    pub path: String,
    /// The name of the API that serves it.
    pub api: String,
    /// The name of the key pair that it needs.
    pub pair: Option<String>,
    /// How it may be sent again.
    pub retry: Retry,
    /// Whether money may move.
    pub money: Option<Money>,
    /// How its input travels.
    pub input: Input,
    /// The name of what its answers are wrapped in; none where they are not.
    pub envelope: Option<String>,
    /// What a success carries.
    pub answer: Type,
    /// Where a success may hold a failure.
    pub refusals: Vec<Refusal>,
    /// Where a success must say that it is one, and how: values as text, or none where any will do.
    pub success: Vec<(String, Vec<String>)>,
    /// Which fields of the request the answer repeats: where each stands in the one and in the other.
    pub echoes: Vec<Echo>,
    /// Where the bank's own error stands.
    pub bank_error: Vec<(String, Path)>,
}

/// A field of the request that the answer repeats.
#[derive(Clone, Debug)]
pub struct Echo {
    /// Where it stands in the request: a pointer; none for the merchant's code that the caller gives with the call.
    pub request: Option<String>,
    /// Where it stands in the answer: a pointer into its body.
    pub answer: String,
}

/// How an operation may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// It changes nothing.
    Inquiry,
    /// Twice is as good as once.
    Repeatable,
    /// Only when it provably was not sent.
    Unsent,
}

/// What an operation that moves money tells of itself.
#[derive(Clone, Debug)]
pub struct Money {
    /// Where the merchant's code stands in the request; nothing where the caller must give it.
    pub merchant_code: Option<Path>,
    /// What it does to a payment, in the contract's word; none where it is about no payment.
    pub effect: Option<String>,
    /// The operation by which an unknown outcome is looked up; none where no page gives one.
    pub inquiry: Option<String>,
}

/// What the vendor sends by itself.
#[derive(Clone, Debug)]
pub struct Message {
    /// `operationId`.
    pub id: String,
    /// The object that it holds.
    pub object: String,
    /// Whether it is a form, and no JSON.
    pub is_form: bool,
    /// What it speaks of, in the contract's word.
    pub subject: String,
    /// What it claims: the name of the claim, and the pointer to it.
    pub claim: Vec<(String, String)>,
    /// How it is hashed.
    pub hash: Option<Hash>,
}

/// How a message is hashed.
#[derive(Clone, Debug)]
pub struct Hash {
    /// The pointer to the hash.
    pub hash: String,
    /// The pointer to the name of the format.
    pub format: Option<String>,
    /// The pointer to the type of the key.
    pub key_type: Option<String>,
    /// The format where the message names none.
    pub usual_format: String,
    /// The type of the key where the message names none.
    pub usual_key_type: i64,
    /// Each part of a format that the message has, and the pointer to it.
    pub parts: Vec<(String, String)>,
}

/// How an operation's input travels.
#[derive(Clone, Debug)]
pub enum Input {
    /// As a JSON body of this object.
    Body(String),
    /// Outside of a body, which this object holds.
    Parameters(String),
    /// So, and as a JSON body, each an object.
    Both {
        /// The object of what travels outside of the body.
        parameters: String,
        /// The object of the body.
        body: String,
    },
    /// There is none.
    Nothing,
}

impl Input {
    /// The objects that the input is made of.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        let (parameters, body) = match self {
            Self::Body(body) => (None, Some(body)),
            Self::Parameters(parameters) => (Some(parameters), None),
            Self::Both { parameters, body } => (Some(parameters), Some(body)),
            Self::Nothing => (None, None),
        };
        parameters.into_iter().chain(body).map(String::as_str)
    }
}

/// Where a success may hold a failure.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Who refuses.
    pub who: String,
    /// Where the inner status stands.
    pub status: Path,
    /// The statuses that are no failure.
    pub accepted: Vec<i64>,
    /// Where the inner code stands.
    pub code: Path,
    /// Where the inner text stands.
    pub message: Path,
    /// The codes that prove that nothing was charged.
    pub harmless: Vec<String>,
}

/// A way from an object to a value inside: each step a field of the object before.
#[derive(Clone, Debug)]
pub struct Path {
    /// The way as a JSON pointer.
    pub pointer: String,
    /// The steps.
    pub steps: Vec<Step>,
    /// The type at the end.
    pub end: Type,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub struct Step {
    /// The Rust name of the field.
    pub field: String,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A documented object.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its name.
    pub name: String,
    /// The module that it lives in.
    pub module: String,
    /// What it is.
    pub doc: Doc,
    /// Its fields, in the contract's order.
    pub fields: Vec<Field>,
    /// What must hold between its fields.
    pub conditions: Vec<Condition>,
    /// Fields of which one at most should be given.
    pub at_most_one: Vec<String>,
    /// The field that decides which of them counts, where one does.
    pub decided_by: Option<String>,
    /// Which amounts add up to which.
    pub sum: Option<Sum>,
    /// Which fields say when a card expires.
    pub expiry: Option<Expiry>,
    /// Whether a caller builds it.
    pub in_request: bool,
    /// Whether an answer holds it.
    pub in_answer: bool,
    /// Where it tells of a renewed session.
    pub session: Option<Session>,
    /// The Rust name of the struct of its required fields, if there is one.
    pub parts: String,
}

/// Which amounts add up to which: pointers from the object, with `*` for each element of a list.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The whole.
    pub total: String,
    /// What adds up to it.
    pub parts: String,
}

/// Which fields say when a card expires.
#[derive(Clone, Debug)]
pub struct Expiry {
    /// The month.
    pub month: String,
    /// The year.
    pub year: String,
}

/// Which fields tell of a renewed session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whether it was renewed.
    pub renewed: String,
    /// The session to use from now on.
    pub id: String,
    /// When that one ends.
    pub expiry: Option<String>,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust.
    pub rust: String,
    /// What it is.
    pub doc: Doc,
    /// What it holds.
    pub ty: Type,
    /// Whether it must be there.
    pub required: bool,
    /// Whether null may stand for it.
    pub nullable: bool,
    /// What bounds its value.
    pub bounds: Bounds,
    /// Where it travels, if not in a body.
    pub place: Option<Place>,
}

/// Where an input travels that is in no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// As a part of the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
}

impl Field {
    /// Whether Rust holds it as an option.
    #[must_use]
    pub fn is_option(&self) -> bool {
        !self.required || self.nullable
    }
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A type of the runtime.
    Runtime(Runtime),
    /// A code of the list with this name.
    Code(String),
    /// The object with this name.
    Object(String),
    /// A list.
    List(Box<Type>),
    /// A body that says nothing.
    Nothing,
}

/// A type that the runtime crate defines by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runtime {
    /// An exact decimal.
    Amount,
    /// A time as documented.
    Timestamp,
    /// A card number.
    CardNumber,
    /// A card's security code.
    SecurityCode,
    /// A bearer-like value.
    Secret,
    /// Data of a person.
    Personal,
}

impl Runtime {
    /// Every type of the runtime.
    pub const ALL: [Self; 6] =
        [Self::Amount, Self::Timestamp, Self::CardNumber, Self::SecurityCode, Self::Secret, Self::Personal];

    /// The name in the runtime crate.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "Amount",
            Self::Timestamp => "Timestamp",
            Self::CardNumber => "CardNumber",
            Self::SecurityCode => "SecurityCode",
            Self::Secret => "Secret",
            Self::Personal => "Personal",
        }
    }
}

/// What bounds a value; lengths count characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest text.
    pub min_length: Option<i64>,
    /// The longest text.
    pub max_length: Option<i64>,
    /// What the text looks like.
    pub pattern: Option<String>,
    /// The smallest number, and whether it is excluded.
    pub minimum: Option<(i64, bool)>,
    /// The greatest number, and whether it is excluded.
    pub maximum: Option<(i64, bool)>,
    /// The shortest list.
    pub min_items: Option<i64>,
    /// The longest list.
    pub max_items: Option<i64>,
}

/// At least one of the ways must hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The ways.
    pub ways: Vec<Way>,
}

/// What one way asks for.
#[derive(Clone, Debug)]
pub struct Way {
    /// Its name for people.
    pub title: String,
    /// Fields that must be there.
    pub required: Vec<String>,
    /// What a field must be, where it is there.
    pub fields: Vec<(String, Constraint)>,
}

/// What a field must be.
#[derive(Clone, Debug, Default)]
pub struct Constraint {
    /// What bounds it.
    pub bounds: Bounds,
    /// The values that it may have.
    pub values: Option<Vec<Literal>>,
}

/// A value in a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
}

/// Named constants over an open value.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// The module that it lives in.
    pub module: String,
    /// What it is.
    pub doc: Doc,
    /// What its codes are: `Int32`, `Int64` or `Text`.
    pub base: Type,
    /// The documented codes, in the contract's order.
    pub codes: Vec<Code>,
}

/// A documented code.
#[derive(Clone, Debug)]
pub struct Code {
    /// The value on the wire.
    pub value: Literal,
    /// Its constant's name.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// Whether it proves that nothing was charged.
    pub nothing_charged: bool,
}

/// What is said of something, and on which page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doc {
    /// One line: the task, or what it is.
    pub summary: String,
    /// The rest.
    pub text: String,
    /// The page.
    pub page: Option<String>,
    /// Where a field comes from when not from its object's page.
    pub source: Option<String>,
}
