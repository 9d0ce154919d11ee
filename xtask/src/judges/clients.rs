//! Do generators make clients of the plain bundle, and do these compile? Each finds every operation, or it is a failure.

use std::path::{Path, PathBuf};
use std::process::Command;

use paywall_contract::bundle::{self, Form};

use super::tools::{Tools, limited};
use super::written;
use crate::contract::Contract;
use crate::{Failure, Outcome, demo, step, workspace};

/// openapi-python-client, whose modules are all imported.
pub(super) fn python(tools: &Tools) -> Outcome {
    const PACKAGE: &str = "client_in_python";
    let plain = plain(tools)?;
    step::quiet(
        "openapi-python-client, the plain bundle",
        &mut in_python(tools, &plain, &format!("clients/{PACKAGE}")),
    )?;
    let mut import = tools.python("python");
    import.args(["-W", "error", "xtask/judges/imports.py"]).arg(tools.folder.join("clients")).arg(PACKAGE);
    step::quiet("its client can be imported", &mut import)?;
    complete(tools, &plain, &tools.folder.join("clients").join(PACKAGE))
}

/// It formats what it makes with a tool beside it.
pub(super) fn in_python(tools: &Tools, bundle: &Path, out: &str) -> Command {
    let mut command = tools.python("openapi-python-client");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(tools.folder.join("python/bin")).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(path) {
        command.env("PATH", path);
    }
    command.args(["generate", "--overwrite", "--fail-on-warning", "--meta", "none"]);
    command.arg("--output-path").arg(tools.folder.join(out)).arg("--path").arg(bundle);
    limited(&command)
}

/// openapi-generator: a client in Rust and one in TypeScript.
pub(super) fn openapi_generator(tools: &Tools) -> Outcome {
    let plain = plain(tools)?;
    let rust = emptied(tools, "openapi-generator")?;
    step::quiet("openapi-generator, Rust", &mut generated(tools, "rust", &plain, &rust))?;
    checked("its client in Rust compiles", tools, &rust, "openapi-generator.lock")?;
    complete(tools, &plain, &rust.join("src"))?;
    let typescript = emptied(tools, "typescript")?;
    step::quiet("openapi-generator, TypeScript", &mut generated(tools, "typescript-fetch", &plain, &typescript))?;
    let mut tsc = tools.node("tsc");
    tsc.args(["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "nodenext"]);
    tsc.arg(typescript.join("index.ts"));
    step::quiet("its client in TypeScript compiles", &mut limited(&tsc))?;
    complete(tools, &plain, &typescript)
}

fn generated(tools: &Tools, language: &str, bundle: &Path, out: &Path) -> Command {
    let mut command = tools.python("openapi-generator-cli");
    command.env("JAVA_OPTS", "-Xmx1g").args(["generate", "--generator-name", language]);
    command.arg("--input-spec").arg(bundle).arg("--output").arg(out);
    limited(&command)
}

/// progenitor, as its own command calls it: its library is what the types are made with.
pub(super) fn progenitor(tools: &Tools) -> Outcome {
    let plain = plain(tools)?;
    let folder = emptied(tools, "progenitor")?;
    let manifest = workspace().join("xtask/judges/clients/progenitor.toml");
    let text = std::fs::read_to_string(&manifest);
    let text = text.map_err(|error| Failure::unable(format!("{}: {error}", manifest.display())))?;
    written(&folder.join("Cargo.toml"), &text)?;
    let source = written(&folder.join("src/lib.rs"), "")?;
    let mut build = demo::cargo();
    build.args(["build", "--package", "paywall-codegen", "--example", "progenitor"]);
    step::quiet("build progenitor", &mut build)?;
    let mut make = demo::cargo();
    make.args(["run", "--quiet", "--package", "paywall-codegen", "--example", "progenitor", "--"]);
    step::quiet("progenitor", &mut limited(make.arg(&plain).arg(source)))?;
    checked("its client compiles", tools, &folder, "progenitor.lock")?;
    complete(tools, &plain, &folder.join("src"))
}

/// What generators of clients are given.
fn plain(tools: &Tools) -> Result<PathBuf, Failure> {
    let text = bundle::bundle(&Contract::own()?.load()?, Form::Plain).map_err(Failure::unable)?;
    written(&tools.folder.join("plain.yaml"), &text)
}

/// The folder of a client, without what an earlier run has left there.
fn emptied(tools: &Tools, name: &str) -> Result<PathBuf, Failure> {
    let folder = tools.folder.join("clients").join(name);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::unable(format!("{}: {error}", folder.display())))
        }
        _ => Ok(folder),
    }
}

/// Compiles a crate by the versions that stand in the repository. It has no TLS: nothing is called.
fn checked(title: &str, tools: &Tools, folder: &Path, lock: &str) -> Outcome {
    let lock = workspace().join("xtask/judges/clients").join(lock);
    let text = std::fs::read_to_string(&lock);
    written(
        &folder.join("Cargo.lock"),
        &text.map_err(|error| Failure::unable(format!("{}: {error}", lock.display())))?,
    )?;
    let manifest = folder.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest);
    let text = text.map_err(|error| Failure::unable(format!("{}: {error}", manifest.display())))?;
    // It is no member of the workspace that it stands in.
    written(&manifest, &format!("{text}\n[workspace]\n"))?;
    let mut cargo = demo::cargo();
    cargo.args(["check", "--locked", "--no-default-features", "--manifest-path"]).arg(manifest);
    cargo.arg("--target-dir").arg(tools.folder.join("clients/target"));
    step::quiet(title, &mut limited(&cargo))
}

/// A generator passes over what it does not understand, in silence.
fn complete(tools: &Tools, bundle: &Path, client: &Path) -> Outcome {
    let mut ask = tools.python("python");
    step::quiet("it has every operation", ask.arg("xtask/judges/operations.py").arg(bundle).arg(client))
}
