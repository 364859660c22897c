//! Which outputs a loss of overlaps (`dice`, `tversky`) takes together: Keras' `axis`.
//!
//! ```text
//! outputs (batch, height, width, classes)     axis null         one loss for the batch
//!                                             axis [1, 2, 3]    one for each row
//!                                             axis [1, 2]       one for each class of each row
//!                                             axis [0, 1, 2]    one for each class
//!                                             axis -1           one for each pixel
//! ```

use super::build::volume;
use crate::error::{Code, Error};
use crate::spec::Axes;

/// Groups of outputs, each with one loss. The last axis are columns; what the other axes make is a row of outputs, a place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Groups {
    /// The places that one row of the batch has, those of a group beside each other, groups in order.
    pub places: Vec<u32>,
    /// Places of a group.
    pub size: usize,
    /// Whether every column has groups of its own.
    pub by_column: bool,
    /// Whether a group goes through all rows of the batch.
    pub over_batch: bool,
}

impl Groups {
    /// What `axis` takes together, for outputs of this shape; no axis: everything.
    pub fn of(axis: Option<&Axes>, shape: &[usize]) -> Result<Self, Error> {
        let all = || Some((0..=shape.len()).collect());
        let Some(axes) = axis.map_or_else(all, |axis| axis.of_rank(shape.len() + 1)) else {
            let expected = format!("axes from 0 to {0} or from -{0} to -1, or null", shape.len());
            let found = format!("{:?}", axis.map_or(&[][..], |axis| &axis.0));
            return Err(Error::new(Code::OutOfRange, "training.loss.axis", expected, found));
        };
        let [sizes @ .., _] = shape else { return Ok(Self::default()) };
        // The number of the group that a place is in: its indices along the axes that stay apart.
        let group_of = |place: usize| {
            let (mut rest, mut group, mut groups) = (place, 0, 1);
            for (axis, &size) in sizes.iter().enumerate().rev() {
                if !axes.contains(&(axis + 1)) {
                    group += rest % size * groups;
                    groups *= size;
                }
                rest /= size;
            }
            group
        };
        let count = volume(sizes);
        let mut places: Vec<u32> = (0..count as u32).collect();
        places.sort_by_key(|&place| group_of(place as usize));
        let apart = sizes.iter().enumerate().filter(|(axis, _)| !axes.contains(&(axis + 1)));
        Ok(Self {
            size: count / apart.map(|(_, &size)| size).product::<usize>().max(1),
            places,
            by_column: !axes.contains(&shape.len()),
            over_batch: axes.contains(&0),
        })
    }

    /// Groups that each place is in.
    pub fn of_each(&self, cols: usize) -> usize {
        if self.by_column { cols } else { 1 }
    }
}

impl Default for Groups {
    fn default() -> Self {
        Self { places: vec![0], size: 1, by_column: false, over_batch: true }
    }
}
