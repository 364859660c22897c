//! Transcendental functions on lanes, as polynomials: no table, no branch, and without a fused multiply-add the same
//! bits on every machine. At most 4 units in the last place off over the whole range (tested against libm in f64).
//!
//! The coefficients are minimax fits made for this file (iteratively reweighted least squares in extended precision),
//! rounded to f32. The reductions are the classical ones: Cody and Waite, "Software manual for the elementary
//! functions", 1980.

use crate::lanes::{Lanes, Scalar, constant};

/// Adding and taking off 1.5 * 2^23 rounds to the nearest whole number, which stands in the low bits in between.
const ROUNDER: f32 = 12_582_912.0;
/// ln 2 in two parts; whole numbers below 2^15 times the first are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `(e^r - 1 - r) / r^2` for `|r| <= ln(2) / 2`, relative error of `e^r - 1` below 2^-26.
static EXP: [f32; 5] = [0.499_999_97, 0.166_665_42, 0.041_667_204, 0.008_366_692, 0.001_388_248_9];
/// `(ln(1 + f) - f + f^2 / 2) / f^3` for `1 + f` in `[sqrt(1/2), sqrt(2)]`, relative error of `ln(1 + f)` below 2^-30.
static LN: [f32; 9] = [
    0.333_333_13,
    -0.250_000_1,
    0.200_021_24,
    -0.166_680_05,
    0.142_194_52,
    -0.124_053_404,
    0.118_886_96,
    -0.116_775_16,
    0.067_477_316,
];
/// `erf(x) / x` in `x^2` for `|x| <= 1`, relative error below 2^-29.
static ERF_NEAR: [f32; 7] = [
    std::f32::consts::FRAC_2_SQRT_PI,
    -0.376_126_26,
    0.112_835_854,
    -0.026_853_813,
    0.005_188_328_7,
    -0.000_801_020_1,
    7.853_884e-5,
];
/// `ln(1 - erf(x))` for x from 0.95 to 3.95, error of `erf(x)` below 2^-29.
static ERF_FAR: [f32; 7] = [
    -0.000_244_723_17,
    -1.127_474_9,
    -0.637_517_1,
    -0.103_640_26,
    0.022_087_608,
    -0.003_008_528_4,
    0.000_192_425_1,
];
/// erf rounds to 1 from here on.
const ERF_ONE: f32 = 3.93;
/// tanh rounds to 1 from here on.
const TANH_ONE: f32 = 9.02;

/// `c[0] + c[1] x + c[2] x^2 + ...` by Horner's rule.
#[inline(always)]
fn polynomial<L: Lanes, const TERMS: usize>(l: L, x: L::V, c: &'static [f32; TERMS]) -> L::V {
    let mut sum = l.constant(c, TERMS - 1);
    for at in (0..TERMS - 1).rev() {
        sum = l.madd(sum, x, l.constant(c, at));
    }
    sum
}

/// `x = n ln(2) + r`: gives n as bits of an i32, and `e^r - 1`.
#[inline(always)]
fn reduce_exp<L: Lanes>(l: L, x: L::V) -> (L::V, L::V) {
    let rounder = constant!(l, ROUNDER);
    let shifted = l.madd(x, constant!(l, std::f32::consts::LOG2_E), rounder);
    let n = l.sub(shifted, rounder);
    let r = l.madd(n, constant!(l, -LN_2_HIGH), x);
    let r = l.madd(n, constant!(l, -LN_2_LOW), r);
    let exp_m1 = l.madd(l.mul(r, r), polynomial(l, r, &EXP), r);
    (l.sub_i32(shifted, rounder), exp_m1)
}

/// `2^n` for an i32 n in -126..=127.
#[inline(always)]
fn power_of_two<L: Lanes>(l: L, n: L::V) -> L::V {
    l.shl::<23>(l.add_i32(n, l.bits::<127>()))
}

/// `e^x`; gradual underflow to 0 and overflow to infinity where f32 has them.
#[inline(always)]
pub fn exp<L: Lanes>(l: L, x: L::V) -> L::V {
    let x = l.min(l.max(x, constant!(l, -105.0)), constant!(l, 89.0));
    let (n, exp_m1) = reduce_exp(l, x);
    // In two factors, because 2^n itself may be too large or too small for f32.
    let half = l.shr::<1>(n);
    let y = l.add(exp_m1, constant!(l, 1.0));
    l.mul(l.mul(y, power_of_two(l, half)), power_of_two(l, l.sub_i32(n, half)))
}

