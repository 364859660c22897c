//! Normal noise from the counter-based generator: nothing is stored, and the backward pass draws it again. Elementwise, so
//! any cut is allowed when `offset` moves along.

use crate::lanes::{Lanes, Scalar};
use crate::math;
use crate::rng::{Stream, unit_f32};

/// `y[i] = x[i] + deviation * n`, or `x[i] * (1 + deviation * n)` where `is_factor`, with `n` the standard normal number that
/// belongs to number `offset + i` of `stream`.
pub fn normal(stream: &Stream, offset: u64, deviation: f32, is_factor: bool, x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    stream.each(offset, x.len(), |i, bits| {
        let noise = deviation * standard(bits);
        y[i] = if is_factor { x[i] * (1.0 + noise) } else { x[i] + noise };
    });
}

/// Below this, the quantile is a polynomial of `-ln((1 - u)(1 + u))`, beyond it one of its root.
const MIDDLE: f32 = 5.0;
const NEAR: [f32; 9] = [
    2.810_226_4e-8,
    3.432_739_4e-7,
    -3.523_387_7e-6,
    -4.391_506_5e-6,
    2.185_808_7e-4,
    -1.253_725e-3,
    -4.177_682e-3,
    2.466_407_3e-1,
    1.501_409_4,
];
const FAR: [f32; 9] = [
    -2.002_142_6e-4,
    1.009_505_6e-4,
    1.349_343_2e-3,
    -3.673_428_4e-3,
    5.739_508e-3,
    -7.622_461_3e-3,
    9.438_87e-3,
    1.001_674,
    2.832_976_8,
];

/// The normal number whose share of the distribution below it is the middle of the 2^-24 that the upper bits name.
///
/// Source: Giles, "Approximating the erfinv function", GPU Computing Gems Jade Edition, 2012 (single precision).
pub fn standard(bits: u32) -> f32 {
    let l = Scalar::new();
    let u = 2.0 * unit_f32(bits) - (1.0 - 1.0 / 16_777_216.0);
    let w = -math::ln(l, [(1.0 - u) * (1.0 + u)])[0];
    let (w, coefficients) = if w < MIDDLE { (w - 2.5, NEAR) } else { (l.sqrt([w])[0] - 3.0, FAR) };
    let p = coefficients.iter().fold(0.0, |sum, c| sum * w + c);
    p * u * std::f32::consts::SQRT_2
}
