//! Loss, target and output of a model must go together: which kernel runs, on which tensor, and what is predicted.
//!
//! A cross-entropy takes logits. A model that ends in sigmoid or softmax gives them one op earlier, and the loss takes
//! them there; a model that gives logits itself (`from_logits`) gets the op that makes probabilities of them appended.
//! On probabilities that come from elsewhere, the loss is computed from them, clipped as Keras does.

use super::build::{Builder, Node, volume};
use super::graph::End;
use super::groups::Groups;
use super::layout::Room;
use super::loss_axis::LossAxis;
use super::lower::shown;
use super::target::Target;
use super::tensor::TensorId;
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::ops::{Activate, Op, Softmax};
use crate::spec::{ActivationKind, Layer, Loss, LossKind, ModelSpec, Reduction};
use tabgrad_kernels::activation::Activation as Kernel;
use tabgrad_kernels::loss::{Circle, Overlap, Term, ctc_room};

/// The kernel that computes a loss.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LossKernel {
    Terms(Term),
    /// On logits.
    Crossentropy,
    /// On probabilities.
    Focal {
        /// One for all classes or one for each.
        alpha: Vec<f32>,
        gamma: f32,
    },
    Generalized {
        q: f32,
    },
    Cosine,
    CategoricalHinge,
    Overlap {
        overlap: Overlap,
        groups: Groups,
    },
    Circle(Circle),
    Ctc,
}

/// Where the loss of one output is taken, with which targets, and where predictions are read.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// The output's name.
    pub name: String,
    /// What its loss is multiplied with in the sum of all losses.
    pub loss_weight: f32,
    /// The first column of its targets among those of all outputs.
    pub first_column: usize,
    pub kernel: LossKernel,
    /// How the losses of a batch become one number.
    pub reduction: Reduction,
    /// What the loss takes: logits for cross-entropies.
    pub loss_input: TensorId,
    /// Probabilities or values.
    pub prediction: TensorId,
    /// The same as scores read them: along the axis of the loss.
    pub compared: TensorId,
    /// Whether the layer gives logits, of which predictions are the probabilities.
    pub gives_logits: bool,
    pub target: Target,
    /// Where each number of a row of targets stands in the data, if not in this order.
    pub target_places: Vec<u32>,
    /// Whether a target is the number of a class, not a number for every output.
    pub is_class: bool,
    /// Label smoothing: targets are `keep * t + add`.
    pub keep: f32,
    pub add: f32,
    /// The class whose targets count for nothing.
    pub ignore_class: Option<f32>,
    /// Outputs that one loss is of: the last axis.
    pub cols: usize,
    /// Rows of them that one row of the batch has, each with a loss of its own.
    pub rows_each: usize,
    /// f32 of scratch.
    pub scratch_len: usize,
    /// `(capacity, target width)`
    pub target_span: Span,
    /// `(capacity, rows_each)`
    pub row_loss: Span,
    /// What the rows of each class count in training; empty: all alike.
    pub class_weight: Vec<f32>,
    /// Which steps of the output count, `(rows_each)`.
    pub mask: Option<TensorId>,
    /// What each row's loss is multiplied with, `(capacity, rows_each)`: at first what the data say that it counts.
    pub row_weight: Span,
    /// Which of them count at all, 0 or 1, `(capacity, rows_each)`, where not all do: what metrics see.
    pub scored: Option<Span>,
    /// How many of a row's losses count, or how much where that is what is divided by: `(capacity)`, where not all count alike.
    pub valid: Option<Span>,
    /// What a loss of whole batches needs of every row: `(capacity, rows_each * sums_each)`.
    pub sums: Option<Span>,
}

impl Head {
    /// Sums of a row that losses of whole batches exchange.
    pub fn sums_each(&self) -> usize {
        match self.kernel {
            LossKernel::Overlap { ref groups, .. } => 3 * groups.of_each(self.cols),
            LossKernel::Circle(_) => 2,
            _ => 0,
        }
    }

    /// Whether the loss of many rows is another one when they come in other batches.
    pub fn is_of_batches(&self) -> bool {
        self.reduction != Reduction::SumOverBatchSize
            || match &self.kernel {
                LossKernel::Overlap { groups, .. } => groups.over_batch,
                kernel => matches!(kernel, LossKernel::Circle(_)),
            }
    }

