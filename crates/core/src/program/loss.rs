//! The loss of a batch: a value for each row, then one sum in one order, plus the penalties.
//!
//! ```text
//! loss = sum over rows of weight * loss(row) / divisor
//!     divisor    how many rows count                (Keras' sum_over_batch_size)
//!                1                                  (sum)
//!                the sum of the rows' weights       (mean_with_sample_weight)
//! ```
//!
//! Losses that look at the whole batch, and those that leave some rows out, meet once or twice on the way: each thread
//! makes the sums of its own rows, then all add them up in one order.

use super::{Frame, Mode, largest};
use crate::plan::{Groups, Head, LossKernel, PENALTY_CHUNK, Plan, Target, TensorId};
use crate::spec::Reduction;
use std::ops::Range;
use tabgrad_kernels::loss::{self, Crowd, Overlap, Pairs};
use tabgrad_kernels::{elementwise, orthogonal, reduce};

/// The losses of this thread's rows at every output, and while training their gradients.
pub(crate) fn row_losses(frame: &Frame<'_>) {
    for head in &frame.plan.heads {
        losses_at(frame, head);
    }
}

fn losses_at(frame: &Frame<'_>, head: &Head) {
    weigh(frame, head);
    let row_loss = frame.write_value_span(head.row_loss.rows(&frame.rows, head.rows_each));
    let training = matches!(frame.mode, Mode::Training { .. });
    let d_x = training.then(|| frame.gradient_mut(head.loss_input)).flatten().unwrap_or_default();
    if let LossKernel::Circle(circle) = head.kernel {
        return circle_losses(frame, head, circle, row_loss, d_x);
    }
    if head.valid.is_some() {
        frame.meet();
    }
    let pairs = pairs(frame, head, factor(frame, head));
    match &head.kernel {
        LossKernel::Terms(term) => loss::mean_of_terms(*term, &pairs, row_loss, d_x),
        LossKernel::Crossentropy => loss::crossentropy(&pairs, row_loss, d_x),
        LossKernel::Focal { alpha, gamma } => loss::focal_crossentropy(alpha, *gamma, &pairs, row_loss, d_x),
        LossKernel::Generalized { q } => loss::generalized_crossentropy(*q, &pairs, row_loss, d_x),
        LossKernel::Cosine => loss::cosine_similarity(&pairs, row_loss, d_x),
        LossKernel::CategoricalHinge => loss::categorical_hinge(&pairs, row_loss, d_x),
        LossKernel::Overlap { overlap, groups } => {
            overlap_losses(frame, head, *overlap, groups, &pairs, row_loss, d_x)
        }
        LossKernel::Ctc => {
            let width = frame.plan.tensor(head.loss_input).width;
            let pairs = Pairs { cols: width, ..pairs };
            loss::ctc(head.cols, head.target.width(), &pairs, frame.scratch(), row_loss, d_x);
        }
        LossKernel::Circle(_) => {}
    }
}

/// This thread's outputs and targets.
fn pairs<'a>(frame: &Frame<'a>, head: &Head, factor: f32) -> Pairs<'a> {
    Pairs {
        rows: frame.rows.len() * head.rows_each,
        cols: head.cols,
        x: frame.value(head.loss_input),
        target: frame.read_value_span(head.target_span.rows(&frame.rows, head.target.width())),
        is_class: head.is_class,
        keep: head.keep,
        add: head.add,
        weight: frame.read_value_span(head.row_weight.rows(&frame.rows, head.rows_each)),
        factor,
    }
}

/// All outputs and targets of the batch as metrics see them: unsmoothed, and without weights but for the steps that count
/// for nothing, or with those that the loss has; after a meeting.
pub(crate) fn scored_pairs<'a>(
    frame: &Frame<'a>,
    head: &Head,
    outputs: TensorId,
    is_weighted: bool,
) -> Pairs<'a> {
    let all = 0..frame.batch;
    let weights = if is_weighted { Some(head.row_weight) } else { head.scored };
    Pairs {
        rows: frame.batch * head.rows_each,
        cols: head.cols,
        x: frame.value_all(outputs),
        target: frame.read_value_span(head.target_span.rows(&all, head.target.width())),
        is_class: head.is_class,
        keep: 1.0,
        add: 0.0,
        weight: weights
            .map(|span| frame.read_value_span(span.rows(&all, head.rows_each)))
            .unwrap_or_default(),
        factor: 1.0,
    }
}

