//! Points drawn from a formula and a seed: bit-identical on every machine, because the numbers come from the
//! counter-based generator and every function from libm.

use std::f64::consts::{PI, TAU};

use tabgrad_kernels::rng::{Purpose, Stream};

use super::{BuiltinOptions, Made, rows_of};
use crate::error::Error;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Line,
    Moons,
    Circles,
    Xor,
    Spirals,
    Blobs,
}

impl Shape {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "line" => Self::Line,
            "moons" => Self::Moons,
            "circles" => Self::Circles,
            "xor" => Self::Xor,
            "spirals" => Self::Spirals,
            "blobs" => Self::Blobs,
            _ => return None,
        })
    }

    /// Rows and noise where none are asked for.
    fn defaults(self) -> (u32, f64) {
        match self {
            Self::Line => (100, 1.0),
            Self::Moons => (300, 0.12),
            Self::Circles => (300, 0.07),
            Self::Xor => (300, 0.03),
            Self::Spirals => (300, 0.03),
            Self::Blobs => (300, 0.5),
        }
    }

    fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Line => &[],
            Self::Moons => &["upper", "lower"],
            Self::Circles => &["inner", "outer"],
            Self::Xor => &["same sign", "different sign"],
            Self::Spirals => &["first arm", "second arm"],
            Self::Blobs => &["left", "right", "top"],
        }
    }

    fn origin(self) -> &'static str {
        match self {
            Self::Line => "Made up: y = 3x + 2 for x from 0 to 10, plus normal noise",
            Self::Moons => "Made up: two half circles that reach into each other, plus normal noise",
            Self::Circles => "Made up: a circle inside another of twice its radius, plus normal noise",
            Self::Xor => "Made up: four fields of a square, opposite ones of one class, plus normal noise",
            Self::Spirals => "Made up: two spirals wound into each other, plus normal noise",
            Self::Blobs => "Made up: three normal clouds around the corners of a triangle",
        }
    }
}

/// The random numbers of one set: a row has its own in every lane.
struct Draw {
    seed: u64,
}

