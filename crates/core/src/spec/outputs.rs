//! What a training says of single outputs: losses, their weights and metrics as objects by the names of the outputs.
//!
//! ```json
//! {"loss": {"price": "mse", "kind": "categorical_crossentropy"}, "loss_weights": {"price": 0.1}, "metrics": {"kind": ["accuracy"]}}
//! ```

use super::describe::{ArgumentType, Limits};
use super::fields::wrong_type;
use super::losses::Loss;
use super::metrics::{Metric, read_metrics};
use super::training::TrainingSpec;
use crate::error::Error;
use serde_json::{Map, Value};

/// What is said about one output of several.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputTraining {
    /// The layer that is the output.
    pub name: String,
    /// Its own loss.
    pub loss: Option<Loss>,
    /// What its loss is multiplied with in the sum of all.
    pub loss_weight: f64,
    /// Its own metrics: where one output has such, the others have none but their own.
    pub metrics: Option<Vec<Metric>>,
    /// The same in which rows count as much as they weigh.
    pub weighted_metrics: Option<Vec<Metric>>,
}

impl OutputTraining {
    /// An output about which nothing is said yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), loss: None, loss_weight: 1.0, metrics: None, weighted_metrics: None }
    }

    fn own_metrics(&self, are_weighted: bool) -> Option<&Vec<Metric>> {
        if are_weighted { self.weighted_metrics.as_ref() } else { self.metrics.as_ref() }
    }
}

impl TrainingSpec {
    /// Whether metrics are said for each output by its name.
    pub(crate) fn has_metrics_by_name(&self, are_weighted: bool) -> bool {
        self.outputs.iter().any(|output| output.own_metrics(are_weighted).is_some())
    }

    /// What is scored at an output: its own metrics, or where no output has such, those of all.
    pub(crate) fn metrics_of(&self, output: &str, are_weighted: bool) -> &[Metric] {
        if self.has_metrics_by_name(are_weighted) {
            let own = self.outputs.iter().find(|it| it.name == output);
            return own.and_then(|own| own.own_metrics(are_weighted)).map_or(&[], Vec::as_slice);
        }
        if are_weighted { &self.weighted_metrics } else { &self.metrics }
    }

    /// One loss, or an object of losses by output.
    pub(super) fn loss_value(&self) -> Value {
        let own =
            self.outputs.iter().filter_map(|it| Some((it.name.clone(), it.loss.as_ref()?.to_map().into())));
        let own: Map<String, Value> = own.collect();
        if own.is_empty() { self.loss.to_map().into() } else { own.into() }
    }

    /// Weights by output, where some are not 1.
    pub(super) fn loss_weights_value(&self) -> Value {
        let weighted = self.outputs.iter().filter(|output| output.loss_weight != 1.0);
        let weights: Map<String, Value> =
            weighted.map(|it| (it.name.clone(), it.loss_weight.into())).collect();
        if weights.is_empty() { Value::Null } else { weights.into() }
    }

    /// A list, or an object of lists by output.
    pub(super) fn metrics_value(&self, are_weighted: bool) -> Value {
        let written = |metrics: &[Metric]| metrics.iter().map(Metric::write).collect::<Value>();
        if !self.has_metrics_by_name(are_weighted) {
            return written(if are_weighted { &self.weighted_metrics } else { &self.metrics });
        }
        let own = self.outputs.iter().filter_map(|it| Some((it.name.clone(), it.own_metrics(are_weighted)?)));
        own.map(|(name, metrics)| (name, written(metrics))).collect::<Map<_, _>>().into()
    }
}

/// What is said of the output called `name`.
fn output<'a>(name: &str, outputs: &'a mut Vec<OutputTraining>) -> &'a mut OutputTraining {
    let at = outputs.iter().position(|output| output.name == name).unwrap_or(outputs.len());
    if at == outputs.len() {
        outputs.push(OutputTraining::new(name));
    }
    &mut outputs[at]
}

/// A loss, or an object without a `type`: losses by output, the first of which stands for all.
pub(super) fn losses(value: &Value, path: &str) -> Result<(Loss, Vec<OutputTraining>), Error> {
    let Value::Object(map) = value else { return Ok((Loss::read(value, path)?, Vec::new())) };
    if map.is_empty() || map.contains_key("type") {
        return Ok((Loss::read(value, path)?, Vec::new()));
    }
    let output = |(name, value): (&String, &Value)| {
        let loss = Loss::read(value, &format!("{path}.{name}"))?;
        Ok(OutputTraining { loss: Some(loss), ..OutputTraining::new(name) })
    };
    let outputs = map.iter().map(output).collect::<Result<Vec<_>, Error>>()?;
    let first = outputs.iter().find_map(|output| output.loss.clone());
    let first = first.ok_or_else(|| wrong_type(path, "a loss", value))?;
    Ok((first, outputs))
}

/// `{"name": 0.5}` for some of the outputs.
pub(super) fn loss_weights(
    value: Option<&Value>,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
) -> Result<(), Error> {
    let Some(value) = value else { return Ok(()) };
    let map = value.as_object().ok_or_else(|| wrong_type(path, "an object of weights by output", value))?;
    for (name, value) in map {
        let loss_weight = f64::read(value, &format!("{path}.{name}"), &Limits::between(0.0, 1e6))?;
        output(name, outputs).loss_weight = loss_weight;
    }
    Ok(())
}

/// A list of metrics, or an object of such lists by output, which goes to the outputs; one metric needs no list there.
pub(super) fn metrics(
    value: Option<&Value>,
    path: &str,
    outputs: &mut Vec<OutputTraining>,
    are_weighted: bool,
) -> Result<Vec<Metric>, Error> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let by_name = value.as_object().filter(|map| !map.contains_key("type"));
    let Some(map) = by_name else { return read_metrics(value, path) };
    for (name, value) in map {
        let path = format!("{path}.{name}");
        let metrics = match value {
            Value::Array(_) => read_metrics(value, &path)?,
            one => vec![Metric::read(one, &path)?],
        };
        let output = output(name, outputs);
        let own = if are_weighted { &mut output.weighted_metrics } else { &mut output.metrics };
        *own = Some(metrics);
    }
    Ok(Vec::new())
}
