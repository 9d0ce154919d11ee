//! A way through an object as a Rust expression of type `Option<_>`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Path, Runtime, Step, Type};

/// `Option<&T>` of what stands at the end of a path from `root`.
#[must_use]
pub(super) fn reference(root: &TokenStream, steps: &[Step]) -> TokenStream {
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
    if in_option { found } else { quote!(Some(&#found)) }
}

/// `Option<&str>` of it; nothing where it is no text.
#[must_use]
pub(super) fn text(root: &TokenStream, path: &Path) -> TokenStream {
    if path.end == Type::Text && path.steps.iter().all(|step| !step.optional) {
        let fields = path.steps.iter().map(|step| ident(&step.field));
        return quote!(Some(#root #(.#fields)*.as_str()));
    }
    let reference = reference(root, &path.steps);
    match &path.end {
        Type::Text => quote!(#reference.map(String::as_str)),
        Type::Code(name) => {
            let name = format_ident!("{}", name);
            quote!(#reference.map(#name::as_str))
        }
        Type::Runtime(Runtime::Personal) => quote!(#reference.map(Personal::as_str)),
        _ => quote!(None),
    }
}

/// `Option<i64>` of it; nothing where it is no whole number.
#[must_use]
pub(super) fn number(root: &TokenStream, path: &Path) -> TokenStream {
    let reference = reference(root, &path.steps);
    match &path.end {
        Type::Int32 => quote!(#reference.map(|it| i64::from(*it))),
        Type::Int64 => quote!(#reference.copied()),
        Type::Code(_) => quote!(#reference.map(|it| it.code())),
        _ => quote!(None),
    }
}

/// An identifier, raw where the name says so.
#[must_use]
pub(super) fn ident(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, proc_macro2::Span::call_site()),
        None => format_ident!("{}", name),
    }
}
