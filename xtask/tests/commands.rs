//! What do the commands tell, and with which exit code do they end?

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

#[test]
fn a_contract_that_is_not_there_ends_with_2() {
    let folder = TempDir::new().expect("a folder");
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    for command in ["codegen", "bundle"] {
        let told = ends_with(2, &run(folder.path(), &[command, "--spec", "empty"]));
        assert_eq!(told, "there is no `openapi.yaml` in empty; name the root file or its folder\n");
        let told = ends_with(2, &run(folder.path(), &[command, "--spec", "missing"]));
        assert_eq!(told, "there is no `missing`; name the root file or its folder\n");
    }
}

#[test]
fn a_place_is_a_path_from_the_current_folder() {
    let arguments = ["codegen", "--spec", "reject/reference-to-a-reference", "--out", "nowhere"];
    let told = ends_with(1, &run(&cases(), &arguments));
    assert!(told.contains("\nreject/reference-to-a-reference/paths/orders.yaml:2:1: unused-path: "), "{told}");
    let last = "2 findings in the contract reject/reference-to-a-reference/openapi.yaml; nothing was written\n";
    assert!(told.ends_with(last), "{told}");
    let inside = ends_with(1, &run(&cases().join("reject"), &["bundle", "--spec", "reference-to-a-reference"]));
    assert!(inside.contains("\nreference-to-a-reference/paths/orders.yaml:2:1: "), "{inside}");
}

#[test]
fn a_part_that_is_taken_for_the_contract_is_told_as_such() {
    let part = "reference-to-a-reference/paths/orders.yaml";
    let told = ends_with(1, &run(&cases().join("reject"), &["bundle", "--spec", part]));
    assert!(told.starts_with("reference-to-a-reference/paths/orders.yaml:1:1: "), "{told}");
    assert!(told.contains(&format!(" findings in the contract {part}; nothing was written\n")), "{told}");
    let last = "is this file a part of reference-to-a-reference/openapi.yaml? then name that one\n";
    assert!(told.ends_with(last), "{told}");
}

#[test]
fn a_check_shows_what_is_missing_and_the_command_that_mends_it() {
    let folder = TempDir::new().expect("a folder");
    let spec = base();
    let arguments = ["codegen", "--check", "--elsewhere", "--spec", &spec, "--out", "my files"];
    let output = run(folder.path(), &arguments);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("missing: mod.rs\n--- mod.rs (in the folder)\n+++ mod.rs (from the contract)\n"), "{shown}");
    let told = ends_with(1, &output);
    let mend = format!("run `cargo xtask codegen --spec {spec} --out 'my files' --elsewhere`\n");
    assert!(told.starts_with("generated files in my files differ (") && told.ends_with(&mend), "{told}");
    assert!(!folder.path().join("my files").exists());
}

#[test]
fn a_file_that_was_not_generated_is_mended_by_hand() {
    let folder = TempDir::new().expect("a folder");
    let spec = base();
    let writing = ["codegen", "--elsewhere", "--spec", &spec, "--out", "out"];
    let checking = ["codegen", "--check", "--elsewhere", "--spec", &spec, "--out", "out"];
    assert!(run(folder.path(), &writing).status.success());
    assert!(run(folder.path(), &checking).status.success());
    std::fs::write(folder.path().join("out/notes.rs"), "// by hand\n").expect("a file");
    let told = ends_with(1, &run(folder.path(), &checking));
    assert_eq!(told, "in out stands what was not generated (1): move it out\n");
    let told = ends_with(2, &run(folder.path(), &writing));
    assert_eq!(told, "out: foreign: notes.rs was not generated; move it out of this folder\n");
}

#[test]
fn a_file_in_the_place_of_a_folder_ends_with_2() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("out"), "a file\n").expect("a file");
    let spec = base();
    let told = ends_with(2, &run(folder.path(), &["codegen", "--elsewhere", "--spec", &spec, "--out", "out"]));
    assert_eq!(told, "out: this is a file, not a folder; name a folder\n");
}

#[test]
fn a_bundle_makes_no_folder() {
    let folder = TempDir::new().expect("a folder");
    let spec = base();
    let told = ends_with(2, &run(folder.path(), &["bundle", "--spec", &spec, "--out", "nowhere/bundle.yaml"]));
    assert_eq!(told, "there is no folder `nowhere`; make it first\n");
    let told = ends_with(2, &run(folder.path(), &["bundle", "--spec", &spec, "--out", "."]));
    assert_eq!(told, "`.` is a folder; name a file\n");
    assert!(run(folder.path(), &["bundle", "--spec", &spec, "--out", "bundle.yaml"]).status.success());
    let text = std::fs::read_to_string(folder.path().join("bundle.yaml")).expect("a bundle");
    let plain = run(folder.path(), &["bundle", "--spec", &spec, "--plain"]);
    let plain = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert!(
        text.contains("x-retry: ") && !plain.contains("x-") && plain.contains("operationId: placeOrder"),
        "{plain}"
    );
}

#[test]
fn the_help_of_each_command_tells_what_it_needs_and_does() {
    let needed: [(&str, &[&str]); 5] = [
        ("codegen", &["whole or not at all", "[default: spec of", "[default: paywall-api/src/generated of"]),
        ("bundle", &["[default: standard output]", "[default: spec of", "--plain", "conditions between fields"]),
        ("judges", &["Python 3", "Node with npm", "below target/judges"]),
        ("test", &["C compiler", "apt-get install pkg-config libssl-dev"]),
        ("demo", &["every documented payload"]),
    ];
    for (command, words) in needed {
        let output = run(&cases(), &[command, "--help"]);
        let help = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words.iter().chain(&["Exit codes: 0 done"]) {
            assert!(help.contains(word), "`{command} --help` lacks `{word}`: {help}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_tests_do_not_begin_without_the_headers_of_openssl() {
    let mut command = program(&cases(), &["test"]);
    command.env("PKG_CONFIG", "false").env_remove("OPENSSL_DIR").env_remove("OPENSSL_INCLUDE_DIR");
    let output = command.output().expect("the program");
    assert!(output.stdout.is_empty(), "nothing ran before");
    let told = ends_with(2, &output);
    assert!(told.ends_with(": apt-get install pkg-config libssl-dev\n"), "{told}");
}

/// The folder of the generator's cases.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests")
}

/// A small sound contract.
fn base() -> String {
    cases().join("reject/base.yaml").canonicalize().expect("the base").display().to_string()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().expect("the program")
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(folder).args(arguments);
    command
}

/// What a command told as its last words.
fn ends_with(code: i32, output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{told}");
    told
}
