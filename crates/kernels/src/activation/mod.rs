//! Activations: `y = f(x)` and `d_x = d_y * f'(x)`, elementwise, so any cut is allowed.
//!
//! Formulas and default arguments are Keras 3's (`keras/src/activations/activations.py`). Those that look at whole rows
//! are in [`crate::softmax`] and [`crate::rowwise`].
//!
//! [`values`] and [`slopes`] have one function each, with a branch per kind and one loop in every branch: what is not a
//! multiple of the lanes goes through the same loop from a buffer, so that no formula is compiled twice.

mod kinds;
mod slopes;
mod values;

pub use kinds::{Activation, Pieces, needs_input};

use crate::lanes::{Lanes, MAX_LANES, sweep};
use crate::on_lanes;

/// `y = f(x)`; all slices of one length.
pub fn forward(kind: Activation, x: &[f32], y: &mut [f32]) {
    // One body for both: a second one per kind would be downloaded by every visitor.
    y.copy_from_slice(x);
    forward_in_place(kind, y);
}

/// `x = f(x)`.
pub fn forward_in_place(kind: Activation, x: &mut [f32]) {
    match kind {
        Activation::Linear => {}
        Activation::Relu => on_lanes!(l => sweep(
            l,
            [],
            [x],
            #[inline(always)]
            |[], [x]| [l.max(x, l.splat(0.0))],
        )),
        _ => on_lanes!(l => in_vectors(
            l,
            [x.as_mut_ptr()],
            x.len(),
            #[inline(always)]
            // SAFETY: in_vectors names vectors within x or its own buffer.
            |[x], vectors| unsafe { values::apply(l, kind, x, vectors) },
        )),
    }
}

/// `d_x = d_y * f'(x)`; all slices of one length, but `x` may be empty when [`needs_input`] says no.
pub fn backward(kind: Activation, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    d_x.copy_from_slice(d_y);
    backward_in_place(kind, x, y, d_x);
}

/// `d = d * f'(x)`; `x` as in [`backward`].
pub fn backward_in_place(kind: Activation, x: &[f32], y: &[f32], d: &mut [f32]) {
    let known_side = if needs_input(kind) { x } else { y };
    match kind {
        Activation::Linear => {}
        Activation::Relu => on_lanes!(l => sweep(
            l,
            [known_side],
            [d],
            #[inline(always)]
            |[y], [d]| [l.select(l.lt(l.splat(0.0), y), d, l.splat(0.0))],
        )),
        _ => {
            assert!(known_side.len() == d.len() && y.len() == d.len());
            on_lanes!(l => in_vectors(
                l,
                [known_side.as_ptr().cast_mut(), y.as_ptr().cast_mut(), d.as_mut_ptr()],
                d.len(),
                #[inline(always)]
                // SAFETY: in_vectors names vectors within all three or its own buffers; all but the last are only read.
                |[v, y, d], vectors| unsafe { slopes::apply(l, kind, [v, y], d, vectors) },
            ));
        }
    }
}

/// Calls `work` with as many whole vectors as `n` values have, and again with the rest, filled up with zeros, in buffers of
/// its own, the last of which is then copied back. `work` is compiled once, apart from its surroundings.
#[inline(always)]
fn in_vectors<L: Lanes, const P: usize>(
    l: L,
    at: [*mut f32; P],
    n: usize,
    work: impl Fn([*mut f32; P], usize),
) {
    let whole = n / L::N;
    let rest = n - whole * L::N;
    let mut buffers = [[0.0f32; MAX_LANES]; P];
    for (buffer, from) in buffers.iter_mut().zip(at) {
        // SAFETY: the caller's n values are valid at every pointer, and whole * N + rest = n.
        unsafe { l.store(l.load_first(from.add(whole * L::N), rest, 0.0), buffer.as_mut_ptr()) };
    }
    let ends = std::array::from_fn(|p| buffers[p].as_mut_ptr());
    for (at, vectors) in [(at, whole), (ends, usize::from(rest > 0))] {
        if vectors > 0 {
            l.outlined(
                #[inline(always)]
                || work(at, vectors),
            );
        }
    }
    // SAFETY: as above.
    unsafe { l.store_first(l.load(buffers[P - 1].as_ptr()), at[P - 1].add(whole * L::N), rest) };
}