/// `e^x - 1` for `x <= 80`, also where it is close to 0.
#[inline(always)]
pub fn exp_m1<L: Lanes>(l: L, x: L::V) -> L::V {
    let x = l.min(l.max(x, constant!(l, -25.0)), constant!(l, 80.0));
    let (n, exp_m1) = reduce_exp(l, x);
    let scale = power_of_two(l, n);
    l.madd(scale, exp_m1, l.sub(scale, constant!(l, 1.0)))
}

/// `ln(1 + f) + e ln(2)` for `1 + f` in `[sqrt(1/2), sqrt(2)]`.
#[inline(always)]
fn ln_1p_reduced<L: Lanes>(l: L, f: L::V, e: L::V) -> L::V {
    let f2 = l.mul(f, f);
    let cubic = l.mul(l.mul(f2, f), polynomial(l, f, &LN));
    let tail = l.madd(e, constant!(l, LN_2_LOW), cubic);
    let tail = l.madd(f2, constant!(l, -0.5), tail);
    l.madd(e, constant!(l, LN_2_HIGH), l.add(f, tail))
}

/// The natural logarithm: -infinity at 0, NaN below.
#[inline(always)]
pub fn ln<L: Lanes>(l: L, x: L::V) -> L::V {
    let subnormal = l.lt(x, constant!(l, f32::MIN_POSITIVE));
    let normal = l.select(subnormal, l.mul(x, constant!(l, 8_388_608.0)), x);
    let exponent = l.i32_to_f32(l.sub_i32(l.shr::<23>(normal), l.bits::<127>()));
    let exponent = l.sub(exponent, l.select(subnormal, constant!(l, 23.0), l.splat(0.0)));
    let mantissa = l.or(l.and(normal, l.bits::<0x007f_ffff>()), constant!(l, 1.0));
    let high = l.lt(constant!(l, std::f32::consts::SQRT_2), mantissa);
    let mantissa = l.select(high, l.mul(mantissa, constant!(l, 0.5)), mantissa);
    let exponent = l.select(high, l.add(exponent, constant!(l, 1.0)), exponent);
    let y = ln_1p_reduced(l, l.sub(mantissa, constant!(l, 1.0)), exponent);
    // What is not a positive, finite number: 0 - and infinity follow from x itself.
    let y = l.select(l.eq(x, constant!(l, f32::INFINITY)), x, y);
    let y = l.select(l.eq(x, l.splat(0.0)), constant!(l, f32::NEG_INFINITY), y);
    let y = l.select(l.lt(x, l.splat(0.0)), constant!(l, f32::NAN), y);
    l.select(l.eq(x, x), y, x)
}

/// `ln(1 + u)` for u in `[0, 1]`, also where it is close to 0.
#[inline(always)]
pub fn ln_1p_unit<L: Lanes>(l: L, u: L::V) -> L::V {
    let one = constant!(l, 1.0);
    let high = l.lt(constant!(l, std::f32::consts::SQRT_2 - 1.0), u);
    let f = l.select(high, l.mul(l.sub(u, one), constant!(l, 0.5)), u);
    ln_1p_reduced(l, f, l.select(high, one, l.splat(0.0)))
}

/// `tanh(x) = e / (e + 2)` with `e = e^2x - 1`.
#[inline(always)]
pub fn tanh<L: Lanes>(l: L, x: L::V) -> L::V {
    let sign = l.and(x, l.bits::<0x8000_0000>());
    let size = l.min(l.abs(x), constant!(l, TANH_ONE));
    let e = exp_m1(l, l.add(size, size));
    l.or(l.div(e, l.add(e, constant!(l, 2.0))), sign)
}

/// `1 / (1 + e^-x)`, from `e^-|x|`, which cannot overflow.
#[inline(always)]
pub fn sigmoid<L: Lanes>(l: L, x: L::V) -> L::V {
    let one = constant!(l, 1.0);
    let e = exp(l, l.sub(l.splat(0.0), l.abs(x)));
    let above = l.select(l.lt(x, l.splat(0.0)), e, one);
    l.div(above, l.add(one, e))
}

/// `ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)`.
#[inline(always)]
pub fn softplus<L: Lanes>(l: L, x: L::V) -> L::V {
    let e = exp(l, l.sub(l.splat(0.0), l.abs(x)));
    l.add(l.max(x, l.splat(0.0)), ln_1p_unit(l, e))
}

/// The error function, `2 / sqrt(pi)` times the integral of `e^-t^2` from 0 to x.
#[inline(always)]
pub fn erf<L: Lanes>(l: L, x: L::V) -> L::V {
    let one = constant!(l, 1.0);
    let sign = l.and(x, l.bits::<0x8000_0000>());
    let size = l.min(l.abs(x), constant!(l, ERF_ONE));
    let near = l.mul(size, polynomial(l, l.mul(size, size), &ERF_NEAR));
    let far = l.sub(one, exp(l, polynomial(l, size, &ERF_FAR)));
    l.or(l.select(l.lt(size, one), near, far), sign)
}

