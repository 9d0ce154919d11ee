//! An operation as data: a unit type and the few facts that the one sending function needs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{doc, path};
use crate::model::{Doc, Input, Model, Object, Operation, Refusal, Retry, Service, Type};
use crate::names;
use crate::refine::doc_attributes;

/// The type of an operation and its facts.
#[must_use]
pub(super) fn operation(model: &Model, service: &Service, operation: &Operation) -> Vec<TokenStream> {
    let name = format_ident!("{}", operation.type_name);
    let about = doc_attributes(&about(service, operation));
    let facts = facts(model, operation);
    let functions = functions(model, operation);
    vec![
        quote! {
            #about
            #[derive(Clone, Copy, Debug)]
            pub struct #name;
        },
        quote! {
            impl Operation for #name {
                #facts
                #functions
            }
        },
    ]
}

/// The method has the whole story; the type says what it is and where the method stands.
fn about(service: &Service, operation: &Operation) -> Vec<String> {
    let summary = Doc { summary: operation.doc.summary.clone(), ..Doc::default() };
    let mut lines = doc::of(&summary);
    let service = names::pascal(&service.name);
    let method = operation.method.trim_start_matches("r#");
    lines.extend([String::new(), format!("The facts of the operation that [`{service}::{method}`] sends.")]);
    lines
}

