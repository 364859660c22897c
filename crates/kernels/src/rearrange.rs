//! Values that move and do not change: transposition, repetition, cropping, padding, enlargement, broadcasting.
//!
//! All of these are one thing when every axis of the output is looked at by itself: index `i` of axis `a` stands
//! `axes[a][i]` values into a row of the input, or [`NOWHERE`], and an element's place is the sum over the axes. What is
//! contiguous at the end of both is moved as one run.
//!
//! ```text
//! y[i, j, ..run] = x[axes[0][i] + axes[1][j] ..][..run], or 0 where one of them is nowhere
//! ```

/// An index of an axis of the output that has no place in the input: zeros stand there.
pub const NOWHERE: u32 = u32::MAX;

/// `y` from `x`, row by row of `x_width` and `y_width` values. `axes` has at least one axis; the product of their
/// lengths and of `run` is `y_width`.
pub fn forward(axes: &[Vec<u32>], run: usize, x_width: usize, y_width: usize, x: &[f32], y: &mut [f32]) {
    let rows = x.chunks_exact(x_width.max(1)).zip(y.chunks_exact_mut(y_width.max(1)));
    for (x, y) in rows {
        walk(axes, run, |to, from| {
            let y = &mut y[to..to + run];
            match from {
                Some(from) => y.copy_from_slice(&x[from..from + run]),
                None => y.fill(0.0),
            }
        });
    }
}

/// `d_x` from `d_y`: the sum of all that went out from a place, in the order of the output.
pub fn backward(axes: &[Vec<u32>], run: usize, x_width: usize, y_width: usize, d_y: &[f32], d_x: &mut [f32]) {
    d_x.fill(0.0);
    let rows = d_x.chunks_exact_mut(x_width.max(1)).zip(d_y.chunks_exact(y_width.max(1)));
    for (d_x, d_y) in rows {
        walk(axes, run, |from, to| {
            if let Some(to) = to {
                for (d_x, d_y) in d_x[to..to + run].iter_mut().zip(&d_y[from..from + run]) {
                    *d_x += d_y;
                }
            }
        });
    }
}

/// Calls `visit` with the place of every run of the output, in order, and its place in the input.
#[inline(always)]
fn walk(axes: &[Vec<u32>], run: usize, mut visit: impl FnMut(usize, Option<usize>)) {
    let Some((last, outer)) = axes.split_last() else { return };
    let count: usize = outer.iter().map(Vec::len).product();
    let mut y = 0;
    for block in 0..count {
        let base = base_of(outer, block);
        for &offset in last {
            let from = base.filter(|_| offset != NOWHERE).map(|base| base + offset as usize);
            visit(y, from);
            y += run;
        }
    }
}

/// Where the outer indices that make up `block` lead to.
fn base_of(outer: &[Vec<u32>], mut block: usize) -> Option<usize> {
    let mut base = 0;
    for axis in outer.iter().rev() {
        let offset = axis[block % axis.len()];
        block /= axis.len();
        if offset == NOWHERE {
            return None;
        }
        base += offset as usize;
    }
    Some(base)
}
