//! Splits a module of the engine in two, so that a visitor first downloads only what a first training calls:
//!
//! ```text
//! tabgrad-split mark  IN OUT             IN, made to note which way it goes: prints `address marks pages`
//! tabgrad-split split IN MARKS OUT REST  OUT: what was reached, as MARKS (what was noted, a byte each) says, and REST: all else;
//!                     KEPT...           besides, OUT has these exports and all they call by name
//! ```
//!
//! Where a function of OUT calls one of REST, a stub stands in its place: if REST is not there yet, it calls the export
//! [`LOADER`], which must instantiate REST with the exports of this instance; then it jumps through a table that REST has
//! filled. Memory, tables, globals and data stay in OUT; custom sections, which nothing that runs reads, are in REST. Nothing
//! here knows the engine: which functions are called, a run of the marked module says (`first-visit.js`).

mod customs;
mod mark;
mod module;
mod outline;
mod regions;
mod sections;
mod split;
mod unit;

use std::process::ExitCode;
use std::{env, fs};

/// The export that loads REST, by a name that JavaScript could not have.
const LOADER: &str = "__load_rest";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["mark", input, output] => mark_file(input, output),
        ["split", input, marks, output, rest, ref kept @ ..] => split_file(input, marks, output, rest, kept),
        _ => Err("tabgrad-split mark IN OUT | tabgrad-split split IN MARKS OUT REST KEPT...".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whatever goes wrong, as a sentence.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn mark_file(input: &str, output: &str) -> Outcome {
    let bytes = fs::read(input)?;
    let module = module::Module::parse(&bytes)?;
    let marked = mark::marked(&module)?;
    fs::write(output, marked.bytes)?;
    println!("{} {} {}", marked.address, marked.marks, marked.pages);
    Ok(())
}

fn split_file(input: &str, marks: &str, output: &str, rest: &str, kept: &[&str]) -> Outcome {
    let whole = fs::read(input)?;
    let outlined = outline::outline(&whole, &fs::read(marks)?)?;
    let module = module::Module::parse(&outlined.bytes)?;
    let (first, mut second) = split::split(&module, &outlined.called, kept)?;
    customs::append(&whole, &mut second)?;
    // A cut that no browser takes must stop the build that made it.
    for (half, bytes) in [("first", &first), ("second", &second)] {
        wasmparser::validate(bytes).map_err(|error| format!("the {half} half is not sound: {error}"))?;
    }
    fs::write(output, first)?;
    fs::write(rest, second)?;
    Ok(())
}
