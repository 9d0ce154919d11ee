//! The acid test of the layout: a field, an operation and a code are changes of the contract alone, and the
//! generator runs when the client does not compile.

use std::path::Path;

use crate::workspace;

/// Replaces the first occurrence, which must be there.
fn edit(path: &Path, old: &str, new: &str) {
    let text = std::fs::read_to_string(path).expect("a file of the contract");
    assert!(text.contains(old), "{} has no {old:?}", path.display());
    std::fs::write(path, text.replacen(old, new, 1)).expect("written");
}

/// A new field, a new code, and a new operation that borrows the types of another.
fn grow(spec: &Path) {
    let field = "properties:\n    SessionId:";
    let new_field = "properties:\n    Nickname:\n      type: string\n      nullable: true\n      description: What the shopper calls the session.\n    SessionId:";
    edit(&spec.join("schemas/masterpass.yaml"), field, new_field);
    let code = "    - {value: 1, name: TRY, meaning: Turkish lira}\n";
    edit(
        &spec.join("schemas/codes.yaml"),
        code,
        &format!("{code}    - {{value: 99, name: XTS, meaning: for tests}}\n"),
    );
    let paths = spec.join("paths/tokens.yaml");
    let text = std::fs::read_to_string(&paths).expect("paths");
    let (first, _) = text.split_once("\n\ntempcard:").expect("the temporary token comes first");
    let first = first.trim_start_matches("temptoken:");
    let copied =
        first.replace("createTempToken", "createSpareToken").replace("create_temp_token", "create_spare_token");
    std::fs::write(&paths, format!("{text}\nspare-token:{copied}\n")).expect("written");
    let listed = "    - {method: POST, path: /api/paywall/tempcard, ";
    let spare = "    - {method: POST, path: /api/paywall/sparetoken, page: 'https://developer.paywall.one/none', title: Spare, fields: none, request: none, answer: none, failure: none}\n";
    edit(&spec.join("endpoints.yaml"), listed, &format!("{spare}{listed}"));
    let told = "createTempCard:\n";
    let keys = "  keys: public\n  host: payment\n  money: none\n  retry: repeatable\n  input: body\n  answer: full\n";
    edit(&spec.join("expectations.yaml"), told, &format!("createSpareToken:\n{keys}\n{told}"));
    edit(
        &spec.join("openapi.yaml"),
        "\npaths:\n",
        "\npaths:\n  /api/paywall/sparetoken:\n    $ref: paths/tokens.yaml#/spare-token\n",
    );
}

#[test]
fn a_field_an_operation_and_a_code_change_only_the_contract_and_what_is_generated() {
    let copy = workspace::copy("growth", &["Cargo.lock", "README.md", "spec", "paywall-api"], &["paywall-api"]);
    grow(&copy.join("spec"));
    let tree = codegen::generate(&copy.join("spec"), codegen::Home::Runtime).unwrap_or_else(|f| panic!("{f}"));
    let out = copy.join("paywall-api/src/generated");
    let changes = codegen::files::write(&tree, &out).expect("written");
    let files: Vec<&str> = changes.iter().map(codegen::files::Change::file).collect();
    assert_eq!(files, ["codes.rs", "json_schemas.rs", "masterpass.rs", "mod.rs", "tokens.rs"]);
    let text = |name: &str| tree.get(name).expect(name).as_str();
    assert!(text("masterpass.rs").contains("pub nickname: Option<String>"));
    assert!(text("codes.rs").contains("pub const XTS: Self = Self(99)"));
    assert!(text("tokens.rs").contains("fn create_spare_token"));
    let check = workspace::cargo(&copy, &["check", "--offline", "--package", "paywall-api", "--all-features"]);
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn the_generator_runs_when_the_client_does_not_compile() {
    let generator = ["codegen/src", "codegen/Cargo.toml", "codegen/contract"];
    let parts = [&["Cargo.lock", "README.md", "spec", "paywall-api", "xtask"], generator.as_slice()].concat();
    let copy = workspace::copy("broken-client", &parts, &["paywall-api", "codegen", "codegen/contract", "xtask"]);
    std::fs::write(copy.join("paywall-api/src/lib.rs"), "this is no Rust").expect("written");
    let stale = copy.join("paywall-api/src/generated/meta.rs");
    let fresh = std::fs::read_to_string(&stale).expect("generated");
    std::fs::remove_file(&stale).expect("removed");
    let run = workspace::cargo(&copy, &["run", "--quiet", "--offline", "--package", "xtask", "--", "codegen"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(std::fs::read_to_string(&stale).expect("generated again"), fresh);
}
