//! A way through an object as a Rust expression of type `Option<_>`.

use proc_macro2::TokenStream;
use quote::quote;

use super::own;
use crate::names::ident;
use paywall_contract::model::{Path, Runtime, Step, Type};

/// `Option<&str>` of what stands at the end of a path from `root`; nothing where it is no text.
#[must_use]
pub(super) fn text(root: &TokenStream, path: &Path) -> TokenStream {
    let (whole, inside) = match &path.end {
        Type::Text => (quote!(.as_str()), quote!(.as_deref())),
        Type::Code(_) | Type::Runtime(Runtime::Personal) => {
            let name = end_name(&path.end);
            (quote!(.as_str()), quote!(.as_ref().map(#name::as_str)))
        }
        _ => return quote!(None),
    };
    end(root, &path.steps, &whole, &inside)
}

fn end_name(ty: &Type) -> TokenStream {
    if let Type::Code(name) = ty { own(name) } else { quote!(Personal) }
}

/// The last field, turned by `whole` where it is always there, by `inside` where it is an option.
fn end(root: &TokenStream, steps: &[Step], whole: &TokenStream, inside: &TokenStream) -> TokenStream {
    let Some((last, before)) = steps.split_last() else { return quote!(None) };
    let (found, in_option) = walk(root, before);
    let field = ident(&last.field);
    match (in_option, last.optional) {
        (false, false) => quote!(Some(#found.#field #whole)),
        (false, true) => quote!(#found.#field #inside),
        (true, false) => quote!(#found.map(|it| it.#field #whole)),
        (true, true) => quote!(#found.and_then(|it| it.#field #inside)),
    }
}

/// The object at the end of some steps, and whether it is an option of a reference by then.
fn walk(root: &TokenStream, steps: &[Step]) -> (TokenStream, bool) {
    let mut found = root.clone();
    let mut in_option = false;
    for step in steps {
        let field = ident(&step.field);
        found = match (in_option, step.optional) {
            (false, false) => quote!(#found.#field),
            (false, true) => quote!(#found.#field.as_ref()),
            (true, false) => quote!(#found.map(|it| &it.#field)),
            (true, true) => quote!(#found.and_then(|it| it.#field.as_ref())),
        };
        in_option |= step.optional;
    }
    (found, in_option)
}
