//! `cargo xtask`: set up, build, serve, test, bench. Depends on no crate of the engine.
//!
//! ```text
//!  setup ── compiler, linker, wasm tools, npm packages, browser      each only when it is missing
//!    └─ build ── engine: one wasm per variant of wasm-pack.toml ──> www/public/engine
//!         │      page:   Vite                                    ──> www/dist
//!         ├─ serve, size
//!         └─ test, bench
//! ```

mod apt;
mod bench;
mod browser;
mod build;
mod commands;
mod compiler;
mod console;
mod engine;
mod environment;
mod folders;
mod fresh;
mod goldens;
mod lint;
mod manifest;
mod packages;
mod page;
mod process;
mod serve;
mod server;
mod setup;
mod size;
mod split;
mod test;
mod tidy;
mod tools;
mod watch;

use std::process::ExitCode;

fn main() -> ExitCode {
    let outcome = commands::parse(lexopt::Parser::from_env()).and_then(commands::run);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
