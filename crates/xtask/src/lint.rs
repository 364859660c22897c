//! `cargo xtask lint`: format and static checks of both languages, natively and for the browser; every warning is an error.

use crate::compiler::{BUILT_STD, Compiler, TARGET};
use crate::console::{Outcome, say};
use crate::engine::PACKAGE;
use crate::manifest::Manifest;
use crate::{folders, packages, process};

/// The variant whose sources are checked: no other has more of them.
const VARIANT: &str = "threads-relaxed";

const CLIPPY_ADVICE: &str = "mend what clippy says above";

/// Runs every check; ends at the first that fails.
pub fn run() -> Outcome {
    say("format", "cargo fmt --check");
    process::must("format", process::cargo().args(["fmt", "--all", "--check"]), "run `cargo fmt`")?;
    say("clippy", "every crate and every test, warnings denied");
    process::must(
        "clippy",
        process::cargo().args([
            "clippy",
            "--quiet",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]),
        CLIPPY_ADVICE,
    )?;
    browser()?;
    say("doc", "links of the documentation, warnings denied");
    process::must(
        "doc",
        process::cargo()
            .args(["doc", "--quiet", "--locked", "--workspace", "--no-deps", "--document-private-items"])
            // Heads of modules name the private ones within: they are read here, not on a public page.
            .env("RUSTDOCFLAGS", "-Dwarnings -Arustdoc::private_intra_doc_links"),
        "mend what rustdoc says above",
    )?;
    packages::set_up_page()?;
    packages::set_up_end_to_end()?;
    for (name, folder) in [("page", folders::www()), ("end-to-end tests", folders::end_to_end())] {
        say("types", name);
        process::must(
            "types",
            packages::program("tsc", folder.clone()).arg("--noEmit"),
            "mend what TypeScript says above",
        )?;
        say("eslint", name);
        process::must(
            "eslint",
            packages::program("eslint", folder).args(["--max-warnings", "0", "."]),
            "mend what ESLint says above",
        )?;
    }
    say("lint", "nothing to complain about");
    Ok(())
}

/// Clippy on what is compiled for the browser alone: the lanes of WebAssembly, the bindings with threads, the tests in
/// Chromium. The flags are those of the variant, because sources ask for them; nothing is linked.
fn browser() -> Outcome {
    let manifest = Manifest::read()?;
    let variant = manifest.variant(VARIANT)?;
    let compiler = Compiler::set_up()?;
    compiler.set_up_clippy()?;
    say("clippy", format!("the crates of the engine for {TARGET}, as {VARIANT} has them"));
    let mut cargo = compiler.cargo();
    cargo.args(["clippy", "--quiet", "--locked", "--all-targets", "--package", PACKAGE, "--target", TARGET]);
    cargo.args(["--features", &manifest.features(variant).join(",")]);
    // A folder of its own: another compiler or other flags would make the other commands build anew.
    cargo.arg("--target-dir").arg(folders::target().join("clippy"));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", manifest.rustc_flags(variant).join("\u{1f}"));
    if !compiler.has_target() {
        cargo.arg(format!("-Zbuild-std={BUILT_STD}"));
    }
    process::must("clippy", cargo.args(["--", "-D", "warnings"]), CLIPPY_ADVICE)
}
