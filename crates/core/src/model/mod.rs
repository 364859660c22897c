//! A model that trains, scores and predicts: what the other crates see of this one.

mod average;
mod callbacks;
mod epoch;
mod fit;
mod pace;
mod range_test;
mod rows;
mod state;
mod train;

pub use crate::program::Cause;
pub use callbacks::{EpochEnd, EpochLogs};
pub use fit::{EpochRecord, Fit, History, Validation};
pub use pace::StepPace;
pub use range_test::{RangePoint, RangeTest, suggested_rate};
pub use rows::Rows;
pub use state::{SavedProgress, State, StateTensor};
pub use train::{Divergence, Position, Trained};

use crate::arena::Arena;
use crate::error::{Code, Error};
use crate::plan::{BYTES_MAX, Comparison, Head, Io, Plan, Summary, TensorId};
use crate::program::{Course, Memory, ROW_GRAIN, Scores, Tally, WayBack, evaluate, pool_for, run_forward};
use crate::spec::callbacks::check_all;
use crate::spec::{ModelSpec, Reduction, TrainingSpec};
use ndarray::{Array2, ArrayView2, ArrayViewD, IxDyn, s};
use tabgrad_kernels::par::Pool;

/// A compiled model with its weights.
pub struct Model {
    plan: Plan,
    memory: Memory,
    /// Else there is memory for predictions alone.
    trains: bool,
    way_back: WayBack,
    course: Course,
    tally: Tally,
    /// Epochs that ended before those that the present training counts; negative where it counts from a later one.
    epoch_offset: i64,
    /// In place of the one that the spec says.
    learning_rate: Option<f32>,
    callbacks: Vec<callbacks::Running>,
    /// After how many training ends by itself.
    epochs: Option<u32>,
    /// The order of rows of an epoch, and which epoch and how many rows it is for.
    order: Vec<u32>,
    order_of: Option<(u32, usize)>,
    all_threads: Pool,
    one_thread: Pool,
}

impl Model {
    /// Makes a plan and allocates all its memory; every mistake in the model or the training is found here.
    ///
    /// # Errors
    /// The first mistake, with its path (`layers[2].units`, `training.loss`): arguments out of their range, shapes
    /// that do not fit, layers that are not connected as a network is, loss, metrics or callbacks that do not go with
    /// the output, or more memory than there is ([`Code::TooLarge`]).
    pub fn compile(model: &ModelSpec, training: &TrainingSpec, io: &Io, pool: Pool) -> Result<Self, Error> {
        Self::with_memory(model, training, io, pool, (true, BYTES_MAX))
    }

    /// The same where there are `bytes_max` of memory for it, of which [`Model::compile`] assumes what a tab mostly has.
    ///
    /// # Errors
    /// Those of [`Model::compile`]; [`Code::TooLarge`] where it takes more than that.
    pub fn compile_within(
        model: &ModelSpec,
        training: &TrainingSpec,
        io: &Io,
        pool: Pool,
        bytes_max: u64,
    ) -> Result<Self, Error> {
        Self::with_memory(model, training, io, pool, (true, bytes_max))
    }

    /// The same for a model that predicts and scores but does not train: without the memory for gradients and the
    /// optimizer ([`Summary::prediction_bytes`]). Its weights come from [`Model::restore_weights`].
    ///
    /// # Errors
    /// Those of [`Model::compile`].
    pub fn compile_for_prediction(
        model: &ModelSpec,
        training: &TrainingSpec,
        io: &Io,
        pool: Pool,
    ) -> Result<Self, Error> {
        Self::with_memory(model, training, io, pool, (false, BYTES_MAX))
    }

    fn with_memory(
        model: &ModelSpec,
        training: &TrainingSpec,
        io: &Io,
        pool: Pool,
        (trains, bytes_max): (bool, u64),
    ) -> Result<Self, Error> {
        let plan = Plan::compile(model, training, io, pool.threads(), bytes_max)?;
        let scores: Vec<&str> = plan.scores.iter().map(|score| score.name.as_str()).collect();
        check_all(&training.callbacks, &scores, &training.optimizer)?;
        let course = Course::default();
        let tally = Tally::new(&plan.scores);
        let make = if trains { Memory::new } else { Memory::for_prediction };
        let memory = make(&plan, pool.threads());
        Ok(Self {
            trains,
            epoch_offset: 0,
            way_back: WayBack::new(&memory),
            learning_rate: None,
            callbacks: training.callbacks.iter().map(callbacks::Running::new).collect(),
            epochs: training.epochs,
            plan,
            memory,
            course,
            tally,
            order: Vec::new(),
            order_of: None,
            all_threads: pool,
            one_thread: Pool::single(),
        })
    }

