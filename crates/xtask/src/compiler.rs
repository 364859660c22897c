//! The compiler for WebAssembly with the standard library's source, which threads need (`-Zbuild-std`).
//!
//! Two ways, in this order; `TABGRAD_COMPILER=active` or `debian` chooses one:
//!
//! 1. `active`: the toolchain that runs us, whose `rust-src` rustup may have to add;
//! 2. `debian`: the packages `rustc-web cargo-web rust-web-src` and `lld-22`, for machines on which rustup cannot download.
//!
//! `RUSTC_BOOTSTRAP=1` lets a stable compiler take the unstable flag.

use crate::apt;
use crate::console::{Failure, Outcome, say};
use crate::process;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The one target of the engine.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// What `-Zbuild-std` builds.
pub const BUILT_STD: &str = "std,panic_abort";

const STEP: &str = "compiler";
const NEITHER: &str = "install Rust from https://rustup.rs and run `rustup component add rust-src`, or on Debian: \
                       sudo apt-get install rustc-web cargo-web rust-web-src lld-22";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";
/// Of the same compiler: clippy of another could not read what it compiled.
const DEBIAN_CLIPPY: (&str, &str) = ("/usr/bin/cargo-clippy", "rust-web-clippy");
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// rustup may hang on a machine that it cannot download to.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// A compiler that can build the standard library for [`TARGET`].
#[derive(Debug, Clone)]
pub struct Compiler {
    cargo: OsString,
    environment: Vec<(&'static str, OsString)>,
    sysroot: PathBuf,
    name: String,
}

impl Compiler {
    /// Finds the compiler, installs what is missing, and says which it is.
    pub fn set_up() -> Outcome<Self> {
        let compiler = Self::find_quietly()?;
        say(STEP, &compiler.name);
        Ok(compiler)
    }

    /// Finds the compiler and installs what is missing.
    pub fn find_quietly() -> Outcome<Self> {
        match std::env::var("TABGRAD_COMPILER").as_deref() {
            Ok("active") => Self::active().ok_or_else(|| {
                Failure::new(STEP, "the active toolchain has no rust-src and rustup cannot add it", NEITHER)
            }),
            Ok("debian") => Self::debian(),
            Ok(other) => Err(Failure::new(
                STEP,
                format!("TABGRAD_COMPILER is `{other}`"),
                "set it to `active` or `debian`, or not at all",
            )),
            Err(_) => match Self::active() {
                Some(compiler) => Ok(compiler),
                None => Self::debian(),
            },
        }
    }

    fn active() -> Option<Self> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let sysroot = sysroot(&mut process::command(&rustc))?;
        let rustup = process::on_path(&["rustup"]);
        if !has_source(&sysroot) {
            let rustup = rustup.as_ref()?;
            say(STEP, "adding the standard library's source (rustup component add rust-src)");
            let added = process::succeeds_within(
                RUSTUP_LIMIT,
                process::command(rustup).args(["component", "add", "rust-src"]),
            );
            if !added || !has_source(&sysroot) {
                say(STEP, "rustup cannot add it here; trying Debian's packages");
                return None;
            }
        }
        if let Some(rustup) = rustup
            && !has_target(&sysroot)
        {
            // Saves building the standard library for the variants without threads; where it fails, that is done.
            process::succeeds_within(RUSTUP_LIMIT, process::command(rustup).args(["target", "add", TARGET]));
        }
        let version = process::answer(process::command(&rustc).arg("--version"))?;
        Some(Self {
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            environment: Vec::new(),
            sysroot,
            name: version,
        })
    }

    fn debian() -> Outcome<Self> {
        if !debian_is_complete() {
            apt::install(STEP, &DEBIAN_PACKAGES).map_err(|failure| {
                Failure::new(STEP, format!("no compiler with rust-src here ({failure})"), NEITHER)
            })?;
        }
        let rustc = "/usr/bin/rustc";
        let failure = |why: String| Failure::new(STEP, why, NEITHER);
        let sysroot =
            sysroot(&mut process::command(rustc)).ok_or_else(|| failure(format!("{rustc} does not run")))?;
        if !has_source(&sysroot) {
            return Err(failure(format!("{} has no standard library source", sysroot.display())));
        }
        let version = process::answer(process::command(rustc).arg("--version")).unwrap_or_default();
        let needed = env!("CARGO_PKG_RUST_VERSION");
        if minor(&version) < minor(&format!("rustc {needed}")) {
            return Err(failure(format!("{rustc} is {version}, and this project needs {needed}")));
        }
        Ok(Self {
            cargo: "/usr/bin/cargo".into(),
            environment: vec![
                // Both are named and come first on PATH, or rustup's shims would win.
                ("RUSTC", rustc.into()),
                ("PATH", process::path_with(&["/usr/bin".into()])),
                // The compiler would look for rustup's `rust-lld`.
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER.into()),
            ],
            sysroot,
            name: format!("{version} (Debian)"),
        })
    }

    /// Cargo with this compiler.
    pub fn cargo(&self) -> Command {
        let mut command = process::command(&self.cargo);
        command.envs(self.environment()).env_remove("RUSTUP_TOOLCHAIN");
        if self.environment.is_empty()
            && let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN")
        {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// Installs this compiler's clippy, where it is missing.
    pub fn set_up_clippy(&self) -> Outcome {
        let (program, package) = DEBIAN_CLIPPY;
        if self.is_debian() {
            return if Path::new(program).is_file() { Ok(()) } else { apt::install(STEP, &[package]) };
        }
        let runs = || process::answer(self.cargo().args(["clippy", "--version"])).is_some();
        if !runs()
            && let Some(rustup) = process::on_path(&["rustup"])
        {
            say(STEP, "adding clippy (rustup component add clippy)");
            let mut add = process::command(rustup);
            process::succeeds_within(RUSTUP_LIMIT, add.args(["component", "add", "clippy"]));
        }
        if runs() {
            return Ok(());
        }
        Err(Failure::new(STEP, "cargo clippy does not run", "run `rustup component add clippy`"))
    }

    /// Variables that make any cargo use this compiler.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut variables = self.environment.clone();
        variables.push(("RUSTC_BOOTSTRAP", "1".into()));
        variables
    }

    /// Folder of the standard library's source.
    pub fn source(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib/src/rust")
    }

    /// Whether it brings the standard library for [`TARGET`], single-threaded.
    pub fn has_target(&self) -> bool {
        has_target(&self.sysroot)
    }

    /// Whether it is Debian's, chosen because rustup's lacks the source.
    pub fn is_debian(&self) -> bool {
        !self.environment.is_empty()
    }
}

fn debian_is_complete() -> bool {
    Path::new("/usr/bin/rustc").is_file()
        && Path::new("/usr/bin/cargo").is_file()
        && Path::new(DEBIAN_LINKER).is_file()
        && has_source(Path::new("/usr"))
}

fn sysroot(rustc: &mut Command) -> Option<PathBuf> {
    process::answer(rustc.args(["--print", "sysroot"])).map(PathBuf::from)
}

fn has_source(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}

fn has_target(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}

/// 95 of `rustc 1.95.0 (...)`; 0 where there is none.
fn minor(version: &str) -> u32 {
    version
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.split('.').nth(1))
        .and_then(|minor| minor.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minor_version_is_read_from_what_rustc_says() {
        assert_eq!(minor("rustc 1.95.0 (59807616e 2026-04-14)"), 95);
        assert_eq!(minor("rustc 1.100"), 100);
        assert_eq!(minor(""), 0);
    }
}
