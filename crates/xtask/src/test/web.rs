//! The TypeScript tests in node: vitest.

use super::report::Count;
use crate::console::Outcome;
use crate::{folders, packages, process};
use std::ffi::OsString;

/// Runs them all, or those of the filter.
pub fn run(filter: &[OsString]) -> Outcome<Count> {
    packages::set_up_page()?;
    let file = folders::target().join("vitest.json");
    let mut vitest = packages::program("vitest", folders::www());
    vitest.args(["run", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", file.display())).args(filter);
    // An old report must not be read as this run's.
    let _ = std::fs::remove_file(&file);
    let (succeeded, _) = process::visibly("web tests", &mut vitest, "look at what vitest says above")?;
    let text = std::fs::read_to_string(file).unwrap_or_default();
    Ok(Count::of_vitest(&serde_json::from_str(&text).unwrap_or_default(), succeeded))
}
