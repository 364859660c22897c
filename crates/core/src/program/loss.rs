//! The loss of a batch: a value for each row, then one sum in one order, plus the penalties.

use super::{Frame, Mode};
use crate::plan::{LossKernel, PENALTY_CHUNK, Plan};
use tabgrad_kernels::{elementwise, loss, reduce};

/// The loss of this thread's rows, and while training its gradient.
pub(crate) fn row_losses(frame: &Frame<'_>) {
    let plan = frame.plan;
    let (rows, cols) = (frame.rows.len(), plan.tensor(plan.loss_input).width);
    let x = frame.value(plan.loss_input);
    let target = frame.read_value_span(plan.target_span.rows(&frame.rows, plan.target.width()));
    let row_loss = frame.write_value_span(plan.row_loss.rows(&frame.rows, 1));
    let factor = 1.0 / frame.batch as f32;
    let training = matches!(frame.mode, Mode::Training { .. });
    let d_x = training.then(|| frame.gradient_mut(plan.loss_input)).flatten().unwrap_or_default();
    match plan.loss {
        LossKernel::MeanSquaredError => loss::mse(rows, cols, x, target, factor, row_loss, d_x),
        LossKernel::MeanAbsoluteError => loss::mae(rows, cols, x, target, factor, row_loss, d_x),
        LossKernel::Huber { delta } => loss::huber(delta, rows, cols, x, target, factor, row_loss, d_x),
        LossKernel::BinaryCrossentropy => {
            loss::binary_crossentropy(rows, cols, x, target, factor, row_loss, d_x);
        }
        LossKernel::CategoricalCrossentropy => {
            loss::categorical_crossentropy(rows, cols, x, target, factor, row_loss, d_x);
        }
        LossKernel::SparseCategoricalCrossentropy => {
            loss::sparse_categorical_crossentropy(rows, cols, x, target, factor, row_loss, d_x);
        }
    }
}

/// Penalties of the weights: partial sums over chunks that the plan fixes, shared out between the threads.
pub(crate) fn penalty_parts(frame: &Frame<'_>) {
    let plan = frame.plan;
    if plan.penalty_parts.len == 0 {
        return;
    }
    let own = frame.team.share(plan.penalty_parts.len, 1);
    let parts = frame.write_value_span(plan.penalty_parts.rows(&own, 1));
    let chunks = plan.parameters.iter().flat_map(|parameter| {
        let span = parameter.span;
        (0..span.len)
            .step_by(PENALTY_CHUNK)
            .map(move |at| (parameter.penalty, span.part(at, PENALTY_CHUNK.min(span.len - at))))
    });
    for (part, ((l1, l2), span)) in parts.iter_mut().zip(chunks.skip(own.start)) {
        let weights = frame.memory.parameters.read(frame.team.index(), span);
        *part = if (l1, l2) == (0.0, 0.0) { 0.0 } else { elementwise::penalty(l1, l2, weights) as f32 };
    }
}

/// The sum of the losses of all rows of this batch, with activity penalties; after a meeting.
pub(crate) fn sum_of_rows(frame: &Frame<'_>) -> f64 {
    let plan = frame.plan;
    let all = 0..frame.batch;
    let rows = reduce::sum(frame.read_value_span(plan.row_loss.rows(&all, 1)));
    let activity =
        plan.row_penalties.iter().map(|span| reduce::sum(frame.read_value_span(span.rows(&all, 1))));
    rows + activity.sum::<f64>()
}

/// The penalty of all weights; after a meeting.
pub(crate) fn weight_penalty(frame: &Frame<'_>, plan: &Plan) -> f64 {
    reduce::sum(frame.read_value_span(plan.penalty_parts))
}
