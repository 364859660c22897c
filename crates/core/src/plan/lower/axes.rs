//! What works along some axes of its input: they are moved behind the others, and back afterwards.

use super::Site;
use crate::error::{Code, Error};
use crate::plan::TensorId;
use crate::spec::axes::Axes;

/// A tensor whose last `count` axes are those that were named.
pub(super) struct Moved {
    pub x: TensorId,
    /// How many axes stand before them.
    pub leading: usize,
    /// Which axis of `x` each axis of the input has become.
    back: Vec<usize>,
}

impl Site<'_> {
    /// `x` with the axes that an argument names behind the others; the batch cannot be one of them.
    pub(super) fn axes_last(&mut self, x: TensorId, argument: &str, axes: &Axes) -> Result<Moved, Error> {
        let rank = self.shape(x).len();
        let named = axes.of_rank(rank + 1).filter(|axes| !axes.is_empty() && axes[0] > 0);
        let Some(named) = named else {
            let expected = format!("axes from 1 to {rank} or from -{rank} to -1");
            return Err(Error::new(Code::OutOfRange, self.path(argument), expected, format!("{:?}", axes.0)));
        };
        let named: Vec<usize> = named.iter().map(|axis| axis - 1).collect();
        let others = (0..rank).filter(|axis| !named.contains(axis));
        let order: Vec<usize> = others.chain(named.iter().copied()).collect();
        let mut back = vec![0; rank];
        order.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        Ok(Moved { x: self.transposed(x, &order), leading: rank - named.len(), back })
    }

    /// `y`, which has the axes of `moved`, with its axes where the input had them.
    pub(super) fn axes_back(&mut self, moved: &Moved, y: TensorId) -> TensorId {
        self.transposed(y, &moved.back)
    }
}
