//! `serve --dev`: when a source changes, what is made from it is built anew.

use crate::console::{Failure, Outcome, say};
use crate::{build, folders, page};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

/// Editors write a file in several strokes, and several files at a time.
const QUIET: Duration = Duration::from_millis(200);
/// The variant that most browsers take: the one that is built anew.
const VARIANT: &str = "threads-relaxed";
/// Folders with sources, and whether those below them count.
const WATCHED: [(&str, RecursiveMode); 4] = [
    ("crates", RecursiveMode::Recursive),
    ("www/src", RecursiveMode::Recursive),
    ("www", RecursiveMode::NonRecursive),
    (".", RecursiveMode::NonRecursive),
];
/// Beside the crates' own files: versions, profiles and flags.
const OF_ALL_CRATES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "wasm-pack.toml"];

/// What is to be built anew. The page is it in either case: it names the engine's files by their contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changed {
    Engine,
    Page,
}

/// Watches until it is interrupted. A build that fails is told, and the next change tries again.
pub fn forever() -> Outcome {
    let root = folders::root();
    let (sender, changes) = mpsc::channel();
    // Watches as long as it lives.
    let _watcher = watcher(&root, sender).map_err(|error| {
        Failure::new("watching the sources", error, "run `cargo xtask serve` without --dev")
    })?;
    say(
        "dev",
        format!(
            "watching crates and www; {VARIANT} is built anew, the other variants by `cargo xtask build`"
        ),
    );
    follow(&root, &changes, |changed| {
        if changed == Changed::Engine {
            build::engines(&[VARIANT.to_string()])?;
        }
        page::build()
    });
    Ok(())
}

/// Sends what changes below `root`.
fn watcher(root: &Path, sender: Sender<Vec<PathBuf>>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            // The receiver lives as long as the program.
            let _ = sender.send(event.paths);
        }
    })?;
    for (folder, mode) in WATCHED {
        let folder = if folder == "." { root.to_path_buf() } else { root.join(folder) };
        watcher.watch(&folder, mode)?;
    }
    Ok(watcher)
}

/// Builds after each change, as long as some may come.
fn follow(root: &Path, changes: &Receiver<Vec<PathBuf>>, mut build: impl FnMut(Changed) -> Outcome) {
    while let Some(paths) = next(changes) {
        let Some(changed) = what_changed(root, &paths) else { continue };
        match build(changed) {
            Ok(()) => say("dev", "reload the page"),
            Err(failure) => eprintln!("{failure}"),
        }
    }
}

/// The next changes, when nothing more has come for a moment.
fn next(changes: &Receiver<Vec<PathBuf>>) -> Option<Vec<PathBuf>> {
    let mut paths = changes.recv().ok()?;
    while let Ok(more) = changes.recv_timeout(QUIET) {
        paths.extend(more);
    }
    Some(paths)
}

/// The engine where any source of it changed, else the page; `None` where no source did.
fn what_changed(root: &Path, paths: &[PathBuf]) -> Option<Changed> {
    if paths.iter().any(|path| is_engine(root, path)) {
        return Some(Changed::Engine);
    }
    paths.iter().any(|path| is_page(root, path)).then_some(Changed::Page)
}

fn is_engine(root: &Path, path: &Path) -> bool {
    let crates = root.join("crates");
    let is_in_a_crate = path.starts_with(&crates)
        && !path.starts_with(crates.join("xtask"))
        && has_extension(path, &["rs", "toml"]);
    is_in_a_crate || OF_ALL_CRATES.iter().any(|name| path == root.join(name))
}

fn is_page(root: &Path, path: &Path) -> bool {
    let www = root.join("www");
    path.starts_with(&www)
        && !path.starts_with(www.join("dist"))
        && has_extension(path, &["ts", "html", "css", "svg", "json"])
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_source_of_the_engine_is_told_from_one_of_the_page() {
        let root = folders::root();
        let changed = |path: &str| what_changed(&root, &[root.join(path)]);
        for path in
            ["crates/core/src/lib.rs", "crates/wasm/Cargo.toml", "Cargo.toml", "Cargo.lock", "wasm-pack.toml"]
        {
            assert_eq!(changed(path), Some(Changed::Engine), "{path}");
        }
        for path in ["www/src/a.ts", "www/index.html", "www/package.json"] {
            assert_eq!(changed(path), Some(Changed::Page), "{path}");
        }
        for path in ["crates/xtask/src/main.rs", "www/dist/index.html", "www/dist/assets/a.js", "README.md"] {
            assert_eq!(changed(path), None, "{path}");
        }
        let both = [root.join("www/src/a.ts"), root.join("crates/core/src/lib.rs")];
        assert_eq!(what_changed(&root, &both), Some(Changed::Engine));
    }

    #[test]
    fn changes_at_a_time_are_one_build_and_a_build_that_fails_is_not_the_last() {
        let root = folders::root();
        let (sender, changes) = mpsc::channel();
        let change = |path: &str| vec![root.join(path)];
        // From the last to the first; what is no source builds nothing.
        let mut later =
            vec![[change("README.md"), change("www/src/b.ts")].concat(), change("crates/core/src/lib.rs")];
        for path in ["www/src/a.ts", "www/src/a.ts", "www/src/b.ts"] {
            sender.send(change(path)).expect("somebody listens");
        }
        let mut sender = Some(sender);
        let mut builds = Vec::new();
        follow(&root, &changes, |changed| {
            builds.push(changed);
            // While it is built, more comes; after the last of it there is nobody to send.
            match later.pop() {
                Some(paths) => {
                    let sender = sender.as_ref().expect("it is dropped after the last");
                    sender.send(paths).expect("somebody listens");
                }
                None => sender = None,
            }
            if builds.len() == 1 { Err(Failure::new("a", "b", "c")) } else { Ok(()) }
        });
        assert_eq!(builds, [Changed::Page, Changed::Engine, Changed::Page]);
    }

    #[test]
    fn what_is_written_to_a_source_is_heard() {
        let root = std::env::temp_dir().join(format!("tabgrad-watch-{}", std::process::id()));
        for folder in ["crates/core/src", "www/src/views"] {
            fs::create_dir_all(root.join(folder)).expect("the temporary folder takes a folder");
        }
        // As the watcher names it, where the temporary folder is a link.
        let root = root.canonicalize().expect("it was just made");
        let (sender, changes) = mpsc::channel();
        let watcher = watcher(&root, sender).expect("folders can be watched");
        for (file, expected) in [
            ("crates/core/src/lib.rs", Changed::Engine),
            ("wasm-pack.toml", Changed::Engine),
            ("Cargo.toml", Changed::Engine),
            ("www/src/views/a.ts", Changed::Page),
            ("www/index.html", Changed::Page),
        ] {
            fs::write(root.join(file), "x").expect("the temporary folder takes a file");
            let paths = changes.recv_timeout(Duration::from_secs(20)).expect(file);
            assert_eq!(what_changed(&root, &paths), Some(expected), "{file}: {paths:?}");
            // The other strokes of this file.
            while changes.recv_timeout(QUIET).is_ok() {}
        }
        drop(watcher);
        fs::remove_dir_all(root).expect("the temporary folder can be removed");
    }
}
