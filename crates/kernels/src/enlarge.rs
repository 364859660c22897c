//! Images made larger by whole factors, with values in between that are weighted means of the pixels near by.
//!
//! The centre of output pixel `i` lies at `(i + 1/2) / factor - 1/2` of the input. A pixel of the input counts as a curve of its
//! distance says; at the edges, what is there counts for what is not, so that weights always add up to 1 (as JAX and, with it,
//! Keras do it). Rows and columns have weights of their own, which are multiplied.
//!
//! Images are `(height, width, channels)`; sizes below are those of the input.

/// How much a pixel counts, by its distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Straight lines from pixel to pixel (bilinear).
    Linear,
    /// Keys' cubic with a = -1/2 (bicubic; Keys, "Cubic convolution interpolation", 1981).
    Cubic,
    /// A sine cardinal within a window of one that is so many pixels wide to either side (Lanczos).
    Lanczos(usize),
}

impl Curve {
    /// How far it reaches to either side.
    fn radius(self) -> usize {
        match self {
            Self::Linear => 1,
            Self::Cubic => 2,
            Self::Lanczos(radius) => radius,
        }
    }

    /// The weight at distance `x`, which is not negative.
    pub fn at(self, x: f64) -> f64 {
        match self {
            Self::Linear => (1.0 - x).max(0.0),
            Self::Cubic if x < 1.0 => ((1.5 * x - 2.5) * x) * x + 1.0,
            Self::Cubic if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Cubic => 0.0,
            Self::Lanczos(radius) => {
                let (angle, radius) = (std::f64::consts::PI * x, radius as f64);
                match x {
                    _ if x > radius => 0.0,
                    _ if x > 1e-3 => radius * libm::sin(angle) * libm::sin(angle / radius) / (angle * angle),
                    _ => 1.0,
                }
            }
        }
    }
}

/// Which pixels of the input every pixel of the output is made of, along one axis.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Pixels of the input.
    pub size: usize,
    /// Pixels of the output.
    pub larger: usize,
    /// How many each is made of, side by side, ...
    taps: usize,
    /// ... the first of them, ...
    firsts: Vec<u32>,
    /// ... and their weights.
    weights: Vec<f32>,
}

impl Axis {
    /// An axis of `size` pixels that is made `factor` times as long.
    pub fn new(curve: Curve, size: usize, factor: usize) -> Self {
        let larger = size * factor;
        let taps = (2 * curve.radius()).min(size);
        let (mut firsts, mut weights) = (Vec::with_capacity(larger), Vec::with_capacity(larger * taps));
        for i in 0..larger {
            let at = (i as f64 + 0.5) / factor as f64 - 0.5;
            let first = (at.floor() as isize + 1 - curve.radius() as isize).clamp(0, (size - taps) as isize);
            let first = first.unsigned_abs();
            let weight = |tap: usize| curve.at((at - (first + tap) as f64).abs());
            let all: f64 = (0..taps).map(weight).sum();
            weights.extend((0..taps).map(|tap| (weight(tap) / all) as f32));
            firsts.push(first as u32);
        }
        Self { size, larger, taps, firsts, weights }
    }

    /// The pixels that pixel `i` is made of with their weights.
    fn taps(&self, i: usize) -> impl Iterator<Item = (usize, f32)> {
        let weights = &self.weights[i * self.taps..][..self.taps];
        (self.firsts[i] as usize..).zip(weights.iter().copied())
    }
}

/// Goes through all pixels of the output with all that each is made of: places in a row of either, and the weight.
fn each([down, across]: [&Axis; 2], channels: usize, mut visit: impl FnMut(usize, usize, f32)) {
    for i in 0..down.larger {
        for j in 0..across.larger {
            let to = (i * across.larger + j) * channels;
            for (row, upright) in down.taps(i) {
                for (column, level) in across.taps(j) {
                    visit(to, (row * across.size + column) * channels, upright * level);
                }
            }
        }
    }
}

/// `y`, `(rows, larger height, larger width, channels)`, from `x`, `(rows, height, width, channels)`.
pub fn forward(axes: [&Axis; 2], channels: usize, x: &[f32], y: &mut [f32]) {
    let [image, larger] = sizes(axes, channels);
    for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(larger)) {
        y.fill(0.0);
        each(axes, channels, |to, from, weight| {
            add(weight, &x[from..][..channels], &mut y[to..][..channels])
        });
    }
}

/// `d_x` from `d_y`: what every output pixel gives back to those that it is made of, in the order of the output.
pub fn backward(axes: [&Axis; 2], channels: usize, d_y: &[f32], d_x: &mut [f32]) {
    let [image, larger] = sizes(axes, channels);
    for (d_x, d_y) in d_x.chunks_exact_mut(image).zip(d_y.chunks_exact(larger)) {
        d_x.fill(0.0);
        each(axes, channels, |to, from, weight| {
            add(weight, &d_y[to..][..channels], &mut d_x[from..][..channels]);
        });
    }
}

/// Values of an image and of a larger one.
fn sizes([down, across]: [&Axis; 2], channels: usize) -> [usize; 2] {
    [down.size * across.size * channels, down.larger * across.larger * channels]
}

/// A handful of channels: not worth a kernel of its own.
fn add(weight: f32, from: &[f32], to: &mut [f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += weight * from);
}
