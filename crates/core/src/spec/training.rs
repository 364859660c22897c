//! How a model is trained: what Keras' `compile` and `fit` take.

use super::callbacks::{self, Callback};
use super::describe::{ArgumentType, Limits};
use super::fields::{Fields, wrong_type};
use super::losses::Loss;
use super::metrics::Metric;
use super::optimizers::Optimizer;
use super::outputs::{self, OutputTraining};
use crate::error::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// Loss, optimizer, metrics, and how the rows are gone through.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSpec {
    /// What training makes small, at every output that has no loss of its own.
    pub loss: Loss,
    /// What is said about single outputs of a model that has several.
    pub outputs: Vec<OutputTraining>,
    /// How weights follow their gradients.
    pub optimizer: Optimizer,
    /// What is scored besides the loss, each row alike.
    pub metrics: Vec<Metric>,
    /// What is scored with each row counting as much as in the loss: by its weight, in training that of its class too.
    pub weighted_metrics: Vec<Metric>,
    /// What the rows of each class count in training, in the order of the classes; empty: all alike.
    pub class_weight: Vec<f64>,
    /// What is done at the end of every epoch, in order.
    pub callbacks: Vec<Callback>,
    /// Rows per step; the last batch of an epoch may have fewer.
    pub batch_size: usize,
    /// After how many epochs training stops by itself; `None`: when it is told to.
    pub epochs: Option<u32>,
    /// Whether every epoch has its own order of rows.
    pub shuffle: bool,
    /// Seeds weights, order of rows and dropout.
    pub seed: u64,
}

/// The largest seed: what a JavaScript number holds exactly.
const SEED_MAX: f64 = 9_007_199_254_740_991.0;

impl TrainingSpec {
    /// Reads a training, with the path of the first mistake (`training.batch_size`).
    ///
    /// # Errors
    /// The first mistake with its path, such as `training.batch_size`: a name that is unknown, with the nearest known one
    /// ([`UnknownName`](crate::error::Code::UnknownName)), or an argument that is missing, of another type or out of its range.
    pub fn parse(value: &Value) -> Result<Self, Error> {
        let mut fields = Fields::open(value, "training", "a training")?;
        let (loss, mut outputs) = outputs::losses(fields.require("loss", "a loss")?, &fields.path("loss"))?;
        let weights = fields.get("loss_weights");
        outputs::loss_weights(weights, &fields.path("loss_weights"), &mut outputs)?;
        let optimizer =
            Optimizer::read(fields.require("optimizer", "an optimizer")?, &fields.path("optimizer"))?;
        let metrics = outputs::metrics(fields.get("metrics"), &fields.path("metrics"), &mut outputs, false)?;
        let weighted = fields.get("weighted_metrics");
        let weighted_metrics =
            outputs::metrics(weighted, &fields.path("weighted_metrics"), &mut outputs, true)?;
        let class_weight = match fields.get("class_weight") {
            None => Vec::new(),
            Some(Value::Array(items)) => read_class_weight(items, &fields.path("class_weight"))?,
            Some(other) => {
                return Err(wrong_type(
                    &fields.path("class_weight"),
                    "a list with a number for each class",
                    other,
                ));
            }
        };
        let callbacks = match fields.get("callbacks") {
            None => Vec::new(),
            Some(value) => callbacks::read_all(value, &fields.path("callbacks"))?,
        };
        let epochs: Option<usize> =
            fields.argument("epochs", None, &Limits::between(1.0, f64::from(u32::MAX)))?;
        let spec = Self {
            loss,
            outputs,
            optimizer,
            metrics,
            weighted_metrics,
            class_weight,
            callbacks,
            batch_size: fields.argument("batch_size", 32, &Limits::between(1.0, 1_048_576.0))?,
            epochs: epochs.map(|epochs| epochs as u32),
            shuffle: fields.argument("shuffle", true, &Limits::any())?,
            seed: fields.argument("seed", 0usize, &Limits::between(0.0, SEED_MAX))? as u64,
        };
        fields.finish()?;
        Ok(spec)
    }

    /// The same with another learning rate, in place of a number or a schedule; `None` where it is none that a training may have.
    pub fn with_learning_rate(&self, rate: f64) -> Option<Self> {
        let mut value = self.to_value();
        value["optimizer"]["learning_rate"] = rate.into();
        Self::parse(&value).ok()
    }

    /// The JSON that [`TrainingSpec::parse`] reads, with every argument written out.
    pub fn to_value(&self) -> Value {
        let mut value = serde_json::json!({
            "loss": self.loss_value(),
            "optimizer": self.optimizer.to_map(),
            "metrics": self.metrics_value(false),
            "class_weight": if self.class_weight.is_empty() { None } else { Some(&self.class_weight) },
            "callbacks": self.callbacks.iter().map(|callback| callback.to_map()).collect::<Vec<_>>(),
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "shuffle": self.shuffle,
            "seed": self.seed,
        });
        if let Some(weights) = self.loss_weights_value() {
            value["loss_weights"] = weights;
        }
        let weighted = self.metrics_value(true);
        if weighted != Value::Array(Vec::new()) {
            value["weighted_metrics"] = weighted;
        }
        value
    }
}

fn read_class_weight(items: &[Value], path: &str) -> Result<Vec<f64>, Error> {
    let weight = |(i, item)| f64::read(item, &format!("{path}[{i}]"), &Limits::between(0.0, 1e6));
    items.iter().enumerate().map(weight).collect()
}

impl Serialize for TrainingSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TrainingSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
