//! The browser of the tests: the system's Chromium and its driver, from apt where they are missing.

use crate::apt;
use crate::console::{Failure, Outcome};
use crate::process;
use std::path::PathBuf;

const STEP: &str = "browser";

/// The two programs.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// Its driver of the same version, for wasm-pack.
    pub driver: PathBuf,
}

/// Finds the browser, and installs it where it is missing.
pub fn set_up() -> Outcome<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    apt::install(STEP, &["chromium", "chromium-driver"])?;
    find().ok_or_else(|| {
        Failure::new(
            STEP,
            "chromium and chromedriver are not on PATH after installing",
            "install Chromium and chromedriver, and put both on PATH",
        )
    })
}

fn find() -> Option<Browser> {
    let named = std::env::var_os("TABGRAD_CHROMIUM").map(PathBuf::from);
    Some(Browser {
        chromium: named.or_else(|| {
            process::on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
        })?,
        driver: process::on_path(&["chromedriver"])?,
    })
}
