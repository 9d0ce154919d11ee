//! Is this payload right? What is wrong with it, where, and what to write instead.

mod book;
mod check;
pub mod checker;
pub mod choice;
pub mod finding;
pub mod frame;
pub mod input;
pub mod mask;
pub mod output;
pub mod place;
pub mod progress;
pub mod report;
pub mod run;
mod shape;
pub mod tree;
