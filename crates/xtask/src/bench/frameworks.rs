//! What others reach on the same workloads, for `--peers`: libraries for browsers in the same Chromium (`tests/e2e/peers.bench.ts`),
//! and PyTorch natively where some Python has it. `tests/bench/peers` says how each of them does it.

use super::{Arguments, Row, rows};
use crate::console::{Outcome, say};
use crate::{folders, packages, process};
use std::path::PathBuf;

/// A Python with PyTorch, for people who keep it in an environment of its own.
const PYTHON: &str = "TABGRAD_PYTORCH";

fn folder() -> PathBuf {
    folders::root().join("tests/bench/peers")
}

/// Installs the libraries for browsers.
pub fn set_up() -> Outcome {
    packages::set_up_peers(&folder())
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
