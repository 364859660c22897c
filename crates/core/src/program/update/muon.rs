//! `muon`: products of every matrix with itself, each cut by rows; three meetings for every Newton-Schulz step.
//!
//! ```text
//! wide   A = X X^T,  B = b A + c A A,  X = a X + B X
//! tall   A = X^T X,  B = b A + c A A,  X = a X + X B      the same transposed, without moving anything
//! ```
//!
//! Vectors, kernels of convolutions and what is excluded follow Adam.

use super::pieces::Piece;
use super::rule::Numbers;
use super::sums::FIRST;
use super::{Frame, Update};
use crate::arena::Span;
use crate::plan::Parameter;
use crate::spec::optimizers;
use tabgrad_kernels::elementwise;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};
use tabgrad_kernels::optimizer::{self, Adam};

/// Its numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Muon {
    pub adam: Adam,
    adam_weight_decay: f32,
    adam_rate: f32,
    momentum: f32,
    nesterov: bool,
    steps: usize,
    coefficients: [f32; 3],
    rms_rate: Option<f64>,
    exclude: Vec<String>,
}

/// Products are cut between threads at multiples of so many rows; the grain of [`Parameter::cut`].
const ROW_GRAIN: usize = 4;

/// The places in [`crate::program::Memory::work`] of one matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matrix {
    rows: usize,
    cols: usize,
    /// X before and after a step, by turns.
    x: [Span; 2],
    a: Span,
    b: Span,
}

impl Matrix {
    fn is_wide(&self) -> bool {
        self.rows <= self.cols
    }

    fn size(&self) -> usize {
        self.rows.min(self.cols)
    }

    pub fn scratch_len(&self) -> usize {
        let (size, length) = (self.size(), self.rows.max(self.cols));
        let form = if self.is_wide() { Form::Nt } else { Form::Tn };
        let square = gemm::scratch_len(form, size, size, length);
        let next = gemm::scratch_len(Form::Nn, self.rows, self.cols, size);
        square.max(next).max(gemm::scratch_len(Form::Nn, size, size, size))
    }
}

impl Muon {
    pub fn of(spec: &optimizers::Muon) -> Self {
        let mut exclude = spec.exclude_layers.0.clone();
        exclude.extend(spec.exclude_embeddings.then(|| "embedding".to_owned()));
        Self {
            adam: Adam { beta_1: spec.adam_beta_1, beta_2: spec.adam_beta_2, epsilon: spec.epsilon as f32 },
            adam_weight_decay: spec.adam_weight_decay.unwrap_or(0.0) as f32,
            adam_rate: spec.adam_lr_ratio as f32,
            momentum: spec.momentum as f32,
            nesterov: spec.nesterov,
            steps: spec.ns_steps,
            coefficients: [spec.muon_a, spec.muon_b, spec.muon_c].map(|it| it as f32),
            rms_rate: spec.rms_rate,
            exclude,
        }
    }

    /// The places of a tensor of weights if it is a matrix that does not follow Adam; `take` gives out room.
    pub fn matrix(&self, parameter: &Parameter, take: &mut impl FnMut(usize) -> Span) -> Option<Matrix> {
        let [rows, cols] = *parameter.shape.as_slice() else { return None };
        let is_excluded = self.exclude.iter().any(|word| parameter.name.contains(word.as_str()));
        if is_excluded || !parameter.trainable {
            return None;
        }
        let size = rows.min(cols);
        let x = [take(rows * cols), take(rows * cols)];
        Some(Matrix { rows, cols, x, a: take(size * size), b: take(size * size) })
    }

    /// How long a step of the matrix is in multiples of the learning rate.
    fn length(&self, matrix: &Matrix) -> f32 {
        let longer = matrix.rows.max(matrix.cols) as f64;
        self.rms_rate.map_or(1.0, |rate| longer.sqrt() * rate) as f32
    }
}

/// Which rows of a matrix product a thread makes, and of what.
struct Product {
    form: Form,
    /// Rows of the left operand, or with [`Form::Tn`] columns.
    rows: std::ops::Range<usize>,
    cols: usize,
    depth: usize,
    left: (Span, usize),
    right: (Span, usize),
    to: Span,
}