    /// Shapes, weights, bytes and operations.
    pub fn summary(&self) -> Summary {
        self.plan.summary()
    }

    /// The names of the outputs, in the order of their targets and predictions.
    pub fn outputs(&self) -> Vec<&str> {
        self.plan.heads.iter().map(|head| head.name.as_str()).collect()
    }

    /// How many losses a row has at each output: one, or one for every step, pixel or row of the last axis. As many
    /// weights can it have there ([`Rows::weights`]).
    pub fn losses(&self) -> Vec<usize> {
        self.plan.losses().collect()
    }

    /// The names of the scores in Keras' order: `loss`, those of single outputs, the metrics of each, then the weighted
    /// ones. In [`Scores`], a metric with several values has them under `name/0`, `name/1`, ...
    pub fn metrics_names(&self) -> Vec<&str> {
        let scores = &self.plan.scores;
        let (losses, metrics): (Vec<_>, Vec<_>) =
            scores.iter().partition(|score| score.comparison == Comparison::OutputLoss);
        let names = losses.into_iter().chain(metrics).map(|score| score.name.as_str());
        ["loss"].into_iter().chain(names).collect()
    }

    /// The very same start: weights, optimizer, statistics, callbacks, epoch and learning rate as after `compile`.
    pub fn reset(&mut self) {
        self.memory.reset(&self.plan);
        self.course = Course::default();
        self.tally.clear();
        self.learning_rate = None;
        self.begin_training();
        self.way_back.forget();
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        self.learning_rate_at(self.course.step)
    }

    /// The learning rate of a step, counted from 0: as a schedule has it there, or the number that was set in its place.
    pub fn learning_rate_at(&self, step: u64) -> f32 {
        self.learning_rate.unwrap_or_else(|| self.plan.update.learning_rate.at(step) as f32)
    }

    /// Sets the learning rate of all steps to come, in place of the training's number or schedule; what is negative or not
    /// finite counts as 0.
    pub fn set_learning_rate(&mut self, learning_rate: f32) {
        self.learning_rate = Some(if learning_rate.is_finite() { learning_rate.max(0.0) } else { 0.0 });
    }

    /// The training's own number or schedule says the learning rate again, whatever was set in its place.
    pub fn follow_schedule(&mut self) {
        self.learning_rate = None;
    }

    /// Loss and metrics of these rows, without training: no dropout, moving statistics. `None` when the loss is not
    /// finite or there are no rows.
    ///
    /// # Errors
    /// [`Code::Data`] for rows of another width than the model's, with values that no target can have, or with weights
    /// that do not fit.
    pub fn evaluate(&mut self, rows: &Rows<'_>) -> Result<Option<Scores>, Error> {
        self.evaluate_in_batches(rows, None)
    }

    /// The same, so many rows at a time: what a loss of whole batches (`dice`, `circle`, any that is a sum over them) looks at
    /// together, which no other loss depends on. There is memory for batches as large as those of training, and as a rule
    /// for 64 rows or more. Where nothing is said it is as much as there is memory for, and for sums a batch of training, so that
    /// both losses are of the same size.
    ///
    /// # Errors
    /// Those of [`Model::evaluate`]; [`Code::OutOfRange`] at `batch_size` for 0, and for more rows than there is
    /// memory for where a loss looks at whole batches.
    pub fn evaluate_in_batches(
        &mut self,
        rows: &Rows<'_>,
        batch_size: Option<usize>,
    ) -> Result<Option<Scores>, Error> {
        let rows = rows.check(&self.plan)?;
        let most = self.plan.capacity;
        let is_sum = self.plan.heads.iter().any(|head| head.reduction == Reduction::Sum);
        let batch = batch_size.unwrap_or(if is_sum { self.plan.batch } else { most });
        let is_fit = batch > 0 && (batch <= most || !self.plan.heads.iter().any(Head::is_of_batches));
        if !is_fit {
            return Err(no_such_batch(batch, most));
        }
        let batch = batch.min(most);
        let weights = self.look_at_average();
        let pool = self.pool_for_rows(rows.count.min(batch));
        let tally = evaluate(pool, &self.plan, &self.memory, (&rows.x, &rows.y, rows.weights()), batch);
        self.put_back(weights);
        Ok(tally.scores(&self.plan.scores))
    }

