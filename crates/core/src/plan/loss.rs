//! Loss, target and output of a model must go together: which kernel runs, on which tensor, and what is predicted.
//!
//! A cross-entropy takes logits. A model that ends in sigmoid or softmax gives them one op earlier, and the loss takes
//! them there; a model that gives logits itself (`from_logits`) gets the op that makes probabilities of them appended.

use super::build::{Builder, Node};
use super::lower::shown;
use super::tensor::TensorId;
use crate::error::{Code, Error};
use crate::ops::{Activate, Op, Softmax};
use crate::spec::{LayerKind, Loss, ModelSpec};
use serde::{Deserialize, Serialize};
use tabgrad_kernels::activation::Activation as Kernel;

/// What is to be predicted, and so what a row of targets holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This many numbers.
    Values(usize),
    /// 0 or 1.
    Binary,
    /// One of this many classes, as a whole number from 0.
    Classes(usize),
}

impl Target {
    /// Columns of the targets.
    pub fn width(self) -> usize {
        match self {
            Self::Values(width) => width,
            Self::Binary | Self::Classes(_) => 1,
        }
    }

    /// How error messages call it.
    fn shown(self) -> String {
        match self {
            Self::Values(1) => "a number as target".into(),
            Self::Values(n) => format!("{n} numbers as target"),
            Self::Binary => "a target of yes or no".into(),
            Self::Classes(n) => format!("a target of {n} classes"),
        }
    }
}

/// The kernel that computes a loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LossKernel {
    MeanSquaredError,
    MeanAbsoluteError,
    Huber { delta: f32 },
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
}

/// Where the loss is taken and where predictions are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub kernel: LossKernel,
    /// What the loss takes: logits for cross-entropies.
    pub loss_input: TensorId,
    /// Probabilities or values.
    pub prediction: TensorId,
}

/// Whether this loss is a cross-entropy, and if so whether the model gives logits.
pub(crate) fn from_logits(loss: &Loss) -> Option<bool> {
    match loss {
        Loss::BinaryCrossentropy(it) => Some(it.from_logits),
        Loss::CategoricalCrossentropy(it) => Some(it.from_logits),
        Loss::SparseCategoricalCrossentropy(it) => Some(it.from_logits),
        Loss::MeanSquaredError(_) | Loss::MeanAbsoluteError(_) | Loss::Huber(_) => None,
    }
}

/// Joins the last layer's output to the loss.
pub(crate) fn attach(
    builder: &mut Builder,
    model: &ModelSpec,
    output: TensorId,
    loss: &Loss,
    target: Target,
) -> Result<Head, Error> {
    let (kernel, outputs) = kernel_for(loss, target)?;
    check_output(builder.shape(output), outputs, model, target)?;
    let is_binary = kernel == LossKernel::BinaryCrossentropy;
    match from_logits(loss) {
        None => Ok(Head { kernel, loss_input: output, prediction: output }),
        Some(true) => {
            let last_is_probability =
                builder.nodes.last().is_some_and(|node| makes_probabilities(node, output));
            if last_is_probability {
                let path = format!("{}.activation", last_path(model));
                let name = if is_binary { "sigmoid" } else { "softmax" };
                return Err(Error::new(Code::Mismatch, path, "linear, since the loss is from_logits", name));
            }
            let prediction = append_probabilities(builder, output, is_binary);
            Ok(Head { kernel, loss_input: output, prediction })
        }
        Some(false) => {
            let wanted = if is_binary { "sigmoid" } else { "softmax" };
            let node = builder.nodes.last_mut().filter(|node| makes_this(node, output, is_binary));
            let node = node.ok_or_else(|| {
                let path = format!("{}.activation", last_path(model));
                let found = last_activation(model);
                Error::new(Code::Mismatch, path, format!("{wanted:?} for {}", loss.type_name()), found)
                    .hint("or set from_logits of the loss to true if the last layer gives logits")
            })?;
            node.is_head = true;
            let loss_input = match &node.op {
                Op::Softmax(op) => op.x,
                Op::Activate(op) => op.x,
                _ => output,
            };
            Ok(Head { kernel, loss_input, prediction: output })
        }
    }
}

