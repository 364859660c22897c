//! Activations: `y = f(x)` and `d_x = d_y * f'(x)`, elementwise, so any cut is allowed.
//!
//! Formulas and default arguments are Keras 3's (`keras/src/activations/activations.py`). Softmax, which looks at
//! whole rows, is in [`crate::softmax`].

use crate::reference;

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

/// `y = f(x)`; all slices of one length.
pub fn forward(kind: Activation, x: &[f32], y: &mut [f32]) {
    reference::activation_forward(kind, x, y);
}

/// `d_x = d_y * f'(x)`; all slices of one length, but `x` may be empty when [`needs_input`] says no, and `y` when it
/// says yes.
pub fn backward(kind: Activation, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert_eq!(d_y.len(), d_x.len());
    let slope_from_y = |y: f32| match kind {
        Activation::Linear => 1.0,
        Activation::Relu => f32::from(u8::from(y > 0.0)),
        Activation::LeakyRelu { slope } => {
            if y > 0.0 {
                1.0
            } else {
                slope
            }
        }
        Activation::Elu { alpha } => {
            if y > 0.0 {
                1.0
            } else {
                y + alpha
            }
        }
        Activation::Selu => {
            if y > 0.0 {
                SELU_SCALE as f32
            } else {
                y + (SELU_SCALE * SELU_ALPHA) as f32
            }
        }
        Activation::Sigmoid => y * (1.0 - y),
        _ => 1.0 - y * y,
    };
    if needs_input(kind) {
        reference::activation_backward(kind, x, d_y, d_x);
    } else {
        for ((d_x, &d_y), &y) in d_x.iter_mut().zip(d_y).zip(y) {
            *d_x = d_y * slope_from_y(y);
        }
    }
}
