//! What convolutions and pooling share: windows that slide over sequences and images, and what is said when they do not
//! fit. Sizes of sequences stand in the second place of a pair, after a height of 1.

use super::{Site, shown};
use crate::error::{Code, Error};
use crate::plan::TensorId;
use crate::spec::layers::{Padding, Pair, SequencePadding};
use tabgrad_kernels::window::Window;

/// What happens at the edges.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edges {
    Valid,
    Same,
    Causal,
}

impl From<Padding> for Edges {
    fn from(padding: Padding) -> Self {
        match padding {
            Padding::Valid => Self::Valid,
            Padding::Same => Self::Same,
        }
    }
}

impl From<SequencePadding> for Edges {
    fn from(padding: SequencePadding) -> Self {
        match padding {
            SequencePadding::Valid => Self::Valid,
            SequencePadding::Same => Self::Same,
            SequencePadding::Causal => Self::Causal,
        }
    }
}

/// A size of a layer for sequences or for images.
pub(super) trait Size: Copy {
    /// Axes that windows slide along.
    const RANK: usize;
    /// Height and width.
    fn pair(self) -> [usize; 2];
}

impl Size for usize {
    const RANK: usize = 1;
    fn pair(self) -> [usize; 2] {
        [1, self]
    }
}

impl Size for Pair {
    const RANK: usize = 2;
    fn pair(self) -> [usize; 2] {
        self.0
    }
}

/// How a layer's windows slide.
#[derive(Clone, Copy)]
pub(super) struct Sliding {
    /// 1 for sequences, 2 for images.
    pub rank: usize,
    /// The argument that says how large a window is.
    pub argument: &'static str,
    pub size: [usize; 2],
    pub strides: [usize; 2],
    pub dilation: [usize; 2],
    pub edges: Edges,
}

impl Sliding {
    /// `kernel_size`, `strides` and the like of a convolution.
    pub fn kernel<S: Size>(size: S, strides: S, dilation: S, edges: impl Into<Edges>) -> Self {
        Self {
            rank: S::RANK,
            argument: "kernel_size",
            size: size.pair(),
            strides: strides.pair(),
            dilation: dilation.pair(),
            edges: edges.into(),
        }
    }

    /// How far a window reaches, from its first tap to its last.
    pub fn reach(&self) -> [usize; 2] {
        [0, 1].map(|axis| (self.size[axis] - 1) * self.dilation[axis] + 1)
    }

    /// `3` or `3x2`
    fn text(&self, [height, width]: [usize; 2]) -> String {
        if self.rank == 1 { width.to_string() } else { format!("{height}x{width}") }
    }
}

impl Site<'_> {
    /// Height, width and channels of an input that windows slide over.
    pub(super) fn image(&self, x: TensorId, rank: usize) -> Result<([usize; 2], usize), Error> {
        let shape = self.shape(x);
        match (rank, shape.as_slice()) {
            (1, &[steps, channels]) => Ok(([1, steps], channels)),
            (2, &[height, width, channels]) => Ok(([height, width], channels)),
            _ => {
                let (expected, example) = if rank == 1 {
                    ("an input of shape (steps, channels)", "[16, 1]")
                } else {
                    ("an input of shape (height, width, channels)", "[8, 8, 1]")
                };
                let hint = format!(
                    "say the shape of the data in a first layer, as in {{\"type\": \"input\", \"shape\": {example}}}"
                );
                Err(self.mismatch("inputs", expected, &shape).hint(hint))
            }
        }
    }

    /// The shape of what stands at every place of a window.
    pub(super) fn image_shape(
        &self,
        rank: usize,
        [height, width]: [usize; 2],
        channels: usize,
    ) -> Vec<usize> {
        if rank == 1 { vec![width, channels] } else { vec![height, width, channels] }
    }

    /// The windows over an input of `image` pixels of `channels` values, if they fit.
    pub(super) fn windows(&self, it: &Sliding, image: [usize; 2], channels: usize) -> Result<Window, Error> {
        let reach = it.reach();
        if it.edges == Edges::Valid && (0..2).any(|axis| reach[axis] > image[axis]) {
            let input = it.text(image);
            let expected = format!("at most {input} for an input of {input}");
            let found = if it.dilation == [1, 1] {
                it.text(it.size)
            } else {
                format!("{} that reach {}", it.text(it.size), it.text(reach))
            };
            let path = self.path(it.argument);
            let hint = format!("use padding \"same\" or at most {input}");
            return Err(Error::new(Code::Mismatch, path, expected, found).hint(hint));
        }
        let (mut before, mut windows) = ([0; 2], [0; 2]);
        for axis in 0..2 {
            let (n, stride) = (image[axis], it.strides[axis]);
            windows[axis] = match it.edges {
                Edges::Valid => (n - reach[axis]) / stride + 1,
                Edges::Same | Edges::Causal => n.div_ceil(stride),
            };
            before[axis] = match it.edges {
                Edges::Valid => 0,
                // As much padding as the last window needs, half of it in front.
                Edges::Same => ((windows[axis] - 1) * stride + reach[axis]).saturating_sub(n) / 2,
                Edges::Causal => reach[axis] - 1,
            };
        }
        let Sliding { size, strides: stride, dilation, .. } = *it;
        Ok(Window { image, channels, size, stride, dilation, before, windows })
    }

    /// Strides and dilation exclude each other, as in Keras.
    pub(super) fn check_dilation(&self, it: &Sliding) -> Result<(), Error> {
        if it.strides.iter().all(|&stride| stride == 1) || it.dilation.iter().all(|&rate| rate == 1) {
            return Ok(());
        }
        let path = self.path("dilation_rate");
        let found = format!("{} with strides {}", it.text(it.dilation), it.text(it.strides));
        Err(Error::new(Code::Mismatch, path, "1 where strides are more than 1", found))
    }

    /// `groups` must divide `count`, which `what` names.
    pub(super) fn check_groups(&self, groups: usize, count: usize, what: &str) -> Result<(), Error> {
        if count.is_multiple_of(groups) {
            return Ok(());
        }
        let path = self.path("groups");
        let expected = format!("a divisor of the {count} {what}");
        let fitting: Vec<usize> = (1..=count).filter(|&it| count.is_multiple_of(it)).take(12).collect();
        let hint = format!("{} would fit", shown(&fitting).trim_matches(['(', ')']));
        Err(Error::new(Code::Mismatch, path, expected, groups.to_string()).hint(hint))
    }
}
