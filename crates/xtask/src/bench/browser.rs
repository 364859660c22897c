//! The part in Chromium: `tests/e2e/*.bench.ts`, whose file of lines is the rows.

use super::{Arguments, Row, frameworks, peer, rows};
use crate::console::{Failure, Outcome, say};
use crate::server::{Options, Server};
use crate::{browser, build, folders, packages, process};

/// Builds the page and measures it.
pub fn measure(arguments: &Arguments) -> Outcome<Vec<Row>> {
    let browser = browser::set_up()?;
    build::everything(&arguments.variants)?;
    let peers = peer::build()?;
    packages::set_up_end_to_end()?;
    let built = if arguments.peers { Some(frameworks::set_up()?) } else { None };
    let server = Server::start(Options { folder: folders::dist(), port: 0, isolated: true })?;
    let report = folders::target().join("bench.jsonl");
    // An old report must not be read as this run's.
    let _ = std::fs::remove_file(&report);
    say("bench", "measuring in Chromium (some minutes)");
    let mut playwright = process::command(folders::end_to_end().join("node_modules/.bin/playwright"));
    playwright.current_dir(folders::end_to_end()).args(["test", "--config", "bench.config.ts"]);
    playwright.env("TABGRAD_URL", server.url()).env("TABGRAD_CHROMIUM", browser.chromium);
    playwright.env("TABGRAD_BENCH_REPORT", &report).env("TABGRAD_BENCH_PEER", peers);
    playwright.env("TABGRAD_BENCH_ONLY", arguments.workloads.join(","));
    if let Some(built) = built {
        playwright.env("TABGRAD_BENCH_PEERS", "1").env("TABGRAD_BENCH_BUILT", built);
    }
    if !arguments.variants.is_empty() {
        playwright.env("TABGRAD_BENCH_VARIANTS", arguments.variants.join(","));
    }
    process::quietly("chromium bench", &mut playwright, "read what Playwright says above")?;
    let text = std::fs::read_to_string(&report).map_err(|error| {
        Failure::new(
            "chromium bench",
            format!("{}: {error}", report.display()),
            "read target/logs/chromium-bench.log",
        )
    })?;
    Ok(rows(&text))
}
