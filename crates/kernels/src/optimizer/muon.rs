//! `muon`: momentum whose matrix is brought near the closest orthogonal one (Jordan and others, 2024).
//!
//! ```text
//! momentum  m = g + momentum * m,  x = g + momentum * m  (nesterov) or m
//! Newton-Schulz, a few times:  A = x x^T,  B = b A + c A A,  x = a x + B x
//! ```
//!
//! Only the momentum is a kernel; the rest are products ([`crate::gemm`]) and sums of slices ([`crate::elementwise`]).

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// `m = g + momentum * m`, and `x = g + momentum * m` with `nesterov`, else `x = m`.
pub fn muon_momentum(momentum: f32, nesterov: bool, g: &[f32], m: &mut [f32], x: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [m, x],
        #[inline(always)]
        |[g], [m, _]| {
            let ahead = |m| l.add(g, l.mul(m, l.splat(momentum)));
            let m = ahead(m);
            [m, if nesterov { ahead(m) } else { m }]
        },
    ));
}