impl Draw {
    /// Uniform in `[0, 1)`, with 53 bits.
    fn uniform(&self, lane: u32, row: u64) -> f64 {
        let [a, b, ..] = Stream::new(self.seed, Purpose::Synthetic, lane).block(row);
        ((u64::from(a) << 32 | u64::from(b)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Two independent standard normal numbers (Box and Muller, 1958).
    fn normal(&self, lane: u32, row: u64) -> (f64, f64) {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform(lane, row)));
        let angle = TAU * self.uniform(lane + 1, row);
        (radius * libm::cos(angle), radius * libm::sin(angle))
    }
}

/// Draws a set.
///
/// # Errors
/// If an option is out of its range.
pub(crate) fn make(shape: Shape, options: &BuiltinOptions) -> Result<Made, Error> {
    let (rows, noise) = shape.defaults();
    let rows = rows_of(options, rows)?;
    let noise = options.noise.unwrap_or(noise);
    if !(0.0..=100.0).contains(&noise) {
        return Err(Error::Argument {
            path: "options.noise",
            expected: "from 0 to 100",
            found: noise.to_string(),
        });
    }
    let draw = Draw { seed: options.seed };
    let classes = shape.classes();
    let mut columns = vec![Vec::with_capacity(rows as usize); if classes.is_empty() { 2 } else { 3 }];
    for row in 0..u64::from(rows) {
        let (x, y, class) = point(shape, &draw, row, noise);
        // Four places are far below the noise, and what the table shows is then exactly what is learned.
        columns[0].push(format!("{x:.4}"));
        columns[1].push(format!("{y:.4}"));
        if let Some(label) = classes.get(class) {
            columns[2].push((*label).to_owned());
        }
    }
    let names = if classes.is_empty() { vec!["x", "y"] } else { vec!["x", "y", "class"] };
    Ok(Made { names, columns, origin: shape.origin().to_owned() })
}

/// One point and the index of its class.
fn point(shape: Shape, draw: &Draw, row: u64, noise: f64) -> (f64, f64, usize) {
    let (noise_x, noise_y) = draw.normal(1, row);
    let (noise_x, noise_y) = (noise * noise_x, noise * noise_y);
    let u = draw.uniform(0, row);
    match shape {
        Shape::Line => {
            let x = 10.0 * u;
            (x, 3.0 * x + 2.0 + noise_x, 0)
        }
        Shape::Moons => {
            let class = (row % 2) as usize;
            let angle = PI * u;
            let (x, y) = if class == 0 {
                (libm::cos(angle), libm::sin(angle))
            } else {
                (1.0 - libm::cos(angle), 0.5 - libm::sin(angle))
            };
            (x + noise_x, y + noise_y, class)
        }
        Shape::Circles => {
            let class = (row % 2) as usize;
            let (radius, angle) = ([0.5, 1.0][class], TAU * u);
            (radius * libm::cos(angle) + noise_x, radius * libm::sin(angle) + noise_y, class)
        }
        Shape::Xor => {
            let (x, y) = (2.0 * u - 1.0, 2.0 * draw.uniform(3, row) - 1.0);
            (x + noise_x, y + noise_y, usize::from((x < 0.0) != (y < 0.0)))
        }
        Shape::Spirals => {
            let class = (row % 2) as usize;
            // The square root spreads the points evenly along the arm.
            let along = libm::sqrt(u);
            let angle = 1.75 * TAU * along + PI * class as f64;
            (along * libm::cos(angle) + noise_x, along * libm::sin(angle) + noise_y, class)
        }
        Shape::Blobs => {
            let class = (row % 3) as usize;
            let (x, y) = [(-1.0, -0.6), (1.0, -0.6), (0.0, 1.2)][class];
            (x + noise_x, y + noise_y, class)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(name: &str, options: BuiltinOptions) -> Vec<Vec<String>> {
        make(Shape::named(name).expect("a shape"), &options).expect("it can be made").columns
    }

    fn numbers(column: &[String]) -> Vec<f64> {
        column.iter().map(|cell| cell.parse().expect("the test made it so")).collect()
    }

    #[test]
    fn the_line_is_the_line() {
        let made = columns("line", BuiltinOptions { rows: Some(10_000), noise: Some(1.0), seed: 7 });
        let (x, y) = (numbers(&made[0]), numbers(&made[1]));
        let n = x.len() as f64;
        let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let sxy: f64 = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum();
        let sxx: f64 = x.iter().map(|x| (x - mx) * (x - mx)).sum();
        let slope = sxy / sxx;
        let left: f64 = x.iter().zip(&y).map(|(x, y)| (y - my - slope * (x - mx)).powi(2)).sum();
        assert!((slope - 3.0).abs() < 0.02, "slope {slope}");
        assert!((my - slope * mx - 2.0).abs() < 0.08, "intercept {}", my - slope * mx);
        assert!((left / n - 1.0).abs() < 0.05, "variance of the noise {}", left / n);
    }

    #[test]
    fn points_without_noise_lie_on_their_shape() {
        let exact = |name| columns(name, BuiltinOptions { rows: Some(200), noise: Some(0.0), seed: 1 });
        let circles = exact("circles");
        for ((x, y), class) in numbers(&circles[0]).into_iter().zip(numbers(&circles[1])).zip(&circles[2]) {
            let radius = if class == "inner" { 0.5 } else { 1.0 };
            assert!(((x * x + y * y).sqrt() - radius).abs() < 1e-3);
        }
        let xor = exact("xor");
        for ((x, y), class) in numbers(&xor[0]).into_iter().zip(numbers(&xor[1])).zip(&xor[2]) {
            assert_eq!(class == "same sign", x * y >= 0.0, "{x} {y}");
        }
        let moons = exact("moons");
        assert!(numbers(&moons[1]).iter().all(|y| (-0.5..=1.0).contains(y)));
    }

    #[test]
    fn a_seed_gives_the_same_points_everywhere() {
        let made = columns("spirals", BuiltinOptions { rows: Some(10), noise: None, seed: 42 });
        assert_eq!(made, columns("spirals", BuiltinOptions { rows: Some(10), noise: None, seed: 42 }));
        assert_ne!(made, columns("spirals", BuiltinOptions { rows: Some(10), noise: None, seed: 43 }));
        // More rows add to the ones before.
        let more = columns("spirals", BuiltinOptions { rows: Some(20), noise: None, seed: 42 });
        assert_eq!(more[0][..10], made[0][..]);
    }
}
