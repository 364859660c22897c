//! Models and trainings as data, in Keras' vocabulary: one registry for reading, checking, writing and the schema that
//! the page draws its controls from. Nothing here knows shapes or numbers; that is the plan's.

pub(crate) mod argument;
pub(crate) mod describe;
pub(crate) mod fields;

pub mod activations;
pub(crate) mod axes;
pub mod initializers;
pub mod layers;
pub mod losses;
pub mod metrics;
mod model;
pub mod optimizers;
pub mod regularizers;
mod training;

pub use activations::Activation;
pub use axes::Axes;
pub use describe::{Argument, Choice, Kind};
pub use initializers::Initializer;
pub use layers::LayerKind;
pub use losses::Loss;
pub use metrics::Metric;
pub use model::{Layer, MODEL_VERSION, ModelSpec};
pub use optimizers::Optimizer;
pub use regularizers::Regularizer;
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
    /// All regularizers.
    pub regularizers: Vec<Kind>,
    /// All initializers.
    pub initializers: Vec<Kind>,
    /// All activations.
    pub activations: Vec<Choice>,
    /// All metrics.
    pub metrics: Vec<Choice>,
}

written_fields!(Schema { layers, losses, optimizers, regularizers, initializers, activations, metrics });

/// The registry as the page gets it.
pub fn schema() -> Schema {
    let mut layers = LayerKind::kinds();
    layers.retain(|kind| kind.choice.r#type != "input");
    Schema {
        layers,
        losses: Loss::kinds_with_tasks(),
        optimizers: Optimizer::kinds(),
        regularizers: Regularizer::kinds(),
        initializers: Initializer::kinds(),
        activations: Activation::all_choices(),
        metrics: Metric::all_choices(),
    }
}
