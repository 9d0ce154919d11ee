//! `::std::option::Option<::std::string::String>` becomes `Option<String>`, which is what a person writes.

use syn::visit_mut::{VisitMut, visit_path_mut};
use syn::{ItemStruct, Path, PathSegment};

const PRELUDE: [&str; 5] = ["Option", "String", "Vec", "Box", "Default"];

/// Shortens every path of the standard prelude in a struct.
pub(super) fn shorten(item: &mut ItemStruct) {
    Shorten.visit_item_struct_mut(item);
}

struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        let is_std = path.leading_colon.is_some() && path.segments.first().is_some_and(|first| first.ident == "std");
        let last: Option<PathSegment> = path.segments.last().cloned();
        if let (true, Some(last)) = (is_std, last)
            && PRELUDE.iter().any(|name| last.ident == name)
        {
            path.leading_colon = None;
            path.segments = std::iter::once(last).collect();
        }
        visit_path_mut(self, path);
    }
}
