//! From a spec to a plan: every shape, every op, every place in memory, every mistake.
//!
//! ```text
//! spec --graph--> names and inputs --lower--> ops and shapes --loss--> what is compared with the target
//!      --fork--> one reader per tensor --layout--> spans in flat arenas
//! ```
//!
//! After it, a step cannot fail and allocates nothing. What a step does with a plan is in [`crate::program`].

mod build;
mod expect;
mod fork;
mod graph;
mod groups;
mod heads;
mod layout;
mod loss;
mod loss_axis;
mod lower;
mod metrics;
mod scores;
mod summary;
mod target;
mod tensor;

pub(crate) use build::{Features, Node, Tokens, volume};
pub(crate) use groups::Groups;
pub(crate) use layout::{BYTES_MAX, Extent, Room};
pub(crate) use loss::{Head, LossKernel};
pub(crate) use metrics::{Comparison, CountAnswer, Labels, MatrixAnswer, Rate};
pub(crate) use scores::Score;
pub use summary::{LayerSummary, Summary, TensorSummary};
pub use target::Target;
pub(crate) use tensor::{Cut, Parameter, ParameterId, Statistic, Tensor, TensorId, Twin};

use crate::arena::Span;
use crate::error::{Code, Error};
use crate::program::UpdateRule;
use crate::spec::{Loss, ModelSpec, TrainingSpec};
use build::Builder;
use graph::{End, Place};
use loss::Output;
use serde::{Deserialize, Serialize};

/// What goes in and what is to come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Io {
    /// Sizes of one row of features, without the batch.
    pub input: Vec<usize>,
    /// What is predicted, one for each output of the model.
    pub targets: Vec<Target>,
}

impl Io {
    /// A model with one output.
    pub fn single(input: Vec<usize>, target: Target) -> Self {
        Self { input, targets: vec![target] }
    }
}

/// Inference takes this many rows at a time, however small the batches of training are, ...
const INFERENCE_ROWS: usize = 64;

/// ... up to so many, where their values are no more than a part of what training holds of the weights: every block of rows
/// packs them anew ...
const MOST_INFERENCE_ROWS: usize = 128;
const INFERENCE_PART: usize = 10;

/// ... where they are no more values than these, and at least this many.
const INFERENCE_VALUES: usize = 1 << 18;
const FEWEST_ROWS: usize = 8;

/// Values of weights whose penalty is one partial sum; fixed, so that sums do not depend on threads.
pub(crate) const PENALTY_CHUNK: usize = 4096;

/// A model ready to run.
pub(crate) struct Plan {
    pub seed: u64,
    pub shuffle: bool,
    /// Rows of a full batch.
    pub batch: usize,
    /// Rows that values have room for.
    pub capacity: usize,
    pub tensors: Vec<Tensor>,
    pub parameters: Vec<Parameter>,
    /// Weights at further places.
    pub twins: Vec<Twin>,
    pub statistics: Vec<Statistic>,
    /// In the order of the forward pass.
    pub nodes: Vec<Node>,
    /// The features.
    pub features: TensorId,
    /// Those among them that are used as tokens.
    pub tokens: Vec<Tokens>,
    /// Losses, targets and predictions, one for each output.
    pub heads: Vec<Head>,
    /// Columns of the targets of all outputs, side by side.
    pub target_width: usize,
    pub penalty_parts: Span,
    /// Per-row penalties of activity regularizers, and how many of them one row of the batch has.
    pub row_penalties: Vec<(Span, usize)>,
    pub scores: Vec<Score>,
    /// Whether training has to make predictions as well, since scores read them.
    pub scores_need_prediction: bool,
    pub update: UpdateRule,
    pub extent: Extent,
    /// f32 of scratch for each thread.
    pub scratch_len: usize,
    pub bytes: u64,
    /// Bytes of it that predictions need: weights, statistics, values and scratch.
    pub prediction_bytes: u64,
    /// Floating-point operations of one training step of a full batch.
    pub flops: u64,
    /// Floating-point operations of the forward pass for one row.
    pub row_flops: u64,
    layers: Vec<PlacedLayer>,
}

/// A layer of the spec with its output in the plan.
struct PlacedLayer {
    place: Place,
    type_name: &'static str,
    activation: Option<&'static str>,
    output: TensorId,
    /// What its outputs behind the first are.
    further_outputs: Vec<String>,
}

