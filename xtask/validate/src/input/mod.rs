//! What is there to be checked, and how is it read?

pub mod decoded;
pub mod encoding;
pub mod files;
pub mod form;
pub mod har;
pub mod kind;
pub mod lines;