fn facts(model: &Model, operation: &Operation) -> TokenStream {
    let request = match &operation.input {
        Input::Body(name) | Input::Headers(name) => {
            let name = format_ident!("{}", name);
            quote!(#name)
        }
        Input::Nothing => quote!(()),
    };
    let response = rust_type(&operation.answer);
    let (id, path) = (&operation.id, &operation.path);
    let verb = format_ident!("{}", operation.verb);
    let api = format_ident!("{}", names::constant(&operation.api));
    let keys = operation.pair.as_ref().map_or_else(
        || quote!(None),
        |pair| {
            let pair = format_ident!("{}", names::constant(pair));
            quote!(Some(&meta::#pair))
        },
    );
    let retry = format_ident!("{}", retry_name(operation.retry));
    let input = match operation.input {
        Input::Body(_) => format_ident!("Body"),
        Input::Headers(_) => format_ident!("Headers"),
        Input::Nothing => format_ident!("Nothing"),
    };
    let moves_money = operation.money.is_some();
    let errors = if model.error_lists.is_empty() {
        quote!()
    } else {
        quote!(
            const ERRORS: &'static [&'static ErrorTable] = meta::ERRORS;
        )
    };
    quote! {
        type Request = #request;
        type Response = #response;
        const ID: &'static str = #id;
        const METHOD: Method = Method::#verb;
        const PATH: &'static str = #path;
        const API: &'static Api = &meta::#api;
        const KEYS: Option<&'static KeyPair> = #keys;
        const RETRY: Retry = Retry::#retry;
        const MOVES_MONEY: bool = #moves_money;
        const INPUT: Input = Input::#input;
        #errors
    }
}

fn retry_name(retry: Retry) -> &'static str {
    match retry {
        Retry::Inquiry => "Inquiry",
        Retry::Repeatable => "Repeatable",
        Retry::Unsent => "Unsent",
    }
}

/// The Rust type of a value.
#[must_use]
pub(super) fn rust_type(ty: &Type) -> TokenStream {
    match ty {
        Type::Text => quote!(String),
        Type::Bool => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Runtime(runtime) => {
            let name = format_ident!("{}", runtime.name());
            quote!(#name)
        }
        Type::Code(name) | Type::Object(name) => {
            let name = format_ident!("{}", name);
            quote!(#name)
        }
        Type::List(element) => {
            let element = rust_type(element);
            quote!(Vec<#element>)
        }
    }
}

fn functions(model: &Model, operation: &Operation) -> TokenStream {
    let headers = headers(model, operation);
    let merchant_code = merchant_code(operation);
    let refusal = refusal(operation);
    let bank_error = bank_error(operation);
    let renewal = renewal(model, operation);
    quote!(#headers #merchant_code #refusal #bank_error #renewal)
}

fn headers(model: &Model, operation: &Operation) -> Option<TokenStream> {
    let Input::Headers(name) = &operation.input else { return None };
    let object = model.objects.iter().find(|object| object.name == *name)?;
    let lines = object.fields.iter().map(|field| {
        let (wire, rust) = (field.wire.to_lowercase(), path::ident(&field.rust));
        quote!(headers.put(#wire, &request.#rust);)
    });
    Some(quote! {
        fn headers(request: &Self::Request, headers: &mut HeaderInputs) {
            #(#lines)*
        }
    })
}

fn merchant_code(operation: &Operation) -> Option<TokenStream> {
    let money = operation.money.as_ref()?;
    let code = path::text(&quote!(request), &money.merchant_code);
    Some(quote! {
        fn merchant_code(request: &Self::Request) -> Option<&str> {
            #code
        }
    })
}

fn refusal(operation: &Operation) -> Option<TokenStream> {
    let (last, others) = operation.refusals.split_last()?;
    let others = others.iter().map(|refusal| {
        let read = read_refusal(refusal);
        quote! {
            let refusal = { #read };
            if refusal.is_some() {
                return refusal;
            }
        }
    });
    let last = read_refusal(last);
    Some(quote! {
        fn refusal(body: &Self::Response) -> Option<InnerRefusal> {
            #(#others)*
            #last
        }
    })
}

fn read_refusal(refusal: &Refusal) -> TokenStream {
    let root = quote!(body);
    let (who, accepted, harmless) = (&refusal.who, &refusal.accepted, &refusal.harmless);
    let accepted = accepted.iter().map(|status| super::int(*status));
    let status = path::number(&root, &refusal.status);
    let (code, message) = (path::text(&root, &refusal.code), path::text(&root, &refusal.message));
    quote! {
        let status = #status;
        let code = #code;
        let message = #message;
        InnerRefusal::read(#who, &[#(#accepted),*], status, code, message, &[#(#harmless),*])
    }
}

fn bank_error(operation: &Operation) -> Option<TokenStream> {
    if operation.bank_error.is_empty() {
        return None;
    }
    let parts = operation.bank_error.iter().map(|(part, path)| {
        let setter = format_ident!("with_{}", part);
        let text = path::text(&quote!(body), path);
        quote!(.#setter(#text))
    });
    Some(quote! {
        fn bank_error(body: &Self::Response) -> Option<BankError> {
            Some(BankError::default() #(#parts)*)
        }
    })
}

/// Where an answer tells of a renewed session: a field of its own that holds such an object.
fn renewal(model: &Model, operation: &Operation) -> Option<TokenStream> {
    let Type::Object(answer) = &operation.answer else { return None };
    let answer = object(model, answer)?;
    let (field, state) = answer.fields.iter().find_map(|field| {
        let Type::Object(name) = &field.ty else { return None };
        object(model, name).filter(|object| object.session.is_some()).map(|object| (field, object))
    })?;
    let session = state.session.as_ref()?;
    let holder = path::ident(&field.rust);
    let holder = if field.is_option() { quote!(body.#holder.as_ref()?) } else { quote!(&body.#holder) };
    let member = |wire: &str| {
        let field = state.fields.iter().find(|field| field.wire == wire)?;
        let rust = path::ident(&field.rust);
        Some(if field.is_option() { quote!(session.#rust.as_ref()) } else { quote!(Some(&session.#rust)) })
    };
    let renewed = by_value(state, &session.renewed)?;
    let id = member(&session.id)?;
    let expiry = session.expiry.as_ref().and_then(|expiry| member(expiry)).unwrap_or_else(|| quote!(None));
    Some(quote! {
        fn renewal(body: &Self::Response) -> Option<Renewal> {
            let session = #holder;
            Renewal::read(#renewed, #id, #expiry)
        }
    })
}

/// `Option<bool>` of a field.
fn by_value(state: &Object, wire: &str) -> Option<TokenStream> {
    let field = state.fields.iter().find(|field| field.wire == wire)?;
    let rust = path::ident(&field.rust);
    Some(if field.is_option() { quote!(session.#rust) } else { quote!(Some(session.#rust)) })
}

fn object<'m>(model: &'m Model, name: &str) -> Option<&'m Object> {
    model.objects.iter().find(|object| object.name == name)
}
