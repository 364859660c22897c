//! Which loss is whose, where a training names outputs.

use super::graph::End;
use crate::error::{Code, Error};
use crate::spec::{Loss, OutputKey, OutputTraining, TrainingSpec};

/// The loss of every output with its weight. Every name in the training must be an output, every list must have an entry
/// for each, and every output must have a loss.
pub(crate) fn losses<'a>(training: &'a TrainingSpec, ends: &[End]) -> Result<Vec<(&'a Loss, f32)>, Error> {
    let names: Vec<&str> = ends.iter().map(|end| end.name.as_str()).collect();
    if !training.outputs.is_empty() {
        check(training, &names)?;
    }
    if names.len() > 1 && !training.class_weight.is_empty() {
        let expected = "nothing, since there are several outputs";
        return Err(Error::new(Code::Mismatch, "training.class_weight", expected, "weights of classes")
            .hint("give the rows weights instead"));
    }
    let is_by_output = training.outputs.iter().any(|it| it.loss.is_some());
    let loss_of = |(place, &name): (usize, &&str)| {
        let mut said = training.outputs.iter().filter(|it| it.is_of(place, name));
        let weight = said.clone().find_map(|it| it.loss_weight).unwrap_or(1.0) as f32;
        match said.find_map(|it| it.loss.as_ref()) {
            Some(loss) => Ok((loss, weight)),
            None if is_by_output => {
                Err(Error::new(Code::MissingArgument, format!("training.loss.{name}"), "a loss", "nothing"))
            }
            None => Ok((&training.loss, weight)),
        }
    };
    names.iter().enumerate().map(loss_of).collect()
}

/// Whether every name is an output and every list has an entry for each.
#[inline(never)]
fn check(training: &TrainingSpec, names: &[&str]) -> Result<(), Error> {
    type Said = fn(&OutputTraining) -> bool;
    let lists: [(&str, Said); 4] = [
        ("loss", |it| it.loss.is_some()),
        ("metrics", |it| it.metrics.is_some()),
        ("weighted_metrics", |it| it.weighted_metrics.is_some()),
        ("loss_weights", |it| it.loss_weight.is_some()),
    ];
    for (list, is_said) in lists {
        let path = format!("training.{list}");
        let mut places = 0;
        for it in training.outputs.iter().filter(|it| is_said(it)) {
            match &it.output {
                OutputKey::Name(name) if !names.contains(&name.as_str()) => {
                    return Err(Error::unknown(format!("{path}.{name}"), "an output", name, names));
                }
                OutputKey::Name(_) => {}
                OutputKey::Place(_) => places += 1,
            }
        }
        if places > 0 && places != names.len() {
            let expected = format!("a list of {}, one for each output: {}", names.len(), names.join(", "));
            return Err(Error::new(Code::Mismatch, path, expected, format!("a list of {places}")));
        }
    }
    Ok(())
}

/// A mistake in the loss, at the output that it belongs to: the one at `place`, called `name`.
pub(crate) fn at_output(mut error: Error, training: &TrainingSpec, place: usize, name: &str) -> Error {
    let mut own = training.outputs.iter().filter(|it| it.loss.is_some() && it.is_of(place, name));
    if let (Some(rest), Some(own)) = (error.path.strip_prefix("training.loss"), own.next()) {
        error.path = format!("training.loss{}{rest}", own.output);
    }
    error
}