    /// Probabilities or values, `(rows, outputs)`, of `(rows, features)`; those of several outputs side by side.
    ///
    /// # Errors
    /// [`Code::Data`] for rows of another width than the model's, or with tokens that it has not.
    pub fn predict(&mut self, x: ArrayView2<'_, f32>) -> Result<Array2<f32>, Error> {
        let mut results = self.predict_each(x)?;
        if results.len() == 1 {
            return Ok(results.pop().unwrap_or_default());
        }
        let mut all = Array2::zeros((x.nrows(), self.plan.prediction_width()));
        let mut first = 0;
        for result in &results {
            let end = first + result.ncols();
            all.slice_mut(s![.., first..end]).assign(result);
            first = end;
        }
        Ok(all)
    }

    /// Probabilities or values of every output, `(rows, values)` each.
    ///
    /// # Errors
    /// Those of [`Model::predict`].
    pub fn predict_each(&mut self, x: ArrayView2<'_, f32>) -> Result<Vec<Array2<f32>>, Error> {
        let wanted: Vec<TensorId> = self.plan.heads.iter().map(|head| head.prediction).collect();
        self.values_of(x, &wanted)
    }

    /// The output of every layer, `(rows, width)` each, for `(rows, features)`; as in prediction.
    ///
    /// # Errors
    /// Those of [`Model::predict`].
    pub fn probe(&mut self, x: ArrayView2<'_, f32>) -> Result<Vec<Array2<f32>>, Error> {
        let wanted: Vec<TensorId> = self.plan.layer_outputs().collect();
        self.values_of(x, &wanted)
    }

    /// The output of the layer called `name`, `(rows, width)`, for `(rows, features)`; as in prediction.
    ///
    /// # Errors
    /// If there is no such layer, or the rows do not fit.
    pub fn layer_output(&mut self, name: &str, x: ArrayView2<'_, f32>) -> Result<Array2<f32>, Error> {
        let Some(output) = self.plan.layer_output(name) else {
            let known: Vec<&str> = self.plan.layer_names().collect();
            return Err(Error::unknown("name", "a layer", name, &known));
        };
        Ok(self.values_of(x, &[output])?.pop().unwrap_or_default())
    }

    fn values_of(&mut self, x: ArrayView2<'_, f32>, wanted: &[TensorId]) -> Result<Vec<Array2<f32>>, Error> {
        let (x, rows) = rows::features(&self.plan, x)?;
        let weights = self.look_at_average();
        let pool = self.pool_for_rows(rows);
        let results = run_forward(pool, &self.plan, &self.memory, &x, wanted);
        self.put_back(weights);
        let array = |(result, &id): (Arena, &TensorId)| {
            let shape = (rows, self.plan.tensor(id).width);
            Array2::from_shape_vec(shape, result.as_slice().to_vec()).expect("rows * width values were made")
        };
        Ok(results.into_iter().zip(wanted).map(array).collect())
    }

    fn pool_for_rows(&self, rows: usize) -> &Pool {
        // So few rows are one thread's: waking the others would only cost.
        if rows <= ROW_GRAIN {
            return &self.one_thread;
        }
        let flops = self.plan.row_flops.saturating_mul(rows as u64);
        pool_for(&self.all_threads, &self.one_thread, flops)
    }

    /// All weights, one after the other, as [`Summary::tensors`] says.
    pub fn parameters(&self) -> &[f32] {
        self.memory.parameters.as_slice()
    }

    /// The weights called `name`, such as `dense/kernel`.
    pub fn tensor(&self, name: &str) -> Option<ArrayViewD<'_, f32>> {
        self.view(name, &self.memory.parameters)
    }

    /// From now on training keeps its gradients, in as much memory more as the weights take: see [`Model::gradient`].
    pub fn keep_gradients(&mut self) {
        let weights = self.memory.parameter_gradients.len();
        self.memory.kept_gradients.get_or_insert_with(|| Arena::new(weights));
    }

    /// The gradient of the weights called `name` in the last training step, as the optimizer took it: with penalties, clipped.
    /// `None` before [`Model::keep_gradients`] and in a model that only predicts.
    pub fn gradient(&self, name: &str) -> Option<ArrayViewD<'_, f32>> {
        self.view(name, self.memory.kept_gradients.as_ref().filter(|_| self.trains)?)
    }

    fn view<'a>(&self, name: &str, arena: &'a Arena) -> Option<ArrayViewD<'a, f32>> {
        let parameter = self.plan.parameters.iter().find(|parameter| parameter.name == name)?;
        let span = parameter.span;
        let values = &arena.as_slice()[span.start..span.start + span.len];
        ArrayViewD::from_shape(IxDyn(&parameter.shape), values).ok()
    }
}

#[cold]
fn no_such_batch(batch: usize, most: usize) -> Error {
    let expected = format!("a number from 1 to {most}");
    let error = Error::new(Code::OutOfRange, "batch_size", expected, batch.to_string());
    error.hint("compile the training with a larger batch_size")
}
