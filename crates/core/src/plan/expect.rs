//! What a row of targets holds where nobody says it: as Keras takes it, from the loss and the shape of the output.
//!
//! ```text
//! sparse_categorical_crossentropy   the number of a class: for the row, or for every step or pixel
//! binary_crossentropy and the like  0 or 1 for the only output, else as many numbers as there are outputs
//! ctc                               labels, no more than there are steps
//! circle                            the number of any class
//! every other                       as many numbers as there are outputs; categorical ones are one-hot
//! ```

use super::build::{Builder, Features};
use super::graph::{self, Place};
use super::loss_axis::LossAxis;
use super::target::Target;
use super::{Io, heads, lower, volume};
use crate::error::Error;
use crate::spec::{Loss, LossKind, ModelSpec, TrainingSpec};

/// Whole numbers up to this one are exact as f32, and so are the numbers of classes.
const MOST_CLASSES: usize = 1 << 24;

impl Io {
    /// What goes in and comes out of a model of rows of that shape, with the targets that its losses take in Keras; without
    /// a training, as many numbers as every output has. Allocates nothing for the network itself.
    ///
    /// # Errors
    /// If the layers, or the losses and the outputs, do not go together: with the path of the first mistake.
    pub fn expected(
        model: &ModelSpec,
        training: Option<&TrainingSpec>,
        input: Vec<usize>,
    ) -> Result<Self, Error> {
        // The targets are yet to come.
        super::check_io(model, &Self { input: input.clone(), targets: Vec::new() })?;
        let places = graph::connect(model, volume(&input))?;
        let ends = graph::outputs(model, &places, outputs(model, &places))?;
        let mut builder = Builder::default();
        let features = builder.tensor(&input);
        builder.drafts[features.0].features = Some(Features::Neighbours(0..volume(&input)));
        let lowered = lower::lower(&mut builder, model, &places, features, &[])?;
        let shapes = ends.iter().map(|end| builder.shape(lowered.end(end)));
        let targets = match training {
            None => shapes.map(|shape| Target::Values(volume(shape))).collect(),
            Some(training) => {
                let losses = heads::losses(training, &ends)?;
                losses
                    .iter()
                    .zip(shapes)
                    .map(|((loss, _), shape)| target(loss, shape))
                    .collect::<Result<_, _>>()?
            }
        };
        Ok(Self { input, targets })
    }
}

/// How many outputs a model has: as many as it names, else all layers that no other one takes, but for inputs, which are
/// told as a mistake. One loss is for all of them, as in Keras.
fn outputs(model: &ModelSpec, places: &[Place]) -> usize {
    let is_end =
        |&i: &usize| !graph::is_taken(places, i) && (!graph::is_input(&model.layers[i]) || places.len() == 1);
    model.outputs.as_ref().map_or_else(|| (0..places.len()).filter(is_end).count(), Vec::len)
}

fn target(loss: &Loss, shape: &[usize]) -> Result<Target, Error> {
    let moved = LossAxis::of(loss, shape)?;
    let shape = moved.as_ref().map_or(shape, |moved| &moved.shape);
    let (classes, steps) = match shape {
        [steps @ .., classes] => (*classes, volume(steps)),
        [] => (1, 1),
    };
    Ok(match &loss.kind {
        LossKind::SparseCategoricalCrossentropy(_) | LossKind::CategoricalGeneralizedCrossEntropy(_)
            if shape.len() <= 1 =>
        {
            Target::Classes(classes)
        }
        LossKind::SparseCategoricalCrossentropy(_)
        | LossKind::CategoricalGeneralizedCrossEntropy(_)
        | LossKind::Ctc(_) => Target::Sequence { classes, length: steps },
        LossKind::Circle(_) => Target::Classes(MOST_CLASSES),
        LossKind::BinaryCrossentropy(_)
        | LossKind::BinaryFocalCrossentropy(_)
        | LossKind::Hinge(_)
        | LossKind::SquaredHinge(_)
        | LossKind::Dice(_)
        | LossKind::Tversky(_)
            if shape == [1] =>
        {
            Target::Binary
        }
        _ => Target::Values(volume(shape)),
    })
}
