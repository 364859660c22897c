//! A line of a tile as a polynomial, at the points 0, ±[`NEAR`], ±[`FAR`] and infinity (its last coefficient), and back.
//!
//! ```text
//! B^T   six pixels                 ->  six values       transposed interpolation
//! G     r numbers of a kernel      ->  six values       G = W A, and W the weights of the points
//! A     m gradients of results     ->  six values       the polynomial at the points
//! A^T   six values                 ->  m results
//! G^T   six values                 ->  r numbers of a kernel's gradient
//! ```
//!
//! (Toom, 1963; Cook, 1966.) The usual points are 0, ±1 and ±2, whose powers differ so much that results round five times as
//! coarsely as plain sums. Numbers around 1 whose product is about 1 keep all powers alike: these round twice as coarsely,
//! and their squares and the product of these are exact in f32. (Barabasz et al., "Error analysis and improving the accuracy
//! of Winograd convolution for deep neural networks", 2020, choose theirs in the same way.)

use crate::lanes::{Lanes, constant};

/// Points, and values of a line.
pub(super) const SIDE: usize = 6;
const NEAR: f32 = 11.0 / 16.0;
const FAR: f32 = 23.0 / 16.0;

/// Numbers of a transform, row by row.
pub(super) type Matrix = [[f32; SIDE]; SIDE];

/// The points and their squares in lanes.
#[derive(Clone, Copy)]
pub(super) struct Points<L: Lanes> {
    near: L::V,
    far: L::V,
    near2: L::V,
    far2: L::V,
    minus_near2: L::V,
    minus_far2: L::V,
}

impl<L: Lanes> Points<L> {
    #[inline(always)]
    pub(super) fn new(l: L) -> Self {
        Self {
            near: constant!(l, NEAR),
            far: constant!(l, FAR),
            near2: constant!(l, NEAR * NEAR),
            far2: constant!(l, FAR * FAR),
            minus_near2: constant!(l, -NEAR * NEAR),
            minus_far2: constant!(l, -FAR * FAR),
        }
    }

    /// `B^T x`: of each value's polynomial, the product of the differences to all other points, one coefficient per pixel.
    #[inline(always)]
    pub(super) fn of_pixels(&self, l: L, [x0, x1, x2, x3, x4, x5]: [L::V; SIDE]) -> [L::V; SIDE] {
        let even = l.madd(x2, self.minus_far2, x4);
        let odd = l.madd(x1, self.minus_far2, x3);
        let first = l.madd(l.madd(x0, self.minus_far2, x2), self.minus_near2, even);
        let last = l.madd(odd, self.minus_near2, l.madd(x3, self.minus_far2, x5));
        let odd = l.mul(odd, self.near);
        let (near, minus_near) = (l.add(even, odd), l.sub(even, odd));
        let even = l.madd(x2, self.minus_near2, x4);
        let odd = l.mul(l.madd(x1, self.minus_near2, x3), self.far);
        [first, near, minus_near, l.add(even, odd), l.sub(even, odd), last]
    }

    /// `A x` for 2 or 4 gradients.
    #[inline(always)]
    pub(super) fn of_gradients<const M: usize>(&self, l: L, x: [L::V; M]) -> [L::V; SIDE] {
        let (near, minus_near) = Self::at(l, x, self.near, self.near2);
        let (far, minus_far) = Self::at(l, x, self.far, self.far2);
        [x[0], near, minus_near, far, minus_far, x[M - 1]]
    }

    /// At a point and its negative.
    #[inline(always)]
    fn at<const M: usize>(l: L, x: [L::V; M], point: L::V, square: L::V) -> (L::V, L::V) {
        let (mut even, mut odd) = (x[0], x[1]);
        if M == 4 {
            (even, odd) = (l.madd(x[M - 2], square, even), l.madd(x[M - 1], square, odd));
        }
        let odd = l.mul(odd, point);
        (l.add(even, odd), l.sub(even, odd))
    }

    /// `A^T x`, 2 or 4 results.
    #[inline(always)]
    pub(super) fn results<const M: usize>(&self, l: L, [x0, x1, x2, x3, x4, x5]: [L::V; SIDE]) -> [L::V; M] {
        let (near_sum, near) = (l.add(x1, x2), l.mul(l.sub(x1, x2), self.near));
        let (far_sum, far) = (l.add(x3, x4), l.mul(l.sub(x3, x4), self.far));
        let mut results = [x0; M];
        results[0] = l.add(x0, l.add(near_sum, far_sum));
        if M == 4 {
            results[1] = l.add(near, far);
            results[M - 2] = l.madd(near_sum, self.near2, l.mul(far_sum, self.far2));
            results[M - 1] = l.madd(near, self.near2, l.madd(far, self.far2, x5));
        } else {
            results[1] = l.add(l.add(near, far), x5);
        }
        results
    }
}

/// `G` for `r` numbers, the first `r` of each row: a point's powers times its weight, 1 / the product of its differences to
/// the others.
pub(super) fn kernel_rows(r: usize) -> Matrix {
    let points = [0.0, NEAR, -NEAR, FAR, -FAR];
    let mut rows = Matrix::default();
    for (i, (&point, row)) in points.iter().zip(&mut rows).enumerate() {
        let others = points.iter().enumerate().filter(|&(j, _)| j != i);
        let mut power = 1.0 / others.map(|(_, &other)| point - other).product::<f32>();
        for value in &mut row[..r] {
            *value = power;
            power *= point;
        }
    }
    rows[SIDE - 1][r - 1] = 1.0;
    rows
}
