//! What one core can do at most with each kind of instructions: `tests/bench/peak.rs`, compiled for each.

use crate::console::{Outcome, say};
use crate::{folders, process};

/// GFLOP/s by kind of instructions; `None` where the machine lacks them.
pub struct Peaks {
    /// 128 bits, multiply and add: simd128 and the portable body.
    pub multiply_add: Option<f64>,
    /// 128 bits, fused: relaxed SIMD.
    pub fused: Option<f64>,
    /// 256 bits, fused.
    pub avx2: Option<f64>,
    /// 512 bits, fused.
    pub avx512: Option<f64>,
}

const ADVICE: &str = "tests/bench/peak.rs needs nothing but rustc; look whether it runs";

impl Peaks {
    /// Compiles and runs, one kind after the other.
    pub fn measure() -> Outcome<Self> {
        say("bench", "measuring the peak of one core");
        let has = |feature: &str| {
            std::fs::read_to_string("/proc/cpuinfo")
                .is_ok_and(|text| text.split_whitespace().any(|word| word == feature))
        };
        let x86 = cfg!(target_arch = "x86_64");
        let when =
            |possible: bool, name: &str, flags: &[&str]| if possible { peak(name, flags) } else { Ok(None) };
        Ok(Self {
            multiply_add: peak("multiply-add", &[])?,
            fused: when(
                x86 && has("fma"),
                "fused",
                &["--cfg", "fused", "-Ctarget-feature=+avx,+fma", "-Cllvm-args=-slp-max-reg-size=128"],
            )?,
            avx2: when(
                x86 && has("avx2"),
                "avx2",
                &["--cfg", "fused", "--cfg", "lanes8", "-Ctarget-feature=+avx2,+fma"],
            )?,
            avx512: when(
                x86 && has("avx512f"),
                "avx512",
                &[
                    "--cfg",
                    "fused",
                    "--cfg",
                    "lanes16",
                    "-Ctarget-feature=+avx512f,+avx512vl,+fma,-prefer-256-bit",
                ],
            )?,
        })
    }

    /// The peak that a variant is measured against; a peer that chooses by itself, against the widest.
    pub fn of(&self, variant: &str) -> Option<f64> {
        match variant {
            "portable" | "single-simd" | "threads-simd" => self.multiply_add,
            "single-relaxed" | "threads-relaxed" => self.fused,
            "avx2" => self.avx2,
            _ => self.avx512.or(self.avx2).or(self.multiply_add),
        }
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