/// Puts the targets of rows along the axis of the loss, where that is not the last; `row` is what the data say of a row.
pub(crate) fn put_targets<'a>(head: &Head, targets: &mut [f32], row: &dyn Fn(usize) -> &'a [f32]) {
    if head.target_places.is_empty() {
        return;
    }
    for (i, targets) in targets.chunks_exact_mut(head.target_places.len()).enumerate() {
        let y = &row(i)[head.first_column..];
        for (target, &place) in targets.iter_mut().zip(&head.target_places) {
            *target = y[place as usize];
        }
    }
}

/// What rows of the data count: a weight for each row, or for each output, or for each loss.
#[derive(Clone, Copy)]
pub(crate) struct RowWeights<'a> {
    /// `(rows, columns)`
    pub values: &'a [f32],
    /// 1, or as many as there are outputs, or as losses of all outputs together.
    pub columns: usize,
}

/// Brings to every output what this thread's rows count; `row_of` says which row of the data each of them is.
pub(crate) fn take_weights(
    frame: &Frame<'_>,
    weights: Option<RowWeights<'_>>,
    row_of: &dyn Fn(usize) -> usize,
) {
    if let Some(weights) = weights {
        return take_given_weights(frame, weights, row_of);
    }
    for head in &frame.plan.heads {
        frame.write_value_span(head.row_weight.rows(&frame.rows, head.rows_each)).fill(1.0);
    }
}

#[inline(never)]
fn take_given_weights(frame: &Frame<'_>, weights: RowWeights<'_>, row_of: &dyn Fn(usize) -> usize) {
    let (heads, RowWeights { values, columns }) = (&frame.plan.heads, weights);
    let mut losses = 0;
    for (place, head) in heads.iter().enumerate() {
        let each = head.rows_each;
        let out = frame.write_value_span(head.row_weight.rows(&frame.rows, each));
        let (first, width) = match columns {
            1 => (0, 1),
            _ if columns == heads.len() => (place, 1),
            _ => (losses, each),
        };
        losses += each;
        for (i, out) in out.chunks_exact_mut(each).enumerate() {
            match &values[row_of(i) * columns + first..][..width] {
                [weight] => out.fill(*weight),
                weights => out.copy_from_slice(weights),
            }
        }
    }
}

/// How much each of this thread's losses counts: what the data say, the weight of its class, and nothing where a mask or
/// an ignored class says so.
fn weigh(frame: &Frame<'_>, head: &Head) {
    let each = head.rows_each;
    let weights = frame.write_value_span(head.row_weight.rows(&frame.rows, each));
    let targets = frame.read_value_span(head.target_span.rows(&frame.rows, head.target.width()));
    if let Some(valid) = head.valid {
        let valid = frame.write_value_span(valid.rows(&frame.rows, 1));
        match head.scored {
            Some(scored) => {
                let scored = frame.write_value_span(scored.rows(&frame.rows, each));
                match head.mask {
                    Some(mask) => scored.copy_from_slice(frame.value(mask)),
                    None => scored.fill(1.0),
                }
                for (counts, target) in scored.iter_mut().zip(targets) {
                    if head.ignore_class == Some(*target) {
                        *counts = 0.0;
                    }
                }
                weights.iter_mut().zip(&*scored).for_each(|(weight, counts)| *weight *= counts);
                for (valid, scored) in valid.iter_mut().zip(scored.chunks_exact(each)) {
                    *valid = scored.iter().sum();
                }
            }
            None => valid.fill(each as f32),
        }
    }
    if matches!(frame.mode, Mode::Training { .. }) && !head.class_weight.is_empty() {
        weigh_classes(head, targets, weights);
    }
    if head.divides_by_weights() {
        count_weights(frame, head, weights);
    }
}

/// What each row counts, all its losses together, in place of how many of them do.
#[inline(never)]
fn count_weights(frame: &Frame<'_>, head: &Head, weights: &[f32]) {
    let Some(valid) = head.valid else { return };
    let valid = frame.write_value_span(valid.rows(&frame.rows, 1));
    for (valid, weights) in valid.iter_mut().zip(weights.chunks_exact(head.rows_each)) {
        *valid = reduce::sum(weights) as f32;
    }
}