    /// Whether the sum of what the rows count is what their losses are divided by.
    pub fn divides_by_weights(&self) -> bool {
        self.reduction == Reduction::MeanWithSampleWeight
    }

    /// Rows of outputs for each loss that a batch of so many rows has.
    pub fn rows_of_a_loss(&self, batch: usize) -> f64 {
        match &self.kernel {
            LossKernel::Overlap { groups, .. } => {
                let rows = if groups.over_batch { batch } else { 1 } * groups.size;
                rows as f64 / groups.of_each(self.cols) as f64
            }
            _ => 1.0,
        }
    }

    /// Asks for the memory of targets and losses.
    pub fn place(&mut self, room: &mut Room<'_>) {
        self.target_span = room.value_rows(self.target.width());
        self.row_loss = room.value_rows(self.rows_each);
        let is_circle = matches!(self.kernel, LossKernel::Circle(_));
        self.row_weight = room.value_rows(self.rows_each);
        if self.ignore_class.is_some() || self.mask.is_some() || is_circle || self.divides_by_weights() {
            self.valid = Some(room.value_rows(1));
        }
        if self.ignore_class.is_some() || self.mask.is_some() {
            self.scored = Some(room.value_rows(self.rows_each));
        }
        if self.sums_each() > 0 {
            self.sums = Some(room.value_rows(self.rows_each * self.sums_each()));
        }
    }
}

/// Whether this loss is a cross-entropy, and if so whether the model gives logits.
pub(crate) fn from_logits(loss: &Loss) -> Option<bool> {
    match &loss.kind {
        LossKind::BinaryCrossentropy(it) => Some(it.from_logits),
        LossKind::BinaryFocalCrossentropy(it) => Some(it.from_logits),
        LossKind::CategoricalCrossentropy(it) => Some(it.from_logits),
        LossKind::CategoricalFocalCrossentropy(it) => Some(it.from_logits),
        LossKind::SparseCategoricalCrossentropy(it) => Some(it.from_logits),
        _ => None,
    }
}

/// An output of the model with its loss and its targets.
#[derive(Clone, Copy)]
pub(crate) struct Output<'a> {
    pub end: &'a End,
    pub tensor: TensorId,
    pub loss: &'a Loss,
    pub loss_weight: f32,
    pub target: Target,
    /// The first column of its targets among those of all outputs.
    pub first_column: usize,
    /// What the rows of each class count in training.
    pub class_weight: &'a [f64],
}

/// Joins an output to its loss.
pub(crate) fn attach(builder: &mut Builder, model: &ModelSpec, output: Output<'_>) -> Result<Head, Error> {
    let Output { end, loss, target, .. } = output;
    let place = (model, end.layer);
    let shape = builder.shape(output.tensor).to_vec();
    let moved = LossAxis::of(loss, &shape)?;
    let (output_tensor, shape) = match &moved {
        Some(moved) => (builder.transposed(output.tensor, &moved.order), moved.shape.clone()),
        None => (output.tensor, shape),
    };
    let kernel = kernel_of(loss, &shape)?;
    let sides = sides(loss);
    let fit = fit(loss, sides, target)?;
    check_output(&shape, &fit, sides, place, target)?;
    let cols = shape.last().copied().unwrap_or(1);
    check_softmax(builder, place, output_tensor, cols)?;
    let (is_ctc, is_circle) = (kernel == LossKernel::Ctc, matches!(kernel, LossKernel::Circle(_)));
    let smoothing = smoothing(loss);
    let rows_each = if is_ctc || is_circle { 1 } else { volume(&shape) / cols.max(1) };
    let mask = builder.drafts[output_tensor.0].mask.filter(|&mask| volume(builder.shape(mask)) == rows_each);
    let mut head = Head {
        name: end.name.clone(),
        loss_weight: output.loss_weight,
        first_column: output.first_column,
        kernel,
        reduction: loss.common.reduction,
        loss_input: output_tensor,
        prediction: output_tensor,
        compared: output_tensor,
        target_places: Vec::new(),
        gives_logits: from_logits(loss) == Some(true),
        target,
        is_class: fit.is_class,
        keep: 1.0 - smoothing,
        add: smoothing * if sides == Sides::Each { 0.5 } else { 1.0 / cols as f32 },
        ignore_class: match &loss.kind {
            LossKind::SparseCategoricalCrossentropy(it) => it.ignore_class.map(|class| class as f32),
            _ => None,
        },
        cols,
        rows_each,
        scratch_len: if is_ctc { ctc_room(shape[0], cols, target.width()) } else { 0 },
        target_span: Span::new(0, 0),
        row_loss: Span::new(0, 0),
        class_weight: class_weight(output.class_weight, target, (sides == Sides::Classes).then_some(cols))?,
        mask,
        row_weight: Span::new(0, 0),
        scored: None,
        valid: None,
        sums: None,
    };
    if let Some(from_logits) = from_logits(loss) {
        take_probabilities(builder, place, loss, sides == Sides::Each, from_logits, &mut head)?;
    }
    head.compared = head.prediction;
    if let Some(moved) = &moved {
        see_along(builder, moved, output.tensor, &mut head);
    }
    Ok(head)
}

