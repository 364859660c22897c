//! `cargo xtask env [variant]`: the environment in which wasm-pack works when it is typed by hand.
//!
//! ```sh
//! eval "$(cargo xtask env)"
//! wasm-pack test --headless --chrome crates/wasm
//! ```

use crate::compiler::{BUILT_STD, Compiler};
use crate::console::Outcome;
use crate::manifest::Manifest;
use crate::{folders, process, tools};
use std::ffi::OsString;
use std::path::PathBuf;

/// How long all tests of a browser may take together: whole models learn there, and a busy machine is slow.
const BROWSER_TESTS_SECONDS: &str = "600";

/// The variables; with a variant also its flags, and a target folder of its own.
pub fn variables(
    compiler: &Compiler,
    manifest: &Manifest,
    variant: Option<&str>,
) -> Outcome<Vec<(&'static str, OsString)>> {
    let mut variables = compiler.environment();
    let mut first: Vec<PathBuf> = vec![tools::bin(), tools::wasm_opt_folder()];
    if compiler.is_debian() {
        first.push("/usr/bin".into());
    }
    variables.retain(|(name, _)| *name != "PATH");
    variables.push(("PATH", process::path_with(&first)));
    variables.push(("WASM_BINDGEN_TEST_TIMEOUT", BROWSER_TESTS_SECONDS.into()));
    let variant = variant.map(|name| manifest.variant(name)).transpose()?;
    if !compiler.has_target() || variant.is_some_and(|variant| variant.threads) {
        variables.push(("CARGO_UNSTABLE_BUILD_STD", BUILT_STD.into()));
    }
    if let Some(variant) = variant {
        variables.push(("CARGO_ENCODED_RUSTFLAGS", manifest.rustc_flags(variant).join("\u{1f}").into()));
        // Flags differ from those of `.cargo/config.toml`: in one folder each would make the other build anew.
        variables.push(("CARGO_TARGET_DIR", folders::target().join("wasm-pack").join(&variant.name).into()));
    }
    Ok(variables)
}

/// Prints them for a shell.
pub fn print(variant: Option<&str>) -> Outcome {
    let manifest = Manifest::read()?;
    let compiler = Compiler::find_quietly()?;
    for (name, value) in variables(&compiler, &manifest, variant)? {
        println!("export {name}={}", quoted(&value.to_string_lossy()));
    }
    Ok(())
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_a_shell() {
        let value = "it's $HOME; \"x\"";
        let mut shell = process::command("sh");
        let answer = process::answer(shell.arg("-c").arg(format!("printf %s {}", quoted(value))));
        assert_eq!(answer.as_deref(), Some(value));
    }
}
