//! Activations: `y = f(x)` and `d_x = d_y * f'(x)`, elementwise, so any cut is allowed.
//!
//! Formulas and default arguments are Keras 3's (`keras/src/activations/activations.py`). Softmax, which looks at
//! whole rows, is in [`crate::softmax`].

use crate::lanes::{Lanes, sweep};
use crate::math;
use crate::on_lanes;

/// selu's scale (Klambauer et al., "Self-normalizing neural networks", 2017).
pub const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
/// selu's alpha (the same source).
pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// An elementwise activation and its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Activation {
    /// `x`
    #[default]
    Linear,
    /// `max(x, 0)`
    Relu,
    /// `x` where `x > 0`, else `slope * x`
    LeakyRelu {
        /// Keras' `negative_slope`.
        slope: f32,
    },
    /// `x` where `x > 0`, else `alpha * (e^x - 1)`
    Elu {
        /// What the left side tends to, negated.
        alpha: f32,
    },
    /// elu with [`SELU_ALPHA`], times [`SELU_SCALE`]
    Selu,
    /// `x * P(X <= x)` for a standard normal X
    Gelu {
        /// `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))` in its place.
        approximate: bool,
    },
    /// `x * sigmoid(x)`
    Silu,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `tanh(x)`
    Tanh,
    /// `ln(1 + e^x)`
    Softplus,
}

/// Whether [`backward`] needs the pre-activation `x`. Where it does not, the slope follows from `y` alone, and `x` may be
/// overwritten by `y` (the fused epilogue of a product does so).
pub fn needs_input(kind: Activation) -> bool {
    match kind {
        Activation::Linear | Activation::Relu | Activation::Selu | Activation::Sigmoid | Activation::Tanh => {
            false
        }
        // With a negative slope the sign of y no longer tells the side.
        Activation::LeakyRelu { slope } => slope < 0.0,
        Activation::Elu { alpha } => alpha < 0.0,
        // softplus' slope from y would be 1 - e^-y, which loses its digits where y is small.
        Activation::Gelu { .. } | Activation::Silu | Activation::Softplus => true,
    }
}

/// Evaluates `$work` in an arm of its own for every kind, so that the loop inside knows its kind.
macro_rules! for_each_kind {
    ($kind:expr, $known:ident => $work:expr) => {
        for_each_kind!(@arms $kind, $known, $work, Linear, Relu, LeakyRelu { slope }, Elu { alpha }, Selu,
            Gelu { approximate }, Silu, Sigmoid, Tanh, Softplus)
    };
    (@arms $kind:expr, $known:ident, $work:expr, $($name:ident $({ $field:ident })?),*) => {
        match $kind {
            $(Activation::$name $({ $field })? => {
                let $known = Activation::$name $({ $field })?;
                $work
            })*
        }
    };
}
/// `y = f(x)`; all slices of one length.
pub fn forward(kind: Activation, x: &[f32], y: &mut [f32]) {
    // One body for both: a second one per kind would be downloaded by every visitor.
    y.copy_from_slice(x);
    forward_in_place(kind, y);
}

/// `x = f(x)`.
pub fn forward_in_place(kind: Activation, x: &mut [f32]) {
    on_lanes!(l => for_each_kind!(kind, known => sweep(
        l,
        [],
        [x],
        #[inline(always)]
        |[], [x]| [value(l, known, x)],
    )));
}

/// `d_x = d_y * f'(x)`; all slices of one length, but `x` may be empty when [`needs_input`] says no, and `y` when it
/// says yes.
pub fn backward(kind: Activation, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    let from_input = needs_input(kind);
    let known_side = if from_input { x } else { y };
    on_lanes!(l => for_each_kind!(kind, known => sweep(
        l,
        [known_side, d_y],
        [d_x],
        #[inline(always)]
        |[v, d_y], _| [l.mul(d_y, slope(l, known, from_input, v))],
    )));
}

/// `sqrt(2 / pi)`, in gelu's tanh form.
const GELU_TANH: f32 = 0.797_884_6;
/// The cubic's factor there.
const GELU_CUBIC: f32 = 0.044_715;
/// `1 / sqrt(2 pi)`, the normal density at 0.
const DENSITY_AT_0: f32 = 0.398_942_3;

