//! `f'(x)` of every kind: from `x` where [`needs_input`] says so, else from `y = f(x)`; from both where that spares an
//! exponential.

use super::values::{GELU_CUBIC, GELU_TANH, root};
use super::{Activation, needs_input};
use crate::lanes::{Lanes, constant};
use crate::math;

/// `1 / sqrt(2 pi)`, the normal density at 0.
const DENSITY_AT_0: f32 = 0.398_942_3;

/// Multiplies so many vectors from `d` on by the slopes at those from `v` on, where the function has the values from `y` on.
///
/// # Safety
/// The vectors must be valid for reading, those of `d` for writing too.
#[inline(always)]
pub(super) unsafe fn apply<L: Lanes>(
    l: L,
    kind: Activation,
    [v, y]: [*const f32; 2],
    d: *mut f32,
    vectors: usize,
) {
    let (zero, half, one) = (l.splat(0.0), constant!(l, 0.5), constant!(l, 1.0));
    /// A loop over the vectors.
    macro_rules! each {
        ($v:ident => $slope:expr) => { each!($v, _values => $slope) };
        ($v:ident, $y:ident => $slope:expr) => {
            for i in 0..vectors {
                // SAFETY: vector i is one of those the caller vouches for.
                unsafe {
                    let $v = l.load(v.add(i * L::N));
                    let $y = l.load(y.add(i * L::N));
                    let at = d.add(i * L::N);
                    let slope = $slope;
                    l.store(l.mul(l.load(at), slope), at);
                }
            }
        };
    }
    match kind {
        Activation::Linear => {}
        Activation::Relu => each!(y => l.select(l.lt(zero, y), one, zero)),
        Activation::LeakyRelu { slope } => each!(v => l.select(l.lt(zero, v), one, l.splat(slope))),
        Activation::Pieces(pieces) => each!(x => {
            let [curve, slope, _] = pieces.middle;
            let middle = l.madd(x, l.splat(2.0 * curve), l.splat(slope));
            let [low, high] = pieces.knots.map(|knot| l.splat(knot));
            let slope = l.select(l.lt(x, low), l.splat(pieces.left[0]), middle);
            l.select(l.lt(high, x), l.splat(pieces.right[0]), slope)
        }),
        Activation::Exponents { scale, amplitude, rate } => {
            let from_input = needs_input(kind);
            each!(v => {
                // amplitude * rate * e^(rate x) = rate * (y + amplitude)
                let left = if from_input {
                    l.mul(l.splat(amplitude), math::exp(l, l.mul(v, l.splat(rate))))
                } else {
                    l.add(v, l.splat(amplitude))
                };
                l.select(l.lt(zero, v), l.splat(scale), l.mul(left, l.splat(rate)))
            });
        }
        Activation::Exponential => each!(y => y),
        Activation::Gelu { approximate: true } => each!(x, y => {
            let share = share(l, x, y);
            // Beyond, the slope is 0 or 1, and the powers below would overflow.
            let x = l.min(l.max(x, constant!(l, -20.0)), constant!(l, 20.0));
            // With t = 2 share - 1: (1 - t^2) / 2 = 2 share (1 - share).
            let bend = l.mul(l.mul(l.add(share, share), l.sub(one, share)), constant!(l, GELU_TANH));
            let inner = l.madd(l.mul(x, x), constant!(l, 3.0 * GELU_CUBIC), one);
            l.madd(l.mul(x, bend), inner, share)
        }),
        Activation::Gelu { approximate: false } => each!(x, y => {
            let density = math::exp(l, l.mul(l.mul(x, x), constant!(l, -0.5)));
            l.madd(l.mul(x, density), constant!(l, DENSITY_AT_0), share(l, x, y))
        }),
        Activation::Silu => each!(x, y => {
            let s = share(l, x, y);
            l.madd(l.mul(x, s), l.sub(one, s), s)
        }),
        Activation::Mish => each!(x => {
            let t = math::tanh(l, math::softplus(l, x));
            l.madd(l.mul(x, math::sigmoid(l, x)), l.sub(one, l.mul(t, t)), t)
        }),
        Activation::Sigmoid => each!(y => l.mul(y, l.sub(one, y))),
        Activation::LogSigmoid => each!(x => math::sigmoid(l, l.sub(zero, x))),
        Activation::Tanh => each!(y => l.sub(one, l.mul(y, y))),
        Activation::TanhShrink => each!(x => {
            let t = math::tanh(l, x);
            l.mul(t, t)
        }),
        Activation::Softplus => each!(x => math::sigmoid(l, x)),
        Activation::Softsign => each!(x => {
            let share = l.div(one, l.add(one, l.abs(x)));
            l.mul(share, share)
        }),
        Activation::Squareplus { b } => each!(x => l.madd(l.div(x, root(l, b, x)), half, half)),
    }
}

/// What gelu and silu multiply x with: `y / x`, and 1/2 at 0.
#[inline(always)]
fn share<L: Lanes>(l: L, x: L::V, y: L::V) -> L::V {
    l.select(l.lt(l.abs(x), constant!(l, 1e-30)), constant!(l, 0.5), l.div(y, x))
}
