//! One line a request: method, path, operation, outcome, time. Never a query, a header or a body.

use std::fmt;
use std::io::Write;
use std::time::Instant;

use serde::Serialize;

/// How the lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// `POST /api/… startDirectPayment 200 1.3 ms`, for people.
    #[default]
    Text,
    /// One JSON object a line, whose keys stay: `method`, `path`, `operation`, `outcome`, `fault`, `ms`. `operation` and
    /// `fault` are null where there is none.
    Json,
}

/// What is said of one request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line<'r> {
    method: &'r str,
    path: String,
    operation: Option<&'r str>,
    outcome: String,
    fault: Option<String>,
    ms: f64,
}

impl<'r> Line<'r> {
    /// `operation` is that of the contract which the path belongs to; other paths may hold what is nobody's business.
    pub(crate) fn new(method: &'r str, path: &str, operation: Option<&'r str>, start: Instant) -> Self {
        let path = if operation.is_some() { path.to_owned() } else { veiled(path) };
        let ms = (start.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
        Self { method, path, operation, outcome: String::new(), fault: None, ms }
    }

    pub(crate) fn outcome(self, outcome: impl Into<String>) -> Self {
        Self { outcome: outcome.into(), ..self }
    }

    pub(crate) fn fault(self, fault: Option<String>) -> Self {
        Self { fault, ..self }
    }

    /// Writes it to stderr in one piece.
    pub(crate) fn write(&self, format: LogFormat) {
        let line = match format {
            LogFormat::Text => format!("{self}\n"),
            LogFormat::Json => format!("{}\n", serde_json::to_string(self).unwrap_or_default()),
        };
        // Nobody is left to tell when stderr is gone.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.unwrap_or("-");
        write!(f, "{} {} {operation} {}", self.method, self.path, self.outcome)?;
        if let Some(fault) = &self.fault {
            write!(f, " {fault}")?;
        }
        write!(f, " {:.1} ms", self.ms)
    }
}

/// Codes of pages, card numbers at the wrong place: long parts and parts with many digits are left out.
fn veiled(path: &str) -> String {
    let shown = |part: &str| part.len() <= 20 && part.chars().filter(char::is_ascii_digit).count() <= 4;
    path.split('/').map(|part| if shown(part) { part } else { "…" }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'r>(path: &str, operation: Option<&'r str>) -> Line<'r> {
        Line { ms: 1.25, ..Line::new("POST", path, operation, Instant::now()).outcome("200") }
    }

    #[test]
    fn a_line_is_text_or_json_with_stable_keys() {
        let line = line("/api/a", Some("place")).fault(Some("cut-body".to_owned()));
        assert_eq!(line.to_string(), "POST /api/a place 200 cut-body 1.2 ms");
        let json = serde_json::to_string(&line).expect("json");
        let expected =
            r#"{"method":"POST","path":"/api/a","operation":"place","outcome":"200","fault":"cut-body","ms":1.25}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn a_path_that_is_no_operation_shows_neither_token_nor_card() {
        let shown = |path| line(path, None).to_string();
        assert_eq!(shown("/3d/7f0c29a4-1111-4222-a333-000011112222"), "POST /3d/… - 200 1.2 ms");
        assert_eq!(shown("/pay/5528790000000008"), "POST /pay/… - 200 1.2 ms");
        assert_eq!(shown("/api/paywall/temptokens"), "POST /api/paywall/temptokens - 200 1.2 ms");
    }
}
