//! What is answered? Yes with a body, or no with a code.

use paywall_contract::node::Node;

/// What an operation comes to: the `Body` of a success, or a refusal.
pub(crate) type Verdict = Result<Node, No>;

/// A refusal of the API.
#[derive(Clone, Debug)]
pub(crate) struct No {
    /// The code of the envelope.
    pub(crate) code: i64,
    /// Its message.
    pub(crate) message: String,
    /// The `Body` beside it; null where nothing is said.
    pub(crate) body: Option<Node>,
    /// Whether the envelope says success nonetheless, as Masterpass's refusals do.
    pub(crate) inside: bool,
}

impl No {
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), body: None, inside: false }
    }

    pub(crate) fn with_body(mut self, body: Node) -> Self {
        self.body = Some(body);
        self
    }

    /// A refusal in the body of a success.
    pub(crate) fn inside(body: Node) -> Self {
        Self { code: 0, message: String::new(), body: Some(body), inside: true }
    }
}
