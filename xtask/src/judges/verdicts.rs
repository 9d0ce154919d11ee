//! Do other validators say of a payload what ours says? ajv, check-jsonschema and OAS30Validator judge the corpus and
//! payloads made by chance; a disagreement that is not explained is a failure.

use std::path::Path;

use super::tools::Tools;
use crate::{Outcome, demo, step};

/// How many payloads are made beside the corpus.
const MADE: &str = "10000";

pub(super) fn run(tools: &Tools, bundle: &Path) -> Outcome {
    let folder = tools.folder.join("verdicts");
    let mut write = demo::cargo();
    write.args(["run", "--quiet", "--package", "paywall-validate", "--example", "verdicts", "--"]);
    step::quiet("our verdicts on the corpus and 10,000 payloads", write.arg(&folder).arg(MADE))?;
    let mut judge = tools.python("python");
    judge.arg("xtask/validate/judges/verdicts.py").arg(&folder).arg(bundle).arg(tools.folder.join("node_modules"));
    step::quiet("verdicts of ajv, check-jsonschema and OAS30Validator", &mut judge)
}
