//! Drives `tabgrad_core::Model` through a golden.

use std::collections::BTreeMap;

use tabgrad_core::{Io, Model, ModelSpec, Pool};

use crate::golden::Golden;
use crate::probe;

type Tensors = BTreeMap<String, Vec<f32>>;

/// A model with the golden's weights, and the golden's rows.
pub struct Run<'a> {
    golden: &'a Golden,
    model: Model,
    /// Losses of all rows of this epoch so far, added up.
    sum_before: f64,
}

/// What many steps gave.
pub struct Trajectory {
    /// The loss of every step.
    pub losses: Vec<f32>,
    /// Every tensor after the steps that were asked for.
    pub weights: BTreeMap<usize, Tensors>,
}

impl<'a> Run<'a> {
    /// Compiles the golden's model and gives it the golden's weights; every one of them must have its place.
    pub fn new(golden: &'a Golden) -> Self {
        Self::of(golden, &golden.model, golden.weights.clone())
    }

    fn of(golden: &'a Golden, model: &ModelSpec, mut given: Tensors) -> Self {
        let io = Io { input: golden.input.clone(), targets: golden.targets() };
        let compiled = Model::compile(model, &golden.training, &io, Pool::single());
        let mut model = compiled.unwrap_or_else(|error| panic!("{}: {error}", golden.name));
        let mut state = model.state();
        for tensor in state.tensors.iter_mut().filter(|tensor| !tensor.name.starts_with("optimizer/")) {
            let values = given.remove(&tensor.name);
            tensor.values = values.unwrap_or_else(|| panic!("{}: Keras has no {}", golden.name, tensor.name));
        }
        assert!(given.is_empty(), "{}: only Keras has {:?}", golden.name, given.keys());
        model.restore(&state).unwrap_or_else(|error| panic!("{}: {error}", golden.name));
        Self { golden, model, sum_before: 0.0 }
    }

    /// `predict` on all rows.
    pub fn predict(&mut self) -> Vec<f32> {
        let predicted = self.model.predict(self.golden.x());
        predicted.unwrap_or_else(|error| panic!("{}: {error}", self.golden.name)).iter().copied().collect()
    }

    /// `evaluate` on all rows, by Keras' names.
    pub fn scores(&mut self) -> BTreeMap<String, f32> {
        // As one batch, as Keras was asked.
        let batch = Some(self.golden.x().nrows());
        let scores = self.model.evaluate_in_batches(&self.golden.xy(), batch);
        let scores = scores.unwrap_or_else(|error| panic!("{}: {error}", self.golden.name));
        let Some(scores) = scores else { return BTreeMap::new() };
        scores.metrics.into_iter().chain([("loss".to_owned(), scores.loss)]).collect()
    }

    /// The gradients of the first step.
    pub fn first_gradients<'n>(mut self, names: impl Iterator<Item = &'n String>) -> Tensors {
        self.model.keep_gradients();
        self.step();
        let gradient = |name: &String| {
            let gradient = self.model.gradient(name);
            let gradient =
                gradient.unwrap_or_else(|| panic!("{}: there is no gradient of {name}", self.golden.name));
            (name.clone(), gradient.iter().copied().collect())
        };
        names.map(gradient).collect()
    }

    /// The gradient with respect to each input, seen through a layer that is put behind the input and changes nothing: flattened,
    /// times the identity, and back in its shape. The gradient of that kernel is `x^T d_x`, with a row and a column for every number
    /// of the input; the first is what that product is with Keras' `d_x`, the second what is found here.
    pub fn input_gradient(golden: &'a Golden, d_x: &[f32]) -> Vec<(String, Vec<f32>, Vec<f32>)> {
        let (model, inputs) = probe::put_behind_inputs(&golden.model, &golden.input);
        let mut weights = golden.weights.clone();
        for input in &inputs {
            let size = input.columns.len();
            let identity = (0..size * size).map(|i| if i % (size + 1) == 0 { 1.0 } else { 0.0 });
            weights.insert(input.kernel(), identity.collect());
        }
        let names: Vec<String> = inputs.iter().map(probe::Input::kernel).collect();
        let mut found = Self::of(golden, &model, weights).first_gradients(names.iter());
        let width = golden.input.iter().product();
        let of = |input: &probe::Input| {
            let found = found.remove(&input.kernel()).unwrap_or_default();
            (input.name.clone(), input.expected(golden.x(), d_x, width), found)
        };
        inputs.iter().map(of).collect()
    }

    /// `steps` steps, epoch after epoch; weights are kept after those in `keep`.
    pub fn train<T>(mut self, steps: usize, keep: &BTreeMap<usize, T>) -> Trajectory {
        let mut made = Trajectory { losses: Vec::new(), weights: BTreeMap::new() };
        for step in 1..=steps {
            made.losses.push(self.step());
            if keep.contains_key(&step) {
                let tensors = self.model.state().tensors.into_iter();
                made.weights.insert(step, tensors.map(|tensor| (tensor.name, tensor.values)).collect());
            }
        }
        made
    }

    /// One step, and the loss of its batch. The engine gives the mean over the epoch so far; the batch's own is what it adds to that.
    fn step(&mut self) -> f32 {
        let batch = self.golden.training.batch_size;
        let before = self.model.position().step_in_epoch * batch;
        let sum_before = self.sum_before;
        let rows = self.golden.xy();
        let trained =
            self.model.train(&rows, 1).unwrap_or_else(|error| panic!("{}: {error}", self.golden.name));
        assert_eq!((trained.steps, &trained.diverged), (1, &None), "{}: one step", self.golden.name);
        let mean =
            f64::from(trained.loss.unwrap_or_else(|| panic!("{}: a step has a loss", self.golden.name)));
        let sum = mean * (before + trained.rows) as f64;
        self.sum_before = if trained.epoch_end.is_some() { 0.0 } else { sum };
        ((sum - sum_before) / trained.rows as f64) as f32
    }
}
