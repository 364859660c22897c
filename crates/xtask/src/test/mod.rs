//! `cargo xtask test`: every test there is, in parts, the cheapest first. The last line is `N passed, N failed`.

mod core;
mod end_to_end;
mod report;
mod wasm;
mod web;

use crate::console::{Failure, Outcome, say, spoken};
use crate::tidy;
pub use report::Count;
use std::ffi::OsString;
use std::time::Instant;

/// A part that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Rules about the sources.
    Tidy,
    /// Rust tests on this machine.
    Core,
    /// Rust tests in headless Chromium: wasm-pack, one thread and threads.
    Wasm,
    /// TypeScript tests in node.
    Web,
    /// The built page in Chromium.
    EndToEnd,
}

const PARTS: [Part; 5] = [Part::Tidy, Part::Core, Part::Wasm, Part::Web, Part::EndToEnd];

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Tidy => "tidy",
            Self::Core => "core",
            Self::Wasm => "wasm",
            Self::Web => "web",
            Self::EndToEnd => "e2e",
        }
    }

    /// The part of this name.
    pub fn named(name: &str) -> Option<Self> {
        PARTS.into_iter().find(|part| part.name() == name)
    }

    fn run(self, filter: &[OsString]) -> Outcome<Count> {
        match self {
            Self::Tidy => Ok(tidy::check()),
            Self::Core => core::run(filter),
            Self::Wasm => wasm::run(filter),
            Self::Web => web::run(filter),
            Self::EndToEnd => end_to_end::run(filter),
        }
    }
}

/// What may be asked of it.
#[derive(Debug, Default)]
pub struct Arguments {
    /// All of them where none is named.
    pub parts: Vec<Part>,
    /// Handed to the part's own runner.
    pub filter: Vec<OsString>,
}

/// Runs the parts, every one of them even after a failure, and fails when any test did.
pub fn run(arguments: &Arguments) -> Outcome {
    let start = Instant::now();
    let mut lines = Vec::new();
    let mut total = Count::default();
    for part in PARTS.into_iter().filter(|part| arguments.parts.is_empty() || arguments.parts.contains(part))
    {
        println!("\n== {} ==", part.name());
        let start = Instant::now();
        let count = part.run(&arguments.filter).unwrap_or_else(|failure| {
            eprintln!("{failure}");
            // A part that cannot run is a failure, though no test of it has one.
            Count { failed: 1, ..Count::default() }
        });
        lines.push(format!("{:<6} {count} in {}", part.name(), spoken(start.elapsed())));
        total += count;
    }
    println!();
    for line in lines {
        say("test", line);
    }
    say("test", format!("all of it in {}", spoken(start.elapsed())));
    println!("\n{total}");
    if total.failed == 0 && total.passed > 0 {
        return Ok(());
    }
    let why = if total.failed == 0 { "no test ran".to_string() } else { format!("{} failed", total.failed) };
    Err(Failure::new(
        "test",
        why,
        "look for the first failure above; a part alone runs with `cargo xtask test <part>`",
    ))
}
