//! An operation as data: a unit type and the few facts that the one sending function needs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{doc, meta, own, path};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Doc, Input, Model, Object, Operation, Place, Refusal, Retry, Service, Type};
use paywall_contract::pointer;

/// The type of an operation and its facts.
#[must_use]
pub(super) fn operation(model: &Model, service: &Service, operation: &Operation) -> Vec<TokenStream> {
    let (definition, name) = (names::ident(&operation.type_name), own(&operation.type_name));
    let about = doc_attributes(&about(service, operation));
    let facts = facts(model, operation);
    let functions = functions(model, operation);
    vec![
        quote! {
            #about
            #[derive(Clone, Copy, Debug)]
            pub struct #definition;
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
    let (service, method) = (names::pascal(&service.name), &operation.method);
    lines.extend([String::new(), format!("The facts of the operation that [`{service}::{method}`] sends.")]);
    lines
}

fn facts(model: &Model, operation: &Operation) -> TokenStream {
    let request = request_type(&operation.input);
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
        Input::Parameters(_) => format_ident!("Parameters"),
        Input::Both { .. } => format_ident!("Both"),
        Input::Nothing => format_ident!("Nothing"),
    };
    let moves_money = operation.money.is_some();
    let effect = operation.money.as_ref().map(|money| {
        let effect = money.effect.as_ref().map(|effect| {
            let effect = format_ident!("{}", names::pascal(effect));
            quote!(const EFFECT: Option<Effect> = Some(Effect::#effect);)
        });
        let inquiry = money.inquiry.as_ref().map(|id| quote!(const INQUIRY: Option<&'static str> = Some(#id);));
        let code = money.merchant_code.as_ref().map(|code| &code.pointer);
        let code = code.map(|pointer| quote!(const MERCHANT_CODE: Option<&'static str> = Some(#pointer);));
        quote! {
            #effect
            #inquiry
            #code
        }
    });
    let envelope = operation.envelope.as_ref().map_or_else(
        || quote!(&EnvelopePlaces::NONE),
        |name| {
            let name = meta::envelope_name(name);
            quote!(&meta::#name)
        },
    );
    let places = places(model, operation);
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
        #effect
        const ENVELOPE: &'static EnvelopePlaces = #envelope;
        const INPUT: Input = Input::#input;
        #places
    }
}

/// The Rust type of what an operation takes.
#[must_use]
pub(super) fn request_type(input: &Input) -> TokenStream {
    match input {
        Input::Body(name) | Input::Parameters(name) => own(name),
        Input::Both { parameters, body } => {
            let (parameters, body) = (own(parameters), own(body));
            quote!(WithParameters<#parameters, #body>)
        }
        Input::Nothing => quote!(()),
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
        Type::Code(name) | Type::Object(name) => own(name),
        Type::List(element) => {
            let element = rust_type(element);
            quote!(Vec<#element>)
        }
        Type::Nothing => quote!(Nothing),
    }
}

fn functions(model: &Model, operation: &Operation) -> TokenStream {
    let parameters = parameters(model, operation);
    let body = body(operation);
    let merchant_code = merchant_code(operation);
    quote!(#parameters #body #merchant_code)
}

fn parameters(model: &Model, operation: &Operation) -> Option<TokenStream> {
    let (name, holder) = match &operation.input {
        Input::Parameters(name) => (name, quote!(request)),
        Input::Both { parameters, .. } => (parameters, quote!(request.parameters)),
        Input::Body(_) | Input::Nothing => return None,
    };
    let object = object(model, name)?;
    let lines = object.fields.iter().map(|field| {
        let (wire, rust) = (&field.wire, names::ident(&field.rust));
        match field.place {
            Some(Place::Path) => quote!(parameters.path(#wire, &#holder.#rust);),
            Some(Place::Query) => quote!(parameters.query(#wire, &#holder.#rust);),
            Some(Place::Header) | None => {
                let wire = wire.to_lowercase();
                quote!(parameters.header(#wire, &#holder.#rust);)
            }
        }
    });
    Some(quote! {
        fn parameters(request: &Self::Request, parameters: &mut Parameters) {
            #(#lines)*
        }
    })
}

/// Of a request in two places, the body alone is written as the body.
fn body(operation: &Operation) -> Option<TokenStream> {
    matches!(operation.input, Input::Both { .. }).then(|| {
        quote! {
            fn write_body(request: &Self::Request, out: &mut dyn Write) -> io::Result<()> {
                request.write_body(out)
            }
        }
    })
}

fn merchant_code(operation: &Operation) -> Option<TokenStream> {
    let in_body = matches!(operation.input, Input::Both { .. });
    let holder = if in_body { quote!(request.body) } else { quote!(request) };
    let code = path::text(&holder, operation.money.as_ref()?.merchant_code.as_ref()?);
    Some(quote! {
        fn merchant_code(request: &Self::Request) -> Option<&str> {
            #code
        }
    })
}

/// Where an answer tells of refusals, of the bank and of the session: pointers, which the runtime follows
/// whatever the rest of the answer is like.
fn places(model: &Model, operation: &Operation) -> TokenStream {
    let refusals = refusals(operation);
    let success = success(operation);
    let echoes = echoes(operation);
    let bank_error = bank_error(operation);
    let session = session(model, operation);
    quote!(#refusals #success #echoes #bank_error #session)
}

fn refusals(operation: &Operation) -> Option<TokenStream> {
    if operation.refusals.is_empty() {
        return None;
    }
    let places = operation.refusals.iter().map(|refusal| {
        let Refusal { who, status, accepted, code, message, harmless } = refusal;
        let accepted = accepted.iter().map(|status| super::int(*status));
        let (status, code, message) = (&status.pointer, &code.pointer, &message.pointer);
        quote! {
            RefusalPlaces {
                who: #who,
                status: #status,
                accepted: &[#(#accepted),*],
                code: #code,
                message: #message,
                harmless: &[#(#harmless),*],
            }
        }
    });
    Some(quote!(const REFUSALS: &'static [RefusalPlaces] = &[#(#places),*];))
}

fn success(operation: &Operation) -> Option<TokenStream> {
    if operation.success.is_empty() {
        return None;
    }
    let places = operation.success.iter().map(|(at, values)| quote!(SuccessPlace { at: #at, values: &[#(#values),*] }));
    Some(quote!(const SUCCESS: &'static [SuccessPlace] = &[#(#places),*];))
}

fn echoes(operation: &Operation) -> Option<TokenStream> {
    if operation.echoes.is_empty() {
        return None;
    }
    let echoes = operation.echoes.iter().map(|echo| {
        let request = echo.request.as_ref().map_or_else(|| quote!(Echo::MERCHANT_CODE), |pointer| quote!(#pointer));
        let answer = &echo.answer;
        quote!(Echo { request: #request, answer: #answer })
    });
    Some(quote!(const ECHOES: &'static [Echo] = &[#(#echoes),*];))
}

fn bank_error(operation: &Operation) -> Option<TokenStream> {
    if operation.bank_error.is_empty() {
        return None;
    }
    let parts = operation.bank_error.iter().map(|(part, path)| {
        let (part, pointer) = (format_ident!("{}", part), &path.pointer);
        quote!(#part: Some(#pointer))
    });
    // All four are said, or the rest is said to be none.
    let rest = (operation.bank_error.len() < 4).then(|| quote!(..BankErrorPlaces::NONE));
    Some(quote!(const BANK_ERROR: BankErrorPlaces = BankErrorPlaces { #(#parts,)* #rest };))
}

/// A field of the answer that holds what tells of a renewed session.
fn session(model: &Model, operation: &Operation) -> Option<TokenStream> {
    let Type::Object(answer) = &operation.answer else { return None };
    let (field, session) = object(model, answer)?.fields.iter().find_map(|field| {
        let Type::Object(name) = &field.ty else { return None };
        Some((field, object(model, name)?.session.as_ref()?))
    })?;
    let pointer = |wire: &str| pointer::join(&pointer::join("", &field.wire), wire);
    let (renewed, id) = (pointer(&session.renewed), pointer(&session.id));
    let expiry = session.expiry.as_ref().map_or_else(
        || quote!(None),
        |expiry| {
            let expiry = pointer(expiry);
            quote!(Some(#expiry))
        },
    );
    Some(quote! {
        const SESSION: Option<SessionPlaces> =
            Some(SessionPlaces { renewed: #renewed, id: #id, expiry: #expiry });
    })
}

fn object<'m>(model: &'m Model, name: &str) -> Option<&'m Object> {
    model.objects.iter().find(|object| object.name == name)
}