/// Predictions and targets lie along the axes of the output, the loss and its metrics along those of the loss.
#[inline(never)]
fn see_along(builder: &mut Builder, moved: &LossAxis, output: TensorId, head: &mut Head) {
    head.prediction = if head.gives_logits {
        let back = builder.transposed(head.prediction, &moved.back());
        if let Some(node) = builder.nodes.last_mut() {
            node.is_head = true;
        }
        back
    } else {
        output
    };
    if !head.is_class {
        head.target_places = moved.places();
    }
}

/// A softmax over one value is always 1, and nothing can be learnt behind it.
fn check_softmax(builder: &Builder, place: Place<'_>, output: TensorId, cols: usize) -> Result<(), Error> {
    if cols > 1 || !builder.nodes.iter().any(|node| makes_this(node, output, false)) {
        return Ok(());
    }
    Err(always_one(place))
}

#[cold]
fn always_one(place: Place<'_>) -> Error {
    let is_softmax = |layer: &Layer| layer.kind.type_name() == "softmax";
    let is_itself = place.0.layers.get(place.1).is_some_and(is_softmax);
    let path = path_of(place) + if is_itself { "" } else { ".activation" };
    let error = Error::new(Code::Mismatch, path, "\"sigmoid\" for one output", "\"softmax\"");
    error.hint("a softmax over one value is always 1")
}

/// A weight for each class, where the target has classes; `one_hot`: so many where it has a number for each of them.
fn class_weight(weights: &[f64], target: Target, one_hot: Option<usize>) -> Result<Vec<f32>, Error> {
    let given = weights.len();
    let classes = target.classes().or(one_hot);
    if given > 0 && classes != Some(given) {
        let expected = match classes {
            Some(classes) => format!("{classes} weights for {}", target.shown()),
            None => format!("nothing for {}", target.shown()),
        };
        return Err(Error::new(Code::Mismatch, "training.class_weight", expected, given.to_string()));
    }
    Ok(weights.iter().map(|&weight| weight as f32).collect())
}

