//! The words that a name of a contract could collide with.

use std::collections::BTreeSet;
use std::path::Path;

use codegen::Home;
use proc_macro2::{TokenStream, TokenTree};

/// The keywords of the edition 2024, reserved ones and those of some places included.
const KEYWORDS: &str = "abstract as async auto await become box break const continue crate default do dyn else enum \
    extern false final fn for gen if impl in let loop macro macro_rules match mod move mut override priv pub raw ref \
    return safe self static struct super trait true try type typeof union unsafe unsized use virtual where while yield";

/// What else is in scope everywhere, or stands where a contract may meet it.
const OTHERS: &str = "alloc bool char core i32 i64 std str u8 usize drop eq hash cmp partial_cmp to_owned borrow into \
    from try_from try_into as_ref deref add bitand bitor bitxor div mul rem shl shr sub not neg into_iter iter_mut deref_mut index_mut from_iter next iter index serialize deserialize serde schemars \
    paywall_api http value required main lib test tests 3d 3 r#type Iterator Send Sync Drop Fn ToString ToOwned Eq \
    Hash Ord PartialOrd Request Response Services Amount Secret Personal Timestamp CardNumber \
    SecurityCode Operation Client Caller Input Api KeyPair Method Effect Encoding Subject Notification caller call meta \
    fmt io rule headers body check validate Validate Checker Way Text Number Nothing Debug Clone Default Documented \
    entry code as_str Arc Rc HashMap c c_ new new_ n3 self_ type_ NewNew NewType";

/// Every word: keywords, what the generator writes of itself into the golden cases, and more.
pub fn words(golden: &Path) -> Result<Vec<String>, String> {
    let mut words: BTreeSet<String> =
        KEYWORDS.split_whitespace().chain(OTHERS.split_whitespace()).map(str::to_owned).collect();
    for entry in std::fs::read_dir(golden).map_err(|error| error.to_string())? {
        let spec = entry.map_err(|error| error.to_string())?.path().join("spec.yaml");
        let text = std::fs::read_to_string(&spec).map_err(|error| error.to_string())?;
        let of_contract: BTreeSet<String> = text.split(|char: char| !char.is_alphanumeric()).map(folded).collect();
        for home in [Home::Elsewhere, Home::Runtime] {
            let mut written = BTreeSet::new();
            for code in codegen::generate(&spec, home).map_err(|findings| findings.to_string())?.values() {
                identifiers(code.parse().map_err(|error| format!("{}: {error}", spec.display()))?, &mut written);
            }
            words.extend(written.into_iter().filter(|word| is_of_generator(word, &of_contract)));
        }
    }
    Ok(words.into_iter().collect())
}

/// Whether no part of a word stands in the contract.
fn is_of_generator(word: &str, of_contract: &BTreeSet<String>) -> bool {
    let parts = word.split('_').map(folded);
    !of_contract.contains(&folded(word)) && !parts.into_iter().any(|part| of_contract.contains(&part))
}

fn folded(word: impl AsRef<str>) -> String {
    word.as_ref().chars().filter(|char| char.is_alphanumeric()).collect::<String>().to_lowercase()
}

/// Every identifier of some code.
fn identifiers(tokens: TokenStream, words: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => identifiers(group.stream(), words),
            TokenTree::Ident(ident) => drop(words.insert(ident.to_string())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
