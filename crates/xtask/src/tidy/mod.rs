//! Rules about the sources themselves. Each rule is a function from the sources to its violations, and counts as a test.

mod crates;
mod sources;
mod text;

use crate::console::{Failure, Outcome};
use crate::test::Count;
use sources::Sources;

/// A rule by name.
type Rule = (&'static str, fn(&Sources) -> Vec<String>);

const RULES: [Rule; 12] = [
    ("crates depend one way", crates::depend_one_way),
    ("rayon is named in one file", text::rayon_is_named_in_one_file),
    ("JavaScript is known to the bindings and to the peers", crates::javascript_is_known_to_one),
    ("wasm-bindgen and its tool are one version", crates::wasm_bindgen_is_one_version),
    ("unsafe stands only where it may", text::unsafe_stands_where_it_may),
    ("views on wasm memory are made in one file", text::memory_is_viewed_in_one_file),
    ("the engine asks no clock and no chance", text::no_clock_and_no_chance),
    ("every Rust file says what it is", text::rust_files_say_what_they_are),
    ("nothing is left to do", text::nothing_is_left_to_do),
    ("no file is long", text::no_file_is_long),
    ("no host or machine is named", text::no_host_or_machine_is_named),
    ("nothing that is built is kept", text::nothing_built_is_kept),
];

/// Checks every rule and prints each with its violations.
pub fn check() -> Count {
    let sources = Sources::read();
    let mut count = Count::default();
    for (name, rule) in RULES {
        let violations = rule(&sources);
        println!("{} {name}", if violations.is_empty() { "ok    " } else { "FAILED" });
        for violation in &violations {
            println!("         {violation}");
        }
        if violations.is_empty() {
            count.passed += 1;
        } else {
            count.failed += 1;
        }
    }
    count
}

/// `cargo xtask tidy`.
pub fn run() -> Outcome {
    let count = check();
    if count.failed == 0 {
        return Ok(());
    }
    Err(Failure::new("tidy", format!("{} rules are broken", count.failed), "mend the places above"))
}
