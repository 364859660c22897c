//! `y = a b^T` for every row of the batch: products of all vectors of `a`, `(m, k)`, with all of `b`, `(n, k)`.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};

#[derive(Clone, Debug)]
pub(crate) struct Dot {
    /// `(m, k)`
    pub a: TensorId,
    /// `(n, k)`
    pub b: TensorId,
    /// `(m, n)`
    pub y: TensorId,
    pub m: usize,
    pub n: usize,
    pub k: usize,
}

/// One product of the three that belong together; `to` is `(rows, cols)`.
fn product(frame: &Frame<'_>, form: Form, size: (usize, usize, usize), a: Mat, b: Mat, to: &mut [f32]) {
    let (beta, epilogue) = (Beta::Zero, Epilogue::default());
    gemm::product(form, size, a, b, to, size.1, beta, epilogue, frame.scratch());
}

impl Operation for Dot {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.a, &mut self.b]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let &Self { m, n, k, .. } = self;
        let rows = frame.value(self.a).chunks_exact(m * k).zip(frame.value(self.b).chunks_exact(n * k));
        for ((a, b), y) in rows.zip(frame.value_mut(self.y).chunks_exact_mut(m * n)) {
            let (a, b) = (Mat { data: a, stride: k }, Mat { data: b, stride: k });
            product(frame, Form::Nt, (m, n, k), a, b, y);
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let &Self { m, n, k, .. } = self;
        let Some(d_y) = frame.gradient(self.y) else { return };
        if let Some(d_a) = frame.gradient_mut(self.a) {
            let rows = d_y.chunks_exact(m * n).zip(frame.value(self.b).chunks_exact(n * k));
            for ((d_y, b), d_a) in rows.zip(d_a.chunks_exact_mut(m * k)) {
                let (d_y, b) = (Mat { data: d_y, stride: n }, Mat { data: b, stride: k });
                product(frame, Form::Nn, (m, k, n), d_y, b, d_a);
            }
        }
        if let Some(d_b) = frame.gradient_mut(self.b) {
            let rows = d_y.chunks_exact(m * n).zip(frame.value(self.a).chunks_exact(m * k));
            for ((d_y, a), d_b) in rows.zip(d_b.chunks_exact_mut(n * k)) {
                let (d_y, a) = (Mat { data: d_y, stride: n }, Mat { data: a, stride: k });
                product(frame, Form::Tn, (n, k, m), d_y, a, d_b);
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * (self.m * self.k) as u64 * self.n as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn scratch_len(&self, _: &Plan, _: usize) -> usize {
        let &Self { m, n, k, .. } = self;
        let forward = gemm::scratch_len(Form::Nt, m, n, k);
        forward.max(gemm::scratch_len(Form::Nn, m, k, n)).max(gemm::scratch_len(Form::Tn, n, k, m))
    }
}
