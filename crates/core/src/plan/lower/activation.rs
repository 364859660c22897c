//! `activation`, `identity`, `rescaling`, and the activations of other layers where they are ops of their own.

use super::weights::weight;
use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{Activate, Op, Rectify, RowKind, Rowwise, Softmax};
use crate::plan::{TensorId, volume};
use crate::spec::axes::Axes;
use crate::spec::{Activation, ActivationKind, Regularizer, layers};
use tabgrad_kernels::activation::{Activation as Kernel, needs_input};

impl Lower for layers::ActivationLayer {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.activation(self.activation, inputs[0])
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::Identity {
    fn lower(&self, _: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        Ok(inputs[0])
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::Rescaling {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        Ok(site.scaled(inputs[0], self.scale as f32, self.offset as f32))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Activations with arguments that are elementwise.
macro_rules! elementwise {
    ($Layer:ident, |$it:ident| $kind:expr) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let ($it, x, shape) = (self, inputs[0], site.shape(inputs[0]));
                let y = site.builder.tensor(&shape);
                site.builder.push(Op::Activate(Activate { x, y, kind: $kind }));
                Ok(y)
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    };
}
elementwise!(Relu, |it| {
    let largest = it.max_value.map_or(f32::INFINITY, |most| most as f32);
    Kernel::rectifier(it.negative_slope as f32, it.threshold as f32, largest)
});
elementwise!(LeakyRelu, |it| Kernel::LeakyRelu { slope: it.negative_slope as f32 });
elementwise!(Elu, |it| Kernel::elu(it.alpha as f32));

impl Lower for layers::SoftmaxLayer {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let moved = site.axes_last(inputs[0], "axis", &self.axis)?;
        let shape = site.shape(moved.x);
        let y = site.builder.tensor(&shape);
        let (rows_each, cols) = (volume(&shape[..moved.leading]), volume(&shape[moved.leading..]));
        site.builder.push(Op::Softmax(Softmax { x: moved.x, y, cols, rows_each }));
        Ok(site.axes_back(&moved, y))
    }

    fn activation(&self) -> Option<Activation> {
        Some(Activation::SOFTMAX)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::Prelu {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let rank = site.shape(inputs[0]).len();
        let all = Axes((1..=rank as i32).collect());
        let shared = self.shared_axes.as_ref().filter(|axes| !axes.0.is_empty());
        if let Some(shared) = shared {
            // Says what is wrong with them.
            site.axes_last(inputs[0], "shared_axes", shared)?;
        }
        let shared = shared.and_then(|axes| axes.of_rank(rank + 1)).unwrap_or_default();
        let own = all.0.iter().copied().filter(|&axis| !shared.contains(&(axis as usize))).collect();
        let (own, mut shape) = (Axes(own), site.shape(inputs[0]));
        shared.iter().for_each(|&axis| shape[axis - 1] = 1);
        let alpha = site.weight("alpha", &shape, weight!(self, alpha))?;
        let cols = volume(&shape);
        if own.0.is_empty() {
            let y = site.builder.tensor(&site.shape(inputs[0]));
            site.builder.push(Op::Rectify(Rectify { x: inputs[0], y, alpha, cols }));
            return Ok(y);
        }
        // What has a share of its own stands last, so that rows share it.
        let moved = site.axes_last(inputs[0], "shared_axes", &own)?;
        let y = site.builder.tensor(&site.shape(moved.x));
        site.builder.push(Op::Rectify(Rectify { x: moved.x, y, alpha, cols }));
        Ok(site.axes_back(&moved, y))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// An activation as a part of the op whose sums go into it, and what of it must come after that op.
    pub(super) fn fused(&self, activation: Activation) -> (Kernel, Activation) {
        match activation.kernel().filter(|&it| !needs_input(it) && !self.keep_apart) {
            Some(fused) => (fused, Activation::LINEAR),
            None => (Kernel::Linear, activation),
        }
    }

    /// What comes after the sums of a layer: its activation, and the penalty on what it gives out.
    pub(super) fn finish(
        &mut self,
        y: TensorId,
        activation: Activation,
        penalty: Option<&Regularizer>,
    ) -> Result<TensorId, Error> {
        let y = self.activation(activation, y)?;
        Ok(penalty.map_or(y, |penalty| self.activity_penalty(penalty, y)))
    }

    /// `f(x)`; `x` itself for linear. The gated linear unit takes two values for each that it gives.
    pub(super) fn activation(&mut self, activation: Activation, x: TensorId) -> Result<TensorId, Error> {
        if activation == Activation::LINEAR {
            return Ok(x);
        }
        let Some(kind) = activation.kernel() else { return self.of_rows(activation, x) };
        let y = self.builder.tensor(&self.shape(x));
        self.builder.push(Op::Activate(Activate { x, y, kind }));
        Ok(y)
    }

    /// An activation that looks at all values along an axis.
    fn of_rows(&mut self, activation: Activation, x: TensorId) -> Result<TensorId, Error> {
        let moved = self.axes_last(x, "activation.axis", &activation.axis())?;
        let mut shape = self.shape(moved.x);
        if activation.kind == ActivationKind::Glu {
            let last = shape.last().copied().unwrap_or(1);
            if !last.is_multiple_of(2) {
                let expected = "an even number of values to be gated, twice as many as are to come out";
                return Err(self.mismatch("activation", expected, &self.shape(x)));
            }
            shape.pop();
            shape.push(last / 2);
        }
        let y = self.builder.tensor(&shape);
        let (rows_each, cols) = rows_and_cols(&shape);
        let rowwise = |kind| Op::Rowwise(Rowwise { x: moved.x, y, kind, cols, rows_each });
        self.builder.push(match activation.kind {
            ActivationKind::LogSoftmax => rowwise(RowKind::LogSoftmax),
            ActivationKind::Sparsemax => rowwise(RowKind::Sparsemax),
            ActivationKind::Glu => rowwise(RowKind::Glu),
            _ => Op::Softmax(Softmax { x: moved.x, y, cols, rows_each }),
        });
        Ok(self.axes_back(&moved, y))
    }
}
