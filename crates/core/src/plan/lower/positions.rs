//! Where a step stands, made visible to layers that do not look at the order of steps; the shape stays.

use super::{Lower, Site};
use crate::error::Error;
use crate::ops::{AddPositions, Op, Positions, Rotate};
use crate::plan::TensorId;
use crate::spec::layers;

/// The longest wave of the angles, as in "Attention is all you need" and RoFormer.
const MAX_WAVELENGTH: f64 = 10_000.0;

impl Lower for layers::PositionEmbedding {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let [steps, dim] = site.steps(inputs[0])?;
        let length = self.sequence_length.unwrap_or(steps);
        if length < steps {
            return Err(site.mismatch(
                "sequence_length",
                format!("at least {steps}, the steps there are"),
                &[length],
            ));
        }
        let table = site.parameter("embeddings", &[length, dim], &self.initializer, None);
        Ok(site.add_positions(inputs[0], Positions::Learned(table)))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::SinusoidalPositionEncoding {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let [steps, dim] = site.steps(inputs[0])?;
        let value = |step: usize, j: usize| {
            let angle = step as f64 * libm::pow(self.max_wavelength, -((j / 2 * 2) as f64) / dim as f64);
            if j.is_multiple_of(2) { libm::sin(angle) } else { libm::cos(angle) }
        };
        let table = (0..steps * dim).map(|i| value(i / dim, i % dim) as f32).collect();
        Ok(site.add_positions(inputs[0], Positions::Fixed(table)))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::RotaryEmbedding {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shape = site.shape(inputs[0]);
        let (&steps, heads) = match shape.as_slice() {
            [steps, _] => (steps, 1),
            [steps, heads, _] => (steps, *heads),
            _ => return Err(site.mismatch("inputs", "steps of several values, such as (10, 4)", &shape)),
        };
        site.rotate(inputs[0], (steps, heads), "inputs", self.max_wavelength, self.scaling_factor)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// Steps, and values of each.
    pub(super) fn steps(&self, x: TensorId) -> Result<[usize; 2], Error> {
        let shape = self.shape(x);
        <[usize; 2]>::try_from(shape.as_slice())
            .map_err(|_| self.mismatch("inputs", "steps of several values, such as (10, 3)", &shape))
    }

    pub(super) fn add_positions(&mut self, x: TensorId, positions: Positions) -> TensorId {
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        self.builder.push(Op::AddPositions(AddPositions { x, y, positions }));
        y
    }

    /// `(steps, heads dim)` with every head turned by its position; `size` is the argument that says `dim`.
    pub(super) fn rotary(&mut self, x: TensorId, heads: usize, size: &str) -> Result<TensorId, Error> {
        let steps = self.shape(x)[0];
        self.rotate(x, (steps, heads), size, MAX_WAVELENGTH, 1.0)
    }

    fn rotate(
        &mut self,
        x: TensorId,
        (steps, heads): (usize, usize),
        argument: &str,
        max_wavelength: f64,
        scaling_factor: f64,
    ) -> Result<TensorId, Error> {
        let shape = self.shape(x);
        let dim = shape.iter().product::<usize>() / (steps * heads);
        if !dim.is_multiple_of(2) {
            return Err(self.mismatch(argument, "an even number of values for rotary positions", &[dim]));
        }
        let half = dim / 2;
        let angles: Vec<f64> = (0..steps * half)
            .map(|i| {
                let frequency = libm::pow(max_wavelength, -((2 * (i % half)) as f64) / dim as f64);
                (i / half) as f64 * frequency / scaling_factor
            })
            .collect();
        let y = self.builder.tensor(&shape);
        let cos = angles.iter().map(|angle| libm::cos(*angle) as f32).collect();
        let sin = angles.iter().map(|angle| libm::sin(*angle) as f32).collect();
        self.builder.push(Op::Rotate(Rotate { x, y, heads, half, cos, sin }));
        Ok(y)
    }
}
