//! Metrics by Keras' names, and such that Keras has not. A metric without arguments of its own is written as its name.

mod arguments;
mod kinds;

pub use arguments::{Aggregation, Average, Curve, MetricArguments, Sorted, Summation};
pub use kinds::MetricKind;

use super::describe::{ArgumentType, Choice, Kind, Limits, to_map};
use super::fields::{Fields, wrong_type};
use crate::error::Error;
use serde_json::Value;

/// A metric with its arguments; those that are not its own are as they are by default.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Which one.
    pub kind: MetricKind,
    /// How.
    pub arguments: MetricArguments,
}

impl Metric {
    /// Reads `"name"` or `{"type": "name", ...}`.
    pub(crate) fn read(value: &Value, path: &str) -> Result<Self, Error> {
        let Value::Object(map) = value else {
            let kind = MetricKind::read(value, path, &Limits::any())?;
            return Ok(Self { kind, arguments: MetricArguments::default() });
        };
        let mut fields = Fields::open(value, path, "a metric")?;
        let name = fields.require("type", "a metric")?;
        let kind = MetricKind::read(name, &fields.path("type"), &Limits::any())?;
        let known = kind.arguments();
        if let Some(name) = map.keys().find(|name| *name != "type" && !known.contains(&name.as_str())) {
            return Err(Error::unknown(fields.path(name), "an argument", name, known));
        }
        let mut arguments = MetricArguments::default();
        fields.arguments(&mut arguments)?;
        if let Some(alpha) = fields.get("alpha").filter(|_| kind == MetricKind::BinaryFocalCrossentropy) {
            // The weight of yes: no has the rest.
            f64::read(alpha, &fields.path("alpha"), &Limits::between(0.0, 1.0))?;
        }
        fields.finish()?;
        Ok(Self { kind, arguments })
    }

    /// As it is read: the name alone where every argument is as by default.
    pub(crate) fn write(&self) -> Value {
        if self.arguments == MetricArguments::default() {
            return self.kind.name().into();
        }
        let mut map = to_map(&self.arguments);
        map.retain(|name, _| self.kind.arguments().contains(&name.as_str()));
        map.insert("type".into(), self.kind.name().into());
        map.into()
    }

    /// Every kind there is, for the schema.
    pub fn kinds() -> Vec<Kind> {
        let all = Kind::of(&MetricArguments::default());
        let kind = |(kind, choice): (&MetricKind, Choice)| Kind {
            choice,
            arguments: kind
                .arguments()
                .iter()
                .filter_map(|name| all.arguments.iter().find(|argument| argument.name == *name).cloned())
                .collect(),
            tasks: kind.tasks(),
            family: None,
        };
        MetricKind::ALL.iter().zip(MetricKind::all_choices()).map(kind).collect()
    }
}

/// Each metric once, in the order given.
pub(crate) fn read_metrics(value: &Value, path: &str) -> Result<Vec<Metric>, Error> {
    let items = value.as_array().ok_or_else(|| wrong_type(path, "a list of metrics", value))?;
    let mut metrics = Vec::new();
    for (i, item) in items.iter().enumerate() {
        let metric = Metric::read(item, &format!("{path}[{i}]"))?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}
