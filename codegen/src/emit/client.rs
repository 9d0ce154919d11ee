//! The services as methods of the client.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Home, Source, service};
use crate::model::{Model, Service};
use crate::refine::doc_attributes;

/// The file of these methods.
#[must_use]
pub(super) fn client(model: &Model, home: Home) -> Source {
    let items = match home {
        Home::Runtime => inherent(model),
        Home::Elsewhere => by_trait(model),
    };
    Source { about: vec!["The services of the client.".to_owned()], items }
}

fn inherent(model: &Model) -> Vec<TokenStream> {
    let methods: Vec<TokenStream> = model.services.iter().map(|service| method(service, &quote!(pub), None)).collect();
    let blocking = model.services.iter().map(|service| method(service, &quote!(pub), Some(&quote!(blocking::Client))));
    let uses = model.services.iter().map(use_service);
    vec![
        quote! {
            use paywall_api::Client;
            #[cfg(feature = "blocking")]
            use paywall_api::blocking;
            #(#uses)*
        },
        quote! {
            impl Client {
                #(#methods)*
            }
        },
        quote! {
            #[cfg(feature = "blocking")]
            impl blocking::Client {
                #(#blocking)*
            }
        },
    ]
}

fn by_trait(model: &Model) -> Vec<TokenStream> {
    let caller = quote!(Self);
    let methods = model.services.iter().map(|service| method(service, &quote!(), Some(&caller)));
    let uses = model.services.iter().map(use_service);
    vec![
        quote! {
            use paywall_api::Caller;
            #(#uses)*
        },
        quote! {
            /// The services of the contract, for every client that can call.
            pub trait Services: Caller + Sized {
                #(#methods)*
            }
        },
        quote! {
            impl<C: Caller> Services for C {}
        },
    ]
}

fn use_service(service: &Service) -> TokenStream {
    let (module, name) = (format_ident!("{}", service.name), service::type_name(service));
    quote!(use super::#module::#name;)
}

fn method(service: &Service, visibility: &TokenStream, caller: Option<&TokenStream>) -> TokenStream {
    let (method, name) = (format_ident!("{}", service.name), service::type_name(service));
    let about = doc_attributes(&super::doc::of(&service.doc));
    let caller = caller.map(|caller| quote!(, #caller));
    quote! {
        #about
        #[must_use]
        #visibility fn #method(&self) -> #name<'_ #caller> {
            #name::new(self)
        }
    }
}
