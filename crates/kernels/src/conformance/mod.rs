//! Every kernel against its naive twin: one table, run natively and, with the feature `conformance`, inside wasm.
//!
//! A kernel is run on awkward sizes, with poisoned outputs, on every body of lanes this machine has, and cut into 1, 2, 3
//! and 8 parts, which are done last part first. It must agree with its twin in f64, give the same bits for every cut,
//! and write nothing beyond its outputs. A public function of a kernel module that is not in the table fails a test, and so
//! does a kernel of the table that neither has its gradient checked (`gradients`) nor is named as one that computes none.

mod attention;
#[cfg(test)]
mod complete;
mod dense;
mod elements;
#[cfg(test)]
mod gradients;
mod losses;
mod moves;
mod normalization;
mod optimizers;
mod recurrent;
mod rows;
mod rowwise;
mod weights;
mod windows;

use crate::lanes;
use crate::par::share;
use crate::rng::{Purpose, Stream};
use std::ops::Range;

/// Sizes at which vectors, tiles and blocks begin, end and are left over.
pub const SIZES: [usize; 10] = [0, 1, 7, 17, 63, 64, 65, 66, 67, 257];

/// One kernel of the table.
pub struct Kernel {
    /// `module::function`, as in the source.
    pub name: &'static str,
    cases: fn() -> Vec<Case>,
}

/// A line of the table.
type Entry = (&'static str, fn() -> Vec<Case>);

/// Computes a range of a case's cuts into the outputs' parts.
type Run = Box<dyn Fn(Range<usize>, &mut [&mut [f32]])>;

/// A kernel at one size, with its inputs inside `run`.
struct Case {
    label: String,
    /// How many elements, rows or columns may be cut.
    cuts: usize,
    outputs: Vec<Output>,
    run: Run,
    /// Allowed difference, relative to `1 + |wanted|`.
    tolerance: f64,
}

/// What a kernel writes.
struct Output {
    /// Before the call: NaN unless the kernel reads it too.
    before: Vec<f32>,
    /// What the twin gives.
    wanted: Vec<f64>,
    /// Elements per cut; 0 when every part gets the whole output.
    per_cut: usize,
}

impl Output {
    /// Written only.
    fn poisoned(wanted: Vec<f64>, per_cut: usize) -> Self {
        Self { before: vec![f32::NAN; wanted.len()], wanted, per_cut }
    }

    /// Read and written.
    fn updated(before: Vec<f32>, wanted: Vec<f64>, per_cut: usize) -> Self {
        Self { before, wanted, per_cut }
    }
}

/// Every kernel.
pub fn table() -> Vec<Kernel> {
    [
        attention::KERNELS,
        dense::KERNELS,
        elements::KERNELS,
        losses::KERNELS,
        moves::KERNELS,
        normalization::KERNELS,
        optimizers::KERNELS,
        recurrent::KERNELS,
        rows::KERNELS,
        rowwise::KERNELS,
        weights::KERNELS,
        windows::KERNELS,
    ]
    .concat()
    .into_iter()
    .map(|(name, cases)| Kernel { name, cases })
    .collect()
}

impl Kernel {
    /// Runs every case on every body.
    ///
    /// # Errors
    /// The first case that is wrong, with the body of lanes, the place and both values.
    pub fn check(&self) -> Result<(), String> {
        for case in (self.cases)() {
            for body in lanes::available() {
                lanes::with(body, || case.check())
                    .map_err(|wrong| format!("{} {} {body:?}: {wrong}", self.name, case.label))?;
            }
        }
        Ok(())
    }
}

/// What [`digest`] gives for every body whose multiplication and addition round separately: portable lanes on any
/// machine, and simd128 in any browser.
pub const DIGEST: u64 = 12_186_971_953_110_791_617;

/// All bits that the kernels make with this thread's body, in one number (FNV-1a; all NaN count as one).
///
/// # Errors
/// A kernel wrote behind the end of an output.
pub fn digest() -> Result<u64, String> {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for kernel in table() {
        for case in (kernel.cases)() {
            for value in case.outputs_in(1)?.iter().flatten() {
                let bits = if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() };
                for byte in bits.to_le_bytes() {
                    hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
                }
            }
        }
    }
    Ok(hash)
}

/// Written behind every output; must still be there afterwards.
const CANARY: f32 = 123.25;
/// How many of them.
const CANARIES: usize = 20;

impl Case {
    fn check(&self) -> Result<(), String> {
        let whole = self.outputs_in(1)?;
        for (o, (output, got)) in self.outputs.iter().zip(&whole).enumerate() {
            for (i, (&got, &wanted)) in got.iter().zip(&output.wanted).enumerate() {
                let close = (f64::from(got) - wanted).abs() <= self.tolerance * (1.0 + wanted.abs());
                if !(close || got.is_nan() && wanted.is_nan() || f64::from(got) == wanted) {
                    return Err(format!("output {o}[{i}] is {got:e}, its twin {wanted:e}"));
                }
            }
        }
        for parts in [2, 3, 8] {
            for (o, (one, many)) in whole.iter().zip(&self.outputs_in(parts)?).enumerate() {
                if let Some(i) = one.iter().zip(many).position(|(a, b)| a.to_bits() != b.to_bits()) {
                    let (one, many) = (one[i], many[i]);
                    return Err(format!("output {o}[{i}] is {one:e}, but {many:e} when cut in {parts}"));
                }
            }
        }
        Ok(())
    }

    /// The outputs, made in so many parts.
    fn outputs_in(&self, parts: usize) -> Result<Vec<Vec<f32>>, String> {
        let mut buffers: Vec<Vec<f32>> =
            self.outputs.iter().map(|o| [&o.before[..], &[CANARY; CANARIES]].concat()).collect();
        for part in (0..parts).rev() {
            let range = share(self.cuts, 1, part, parts);
            let mut views: Vec<&mut [f32]> = buffers
                .iter_mut()
                .zip(&self.outputs)
                .map(|(buffer, output)| match output.per_cut {
                    0 => &mut buffer[..output.before.len()],
                    per => &mut buffer[range.start * per..range.end * per],
                })
                .collect();
            (self.run)(range, &mut views);
        }
        for (buffer, output) in buffers.iter_mut().zip(&self.outputs) {
            if buffer.drain(output.before.len()..).any(|v| v.to_bits() != CANARY.to_bits()) {
                return Err("wrote behind the end of an output".into());
            }
        }
        Ok(buffers)
    }
}

/// `n` numbers in `low..high`, other ones for another `lane`.
fn numbers(lane: u32, n: usize, low: f32, high: f32) -> Vec<f32> {
    let stream = Stream::new(7, Purpose::Synthetic, lane);
    (0..n as u64).map(|i| low + (high - low) * stream.uniform(i)).collect()
}

/// `n` numbers about 0.
fn around_zero(lane: u32, n: usize) -> Vec<f32> {
    numbers(lane, n, -2.0, 2.0)
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().copied().map(f64::from).collect()
}

/// `n` f64 results of `compute`.
fn made(n: usize, compute: impl FnOnce(&mut [f64])) -> Vec<f64> {
    let mut out = vec![0.0; n];
    compute(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_agrees_with_its_twin_on_every_body_and_cut() {
        let wrong: Vec<String> = table().iter().filter_map(|kernel| kernel.check().err()).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn portable_lanes_give_the_bits_that_browsers_give() {
        assert_eq!(digest(), Ok(DIGEST));
    }
}
