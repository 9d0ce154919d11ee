//! A code list: named constants over an open value. A code that the contract lacks is kept.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{doc, own};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Code, CodeList, Literal, Type};

/// The type of a list with its constants.
#[must_use]
pub(super) fn codes(list: &CodeList) -> Vec<TokenStream> {
    if list.base == Type::Text { text_codes(list) } else { number_codes(list) }
}

fn number_codes(list: &CodeList) -> Vec<TokenStream> {
    let (definition, name, documented) = (names::ident(&list.name), own(&list.name), documented(list));
    let about = doc_attributes(&about(list));
    let constants = list.codes.iter().map(|code| constant(code, &value(code)));
    let table = table_name(list);
    let entries = table_of(list, &quote!(CodeEntry));
    let of_constructor = doc::lint_of_constructor(&list.name);
    vec![
        quote! {
            #about
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            #[serde(transparent)]
            pub struct #definition(i64);
        },
        quote! {
            impl #name {
                #(#constants)*

                /// Every documented code, in the order of its page.
                pub const #documented: &'static [CodeEntry] = &#table;

                /// A code, documented or not.
                #of_constructor
                #[must_use]
                pub const fn new(code: i64) -> Self {
                    Self(code)
                }

                /// The number on the wire.
                #[must_use]
                pub const fn code(self) -> i64 {
                    self.0
                }

                /// What the documents say of it; nothing for a code that they lack.
                #[must_use]
                pub fn entry(self) -> Option<&'static CodeEntry> {
                    Self::#documented.iter().find(|entry| entry.code() == self.0)
                }
            }
        },
        entries,
        read(&name),
        debug(&name),
        quote! {
            impl From<i64> for #name {
                fn from(code: i64) -> Self {
                    Self(code)
                }
            }
        },
        quote! {
            impl From<#name> for i64 {
                fn from(code: #name) -> Self {
                    code.0
                }
            }
        },
        quote! {
            impl Number for #name {
                fn number(&self) -> Option<Amount> {
                    Number::number(&self.0)
                }
            }
        },
    ]
}

fn text_codes(list: &CodeList) -> Vec<TokenStream> {
    let (definition, name, documented) = (names::ident(&list.name), own(&list.name), documented(list));
    let about = doc_attributes(&about(list));
    let constants = list.codes.iter().map(|code| {
        let value = value(code);
        constant(code, &quote!(Cow::Borrowed(#value)))
    });
    let table = table_name(list);
    let entries = table_of(list, &quote!(CodeEntry<&'static str>));
    vec![
        quote! {
            #about
            #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
            #[serde(transparent)]
            pub struct #definition(Cow<'static, str>);
        },
        quote! {
            impl #name {
                #(#constants)*

                /// Every documented code, in the order of its page.
                pub const #documented: &'static [CodeEntry<&'static str>] = &#table;

                /// The text on the wire.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }

                /// What the documents say of it; nothing for a code that they lack.
                #[must_use]
                pub fn entry(&self) -> Option<&'static CodeEntry<&'static str>> {
                    Self::#documented.iter().find(|entry| entry.code() == self.0)
                }
            }
        },
        entries,
        read(&name),
        debug(&name),
        quote! {
            impl From<&'static str> for #name {
                fn from(code: &'static str) -> Self {
                    Self(Cow::Borrowed(code))
                }
            }
        },
        quote! {
            impl From<String> for #name {
                fn from(code: String) -> Self {
                    Self(Cow::Owned(code))
                }
            }
        },
        quote! {
            impl Text for #name {
                fn text(&self) -> Option<&str> {
                    Some(&self.0)
                }
            }
        },
    ]
}

/// The name of the constant of all codes, which gives way to a code of that name.
#[must_use]
pub(super) fn documented(list: &CodeList) -> proc_macro2::Ident {
    let codes = list.codes.iter().map(|code| code.name.clone()).collect();
    names::ident(&names::free("DOCUMENTED".to_owned(), &codes))
}

/// The name of a list's table. A long table in a constant would be copied wherever it is used.
fn table_name(list: &CodeList) -> proc_macro2::Ident {
    format_ident!("{}_CODES", names::constant(&list.name))
}

fn table_of(list: &CodeList, ty: &TokenStream) -> TokenStream {
    let name = table_name(list);
    let length = proc_macro2::Literal::usize_unsuffixed(list.codes.len());
    let entries = list.codes.iter().map(entry);
    quote!(static #name: [#ty; #length] = [#(#entries),*];)
}

fn entry(code: &Code) -> TokenStream {
    let (value, name, meaning, harmless) = (value(code), &code.name, &code.meaning, code.nothing_charged);
    quote!(CodeEntry::new(#value, #name, #meaning, #harmless))
}

/// How a code is read: errors quote no value.
fn read(name: &TokenStream) -> TokenStream {
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                quietly(Deserialize::deserialize(deserializer)).map(Self)
            }
        }
    }
}

/// A code with its name, or the word that it has none.
fn debug(name: &TokenStream) -> TokenStream {
    quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = self.entry().map_or("undocumented", CodeEntry::name);
                write!(f, "{} {name}", self.0)
            }
        }
    }
}

fn about(list: &CodeList) -> Vec<String> {
    let mut lines = doc::of(&list.doc);
    lines.extend([String::new(), "The list is open: a code that it lacks is kept as it came.".to_owned()]);
    lines
}

fn constant(code: &Code, value: &TokenStream) -> TokenStream {
    let name = names::ident(&code.name);
    let about = doc_attributes(&doc::of_code(code));
    quote! {
        #about
        pub const #name: Self = Self(#value);
    }
}

fn value(code: &Code) -> TokenStream {
    match &code.value {
        Literal::Int(value) => super::int(*value),
        Literal::Text(text) => quote!(#text),
        Literal::Null | Literal::Bool(_) => quote!(),
    }
}
