//! `adafactor`: a mean square for every row and every column of a matrix, three meetings.
//!
//! ```text
//! row means, own rows; |w|   -- meet --   column means, own columns   -- meet --   |u|   -- meet --   step, own weights
//! ```
//!
//! A kernel of a convolution is as many matrices, the last two axes of each, as its window has places. Threads take weights as
//! the tensor's op cuts them: a row of attention's kernel there is a step's heads side by side, which are several rows here, and its
//! bias of two axes is cut anywhere. Means of rows that are cut are made in shares of their own, together with the columns'.

use super::pieces::Piece;
use super::rule::{Factor, Numbers};
use super::sums::{FIRST, SECOND};
use super::{Frame, Update};
use crate::arena::Span;
use crate::plan::Parameter;
use crate::spec::optimizers;
use std::ops::Range;
use tabgrad_kernels::{optimizer, reduce};

/// Its numbers; `relative_step` is not among them, for the formula takes the smaller rate in any case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Adafactor {
    beta_2_decay: f64,
    epsilon_1: f32,
    epsilon_2: f64,
    clip_threshold: f64,
}

/// Columns are cut between threads at multiples of this.
const COLUMN_GRAIN: usize = 16;

impl Adafactor {
    pub fn of(spec: &optimizers::Adafactor) -> Self {
        Self {
            beta_2_decay: spec.beta_2_decay,
            epsilon_1: spec.epsilon_1 as f32,
            epsilon_2: spec.epsilon_2,
            clip_threshold: spec.clip_threshold,
        }
    }

    /// Two for every tensor: means of rows and of columns, or for a vector nothing and a mean for every weight.
    pub fn factors(parameters: &[Parameter]) -> Vec<Factor> {
        let mut factors: Vec<Factor> = Vec::new();
        for parameter in parameters {
            let (rows, columns, names, grain) = match parameter.shape.as_slice() {
                [leading @ .., rows, cols] => {
                    let of_rows = [leading, &[*rows]].concat();
                    (of_rows, [leading, &[*cols]].concat(), ["row_mean", "column_mean"], parameter.cut.grain)
                }
                vector => (vec![0], vector.to_vec(), ["", "velocity"], 1),
            };
            for (name, shape, grain) in [(names[0], rows, grain), (names[1], columns, COLUMN_GRAIN)] {
                let start = factors.last().map_or(0, |last| last.span.start + last.span.len);
                let span = Span::new(start, shape.iter().product());
                factors.push(Factor { name: format!("{}/{name}", parameter.name), shape, span, grain });
            }
        }
        factors
    }
}

/// The factors of a tensor of weights and how it is cut into matrices.
struct Parts<'a> {
    rows: &'a Factor,
    columns: &'a Factor,
    /// Rows of one matrix; 0: a vector.
    height: usize,
    width: usize,
    /// No row is cut between threads.
    has_whole_rows: bool,
}

