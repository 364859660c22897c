//! Cuts a finished module in two: what a first visit calls, which a visitor waits for, and the rest, which comes while
//! they look at the page.
//!
//! ```text
//! tabgrad_bg.wasm ──tabgrad-split mark──> one that notes which way it goes ──www/first-visit.js──> marks
//!                 ──tabgrad-split split, marks──> tabgrad_bg.wasm, tabgrad_rest.wasm
//! ```
//!
//! A visit is the page's own code in node, at work on the built-in tables. How calls come to the other half,
//! `crates/wasm/src/rest.rs` says.

use crate::console::{Failure, Outcome};
use crate::fresh::Inputs;
use crate::manifest::Variant;
use crate::{folders, process};
use std::fs;
use std::path::{Path, PathBuf};

const ADVICE: &str =
    "a first visit must go through: look at www/src/first-visit/visit.ts and at what it says above";
/// What a thread of the pool begins with: which ways it goes hangs on who is first, and no run takes them all.
const THREAD: &str = "wbg_rayon_start_worker";
/// Threads of a visit to a variant that has them.
const THREADS: u32 = 2;

/// What the cut is made from, besides the module. A change of the page's other code cuts no module anew: it moves nothing
/// but what waits for what.
pub fn inputs(inputs: Inputs) -> Inputs {
    let www = folders::www();
    inputs
        .contents(&tool())
        .contents(&www.join("first-visit.js"))
        .contents(&www.join("first-visit-threads.js"))
        .tree(&www.join("src/first-visit"), &[])
}

/// Builds the program that cuts.
pub fn set_up() -> Outcome {
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--package", "tabgrad-split", "--profile", "xtask", "--target-dir"]);
    cargo.arg(folders::target());
    process::quietly("split", &mut cargo, "mend what the compiler says above")
}

fn tool() -> PathBuf {
    folders::target().join("xtask/tabgrad-split")
}

/// The second half beside the first.
pub fn rest(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}_rest.wasm"))
}

/// Cuts the module in `folder`, whose glue lies beside it.
pub fn split(variant: &Variant, folder: &Path, name: &str) -> Outcome {
    let step = format!("{} first visit", variant.name);
    let failure = |error: std::io::Error| Failure::new(&step, error, "look whether target can be written to");
    let module = format!("{name}_bg.wasm");
    let whole = folder.join(&module);
    let marked = folder.with_extension("marked");
    if marked.exists() {
        fs::remove_dir_all(&marked).map_err(failure)?;
    }
    copy(folder, &marked).map_err(failure)?;
    let mut mark = process::command(tool());
    let numbers = process::answer(mark.arg("mark").arg(&whole).arg(marked.join(&module)))
        .ok_or_else(|| Failure::new(&step, "tabgrad-split mark failed", ADVICE))?;
    let marks = marked.join("marks");
    let mut visit = process::command("node");
    visit.arg(folders::www().join("first-visit.js")).arg(&marked).args(numbers.split_whitespace());
    visit.arg(if variant.threads { THREADS } else { 1 }.to_string()).arg(&marks);
    process::quietly(&step, &mut visit, ADVICE)?;
    let mut split = process::command(tool());
    split.arg("split").arg(&whole).arg(&marks).arg(&whole).arg(rest(folder, name));
    if variant.threads {
        split.arg(THREAD);
    }
    process::quietly(&format!("{} split", variant.name), &mut split, ADVICE)?;
    fs::remove_dir_all(&marked).map_err(failure)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
