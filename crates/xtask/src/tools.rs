//! The command line tools of WebAssembly: `wasm-bindgen`, its test runner and `wasm-pack` at the versions locked in
//! `crates/xtask/wasm-tools`, built into `target/tools/bin`; `wasm-opt` comes with the page's npm packages.

use crate::console::{Failure, Outcome, say, spoken};
use crate::folders;
use crate::fresh::Inputs;
use crate::process;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// What is needed: building takes `wasm-bindgen`, the tests take `wasm-pack` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// `wasm-bindgen` and `wasm-bindgen-test-runner`.
    Bindgen,
    /// And `wasm-pack`.
    WasmPack,
}

/// Builds what is missing.
pub fn set_up(needed: Needed) -> Outcome {
    let (step, names): (_, &[&str]) = match needed {
        Needed::Bindgen => ("wasm-bindgen", &["wasm-bindgen", "wasm-bindgen-test-runner"]),
        Needed::WasmPack => ("wasm-pack", &["wasm-bindgen", "wasm-bindgen-test-runner", "wasm-pack"]),
    };
    let source = folders::root().join("crates/xtask/wasm-tools");
    let inputs = Inputs::new()
        .contents(&source.join("Cargo.toml"))
        .contents(&source.join("Cargo.lock"))
        .tree(&source.join("src"), &[]);
    if names.iter().all(|name| bin().join(name).is_file()) && inputs.are_those_of(step) {
        return Ok(());
    }
    let start = Instant::now();
    say(step, "building the command line tool (once, a few minutes)");
    let build = folders::tools().join("build");
    let mut cargo = process::cargo();
    cargo.current_dir(&source).args(["build", "--release", "--locked", "--target-dir"]).arg(&build);
    // The engine's own flags are for WebAssembly, and this is for the machine.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS").env_remove("CARGO_BUILD_TARGET");
    if needed == Needed::WasmPack {
        cargo.args(["--features", "wasm-pack"]);
    }
    process::quietly(
        step,
        &mut cargo,
        "look at the log; most often the network or a C compiler (gcc) is missing",
    )?;
    for name in names {
        let copied = fs::create_dir_all(bin())
            .and_then(|()| fs::copy(build.join("release").join(name), bin().join(name)));
        copied.map_err(|error| {
            Failure::new(step, format!("{name}: {error}"), "look whether target/tools can be written to")
        })?;
    }
    inputs.remember(step);
    say(step, format!("built in {}", spoken(start.elapsed())));
    Ok(())
}

/// The folder of the tools that are built.
pub fn bin() -> PathBuf {
    folders::tools().join("bin")
}

/// `wasm-bindgen`.
pub fn wasm_bindgen() -> PathBuf {
    bin().join("wasm-bindgen")
}

/// `wasm-pack`.
pub fn wasm_pack() -> PathBuf {
    bin().join("wasm-pack")
}

/// The folder with `wasm-opt`.
pub fn wasm_opt_folder() -> PathBuf {
    folders::www().join("node_modules/binaryen/bin")
}

/// `wasm-opt`.
pub fn wasm_opt() -> PathBuf {
    wasm_opt_folder().join("wasm-opt")
}
