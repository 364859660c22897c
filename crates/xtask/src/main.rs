//! `cargo xtask`: set up, build, serve, test, bench. Depends on no crate of the engine.

fn main() {}
