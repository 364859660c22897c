//! Where things are. Everything that is installed or built lies under `target` or a `node_modules`.

use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/xtask lies two below the top")
        .to_path_buf()
}

/// Cargo's output: `CARGO_TARGET_DIR` (relative to the top) or `target`.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The tools that were built for us.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// The output of steps whose output is not shown.
pub fn logs() -> PathBuf {
    target().join("logs")
}

/// The page's sources.
pub fn www() -> PathBuf {
    root().join("www")
}

/// The built page.
pub fn dist() -> PathBuf {
    www().join("dist")
}

/// The built variants of the engine, which Vite copies into the page.
pub fn engines() -> PathBuf {
    www().join("public").join("engine")
}

/// The golden files, which the page's proof shows too.
pub fn goldens() -> PathBuf {
    root().join("tests").join("goldens")
}

/// ONNX' node tests, which the page's proof shows too.
pub fn onnx() -> PathBuf {
    root().join("tests").join("onnx")
}

/// The end-to-end tests, an npm package of their own.
pub fn end_to_end() -> PathBuf {
    root().join("tests").join("e2e")
}
