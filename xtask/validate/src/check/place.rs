//! Where in a payload is a finding? The way from the top, kept as steps until somebody asks.

use std::ops::Range;

use paywall_contract::pointer;

use crate::mask::mask_key;
use crate::shape::{Shape, ShapeId, Shapes};
use crate::tree::{Kind, Node};

/// A value, what is known of it, and how it is reached.
#[derive(Clone, Debug)]
pub(crate) struct Place<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) shape: ShapeId,
    /// The object or list that holds it.
    pub(crate) parent: Option<(Node<'t>, ShapeId)>,
    /// As it is shown.
    pub(crate) pointer: String,
}

impl<'t> Place<'t> {
    pub(crate) fn root(node: Node<'t>, shape: ShapeId) -> Self {
        Self { node, shape, parent: None, pointer: String::new() }
    }

    /// What a JSON pointer leads to; of a field that stands twice, to the first.
    pub(crate) fn at(shapes: &Shapes, root: Node<'t>, shape: ShapeId, pointer: &str) -> Option<Self> {
        let mut place = Self::root(root, shape);
        for segment in pointer::segments(pointer) {
            place = place.below(shapes, &segment)?;
        }
        Some(place)
    }

    fn below(&self, shapes: &Shapes, segment: &str) -> Option<Self> {
        let own = shapes.get(self.shape);
        let (node, shape) = match self.node.kind() {
            Kind::Object => (self.node.get(segment)?, own.fields.get(segment)),
            Kind::List => (self.node.children().nth(segment.parse().ok()?)?, own.items),
            _ => return None,
        };
        let mut pointer = self.pointer.clone();
        push(&mut pointer, segment, shape.is_some() || self.node.kind() == Kind::List);
        Some(Self { node, shape: shape.unwrap_or(Shapes::UNKNOWN), parent: Some((self.node, self.shape)), pointer })
    }

    /// The page of the value's own type, or of the object that it is a field of.
    pub(crate) fn page(&self, shapes: &Shapes) -> Option<String> {
        let own = shapes.get(self.shape).page.as_deref();
        let parent = || self.parent.and_then(|(_, parent)| shapes.get(parent).page.as_deref());
        own.or_else(parent).map(str::to_owned)
    }

    pub(crate) fn shape<'s>(&self, shapes: &'s Shapes) -> &'s Shape {
        shapes.get(self.shape)
    }
}

/// Adds a step to a pointer that is shown.
pub(crate) fn push(pointer: &mut String, segment: &str, is_known: bool) {
    let segment = if is_known { segment.into() } else { mask_key(segment) };
    pointer::push(pointer, &segment);
}

/// Where a finding of a value points to: of a list and an object, to where it begins.
pub(crate) fn start(node: Node<'_>) -> Range<usize> {
    let span = node.span();
    match node.kind() {
        Kind::List | Kind::Object => span.start..(span.start + 1).min(span.end),
        _ => span,
    }
}