/// The natural logarithm of one value.
#[inline]
pub fn ln_of(x: f32) -> f32 {
    ln(Scalar::new(), [x])[0]
}

/// `e^x` of one value.
#[inline]
pub fn exp_of(x: f32) -> f32 {
    exp(Scalar::new(), [x])[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes;
    use crate::on_lanes;

    /// Units in the last place between a result and the true value.
    fn ulps(got: f32, wanted: f64) -> f64 {
        let nearest = wanted as f32;
        if got == nearest || (got.is_nan() && wanted.is_nan()) {
            return 0.0;
        }
        let magnitude = (nearest.abs().to_bits()).clamp(0x0080_0000, 0x7f7f_ffff);
        let unit = f64::from(f32::from_bits(magnitude)) - f64::from(f32::from_bits(magnitude - 1));
        (f64::from(got) - wanted).abs() / unit
    }

    fn apply<L: Lanes>(l: L, name: &str, x: &[f32], y: &mut [f32]) {
        lanes::sweep(l, [x], [y], |[x], _| {
            [match name {
                "exp" => exp(l, x),
                "exp_m1" => exp_m1(l, x),
                "ln" => ln(l, x),
                "ln_1p_unit" => ln_1p_unit(l, x),
                "tanh" => tanh(l, x),
                "sigmoid" => sigmoid(l, x),
                "softplus" => softplus(l, x),
                "erf" => erf(l, x),
                _ => unreachable!(),
            }]
        });
    }

    fn softplus_f64(x: f64) -> f64 {
        x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
    }

    /// Name, truth, and where it is defined.
    type Function = (&'static str, fn(f64) -> f64, f32, f32);

    const FUNCTIONS: [Function; 8] = [
        ("exp", libm::exp, f32::NEG_INFINITY, f32::INFINITY),
        ("exp_m1", libm::expm1, f32::NEG_INFINITY, 80.0),
        ("ln", libm::log, f32::NEG_INFINITY, f32::INFINITY),
        ("ln_1p_unit", libm::log1p, 0.0, 1.0),
        ("tanh", libm::tanh, f32::NEG_INFINITY, f32::INFINITY),
        ("sigmoid", |x| 1.0 / (1.0 + libm::exp(-x)), f32::NEG_INFINITY, f32::INFINITY),
        ("softplus", softplus_f64, f32::NEG_INFINITY, f32::INFINITY),
        ("erf", libm::erf, f32::NEG_INFINITY, f32::INFINITY),
    ];

    #[test]
    fn no_function_is_more_than_4_ulp_off_anywhere() {
        // Every 2003rd of all bit patterns, so both signs, subnormals, infinities and NaN, and the special ones.
        let mut x: Vec<f32> = (0..=u32::MAX).step_by(2003).map(f32::from_bits).collect();
        x.extend([0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MIN_POSITIVE]);
        x.extend([1.0, -1.0, 88.722_84, 88.8, -87.4, -103.97, -104.1, f32::MAX, f32::MIN]);
        for (name, truth, low, high) in FUNCTIONS {
            let x: Vec<f32> = x.iter().copied().filter(|x| !(*x < low || *x > high)).collect();
            let mut y = vec![0.0; x.len()];
            for body in lanes::available() {
                lanes::with(body, || on_lanes!(l => apply(l, name, &x, &mut y)));
                let (worst, at) = (0..x.len())
                    .map(|i| (ulps(y[i], truth(f64::from(x[i]))), i))
                    .fold((0.0, 0), |a, b| if b.0 <= a.0 { a } else { b });
                println!("{name} {body:?}: {worst:.2} ulp at {:e}", x[at]);
                assert!(worst <= 4.0, "{name} {body:?}: {worst} ulp at {:e}: {:e}", x[at], y[at]);
            }
        }
    }

    #[test]
    fn one_value_has_the_bits_of_four() {
        let x: Vec<f32> = (0..1000).map(|i| (i as f32 - 500.0) * 0.05).collect();
        for (name, ..) in FUNCTIONS {
            let mut wide = vec![0.0; x.len()];
            let mut narrow = vec![0.0; x.len()];
            apply(lanes::Portable::new(), name, &x, &mut wide);
            apply(Scalar::new(), name, &x, &mut narrow);
            assert!(wide.iter().zip(&narrow).all(|(a, b)| a.to_bits() == b.to_bits()), "{name}");
        }
    }
}
