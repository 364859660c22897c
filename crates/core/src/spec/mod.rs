//! Models and trainings as data, in Keras' vocabulary: one registry for reading, checking, writing and the schema that
//! the page draws its controls from. Nothing here knows shapes or numbers; that is the plan's.

pub(crate) mod argument;
pub(crate) mod describe;
pub(crate) mod fields;
pub(crate) mod sentences;

pub mod activations;
pub(crate) mod axes;
pub mod callbacks;
pub mod constraints;
pub mod initializers;
pub mod layers;
mod lists;
pub mod losses;
pub mod metrics;
mod model;
pub mod optimizers;
mod outputs;
pub mod regularizers;
pub mod schedules;
mod slots;
mod text;
mod training;

pub use activations::{Activation, ActivationKind};
pub use axes::Axes;
pub use callbacks::Callback;
pub use constraints::Constraint;
pub use describe::{Argument, Choice, Kind};
pub use initializers::Initializer;
pub use layers::LayerKind;
pub use lists::{Numbers, OneOrEach, Text, Words};
pub use losses::{Loss, LossKind, Reduction};
pub use metrics::{Metric, MetricKind};
pub use model::{Layer, MODEL_VERSION, ModelSpec};
pub use optimizers::Optimizer;
pub(crate) use outputs::OutputMetrics;
pub use outputs::{OutputKey, OutputTraining};
pub use regularizers::Regularizer;
pub use schedules::LearningRate;
pub use sentences::explain;
use tabgrad_json::written_fields;
pub use training::TrainingSpec;

/// Everything there is to choose from, with arguments, ranges, defaults and a sentence each.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// All layers but `input`, whose shape the data says.
    pub layers: Vec<Kind>,
    /// With the tasks that each fits.
    pub losses: Vec<Kind>,
    /// All optimizers.
    pub optimizers: Vec<Kind>,
    /// All schedules of a learning rate.
    pub schedules: Vec<Kind>,
    /// What can be done at the end of an epoch.
    pub callbacks: Vec<Kind>,
    /// All regularizers.
    pub regularizers: Vec<Kind>,
    /// All constraints.
    pub constraints: Vec<Kind>,
    /// All initializers.
    pub initializers: Vec<Kind>,
    /// All activations, with the arguments of those that have any.
    pub activations: Vec<Kind>,
    /// All metrics.
    pub metrics: Vec<Kind>,
}

written_fields!(Schema {
    layers,
    losses,
    optimizers,
    schedules,
    callbacks,
    regularizers,
    constraints,
    initializers,
    activations,
    metrics,
});

/// The registry as the page gets it.
pub fn schema() -> Schema {
    let mut layers = LayerKind::kinds();
    layers.retain(|kind| kind.choice.r#type != "input");
    Schema {
        layers,
        losses: Loss::kinds_with_tasks(),
        optimizers: Optimizer::kinds(),
        schedules: schedules::Schedule::kinds(),
        callbacks: Callback::kinds(),
        regularizers: Regularizer::kinds(),
        constraints: Constraint::kinds(),
        initializers: Initializer::kinds(),
        activations: ActivationKind::kinds(),
        metrics: Metric::kinds(),
    }
}
