//! Rotary positions (Su et al., "RoFormer", 2021): a vector's halves are the coordinates of points in planes, and every
//! plane is turned by the step's number times an angle of its own.

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// `y[.., j] = x[.., j] cos - x[.., half + j] sin` and `y[.., half + j] = x[.., half + j] cos + x[.., j] sin`, for every
/// head of every step; `x` and `y` are `(rows, steps, heads, 2 half)`, `cos` and `sin` `(steps, half)`. `sign` -1 turns
/// back, which is the gradient.
pub fn rotate(heads: usize, half: usize, cos: &[f32], sin: &[f32], sign: f32, x: &[f32], y: &mut [f32]) {
    assert!(x.len() == y.len() && cos.len() == sin.len());
    let steps = cos.len() / half.max(1);
    let both = x.chunks_exact(2 * half.max(1)).zip(y.chunks_exact_mut(2 * half.max(1)));
    for (i, (x, y)) in both.enumerate() {
        let at = i / heads % steps * half;
        let (cos, sin) = (&cos[at..at + half], &sin[at..at + half]);
        let (a, b) = x.split_at(half);
        let (to_a, to_b) = y.split_at_mut(half);
        on_lanes!(l => sweep(
            l,
            [a, b, cos, sin],
            [to_a, to_b],
            #[inline(always)]
            |[a, b, cos, sin], _| {
                let sin = l.mul(l.splat(sign), sin);
                [l.sub(l.mul(a, cos), l.mul(b, sin)), l.add(l.mul(b, cos), l.mul(a, sin))]
            },
        ));
    }
}
