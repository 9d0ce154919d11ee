//! What is there to be checked, and how is it read?

pub(crate) mod address;
pub(crate) mod body;
pub mod decoded;
pub mod encoding;
pub mod files;
pub mod form;
pub mod har;
pub mod kind;
pub mod lines;
pub(crate) mod values;
