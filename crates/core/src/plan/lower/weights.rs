//! Weights of a layer by the arguments that every one of them has: how it begins, a penalty, a constraint.

use super::Site;
use crate::error::Error;
use crate::plan::ParameterId;
use crate::spec::{Constraint, Initializer, Regularizer};

/// What a layer says of one of its weights.
#[derive(Clone, Copy)]
pub(super) struct Weight<'a> {
    pub initializer: &'a Initializer,
    pub regularizer: Option<&'a Regularizer>,
    pub constraint: Option<&'a Constraint>,
}

/// `weight!(layer, kernel)`: what `kernel_initializer`, `kernel_regularizer` and `kernel_constraint` say.
macro_rules! weight {
    ($of:expr, kernel) => {
        $crate::plan::lower::weights::weight!($of, kernel_initializer, kernel_regularizer, kernel_constraint)
    };
    ($of:expr, bias) => {
        $crate::plan::lower::weights::weight!($of, bias_initializer, bias_regularizer, bias_constraint)
    };
    ($of:expr, recurrent) => {
        $crate::plan::lower::weights::weight!(
            $of,
            recurrent_initializer,
            recurrent_regularizer,
            recurrent_constraint
        )
    };
    ($of:expr, depthwise) => {
        $crate::plan::lower::weights::weight!(
            $of,
            depthwise_initializer,
            depthwise_regularizer,
            depthwise_constraint
        )
    };
    ($of:expr, pointwise) => {
        $crate::plan::lower::weights::weight!(
            $of,
            pointwise_initializer,
            pointwise_regularizer,
            pointwise_constraint
        )
    };
    ($of:expr, gamma) => {
        $crate::plan::lower::weights::weight!($of, gamma_initializer, gamma_regularizer, gamma_constraint)
    };
    ($of:expr, beta) => {
        $crate::plan::lower::weights::weight!($of, beta_initializer, beta_regularizer, beta_constraint)
    };
    ($of:expr, alpha) => {
        $crate::plan::lower::weights::weight!($of, alpha_initializer, alpha_regularizer, alpha_constraint)
    };
    ($of:expr, embeddings) => {
        $crate::plan::lower::weights::weight!(
            $of,
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint
        )
    };
    ($of:expr, $initializer:ident, $regularizer:ident, $constraint:ident) => {
        $crate::plan::lower::weights::Weight {
            initializer: &$of.$initializer,
            regularizer: $of.$regularizer.as_ref(),
            constraint: $of.$constraint.as_ref(),
        }
    };
}
pub(super) use weight;

impl Site<'_> {
    /// Weights of this layer, held to their constraint.
    pub(super) fn weight(
        &mut self,
        name: &str,
        shape: &[usize],
        it: Weight<'_>,
    ) -> Result<ParameterId, Error> {
        let id = self.parameter(name, shape, it.initializer, it.regularizer);
        self.constrain(id, it.constraint)?;
        Ok(id)
    }

    /// Weights that there are only where an argument asks for them.
    pub(super) fn weight_if(
        &mut self,
        is_there: bool,
        name: &str,
        shape: &[usize],
        it: Weight<'_>,
    ) -> Result<Option<ParameterId>, Error> {
        if is_there { self.weight(name, shape, it).map(Some) } else { Ok(None) }
    }
}
