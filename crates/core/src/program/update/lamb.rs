//! `lamb`: one meeting, for the norms of every tensor and of its direction.

use super::rule::Numbers;
use super::sums::{FIRST, SECOND};
use super::{Frame, Update};
use tabgrad_kernels::optimizer::{self, Adam};

impl Update<'_> {
    pub fn lamb(&self, frame: &Frame<'_>, settings: &Adam) {
        let Numbers::Lamb(corrections) = self.numbers else { return };
        let sums = &self.rule.sums;
        self.each(frame, |piece| {
            let decay = self.shorten(frame, piece, self.rule.weight_decay);
            let (m, v) = (piece.slot_mut(frame, Some(0)), piece.slot_mut(frame, Some(1)));
            optimizer::lamb_moments(settings, piece.gradient(frame), m, v);
            piece.leave_weights(frame, decay);
            sums.squares(frame, piece, FIRST, piece.weights(frame));
            sums.write(frame, piece, SECOND, |start, len| {
                let part = start..start + len;
                optimizer::lamb_squares(corrections, settings.epsilon, &m[part.clone()], &v[part])
            });
        });
        frame.meet();
        self.each(frame, |piece| {
            let norm = |kind: usize| sums.total(frame, piece.tensor, kind).sqrt();
            let (of_weights, of_direction) = (norm(FIRST), norm(SECOND));
            let ratio = if of_weights > 0.0 && of_direction > 0.0 { of_weights / of_direction } else { 1.0 };
            let rate = ratio as f32 * self.rate * piece.multiplier;
            let (m, v) = (piece.slot_mut(frame, Some(0)), piece.slot_mut(frame, Some(1)));
            optimizer::lamb(rate, corrections, settings.epsilon, piece.weights_mut(frame), m, v);
        });
    }
}
