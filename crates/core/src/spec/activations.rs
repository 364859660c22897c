//! Activations by Keras' names, with the arguments of Keras 3's functions: a name alone, or an object where one of them is
//! not as by default.

use super::argument::{ArgumentType, Limits};
use super::axes::{Axes, Axis};
use super::describe::{Choice, Kind, choices};
use super::fields::Fields;
use super::slots::{Slot, SlotName, TRUE, slot};
use crate::error::Error;
use serde_json::Value;
use tabgrad_kernels::activation::Activation as Kernel;

choices! {
    /// The function after a layer's sum. `leaky_relu` has slope 0.2, `elu` alpha 1, `gelu` is the exact one (erf).
    ActivationKind, "activation", "an activation" {
        /// The value itself.
        Linear = "linear", "Linear";
        /// max(0, x): the usual choice for hidden layers.
        Relu = "relu", "ReLU";
        /// x, or 0.2 x below zero: no unit ever goes silent.
        LeakyRelu = "leaky_relu", "Leaky ReLU";
        /// x, or exp(x) - 1 below zero: smooth, with a mean near zero.
        Elu = "elu", "ELU";
        /// A scaled ELU that keeps mean and variance through many layers.
        Selu = "selu", "SELU";
        /// x times the normal distribution function of x, as in transformers.
        Gelu = "gelu", "GELU";
        /// x times sigmoid(x), also called swish.
        Silu = "silu", "SiLU";
        /// 1 / (1 + exp(-x)): between 0 and 1, a probability of yes or no.
        Sigmoid = "sigmoid", "Sigmoid";
        /// Between -1 and 1.
        Tanh = "tanh", "Tanh";
        /// ln(1 + exp(x)): a smooth ReLU, always positive.
        Softplus = "softplus", "Softplus";
        /// Positive numbers that add up to one: the probabilities of several classes.
        Softmax = "softmax", "Softmax";
        /// The logarithms of softmax.
        LogSoftmax = "log_softmax", "Log softmax";
        /// As softmax, with zeros for what is far from the largest.
        Sparsemax = "sparsemax", "Sparsemax";
        /// One half of the values times sigmoid of the other half: half as many come out.
        Glu = "glu", "GLU";
        /// max(0, x), at most 6.
        Relu6 = "relu6", "ReLU6";
        /// x, or exp(x) - 1 below zero, with a slope without a jump for every alpha.
        Celu = "celu", "CELU";
        /// x times tanh(softplus(x)): smooth, as SiLU.
        Mish = "mish", "Mish";
        /// x / (1 + |x|): as tanh, and slower to saturate.
        Softsign = "softsign", "Softsign";
        /// A line from 0 at -3 to 1 at 3, level beyond.
        HardSigmoid = "hard_sigmoid", "Hard sigmoid";
        /// x times hard sigmoid of x.
        HardSilu = "hard_silu", "Hard SiLU";
        /// x, at least -1 and at most 1.
        HardTanh = "hard_tanh", "Hard tanh";
        /// x - tanh(x).
        TanhShrink = "tanh_shrink", "Tanh shrink";
        /// x, moved towards zero by 0.5 and zero where it is nearer.
        SoftShrink = "soft_shrink", "Soft shrink";
        /// x, or zero where it is nearer to zero than 0.5.
        HardShrink = "hard_shrink", "Hard shrink";
        /// x above the threshold, else the default value, both 0 if nothing is said.
        Threshold = "threshold", "Threshold";
        /// (x + sqrt(x^2 + 4)) / 2: a smooth ReLU without exponentials.
        Squareplus = "squareplus", "Squareplus";
        /// exp(x).
        Exponential = "exponential", "Exponential";
        /// The logarithm of sigmoid(x).
        LogSigmoid = "log_sigmoid", "Log sigmoid";
        /// 0 up to -1, x from 1, and (x + 1)^2 / 4 between.
        SparsePlus = "sparse_plus", "Sparse plus";
        /// 0 up to -1, 1 from 1, and a line between.
        SparseSigmoid = "sparse_sigmoid", "Sparse sigmoid";
    } aliases { "swish" => "silu", "hard_swish" => "hard_silu" }
}

/// An activation with its arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activation {
    /// Which one.
    pub kind: ActivationKind,
    /// In the order of its kind's arguments.
    values: [f64; 3],
}

static ANY: Limits = Limits::any();
static POSITIVE: Limits = Limits::at_least(0.0);
static MODERATE: Limits = Limits::between(0.001, 1000.0);
static AXES: Limits = Limits::between(-8.0, 8.0);
/// Where an axis is among the arguments of those that look at whole rows.
const AXIS: usize = 0;

