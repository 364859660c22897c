//! `cargo xtask goldens`: makes the golden files anew from Keras. Needed only when a golden is added; the files are kept.

use crate::console::Outcome;
use crate::{folders, process};

/// Runs the script of the goldens, which makes a Python environment of its own.
pub fn regenerate() -> Outcome {
    let mut script = process::command("bash");
    script.arg(folders::root().join("tests/goldens/regenerate.sh"));
    process::must(
        "goldens",
        &mut script,
        "read what the script says above; it needs Python 3.11 with venv and the network",
    )
}