/// Where a cross-entropy finds logits or probabilities.
fn take_probabilities(
    builder: &mut Builder,
    place: Place<'_>,
    loss: &Loss,
    is_binary: bool,
    from_logits: bool,
    head: &mut Head,
) -> Result<(), Error> {
    let output = head.loss_input;
    let path = || format!("{}.activation", path_of(place));
    let wanted = if is_binary { "sigmoid" } else { "softmax" };
    let is_focal = !matches!(head.kernel, LossKernel::Crossentropy | LossKernel::Terms(Term::BinaryLogits));
    let maker = builder.nodes.iter().position(|node| node.op.operation().outputs().contains(&output));
    let maker = maker.map(|at| &builder.nodes[at]);
    let ends_in_it = maker.is_some_and(|node| makes_this(node, output, is_binary));
    if from_logits {
        if maker.is_some_and(|node| makes_probabilities(node, output)) {
            let expected = "linear, since the loss is from_logits";
            return Err(Error::new(Code::Mismatch, path(), expected, wanted));
        }
        head.prediction = append_probabilities(builder, output, is_binary, !is_focal);
        if is_focal {
            // The focal losses work on probabilities, so these are part of training.
            head.loss_input = head.prediction;
        }
        return Ok(());
    }
    if is_focal {
        return check_range(place, wanted, loss);
    }
    let reads = |node: &mut Node| node.op.operation_mut().inputs().iter().any(|x| **x == output);
    let is_read = builder.nodes.iter_mut().any(reads);
    if let Some(node) =
        builder.nodes.iter_mut().find(|node| ends_in_it && makes_this(node, output, is_binary))
    {
        // Where another layer takes the probabilities as well, making them is part of training.
        node.is_head = !is_read;
        head.loss_input = match &node.op {
            Op::Softmax(op) => op.x,
            Op::Activate(op) => op.x,
            _ => output,
        };
        return Ok(());
    }
    check_range(place, wanted, loss)?;
    head.kernel = if is_binary {
        LossKernel::Terms(Term::BinaryProbability { gamma: 0.0, yes: 1.0, no: 1.0 })
    } else {
        LossKernel::Focal { alpha: vec![1.0], gamma: 0.0 }
    };
    Ok(())
}

/// An activation that is known not to give probabilities is a mistake in front of a cross-entropy; what averages,
/// multiplies or moves probabilities is not.
fn check_range(place: Place<'_>, wanted: &str, loss: &Loss) -> Result<(), Error> {
    let activation = place.0.layers.get(place.1).and_then(|layer| layer.kind.lowering().activation());
    let Some(activation) = activation else { return Ok(()) };
    if matches!(activation.kind, ActivationKind::Sigmoid | ActivationKind::Softmax) {
        return Ok(());
    }
    let path = format!("{}.activation", path_of(place));
    let found = format!("{:?}", activation.name());
    Err(Error::new(Code::Mismatch, path, format!("{wanted:?} for {}", loss.type_name()), found)
        .hint("or set from_logits of the loss to true if the last layer gives logits"))
}

/// The kernel of a loss on outputs of this shape; for cross-entropies the one on logits.
fn kernel_of(loss: &Loss, shape: &[usize]) -> Result<LossKernel, Error> {
    Ok(match &loss.kind {
        LossKind::MeanSquaredError(_) => LossKernel::Terms(Term::Squared),
        LossKind::MeanAbsoluteError(_) => LossKernel::Terms(Term::Absolute),
        LossKind::MeanAbsolutePercentageError(_) => LossKernel::Terms(Term::Percentage),
        LossKind::MeanSquaredLogarithmicError(_) => LossKernel::Terms(Term::SquaredLogarithmic),
        LossKind::Huber(it) => LossKernel::Terms(Term::Huber { delta: it.delta as f32 }),
        LossKind::LogCosh(_) => LossKernel::Terms(Term::LogCosh),
        LossKind::Poisson(_) => LossKernel::Terms(Term::Poisson),
        LossKind::KlDivergence(_) => LossKernel::Terms(Term::Divergence),
        LossKind::Hinge(_) => LossKernel::Terms(Term::Hinge),
        LossKind::SquaredHinge(_) => LossKernel::Terms(Term::SquaredHinge),
        LossKind::BinaryCrossentropy(_) => LossKernel::Terms(Term::BinaryLogits),
        LossKind::BinaryFocalCrossentropy(it) => {
            let alpha = it.alpha as f32;
            let (yes, no) = if it.apply_class_balancing { (alpha, 1.0 - alpha) } else { (1.0, 1.0) };
            LossKernel::Terms(Term::BinaryProbability { gamma: it.gamma as f32, yes, no })
        }
        LossKind::CategoricalCrossentropy(_) | LossKind::SparseCategoricalCrossentropy(_) => {
            LossKernel::Crossentropy
        }
        LossKind::CategoricalFocalCrossentropy(it) => {
            let classes = shape.last().copied().unwrap_or(1);
            if !it.alpha.fits(classes) {
                let expected = format!("a number, or {classes} of them: one for each class");
                let found = it.alpha.0.len().to_string();
                return Err(Error::new(Code::Mismatch, "training.loss.alpha", expected, found));
            }
            LossKernel::Focal { alpha: it.alpha.each(), gamma: it.gamma as f32 }
        }
        LossKind::CategoricalGeneralizedCrossEntropy(it) => LossKernel::Generalized { q: it.q as f32 },
        LossKind::CosineSimilarity(_) => LossKernel::Cosine,
        LossKind::CategoricalHinge(_) => LossKernel::CategoricalHinge,
        LossKind::Dice(it) => {
            LossKernel::Overlap { overlap: Overlap::DICE, groups: Groups::of(it.axis.as_ref(), shape)? }
        }
        LossKind::Tversky(it) => {
            let overlap = Overlap {
                alpha: it.alpha as f32,
                beta: it.beta as f32,
                epsilon: tabgrad_kernels::loss::EPSILON,
            };
            LossKernel::Overlap { overlap, groups: Groups::of(it.axis.as_ref(), shape)? }
        }
        LossKind::Circle(it) => LossKernel::Circle(Circle {
            gamma: it.gamma as f32,
            margin: it.margin as f32,
            remove_diagonal: it.remove_diagonal,
        }),
        LossKind::Ctc(_) => LossKernel::Ctc,
    })
}

