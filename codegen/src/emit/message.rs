//! What the vendor sends by itself as data: the few facts that the one reading function needs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::own;
use crate::names;
use paywall_contract::model::{Hash, Message, Model};

/// The facts of the message that this object is, if it is one.
#[must_use]
pub(super) fn message(model: &Model, object: &str) -> Vec<TokenStream> {
    let found = model.messages.iter().find(|message| message.object == object);
    found.map(facts).unwrap_or_default()
}

fn facts(message: &Message) -> Vec<TokenStream> {
    let name = own(&message.object);
    let id = &message.id;
    let encoding = if message.is_form { quote!(Form) } else { quote!(Json) };
    let subject = format_ident!("{}", names::pascal(&message.subject));
    let claim = claim(message);
    let hash = message.hash.as_ref().map(hash);
    let mut items = vec![quote! {
        impl Notification for #name {
            const ID: &'static str = #id;
            const ENCODING: Encoding = Encoding::#encoding;
            const SUBJECT: Subject = Subject::#subject;
            #claim
            #hash
        }
    }];
    items.extend(speaks_of_a_payment(message).then(|| quote!(impl ClaimsPayment for #name {})));
    items
}

/// What can be confirmed by looking the payment up.
fn speaks_of_a_payment(message: &Message) -> bool {
    message.subject == "payment" && message.claim.iter().any(|(name, _)| name == "merchant_code")
}

fn claim(message: &Message) -> Option<TokenStream> {
    if message.claim.is_empty() {
        return None;
    }
    let places = message.claim.iter().map(|(name, pointer)| {
        let name = format_ident!("{}", name);
        quote!(#name: Some(#pointer))
    });
    // All seven are said, or the rest is said to be none.
    let rest = (message.claim.len() < 7).then(|| quote!(..ClaimPlaces::NONE));
    Some(quote!(const CLAIM: ClaimPlaces = ClaimPlaces { #(#places,)* #rest };))
}

fn hash(hash: &Hash) -> TokenStream {
    let Hash { hash, format, key_type, usual_format, usual_key_type, parts } = hash;
    let (format, key_type) = (option(format.as_ref()), option(key_type.as_ref()));
    let usual_key_type = super::int(*usual_key_type);
    let parts = parts.iter().map(|(name, pointer)| quote!((#name, #pointer)));
    quote! {
        const HASH: Option<HashPlaces> = Some(HashPlaces {
            hash: #hash,
            format: #format,
            key_type: #key_type,
            usual_format: #usual_format,
            usual_key_type: #usual_key_type,
            parts: &[#(#parts),*],
        });
        const FORMATS: &'static [HashFormat] = meta::HASH_FORMATS;
    }
}

fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
