//! The Rust tests in headless Chromium, as a user of wasm-pack would type them: once with one thread, once with threads.

use super::report::Count;
use crate::compiler::Compiler;
use crate::console::{Outcome, say};
use crate::manifest::Manifest;
use crate::tools::Needed;
use crate::{browser, environment, packages, process, tools};
use std::ffi::OsString;

const ADVICE: &str = "run `eval \"$(cargo xtask env)\"`, then `wasm-pack test --headless --chrome crates/wasm`, and read what it says";
/// The lanes that the first run does not have: with threads the instructions are relaxed.
const THREADED: &str = "threads-relaxed";

/// Both runs.
pub fn run(filter: &[OsString]) -> Outcome<Count> {
    let manifest = Manifest::read()?;
    let compiler = Compiler::set_up()?;
    tools::set_up(Needed::WasmPack)?;
    packages::set_up_page()?;
    let browser = browser::set_up()?;
    let mut total = Count::default();
    for variant in [None, Some(THREADED)] {
        let mut wasm_pack = process::command(tools::wasm_pack());
        wasm_pack.arg("test");
        if !compiler.has_target() {
            // wasm-pack would refuse a compiler without the target, whose standard library we build ourselves.
            wasm_pack.args(["--mode", "no-install"]);
        }
        wasm_pack
            .args(["--headless", "--chrome", "--chromedriver"])
            .arg(&browser.driver)
            .arg(&manifest.engine.folder);
        wasm_pack.envs(environment::variables(&compiler, &manifest, variant)?);
        if let Some(name) = variant {
            wasm_pack.args(["--features", &manifest.features(manifest.variant(name)?).join(",")]);
        }
        wasm_pack.args(filter);
        say("wasm tests", variant.unwrap_or("one thread"));
        let (succeeded, text) = process::visibly("wasm tests", &mut wasm_pack, ADVICE)?;
        total += Count::of_rust(&text, succeeded);
    }
    Ok(total)
}
