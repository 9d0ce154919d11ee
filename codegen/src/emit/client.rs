//! The services as methods of the client.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Home, Source, imports, own, service};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Model, Service};

/// The file of these methods.
#[must_use]
pub(super) fn client(model: &Model, home: Home) -> Source {
    let items = match home {
        Home::Runtime => inherent(model),
        Home::Elsewhere => by_trait(model),
    };
    let items = imports::settled(model, "client", &items);
    Source { about: vec!["The services of the client.".to_owned()], items }
}

fn inherent(model: &Model) -> Vec<TokenStream> {
    let methods: Vec<TokenStream> = model.services.iter().map(|service| method(service, &quote!(pub), None)).collect();
    let blocking = model.services.iter().map(|service| method(service, &quote!(pub), Some(&quote!(blocking::Client))));
    vec![
        quote! {
            #[cfg(feature = "blocking")]
            use paywall_api::blocking;
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
    vec![
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

fn method(service: &Service, visibility: &TokenStream, caller: Option<&TokenStream>) -> TokenStream {
    let (method, name) = (names::ident(&service.name), own(&service::type_name(service)));
    let about = doc_attributes(&super::doc::of(&service.doc));
    let caller = caller.map(|caller| quote!(, #caller));
    let creates = service::free_method(service, "new");
    let lints = super::doc::lints_of_service(&service.name, visibility.is_empty());
    quote! {
        #about
        #lints
        #[must_use]
        #visibility fn #method(&self) -> #name<'_ #caller> {
            #name::#creates(self)
        }
    }
}
