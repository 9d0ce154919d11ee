//! `cargo xtask test`: everything that must pass.

mod browser;

use std::process::{Command, Stdio};

use crate::demo::cargo;
use crate::{Failure, Outcome, codegen, step};

pub(crate) fn run() -> Outcome {
    let features = features()?;
    can_be_built(&features)?;
    browser::is_there()?;
    step::loud("format", &mut with(&["fmt", "--all", "--check"]))?;
    anstream::println!("==> freshness");
    codegen::check_default()?;
    step::loud("lints", &mut with(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    for features in features {
        let title =
            if features.is_empty() { "lints without features".to_owned() } else { format!("lints with {features}") };
        let mut lints = with(&["clippy", "--package", "paywall-api", "--all-targets", "--no-default-features"]);
        step::loud(&title, lints.args(["--features", &features, "--", "-D", "warnings"]))?;
    }
    step::loud("tests", &mut with(&["test", "--workspace", "--exclude", "paywall-api"]))?;
    step::loud("tests of the crate", &mut with(&["test", "--package", "paywall-api", "--all-features"]))?;
    // A user's other dependency may turn this on for the whole graph, and money must stay exact with it.
    let exact =
        ["test", "--package", "paywall-api", "--lib", "--all-features", "--features", "serde_json/arbitrary_precision"];
    step::loud("tests of the crate with arbitrary precision", &mut with(&exact))?;
    let mut documentation = with(&["doc", "--package", "paywall-api", "--all-features", "--no-deps"]);
    step::loud("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    // What a contract says is Markdown, and must come out as harmless documentation; its tests ran with the others.
    let mut of_cases = with(&["doc", "--package", "paywall-golden", "--no-deps"]);
    step::loud("documentation of the golden cases", of_cases.env("RUSTDOCFLAGS", "-D warnings"))
}

fn with(arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.args(arguments);
    command
}

/// The feature that links what the system has: on Linux, OpenSSL.
const SYSTEM_TLS: &str = "native-tls";

/// Told before anything is built: nobody waits minutes for a package that is not there.
fn can_be_built(features: &[String]) -> Outcome {
    let is_asked = cfg!(target_os = "linux") && features.iter().any(|feature| feature == SYSTEM_TLS);
    // Named by hand, OpenSSL is found without pkg-config.
    let is_named = ["OPENSSL_DIR", "OPENSSL_INCLUDE_DIR"].iter().any(|name| std::env::var_os(name).is_some());
    if !is_asked || is_named || has_openssl() {
        return Ok(());
    }
    let install = "apt-get install pkg-config libssl-dev";
    Err(Failure::unable(format!("the feature `{SYSTEM_TLS}` needs the headers of OpenSSL, and pkg-config: {install}")))
}

fn has_openssl() -> bool {
    let program = std::env::var_os("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
    let mut command = Command::new(program);
    command.args(["--exists", "openssl"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// No feature, each alone, and all together. Each is asked for by package: a workspace lends features.
fn features() -> Result<Vec<String>, Failure> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .no_deps()
        .current_dir(crate::workspace())
        .exec()
        .map_err(|error| Failure::unable(format!("cargo metadata: {error}")))?;
    let package = metadata.packages.iter().find(|package| package.name.as_str() == "paywall-api");
    let package = package.ok_or_else(|| Failure::unable("there is no package `paywall-api` in this workspace"))?;
    let names: Vec<String> = package.features.keys().filter(|name| *name != "default").cloned().collect();
    let all = names.join(",");
    Ok(std::iter::once(String::new()).chain(names).chain(std::iter::once(all)).collect())
}
