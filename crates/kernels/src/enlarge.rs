//! Images made larger by whole factors, with values in between on straight lines (bilinear).
//!
//! The centre of output pixel `i` lies at `(i + 1/2) / factor - 1/2` of the input; beyond the outer centres the image goes
//! on as it ends. Rows and columns are weighted one after the other, so a pixel is a sum of four.
//!
//! Images are `(height, width, channels)`; sizes below are those of the input.

/// The two pixels that an output pixel lies between, and the weight of the second.
fn neighbours(i: usize, factor: usize, size: usize) -> (usize, usize, f32) {
    let at = (i as f32 + 0.5) / factor as f32 - 0.5;
    let at = at.clamp(0.0, (size - 1) as f32);
    let first = at as usize;
    (first, (first + 1).min(size - 1), at - first as f32)
}

/// `y`, `(rows, height * factors[0], width * factors[1], channels)`, from `x`, `(rows, height, width, channels)`.
pub fn forward([height, width, channels]: [usize; 3], factors: [usize; 2], x: &[f32], y: &mut [f32]) {
    let image = height * width * channels;
    if image == 0 {
        return;
    }
    for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(image * factors[0] * factors[1])) {
        for (i, line) in y.chunks_exact_mut(width * factors[1] * channels).enumerate() {
            let (top, bottom, down) = neighbours(i, factors[0], height);
            for (j, pixel) in line.chunks_exact_mut(channels).enumerate() {
                let (left, right, across) = neighbours(j, factors[1], width);
                let at = |i: usize, j: usize| &x[(i * width + j) * channels..][..channels];
                let corners = [at(top, left), at(top, right), at(bottom, left), at(bottom, right)];
                for (c, y) in pixel.iter_mut().enumerate() {
                    let [a, b, c, d] = corners.map(|corner| corner[c]);
                    let (upper, lower) = ((1.0 - across) * a + across * b, (1.0 - across) * c + across * d);
                    *y = (1.0 - down) * upper + down * lower;
                }
            }
        }
    }
}

/// `d_x` from `d_y`: what every output pixel gives back to its four, in the order of the output.
pub fn backward([height, width, channels]: [usize; 3], factors: [usize; 2], d_y: &[f32], d_x: &mut [f32]) {
    let image = height * width * channels;
    if image == 0 {
        return;
    }
    d_x.fill(0.0);
    for (d_x, d_y) in d_x.chunks_exact_mut(image).zip(d_y.chunks_exact(image * factors[0] * factors[1])) {
        for (i, line) in d_y.chunks_exact(width * factors[1] * channels).enumerate() {
            let (top, bottom, down) = neighbours(i, factors[0], height);
            for (j, pixel) in line.chunks_exact(channels).enumerate() {
                let (left, right, across) = neighbours(j, factors[1], width);
                let shares = [
                    (top, left, (1.0 - down) * (1.0 - across)),
                    (top, right, (1.0 - down) * across),
                    (bottom, left, down * (1.0 - across)),
                    (bottom, right, down * across),
                ];
                for (i, j, share) in shares {
                    let to = &mut d_x[(i * width + j) * channels..][..channels];
                    for (to, &d) in to.iter_mut().zip(pixel) {
                        *to += share * d;
                    }
                }
            }
        }
    }
}
