//! The broken payloads of `tests/payloads`, through the program, as a user runs it.

mod cases;
mod findings;
mod planted;
mod program;
