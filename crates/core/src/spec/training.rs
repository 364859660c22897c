//! How a model is trained: what Keras' `compile` and `fit` take.

use super::callbacks::{self, Callback};
use super::describe::{ArgumentType, Limits};
use super::fields::{Fields, wrong_type};
use super::losses::Loss;
use super::metrics::{Metric, read_metrics};
use super::optimizers::Optimizer;
use crate::error::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Loss, optimizer, metrics, and how the rows are gone through.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSpec {
    /// What training makes small, at every output that has no loss of its own.
    pub loss: Loss,
    /// What is said about single outputs of a model that has several.
    pub outputs: Vec<OutputTraining>,
    /// How weights follow their gradients.
    pub optimizer: Optimizer,
    /// What is scored besides the loss.
    pub metrics: Vec<Metric>,
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
    pub fn parse(value: &Value) -> Result<Self, Error> {
        let mut fields = Fields::open(value, "training", "a training")?;
        let (loss, mut outputs) = read_losses(fields.require("loss", "a loss")?, &fields.path("loss"))?;
        read_loss_weights(fields.get("loss_weights"), &fields.path("loss_weights"), &mut outputs)?;
        let optimizer =
            Optimizer::read(fields.require("optimizer", "an optimizer")?, &fields.path("optimizer"))?;
        let metrics = match fields.get("metrics") {
            None => Vec::new(),
            Some(value) => read_metrics(value, &fields.path("metrics"))?,
        };
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

    /// The JSON that [`TrainingSpec::parse`] reads, with every argument written out.
    pub fn to_value(&self) -> Value {
        let mut value = serde_json::json!({
            "loss": self.loss_value(),
            "optimizer": self.optimizer.to_map(),
            "metrics": self.metrics.iter().map(Metric::write).collect::<Vec<_>>(),
            "class_weight": if self.class_weight.is_empty() { None } else { Some(&self.class_weight) },
            "callbacks": self.callbacks.iter().map(|callback| callback.to_map()).collect::<Vec<_>>(),
            "batch_size": self.batch_size,
            "epochs": self.epochs,
            "shuffle": self.shuffle,
            "seed": self.seed,
        });
        let weights = self.loss_weights_value();
        if !weights.is_null() {
            value["loss_weights"] = weights;
        }
        value
    }
}

/// What is said about one output of several.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputTraining {
    /// The layer that is the output.
    pub name: String,
    /// Its own loss.
    pub loss: Option<Loss>,
    /// What its loss is multiplied with in the sum of all.
    pub loss_weight: f64,
}

impl TrainingSpec {
    /// One loss, or an object of losses by output.
    fn loss_value(&self) -> Value {
        let own =
            self.outputs.iter().filter_map(|it| Some((it.name.clone(), it.loss.as_ref()?.to_map().into())));
        let own: Map<String, Value> = own.collect();
        if own.is_empty() { self.loss.to_map().into() } else { own.into() }
    }

    /// Weights by output, where some are not 1.
    fn loss_weights_value(&self) -> Value {
        let weighted = self.outputs.iter().filter(|output| output.loss_weight != 1.0);
        let weights: Map<String, Value> =
            weighted.map(|it| (it.name.clone(), it.loss_weight.into())).collect();
        if weights.is_empty() { Value::Null } else { weights.into() }
    }
}

/// A loss, or an object without a `type`: losses by output, the first of which stands for all.
fn read_losses(value: &Value, path: &str) -> Result<(Loss, Vec<OutputTraining>), Error> {
    let Value::Object(map) = value else { return Ok((Loss::read(value, path)?, Vec::new())) };
    if map.is_empty() || map.contains_key("type") {
        return Ok((Loss::read(value, path)?, Vec::new()));
    }
    let output = |(name, value): (&String, &Value)| {
        let loss = Loss::read(value, &format!("{path}.{name}"))?;
        Ok(OutputTraining { name: name.clone(), loss: Some(loss), loss_weight: 1.0 })
    };
    let outputs = map.iter().map(output).collect::<Result<Vec<_>, Error>>()?;
    let first = outputs.iter().find_map(|output| output.loss.clone());
    let first = first.ok_or_else(|| wrong_type(path, "a loss", value))?;
    Ok((first, outputs))
}

/// `{"name": 0.5}` for some of the outputs.
fn read_loss_weights(
    value: Option<&Value>,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
) -> Result<(), Error> {
    let Some(value) = value else { return Ok(()) };
    let map = value.as_object().ok_or_else(|| wrong_type(path, "an object of weights by output", value))?;
    for (name, value) in map {
        let loss_weight = f64::read(value, &format!("{path}.{name}"), &Limits::between(0.0, 1e6))?;
        match outputs.iter_mut().find(|output| output.name == *name) {
            Some(output) => output.loss_weight = loss_weight,
            None => outputs.push(OutputTraining { name: name.clone(), loss: None, loss_weight }),
        }
    }
    Ok(())
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
