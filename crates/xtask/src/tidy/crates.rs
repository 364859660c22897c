//! Rules about which crate may use which, read from the `Cargo.toml` files.

use super::sources::Sources;

/// Each crate of ours by its folder, and those of ours that it may name.
const ARROWS: [(&str, &[&str]); 10] = [
    ("crates/json", &[]),
    ("crates/kernels", &[]),
    ("crates/core", &["kernels", "json"]),
    ("crates/data", &["kernels", "json"]),
    ("crates/formats", &["core", "kernels", "json"]),
    ("crates/session", &["formats", "core", "data", "kernels", "json"]),
    ("crates/wasm", &["session", "formats", "core", "data", "kernels", "json"]),
    ("crates/split", &[]),
    ("crates/xtask", &[]),
    ("tests/bench", &["session", "core", "kernels"]),
];

/// Who knows JavaScript: the bindings, and the peers of the benchmark, which are measured as a module in the browser too.
const KNOWING: [&str; 2] = ["crates/wasm", "tests/bench"];

/// What only they may use.
const JAVASCRIPT: [&str; 8] = [
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "wasm-bindgen-rayon",
    "wasm-bindgen-test",
    "js-sys",
    "web-sys",
    "serde-wasm-bindgen",
    "console_error_panic_hook",
];

/// json, kernels <- core <- formats <- session <- wasm, data <- session; nothing names xtask and xtask names nothing.
pub fn depend_one_way(sources: &Sources) -> Vec<String> {
    let mut violations = Vec::new();
    for (folder, dependencies) in manifests(sources) {
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == folder) else {
            violations
                .push(format!("{folder} is not in the list of arrows (crates/xtask/src/tidy/crates.rs)"));
            continue;
        };
        for dependency in &dependencies {
            let is_ours = dependency == "xtask" || dependency.starts_with("tabgrad-");
            if is_ours && !dependency.strip_prefix("tabgrad-").is_some_and(|name| allowed.contains(&name)) {
                violations.push(format!("{folder} depends on {dependency}"));
            }
        }
    }
    violations
}

/// Everything else builds and passes its tests without a browser.
pub fn javascript_is_known_to_one(sources: &Sources) -> Vec<String> {
    manifests(sources)
        .into_iter()
        .filter(|(folder, _)| !KNOWING.contains(&folder.as_str()))
        .flat_map(|(folder, dependencies)| {
            let found =
                dependencies.into_iter().filter(|dependency| JAVASCRIPT.contains(&dependency.as_str()));
            found.map(move |dependency| format!("{folder} depends on {dependency}")).collect::<Vec<_>>()
        })
        .collect()
}

/// The crate in `Cargo.lock` and the tool in the tools' own `Cargo.lock`.
pub fn wasm_bindgen_is_one_version(sources: &Sources) -> Vec<String> {
    let of = |lock: &str, package: &str| sources.text(lock).and_then(|text| locked(text, package));
    let engine = of("Cargo.lock", "wasm-bindgen");
    let tool = of("crates/xtask/wasm-tools/Cargo.lock", "wasm-bindgen-cli");
    if engine.is_some() && engine == tool {
        return Vec::new();
    }
    let shown = |version: Option<String>| version.unwrap_or_else(|| "absent".to_string());
    vec![format!("Cargo.lock has {}, crates/xtask/wasm-tools/Cargo.lock has {}", shown(engine), shown(tool))]
}

/// Folders of the workspace's members with the names of all they depend on, in any table. What is a workspace of its own
/// is no member: tools that are built apart, and the peers of the benchmark.
fn manifests(sources: &Sources) -> Vec<(String, Vec<String>)> {
    sources
        .ending(&["/Cargo.toml"])
        .filter_map(|(path, text)| {
            let folder = path.strip_suffix("/Cargo.toml")?;
            let table: toml::Table = toml::from_str(text).ok()?;
            if table.contains_key("workspace") {
                return None;
            }
            let mut dependencies = Vec::new();
            collect(&table, &mut dependencies);
            Some((folder.to_string(), dependencies))
        })
        .collect()
}

/// Dependencies of this table and of those below it (`[target.'cfg(..)'.dependencies]`).
fn collect(table: &toml::Table, dependencies: &mut Vec<String>) {
    for (key, value) in table {
        let Some(inner) = value.as_table() else { continue };
        if key.ends_with("dependencies") {
            dependencies.extend(inner.keys().cloned());
        } else {
            collect(inner, dependencies);
        }
    }
}

/// The version of a package in a lock file.
fn locked(lock: &str, package: &str) -> Option<String> {
    let lock: toml::Table = toml::from_str(lock).ok()?;
    let packages = lock.get("package")?.as_array()?;
    let found =
        packages.iter().find(|entry| entry.get("name").and_then(toml::Value::as_str) == Some(package))?;
    found.get("version")?.as_str().map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_against_the_order_is_found_in_any_table() {
        let wrong = [
            ("crates/kernels/Cargo.toml", "[dependencies]\ntabgrad-core.workspace = true"),
            ("crates/data/Cargo.toml", "[dev-dependencies]\ntabgrad-core.workspace = true"),
            ("crates/core/Cargo.toml", "[target.'cfg(unix)'.dependencies]\nxtask = \"1\""),
            ("crates/kernels/Cargo.toml", "[dev-dependencies]\ntabgrad-bench.path = \"../../tests/bench\""),
            ("tests/bench/Cargo.toml", "[dependencies]\ntabgrad-wasm.workspace = true"),
            ("crates/new/Cargo.toml", ""),
            ("tests/new/Cargo.toml", ""),
        ];
        for file in wrong {
            assert_eq!(depend_one_way(&Sources::of(&[file])).len(), 1, "{}", file.0);
        }
        let right = [(
            "crates/session/Cargo.toml",
            "[dependencies]\ntabgrad-core.workspace = true\nserde.workspace = true",
        )];
        assert!(depend_one_way(&Sources::of(&right)).is_empty());
    }

    #[test]
    fn javascript_outside_of_its_crate_is_found() {
        let file = |path| [(path, "[dependencies]\njs-sys.workspace = true")];
        for wrong in ["crates/session/Cargo.toml", "tests/another/Cargo.toml"] {
            assert_eq!(javascript_is_known_to_one(&Sources::of(&file(wrong))).len(), 1, "{wrong}");
        }
        for right in ["crates/wasm/Cargo.toml", "tests/bench/Cargo.toml"] {
            assert!(javascript_is_known_to_one(&Sources::of(&file(right))).is_empty(), "{right}");
        }
    }

    #[test]
    fn every_member_of_the_workspace_is_seen_and_nothing_else() {
        let mut folders: Vec<String> =
            manifests(&Sources::read()).into_iter().map(|(folder, _)| folder).collect();
        let mut arrows: Vec<&str> = ARROWS.iter().map(|(folder, _)| *folder).collect();
        folders.sort();
        arrows.sort_unstable();
        assert_eq!(folders, arrows);
    }

    #[test]
    fn two_versions_of_wasm_bindgen_are_found() {
        let lock =
            |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let check = |engine: &str, tool: &str| {
            let (engine, tool) = (lock("wasm-bindgen", engine), lock("wasm-bindgen-cli", tool));
            wasm_bindgen_is_one_version(&Sources::of(&[
                ("Cargo.lock", &engine),
                ("crates/xtask/wasm-tools/Cargo.lock", &tool),
            ]))
            .len()
        };
        assert_eq!(check("0.2.130", "0.2.130"), 0);
        assert_eq!(check("0.2.131", "0.2.130"), 1);
    }
}
