//! `serve --dev`: when a source changes, what is made from it is built anew.

use crate::console::{Failure, Outcome, say};
use crate::{build, folders, page};
use notify::{RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// Editors write a file in several strokes, and several files at a time.
const QUIET: Duration = Duration::from_millis(200);
/// The variant that most browsers take: the one that is built anew.
const VARIANT: &str = "threads-relaxed";

/// Watches until it is interrupted. A build that fails is told, and the next change tries again.
pub fn forever() -> Outcome {
    let failure = |error: notify::Error| {
        Failure::new("watching the sources", error, "run `cargo xtask serve` without --dev")
    };
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            // The receiver lives as long as the program.
            let _ = sender.send(event.paths);
        }
    })
    .map_err(failure)?;
    for folder in ["crates", "www/src"] {
        watcher.watch(&folders::root().join(folder), RecursiveMode::Recursive).map_err(failure)?;
    }
    watcher.watch(&folders::www(), RecursiveMode::NonRecursive).map_err(failure)?;
    say(
        "dev",
        format!(
            "watching crates and www; {VARIANT} is built anew, the other variants by `cargo xtask build`"
        ),
    );
    while let Some(paths) = next(&changes) {
        let rust = paths.iter().any(|path| is_engine(path));
        let web = paths.iter().any(|path| is_page(path));
        if !rust && !web {
            continue;
        }
        let built = if rust { build::engines(&[VARIANT.to_string()]) } else { Ok(()) };
        match built.and_then(|()| page::build()) {
            Ok(()) => say("dev", "reload the page"),
            Err(failure) => eprintln!("{failure}"),
        }
    }
    Ok(())
}

/// The next changes, when nothing more has come for a moment.
fn next(changes: &Receiver<Vec<PathBuf>>) -> Option<Vec<PathBuf>> {
    let mut paths = changes.recv().ok()?;
    while let Ok(more) = changes.recv_timeout(QUIET) {
        paths.extend(more);
    }
    Some(paths)
}

fn is_engine(path: &Path) -> bool {
    let crates = folders::root().join("crates");
    path.starts_with(&crates)
        && !path.starts_with(crates.join("xtask"))
        && has_extension(path, &["rs", "toml"])
}

fn is_page(path: &Path) -> bool {
    path.starts_with(folders::www()) && has_extension(path, &["ts", "html", "css", "svg", "json"])
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_of_the_engine_is_told_from_one_of_the_page() {
        let root = folders::root();
        assert!(
            is_engine(&root.join("crates/core/src/lib.rs")) && !is_page(&root.join("crates/core/src/lib.rs"))
        );
        assert!(is_page(&root.join("www/src/a.ts")) && !is_engine(&root.join("www/src/a.ts")));
        assert!(!is_engine(&root.join("crates/xtask/src/main.rs")));
        assert!(!is_page(&root.join("www/dist/assets/a.js")));
    }
}
