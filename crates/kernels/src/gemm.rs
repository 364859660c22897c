//! Products of matrices, in the three forms that training needs:
//!
//! ```text
//! nn   C = A[m,k]   B[k,n]      y   = x w
//! nt   C = A[m,k]   B[n,k]^T    d_x = d_y w^T
//! tn   C = A[k,m]^T B[k,n]      d_w = x^T d_y
//! ```
//!
//! `C[i,j]` is one sum over `k` in ascending order, whatever the sizes are, so the bits do not depend on how a caller cuts
//! rows and columns between threads.

use crate::activation::Activation;
use crate::reference;

/// A row-major matrix whose rows are `stride` apart.
#[derive(Clone, Copy, Debug)]
pub struct Mat<'a> {
    /// From the first element of the first row to the last of the last row, at least.
    pub data: &'a [f32],
    /// Elements from one row's start to the next one's.
    pub stride: usize,
}

/// Which of the operands is transposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Neither.
    Nn,
    /// B.
    Nt,
    /// A.
    Tn,
}

/// What becomes of C's old values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beta {
    /// They are never read, and may be NaN.
    Zero,
    /// The product is added to them.
    One,
}

/// What is done to each finished element while it is at hand: `activation(c + bias[j])`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epilogue<'a> {
    /// One value per column of C.
    pub bias: Option<&'a [f32]>,
    /// Applied last.
    pub activation: Activation,
}

/// How many f32 of scratch a product of this form and size wants; 0 when it is made without packing.
pub fn scratch_len(form: Form, m: usize, n: usize, k: usize) -> usize {
    let _ = (form, m, n, k);
    0
}

/// `C = epilogue(beta C + A B)`; A is `(m, k)`, B is `(k, n)`, C is `(m, n)` with rows `ldc` apart.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub fn nn(
    m: usize,
    n: usize,
    k: usize,
    a: Mat,
    b: Mat,
    c: &mut [f32],
    ldc: usize,
    beta: Beta,
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let _ = scratch;
    let (a_at, b_at) = (|i, p| a.data[i * a.stride + p], |p, j| b.data[p * b.stride + j]);
    reference::gemm((m, n, k), a_at, b_at, c, ldc, beta, epilogue.bias, epilogue.activation);
}

/// `C = epilogue(beta C + A B^T)`; A is `(m, k)`, B is `(n, k)`, C is `(m, n)` with rows `ldc` apart.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub fn nt(
    m: usize,
    n: usize,
    k: usize,
    a: Mat,
    b: Mat,
    c: &mut [f32],
    ldc: usize,
    beta: Beta,
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let _ = scratch;
    let (a_at, b_at) = (|i, p| a.data[i * a.stride + p], |p, j| b.data[j * b.stride + p]);
    reference::gemm((m, n, k), a_at, b_at, c, ldc, beta, epilogue.bias, epilogue.activation);
}

/// `C = epilogue(beta C + A^T B)`; A is `(k, m)`, B is `(k, n)`, C is `(m, n)` with rows `ldc` apart.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub fn tn(
    m: usize,
    n: usize,
    k: usize,
    a: Mat,
    b: Mat,
    c: &mut [f32],
    ldc: usize,
    beta: Beta,
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let _ = scratch;
    let (a_at, b_at) = (|i, p| a.data[p * a.stride + i], |p, j| b.data[p * b.stride + j]);
    reference::gemm((m, n, k), a_at, b_at, c, ldc, beta, epilogue.bias, epilogue.activation);
}
