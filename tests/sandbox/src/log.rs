//! One line a request: method, path, operation, outcome, time. Never a query, a header or a body.

use std::io::Write;
use std::time::Instant;

/// Writes the line to stderr in one piece.
pub(crate) fn line(method: &str, path: &str, operation: Option<&str>, outcome: &str, start: Instant) {
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    let operation = operation.unwrap_or("-");
    let line = format!("{method} {path} {operation} {outcome} {milliseconds:.1} ms\n");
    // Nobody is left to tell when stderr is gone.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}
