//! How is an answer written? As the documented one, with the facts of this case filled in.

use std::collections::BTreeMap;

use paywall_contract::node::{Kind, Node};
use paywall_contract::pointer;

use crate::text::{made, made_field};

/// The documented `Body` of every operation's success, and of its refusals by case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Templates {
    bodies: BTreeMap<(String, String), Node>,
}

impl Templates {
    pub(crate) fn add(&mut self, operation: &str, case: &str, body: Node) {
        self.bodies.insert((operation.to_owned(), case.to_owned()), body);
    }

    /// The body of a case; null where the contract shows none.
    pub(crate) fn get(&self, operation: &str, case: &str) -> Filled {
        let body = self.bodies.get(&(operation.to_owned(), case.to_owned()));
        Filled(body.cloned().unwrap_or_else(|| made(Kind::Null)))
    }
}

/// A body that is being filled in.
#[derive(Clone, Debug)]
pub(crate) struct Filled(Node);

impl Filled {
    /// A body that is written from nothing.
    pub(crate) fn empty() -> Self {
        Self(made(Kind::Map(Vec::new())))
    }

    /// Sets what stands at a pointer of object keys; objects on the way are made where they are missing.
    pub(crate) fn set(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        let mut found = &mut self.0;
        for segment in pointer::segments(pointer) {
            found = field(found, segment);
        }
        *found = value.into().0;
        self
    }

    /// Whether anything stands at a pointer.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        self.0.pointer(pointer).is_some()
    }

    /// A part, to be filled in on its own: the first of a list for instance.
    pub(crate) fn part(&self, pointer: &str) -> Self {
        Self(self.0.pointer(pointer).cloned().unwrap_or_else(|| made(Kind::Null)))
    }

    pub(crate) fn done(self) -> Node {
        self.0
    }
}

impl From<Node> for Filled {
    fn from(node: Node) -> Self {
        Self(node)
    }
}

fn field(object: &mut Node, key: String) -> &mut Node {
    if !matches!(object.kind, Kind::Map(_)) {
        object.kind = Kind::Map(Vec::new());
    }
    let Kind::Map(entries) = &mut object.kind else { unreachable!("it has just been made an object") };
    let index = entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
        entries.push(made_field(key, made(Kind::Null)));
        entries.len() - 1
    });
    &mut entries[index].value
}

/// A value to fill in.
#[derive(Debug)]
pub(crate) struct Value(Node);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(made(Kind::Text(text.to_owned())))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(made(Kind::Text(text)))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self(made(Kind::Bool(flag)))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self(made(Kind::Number(number.to_string())))
    }
}

impl From<paywall_api::Amount> for Value {
    fn from(amount: paywall_api::Amount) -> Self {
        Self(made(Kind::Number(amount.to_string())))
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        Self(node)
    }
}

impl From<Vec<Filled>> for Value {
    fn from(list: Vec<Filled>) -> Self {
        Self(made(Kind::List(list.into_iter().map(Filled::done).collect())))
    }
}

impl From<Filled> for Value {
    fn from(part: Filled) -> Self {
        Self(part.0)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(|| Self(made(Kind::Null)), Into::into)
    }
}