/// Multiplies the weight of each loss with that of its class: a number, or where the largest of its targets is, as in Keras.
#[inline(never)]
fn weigh_classes(head: &Head, targets: &[f32], weights: &mut [f32]) {
    let width = if matches!(head.target, Target::Values(_)) { head.cols } else { 1 };
    for (weight, target) in weights.iter_mut().zip(targets.chunks_exact(width)) {
        let class = if width > 1 { largest(target) } else { target[0] as usize };
        *weight *= head.class_weight.get(class).copied().unwrap_or(0.0);
    }
}

/// The weights of the rows of this batch; those of other threads after a meeting.
fn weights_of<'a>(frame: &Frame<'a>, head: &Head, rows: &Range<usize>) -> &'a [f32] {
    frame.read_value_span(head.row_weight.rows(rows, head.rows_each))
}

/// What the sum of all losses of the batch is divided by; after a meeting where that depends on the rows. Where none
/// counts, their sum of 0 is divided by 1.
fn divisor(frame: &Frame<'_>, head: &Head) -> f64 {
    match (head.reduction, head.valid) {
        // What rows have together counts once.
        (Reduction::Sum, _) => head.rows_of_a_loss(frame.batch),
        (_, Some(span)) => {
            let counted = reduce::sum(frame.read_value_span(span.rows(&(0..frame.batch), 1)));
            if counted == 0.0 { 1.0 } else { counted }
        }
        (_, None) => (frame.batch * head.rows_each) as f64,
    }
}

/// What the gradient of each loss is multiplied with: the weight of this output over that divisor.
fn factor(frame: &Frame<'_>, head: &Head) -> f32 {
    (f64::from(head.loss_weight) / divisor(frame, head)) as f32
}

/// Losses of overlaps, for whatever belongs together: all places of it have its loss.
fn overlap_losses(
    frame: &Frame<'_>,
    head: &Head,
    overlap: Overlap,
    groups: &Groups,
    pairs: &Pairs<'_>,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    let Some(span) = head.sums else { return };
    let (each, columns) = (head.rows_each, groups.of_each(pairs.cols));
    let width = 3 * columns * each;
    loss::overlap_sums(groups.by_column, pairs, frame.write_value_span(span.rows(&frame.rows, width)));
    if groups.over_batch {
        frame.meet();
    }
    row_loss.fill(0.0);
    let mut group = |together: Range<usize>, places: &[u32], column: usize| {
        let sums = frame.read_value_span(span.rows(&together, width));
        let weights = weights_of(frame, head, &together);
        let (mut total, mut weight) = ([0.0; 3], 0.0);
        for row in 0..together.len() {
            for place in places.iter().map(|&place| row * each + place as usize) {
                let own = &sums[3 * (place * columns + column)..][..3];
                total.iter_mut().zip(own).for_each(|(sum, &part)| *sum += f64::from(part));
                weight += f64::from(weights[place]);
            }
        }
        // Each place has the mean of the losses that it is in, so a group counts as much as its places do together.
        let value = (loss::overlap_value(overlap, total) / columns as f64) as f32;
        let factor = pairs.factor * (weight / columns as f64) as f32;
        let own = frame.rows.start.max(together.start)..frame.rows.end.min(together.end);
        for row in own.map(|row| row - frame.rows.start) {
            for place in places.iter().map(|&place| row * each + place as usize) {
                row_loss[place] += pairs.weight(place) * value;
                if !d_x.is_empty() {
                    let pairs = Pairs { factor, ..pairs.part(place..place + 1) };
                    let d_x = &mut d_x[place * pairs.cols..][..pairs.cols];
                    loss::overlap_gradient(overlap, total, groups.by_column.then_some(column), &pairs, d_x);
                }
            }
        }
    };
    for column in 0..columns {
        for places in groups.places.chunks_exact(groups.size) {
            if groups.over_batch {
                group(0..frame.batch, places, column);
            } else {
                frame.rows.clone().for_each(|row| group(row..row + 1, places, column));
            }
        }
    }
}

