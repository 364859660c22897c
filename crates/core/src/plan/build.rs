//! The plan while it is being made: tensors without a place yet, ops in order, parameters.

use super::tensor::{Cut, Orthogonal, Parameter, ParameterId, Statistic, TensorId, Twin};
use crate::arena::Span;
use crate::error::Error;
use crate::ops::{Op, Operation};
use crate::program::Frame;
use crate::spec::regularizers::Vectors;
use crate::spec::{Initializer, Regularizer};
use std::ops::Range;
use std::sync::Arc;

/// A tensor before it has a place in memory.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub shape: Vec<usize>,
    /// How many rows of it one row of the batch has.
    pub times: usize,
    /// Lies where this earlier tensor lies (`flatten` and the like move nothing).
    pub value_of: Option<TensorId>,
    /// Its gradient lies where that of this later tensor lies.
    pub gradient_of: Option<TensorId>,
    /// Whether some weight before it is trained.
    pub needs_gradient: bool,
    /// Which of its steps count: a tensor of the leading axes' shape, 1 for those that do and 0 for the others.
    pub mask: Option<TensorId>,
    /// Whether it is such a mask, which has no gradient.
    pub is_mask: bool,
    /// When its values are features just as they came in: which ones.
    pub features: Option<Features>,
}

/// Some of the features of a row: for every value of a tensor the one that it is.
#[derive(Clone, Debug)]
pub(crate) enum Features {
    Neighbours(Range<usize>),
    Picked(Arc<[u32]>),
}

impl Features {
    pub fn len(&self) -> usize {
        match self {
            Self::Neighbours(range) => range.len(),
            Self::Picked(picked) => picked.len(),
        }
    }

    pub fn at(&self, i: usize) -> usize {
        match self {
            Self::Neighbours(range) => range.start + i,
            Self::Picked(picked) => picked[i] as usize,
        }
    }

    /// Those that stand where `axes` of another tensor say (as [`super::lower::Site::rearrange`] has them), for each of the
    /// rows of `width` values that a row of the batch is; `None` where something else stands between them.
    pub fn picked(&self, width: usize, axes: &[Vec<Option<usize>>]) -> Option<Self> {
        let wanted = axes.iter().fold(1usize, |all, axis| all.saturating_mul(axis.len()));
        if width == 0 || wanted > 1 << 28 {
            return None;
        }
        let mut places = vec![0];
        for axis in axes {
            let offsets = axis.iter().copied().collect::<Option<Vec<usize>>>()?;
            places =
                places.iter().flat_map(|place| offsets.iter().map(move |offset| place + offset)).collect();
        }
        let rows = 0..self.len() / width;
        let at = |row: usize, place: usize| u32::try_from(self.at(row * width + place)).ok();
        let picked: Option<Vec<u32>> = rows
            .flat_map(|row| places.iter().map(move |&place| (row, place)))
            .map(|(row, place)| at(row, place))
            .collect();
        Some(Self::Picked(picked?.into()))
    }
}

/// Features that are used as tokens: whole numbers below `count`.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub features: Features,
    pub count: usize,
}

/// An op and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub op: Op,
    /// Makes probabilities of logits: not part of training unless a metric wants them, and has no gradient.
    pub is_head: bool,
    /// How many rows one row of the batch is to it: see [`Builder::times`].
    pub times: usize,
}

impl Node {
    /// Lets it do a part of its work in a pass, of which it sees each of its rows as a row of the batch.
    #[inline(always)]
    pub fn run(&self, frame: &Frame<'_>, work: fn(&dyn Operation, &Frame<'_>)) {
        if self.times == 1 {
            work(self.op.operation(), frame);
        } else {
            work(self.op.operation(), &self.frame(frame));
        }
    }

    /// What it sees of a pass: each of its rows as a row of the batch.
    pub fn frame<'a>(&self, frame: &Frame<'a>) -> Frame<'a> {
        frame.repeated(self.times)
    }
}

/// Everything lowered so far. Sizes saturate instead of overflowing: a plan that large is refused by the layout.
pub(crate) struct Builder {
    /// How many rows every row of the batch is to what is being lowered: 1, but within a layer that goes through the steps
    /// of a sequence, to whose inner layer each step is a row.
    pub times: usize,
    pub drafts: Vec<Draft>,
    pub nodes: Vec<Node>,
    pub parameters: Vec<Parameter>,
    pub twins: Vec<Twin>,
    pub statistics: Vec<Statistic>,
    pub dropouts: u32,
    pub tokens: Vec<Tokens>,
    /// The outputs of the layer being lowered behind its first.
    pub further: Vec<TensorId>,
    /// What a layer found wrong where it could not say so.
    pub mistake: Option<Error>,
}

