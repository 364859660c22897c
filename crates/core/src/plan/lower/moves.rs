//! What several layers need: values of a tensor put in other places, axis by axis.

use super::Site;
use crate::ops::{Op, Rearrange};
use crate::plan::TensorId;
use tabgrad_kernels::rearrange::NOWHERE;

impl Site<'_> {
    /// A tensor of the given axes, each of which says for every one of its indices where it stands in a row of `x`
    /// (`None`: nowhere, a zero). What is contiguous at the end is moved as one run.
    pub(super) fn rearrange(&mut self, x: TensorId, axes: &[Vec<Option<usize>>]) -> TensorId {
        let shape: Vec<usize> = axes.iter().map(Vec::len).collect();
        let y = self.builder.tensor(&shape);
        let (mut run, mut first) = (1, 0);
        let mut outer = axes;
        while let [rest @ .., last] = outer {
            let Some(Some(start)) = last.first().copied() else { break };
            let is_run = last.iter().enumerate().all(|(i, offset)| *offset == Some(start + i * run));
            if !is_run {
                break;
            }
            (run, first, outer) = (run * last.len(), first + start, rest);
        }
        // Where the run begins goes into the last axis. A row longer than u32 is refused by the layout.
        let place = |offset: &Option<usize>, first: usize| {
            offset.map_or(NOWHERE, |offset| u32::try_from(offset + first).unwrap_or(NOWHERE))
        };
        let axes = match outer {
            [] => vec![vec![place(&Some(0), first)]],
            [rest @ .., last] => {
                let axis =
                    |axis: &Vec<Option<usize>>, first| axis.iter().map(|it| place(it, first)).collect();
                rest.iter().map(|it| axis(it, 0)).chain([axis(last, first)]).collect()
            }
        };
        self.builder.push(Op::Rearrange(Rearrange { x, y, axes, run }));
        y
    }
}
