//! The Rust tests on this machine.

use super::report::Count;
use crate::console::{Failure, Outcome};
use crate::process;
use std::ffi::OsString;

/// `cargo test` of the workspace, with the filter.
pub fn run(filter: &[OsString]) -> Outcome<Count> {
    let mut cargo = process::cargo();
    cargo.args(["test", "--locked", "--workspace", "--no-fail-fast", "--color", "always"]).args(filter);
    let (succeeded, text) = process::visibly("core tests", &mut cargo, "look whether cargo runs")?;
    if succeeded && filter.is_empty() {
        println!("{}", registry_line()?);
    }
    Ok(Count::of_rust(&plain(&text), succeeded))
}

/// How much there is and how much of it is proven, as the tests of goldens and of ONNX' nodes say it; they have just
/// passed, and say it only where their output is shown.
fn registry_line() -> Outcome<String> {
    let goldens = shown("goldens", "everything_in_the_registry")?;
    let nodes = shown("onnx", "node_tests")?;
    let [registry, others] = ["registry: ", "registry also: "].map(|beginning| said(&goldens, beginning));
    Ok(format!("registry: {}, onnx {}, {}", registry?, said(&nodes, "onnx ")?, others?))
}

/// What a test prints.
fn shown(target: &str, test: &str) -> Outcome<String> {
    let mut cargo = process::cargo();
    cargo.args([
        "test",
        "--locked",
        "--package",
        "tabgrad-core",
        "--test",
        target,
        test,
        "--",
        "--nocapture",
    ]);
    let (succeeded, text) = process::captured(&mut cargo)?;
    if succeeded {
        return Ok(text);
    }
    let why = format!("{target}: {test} passed before and fails when its output is asked for:\n{text}");
    Err(Failure::new("registry", why, "run that test alone"))
}

/// The rest of the line that has this; the name of the test may stand before it.
fn said(text: &str, beginning: &str) -> Outcome<String> {
    let rest = text.lines().find_map(|line| line.split_once(beginning));
    rest.map(|(_, rest)| rest.to_owned()).ok_or_else(|| {
        let why = format!("no line has {beginning:?} in what the test printed:\n{text}");
        Failure::new("registry", why, "let the test print it")
    })
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

    #[test]
    fn what_a_test_does_not_say_is_a_failure_with_what_it_said_instead() {
        let text = "running 1 test\ntest a ... registry: 2 layers\nregistry also: 3 activations\n";
        assert_eq!(said(text, "registry: ").ok().as_deref(), Some("2 layers"));
        assert_eq!(said(text, "registry also: ").ok().as_deref(), Some("3 activations"));
        let failure = said(text, "onnx ").expect_err("nothing begins so").to_string();
        assert!(failure.contains("onnx") && failure.contains("2 layers"), "{failure}");
    }
}
