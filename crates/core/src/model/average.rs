//! The optimizer's moving average of the weights in place of the weights themselves: for a look, as `swap_ema_weights` says,
//! and for good when training ends.

use super::Model;
use crate::spec::callbacks::Callback;

impl Model {
    /// Puts the average in place of the weights; gives the weights, or `None` where there is no average yet.
    pub(super) fn put_average(&mut self) -> Option<Vec<f32>> {
        let average = self.plan.update.average_slot().filter(|_| self.course.step > 0)?;
        let average = self.memory.slots.get(average)?.as_slice();
        let weights = self.memory.parameters.as_slice().to_vec();
        for parameter in self.plan.parameters.iter().filter(|it| it.trainable) {
            let range = parameter.span.start..parameter.span.start + parameter.span.len;
            self.memory.parameters.as_mut_slice()[range.clone()].copy_from_slice(&average[range]);
        }
        Some(weights)
    }

    /// The way back from [`Model::put_average`].
    pub(super) fn put_back(&mut self, weights: Option<Vec<f32>>) {
        if let Some(weights) = weights {
            self.memory.parameters.as_mut_slice().copy_from_slice(&weights);
        }
    }

    fn shows_average(&self) -> bool {
        self.callbacks.iter().any(|it| matches!(it.callback, Callback::SwapEmaWeights(_)))
    }

    /// The average in place of the weights where a callback wants scores and predictions to be those of it; to be given back.
    pub(super) fn look_at_average(&mut self) -> Option<Vec<f32>> {
        if self.shows_average() { self.put_average() } else { None }
    }

    /// Weights came from elsewhere: where scores are those of the average, it begins anew at them.
    pub(super) fn begin_average(&mut self) {
        let slot = self.plan.update.average_slot().filter(|_| self.shows_average());
        if let Some(average) = slot.and_then(|slot| self.memory.slots.get_mut(slot)) {
            average.as_mut_slice().copy_from_slice(self.memory.parameters.as_slice());
        }
    }
}
