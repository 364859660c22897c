//! Passes over rows without training: scores, predictions, and the outputs of all layers.

use super::{Frame, Memory, Mode, ROW_GRAIN, RowWeights, Tally, loss, train::add_scores};
use crate::arena::{Arena, Span};
use crate::plan::{Plan, TensorId};
use std::sync::{Mutex, PoisonError};
use tabgrad_kernels::par::Pool;

/// Loss and metrics of `(rows, features)` against `(rows, target width)`, in batches of at most the plan's capacity; the
/// loss with the rows' weights, if there are any.
pub(crate) fn evaluate(
    pool: &Pool,
    plan: &Plan,
    memory: &Memory,
    (x, y, weights): (&[f32], &[f32], Option<RowWeights<'_>>),
    batch_size: usize,
) -> Tally {
    let features = plan.tensor(plan.features).width;
    let rows = x.len() / features;
    let tally = Mutex::new(Tally::new(&plan.scores));
    pool.run(|team| {
        for first in (0..rows).step_by(batch_size) {
            let batch = batch_size.min(rows - first);
            let frame = Frame::new(plan, memory, team, batch, Mode::Inference);
            let own = first + frame.rows.start..first + frame.rows.end;
            frame.value_mut(plan.features).copy_from_slice(&x[own.start * features..own.end * features]);
            let own_y = &y[own.start * plan.target_width..own.end * plan.target_width];
            for head in &plan.heads {
                let width = head.target.width();
                let targets = frame.write_value_span(head.target_span.rows(&frame.rows, width));
                let rows = own_y.chunks_exact(plan.target_width).zip(targets.chunks_exact_mut(width));
                rows.for_each(|(y, target)| target.copy_from_slice(&y[head.first_column..][..width]));
                loss::put_targets(head, targets, &|i| &own_y[i * plan.target_width..]);
            }
            loss::take_weights(&frame, weights, &|i| own.start + i);
            for node in plan.nodes.iter().filter(|node| !node.is_head || plan.scores_need_prediction) {
                node.op.operation().forward(&node.frame(&frame));
            }
            loss::row_losses(&frame);
            loss::penalty_parts(&frame);
            frame.meet();
            if team.index() == 0 {
                let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                tally.loss += loss::sum_of_rows(&frame) + batch as f64 * loss::weight_penalty(&frame, plan);
                tally.rows += batch as u64;
                add_scores(&mut tally, &frame);
            }
            frame.meet();
        }
    });
    tally.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The given tensors for all rows of `(rows, features)`. Every thread has a part of the memory of its own and goes
/// through its rows in blocks of that size, without meeting the others.
pub(crate) fn run_forward(
    pool: &Pool,
    plan: &Plan,
    memory: &Memory,
    x: &[f32],
    wanted: &[TensorId],
) -> Vec<Arena> {
    let features = plan.tensor(plan.features).width;
    let rows = x.len() / features;
    let results: Vec<Arena> = wanted.iter().map(|&id| Arena::new(rows * plan.tensor(id).width)).collect();
    pool.run(|team| {
        let own = team.share(rows, ROW_GRAIN);
        let room = team.share(plan.capacity, 1);
        let mut first = own.start;
        while first < own.end && !room.is_empty() {
            let block = first..own.end.min(first + room.len());
            let rows = room.start..room.start + block.len();
            let mut frame = Frame::new(plan, memory, team, plan.capacity, Mode::Inference);
            frame.rows = rows;
            frame.value_mut(plan.features).copy_from_slice(&x[block.start * features..block.end * features]);
            for node in &plan.nodes {
                node.op.operation().forward(&node.frame(&frame));
            }
            for (&id, result) in wanted.iter().zip(&results) {
                let width = plan.tensor(id).width;
                let span = Span::new(block.start * width, block.len() * width);
                result.write(team.index(), span).copy_from_slice(frame.value(id));
            }
            first = block.end;
        }
    });
    #[cfg(debug_assertions)]
    memory.forget();
    results
}
