//! Which activations there are, and what each of them is in the words of the formulas.

/// selu's scale (Klambauer et al., "Self-normalizing neural networks", 2017).
const SELU_SCALE: f32 = 1.050_701;
/// selu's alpha (the same source).
const SELU_ALPHA: f32 = 1.673_263_2;

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
    /// Lines, and a parabola between two knots.
    Pieces(Pieces),
    /// `scale * x` where `x > 0`, else `amplitude * (e^(rate x) - 1)`: elu, selu, celu.
    Exponents {
        /// The slope of the right side.
        scale: f32,
        /// What the left side tends to, negated.
        amplitude: f32,
        /// How fast it does.
        rate: f32,
    },
    /// `e^x`
    Exponential,
    /// `x * P(X <= x)` for a standard normal X
    Gelu {
        /// `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))` in its place.
        approximate: bool,
    },
    /// `x * sigmoid(x)`
    Silu,
    /// `x * tanh(softplus(x))`
    Mish,
    /// `1 / (1 + e^-x)`
    Sigmoid,
    /// `ln(sigmoid(x))`
    LogSigmoid,
    /// `tanh(x)`
    Tanh,
    /// `x - tanh(x)`
    TanhShrink,
    /// `ln(1 + e^x)`
    Softplus,
    /// `x / (1 + |x|)`
    Softsign,
    /// `(x + sqrt(x^2 + b)) / 2`
    Squareplus {
        /// How smooth it is about 0.
        b: f32,
    },
}

/// `slope x + shift` left of the first knot and right of the second, `curve x^2 + slope x + shift` between them and at them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pieces {
    /// In ascending order.
    pub knots: [f32; 2],
    /// Slope and shift.
    pub left: [f32; 2],
    /// Curve, slope and shift.
    pub middle: [f32; 3],
    /// Slope and shift.
    pub right: [f32; 2],
}

const ZERO: [f32; 2] = [0.0, 0.0];
const ONE: [f32; 2] = [0.0, 1.0];
const ITSELF: [f32; 2] = [1.0, 0.0];

impl Activation {
    /// `x` where `x > 0`, else `alpha * (e^x - 1)`.
    pub const fn elu(alpha: f32) -> Self {
        Self::Exponents { scale: 1.0, amplitude: alpha, rate: 1.0 }
    }

    /// elu with an alpha and a factor that keep mean and variance.
    pub const fn selu() -> Self {
        Self::Exponents { scale: SELU_SCALE, amplitude: SELU_SCALE * SELU_ALPHA, rate: 1.0 }
    }

    /// `x` where `x > 0`, else `alpha * (e^(x / alpha) - 1)`.
    pub const fn celu(alpha: f32) -> Self {
        Self::Exponents { scale: 1.0, amplitude: alpha, rate: 1.0 / alpha }
    }

    /// Keras' `ReLU` layer: `max_value` where `x >= max_value`, `x` where `threshold < x < max_value`, else
    /// `negative_slope * (x - threshold)`. Without a limit, `max_value` is infinity.
    pub fn rectifier(negative_slope: f32, threshold: f32, max_value: f32) -> Self {
        if threshold == 0.0 && max_value == f32::INFINITY {
            return if negative_slope == 0.0 {
                Self::Relu
            } else {
                Self::LeakyRelu { slope: negative_slope }
            };
        }
        // A largest value below the threshold leaves nothing between.
        let low = threshold.next_up();
        Self::Pieces(Pieces {
            knots: [low, max_value.next_down().max(low)],
            left: [negative_slope, -negative_slope * threshold],
            middle: [0.0, 1.0, 0.0],
            right: [0.0, max_value],
        })
    }

    /// 0 up to -3, 1 from 3, a line between.
    pub const fn hard_sigmoid() -> Self {
        let middle = [0.0, 1.0 / 6.0, 0.5];
        Self::Pieces(Pieces { knots: [-3.0, 3.0], left: ZERO, middle, right: ONE })
    }

    /// `x * hard_sigmoid(x)`.
    pub const fn hard_silu() -> Self {
        let middle = [1.0 / 6.0, 0.5, 0.0];
        Self::Pieces(Pieces { knots: [-3.0, 3.0], left: ZERO, middle, right: ITSELF })
    }

    /// `x` within -1 and 1, and those beyond.
    pub const fn hard_tanh() -> Self {
        let middle = [0.0, 1.0, 0.0];
        Self::Pieces(Pieces { knots: [-1.0, 1.0], left: [0.0, -1.0], middle, right: ONE })
    }

    /// 0 within the threshold, `x` beyond.
    pub const fn hard_shrink(threshold: f32) -> Self {
        let middle = [0.0; 3];
        Self::Pieces(Pieces { knots: [-threshold, threshold], left: ITSELF, middle, right: ITSELF })
    }

    /// 0 within the threshold, beyond it the distance to it.
    pub const fn soft_shrink(threshold: f32) -> Self {
        Self::Pieces(Pieces {
            knots: [-threshold, threshold],
            left: [1.0, threshold],
            middle: [0.0; 3],
            right: [1.0, -threshold],
        })
    }

    /// `x` where `x > threshold`, else `default`.
    pub const fn threshold(threshold: f32, default: f32) -> Self {
        Self::Pieces(Pieces {
            knots: [f32::NEG_INFINITY, threshold],
            left: [0.0, default],
            middle: [0.0, 0.0, default],
            right: ITSELF,
        })
    }

    /// 0 up to -1, 1 from 1, a line between.
    pub const fn sparse_sigmoid() -> Self {
        Self::Pieces(Pieces { knots: [-1.0, 1.0], left: ZERO, middle: [0.0, 0.5, 0.5], right: ONE })
    }

    /// 0 up to -1, `x` from 1, `(x + 1)^2 / 4` between.
    pub const fn sparse_plus() -> Self {
        let middle = [0.25, 0.5, 0.25];
        Self::Pieces(Pieces { knots: [-1.0, 1.0], left: ZERO, middle, right: ITSELF })
    }
}

/// Whether [`super::backward`] needs the pre-activation `x`. Where it does not, the slope follows from `y` alone, and `x`
/// may be overwritten by `y` (the fused epilogue of a product does so).
pub fn needs_input(kind: Activation) -> bool {
    match kind {
        Activation::Linear
        | Activation::Relu
        | Activation::Sigmoid
        | Activation::Tanh
        | Activation::Exponential => false,
        // With a negative slope the sign of y no longer tells the side.
        Activation::LeakyRelu { slope } => slope < 0.0,
        Activation::Exponents { amplitude, rate, .. } => amplitude * rate < 0.0,
        // The others are not one-to-one, or lose their digits: softplus' slope from y would be 1 - e^-y.
        _ => true,
    }
}
