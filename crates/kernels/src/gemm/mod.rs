//! Products of matrices, in the three forms that training needs:
//!
//! ```text
//! nn   C = A[m,k]   B[k,n]      y   = x w
//! nt   C = A[m,k]   B[n,k]^T    d_x = d_y w^T
//! tn   C = A[k,m]^T B[k,n]      d_w = x^T d_y
//! ```
//!
//! `C[i,j]` is one sum over `k` in ascending order, whatever the sizes are, so the bits do not depend on how a caller cuts
//! rows and columns between threads, nor on which of the paths below is taken.
//!
//! [`tile`] has the innermost loop, [`pack`] brings operands into its order, [`block`] has the loops around it; [`row`] is for
//! one row, [`many`] for small ones of one size.

mod block;
pub(crate) mod many;
mod pack;
mod row;
mod tile;

use crate::activation::{self, Activation};
use crate::on_lanes;
use block::Job;

/// A row-major matrix whose rows are `stride` apart.
#[derive(Clone, Copy, Debug)]
pub struct Mat<'a> {
    /// From the first element of the first row to the last of the last row, at least.
    pub data: &'a [f32],
    /// Elements from one row's start to the next one's.
    pub stride: usize,
}

/// A matrix whose value `p` of row `i` is `data[rows[i] + steps[p]]`: patches of an image, without copying them, or, with
/// rows and steps exchanged, their transpose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gathered<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) rows: &'a [u32],
    pub(crate) steps: &'a [u32],
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

/// How many f32 of scratch a product of this size wants, or a smaller one, whatever its form and rows are.
pub fn scratch_len(_form: Form, _m: usize, n: usize, k: usize) -> usize {
    block::scratch_len(n, k)
}

/// `C = epilogue(beta C + A B)`; A is `(m, k)`, B is `(k, n)`, C is `(m, n)` with rows `ldc` apart.
/// `scratch` has at least [`scratch_len`] elements; its values do not matter.
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
    product(Form::Nn, (m, n, k), a, b, c, ldc, beta, epilogue, scratch);
}

/// `C = epilogue(beta C + A B^T)`; A is `(m, k)`, B is `(n, k)`, C is `(m, n)` with rows `ldc` apart.
/// `scratch` has at least [`scratch_len`] elements; its values do not matter.
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
    product(Form::Nt, (m, n, k), a, b, c, ldc, beta, epilogue, scratch);
}

/// `C = epilogue(beta C + A^T B)`; A is `(k, m)`, B is `(k, n)`, C is `(m, n)` with rows `ldc` apart.
/// `scratch` has at least [`scratch_len`] elements; its values do not matter.
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
    product(Form::Tn, (m, n, k), a, b, c, ldc, beta, epilogue, scratch);
}

/// The three forms in one.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub fn product(
    form: Form,
    (m, n, k): (usize, usize, usize),
    a: Mat,
    b: Mat,
    c: &mut [f32],
    ldc: usize,
    beta: Beta,
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    if m == 0 || n == 0 {
        return;
    }
    let (a_rows, a_cols) = if form == Form::Tn { (k, m) } else { (m, k) };
    let (b_rows, b_cols) = if form == Form::Nt { (n, k) } else { (k, n) };
    check("A", a.data.len(), a.stride, a_rows, a_cols);
    check("B", b.data.len(), b.stride, b_rows, b_cols);
    check("C", c.len(), ldc, m, n);
    assert!(
        scratch.len() >= scratch_len(form, m, n, k),
        "scratch of {} for {form:?} {m} {n} {k}",
        scratch.len()
    );
    assert!(epilogue.bias.is_none_or(|bias| bias.len() == n), "a bias of another length than {n}");
    let job = Job {
        form,
        m,
        n,
        k,
        a: a.data.as_ptr(),
        lda: a.stride,
        rows: std::ptr::null(),
        steps: std::ptr::null(),
        b: b.data.as_ptr(),
        ldb: b.stride,
        c: c.as_mut_ptr(),
        ldc,
        beta,
        bias: epilogue.bias.map_or(std::ptr::null(), <[f32]>::as_ptr),
        relu: epilogue.activation == Activation::Relu,
        scratch: scratch.as_mut_ptr(),
    };
    // SAFETY: the sizes were checked above, and the borrows keep C and the scratch apart from the rest.
    unsafe { run::<false>(job, epilogue.activation, c) };
}

/// `C = epilogue(beta C + A B)` in nn, with a gathered A.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub(crate) fn gathered(
    n: usize,
    a: Gathered,
    b: Mat,
    c: &mut [f32],
    ldc: usize,
    beta: Beta,
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let (m, k) = (a.rows.len(), a.steps.len());
    if m == 0 || n == 0 {
        return;
    }
    let last = |places: &[u32]| places.iter().copied().max().unwrap_or(0) as usize;
    assert!(k == 0 || last(a.rows) + last(a.steps) < a.data.len(), "gathered from {}", a.data.len());
    check("B", b.data.len(), b.stride, k, n);
    check("C", c.len(), ldc, m, n);
    assert!(scratch.len() >= block::scratch_len(n, k), "scratch of {} for {m} {n} {k}", scratch.len());
    assert!(epilogue.bias.is_none_or(|bias| bias.len() == n), "a bias of another length than {n}");
    let job = Job {
        form: Form::Nn,
        m,
        n,
        k,
        a: a.data.as_ptr(),
        lda: 0,
        rows: a.rows.as_ptr(),
        steps: a.steps.as_ptr(),
        b: b.data.as_ptr(),
        ldb: b.stride,
        c: c.as_mut_ptr(),
        ldc,
        beta,
        bias: epilogue.bias.map_or(std::ptr::null(), <[f32]>::as_ptr),
        relu: epilogue.activation == Activation::Relu,
        scratch: scratch.as_mut_ptr(),
    };
    // SAFETY: as in `product`; every row with every step is within the data.
    unsafe { run::<true>(job, epilogue.activation, c) };
}

/// Computes `job`, whose C is `c`, and what its tiles do not do of the activation.
///
/// # Safety
/// As [`block::product`].
#[inline(never)]
unsafe fn run<const GATHERED: bool>(job: Job, activation: Activation, c: &mut [f32]) {
    // SAFETY: as the caller vouches.
    on_lanes!(l => unsafe {
        if !GATHERED && job.m == 1 && job.form != Form::Nt {
            row::product(l, &job);
        } else {
            block::product::<_, GATHERED>(l, job);
        }
    });
    if !matches!(activation, Activation::Linear | Activation::Relu) {
        // Rows that lie close are one: a tiny network has more of them than values in each.
        let (rows, len) = if job.ldc == job.n { (1, job.m * job.n) } else { (job.m, job.n) };
        for row in c.chunks_mut(job.ldc.max(len)).take(rows) {
            activation::forward_in_place(activation, &mut row[..len]);
        }
    }
}

fn check(name: &str, len: usize, stride: usize, rows: usize, cols: usize) {
    if rows > 0 && cols > 0 {
        let needed = (rows - 1) * stride + cols;
        assert!(stride >= cols && len >= needed, "{name} of {len}, stride {stride}, for {rows} x {cols}");
    }
}
