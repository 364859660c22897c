//! The built page in Chromium: Playwright, with the page served twice, isolated and not.

use super::report::{Count, tried_again};
use crate::console::{Outcome, say};
use crate::server::{Options, Server};
use crate::{browser, build, folders, packages, process};
use std::ffi::OsString;

/// Runs them all, or those of the filter.
pub fn run(filter: &[OsString]) -> Outcome<Count> {
    let browser = browser::set_up()?;
    build::everything(&[])?;
    packages::set_up_end_to_end()?;
    let served = |isolated| Server::start(Options { folder: folders::dist(), port: 0, isolated });
    let (isolated, plain) = (served(true)?, served(false)?);
    let report = folders::target().join("playwright.json");
    // An old report must not be read as this run's.
    let _ = std::fs::remove_file(&report);
    let mut playwright = process::command(folders::end_to_end().join("node_modules/.bin/playwright"));
    playwright.current_dir(folders::end_to_end()).arg("test").args(filter);
    playwright.env("TABGRAD_URL", isolated.url()).env("TABGRAD_URL_PLAIN", plain.url());
    playwright.env("TABGRAD_CHROMIUM", browser.chromium).env("TABGRAD_E2E_REPORT", &report);
    let (succeeded, _) =
        process::visibly("end-to-end tests", &mut playwright, "look at what Playwright says above")?;
    let text = std::fs::read_to_string(report).unwrap_or_default();
    let report = serde_json::from_str(&text).unwrap_or_default();
    for test in tried_again(&report) {
        say("tried again", test);
    }
    Ok(Count::of_playwright(&report, succeeded))
}
