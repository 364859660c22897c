//! `cargo xtask lint`: format and static checks of both languages; every warning is an error.

use crate::console::{Outcome, say};
use crate::{folders, packages, process};

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
        "mend what clippy says above",
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