/// What a loss sees in its outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sides {
    /// Each output has a target of its own.
    Each,
    /// The outputs are classes, of which the target names one.
    Classes,
    /// Either.
    Both,
    /// The outputs are a place, and the target says which places should be near.
    Place,
    /// The outputs are steps of classes, and the target a sequence of labels.
    Labels,
}

fn sides(loss: &Loss) -> Sides {
    match &loss.kind {
        LossKind::CategoricalCrossentropy(_)
        | LossKind::SparseCategoricalCrossentropy(_)
        | LossKind::CategoricalFocalCrossentropy(_)
        | LossKind::CategoricalGeneralizedCrossEntropy(_)
        | LossKind::CategoricalHinge(_) => Sides::Classes,
        LossKind::KlDivergence(_)
        | LossKind::CosineSimilarity(_)
        | LossKind::Dice(_)
        | LossKind::Tversky(_) => Sides::Both,
        LossKind::Circle(_) => Sides::Place,
        LossKind::Ctc(_) => Sides::Labels,
        _ => Sides::Each,
    }
}

fn smoothing(loss: &Loss) -> f32 {
    let share = match &loss.kind {
        LossKind::BinaryCrossentropy(it) => it.label_smoothing,
        LossKind::BinaryFocalCrossentropy(it) => it.label_smoothing,
        LossKind::CategoricalCrossentropy(it) => it.label_smoothing,
        LossKind::CategoricalFocalCrossentropy(it) => it.label_smoothing,
        _ => 0.0,
    };
    share as f32
}

/// How outputs and targets meet.
struct Fit {
    /// Whether a target is the number of a class.
    is_class: bool,
    /// Outputs of a row; `None` where any number will do.
    outputs: Option<usize>,
}

/// Whether loss and target go together, and how many outputs they want.
fn fit(loss: &Loss, sides: Sides, target: Target) -> Result<Fit, Error> {
    let unfit = |expected: &str| {
        let found = format!("{:?} and {}", loss.type_name(), target.shown());
        Err(Error::new(Code::Mismatch, "training.loss", expected, found))
    };
    let each = |outputs| Ok(Fit { is_class: false, outputs: Some(outputs) });
    let class = |outputs| Ok(Fit { is_class: true, outputs });
    let one_of = |classes, length| class(Some(classes * length));
    // These need to know which class it is, not how much of each.
    let needs_class = matches!(
        loss.kind,
        LossKind::SparseCategoricalCrossentropy(_) | LossKind::CategoricalGeneralizedCrossEntropy(_)
    );
    match (sides, target) {
        (Sides::Each | Sides::Both, Target::Values(n)) => each(n),
        (Sides::Each | Sides::Both, Target::Binary) => each(1),
        (Sides::Each, _) => unfit("sparse_categorical_crossentropy for a target of several classes"),
        (Sides::Both | Sides::Classes, Target::Classes(n)) => one_of(n, 1),
        (Sides::Both | Sides::Classes, Target::Sequence { classes, length }) => one_of(classes, length),
        (Sides::Classes, Target::Binary) => one_of(2, 1),
        (Sides::Classes, Target::Values(n)) if n >= 2 && !needs_class => each(n),
        (Sides::Classes, Target::Values(_)) => unfit("mean_squared_error or another loss for numbers"),
        (Sides::Place, Target::Binary | Target::Classes(_)) => class(None),
        (Sides::Labels, Target::Sequence { .. }) => class(None),
        (Sides::Place, _) => unfit("a loss for numbers, or a target of classes"),
        (Sides::Labels, _) => unfit("a target of labels in a sequence"),
    }
}

