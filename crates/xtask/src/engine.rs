//! One variant of the engine: cargo, wasm-bindgen, wasm-opt, and the cut in two.
//!
//! ```text
//! crates/wasm ──cargo──> target/wasm32-unknown-unknown/<name>/tabgrad_wasm.wasm
//!             ──wasm-bindgen, wasm-opt, split.rs, minify.js──> www/public/engine/<name>/tabgrad.js, tabgrad_bg.wasm,
//!                                                              tabgrad_rest.wasm, snippets/
//! ```

use crate::compiler::{BUILT_STD, Compiler, TARGET};
use crate::console::{Failure, Outcome, say, spoken};
use crate::folders;
use crate::fresh::{Inputs, files_below};
use crate::manifest::{Manifest, Variant};
use crate::{process, split, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The package that is built.
pub const PACKAGE: &str = "tabgrad-wasm";
const ADVICE: &str = "mend what the compiler says above, and run the command again";

/// Compiles the variant. Cargo itself knows what is fresh.
pub fn compile(manifest: &Manifest, variant: &Variant, compiler: &Compiler) -> Outcome {
    let start = Instant::now();
    let mut cargo = compiler.cargo();
    // The library for JavaScript alone: asked for a Rust library too, cargo would compile every crate twice over.
    cargo.args([
        "rustc",
        "--locked",
        "--lib",
        "--crate-type",
        "cdylib",
        "--package",
        PACKAGE,
        "--target",
        TARGET,
    ]);
    cargo.args(["--profile", &variant.name]);
    cargo.arg("--target-dir").arg(folders::target());
    let flags = [manifest.rustc_flags(variant), remapped_paths(compiler), vec![LOCATIONS.into()]].concat();
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    // Threads need a standard library built for them; the others take one that is built for size (its sorting and number
    // formatting are in every module).
    cargo.arg(format!("-Zbuild-std={BUILT_STD}")).arg("-Zbuild-std-features=optimize_for_size");
    for feature in manifest.features(variant) {
        cargo.args(["--features", &feature]);
    }
    if !compiled(variant).is_file() {
        say(&variant.name, "compiling, with the standard library (the first time takes a minute or two)");
    }
    process::quietly(&variant.name, &mut cargo, ADVICE)?;
    if start.elapsed().as_secs() >= 3 {
        say(&variant.name, format!("compiled in {}", spoken(start.elapsed())));
    }
    Ok(())
}

/// Makes the page's files from what was compiled, unless they are fresh.
pub fn finish(manifest: &Manifest, variant: &Variant) -> Outcome {
    let name = &manifest.engine.name;
    let output = folders::engines().join(&variant.name);
    let wasm = output.join(format!("{name}_bg.wasm"));
    let flags = manifest.wasm_opt_flags(variant);
    let stamp = format!("engine-{}", variant.name);
    let minify = folders::www().join("minify.js");
    let inputs = Inputs::new()
        .contents(&compiled(variant))
        .text(&flags.join(" "))
        .contents(&tools::wasm_bindgen())
        .contents(&minify);
    let inputs = split::inputs(inputs);
    if wasm.is_file() && inputs.are_those_of(&stamp) {
        return Ok(());
    }
    let start = Instant::now();
    // Made aside and moved into place whole, so that a page built or served meanwhile never meets half of it.
    let aside = folders::target().join("engine").join(&variant.name);
    let step = format!("{} files", variant.name);
    let failure = |error: std::io::Error| {
        Failure::new(step.as_str(), error, "look whether www/public/engine can be written to")
    };
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(failure)?;
    }
    let mut bindgen = process::command(tools::wasm_bindgen());
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"])
        .arg(&aside)
        .arg(compiled(variant));
    process::quietly(&step, &mut bindgen, ADVICE)?;
    let made = aside.join(format!("{name}_bg.wasm"));
    let mut opt = process::command("node");
    opt.arg(tools::wasm_opt()).args(&flags).arg(&made).arg("-o").arg(&made);
    process::quietly(&format!("{} wasm-opt", variant.name), &mut opt, ADVICE)?;
    split::split(variant, &aside, name)?;
    let scripts = files_below(&aside, &[]).into_iter().filter(|file| file.extension() == Some("js".as_ref()));
    let mut small = process::command("node");
    small.arg(&minify).args(scripts);
    process::quietly(&format!("{} minify", variant.name), &mut small, ADVICE)?;
    if output.exists() {
        fs::remove_dir_all(&output).map_err(failure)?;
    }
    fs::create_dir_all(folders::engines()).map_err(failure)?;
    fs::rename(&aside, &output).map_err(failure)?;
    inputs.remember(&stamp);
    let kilobytes = |file: &Path| fs::metadata(file).map_or(0, |it| it.len() / 1000);
    let (first, rest) = (kilobytes(&wasm), kilobytes(&split::rest(&output, name)));
    let took = spoken(start.elapsed());
    say(&variant.name, format!("bound, optimised and cut in {took}: {first} kB first, {rest} kB later"));
    Ok(())
}

/// Messages of a panic name source files: without the folders of the machine that built the engine, so that nobody's home
/// is published and every machine builds the same bytes.
fn remapped_paths(compiler: &Compiler) -> Vec<String> {
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let prefixes =
        [(Some(compiler.source()), "std"), (cargo_home, "cargo"), (Some(folders::root()), "tabgrad")];
    let flags = prefixes
        .into_iter()
        .filter_map(|(folder, name)| Some(format!("--remap-path-prefix={}={name}", folder?.display())));
    flags.collect()
}

/// Messages of a panic do not say where it was: the files, lines and columns of some thousand places where something might
/// panic would be a twentieth of what every visitor downloads. The stack in the console has the numbers of the functions.
const LOCATIONS: &str = "-Zlocation-detail=none";

fn compiled(variant: &Variant) -> PathBuf {
    folders::target().join(TARGET).join(&variant.name).join("tabgrad_wasm.wasm")
}