/// `f(x)`.
#[inline(always)]
fn value<L: Lanes>(l: L, kind: Activation, x: L::V) -> L::V {
    let zero = l.splat(0.0);
    // Where x is positive, x; else what is given.
    macro_rules! or_x {
        ($other:expr) => {
            l.select(l.lt(zero, x), x, $other)
        };
    }
    match kind {
        Activation::Linear => x,
        Activation::Relu => l.max(x, zero),
        Activation::LeakyRelu { slope } => or_x!(l.mul(x, l.splat(slope))),
        Activation::Elu { alpha } => or_x!(l.mul(math::exp_m1(l, x), l.splat(alpha))),
        Activation::Selu => {
            let left = l.mul(math::exp_m1(l, x), l.splat(SELU_ALPHA as f32));
            l.mul(or_x!(left), l.splat(SELU_SCALE as f32))
        }
        Activation::Gelu { approximate } => l.mul(x, gelu_share(l, approximate, x)),
        Activation::Silu => l.mul(x, math::sigmoid(l, x)),
        Activation::Sigmoid => math::sigmoid(l, x),
        Activation::Tanh => math::tanh(l, x),
        Activation::Softplus => math::softplus(l, x),
    }
}

/// What gelu multiplies x with: the normal distribution function, or its tanh form.
#[inline(always)]
fn gelu_share<L: Lanes>(l: L, approximate: bool, x: L::V) -> L::V {
    let half = l.splat(0.5);
    let t = if approximate {
        let cubic = l.mul(l.mul(x, x), l.mul(x, l.splat(GELU_CUBIC)));
        math::tanh(l, l.mul(l.add(x, cubic), l.splat(GELU_TANH)))
    } else {
        math::erf(l, l.mul(x, l.splat(std::f32::consts::FRAC_1_SQRT_2)))
    };
    l.madd(t, half, half)
}

/// `f'(x)`: from x itself where `from_input`, else from `y = f(x)`.
#[inline(always)]
fn slope<L: Lanes>(l: L, kind: Activation, from_input: bool, v: L::V) -> L::V {
    let (zero, half, one) = (l.splat(0.0), l.splat(0.5), l.splat(1.0));
    let positive = l.lt(zero, v);
    match kind {
        Activation::Linear => one,
        Activation::Relu => l.select(positive, one, zero),
        Activation::LeakyRelu { slope } => l.select(positive, one, l.splat(slope)),
        // alpha e^x = y + alpha
        Activation::Elu { alpha } => {
            let alpha = l.splat(alpha);
            let left = if from_input { l.mul(alpha, math::exp(l, v)) } else { l.add(v, alpha) };
            l.select(positive, one, left)
        }
        Activation::Selu => {
            let left = l.add(v, l.splat((SELU_SCALE * SELU_ALPHA) as f32));
            l.select(positive, l.splat(SELU_SCALE as f32), left)
        }
        Activation::Gelu { approximate: true } => {
            // Beyond, the slope is 0 or 1, and the powers below would overflow.
            let v = l.min(l.max(v, l.splat(-20.0)), l.splat(20.0));
            let share = gelu_share(l, true, v);
            // With t = 2 share - 1: (1 - t^2) / 2 = 2 share (1 - share).
            let bend = l.mul(l.mul(l.add(share, share), l.sub(one, share)), l.splat(GELU_TANH));
            let inner = l.madd(l.mul(v, v), l.splat(3.0 * GELU_CUBIC), one);
            l.madd(l.mul(v, bend), inner, share)
        }
        Activation::Gelu { approximate: false } => {
            let density = math::exp(l, l.mul(l.mul(v, v), l.sub(zero, half)));
            l.madd(l.mul(v, density), l.splat(DENSITY_AT_0), gelu_share(l, false, v))
        }
        Activation::Silu => {
            let s = math::sigmoid(l, v);
            l.madd(l.mul(v, s), l.sub(one, s), s)
        }
        Activation::Sigmoid => l.mul(v, l.sub(one, v)),
        Activation::Tanh => l.sub(one, l.mul(v, v)),
        Activation::Softplus => math::sigmoid(l, v),
    }
}
