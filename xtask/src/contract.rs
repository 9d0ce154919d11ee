//! The contract that a command is about: where it is, and what is told of a broken one.

use std::path::{Path, PathBuf};

use codegen::{Home, Tree};
use paywall_contract::{Document, Findings};

use crate::{Failure, workspace};

/// A contract that is there; whether it is sound is not known yet.
pub(crate) struct Contract {
    spec: PathBuf,
    root: PathBuf,
}

impl Contract {
    /// That of this repository.
    pub(crate) fn own() -> Result<Self, Failure> {
        Self::at(workspace().join("spec"))
    }

    /// The one that was named, or that of this repository.
    pub(crate) fn named(spec: Option<&Path>) -> Result<Self, Failure> {
        spec.map_or_else(Self::own, |spec| Self::at(spec.to_owned()))
    }

    fn at(spec: PathBuf) -> Result<Self, Failure> {
        let root = paywall_contract::root_file(&spec);
        let found = root.try_exists().map_err(|error| Failure::unable(format!("{}: {error}", root.display())))?;
        let (missing, folder) = if spec.is_dir() {
            ("`openapi.yaml`".to_owned(), format!(" in {}", spec.display()))
        } else {
            (format!("`{}`", spec.display()), String::new())
        };
        let message = format!("there is no {missing}{folder}; name the root file or its folder");
        if found { Ok(Self { spec, root }) } else { Err(Failure::unable(message)) }
    }

    /// The contract, read and checked.
    pub(crate) fn load(&self) -> Result<Document, Failure> {
        paywall_contract::load(&self.spec).map_err(|findings| self.told(&findings))
    }

    /// The contract, and the files of Rust that it gives.
    pub(crate) fn generate(&self, home: Home) -> Result<(Document, Tree), Failure> {
        let document = self.load()?;
        let tree = codegen::generate_from(&document, home).map_err(|findings| self.told(&findings))?;
        Ok((document, tree))
    }

    /// Findings with places that a terminal opens, and their number.
    fn told(&self, findings: &Findings) -> Failure {
        let folder = self.root.parent().unwrap_or(Path::new(""));
        let count = findings.len();
        let noun = if count == 1 { "finding" } else { "findings" };
        let (told, root) = (findings.below(&from_here(folder)), from_here(&self.root));
        let last = format!("{count} {noun} in the contract {}; nothing was written", root.display());
        Failure::findings(format!("{told}\n{last}{}", self.whole().unwrap_or_default()))
    }

    /// The contract that a file may be only a part of.
    fn whole(&self) -> Option<String> {
        let whole = self.root.parent()?.parent()?.join("openapi.yaml");
        let is_part = whole.is_file() && !self.root.ends_with("openapi.yaml");
        is_part.then(|| format!("\nis this file a part of {0}? then name that one", from_here(&whole).display()))
    }
}

/// A path as it is opened from the current folder.
fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let whole = std::path::absolute(path).unwrap_or_else(|_| here.join(path));
    whole.strip_prefix(&here).map_or_else(|_| whole.clone(), Path::to_owned)
}