/// The output has as many values as the target wants, and steps where the target has them.
fn check_output(
    shape: &[usize],
    fit: &Fit,
    sides: Sides,
    place: Place<'_>,
    target: Target,
) -> Result<(), Error> {
    let last = path_of(place);
    let wrong_shape = |expected: String, hint: &str| {
        let error = Error::new(Code::Mismatch, path_of(place), expected, format!("shape {}", shown(shape)));
        Err(if hint.is_empty() { error } else { error.hint(hint) })
    };
    let is_row = shape.len() == 1;
    match target {
        Target::Sequence { classes, length } => {
            let is_ctc = sides == Sides::Labels;
            let steps = volume(&shape[..shape.len().saturating_sub(1)]);
            let fits = if is_ctc {
                shape.len() == 2 && steps >= length
            } else {
                shape.len() >= 2 && steps == length
            };
            if fits && shape.last() == Some(&classes) {
                return Ok(());
            }
            let at_least = if is_ctc { "at least " } else { "" };
            let hint = if is_row { "a recurrent layer gives all steps with return_sequences" } else { "" };
            return wrong_shape(format!("{at_least}{length} steps of {classes} outputs"), hint);
        }
        // A number for every output, however they lie.
        Target::Values(_) => {}
        Target::Binary | Target::Classes(_) if !is_row => {
            return wrong_shape("one row of outputs".into(), "put a flatten layer in front of it");
        }
        _ => {}
    }
    let found = volume(shape);
    let Some(outputs) = fit.outputs.filter(|&outputs| outputs != found) else { return Ok(()) };
    if !is_row {
        let expected = match outputs {
            1 => "one row of outputs".into(),
            _ => format!("{outputs} outputs for {}", target.shown()),
        };
        return wrong_shape(expected, "put a flatten layer in front of it");
    }
    let argument = place.0.layers.get(place.1).and_then(|layer| layer.kind.lowering().outputs_argument());
    let path = argument.map_or(last.clone(), |argument| format!("{last}.{argument}"));
    let expected = format!("{outputs} for {}", target.shown());
    Err(Error::new(Code::Mismatch, path, expected, found.to_string()))
}

/// A model and the layer in it whose output is looked at.
type Place<'a> = (&'a ModelSpec, usize);

fn path_of((_, layer): Place<'_>) -> String {
    format!("layers[{layer}]")
}

fn makes_this(node: &Node, output: TensorId, is_binary: bool) -> bool {
    match &node.op {
        Op::Activate(op) => is_binary && op.kind == Kernel::Sigmoid && op.y == output,
        Op::Softmax(op) => !is_binary && op.y == output,
        _ => false,
    }
}

fn makes_probabilities(node: &Node, output: TensorId) -> bool {
    makes_this(node, output, true) || makes_this(node, output, false)
}

/// Sigmoid or softmax behind the logits; a head takes no part in training.
pub(super) fn append_probabilities(
    builder: &mut Builder,
    logits: TensorId,
    is_binary: bool,
    is_head: bool,
) -> TensorId {
    let shape = builder.shape(logits).to_vec();
    let y = builder.tensor(&shape);
    let cols = shape.last().copied().unwrap_or(1);
    builder.push(if is_binary {
        Op::Activate(Activate { x: logits, y, kind: Kernel::Sigmoid })
    } else {
        Op::Softmax(Softmax { x: logits, y, cols, rows_each: volume(&shape) / cols.max(1) })
    });
    if let Some(node) = builder.nodes.last_mut() {
        node.is_head = is_head;
    }
    y
}
