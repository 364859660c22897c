//! Models and data that several tests use.
#![allow(dead_code, reason = "not every test uses all of it")]

use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Error, Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec};

/// Compiles JSON for one thread.
pub fn compile(layers: Value, training: Value, inputs: usize, target: Target) -> Result<Model, Error> {
    compile_on(Pool::single(), layers, training, inputs, target)
}

/// Compiles JSON for a pool.
pub fn compile_on(
    pool: Pool,
    layers: Value,
    training: Value,
    inputs: usize,
    target: Target,
) -> Result<Model, Error> {
    let model = ModelSpec::parse(&json!({ "version": 1, "layers": layers }))?;
    let training = TrainingSpec::parse(&training)?;
    Model::compile(&model, &training, &Io { input: vec![inputs], target }, pool)
}

/// Numbers from a seed that no test depends on: a linear congruential generator, uniform in [-1, 1).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1u64 << 24) as f32) * 2.0 - 1.0
    }

    /// A matrix of them.
    pub fn matrix(&mut self, rows: usize, cols: usize) -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, cols), || self.next())
    }

    /// Class indices as a column.
    pub fn classes(&mut self, rows: usize, classes: usize) -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, 1), || ((self.next() + 1.0) / 2.0 * classes as f32).floor())
    }
}

/// Targets that fit.
pub fn targets(numbers: &mut Numbers, rows: usize, target: Target) -> Array2<f32> {
    match target {
        Target::Values(n) => numbers.matrix(rows, n),
        Target::Binary => numbers.classes(rows, 2),
        Target::Classes(n) => numbers.classes(rows, n),
    }
}

/// Trains for whole epochs and returns the scores of the last one.
pub fn train_epochs(
    model: &mut Model,
    x: &Array2<f32>,
    y: &Array2<f32>,
    epochs: u32,
) -> tabgrad_core::Scores {
    let rows = Rows { x: x.view(), y: y.view() };
    let end = model.position().epoch + epochs;
    let mut last = tabgrad_core::Scores::default();
    while model.position().epoch < end {
        let trained = model.train(&rows, usize::MAX).unwrap();
        assert_eq!(trained.diverged, None);
        last = trained.epoch_end.unwrap_or(last);
    }
    last
}