/// The number of values of one row of that shape.
pub(crate) fn volume(shape: &[usize]) -> usize {
    shape.iter().fold(1usize, |product, &size| product.saturating_mul(size))
}

fn orthogonal(regularizer: &Regularizer) -> Option<Orthogonal> {
    match regularizer {
        Regularizer::Orthogonal(it) => {
            Some(Orthogonal { factor: it.factor as f32, by_rows: it.mode == Vectors::Rows })
        }
        _ => None,
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            times: 1,
            drafts: Vec::new(),
            nodes: Vec::new(),
            parameters: Vec::new(),
            twins: Vec::new(),
            statistics: Vec::new(),
            dropouts: 0,
            tokens: Vec::new(),
            further: Vec::new(),
            mistake: None,
        }
    }
}

impl Builder {
    /// A new tensor with a place of its own.
    pub fn tensor(&mut self, shape: &[usize]) -> TensorId {
        self.drafts.push(Draft {
            shape: shape.to_vec(),
            times: self.times,
            value_of: None,
            gradient_of: None,
            needs_gradient: false,
            mask: None,
            is_mask: false,
            features: None,
        });
        TensorId(self.drafts.len() - 1)
    }

    /// A new mask, one number for each step.
    pub fn mask(&mut self, steps: &[usize]) -> TensorId {
        let mask = self.tensor(steps);
        self.drafts[mask.0].is_mask = true;
        mask
    }

    /// The values of `x` under another name and shape.
    pub fn alias(&mut self, x: TensorId, shape: &[usize]) -> TensorId {
        let y = self.tensor(shape);
        self.drafts[y.0].value_of = Some(x);
        self.drafts[y.0].times = self.drafts[x.0].times;
        self.drafts[y.0].needs_gradient = self.drafts[x.0].needs_gradient;
        self.drafts[y.0].features = self.drafts[x.0].features.clone();
        y
    }

    pub fn shape(&self, tensor: TensorId) -> &[usize] {
        &self.drafts[tensor.0].shape
    }

    /// Appends an op; its outputs need gradients when one of its inputs does or when it has weights that are trained.
    pub fn push(&mut self, mut op: Op) {
        let operation = op.operation_mut();
        let from_inputs = operation.inputs().iter().any(|x| self.drafts[x.0].needs_gradient);
        let from_weights = operation.parameters().iter().any(|p| self.parameters[p.0].trainable);
        for y in operation.outputs() {
            let draft = &mut self.drafts[y.0];
            draft.needs_gradient = !draft.is_mask && (from_inputs || from_weights);
        }
        self.nodes.push(Node { op, is_head: false, times: self.times });
    }

    /// New weights; `name` is `layer/kernel`.
    pub fn parameter(
        &mut self,
        layer: usize,
        name: String,
        shape: &[usize],
        initializer: &Initializer,
        regularizer: Option<&Regularizer>,
        trainable: bool,
    ) -> ParameterId {
        let start = self.parameters.last().map_or(0, |last| last.span.start.saturating_add(last.span.len));
        self.parameters.push(Parameter {
            name,
            layer,
            shape: shape.to_vec(),
            cut: Cut::by_rows(volume(shape), if shape.len() > 1 { shape[shape.len() - 1] } else { 1 }),
            span: Span::new(start, volume(shape)),
            initializer: initializer.clone(),
            fans: None,
            ones: 0..0,
            // As in Keras, what is not trained is not penalized.
            penalty: regularizer.filter(|_| trainable).map_or((0.0, 0.0), Regularizer::factors),
            orthogonal: regularizer.filter(|_| trainable).and_then(orthogonal),
            constraint: None,
            learning_rate_multiplier: 1.0,
            trainable,
        });
        ParameterId(self.parameters.len() - 1, None)
    }

    /// The weights `name` of another layer once more.
    pub fn twin(&mut self, name: &str) -> Option<(ParameterId, &Parameter)> {
        let of = self.parameters.iter().position(|parameter| parameter.name == name)?;
        self.twins.push(Twin { of, gradient: Span::default() });
        Some((ParameterId(of, Some(self.twins.len() - 1)), &self.parameters[of]))
    }

    /// New statistics of `len` values.
    pub fn statistic(&mut self, layer: usize, name: String, len: usize, initializer: &Initializer) -> Span {
        let first = self.statistics.last().map_or(0, |last| last.span.start.saturating_add(last.span.len));
        let span = Span::new(first, len);
        self.statistics.push(Statistic { name, layer, span, initializer: initializer.clone() });
        span
    }
}
