//! What a training says of single outputs: losses, their weights and metrics as objects by the names of the outputs, or as
//! lists in their order.
//!
//! ```json
//! {"loss": {"price": "mse", "kind": "categorical_crossentropy"}, "loss_weights": {"price": 0.1}, "metrics": {"kind": ["accuracy"]}}
//! {"loss": ["mse", "categorical_crossentropy"], "loss_weights": [0.1, 1], "metrics": [null, ["accuracy"]]}
//! ```

use super::describe::{ArgumentType, Limits};
use super::fields::wrong_type;
use super::losses::Loss;
use super::metrics::{Metric, read_metrics};
use super::training::TrainingSpec;
use crate::error::Error;
use serde_json::{Map, Value};
use std::fmt;

/// Which output something is said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputKey {
    /// The layer that is the output.
    Name(String),
    /// Its place among the outputs, from 0.
    Place(usize),
}

/// As it stands behind the path of the object or list: `.price`, `[0]`.
impl fmt::Display for OutputKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, ".{name}"),
            Self::Place(place) => write!(f, "[{place}]"),
        }
    }
}

/// What is said about one output of several. An output may have two of these, one by its name and one by its place.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputTraining {
    /// The output.
    pub output: OutputKey,
    /// Its own loss.
    pub loss: Option<Loss>,
    /// What its loss is multiplied with in the sum of all; `None`: 1.
    pub loss_weight: Option<f64>,
    /// Its own metrics: where one output has such, the others have none but their own.
    pub metrics: Option<Vec<Metric>>,
    /// The same in which rows count as much as they weigh.
    pub weighted_metrics: Option<Vec<Metric>>,
}

/// The metrics of one output.
pub(crate) struct OutputMetrics<'a> {
    pub metrics: &'a [Metric],
    /// The path of the list that they are in, and where in it the first of them stands.
    pub path: String,
    pub first: usize,
    /// Whether they are said of this output alone.
    pub is_own: bool,
}

impl OutputTraining {
    /// An output about which nothing is said yet.
    pub fn new(output: OutputKey) -> Self {
        Self { output, loss: None, loss_weight: None, metrics: None, weighted_metrics: None }
    }

    /// Whether the output at `place`, called `name`, is meant.
    pub(crate) fn is_of(&self, place: usize, name: &str) -> bool {
        match &self.output {
            OutputKey::Name(own) => own == name,
            OutputKey::Place(own) => *own == place,
        }
    }

    fn own_metrics(&self, are_weighted: bool) -> Option<&Vec<Metric>> {
        if are_weighted { self.weighted_metrics.as_ref() } else { self.metrics.as_ref() }
    }
}

impl TrainingSpec {
    /// What is scored at the output called `name`, the one at `place` of `count`: its own metrics, or where no output has
    /// such, those of all. A plain list of as many as there are outputs has one for each, as in Keras.
    pub(crate) fn metrics_of(
        &self,
        (place, count): (usize, usize),
        name: &str,
        are_weighted: bool,
    ) -> OutputMetrics<'_> {
        let path = if are_weighted { "training.weighted_metrics" } else { "training.metrics" };
        if !self.outputs.is_empty()
            && let Some(own) = self.own_metrics_of(place, name, are_weighted, path)
        {
            return own;
        }
        let all = if are_weighted { &self.weighted_metrics } else { &self.metrics };
        let is_own = count > 1 && all.len() == count;
        let (metrics, first) = if is_own { (&all[place..=place], place) } else { (&all[..], 0) };
        OutputMetrics { metrics, path: path.into(), first, is_own }
    }

    /// The same where metrics are said by output: of an output about which nothing is said, none.
    #[inline(never)]
    fn own_metrics_of(
        &self,
        place: usize,
        name: &str,
        are_weighted: bool,
        path: &str,
    ) -> Option<OutputMetrics<'_>> {
        let own = |it: &&OutputTraining| it.own_metrics(are_weighted).is_some();
        self.outputs.iter().find(own)?;
        let of_this = self.outputs.iter().filter(own).find(|it| it.is_of(place, name));
        let metrics = of_this.and_then(|it| it.own_metrics(are_weighted));
        let path = of_this.map_or_else(String::new, |it| format!("{path}{}", it.output));
        Some(OutputMetrics { metrics: metrics.map_or(&[], Vec::as_slice), path, first: 0, is_own: true })
    }

    /// One loss, or losses by output.
    pub(super) fn loss_value(&self) -> Value {
        let own = |it: &OutputTraining| Some(it.loss.as_ref()?.to_map().into());
        self.by_output(&own).unwrap_or_else(|| self.loss.to_map().into())
    }

    /// Weights by output, where there are any.
    pub(super) fn loss_weights_value(&self) -> Option<Value> {
        self.by_output(&|it| it.loss_weight.map(Value::from))
    }

    /// A list, or lists by output.
    pub(super) fn metrics_value(&self, are_weighted: bool) -> Value {
        let written = |metrics: &Vec<Metric>| metrics.iter().map(Metric::write).collect::<Value>();
        let own = |it: &OutputTraining| it.own_metrics(are_weighted).map(written);
        let all = if are_weighted { &self.weighted_metrics } else { &self.metrics };
        self.by_output(&own).unwrap_or_else(|| written(all))
    }

    /// An object by name or a list by place of what is said; `None`: of nothing.
    fn by_output(&self, said: &dyn Fn(&OutputTraining) -> Option<Value>) -> Option<Value> {
        if self.outputs.is_empty() { None } else { self.each_output(said) }
    }

    #[inline(never)]
    fn each_output(&self, said: &dyn Fn(&OutputTraining) -> Option<Value>) -> Option<Value> {
        let (mut list, mut map) = (Vec::new(), Map::new());
        for it in &self.outputs {
            match (said(it), &it.output) {
                (None, _) => {}
                (Some(value), OutputKey::Name(name)) => drop(map.insert(name.clone(), value)),
                (Some(value), OutputKey::Place(_)) => list.push(value),
            }
        }
        match (list.is_empty(), map.is_empty()) {
            (true, true) => None,
            (false, _) => Some(list.into()),
            (true, false) => Some(map.into()),
        }
    }
}

