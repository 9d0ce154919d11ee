//! The data that a macro of the runtime is given, an entry a line: prettyplease leaves what is in a macro unbroken.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Macro;

/// The invocation of a macro with braces.
pub(super) fn invocation(call: &Macro) -> String {
    let mut lines = Lines { text: format!("{}! ", words(call.path.to_token_stream())), depth: 0 };
    lines.braces(call.tokens.clone());
    lines.text.push('\n');
    lines.text
}

struct Lines {
    text: String,
    depth: usize,
}

impl Lines {
    /// What is between braces: a line an entry, which a comma or the braces of its own end.
    fn braces(&mut self, tokens: TokenStream) {
        self.text.push('{');
        self.depth += 1;
        for entry in entries(tokens) {
            self.line();
            self.entry(entry);
        }
        self.depth -= 1;
        self.line();
        self.text.push('}');
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.push_str(&"    ".repeat(self.depth));
    }

    fn entry(&mut self, mut entry: Vec<TokenTree>) {
        let inner = match entry.pop() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
            other => {
                entry.extend(other);
                None
            }
        };
        self.text.push_str(&words(entry.into_iter().collect()));
        if let Some(inner) = inner {
            self.text.push(' ');
            self.braces(inner);
        }
    }
}

/// The tokens of each entry; a comma between angle brackets ends none.
fn entries(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut entries = Vec::new();
    let (mut entry, mut angles, mut before) = (Vec::new(), 0_usize, None);
    for tree in tokens {
        let mark = mark(&tree);
        match mark {
            Some('<') => angles += 1,
            // Not that of `=>` and `->`.
            Some('>') if !matches!(before, Some('=' | '-')) => angles = angles.saturating_sub(1),
            _ => {}
        }
        before = mark;
        entry.push(tree);
        if mark == Some(',') && angles == 0 {
            entries.push(std::mem::take(&mut entry));
        }
    }
    entries.extend((!entry.is_empty()).then_some(entry));
    entries
}

fn mark(tree: &TokenTree) -> Option<char> {
    if let TokenTree::Punct(punct) = tree { Some(punct.as_char()) } else { None }
}

/// Tokens with the spaces that rustfmt puts between them.
fn words(tokens: TokenStream) -> String {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut text = String::new();
    for (index, tree) in trees.iter().enumerate() {
        text.push_str(&tree.to_string());
        if trees.get(index + 1).is_some_and(|next| is_spaced(tree, next)) && !is_in_path(&trees[..=index]) {
            text.push(' ');
        }
    }
    text
}

fn is_spaced(tree: &TokenTree, next: &TokenTree) -> bool {
    match (tree, next) {
        (TokenTree::Punct(punct), _) if punct.spacing() == Spacing::Joint => false,
        (TokenTree::Punct(punct), _) => matches!(punct.as_char(), ',' | ':' | '>' | '=') && mark(next) != Some(','),
        (_, TokenTree::Punct(punct)) => punct.as_char() == '=',
        _ => true,
    }
}

/// Whether these tokens end in `::`, or in `>` of a type.
fn is_in_path(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Punct(first), TokenTree::Punct(last)] => {
            matches!((first.as_char(), last.as_char()), (':', ':')) || last.as_char() == '>' && first.as_char() != '='
        }
        [.., TokenTree::Punct(last)] => last.as_char() == '>',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stands_on_a_line_of_its_own() {
        let call = r#"a::object!{"A"=>A{"B"=>b:Option<Vec<i64>>,"C"=>c: ::core::x::Map<A,B>,"D"=>r#type:String,}}"#;
        let call: Macro = syn::parse_str(call).expect("a macro");
        let expected = r#"a::object! {
    "A" => A {
        "B" => b: Option<Vec<i64>>,
        "C" => c: ::core::x::Map<A, B>,
        "D" => r#type: String,
    }
}
"#;
        assert_eq!(invocation(&call), expected);
    }
}
