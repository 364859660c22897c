//! Dropout of every kind, noise, and penalties on what a layer gives out: the shape stays.

use super::{Lower, Site};
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::ops::{self, ActivityPenalty, NoiseKind, Op};
use crate::plan::TensorId;
use crate::spec::{Regularizer, layers};

impl Lower for layers::Dropout {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        Ok(site.dropout(inputs[0], self.rate, 1))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Dropout of whole channels: all places of a row in front of them share their fate.
macro_rules! spatial {
    ($Layer:ident, $rank:literal) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let (image, _) = site.image(inputs[0], $rank)?;
                Ok(site.dropout(inputs[0], self.rate, image[0].saturating_mul(image[1])))
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    };
}
spatial!(SpatialDropout1D, 1);
spatial!(SpatialDropout2D, 2);

/// Noise of the layers whose output is not simply zero somewhere.
macro_rules! noise {
    ($Layer:ident, $argument:ident, $Kind:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let (x, shape) = (inputs[0], site.shape(inputs[0]));
                let y = site.builder.tensor(&shape);
                let lane = site.builder.dropouts;
                site.builder.dropouts += 1;
                let amount = self.$argument as f32;
                site.builder.push(Op::Noise(ops::Noise { x, y, kind: NoiseKind::$Kind, amount, lane }));
                Ok(y)
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    };
}
noise!(AlphaDropout, rate, Alpha);
noise!(GaussianNoise, stddev, Sum);
noise!(GaussianDropout, rate, Factor);

impl Site<'_> {
    /// `x` after dropout; `shared_over` places of a row share their fate.
    pub(super) fn dropout(&mut self, x: TensorId, rate: f64, shared_over: usize) -> TensorId {
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        let lane = self.builder.dropouts;
        self.builder.dropouts += 1;
        self.builder.push(Op::Dropout(ops::Dropout { x, y, rate: rate as f32, shared_over, lane }));
        y
    }

    /// `x` with a penalty on it in the loss.
    pub(super) fn activity_penalty(&mut self, regularizer: &Regularizer, x: TensorId) -> TensorId {
        if matches!(regularizer, Regularizer::Orthogonal(_)) {
            let (path, expected) = (self.path("activity_regularizer"), "l1, l2 or l1_l2, for an output");
            let mistake = Error::new(Code::Mismatch, path, expected, regularizer.type_name());
            self.builder.mistake.get_or_insert(mistake);
        }
        let (l1, l2) = regularizer.factors();
        let shape = self.shape(x);
        let y = self.builder.alias(x, &shape);
        let row_penalty = Span::default();
        self.builder.push(Op::ActivityPenalty(ActivityPenalty { x, y, l1, l2, row_penalty }));
        y
    }
}
