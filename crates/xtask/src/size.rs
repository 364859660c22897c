//! `cargo xtask size`: what a first visit fetches, gzipped, against its budget.

use crate::console::{Failure, Outcome};
use crate::fresh::files_below;
use crate::manifest::Manifest;
use crate::{build, folders, server, split};
use std::path::Path;

/// Builds, measures, prints, and fails above a budget of `wasm-pack.toml`.
pub fn run() -> Outcome {
    build::everything(&[])?;
    let manifest = Manifest::read()?;
    let entry = first_load(&folders::dist())?;
    println!("\n  {:<44} {:>9} {:>9}", "first load", "kB", "kB gzip");
    let mut page = 0;
    for file in &entry {
        page += row(&folders::dist().join(file), file)?;
    }
    let (mut sizes, mut later) = (Vec::new(), 0);
    for variant in &manifest.variants {
        let folder = folders::dist().join("engine").join(&variant.name);
        let mut bytes = 0;
        let rest = split::rest(&folder, &manifest.engine.name);
        for file in files_below(&folder, &[]).into_iter().filter(|file| *file != rest) {
            let name = file.strip_prefix(folders::dist()).unwrap_or(&file).to_string_lossy().into_owned();
            bytes += row(&file, &name)?;
        }
        sizes.push(bytes);
        later = later.max(row(&rest, &format!("engine/{}: the rest, fetched later", variant.name))?);
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let budget = manifest.first_load.budget_gzip_bytes;
    println!(
        "\n  page {:.1} kB + largest variant {:.1} kB = {:.1} kB of {:.0} kB, and {:.1} kB later",
        kb(page),
        kb(largest),
        kb(page + largest),
        kb(budget),
        kb(later)
    );
    judge(&manifest, page, &sizes)
}

/// Fails where a variant, or the page with the largest of them, is above its budget. `sizes` are those of the variants.
fn judge(manifest: &Manifest, page: u64, sizes: &[u64]) -> Outcome {
    let variants = manifest.variants.iter().zip(sizes);
    let over = variants.filter(|(variant, bytes)| **bytes > variant.budget_gzip_bytes);
    let mut over: Vec<String> = over
        .map(|(variant, bytes)| format!("{} is {bytes} of {} bytes", variant.name, variant.budget_gzip_bytes))
        .collect();
    let total = page + sizes.iter().copied().max().unwrap_or(0);
    let budget = manifest.first_load.budget_gzip_bytes;
    if total > budget {
        over.push(format!("the first load is {total} of {budget} bytes"));
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "size",
        over.join("; "),
        "make it smaller, or raise the budget in wasm-pack.toml and say why",
    ))
}

fn row(file: &Path, name: &str) -> Outcome<u64> {
    let failure = |error: std::io::Error| {
        Failure::new("size", format!("{}: {error}", file.display()), "run `cargo xtask build`")
    };
    let bytes = std::fs::read(file).map_err(failure)?;
    let packed = server::gzip(&bytes).map_err(failure)?.len() as u64;
    println!("  {name:<44} {:>9.1} {:>9.1}", kb(bytes.len() as u64), kb(packed));
    Ok(packed)
}

fn kb(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

/// `index.html` and every file of `assets` it comes to fetch: those it names, those that they name, and so on; but for
/// what scripts name in `import(...)`, which comes when somebody opens it, or when there is a first point to draw.
fn first_load(dist: &Path) -> Outcome<Vec<String>> {
    let all: Vec<String> = files_below(&dist.join("assets"), &[])
        .iter()
        .filter(|file| file.extension().is_none_or(|extension| extension != "map"))
        .filter_map(|file| file.file_name().map(|name| name.to_string_lossy().into_owned()))
        .collect();
    let mut found = vec!["index.html".to_string()];
    let mut next = 0;
    while next < found.len() {
        let file = dist.join(&found[next]);
        let text = std::fs::read(&file).map_err(|error| {
            Failure::new("size", format!("{}: {error}", file.display()), "run `cargo xtask build`")
        })?;
        let text = String::from_utf8_lossy(&text).into_owned();
        for name in &all {
            let path = format!("assets/{name}");
            if names(&text, name) && !found.contains(&path) {
                found.push(path);
            }
        }
        next += 1;
    }
    Ok(found)
}

/// Whether the text names a file other than in `import("./file")`.
fn names(text: &str, file: &str) -> bool {
    text.match_indices(file).any(|(at, _)| {
        let before = text[..at].trim_end_matches("./").trim_end_matches(['"', '\'', '`']);
        !before.ends_with("import(")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_above_its_budget_fails_and_is_named() {
        let manifest = Manifest::read().expect("the file of this repository is good");
        let budgets: Vec<u64> = manifest.variants.iter().map(|variant| variant.budget_gzip_bytes).collect();
        let largest = budgets.iter().copied().max().expect("there are variants");
        let page = manifest.first_load.budget_gzip_bytes - largest;
        assert!(judge(&manifest, page, &budgets).is_ok());
        let wrong = judge(&manifest, page + 1, &budgets).expect_err("a byte too many").to_string();
        assert!(wrong.contains("the first load"), "{wrong}");
        let mut sizes = vec![0; budgets.len()];
        sizes[1] = budgets[1] + 1;
        let wrong = judge(&manifest, 0, &sizes).expect_err("a byte too many").to_string();
        assert!(wrong.contains(&manifest.variants[1].name) && !wrong.contains("the first load"), "{wrong}");
    }

    #[test]
    fn the_first_load_is_what_the_page_names_directly_or_not() {
        let dist = std::env::temp_dir().join(format!("tabgrad-size-{}", std::process::id()));
        fs::create_dir_all(dist.join("assets")).expect("the temporary folder takes a folder");
        for (name, text) in [
            ("index.html", "<script src=./assets/index-1.js>"),
            ("assets/index-1.js", "import './shared-2.js'; const later = () => import(`./later-5.js`)"),
            ("assets/later-5.js", "import './shared-2.js'"),
            ("assets/shared-2.js", "new Worker('worker-3.js')"),
            ("assets/worker-3.js", ""),
            ("assets/gallery-4.js", "import './shared-2.js'"),
        ] {
            fs::write(dist.join(name), text).expect("the temporary folder takes a file");
        }
        let found = first_load(&dist).expect("every file can be read");
        fs::remove_dir_all(dist).expect("the temporary folder can be removed");
        assert_eq!(found, ["index.html", "assets/index-1.js", "assets/shared-2.js", "assets/worker-3.js"]);
    }
}
