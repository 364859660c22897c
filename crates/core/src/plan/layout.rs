//! A place in memory for everything: spans in flat arenas, one after the other, each at the start of a cache line.

use super::build::{Builder, Draft, volume};
use super::is_made_by_head;
use super::loss::Head;
use super::tensor::{Tensor, TensorId};
use crate::arena::{LINE, Span};
use crate::error::{Code, Error};
use tabgrad_kernels::activation::Activation;

/// The most that a plan may take where nobody says how much memory there is: what a tab can be expected to give, with
/// room left for the data.
pub(crate) const BYTES_MAX: u64 = 768 << 20;

/// Sizes of the arenas of values and of their gradients, in f32.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    pub values: usize,
    pub gradients: usize,
}

/// Gives out space and adds up what was given, saturating.
struct Space(usize);

impl Space {
    fn take(&mut self, len: usize) -> Span {
        let span = Span::new(self.0, len);
        self.0 = self.0.saturating_add(len.saturating_add(LINE - 1) / LINE * LINE);
        span
    }
}

/// What an op may ask of the layout for itself, beyond its tensors: see [`crate::ops::Operation::place`].
pub(crate) struct Room<'a> {
    values: Space,
    gradients: Space,
    tensors: &'a [Tensor],
    /// For every tensor, whether others see its gradient too.
    shared: &'a [bool],
    batch: usize,
    capacity: usize,
    /// Rows that each row of the batch is to the op that asks.
    times: usize,
}

impl Room<'_> {
    /// `len` values in the arena of values.
    pub fn values(&mut self, len: usize) -> Span {
        self.values.take(len)
    }

    /// `width` values for every row, in the arena of values: own rows are `span.rows(&frame.rows, width)`.
    pub fn value_rows(&mut self, width: usize) -> Span {
        self.values.take(self.capacity.saturating_mul(self.times).saturating_mul(width))
    }

    /// `len` values in the arena of gradients, which only training uses.
    pub fn gradients(&mut self, len: usize) -> Span {
        self.gradients.take(len)
    }

    /// `width` values for every row of a batch, in the arena of gradients.
    pub fn gradient_rows(&mut self, width: usize) -> Span {
        self.gradients.take(self.batch.saturating_mul(self.times).saturating_mul(width))
    }

    /// Whether that tensor has a gradient: some weight before it is trained.
    pub fn has_gradient(&self, id: TensorId) -> bool {
        self.tensors[id.0].gradient.is_some()
    }

    /// Where the gradient of a sum goes whose activation `y` is fused: to where that of `y` is, if nobody else sees it; `None`
    /// where there is no activation, or no gradient.
    pub fn gradient_of_sum(&mut self, y: TensorId, activation: Activation) -> Option<Span> {
        let gradient = self.tensors[y.0].gradient.filter(|_| activation != Activation::Linear)?;
        Some(if self.shared[y.0] { self.gradient_rows(self.width(y)) } else { gradient })
    }

    /// Values of that tensor in one row of the batch.
    pub fn width(&self, id: TensorId) -> usize {
        self.tensors[id.0].width
    }
}

/// Places all tensors. Values have room for `capacity` rows (inference may take more than a batch), gradients for
/// `batch` rows. The span is that of `penalty_parts` partial sums.
pub(crate) fn place(
    builder: &mut Builder,
    heads: &mut [Head],
    batch: usize,
    capacity: usize,
    penalty_parts: usize,
) -> (Vec<Tensor>, Span, Extent) {
    let shared = share_gradients(builder);
    let (mut values, mut gradients) = (Space(0), Space(0));
    let mut tensors: Vec<Tensor> = Vec::with_capacity(builder.drafts.len());
    for draft in &builder.drafts {
        let width = volume(&draft.shape);
        let value = match draft.value_of {
            // An alias comes after what it is an alias of.
            Some(TensorId(x)) => tensors[x].value,
            None => values.take(capacity.saturating_mul(draft.times).saturating_mul(width)),
        };
        tensors.push(Tensor { shape: draft.shape.clone(), width, value, gradient: None });
    }
    for i in 0..tensors.len() {
        let root = gradient_root(&builder.drafts, i);
        if !builder.drafts[i].needs_gradient || is_made_by_head(&builder.nodes, TensorId(i)) {
            // Probabilities that the loss goes around.
            continue;
        }
        if tensors[root].gradient.is_none() {
            let len = batch.saturating_mul(builder.drafts[root].times).saturating_mul(tensors[root].width);
            tensors[root].gradient = Some(gradients.take(len));
        }
        tensors[i].gradient = tensors[root].gradient;
    }
    let mut room = Room { values, gradients, tensors: &tensors, shared: &shared, batch, capacity, times: 1 };
    for node in &mut builder.nodes {
        room.times = node.times;
        node.op.operation_mut().place(&mut room);
    }
    room.times = 1;
    for head in heads {
        head.place(&mut room);
    }
    let penalty_parts = room.values(penalty_parts);
    let Room { values, mut gradients, .. } = room;
    for twin in &mut builder.twins {
        twin.gradient = gradients.take(builder.parameters[twin.of].span.len);
    }
    (tensors, penalty_parts, Extent { values: values.0, gradients: gradients.0 })
}

/// Where the gradient of an input is that of the output, it lies in the same place. For every tensor, whether its gradient is
/// then seen by others than its maker: by the makers of other inputs, or by an op that makes a weight's gradient of it.
fn share_gradients(builder: &mut Builder) -> Vec<bool> {
    let mut shared = vec![false; builder.drafts.len()];
    // From the end: what passes a gradient on may itself have it from one that does.
    for node in builder.nodes.iter_mut().rev() {
        let op = node.op.operation_mut();
        let Some(y) = op.passes_gradient_of() else { continue };
        let is_shared = shared[y.0] || op.inputs().len() > 1 || !op.parameters().is_empty();
        for x in op.inputs() {
            builder.drafts[x.0].gradient_of = Some(y);
            shared[x.0] = is_shared;
        }
    }
    shared
}

fn gradient_root(drafts: &[Draft], mut i: usize) -> usize {
    while let Some(TensorId(y)) = drafts[i].gradient_of {
        i = y;
    }
    i
}

/// Refuses a plan that takes more than `bytes_max`.
pub(crate) fn check_bytes(bytes: u64, bytes_max: u64, batch: usize) -> Result<(), Error> {
    if bytes <= bytes_max {
        return Ok(());
    }
    let expected = format!("a model that trains in {} MB", bytes_max >> 20);
    let found = format!("{} MB at batch_size {batch}", bytes.div_ceil(1 << 20));
    Err(Error::new(Code::TooLarge, "layers", expected, found).hint("take fewer units or layers"))
}

/// The refusal of a plan that would fit with smaller batches names the largest of them: by bisection, since memory grows
/// with the batch.
pub(crate) fn with_fitting_batch(mut error: Error, batch: usize, fits: impl Fn(usize) -> bool) -> Error {
    if batch <= 1 || !fits(1) {
        return error;
    }
    let (mut fitting, mut too_large) = (1, batch);
    while too_large - fitting > 1 {
        let middle = fitting + (too_large - fitting) / 2;
        if fits(middle) {
            fitting = middle;
        } else {
            too_large = middle;
        }
    }
    error.path = "training.batch_size".into();
    error.fitting_batch = Some(fitting);
    error.hint(format!("batch_size {fitting} would fit"))
}
