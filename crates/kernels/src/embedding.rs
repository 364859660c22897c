//! Rows of a table by token. Tokens are whole numbers in f32, below the number of rows of the table.

use std::ops::Range;

/// `y[i, :] = table[tokens[i], :]`; the table has rows of `cols` values.
pub fn forward(cols: usize, table: &[f32], tokens: &[f32], y: &mut [f32]) {
    assert_eq!(y.len(), tokens.len() * cols);
    for (i, &token) in tokens.iter().enumerate() {
        y[i * cols..][..cols].copy_from_slice(&table[token as usize * cols..][..cols]);
    }
}

/// `d_table[t, :] = sum of d_y[i, :] over all i with tokens[i] = t`, in ascending `i`, for the rows `own` of the table.
pub fn table_gradient(cols: usize, tokens: &[f32], d_y: &[f32], own: Range<usize>, d_table: &mut [f32]) {
    assert_eq!(d_y.len(), tokens.len() * cols);
    d_table.fill(0.0);
    for (i, &token) in tokens.iter().enumerate() {
        let token = token as usize;
        if own.contains(&token) {
            let row = &mut d_table[(token - own.start) * cols..][..cols];
            for (d, &more) in row.iter_mut().zip(&d_y[i * cols..][..cols]) {
                *d += more;
            }
        }
    }
}