/// The kernel for a loss and a target, and how many outputs it wants.
fn kernel_for(loss: &Loss, target: Target) -> Result<(LossKernel, usize), Error> {
    let unfit = |expected: &str| {
        let found = format!("{:?} and {}", loss.type_name(), target.shown());
        Err(Error::new(Code::Mismatch, "training.loss", expected, found))
    };
    let per_value = |kernel| match target {
        Target::Values(n) => Ok((kernel, n)),
        Target::Binary => Ok((kernel, 1)),
        Target::Classes(_) => unfit("sparse_categorical_crossentropy for a target of several classes"),
    };
    match loss {
        Loss::MeanSquaredError(_) => per_value(LossKernel::MeanSquaredError),
        Loss::MeanAbsoluteError(_) => per_value(LossKernel::MeanAbsoluteError),
        Loss::Huber(it) => per_value(LossKernel::Huber { delta: it.delta as f32 }),
        Loss::BinaryCrossentropy(_) => per_value(LossKernel::BinaryCrossentropy),
        Loss::CategoricalCrossentropy(_) | Loss::SparseCategoricalCrossentropy(_) => match target {
            Target::Classes(n) => Ok((LossKernel::SparseCategoricalCrossentropy, n)),
            Target::Binary => Ok((LossKernel::SparseCategoricalCrossentropy, 2)),
            Target::Values(n) if n >= 2 && matches!(loss, Loss::CategoricalCrossentropy(_)) => {
                Ok((LossKernel::CategoricalCrossentropy, n))
            }
            Target::Values(_) => unfit("mean_squared_error or another loss for numbers"),
        },
    }
}

/// The output is one row of as many values as the target wants.
fn check_output(shape: &[usize], outputs: usize, model: &ModelSpec, target: Target) -> Result<(), Error> {
    let last = last_path(model);
    if shape.len() != 1 {
        return Err(Error::new(
            Code::Mismatch,
            last,
            "one row of outputs",
            format!("shape {}", shown(shape)),
        )
        .hint("put a flatten layer in front of it"));
    }
    if shape[0] == outputs {
        return Ok(());
    }
    let argument = model.layers.last().and_then(|layer| layer.kind.lowering().outputs_argument());
    let path = argument.map_or(last.clone(), |argument| format!("{last}.{argument}"));
    let expected = format!("{outputs} for {}", target.shown());
    Err(Error::new(Code::Mismatch, path, expected, shape[0].to_string()))
}

fn last_path(model: &ModelSpec) -> String {
    format!("layers[{}]", model.layers.len().saturating_sub(1))
}

/// The activation of the last layer as its spec has it.
fn last_activation(model: &ModelSpec) -> String {
    match model.layers.last().map(|layer| &layer.kind) {
        Some(LayerKind::Dense(dense)) if dense.activity_regularizer.is_some() => {
            format!("{:?} with an activity_regularizer", dense.activation.name())
        }
        Some(other) => match other.lowering().activation() {
            Some(activation) => format!("{:?}", activation.name()),
            None => format!("a layer {:?}", other.type_name()),
        },
        None => "no layer".into(),
    }
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

fn append_probabilities(builder: &mut Builder, logits: TensorId, is_binary: bool) -> TensorId {
    let shape = builder.shape(logits).to_vec();
    let y = builder.tensor(&shape);
    let op = if is_binary {
        Op::Activate(Activate { x: logits, y, kind: Kernel::Sigmoid })
    } else {
        Op::Softmax(Softmax { x: logits, y, cols: shape[0], rows_each: 1 })
    };
    builder.nodes.push(Node { op, is_head: true });
    y
}
