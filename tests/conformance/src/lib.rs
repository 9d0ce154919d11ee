//! The examples of the repository's front door, compiled.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
