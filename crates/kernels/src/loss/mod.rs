//! Losses: the value of each row, and the gradient of what is predicted.
//!
//! ```text
//! row_loss[i] = weight[i] * loss(x[i], t[i])          d_x = factor * d (sum of row_loss) / d x
//! ```
//!
//! Keras takes the sum of all row losses divided by their number (`sum_over_batch_size`): callers pass
//! `factor = 1 / number of rows` and add up `row_loss` themselves. A row of weight 0 counts for nothing, whatever it
//! holds. All functions but those of whole batches ([`overlap`](overlap_sums), [`circle`](circle_sums)) look at one row
//! at a time, so any cut by rows is allowed.
//!
//! Formulas are Keras 3's (`keras/src/losses/losses.py`), with its clipping at [`EPSILON`].

mod circle;
mod ctc;
mod overlap;
mod rows;
mod terms;

pub use circle::{Circle, Crowd, circle_gradient, circle_sums};
pub use ctc::{ctc, ctc_room};
pub use overlap::{Overlap, overlap_gradient, overlap_sums, overlap_value};
pub use rows::{
    categorical_hinge, cosine_similarity, crossentropy, focal_crossentropy, generalized_crossentropy,
};
pub use terms::{Term, mean_of_terms};

/// Keras' `backend.epsilon()`: probabilities are kept this far from 0 and 1, and divisors from 0.
pub const EPSILON: f32 = 1e-7;

/// Rows of outputs and what they should have been.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// How many rows.
    pub rows: usize,
    /// Outputs of a row.
    pub cols: usize,
    /// `(rows, cols)`
    pub x: &'a [f32],
    /// `(rows, cols)`, or `(rows)` of class numbers where `is_class`.
    pub target: &'a [f32],
    /// Whether a row's target is the number of its class, and means that column 1 and all others 0. A number that is
    /// no column means a row of zeros.
    pub is_class: bool,
    /// Label smoothing: the target is `keep * t + add`; 1 and 0 for none.
    pub keep: f32,
    /// See `keep`.
    pub add: f32,
    /// `(rows)`, or empty when every row weighs 1.
    pub weight: &'a [f32],
    /// What every gradient is multiplied with.
    pub factor: f32,
}

impl<'a> Pairs<'a> {
    /// Panics when a slice is not as long as it must be.
    fn check(&self, row_loss: &[f32], d_x: &[f32]) {
        let (rows, len) = (self.rows, self.rows * self.cols);
        let targets = if self.is_class { rows } else { len };
        assert!(self.x.len() == len && self.target.len() == targets && row_loss.len() == rows);
        assert!(self.weight.is_empty() || self.weight.len() == rows);
        assert!(d_x.is_empty() || d_x.len() == len);
    }

    /// The same for some of the rows.
    pub fn part(&self, rows: std::ops::Range<usize>) -> Self {
        let each = if self.is_class { 1 } else { self.cols };
        let weight = if self.weight.is_empty() { self.weight } else { &self.weight[rows.clone()] };
        Self {
            rows: rows.len(),
            x: &self.x[rows.start * self.cols..rows.end * self.cols],
            target: &self.target[rows.start * each..rows.end * each],
            weight,
            ..*self
        }
    }

    /// What a row weighs.
    pub fn weight(&self, row: usize) -> f32 {
        self.weight.get(row).copied().unwrap_or(1.0)
    }

    /// The outputs of a row.
    pub fn outputs(&self, row: usize) -> &'a [f32] {
        &self.x[row * self.cols..][..self.cols]
    }

    /// The target of one output, smoothed.
    pub fn target_at(&self, row: usize, column: usize) -> f32 {
        self.targets(row).at(column)
    }

    fn targets(&self, row: usize) -> Targets<'a> {
        let (values, class) = if self.is_class {
            (&[][..], self.target[row])
        } else {
            (&self.target[row * self.cols..][..self.cols], -1.0)
        };
        // A class that is no column is none of them.
        let class = if class >= 0.0 { class as usize } else { usize::MAX };
        Targets { values, class, cols: self.cols, keep: self.keep, add: self.add }
    }
}

/// The targets of one row, smoothed.
#[derive(Clone, Copy)]
struct Targets<'a> {
    values: &'a [f32],
    class: usize,
    cols: usize,
    keep: f32,
    add: f32,
}

impl Targets<'_> {
    #[inline(always)]
    fn at(&self, column: usize) -> f32 {
        let t = match self.values.get(column) {
            Some(&t) => t,
            None => f32::from(u8::from(column == self.class)),
        };
        self.keep * t + self.add
    }

    /// The columns outside of which all targets are 0: one, where a class is given and nothing smoothed.
    fn support(&self) -> std::ops::Range<usize> {
        if !self.values.is_empty() || self.add != 0.0 {
            0..self.cols
        } else if self.class < self.cols {
            self.class..self.class + 1
        } else {
            0..0
        }
    }
}

/// This thread's part of a gradient, one row; empty when only values are wanted.
fn row_of(d_x: &mut [f32], row: usize, cols: usize) -> &mut [f32] {
    if d_x.is_empty() { d_x } else { &mut d_x[row * cols..][..cols] }
}