/// What is said of that output.
fn output(key: OutputKey, outputs: &mut Vec<OutputTraining>) -> &mut OutputTraining {
    let at = outputs.iter().position(|it| it.output == key).unwrap_or(outputs.len());
    if at == outputs.len() {
        outputs.push(OutputTraining::new(key));
    }
    &mut outputs[at]
}

/// The entries of an object by name, or of a list by place; `None` for other values.
fn entries(value: &Value) -> Option<Vec<(OutputKey, &Value)>> {
    match value {
        Value::Object(map) => {
            Some(map.iter().map(|(name, it)| (OutputKey::Name(name.clone()), it)).collect())
        }
        Value::Array(items) => {
            Some(items.iter().enumerate().map(|(i, it)| (OutputKey::Place(i), it)).collect())
        }
        _ => None,
    }
}

/// A loss, or losses by output (an object without a `type`, or a list), the first of which stands for all.
pub(super) fn losses(value: &Value, path: &str) -> Result<(Loss, Vec<OutputTraining>), Error> {
    let is_one = match value {
        Value::Object(map) => map.is_empty() || map.contains_key("type"),
        other => !other.is_array(),
    };
    if is_one { Ok((Loss::read(value, path)?, Vec::new())) } else { losses_by_output(value, path) }
}

// Functions of their own, here and below, for what few trainings say: they stay out of what every page loads first.
#[inline(never)]
fn losses_by_output(value: &Value, path: &str) -> Result<(Loss, Vec<OutputTraining>), Error> {
    let entries = entries(value).unwrap_or_default();
    let mut outputs = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let path = format!("{path}{key}");
        if value.is_null() {
            let error = wrong_type(&path, "a loss", value);
            return Err(error.hint("an output that is not to be trained has 0 among the loss_weights"));
        }
        let loss = Loss::read(value, &path)?;
        outputs.push(OutputTraining { loss: Some(loss), ..OutputTraining::new(key) });
    }
    let first = outputs.iter().find_map(|output| output.loss.clone());
    let first = first.ok_or_else(|| wrong_type(path, "a loss", value))?;
    Ok((first, outputs))
}

/// `{"name": 0.5}` for some of the outputs, `[0.5, 1]` for all, or a number for the only one.
pub(super) fn loss_weights(
    value: Option<&Value>,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
) -> Result<(), Error> {
    value.map_or(Ok(()), |value| read_loss_weights(value, path, outputs))
}

#[inline(never)]
fn read_loss_weights(value: &Value, path: &str, outputs: &mut Vec<OutputTraining>) -> Result<(), Error> {
    let limits = Limits::between(0.0, 1e6);
    if value.is_number() {
        let weight = f64::read(value, path, &limits)?;
        output(OutputKey::Place(0), outputs).loss_weight = Some(weight);
        return Ok(());
    }
    let expected = "weights by output: an object by name, or a list";
    for (key, value) in entries(value).ok_or_else(|| wrong_type(path, expected, value))? {
        let weight = f64::read(value, &format!("{path}{key}"), &limits)?;
        output(key, outputs).loss_weight = Some(weight);
    }
    Ok(())
}

/// A list of metrics; or metrics by output, which go to the outputs: an object, or a list in which lists or nulls are. One
/// metric needs no list there.
pub(super) fn metrics(
    value: Option<&Value>,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
    are_weighted: bool,
) -> Result<Vec<Metric>, Error> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let is_by_output = match value {
        Value::Object(map) => !map.contains_key("type"),
        Value::Array(items) => items.iter().any(|item| item.is_array() || item.is_null()),
        _ => false,
    };
    if !is_by_output {
        return read_metrics(value, path);
    }
    metrics_by_output(value, path, outputs, are_weighted)?;
    Ok(Vec::new())
}

#[inline(never)]
fn metrics_by_output(
    value: &Value,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
    are_weighted: bool,
) -> Result<(), Error> {
    for (key, value) in entries(value).unwrap_or_default() {
        let path = format!("{path}{key}");
        let metrics = match value {
            Value::Null => Vec::new(),
            Value::Array(_) => read_metrics(value, &path)?,
            one => vec![Metric::read(one, &path)?],
        };
        let output = output(key, outputs);
        let own = if are_weighted { &mut output.weighted_metrics } else { &mut output.metrics };
        *own = Some(metrics);
    }
    Ok(())
}
