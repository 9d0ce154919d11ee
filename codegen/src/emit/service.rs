//! The operations of one tag as methods, for the async and the blocking client alike.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{doc, path};
use crate::model::{Input, Operation, Service};
use crate::names;
use crate::refine::doc_attributes;

/// The name of a service's type.
#[must_use]
pub(super) fn type_name(service: &Service) -> proc_macro2::Ident {
    format_ident!("{}", names::pascal(&service.name))
}

/// The service and its methods.
#[must_use]
pub(super) fn service(service: &Service) -> Vec<TokenStream> {
    let name = type_name(service);
    let about = doc_attributes(&doc::of(&service.doc));
    let methods = service.operations.iter().map(method);
    let new = doc_attributes(&["Sends by way of this client.".to_owned()]);
    let caller = doc_attributes(&["The client that this sends by way of.".to_owned()]);
    vec![
        quote! {
            #about
            #[derive(Debug)]
            pub struct #name<'c, C: Caller = Client> {
                caller: &'c C,
            }
        },
        // A derive would ask of the client what only the reference to it must be.
        quote! {
            impl<C: Caller> Clone for #name<'_, C> {
                fn clone(&self) -> Self {
                    *self
                }
            }
        },
        quote! {
            impl<C: Caller> Copy for #name<'_, C> {}
        },
        quote! {
            impl<'c, C: Caller> #name<'c, C> {
                #new
                #[must_use]
                pub fn new(caller: &'c C) -> Self {
                    Self { caller }
                }

                #caller
                #[must_use]
                pub fn caller(self) -> &'c C {
                    self.caller
                }
                #(#methods)*
            }
        },
    ]
}

fn method(operation: &Operation) -> TokenStream {
    let name = path::ident(&operation.method);
    let kind = format_ident!("{}", operation.type_name);
    let about = doc_attributes(&documentation(operation));
    let (parameter, argument) = match &operation.input {
        Input::Nothing => (quote!(), quote!(&())),
        input => {
            let request = super::operation::request_type(input);
            (quote!(, request: &'c #request), quote!(request))
        }
    };
    quote! {
        #about
        #[must_use = "nothing is sent until the call is awaited, or sent by a blocking client"]
        pub fn #name(self #parameter) -> C::Call<'c, #kind> {
            self.caller.call(#argument)
        }
    }
}

/// What the operation does, how it is sent again, and where it is documented.
fn documentation(operation: &Operation) -> Vec<String> {
    let mut lines = doc::of(&operation.doc);
    let facts = format!("`{} {}`, as [`{}`].", operation.verb, operation.path, operation.type_name);
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