impl Update<'_> {
    pub fn muon(&self, frame: &Frame<'_>, settings: &Muon) {
        let Numbers::Count(count) = self.numbers else { return };
        let (thread, work) = (frame.team.index(), &frame.memory.work);
        self.each(frame, |piece| match &self.rule.matrices[piece.tensor] {
            Some(matrix) => {
                let decay = self.shorten(frame, piece, self.rule.weight_decay);
                let m = piece.slot_mut(frame, Some(0));
                let x = work.write(thread, own_part(frame, matrix.x[0], piece));
                let g = piece.gradient(frame);
                optimizer::muon_momentum(settings.momentum, settings.nesterov, g, m, x);
                self.rule.sums.squares(frame, piece, FIRST, x);
                piece.leave_weights(frame, decay);
            }
            None => {
                let before = self.before(frame, piece, settings.adam_weight_decay);
                let rate = self.rate * piece.multiplier * settings.adam_rate;
                let rate = optimizer::adam_rate(rate, &settings.adam, count);
                let (m, v) = (piece.slot_mut(frame, Some(0)), piece.slot_mut(frame, Some(1)));
                let (w, g) = (piece.weights_mut(frame), piece.gradient_mut(frame));
                optimizer::adam(rate, &settings.adam, before, w, g, m, v);
            }
        });
        frame.meet();
        self.each(frame, |piece| {
            let Some(matrix) = &self.rule.matrices[piece.tensor] else { return };
            let norm = self.rule.sums.total(frame, piece.tensor, FIRST).sqrt();
            let x = work.write(thread, own_part(frame, matrix.x[0], piece));
            elementwise::scale((1.0 / (norm + 1e-7)) as f32, x);
        });
        frame.meet();
        for step in 0..settings.steps {
            self.newton_schulz(frame, settings.coefficients, step % 2);
        }
        self.each(frame, |piece| {
            let Some(matrix) = &self.rule.matrices[piece.tensor] else { return };
            let x = work.read(thread, own_part(frame, matrix.x[settings.steps % 2], piece));
            let rate = self.rate * piece.multiplier * settings.length(matrix);
            elementwise::axpy(-rate, x, piece.weights_mut(frame));
        });
    }

    /// One step of all matrices from `x[from]` to the other, this thread's rows of every product.
    fn newton_schulz(&self, frame: &Frame<'_>, [a, b, c]: [f32; 3], from: usize) {
        let (thread, work) = (frame.team.index(), &frame.memory.work);
        let matrices = || self.rule.matrices.iter().flatten();
        for matrix in matrices() {
            let (size, x) = (matrix.size(), (matrix.x[from], matrix.cols));
            let (form, depth) =
                if matrix.is_wide() { (Form::Nt, matrix.cols) } else { (Form::Tn, matrix.rows) };
            let rows = frame.team.share(size, ROW_GRAIN);
            multiply(frame, &Product { form, rows, cols: size, depth, left: x, right: x, to: matrix.a });
        }
        frame.meet();
        for matrix in matrices() {
            let size = matrix.size();
            let (rows, square) = (frame.team.share(size, ROW_GRAIN), (matrix.a, size));
            let own = matrix.b.rows(&rows, size);
            let product = Product {
                form: Form::Nn,
                rows: rows.clone(),
                cols: size,
                depth: size,
                left: square,
                right: square,
                to: matrix.b,
            };
            multiply(frame, &product);
            let sum = work.write(thread, own);
            elementwise::scale(c, sum);
            elementwise::axpy(b, work.read(thread, matrix.a.rows(&rows, size)), sum);
        }
        frame.meet();
        for matrix in matrices() {
            let (size, x) = (matrix.size(), (matrix.x[from], matrix.cols));
            let rows = frame.team.share(matrix.rows, ROW_GRAIN);
            let (left, right) = if matrix.is_wide() { ((matrix.b, size), x) } else { (x, (matrix.b, size)) };
            let (cols, to) = (matrix.cols, matrix.x[1 - from]);
            multiply(
                frame,
                &Product { form: Form::Nn, rows: rows.clone(), cols, depth: size, left, right, to },
            );
            let before = work.read(thread, matrix.x[from].rows(&rows, cols));
            elementwise::axpy(a, before, work.write(thread, to.rows(&rows, cols)));
        }
        frame.meet();
    }
}

/// The piece's part of a place of its matrix: its values, for a matrix need not be cut between threads by its rows.
fn own_part(frame: &Frame<'_>, place: Span, piece: &Piece) -> Span {
    place.part(piece.offset(frame), piece.span.len)
}

fn multiply(frame: &Frame<'_>, product: &Product) {
    let Product { form, rows, cols, depth, left, right, to } = product;
    if rows.is_empty() {
        return;
    }
    let (thread, work) = (frame.team.index(), &frame.memory.work);
    let matrix =
        |(span, stride): (Span, usize), skip: usize| Mat { data: &work.read(thread, span)[skip..], stride };
    let skip = if *form == Form::Tn { rows.start } else { rows.start * left.1 };
    gemm::product(
        *form,
        (rows.len(), *cols, *depth),
        matrix(*left, skip),
        matrix(*right, 0),
        work.write(thread, to.rows(rows, *cols)),
        *cols,
        Beta::Zero,
        Epilogue::default(),
        frame.scratch(),
    );
}
