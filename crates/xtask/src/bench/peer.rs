//! The peers as a module for Chromium: `tests/bench`'s library, built with every instruction that the browser has.

use crate::compiler::{BUILT_STD, Compiler, TARGET};
use crate::console::{Outcome, say};
use crate::{folders, process, tools};
use std::path::PathBuf;

const ADVICE: &str = "mend what the compiler says above";

/// Builds it and gives its folder, with `peer.js` and `peer_bg.wasm`.
pub fn build() -> Outcome<PathBuf> {
    say("bench", "building the peers for Chromium");
    let mut cargo = Compiler::find_quietly()?.cargo();
    cargo.args([
        "rustc",
        "--locked",
        "--release",
        "--lib",
        "--crate-type",
        "cdylib",
        "--package",
        "tabgrad-bench",
    ]);
    cargo.args(["--target", TARGET]).arg("--target-dir").arg(folders::target());
    cargo.arg(format!("-Zbuild-std={BUILT_STD}"));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+bulk-memory,+simd128,+relaxed-simd");
    process::quietly("peers", &mut cargo, ADVICE)?;
    let folder = folders::target().join("peer");
    let mut bindgen = process::command(tools::wasm_bindgen());
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "peer", "--out-dir"]).arg(&folder);
    bindgen.arg(folders::target().join(TARGET).join("release/tabgrad_bench.wasm"));
    process::quietly("peers bindgen", &mut bindgen, ADVICE)?;
    Ok(folder)
}
