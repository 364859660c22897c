//! `y = activation(x · kernel + bias)` over the last axis.
//!
//! The activation is fused into the product where its slope follows from `y`; others are an op of their own.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::Frame;
use tabgrad_kernels::activation::Activation;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};
use tabgrad_kernels::reduce;

#[derive(Clone, Debug)]
pub(crate) struct Dense {
    pub x: TensorId,
    pub y: TensorId,
    /// `(inputs, units)`, or `(units, inputs)` when transposed.
    pub kernel: ParameterId,
    /// `(units)`
    pub bias: Option<ParameterId>,
    pub inputs: usize,
    pub units: usize,
    /// Rows of `inputs` values that one row of the batch has.
    pub rows_each: usize,
    /// The kernel is `(units, inputs)`.
    pub is_transposed: bool,
    /// `Linear`, or what was fused.
    pub activation: Activation,
    /// Where d loss / d (x · kernel + bias) goes when an activation is fused; else it is the gradient of `y` itself.
    pub d_sum: Option<Span>,
}

impl Dense {
    /// The gradient of the sum before the activation, for all rows of the batch.
    fn d_sum_all<'a>(&self, frame: &Frame<'a>) -> Option<&'a [f32]> {
        match self.d_sum {
            Some(span) => Some(frame.read_gradient_span(span.part(0, self.len(frame.batch)))),
            None => frame.gradient_all(self.y),
        }
    }

    fn kernel<'a>(&self, frame: &Frame<'a>) -> Mat<'a> {
        let stride = if self.is_transposed { self.inputs } else { self.units };
        Mat { data: frame.parameter(self.kernel), stride }
    }

    fn len(&self, rows: usize) -> usize {
        rows * self.rows_each * self.units
    }
}

impl Operation for Dense {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [Some(self.kernel), self.bias].into_iter().flatten().collect()
    }

    fn place(&mut self, room: &mut Room<'_>) {
        self.d_sum = room.gradient_of_sum(self.y, self.activation);
    }

    fn forward(&self, frame: &Frame<'_>) {
        let rows = frame.rows.len() * self.rows_each;
        let epilogue =
            Epilogue { bias: self.bias.map(|bias| frame.parameter(bias)), activation: self.activation };
        gemm::product(
            if self.is_transposed { Form::Nt } else { Form::Nn },
            (rows, self.units, self.inputs),
            Mat { data: frame.value(self.x), stride: self.inputs },
            self.kernel(frame),
            frame.value_mut(self.y),
            self.units,
            Beta::Zero,
            epilogue,
            frame.scratch(),
        );
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_sum) = frame.gradient_of_sum(self.y, self.d_sum, self.activation) else { return };
        let Some(d_x) = frame.gradient_mut(self.x) else { return };
        gemm::product(
            if self.is_transposed { Form::Nn } else { Form::Nt },
            (frame.rows.len() * self.rows_each, self.inputs, self.units),
            Mat { data: d_sum, stride: self.units },
            self.kernel(frame),
            d_x,
            self.inputs,
            Beta::Zero,
            Epilogue::default(),
            frame.scratch(),
        );
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_sum) = self.d_sum_all(frame) else { return };
        let rows = frame.batch * self.rows_each;
        if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.kernel) {
            // Row i of the kernel's gradient is column i of x times d_sum; transposed, column i of d_sum times x.
            let x = (frame.value_all(self.x), self.inputs);
            let d_sum = (d_sum, self.units);
            let ((a, lda), (b, ldb)) = if self.is_transposed { (d_sum, x) } else { (x, d_sum) };
            gemm::tn(
                own.len(),
                ldb,
                rows,
                Mat { data: &a[own.start.min(a.len())..], stride: lda },
                Mat { data: b, stride: ldb },
                d_kernel,
                ldb,
                Beta::Zero,
                Epilogue::default(),
                frame.scratch(),
            );
        }
        if let Some((own, d_bias)) = self.bias.and_then(|bias| frame.parameter_gradient_mut(bias)) {
            reduce::column_sums(rows, self.units, d_sum, own, d_bias);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * (self.rows_each * self.inputs) as u64 * self.units as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn scratch_len(&self, _: &Plan, rows: usize) -> usize {
        let rows = rows * self.rows_each;
        let (units, inputs) = (self.units, self.inputs);
        if self.is_transposed {
            let forward = gemm::scratch_len(Form::Nt, rows, units, inputs);
            let backward = gemm::scratch_len(Form::Nn, rows, inputs, units);
            return forward.max(backward).max(gemm::scratch_len(Form::Tn, units, inputs, rows));
        }
        let forward = gemm::scratch_len(Form::Nn, rows, units, inputs);
        let backward = gemm::scratch_len(Form::Nt, rows, inputs, units);
        forward.max(backward).max(gemm::scratch_len(Form::Tn, inputs, units, rows))
    }
}
