//! The operations of one tag as methods, for the async and the blocking client alike.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{doc, own};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Input, Operation, Service};

/// The name of a service's type.
#[must_use]
pub(super) fn type_name(service: &Service) -> String {
    names::pascal(&service.name)
}

/// The name of the parameter for who calls: an operation may be called `C`.
fn generic(homes: &BTreeMap<String, String>) -> Ident {
    names::ident(if homes.contains_key("C") { "C_" } else { "C" })
}

/// The name of a function of ours, which gives way to a method of that name.
#[must_use]
pub(super) fn free_method(service: &Service, name: &str) -> Ident {
    let methods = service.operations.iter().map(|operation| operation.method.clone()).collect();
    names::ident(&names::free(name.to_owned(), &methods))
}

/// The service and its methods.
#[must_use]
pub(super) fn service(service: &Service, homes: &BTreeMap<String, String>) -> Vec<TokenStream> {
    let (definition, name) = (names::ident(&type_name(service)), own(&type_name(service)));
    let about = doc_attributes(&doc::of(&service.doc));
    let generic = generic(homes);
    let (creates, returns) = (free_method(service, "new"), free_method(service, "caller"));
    let methods = service.operations.iter().map(|operation| method(operation, &generic));
    let new = doc_attributes(&["Sends by way of this client.".to_owned()]);
    let caller = doc_attributes(&["The client that this sends by way of.".to_owned()]);
    vec![
        quote! {
            #about
            #[derive(Debug)]
            pub struct #definition<'c, #generic: Caller = Client> {
                caller: &'c #generic,
            }
        },
        // A derive would ask of the client what only the reference to it must be.
        quote! {
            impl<#generic: Caller> Clone for #name<'_, #generic> {
                fn clone(&self) -> Self {
                    *self
                }
            }
        },
        quote! {
            impl<#generic: Caller> Copy for #name<'_, #generic> {}
        },
        quote! {
            impl<'c, #generic: Caller> #name<'c, #generic> {
                #new
                #[must_use]
                pub fn #creates(caller: &'c #generic) -> Self {
                    Self { caller }
                }

                #caller
                #[must_use]
                pub fn #returns(self) -> &'c #generic {
                    self.caller
                }
                #(#methods)*
            }
        },
    ]
}

fn method(operation: &Operation, generic: &Ident) -> TokenStream {
    let name = names::ident(&operation.method);
    let kind = own(&operation.type_name);
    let about = doc_attributes(&documentation(operation));
    let (parameter, argument) = match &operation.input {
        Input::Nothing => (quote!(), quote!(&())),
        input => {
            let request = super::operation::request_type(input);
            (quote!(, request: &'c #request), quote!(request))
        }
    };
    let takes = if matches!(operation.input, Input::Nothing) { doc::Takes::Nothing } else { doc::Takes::Value };
    let lints = doc::lints_of_call(&operation.method, takes);
    quote! {
        #about
        #lints
        #[must_use = "nothing is sent until the call is awaited, or sent by a blocking client"]
        pub fn #name(self #parameter) -> #generic::Call<'c, #kind> {
            self.caller.call(#argument)
        }
    }
}

/// What the operation does, how it is sent again, and where it is documented.
fn documentation(operation: &Operation) -> Vec<String> {
    let mut lines = doc::of(&operation.doc);
    let facts = format!("`{} {}`, as {}.", operation.verb, operation.path, doc::link(&operation.type_name));
    lines.extend([String::new(), facts]);
    if let Some(money) = &operation.money {
        lines.extend([
            String::new(),
            "# Moves money".to_owned(),
            String::new(),
            "Store the merchant's code first. A call that is dropped half-way (`select!`, a time-out around it,"
                .to_owned(),
            "a crash) has an unknown outcome, as one that ends in `Outcome::Unknown` has: look the payment up by"
                .to_owned(),
            "that code, and never send it again.".to_owned(),
        ]);
        if money.merchant_code.is_none() {
            lines.extend([
                String::new(),
                "The request does not hold that code: give it with `merchant_code` of the call, so that an unknown"
                    .to_owned(),
                "outcome can be looked up.".to_owned(),
            ]);
        }
    }
    lines
}
