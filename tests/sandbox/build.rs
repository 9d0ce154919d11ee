//! The contract goes into the program: a file that is new there means to build again.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../spec");
}
