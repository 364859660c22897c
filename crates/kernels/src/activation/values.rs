//! `f(x)` of every kind.

use super::{Activation, Pieces};
use crate::lanes::{Lanes, constant};
use crate::math;

/// `sqrt(2 / pi)`, in gelu's tanh form.
pub(super) const GELU_TANH: f32 = 0.797_884_6;
/// The cubic's factor there.
pub(super) const GELU_CUBIC: f32 = 0.044_715;

/// Replaces so many vectors from `x` on by their values.
///
/// # Safety
/// The vectors must be valid for reading and writing.
#[inline(always)]
pub(super) unsafe fn apply<L: Lanes>(l: L, kind: Activation, x: *mut f32, vectors: usize) {
    let (zero, one) = (l.splat(0.0), constant!(l, 1.0));
    /// A loop over the vectors.
    macro_rules! each {
        ($v:ident => $value:expr) => {
            for i in 0..vectors {
                // SAFETY: vector i is one of those the caller vouches for.
                unsafe {
                    let at = x.add(i * L::N);
                    let $v = l.load(at);
                    l.store($value, at);
                }
            }
        };
    }
    match kind {
        Activation::Linear => {}
        Activation::Relu => each!(x => l.max(x, zero)),
        Activation::LeakyRelu { slope } => {
            each!(x => l.select(l.lt(zero, x), x, l.mul(x, l.splat(slope))));
        }
        Activation::Pieces(pieces) => each!(x => piecewise(l, &pieces, x)),
        Activation::Exponents { scale, amplitude, rate } => each!(x => {
            let left = l.mul(math::exp_m1(l, l.mul(x, l.splat(rate))), l.splat(amplitude));
            l.select(l.lt(zero, x), l.mul(x, l.splat(scale)), left)
        }),
        Activation::Exponential => each!(x => math::exp(l, x)),
        Activation::Gelu { approximate: true } => each!(x => l.mul(x, tanh_share(l, x))),
        Activation::Gelu { approximate: false } => each!(x => l.mul(x, normal_share(l, x))),
        Activation::Silu => each!(x => l.mul(x, math::sigmoid(l, x))),
        Activation::Mish => each!(x => l.mul(x, math::tanh(l, math::softplus(l, x)))),
        Activation::Sigmoid => each!(x => math::sigmoid(l, x)),
        Activation::LogSigmoid => each!(x => l.sub(zero, math::softplus(l, l.sub(zero, x)))),
        Activation::Tanh => each!(x => math::tanh(l, x)),
        Activation::TanhShrink => each!(x => l.sub(x, math::tanh(l, x))),
        Activation::Softplus => each!(x => math::softplus(l, x)),
        Activation::Softsign => each!(x => l.div(x, l.add(one, l.abs(x)))),
        Activation::Squareplus { b } => each!(x => {
            // Left of 0 the sum would lose its digits: there it is b / 4 by the half of |x| + root.
            let half = l.mul(l.add(l.abs(x), root(l, b, x)), constant!(l, 0.5));
            l.select(l.lt(x, zero), l.div(l.splat(b / 4.0), half), half)
        }),
    }
}

/// `sqrt(x^2 + b)`, without overflow.
#[inline(always)]
pub(super) fn root<L: Lanes>(l: L, b: f32, x: L::V) -> L::V {
    let size = l.abs(x);
    let near = l.min(size, constant!(l, 1e15));
    l.max(size, l.sqrt(l.madd(near, near, l.splat(b))))
}

#[inline(always)]
fn piecewise<L: Lanes>(l: L, pieces: &Pieces, x: L::V) -> L::V {
    // A level side times infinity would be NaN.
    let x = l.min(l.max(x, constant!(l, f32::MIN)), constant!(l, f32::MAX));
    let line = |[slope, shift]: [f32; 2]| l.add(l.mul(x, l.splat(slope)), l.splat(shift));
    let [curve, slope, shift] = pieces.middle;
    let middle = l.madd(l.madd(x, l.splat(curve), l.splat(slope)), x, l.splat(shift));
    let [low, high] = pieces.knots.map(|knot| l.splat(knot));
    let y = l.select(l.lt(x, low), line(pieces.left), middle);
    let y = l.select(l.lt(high, x), line(pieces.right), y);
    l.select(l.eq(x, x), y, x)
}

/// What gelu multiplies x with: the normal distribution function.
#[inline(always)]
fn normal_share<L: Lanes>(l: L, x: L::V) -> L::V {
    let half = constant!(l, 0.5);
    l.madd(math::erf(l, l.mul(x, constant!(l, std::f32::consts::FRAC_1_SQRT_2))), half, half)
}

/// Its tanh form.
#[inline(always)]
fn tanh_share<L: Lanes>(l: L, x: L::V) -> L::V {
    let half = constant!(l, 0.5);
    let cubic = l.mul(l.mul(x, x), l.mul(x, constant!(l, GELU_CUBIC)));
    l.madd(math::tanh(l, l.mul(l.add(x, cubic), constant!(l, GELU_TANH))), half, half)
}
