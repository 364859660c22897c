//! The page: Vite makes `www/dist` from `www`.

use crate::console::{Outcome, say, spoken};
use crate::folders;
use crate::fresh::Inputs;
use crate::{packages, process};
use std::time::Instant;

/// Builds the page unless it is fresh.
pub fn build() -> Outcome {
    let inputs = Inputs::new()
        .tree(&folders::www(), &["node_modules", "dist"])
        .tree(&folders::goldens(), &[])
        .tree(&folders::onnx(), &[]);
    if folders::dist().join("index.html").is_file() && inputs.are_those_of("page") {
        return Ok(());
    }
    let start = Instant::now();
    let mut vite = packages::program("vite", folders::www());
    process::quietly("page", vite.arg("build"), "mend what Vite says above, and run the command again")?;
    inputs.remember("page");
    say("page", format!("built in {}", spoken(start.elapsed())));
    Ok(())
}
