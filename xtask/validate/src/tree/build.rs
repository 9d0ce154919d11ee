//! What is no JSON, as a tree: a form and the headers of a request are objects of one level.

use std::ops::Range;

use super::{Entry, Kind, Parser, Piece, Tree};

/// One field of a form, or one header, by its places in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Where its name stands.
    pub name: Range<usize>,
    /// Where its value stands.
    pub value: Range<usize>,
    /// What the value is: a text, or a number, true or false, which headers write without quotes.
    pub kind: Kind,
}

impl Parser {
    /// The object of some pairs whose names and values stand in `text`, decoded.
    ///
    /// Places that do not lie in the text count as empty.
    pub fn build<'t>(&'t mut self, text: &'t str, pairs: &[Pair]) -> Tree<'t> {
        self.entries.clear();
        self.lenient = None;
        let whole = piece(text, &(0..text.len()));
        let after = narrow(pairs.len() + 1);
        let count = narrow(pairs.len());
        self.entries.push(Entry { kind: Kind::Object, key: Piece::default(), value: whole, after, count });
        for (index, pair) in pairs.iter().enumerate() {
            let (key, value) = (piece(text, &pair.name), piece(text, &pair.value));
            self.entries.push(Entry { kind: pair.kind, key, value, after: narrow(index + 2), count: 0 });
        }
        Tree { text, entries: &self.entries, plain: false, top: 0 }
    }
}

fn piece(text: &str, place: &Range<usize>) -> Piece {
    match text.get(place.clone()) {
        Some(_) => Piece { start: narrow(place.start), end: narrow(place.end), escaped: false },
        None => Piece::default(),
    }
}

/// A text of more than four gigabytes has no pairs here.
fn narrow(place: usize) -> u32 {
    u32::try_from(place).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Node;

    #[test]
    fn pairs_become_an_object() {
        let text = "Amount=1.00&Name=x";
        let pairs = [
            Pair { name: 0..6, value: 7..11, kind: Kind::Number },
            Pair { name: 12..16, value: 17..18, kind: Kind::Text },
        ];
        let mut parser = Parser::default();
        let root = parser.build(text, &pairs).root();
        assert_eq!(root.get("Amount").and_then(Node::number), Some("1.00"));
        assert_eq!(root.get("Name").and_then(Node::text).as_deref(), Some("x"));
        assert_eq!(root.children().nth(1).map(Node::span), Some(17..18));
    }
}