/// The circle loss: every row against all rows. Only rows with a loss above 0 count.
fn circle_losses(
    frame: &Frame<'_>,
    head: &Head,
    circle: loss::Circle,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    let (Some(span), Some(valid)) = (head.sums, head.valid) else { return };
    frame.meet();
    let all = 0..frame.batch;
    let crowd = Crowd {
        cols: head.cols,
        x: frame.value_all(head.loss_input),
        class: frame.read_value_span(head.target_span.rows(&all, 1)),
        weight: weights_of(frame, head, &all),
    };
    let sums = frame.write_value_span(span.rows(&frame.rows, 2));
    loss::circle_sums(circle, &crowd, frame.rows.clone(), sums);
    let valid = frame.write_value_span(valid.rows(&frame.rows, 1));
    let weights = weights_of(frame, head, &frame.rows);
    for (i, sums) in sums.chunks_exact(2).enumerate() {
        let loss = circle.loss([sums[0], sums[1]]);
        row_loss[i] = weights[i] * loss;
        let counts = if head.divides_by_weights() { weights[i] } else { 1.0 };
        valid[i] = if loss > 0.0 { counts } else { 0.0 };
    }
    frame.meet();
    if !d_x.is_empty() {
        let factor = factor(frame, head);
        let sums = frame.read_value_span(span.rows(&all, 2));
        loss::circle_gradient(circle, &crowd, sums, factor, frame.rows.clone(), d_x);
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
    let chunks = plan.parameters.iter().enumerate().flat_map(|(tensor, parameter)| {
        let span = parameter.span;
        (0..span.len)
            .step_by(PENALTY_CHUNK)
            .map(move |at| (tensor, parameter.penalty, span.part(at, PENALTY_CHUNK.min(span.len - at))))
    });
    for (part, (tensor, (l1, l2), span)) in parts.iter_mut().zip(chunks.skip(own.start)) {
        let weights = frame.memory.parameters.read(frame.team.index(), span);
        *part = if (l1, l2) == (0.0, 0.0) { 0.0 } else { elementwise::penalty(l1, l2, weights) as f32 };
        // That on whole matrices stands with their first chunk.
        if span.start == plan.parameters[tensor].span.start {
            *part += orthogonal_penalty(frame, tensor);
        }
    }
}

/// The penalty on vectors of a matrix that are not orthogonal, 0 without one; leaves its gradient for the update.
fn orthogonal_penalty(frame: &Frame<'_>, tensor: usize) -> f32 {
    let plan = frame.plan;
    let parameter = &plan.parameters[tensor];
    let (Some(penalty), Some(gradient)) = (parameter.orthogonal, plan.update.penalty_gradient(tensor)) else {
        return 0.0;
    };
    let [rows, cols] = *parameter.shape.as_slice() else { return 0.0 };
    let (thread, memory) = (frame.team.index(), frame.memory);
    let w = memory.parameters.read(thread, parameter.span);
    let d_w = memory.work.write(thread, gradient);
    orthogonal::penalty(penalty.factor, penalty.by_rows, (rows, cols), w, d_w, frame.scratch()) as f32
}

/// The loss of this batch at one output, times its rows; after a meeting.
pub(crate) fn sum_at(frame: &Frame<'_>, head: &Head) -> f64 {
    let losses = reduce::sum(frame.read_value_span(head.row_loss.rows(&(0..frame.batch), head.rows_each)));
    losses * (frame.batch as f64 / divisor(frame, head))
}

/// The sum of the losses of all rows of this batch at all outputs, each with its weight, and of activity penalties;
/// after a meeting.
pub(crate) fn sum_of_rows(frame: &Frame<'_>) -> f64 {
    let plan = frame.plan;
    let rows: f64 = plan.heads.iter().map(|head| f64::from(head.loss_weight) * sum_at(frame, head)).sum();
    let all = 0..frame.batch;
    let activity = plan
        .row_penalties
        .iter()
        .map(|(span, times)| reduce::sum(frame.read_value_span(span.rows(&all, *times))));
    rows + activity.sum::<f64>()
}

/// The penalty of all weights; after a meeting.
pub(crate) fn weight_penalty(frame: &Frame<'_>, plan: &Plan) -> f64 {
    reduce::sum(frame.read_value_span(plan.penalty_parts))
}
