//! Every documented payload is read by its type and written back; only null against absent may differ.

use paywall_contract::Document;
use paywall_sandbox::replay::replay_sample;

use crate::show::Show;

pub(crate) fn run(show: &mut Show, document: &Document) {
    let samples = paywall_contract::sample::all(document);
    show.part(&format!("The {} documented payloads, each read by its type and written back", samples.len()));
    for sample in &samples {
        match replay_sample(document, sample) {
            Ok(replayed) if replayed.is_equal() => {
                show.expect(true, sample.path);
                if !replayed.nulls.is_empty() {
                    show.line(&format!("   null in the sample, absent when written: {}", replayed.nulls.join(", ")));
                }
            }
            Ok(replayed) => show.wrong(&format!("{} differs at {}", sample.path, replayed.differences.join(", "))),
            Err(error) => show.wrong(&format!("{}: {error}", sample.path)),
        }
    }
    show.expect(!samples.is_empty(), "there are payloads");
}
