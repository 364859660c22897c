//! Sums over a tensor of weights that do not depend on how it is cut between threads: partial sums over chunks of rows, of
//! which every thread has whole ones, then one sum of them in order.

use super::Frame;
use super::pieces::Piece;
use crate::arena::Span;
use crate::plan::Parameter;
use tabgrad_kernels::reduce;

/// What is summed, each in a place of its own: a thread may still read one while another writes the next.
pub(crate) const CLIP: usize = 0;
/// See [`CLIP`].
pub(crate) const FIRST: usize = 1;
/// See [`CLIP`].
pub(crate) const SECOND: usize = 2;
const KINDS: usize = 3;

/// Where the partial sums of every tensor lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// For each tensor, the first chunk; and the end.
    first: Vec<usize>,
}

impl Sums {
    pub fn new(parameters: &[Parameter]) -> Self {
        let mut first = vec![0];
        for parameter in parameters {
            let cut = parameter.cut;
            let chunks = if parameter.trainable { cut.rows.div_ceil(cut.grain) } else { 0 };
            first.push(first.last().copied().unwrap_or(0) + chunks);
        }
        Self { first }
    }

    fn chunks(&self) -> usize {
        self.first.last().copied().unwrap_or(0)
    }

    pub fn len(&self) -> usize {
        KINDS * self.chunks()
    }

    /// Writes the partial sums of the thread's chunks: `sum(start, len)` of so many values of the piece.
    pub fn write(&self, frame: &Frame<'_>, piece: &Piece, kind: usize, sum: impl Fn(usize, usize) -> f32) {
        let cut = frame.plan.parameters[piece.tensor].cut;
        let first = kind * self.chunks() + self.first[piece.tensor] + piece.rows.start / cut.grain;
        let chunk = cut.grain * cut.width;
        let own = Span::new(first, piece.span.len.div_ceil(chunk));
        let parts = frame.memory.sums.write(frame.team.index(), own);
        for (i, part) in parts.iter_mut().enumerate() {
            let start = i * chunk;
            *part = sum(start, chunk.min(piece.span.len - start));
        }
    }

    /// Partial sums of squares.
    pub fn squares(&self, frame: &Frame<'_>, piece: &Piece, kind: usize, values: &[f32]) {
        self.write(frame, piece, kind, |start, len| reduce::sum_squares(&values[start..start + len]) as f32);
    }

    /// The sum over a tensor; after a meeting.
    pub fn total(&self, frame: &Frame<'_>, tensor: usize, kind: usize) -> f64 {
        let (first, end) = (self.first[tensor], self.first[tensor + 1]);
        self.read(frame, kind, first, end - first)
    }

    /// The sum over all tensors; after a meeting.
    pub fn total_of_all(&self, frame: &Frame<'_>, kind: usize) -> f64 {
        self.read(frame, kind, 0, self.chunks())
    }

    fn read(&self, frame: &Frame<'_>, kind: usize, first: usize, len: usize) -> f64 {
        let span = Span::new(kind * self.chunks() + first, len);
        reduce::sum(frame.memory.sums.read(frame.team.index(), span))
    }
}
