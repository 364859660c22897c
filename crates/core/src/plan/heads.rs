//! Which loss is whose, where a training names outputs.

use super::graph::Place;
use crate::error::{Code, Error};
use crate::spec::{Loss, TrainingSpec};

/// The loss of every output with its weight. Every name in the training must be an output, and every output must have a
/// loss.
pub(crate) fn losses<'a>(
    training: &'a TrainingSpec,
    places: &[Place],
    ends: &[usize],
) -> Result<Vec<(&'a Loss, f32)>, Error> {
    let names: Vec<&str> = ends.iter().map(|&end| places[end].name.as_str()).collect();
    let of_others = training.outputs.iter().find(|output| !names.contains(&output.name.as_str()));
    if let Some(other) = of_others {
        let said = match other {
            it if it.loss.is_some() => "loss",
            it if it.metrics.is_some() => "metrics",
            it if it.weighted_metrics.is_some() => "weighted_metrics",
            _ => "loss_weights",
        };
        let path = format!("training.{said}.{}", other.name);
        return Err(Error::unknown(path, "an output", &other.name, &names));
    }
    if names.len() > 1 && !training.class_weight.is_empty() {
        let expected = "nothing, since there are several outputs";
        return Err(Error::new(Code::Mismatch, "training.class_weight", expected, "weights of classes")
            .hint("give the rows weights instead"));
    }
    let is_by_name = training.outputs.iter().any(|output| output.loss.is_some());
    let loss_of = |&name: &&str| {
        let output = training.outputs.iter().find(|output| output.name == name);
        let weight = output.map_or(1.0, |output| output.loss_weight as f32);
        match output.and_then(|output| output.loss.as_ref()) {
            Some(loss) => Ok((loss, weight)),
            None if is_by_name => {
                Err(Error::new(Code::MissingArgument, format!("training.loss.{name}"), "a loss", "nothing"))
            }
            None => Ok((&training.loss, weight)),
        }
    };
    names.iter().map(loss_of).collect()
}

/// A mistake in the loss, at the output that it belongs to.
pub(crate) fn at_output(mut error: Error, training: &TrainingSpec, name: &str) -> Error {
    let is_by_name = training.outputs.iter().any(|output| output.loss.is_some());
    if let Some(rest) = error.path.strip_prefix("training.loss")
        && is_by_name
    {
        error.path = format!("training.loss.{name}{rest}");
    }
    error
}