impl Plan {
    /// Makes a plan for `threads` threads, or says what is wrong with the model or its training. A model that takes more
    /// than `bytes_max` is refused with the largest batch at which it would fit.
    pub fn compile(
        model: &ModelSpec,
        training: &TrainingSpec,
        io: &Io,
        threads: usize,
        bytes_max: u64,
    ) -> Result<Self, Error> {
        let with_room =
            |batch, rows| Self::with_batch(model, training, io, (threads, bytes_max), batch, rows);
        // Where that is too much, predictions take no more rows at a time than training, or one on each thread.
        let at = |batch: usize| match with_room(batch, FEWEST_ROWS) {
            Err(error) if error.code == Code::TooLarge && batch < FEWEST_ROWS => with_room(batch, threads),
            made => made,
        };
        at(training.batch_size).map_err(|error| match error.code {
            Code::TooLarge => {
                layout::with_fitting_batch(error, training.batch_size, |batch| at(batch).is_ok())
            }
            _ => error,
        })
    }

    fn with_batch(
        model: &ModelSpec,
        training: &TrainingSpec,
        io: &Io,
        (threads, bytes_max): (usize, u64),
        batch: usize,
        fewest_rows: usize,
    ) -> Result<Self, Error> {
        check_io(model, io)?;
        let places = graph::connect(model, volume(&io.input))?;
        let mut builder = Builder::default();
        let features = builder.tensor(&io.input);
        builder.drafts[features.0].features = Some(Features::Neighbours(0..volume(&io.input)));
        let ends = graph::outputs(model, &places, io.targets.len())?;
        let losses = heads::losses(training, &ends)?;
        let is_apart = |(end, (loss, _)): (&End, &(&Loss, f32))| {
            loss::from_logits(loss).filter(|_| end.output == 0).map(|_| end.layer)
        };
        let logits_apart: Vec<usize> = ends.iter().zip(&losses).filter_map(is_apart).collect();
        let lowered = lower::lower(&mut builder, model, &places, features, &logits_apart)?;
        let mut heads = Vec::with_capacity(ends.len());
        let mut target_width = 0;
        let ends_with = ends.iter().zip(losses).zip(&io.targets).enumerate();
        for (place, ((end, (loss, loss_weight)), &target)) in ends_with {
            let output = Output {
                end,
                tensor: lowered.end(end),
                loss,
                loss_weight,
                target,
                first_column: target_width,
                class_weight: &training.class_weight,
            };
            let head = loss::attach(&mut builder, model, output);
            heads.push(head.map_err(|error| heads::at_output(error, training, place, &end.name))?);
            target_width += target.width();
        }
        let names: Vec<&str> = ends.iter().map(|end| end.name.as_str()).collect();
        let scores = scores::choose(&mut builder, training, &heads, &names)?;
        fork::insert_forks(&mut builder, &mut heads);

        let update = UpdateRule::new(&training.optimizer, &builder.parameters);
        let weights: usize = builder.parameters.iter().fold(0, |sum, it| it.span.len.saturating_add(sum));
        let parts = if builder.parameters.iter().any(|it| it.penalty != (0.0, 0.0) || it.orthogonal.is_some())
        {
            builder.parameters.iter().map(|it| it.span.len.div_ceil(PENALTY_CHUNK)).sum()
        } else {
            0
        };
        let mut place = |capacity| layout::place(&mut builder, &mut heads, batch, capacity, parts);
        // What a row takes is known when everything has its place.
        let row = (place(batch).2.values / batch).max(1);
        // Weights, their gradients, what the optimizer keeps; and statistics once more, for the way back.
        let copies = 2 + update.slots.len() as u64;
        let part = (weights.saturating_mul(copies as usize) / INFERENCE_PART / row).min(MOST_INFERENCE_ROWS);
        let rows = INFERENCE_ROWS.max(part).min(INFERENCE_VALUES / row);
        let capacity = batch.max(rows.max(fewest_rows));
        let (tensors, penalty_parts, extent) = place(capacity);

        let more = update.factors_len() + update.sums_len() + update.work_len;
        let statistics: usize = builder.statistics.iter().map(|it| it.span.len).sum();
        let fixed = copies
            .saturating_mul(weights as u64)
            .saturating_add(2 * statistics as u64)
            .saturating_add(more as u64)
            .saturating_mul(4);
        let per_batch = (extent.values as u64).saturating_add(extent.gradients as u64).saturating_mul(4);
        let bytes = fixed.saturating_add(per_batch);
        layout::check_bytes(bytes, bytes_max, batch)?;

        let penalty = |node: &Node| Some((node.op.operation().row_penalty()?, node.times));
        let row_penalties = builder.nodes.iter().filter_map(penalty);
        let mut plan = Self {
            seed: training.seed,
            shuffle: training.shuffle,
            batch,
            capacity,
            row_penalties: row_penalties.collect(),
            tensors,
            features,
            tokens: builder.tokens,
            penalty_parts,
            scores_need_prediction: scores.iter().any(|score| is_made_by_head(&builder.nodes, score.reads)),
            scores,
            heads,
            target_width,
            update,
            extent,
            scratch_len: 0,
            bytes,
            prediction_bytes: 4 * (weights + statistics + extent.values) as u64,
            flops: 0,
            row_flops: 0,
            layers: summary::place_layers(model, places, lowered.outputs),
            parameters: builder.parameters,
            twins: builder.twins,
            statistics: builder.statistics,
            nodes: builder.nodes,
        };
        plan.measure(threads);
        layout::check_bytes(plan.bytes, bytes_max, batch)?;
        Ok(plan)
    }

