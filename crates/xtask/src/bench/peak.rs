//! What one core can do at most with each kind of instructions: natively `tests/bench/peak.rs`, compiled for each; in
//! Chromium the loop of the module with the peers, whose rows come with the others.

use super::Row;
use crate::console::{Outcome, say};
use crate::{folders, process};

/// What the rows of peaks are called.
pub const WORKLOAD: &str = "peak of one core";

/// The rows of peaks, by place and kind of instructions.
pub struct Peaks {
    /// Their variants are `multiply-add`, `fused`, `avx2` and `avx512`.
    pub rows: Vec<Row>,
}

const ADVICE: &str = "tests/bench/peak.rs needs nothing but rustc; look whether it runs";

/// Compiles and runs the native ones that this machine has, one after the other.
pub fn measure() -> Outcome<Vec<Row>> {
    say("bench", "measuring the peak of one core");
    let has = |feature: &str| {
        std::fs::read_to_string("/proc/cpuinfo")
            .is_ok_and(|text| text.split_whitespace().any(|word| word == feature))
    };
    const FUSED: &[&str] =
        &["--cfg", "fused", "-Ctarget-feature=+avx,+fma", "-Cllvm-args=-slp-max-reg-size=128"];
    const AVX2: &[&str] = &["--cfg", "fused", "--cfg", "lanes8", "-Ctarget-feature=+avx2,+fma"];
    const AVX512: &[&str] =
        &["--cfg", "fused", "--cfg", "lanes16", "-Ctarget-feature=+avx512f,+avx512vl,+fma,-prefer-256-bit"];
    let mut rows = Vec::new();
    for (name, needs, flags) in [
        ("multiply-add", "", &[][..]),
        ("fused", "fma", FUSED),
        ("avx2", "avx2", AVX2),
        ("avx512", "avx512f", AVX512),
    ] {
        if !(needs.is_empty() || cfg!(target_arch = "x86_64") && has(needs)) {
            continue;
        }
        rows.extend(peak(name, flags)?.map(|gflops| Row {
            workload: WORKLOAD.into(),
            engine: "none".into(),
            place: "native".into(),
            variant: name.into(),
            threads: 1,
            gflops: Some(gflops),
            ..Row::default()
        }));
    }
    Ok(rows)
}

impl Peaks {
    /// The peak that a row is measured against, in its own place; a native peer that chooses by itself, against the widest.
    pub fn of(&self, row: &Row) -> Option<f64> {
        let kinds: &[&str] = match row.variant.as_str() {
            "portable" | "simd128" | "single-simd" | "threads-simd" => &["multiply-add"],
            "fused" | "single-relaxed" | "threads-relaxed" => &["fused"],
            "avx2" => &["avx2"],
            _ => &["avx512", "avx2", "multiply-add"],
        };
        let peak =
            |kind: &&str| self.rows.iter().find(|peak| peak.place == row.place && peak.variant == **kind);
        kinds.iter().find_map(peak).and_then(|peak| peak.gflops)
    }
}

fn peak(name: &str, flags: &[&str]) -> Outcome<Option<f64>> {
    let program = folders::target().join(format!("peak-{name}"));
    let mut rustc = process::command(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    // Left to itself, the compiler turns the loops inside out and leaves the registers.
    rustc.args(["--edition", "2024", "-Copt-level=3", "-Cno-vectorize-loops"]).args(flags);
    rustc.arg(folders::root().join("tests/bench/peak.rs")).arg("-o").arg(&program);
    process::quietly(&format!("peak {name}"), &mut rustc, ADVICE)?;
    Ok(process::answer(&mut process::command(program)).and_then(|text| text.parse().ok()))
}
