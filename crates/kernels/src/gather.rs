//! Rows by index, or some columns of them: how a shuffled batch is taken from the data.

use crate::lanes::{Lanes, lanes_of};
use crate::on_lanes;

/// Rows of no more values are copied here: a browser's own copying is a call, which takes longer.
const SHORT: usize = 32;

/// `out[i,:] = source[index[i],:]`; `source` is `(any, cols)`, `out` is `(index.len(), cols)`.
pub fn rows(index: &[u32], cols: usize, source: &[f32], out: &mut [f32]) {
    assert_eq!(out.len(), index.len() * cols);
    columns(index, cols, 0, cols, source, out);
}

/// `out[i,:] = source[index[i], first..first + cols]`; `source` is `(any, stride)`, `out` is `(index.len(), cols)`.
pub fn columns(index: &[u32], stride: usize, first: usize, cols: usize, source: &[f32], out: &mut [f32]) {
    assert_eq!(out.len(), index.len() * cols);
    if cols == 0 {
        return;
    }
    if cols == 1 {
        // Targets, mostly: a value is less than what vectors are made of.
        for (out, &from) in out.iter_mut().zip(index) {
            *out = source[from as usize * stride + first];
        }
        return;
    }
    on_lanes!(l => {
        for (row, &from) in out.chunks_exact_mut(cols).zip(index) {
            let source = &source[from as usize * stride + first..][..cols];
            if cols <= SHORT {
                for at in (0..cols).step_by(lanes_of(l)) {
                    let count = (cols - at).min(lanes_of(l));
                    // SAFETY: so many values from `at` on are of both rows, which are `cols` long.
                    unsafe {
                        let values = l.load_first(source.as_ptr().add(at), count, 0.0);
                        l.store_first(values, row.as_mut_ptr().add(at), count);
                    }
                }
            } else {
                row.copy_from_slice(source);
            }
        }
    });
}
