//! Rows by index, or some columns of them: how a shuffled batch is taken from the data.

/// `out[i,:] = source[index[i],:]`; `source` is `(any, cols)`, `out` is `(index.len(), cols)`.
pub fn rows(index: &[u32], cols: usize, source: &[f32], out: &mut [f32]) {
    assert_eq!(out.len(), index.len() * cols);
    if cols == 0 {
        return;
    }
    for (row, &from) in out.chunks_exact_mut(cols).zip(index) {
        row.copy_from_slice(&source[from as usize * cols..][..cols]);
    }
}

/// `out[i,:] = source[index[i], first..first + cols]`; `source` is `(any, stride)`, `out` is `(index.len(), cols)`.
pub fn columns(index: &[u32], stride: usize, first: usize, cols: usize, source: &[f32], out: &mut [f32]) {
    assert_eq!(out.len(), index.len() * cols);
    if cols == 0 {
        return;
    }
    for (row, &from) in out.chunks_exact_mut(cols).zip(index) {
        row.copy_from_slice(&source[from as usize * stride + first..][..cols]);
    }
}
