//! The Rust tests on this machine.

use super::report::Count;
use crate::console::Outcome;
use crate::process;
use std::ffi::OsString;

/// `cargo test` of the workspace, with the filter.
pub fn run(filter: &[OsString]) -> Outcome<Count> {
    let mut cargo = process::cargo();
    cargo.args(["test", "--locked", "--workspace", "--no-fail-fast", "--color", "always"]).args(filter);
    let (succeeded, text) = process::visibly("core tests", &mut cargo, "look whether cargo runs")?;
    if succeeded && filter.is_empty() {
        println!("{}", registry_line());
    }
    Ok(Count::of_rust(&plain(&text), succeeded))
}

/// How much there is and how much of it is proven, as the tests of goldens and of ONNX' nodes say it; they have just
/// passed, and say it only where their output is shown.
fn registry_line() -> String {
    let says = |tests: [&str; 2], beginning: &str| {
        let mut cargo = process::cargo();
        cargo.args(["test", "--locked", "--package", "tabgrad-core", "--test", tests[0], tests[1]]);
        let text = process::answer(cargo.args(["--", "--nocapture"])).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(beginning));
        line.map_or_else(|| format!("{beginning}not told"), str::to_owned)
    };
    let registry = says(["goldens", "everything_in_the_registry"], "registry: ");
    format!("{registry}, {}", says(["onnx", "node_tests"], "onnx "))
}

/// Without the colours.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A colour is ESC [ numbers m.
            for character in characters.by_ref() {
                if character.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        let text = "test result: \u{1b}[32mok\u{1b}[0m. 3 passed; 0 failed";
        assert_eq!(plain(text), "test result: ok. 3 passed; 0 failed");
    }
}