impl Update<'_> {
    fn parts(&self, frame: &Frame<'_>, tensor: usize) -> Parts<'_> {
        let factors = &self.rule.factors;
        let parameter = &frame.plan.parameters[tensor];
        let (height, width) = match parameter.shape.as_slice() {
            [.., rows, cols] => (*rows, *cols),
            _ => (0, 1),
        };
        let has_whole_rows = parameter.cut.width.is_multiple_of(width);
        Parts { rows: &factors[2 * tensor], columns: &factors[2 * tensor + 1], height, width, has_whole_rows }
    }

    pub fn adafactor(&self, frame: &Frame<'_>, settings: &Adafactor) {
        let Numbers::Count(count) = self.numbers else { return };
        let (thread, memory, sums) = (frame.team.index(), frame.memory, &self.rule.sums);
        let beta = (1.0 - libm::pow(count as f64, settings.beta_2_decay)) as f32;
        self.each(frame, |piece| {
            self.shorten(frame, piece, self.rule.weight_decay);
            let (g, parts) = (piece.gradient(frame), self.parts(frame, piece.tensor));
            let offset = piece.offset(frame);
            if parts.height == 0 {
                let own = memory.factors.write(thread, parts.columns.span.part(offset, g.len()));
                optimizer::adafactor_vector(beta, settings.epsilon_1, g, own);
            } else if parts.has_whole_rows {
                let own = parts.rows.span.part(offset / parts.width, g.len() / parts.width);
                optimizer::adafactor_rows(beta, settings.epsilon_1, g, memory.factors.write(thread, own));
            }
            sums.squares(frame, piece, FIRST, piece.weights(frame));
        });
        frame.meet();
        self.column_means(frame, beta, settings.epsilon_1);
        frame.meet();
        self.each(frame, |piece| {
            let g = piece.gradient(frame);
            sums.write(frame, piece, SECOND, |start, len| {
                let mut sum = 0.0;
                self.rows_of(frame, piece, start..start + len, |at, c, scale| {
                    let part = at..at + c.len();
                    sum += optimizer::adafactor_squares(&g[part], c) / scale;
                });
                sum
            });
        });
        frame.meet();
        let rate = f64::from(self.rate).min(1.0 / (count as f64).sqrt());
        self.each(frame, |piece| {
            let (w, g) = (piece.weights_mut(frame), piece.gradient_mut(frame));
            let decay = self.rate * piece.multiplier * self.rule.weight_decay;
            let len = frame.plan.parameters[piece.tensor].span.len as f64;
            let root_mean = |kind: usize| (sums.total(frame, piece.tensor, kind) / len).sqrt();
            // The weights that are measured are those after the decay, which is taken off with the step.
            let size = root_mean(FIRST) * f64::from(1.0 - decay).abs();
            let alpha = settings.epsilon_2.max(size) * rate * f64::from(piece.multiplier);
            let alpha = alpha / (root_mean(SECOND) / settings.clip_threshold).max(1.0);
            self.rows_of(frame, piece, 0..piece.span.len, |at, c, scale| {
                let part = at..at + c.len();
                let rate = (alpha / f64::from(scale).sqrt()) as f32;
                optimizer::adafactor(rate, decay, &mut w[part.clone()], &mut g[part], c);
            });
        });
    }

    /// The means of this thread's columns of every matrix, and those of its rows where they were cut before.
    fn column_means(&self, frame: &Frame<'_>, beta: f32, epsilon: f32) {
        let (thread, memory) = (frame.team.index(), frame.memory);
        for (tensor, parameter) in frame.plan.parameters.iter().enumerate() {
            let parts = self.parts(frame, tensor);
            if parts.height == 0 || !parameter.trainable {
                continue;
            }
            if !parts.has_whole_rows {
                let own = frame.team.share(parameter.span.len / parts.width, 1);
                let g = memory.parameter_gradients.read(thread, parameter.span.rows(&own, parts.width));
                let means = memory.factors.write(thread, parts.rows.span.rows(&own, 1));
                optimizer::adafactor_rows(beta, epsilon, g, means);
            }
            let own = frame.team.share(parts.width, COLUMN_GRAIN);
            let matrix = parts.height * parts.width;
            for index in 0..parameter.span.len / matrix {
                let g = memory.parameter_gradients.read(thread, parameter.span.part(index * matrix, matrix));
                let columns = parts.columns.span.part(index * parts.width + own.start, own.len());
                let means = memory.factors.write(thread, columns);
                optimizer::adafactor_columns(beta, epsilon, parts.width, g, own.clone(), means);
            }
        }
    }

    /// Calls `work(offset in the piece, column means, row mean over the mean of row means)` for what lies in each row of these weights
    /// of the piece; a vector is one row.
    fn rows_of(
        &self,
        frame: &Frame<'_>,
        piece: &Piece,
        of: Range<usize>,
        mut work: impl FnMut(usize, &[f32], f32),
    ) {
        let (thread, factors) = (frame.team.index(), &frame.memory.factors);
        let parts = self.parts(frame, piece.tensor);
        let offset = piece.offset(frame);
        let (mut at, end) = (offset + of.start, offset + of.end);
        if parts.height == 0 {
            let own = parts.columns.span.part(at, of.len());
            work(of.start, factors.read(thread, own), 1.0);
            return;
        }
        let matrix = parts.height * parts.width;
        while at < end {
            let index = at / matrix;
            let end = end.min((index + 1) * matrix);
            let means = factors.read(thread, parts.rows.span.part(index * parts.height, parts.height));
            let columns = factors.read(thread, parts.columns.span.part(index * parts.width, parts.width));
            let mean = (reduce::sum(means) / parts.height as f64) as f32;
            while at < end {
                let (row, column) = (at / parts.width, at % parts.width);
                let count = (parts.width - column).min(end - at);
                let scale = means[row - index * parts.height] / mean;
                work(at - offset, &columns[column..column + count], scale);
                at += count;
            }
        }
    }
}