    #[inline(always)] // Less than a call.
    pub fn tensor(&self, id: TensorId) -> &Tensor {
        &self.tensors[id.0]
    }

    /// The number of weights.
    pub fn weights(&self) -> usize {
        self.parameters.iter().map(|parameter| parameter.span.len).sum()
    }

    /// Values of a prediction: those of all outputs.
    pub fn prediction_width(&self) -> usize {
        self.heads.iter().map(|head| self.tensor(head.prediction).width).sum()
    }

    /// How many losses a row has at each output.
    pub fn losses(&self) -> impl Iterator<Item = usize> + '_ {
        self.heads.iter().map(|head| head.rows_each)
    }

    /// The names of the layers of the spec, in order.
    pub fn layer_names(&self) -> impl Iterator<Item = &str> + '_ {
        self.layers.iter().map(|layer| layer.place.name.as_str())
    }

    /// The output of the layer of that name.
    pub fn layer_output(&self, name: &str) -> Option<TensorId> {
        self.layers.iter().find(|layer| layer.place.name == name).map(|layer| layer.output)
    }

    /// The outputs of the layers of the spec, in order.
    pub fn layer_outputs(&self) -> impl Iterator<Item = TensorId> + '_ {
        self.layers.iter().map(|layer| layer.output)
    }

    /// Fills in scratch, bytes and operations, which the ops know.
    fn measure(&mut self, threads: usize) {
        let heads = self.heads.iter().map(|head| head.scratch_len).max().unwrap_or_default();
        let mut scratch = heads.max(self.update.scratch_len);
        let (mut forward, mut backward) = (0, 0);
        for node in &self.nodes {
            let op = node.op.operation();
            let flops = op.flops(self) * node.times as u64;
            forward += flops;
            let has_gradient = |id: TensorId| self.tensor(id).gradient.is_some();
            // Where nothing in front of it is trained, there is no gradient of the input to be made.
            let is_first = !node.op.clone().operation_mut().inputs().into_iter().any(|x| has_gradient(*x));
            if op.outputs().into_iter().any(has_gradient) {
                backward += op.backward_factor() * flops - if is_first { op.input_flops(self) } else { 0 };
            }
            // All heights of a batch: what a thread gets depends on the team.
            scratch = scratch.max(op.scratch_len(self, self.capacity.saturating_mul(node.times)));
        }
        self.row_flops = forward;
        let update = self.update.flops() * self.weights() as u64;
        self.flops = (forward + backward) * self.batch as u64 + update;
        self.scratch_len = scratch.next_multiple_of(crate::arena::LINE);
        let scratch = 4 * (self.scratch_len * threads) as u64;
        self.bytes += scratch;
        self.prediction_bytes += scratch;
    }
}

/// Whether training would not make that tensor: it is for predictions and scores.
pub(crate) fn is_made_by_head(nodes: &[Node], tensor: TensorId) -> bool {
    nodes.iter().any(|node| node.is_head && node.op.operation().outputs().contains(&tensor))
}

/// The data must give something to work on.
fn check_io(model: &ModelSpec, io: &Io) -> Result<(), Error> {
    if model.layers.is_empty() {
        return Err(Error::new(Code::Graph, "layers", "at least one layer", "none"));
    }
    if io.input.is_empty() || volume(&io.input) == 0 {
        let found = format!("shape {}", lower::shown(&io.input));
        return Err(Error::new(Code::Data, "data", "at least one feature", found));
    }
    io.targets.iter().try_for_each(|&target| check_target(target))
}

fn check_target(target: Target) -> Result<(), Error> {
    match target {
        Target::Values(0) => Err(Error::new(Code::Data, "data", "at least one target value", "none")),
        Target::Sequence { length: 0, .. } => {
            Err(Error::new(Code::Data, "data", "at least one target value", "none"))
        }
        Target::Classes(n) | Target::Sequence { classes: n, .. } if n < 2 => {
            Err(Error::new(Code::Data, "data", "at least two classes", n.to_string()))
        }
        _ => Ok(()),
    }
}
