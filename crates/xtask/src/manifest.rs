//! `wasm-pack.toml`: the variants of the engine, and the flags each is built with.

use crate::console::{Failure, Outcome};
use crate::folders;
use serde::Deserialize;

/// The file as it stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What is built.
    pub engine: Engine,
    /// What a first visit may cost.
    pub first_load: FirstLoad,
    common: Flags,
    threads: Threads,
    relaxed: Flags,
    /// In the order of preference.
    #[serde(rename = "variant")]
    pub variants: Vec<Variant>,
}

/// The crate and the base name of its output.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// Folder of the crate.
    #[serde(rename = "crate")]
    pub folder: String,
    /// `tabgrad` makes `tabgrad.js` and `tabgrad_bg.wasm`.
    pub name: String,
}

/// The budget of a first visit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstLoad {
    /// Html, css, js and one variant.
    pub budget_gzip_bytes: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Flags {
    target_features: Vec<String>,
    #[serde(default)]
    llvm_args: Vec<String>,
    #[serde(default)]
    link_args: Vec<String>,
    wasm_opt: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Threads {
    features: Vec<String>,
    target_features: Vec<String>,
    link_args: Vec<String>,
    wasm_opt: Vec<String>,
    maximum_memory_bytes: u64,
}

/// One build of the engine.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Also the name of its cargo profile and of its folder.
    pub name: String,
    /// Shared memory and a pool of workers.
    pub threads: bool,
    /// Fused multiply-add where the processor has it.
    pub relaxed: bool,
    /// For its wasm and JavaScript together.
    pub budget_gzip_bytes: u64,
}

impl Manifest {
    /// Reads `wasm-pack.toml`.
    pub fn read() -> Outcome<Self> {
        let file = folders::root().join("wasm-pack.toml");
        let failure = |why: String| {
            Failure::new(
                "reading wasm-pack.toml",
                why,
                "mend the file; its own comments say what each part is",
            )
        };
        let text = std::fs::read_to_string(file).map_err(|error| failure(error.to_string()))?;
        Self::parse(&text).map_err(failure)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if manifest.variants.is_empty() {
            return Err("it has no [[variant]]".to_string());
        }
        Ok(manifest)
    }

    /// The variant of this name.
    pub fn variant(&self, name: &str) -> Outcome<&Variant> {
        self.variants.iter().find(|variant| variant.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.variants.iter().map(|variant| variant.name.as_str()).collect();
            Failure::new(
                "choosing a variant",
                format!("there is no variant `{name}`"),
                format!("name one of {}", names.join(", ")),
            )
        })
    }

    /// Features of the crate that this variant turns on.
    pub fn features(&self, variant: &Variant) -> Vec<String> {
        if variant.threads { self.threads.features.clone() } else { Vec::new() }
    }

    /// Flags for the compiler. They replace those of `.cargo/config.toml`.
    pub fn rustc_flags(&self, variant: &Variant) -> Vec<String> {
        let mut features = self.common.target_features.clone();
        let mut link_args = self.common.link_args.clone();
        if variant.threads {
            features.extend(self.threads.target_features.iter().cloned());
            link_args.extend(self.threads.link_args.iter().cloned());
            link_args.push(format!("--max-memory={}", self.threads.maximum_memory_bytes));
        }
        if variant.relaxed {
            features.extend(self.relaxed.target_features.iter().cloned());
            link_args.extend(self.relaxed.link_args.iter().cloned());
        }
        let mut flags = vec![format!("-Ctarget-feature={}", features.join(","))];
        let llvm_args = [&self.common, &self.relaxed].into_iter().take(1 + usize::from(variant.relaxed));
        flags
            .extend(llvm_args.flat_map(|it| &it.llvm_args).map(|argument| format!("-Cllvm-args={argument}")));
        flags.extend(link_args.into_iter().map(|argument| format!("-Clink-arg={argument}")));
        flags
    }

    /// Flags for wasm-opt.
    pub fn wasm_opt_flags(&self, variant: &Variant) -> Vec<String> {
        let mut flags = self.common.wasm_opt.clone();
        if variant.threads {
            flags.extend(self.threads.wasm_opt.iter().cloned());
        }
        if variant.relaxed {
            flags.extend(self.relaxed.wasm_opt.iter().cloned());
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_variants_differ_in_threads_and_relaxed_simd() {
        let manifest = Manifest::read().expect("the file of this repository is good");
        let names: Vec<&str> = manifest.variants.iter().map(|variant| variant.name.as_str()).collect();
        assert_eq!(names, ["threads-relaxed", "threads-simd", "single-relaxed", "single-simd"]);
        for variant in &manifest.variants {
            let flags = manifest.rustc_flags(variant).join(" ");
            assert_eq!(flags.contains("--shared-memory"), variant.threads, "{}", variant.name);
            assert_eq!(flags.contains("+atomics"), variant.threads, "{}", variant.name);
            assert_eq!(flags.contains("+relaxed-simd"), variant.relaxed, "{}", variant.name);
            assert!(flags.contains("+simd128"));
            let opt = manifest.wasm_opt_flags(variant).join(" ");
            assert_eq!(opt.contains("--enable-threads"), variant.threads);
            assert_eq!(opt.contains("--enable-relaxed-simd"), variant.relaxed);
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text =
            std::fs::read_to_string(folders::root().join("wasm-pack.toml")).expect("the file is there");
        assert!(Manifest::parse(&text).is_ok());
        let error = Manifest::parse(&text.replace("budget_gzip_bytes = 350_000", "budget = 1"))
            .expect_err("`budget` is no key");
        assert!(error.contains("budget"), "{error}");
    }

    #[test]
    fn every_variant_has_its_cargo_profile() {
        let text = std::fs::read_to_string(folders::root().join("Cargo.toml")).expect("the file is there");
        for variant in Manifest::read().expect("the file of this repository is good").variants {
            assert!(text.contains(&format!("[profile.{}]", variant.name)), "{} has no profile", variant.name);
        }
    }
}
