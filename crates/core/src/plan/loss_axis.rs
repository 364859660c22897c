//! The axis along which the outputs of one loss lie: Keras' `axis` of cross-entropies and of the cosine similarity.
//!
//! ```text
//! outputs (classes, height, width), axis 1      seen as (height, width, classes); predictions stay as they are
//! ```

use super::build::volume;
use crate::error::{Code, Error};
use crate::spec::{Axes, Loss, LossKind};

/// The outputs of a model with the axis of a loss behind the others.
#[derive(Clone, Debug)]
pub(crate) struct LossAxis {
    /// Which axis of the outputs each axis of what the loss sees is.
    pub order: Vec<usize>,
    /// Sizes as the loss sees them.
    pub shape: Vec<usize>,
}

impl LossAxis {
    /// Where the loss is along another axis than the last.
    pub fn of(loss: &Loss, shape: &[usize]) -> Result<Option<Self>, Error> {
        let Some(axis) = axis_of(loss) else { return Ok(None) };
        let rank = shape.len();
        let named = axis.of_rank(rank + 1).filter(|named| named.len() == 1 && named[0] > 0);
        let Some(axis) = named.map(|named| named[0]) else {
            let expected = format!("one axis from 1 to {rank} or from -{rank} to -1");
            let found = format!("{:?}", axis.0);
            return Err(Error::new(Code::OutOfRange, "training.loss.axis", expected, found)
                .hint("axis 0 is the batch: its rows have losses of their own"));
        };
        if axis == rank {
            return Ok(None);
        }
        let order: Vec<usize> = (0..rank).filter(|&it| it + 1 != axis).chain([axis - 1]).collect();
        Ok(Some(Self { shape: order.iter().map(|&from| shape[from]).collect(), order }))
    }

    /// Which axis of what the loss sees each axis of the outputs is.
    pub fn back(&self) -> Vec<usize> {
        let mut back = vec![0; self.order.len()];
        self.order.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        back
    }

    /// For each number of a row of targets as the loss sees it, where it stands in the order of the outputs.
    pub fn places(&self) -> Vec<u32> {
        let mut steps = vec![1; self.order.len()];
        let back = self.back();
        for axis in (1..steps.len()).rev() {
            steps[axis - 1] = steps[axis] * self.shape[back[axis]];
        }
        let place = |mut rest: usize| {
            let mut place = 0;
            for (&from, &size) in self.order.iter().zip(&self.shape).rev() {
                place += rest % size * steps[from];
                rest /= size;
            }
            place as u32
        };
        (0..volume(&self.shape)).map(place).collect()
    }
}

fn axis_of(loss: &Loss) -> Option<&Axes> {
    Some(match &loss.kind {
        LossKind::BinaryCrossentropy(it) => &it.axis,
        LossKind::BinaryFocalCrossentropy(it) => &it.axis,
        LossKind::CategoricalCrossentropy(it) => &it.axis,
        LossKind::CategoricalFocalCrossentropy(it) => &it.axis,
        LossKind::SparseCategoricalCrossentropy(it) => &it.axis,
        LossKind::CosineSimilarity(it) => &it.axis,
        _ => return None,
    })
}