impl ActivationKind {
    /// Its arguments, in the order of [`Activation`]'s values.
    const fn arguments(self) -> &'static [Slot] {
        use SlotName as N;
        const RELU: &[Slot] = &[
            slot(N::NegativeSlope, 0.0, &POSITIVE),
            slot(N::MaxValue, f64::INFINITY, &POSITIVE),
            slot(N::ReluThreshold, 0.0, &POSITIVE),
        ];
        const LEAKY_RELU: &[Slot] = &[slot(N::NegativeSlope, 0.2, &ANY)];
        const ELU: &[Slot] = &[slot(N::Alpha, 1.0, &ANY)];
        // Divides by it.
        const CELU: &[Slot] = &[slot(N::Alpha, 1.0, &MODERATE)];
        const GELU: &[Slot] = &[slot(N::Approximate, 0.0, &ANY)];
        const SQUAREPLUS: &[Slot] = &[slot(N::B, 4.0, &POSITIVE)];
        const SHRINK: &[Slot] = &[slot(N::ShrinkThreshold, 0.5, &POSITIVE)];
        const THRESHOLD: &[Slot] = &[slot(N::Threshold, 0.0, &ANY), slot(N::DefaultValue, 0.0, &ANY)];
        const OF_ROWS: &[Slot] = &[slot(N::Axis, -1.0, &AXES)];
        match self {
            Self::Relu => RELU,
            Self::LeakyRelu => LEAKY_RELU,
            Self::Elu => ELU,
            Self::Celu => CELU,
            Self::Gelu => GELU,
            Self::Squareplus => SQUAREPLUS,
            Self::SoftShrink | Self::HardShrink => SHRINK,
            Self::Threshold => THRESHOLD,
            Self::Softmax | Self::LogSoftmax | Self::Sparsemax | Self::Glu => OF_ROWS,
            _ => &[],
        }
    }

    /// All of them with their arguments, as the page gets them.
    pub(super) fn kinds() -> Vec<Kind> {
        let kind = |(kind, choice): (&Self, Choice)| Kind {
            choice,
            arguments: kind.arguments().iter().map(Slot::argument).collect(),
            tasks: Vec::new(),
            family: None,
        };
        Self::ALL.iter().zip(Self::all_choices()).map(kind).collect()
    }
}

impl Activation {
    pub(crate) const LINEAR: Self = Self::of(ActivationKind::Linear);
    pub(crate) const RELU: Self = Self::of(ActivationKind::Relu);
    pub(crate) const SIGMOID: Self = Self::of(ActivationKind::Sigmoid);
    pub(crate) const SOFTMAX: Self = Self::of(ActivationKind::Softmax);
    pub(crate) const TANH: Self = Self::of(ActivationKind::Tanh);

    /// With every argument as by default.
    pub const fn of(kind: ActivationKind) -> Self {
        let (arguments, mut values, mut at) = (kind.arguments(), [0.0; 3], 0);
        while at < arguments.len() {
            values[at] = arguments[at].default;
            at += 1;
        }
        Self { kind, values }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        self.kind.name()
    }

    /// The elementwise kernel, or `None` for those that look at a whole row.
    pub(crate) fn kernel(self) -> Option<Kernel> {
        use ActivationKind as K;
        let [first, second, third] = self.values.map(|value| value as f32);
        Some(match self.kind {
            K::Linear => Kernel::Linear,
            K::Relu => Kernel::rectifier(first, third, second),
            K::LeakyRelu => Kernel::LeakyRelu { slope: first },
            K::Elu => Kernel::elu(first),
            K::Selu => Kernel::selu(),
            K::Gelu => Kernel::Gelu { approximate: self.values[0] == TRUE },
            K::Silu => Kernel::Silu,
            K::Sigmoid => Kernel::Sigmoid,
            K::Tanh => Kernel::Tanh,
            K::Softplus => Kernel::Softplus,
            K::Relu6 => Kernel::rectifier(0.0, 0.0, 6.0),
            K::Celu => Kernel::celu(first),
            K::Mish => Kernel::Mish,
            K::Softsign => Kernel::Softsign,
            K::HardSigmoid => Kernel::hard_sigmoid(),
            K::HardSilu => Kernel::hard_silu(),
            K::HardTanh => Kernel::hard_tanh(),
            K::TanhShrink => Kernel::TanhShrink,
            K::SoftShrink => Kernel::soft_shrink(first),
            K::HardShrink => Kernel::hard_shrink(first),
            K::Threshold => Kernel::threshold(first, second),
            K::Squareplus => Kernel::Squareplus { b: first },
            K::Exponential => Kernel::Exponential,
            K::LogSigmoid => Kernel::LogSigmoid,
            K::SparsePlus => Kernel::sparse_plus(),
            K::SparseSigmoid => Kernel::sparse_sigmoid(),
            K::Softmax | K::LogSoftmax | K::Sparsemax | K::Glu => return None,
        })
    }

    /// Along which axis those go that look at a whole row.
    pub(crate) fn axis(self) -> Axes {
        Axes(vec![self.values[AXIS] as i32])
    }

    /// `{"type": "gelu", "approximate": true}`
    fn read_object(value: &Value, path: &str) -> Result<Self, Error> {
        let mut fields = Fields::open(value, path, "an activation")?;
        let name = fields.require("type", "an activation")?;
        let mut it = Self::of(ActivationKind::read(name, &fields.path("type"), &ANY)?);
        for (value, slot) in it.values.iter_mut().zip(it.kind.arguments()) {
            let Slot { default, limits, .. } = *slot;
            *value = match slot.name() {
                name if slot.is_switch() => {
                    f64::from(u8::from(fields.argument(name, default == TRUE, limits)?))
                }
                name if slot.is_axis() => fields.argument(name, Axis(default as i32), limits)?.0.into(),
                name if default.is_infinite() => fields.argument(name, None, limits)?.unwrap_or(default),
                name => fields.argument(name, default, limits)?,
            };
        }
        fields.finish()?;
        Ok(it)
    }
}

impl ArgumentType for Activation {
    const KIND: &'static str = "activation";

    fn expected(limits: &Limits) -> String {
        ActivationKind::expected(limits)
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value {
            Value::Object(_) => Self::read_object(value, path),
            _ => ActivationKind::read(value, path, limits).map(Self::of),
        }
    }

    fn write(&self) -> Value {
        let mut value: Value = self.name().into();
        for (&number, slot) in self.values.iter().zip(self.kind.arguments()) {
            if number != slot.default {
                if value.is_string() {
                    value = super::fields::named(&value);
                }
                value[slot.name()] = slot.written(number);
            }
        }
        value
    }
}
