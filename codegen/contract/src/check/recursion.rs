//! `endless-object`: no object needs one of its own kind to be whole. One that may hold its like, or a list
//! of them, is fine.

use std::collections::BTreeMap;

use crate::document::{self, ObjectNode};
use crate::finding::Finding;
use crate::node::{At, Node};
use crate::read::Document;
use crate::schema::{self, Form};

/// What an object needs: the field's place, and the name of the object in it.
type Needs<'d> = BTreeMap<String, Vec<(&'d At, String)>>;

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let objects = document::objects(document);
    let needs: Needs<'_> = objects.iter().map(|object| (object.name.clone(), needed(document, object))).collect();
    let endless = objects.iter().filter_map(|object| Some((object, returning(&needs, &object.name)?)));
    endless
        .map(|(object, at)| {
            let message = format!("`{}` needs one of its own to be whole: no payload is finite", object.name);
            Finding::new("endless-object", at, message, "let one of the fields on the way be absent or null")
        })
        .collect()
}

fn needed<'d>(document: &'d Document, object: &ObjectNode<'d>) -> Vec<(&'d At, String)> {
    let required: Vec<&str> =
        object.node.get("required").map(Node::elements).unwrap_or_default().iter().filter_map(Node::text).collect();
    let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
    let whole = properties.iter().filter(|entry| required.contains(&entry.key.as_str()));
    whole.filter_map(|entry| Some((&entry.at, target(document, object, &entry.key, &entry.value)?))).collect()
}

/// The object that must stand at a field.
fn target(document: &Document, object: &ObjectNode<'_>, property: &str, node: &Node) -> Option<String> {
    let read = schema::read(node).ok().filter(|read| !read.nullable)?;
    match read.form {
        Form::Object => Some(crate::names::inline(&object.name, property)),
        Form::Reference(target) => Some(document::named(document, object.file, target.text()?)?.name.to_owned()),
        _ => None,
    }
}

/// The field of `start` from which needs lead back to it.
fn returning<'d>(needs: &Needs<'d>, start: &str) -> Option<&'d At> {
    let of = |name: &str| needs.get(name).map(Vec::as_slice).unwrap_or_default();
    of(start).iter().find(|(_, first)| leads_to(&of, first, start)).map(|(at, _)| *at)
}

fn leads_to<'n, 'd: 'n>(of: &impl Fn(&str) -> &'n [(&'d At, String)], from: &str, to: &str) -> bool {
    let (mut seen, mut waiting) = (Vec::new(), vec![from.to_owned()]);
    while let Some(name) = waiting.pop() {
        if name == to {
            return true;
        }
        waiting.extend(of(&name).iter().map(|(_, next)| next.clone()).filter(|next| !seen.contains(next)));
        seen.push(name);
    }
    false
}
