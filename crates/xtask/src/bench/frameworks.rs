//! What others reach on the same workloads, for `--peers`: libraries for browsers in the same Chromium (`tests/e2e/peers.bench.ts`),
//! those that are written in Rust built here, and PyTorch natively where some Python has it. `tests/bench/peers` says how
//! each of them does it.

use super::{Arguments, Row, rows};
use crate::compiler::{BUILT_STD, Compiler, TARGET};
use crate::console::{Outcome, say};
use crate::{folders, packages, process, tools};
use std::path::{Path, PathBuf};

/// Crates below `tests/bench/peers`, each with a lock file of its own.
const IN_RUST: [&str; 2] = ["candle", "burn"];
/// As its users would build it, with the browser's vectors; random numbers ask the browser.
const FLAGS: &str = "-Ctarget-feature=+bulk-memory,+simd128\u{1f}--cfg\u{1f}getrandom_backend=\"wasm_js\"";

/// A Python with PyTorch, for people who keep it in an environment of its own.
const PYTHON: &str = "TABGRAD_PYTORCH";

fn folder() -> PathBuf {
    folders::root().join("tests/bench/peers")
}

/// Installs the libraries for browsers and builds those in Rust; gives the folder of what was built. One that does not build
/// is named and left out.
pub fn set_up() -> Outcome<PathBuf> {
    packages::set_up_peers(&folder())?;
    let built = folders::target().join("peers");
    for name in IN_RUST {
        let folder = built.join(name);
        // An old module must not stand in for one that no longer builds.
        let _ = std::fs::remove_dir_all(&folder);
        if let Err(failure) = build(name, &folder) {
            say("bench", format!("{name} is left out: it does not build here{failure}"));
        }
    }
    Ok(built)
}

/// Builds the crate `name` for the browser.
fn build(name: &str, to: &Path) -> Outcome {
    say("bench", format!("building {name} for Chromium"));
    let advice = "read the log";
    let target = folders::target().join("peers-build");
    let compiler = Compiler::find_quietly()?;
    let mut cargo = compiler.cargo();
    cargo.current_dir(folder().join(name)).args(["build", "--locked", "--release", "--target", TARGET]);
    cargo.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", FLAGS);
    if !compiler.has_target() {
        cargo.arg(format!("-Zbuild-std={BUILT_STD}"));
    }
    process::quietly(name, &mut cargo, advice)?;
    let mut bindgen = process::command(tools::wasm_bindgen());
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]).arg(to);
    bindgen.arg(target.join(TARGET).join(format!("release/tabgrad_peer_{name}.wasm")));
    process::quietly(&format!("{name} bindgen"), &mut bindgen, advice)
}

/// PyTorch's rows; none where it is not installed.
pub fn native(arguments: &Arguments) -> Vec<Row> {
    let Some(python) = python() else {
        say("bench", format!("PyTorch is left out: no python on PATH has it, and {PYTHON} names none"));
        return Vec::new();
    };
    say("bench", "measuring PyTorch (a minute)");
    let mut run = process::command(python);
    run.arg(folder().join("pytorch.py")).arg(folders::root().join("tests/bench/workloads.json"));
    run.arg(arguments.workloads.join(","));
    rows(&process::answer(&mut run).unwrap_or_default())
}

fn python() -> Option<PathBuf> {
    let named = std::env::var_os(PYTHON).map(PathBuf::from);
    let on_path = ["python3", "python"].map(|name| process::on_path(&[name]));
    let has_it = |python: &PathBuf| {
        process::answer(process::command(python).args(["-c", "import torch; print(torch.__version__)"]))
            .is_some()
    };
    named.into_iter().chain(on_path.into_iter().flatten()).find(has_it)
}
