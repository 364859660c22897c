//! Layers that keep means and variances in check.

use crate::error::Error;
use crate::spec::axes::Axes;
use crate::spec::describe::{ArgumentType, Limits, described};
use crate::spec::fields::wrong_type;
use crate::spec::initializers::{Ones, Zeros};
use crate::spec::{Constraint, Initializer, Regularizer};
use serde_json::Value;

described! {
    /// Gives every feature mean 0 and variance 1 over the batch, then scale and shift that are learned.
    BatchNormalization, "batch_normalization", "Batch normalization" {
        /// The axis of the features.
        axis: Axes = Axes(vec![-1]), "Axis";
        /// How slowly the moving mean and variance, used outside training, follow the batches.
        momentum: f64 = 0.99, "Momentum", Limits::between(0.0, 1.0);
        /// Added to the variance so that nothing is divided by zero.
        epsilon: f64 = 1e-3, "Epsilon", Limits::between(1e-12, 1.0).logarithmic();
        /// Whether a shift (beta) is learned.
        center: bool = true, "Center";
        /// Whether a scale (gamma) is learned.
        scale: bool = true, "Scale";
        /// How the shift begins.
        beta_initializer: Initializer = Initializer::Zeros(Zeros {}), "Beta initializer";
        /// How the scale begins.
        gamma_initializer: Initializer = Initializer::Ones(Ones {}), "Gamma initializer";
        /// How the moving mean begins.
        moving_mean_initializer: Initializer = Initializer::Zeros(Zeros {}), "Moving mean initializer";
        /// How the moving variance begins.
        moving_variance_initializer: Initializer = Initializer::Ones(Ones {}), "Moving variance initializer";
        /// A penalty on the shift.
        beta_regularizer: Option<Regularizer> = None, "Beta regularizer";
        /// A penalty on the scale.
        gamma_regularizer: Option<Regularizer> = None, "Gamma regularizer";
        /// What the shift is brought back to after every update.
        beta_constraint: Option<Constraint> = None, "Beta constraint";
        /// What the scale is brought back to after every update.
        gamma_constraint: Option<Constraint> = None, "Gamma constraint";
        /// Whether moments of a batch are corrected towards slow averages of them: for batches of few rows.
        renorm: bool = false, "Renormalization";
        /// Bounds of that correction: the smallest and the largest factor, and the largest shift.
        renorm_clipping: Option<Corrections> = None, "Renormalization bounds";
        /// How slowly those averages follow the batches.
        renorm_momentum: f64 = 0.99, "Renormalization momentum", Limits::between(0.0, 1.0);
    }
}
/// A normalization of rows with a scale and a shift: its own arguments, then those that all of them have.
macro_rules! of_rows {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// Added to the variance so that nothing is divided by zero.
                epsilon: f64 = 1e-3, "Epsilon", EPSILON;
                /// Whether a shift (beta) is learned.
                center: bool = true, "Center";
                /// Whether a scale (gamma) is learned.
                scale: bool = true, "Scale";
                /// How the shift begins.
                beta_initializer: Initializer = Initializer::Zeros(Zeros {}), "Beta initializer";
                /// How the scale begins.
                gamma_initializer: Initializer = Initializer::Ones(Ones {}), "Gamma initializer";
                /// A penalty on the shift.
                beta_regularizer: Option<Regularizer> = None, "Beta regularizer";
                /// A penalty on the scale.
                gamma_regularizer: Option<Regularizer> = None, "Gamma regularizer";
                /// What the shift is brought back to after every update.
                beta_constraint: Option<Constraint> = None, "Beta constraint";
                /// What the scale is brought back to after every update.
                gamma_constraint: Option<Constraint> = None, "Gamma constraint";
            }
        }
    };
}

of_rows! {
    /// Gives every row mean 0 and variance 1 over its own values, then scale and shift that are learned.
    LayerNormalization, "layer_normalization", "Layer normalization" {
        /// The axes that are normalized together: all values of a row along them.
        axis: Axes = Axes(vec![-1]), "Axes";
    }
}
of_rows! {
    /// Gives the channels of each row, in groups, mean 0 and variance 1 over all pixels, then scale and shift that are learned.
    GroupNormalization, "group_normalization", "Group normalization" {
        /// How many groups of channels there are; -1 makes one of every channel.
        groups: Groups = Groups(Some(32)), "Groups", Limits::between(-1.0, 65_536.0).common();
        /// The axis of the channels.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
of_rows! {
    /// Gives every channel of each row mean 0 and variance 1 over all pixels: group normalization with a group for each channel.
    InstanceNormalization, "instance_normalization", "Instance normalization" {
        /// The axis of the channels.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// Gives every row a mean square of 1, then a scale that is learned: layer normalization without centring.
    RmsNormalization, "rms_normalization", "RMS normalization" {
        /// The axes that are normalized together: all values of a row along them.
        axis: Axes = Axes(vec![-1]), "Axes";
        /// Added to the mean square so that nothing is divided by zero.
        epsilon: f64 = 1e-6, "Epsilon", EPSILON;
    }
}
described! {
    /// Divides every row by its length, so that its squares add up to 1.
    UnitNormalization, "unit_normalization", "Unit normalization" {
        /// The axes that are normalized together: all values of a row along them.
        axis: Axes = Axes(vec![-1]), "Axes";
    }
}

/// What is added so that nothing is divided by zero.
const EPSILON: Limits = Limits::between(1e-12, 1.0).logarithmic();

/// Bounds of the corrections of batch renormalization: `rmin`, `rmax`, `dmax` as Keras names them, or a list of the three.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corrections(pub [f64; 3]);

impl Default for Corrections {
    /// No bounds: larger than what arithmetic makes.
    fn default() -> Self {
        Self([0.0, 1e30, 1e30])
    }
}

impl ArgumentType for Corrections {
    const KIND: &'static str = "numbers";

    fn expected(_: &Limits) -> String {
        "rmin, rmax and dmax, with rmin at most rmax".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let Self(mut bounds) = Self::default();
        let wrong = || wrong_type(path, &Self::expected(limits), value);
        let names = ["rmin", "rmax", "dmax"];
        match value {
            Value::Array(items) if items.len() == 3 => {
                for (bound, item) in bounds.iter_mut().zip(items) {
                    *bound = item.as_f64().ok_or_else(wrong)?;
                }
            }
            Value::Object(map) => {
                for (name, item) in map {
                    let at = names.iter().position(|it| it == name);
                    let at =
                        at.ok_or_else(|| Error::unknown(format!("{path}.{name}"), "a bound", name, &names))?;
                    bounds[at] = item.as_f64().ok_or_else(wrong)?;
                }
            }
            _ => return Err(wrong()),
        }
        if bounds.iter().any(|bound| !(0.0..=1e30).contains(bound)) || bounds[0] > bounds[1] {
            return Err(wrong());
        }
        Ok(Self(bounds))
    }

    fn write(&self) -> Value {
        self.0.as_slice().into()
    }
}

/// A number of groups; none makes a group of every channel, which Keras writes as -1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups(pub Option<usize>);

impl ArgumentType for Groups {
    const KIND: &'static str = "integer";

    fn expected(_: &Limits) -> String {
        "an integer of at least 1, or -1 for a group of every channel".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value.as_i64() {
            Some(-1) => Ok(Self(None)),
            Some(count) if count > 0 => Ok(Self(usize::try_from(count).ok())),
            _ => Err(wrong_type(path, &Self::expected(limits), value)),
        }
    }

    fn write(&self) -> Value {
        self.0.map_or(Value::from(-1), Value::from)
    }
}
