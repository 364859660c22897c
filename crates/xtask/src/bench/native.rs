//! The native part: the package `tabgrad-bench`, whose lines are the rows.

use super::{Arguments, Row, rows};
use crate::console::{Failure, Outcome, say};
use crate::process;

/// Builds and runs it.
pub fn measure(arguments: &Arguments) -> Outcome<Vec<Row>> {
    say("bench", "building the native engine");
    let advice = "mend what the compiler says above";
    process::quietly(
        "native bench",
        process::cargo().args(["build", "--release", "--locked", "--package", "tabgrad-bench"]),
        advice,
    )?;
    say("bench", "measuring natively (some minutes)");
    let mut run = process::cargo();
    run.env("TABGRAD_BENCH_ONLY", arguments.workloads.join(","));
    run.args(["run", "--quiet", "--release", "--locked", "--package", "tabgrad-bench"]);
    let text = process::answer(&mut run).ok_or_else(|| {
        Failure::new(
            "native bench",
            "tabgrad-bench ended with a failure",
            "run `cargo run --release -p tabgrad-bench` and read what it says",
        )
    })?;
    Ok(rows(&text))
}
