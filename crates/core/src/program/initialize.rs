//! How weights begin: value `i` of tensor `lane` depends on the seed alone, through its own counter stream.
//!
//! Distributions are Keras 3's (`keras/src/initializers/random_initializers.py`); the numbers are not, for Keras draws
//! them otherwise. Arithmetic is in f64 with `libm`, so that every machine and browser gets the same bits.

use crate::plan::{Parameter, volume};
use crate::spec::Initializer;
use crate::spec::initializers::{Distribution, Fan};
use tabgrad_kernels::rng::{Purpose, Stream};

/// Standard deviation of a standard normal distribution cut at ±2: variance scaling divides by it.
const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// Standard normal distribution function at -2.
const BELOW_MINUS_TWO: f64 = 0.022_750_131_948_179_21;

/// A distribution with its numbers worked out.
#[derive(Clone, Copy, Debug)]
enum Law {
    Constant(f64),
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        deviation: f64,
    },
    /// The deviation before it is cut at two of them.
    Truncated {
        mean: f64,
        deviation: f64,
    },
}

/// Fills the values of a weight.
pub(crate) fn initialize(parameter: &Parameter, seed: u64, lane: u32, values: &mut [f32]) {
    let stream = Stream::new(seed, Purpose::Init, lane);
    fill(&parameter.initializer, &parameter.shape, parameter.fans, &stream, values);
    values[parameter.ones.clone()].fill(1.0);
}

/// Fills the values of a tensor of that shape, with numbers of a stream where they are random. `counted`: its inputs and units,
/// where the shape does not tell.
pub(crate) fn fill(
    initializer: &Initializer,
    shape: &[usize],
    counted: Option<(usize, usize)>,
    stream: &Stream,
    values: &mut [f32],
) {
    let law = match initializer {
        Initializer::Identity(it) => return identity(it.gain as f32, shape, values),
        Initializer::Orthogonal(it) => return orthogonal(it.gain, shape, stream, values),
        other => {
            law(other, counted.map_or_else(|| fans(shape), |(inputs, units)| (inputs as f64, units as f64)))
        }
    };
    stream.each(0, values.len(), |i, bits| values[i] = draw(law, bits) as f32);
}

/// A matrix with `gain` along its diagonal.
fn identity(gain: f32, shape: &[usize], values: &mut [f32]) {
    values.fill(0.0);
    let cols = shape.last().copied().unwrap_or(1);
    values.iter_mut().step_by(cols + 1).take(cols).for_each(|value| *value = gain);
}

/// Keras' `Orthogonal`: normal numbers as a matrix with the last axis as columns, whose rows or columns, whichever are
/// fewer, are made orthogonal one after the other (Gram and Schmidt, twice, which leaves errors of rounding alone). The
/// triangular factor of that has a positive diagonal, as Keras makes it.
fn orthogonal(gain: f64, shape: &[usize], stream: &Stream, values: &mut [f32]) {
    let cols = shape.last().copied().unwrap_or(1);
    let rows = values.len() / cols.max(1);
    let (count, length) = (rows.min(cols), rows.max(cols));
    let normal = Law::Normal { mean: 0.0, deviation: 1.0 };
    let mut vectors = vec![0.0; values.len()];
    stream.each(0, values.len(), |i, bits| vectors[i] = draw(normal, bits));
    for i in 0..count {
        let (before, rest) = vectors.split_at_mut(i * length);
        let vector = &mut rest[..length];
        for _ in 0..2 {
            for other in before.chunks_exact(length) {
                let along = dot(vector, other);
                vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
            }
        }
        let norm = libm::sqrt(dot(vector, vector));
        vector.iter_mut().for_each(|v| *v /= norm);
    }
    for (at, value) in values.iter_mut().enumerate() {
        let (row, col) = (at / cols, at % cols);
        let place = if rows < cols { row * length + col } else { col * length + row };
        *value = (gain * vectors[place]) as f32;
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn law(initializer: &Initializer, (inputs, outputs): (f64, f64)) -> Law {
    // Keras' VarianceScaling: uniform within ±sqrt(3 variance), or truncated normal with that variance after the cut.
    let uniform = |variance: f64| {
        let limit = libm::sqrt(3.0 * variance);
        Law::Uniform { low: -limit, high: limit }
    };
    let truncated =
        |variance: f64| Law::Truncated { mean: 0.0, deviation: libm::sqrt(variance) / TRUNCATED_DEVIATION };
    match initializer {
        Initializer::Zeros(_) => Law::Constant(0.0),
        Initializer::Ones(_) => Law::Constant(1.0),
        Initializer::Constant(it) => Law::Constant(it.value),
        Initializer::RandomNormal(it) => Law::Normal { mean: it.mean, deviation: it.stddev },
        Initializer::RandomUniform(it) => Law::Uniform { low: it.minval, high: it.maxval },
        Initializer::TruncatedNormal(it) => Law::Truncated { mean: it.mean, deviation: it.stddev },
        Initializer::GlorotUniform(_) => uniform(2.0 / (inputs + outputs)),
        Initializer::GlorotNormal(_) => truncated(2.0 / (inputs + outputs)),
        Initializer::HeUniform(_) => uniform(2.0 / inputs),
        Initializer::HeNormal(_) => truncated(2.0 / inputs),
        Initializer::LecunUniform(_) => uniform(1.0 / inputs),
        Initializer::LecunNormal(_) => truncated(1.0 / inputs),
        Initializer::VarianceScaling(it) => {
            let size = match it.mode {
                Fan::In => inputs,
                Fan::Out => outputs,
                Fan::Average => (inputs + outputs) / 2.0,
            };
            let variance = it.scale / size.max(1.0);
            match it.distribution {
                Distribution::Uniform => uniform(variance),
                Distribution::TruncatedNormal => truncated(variance),
                Distribution::UntruncatedNormal => Law::Normal { mean: 0.0, deviation: libm::sqrt(variance) },
            }
        }
        // Made by functions of their own.
        Initializer::Identity(_) | Initializer::Orthogonal(_) => Law::Constant(0.0),
    }
}

/// Inputs and outputs of one unit, as Keras' `compute_fans` counts them: kernels of convolutions have their receptive
/// field in front, and a vector is both.
fn fans(shape: &[usize]) -> (f64, f64) {
    match shape {
        [] => (1.0, 1.0),
        [n] => (*n as f64, *n as f64),
        [field @ .., inputs, outputs] => {
            let field = volume(field) as f64;
            (field * *inputs as f64, field * *outputs as f64)
        }
    }
}

fn draw(law: Law, bits: u32) -> f64 {
    // In (0, 1): the middle of one of 2^32 equal parts.
    let uniform = || (f64::from(bits) + 0.5) / 4_294_967_296.0;
    match law {
        Law::Constant(value) => value,
        Law::Uniform { low, high } => low + (high - low) * uniform(),
        Law::Normal { mean, deviation } => mean + deviation * normal_quantile(uniform()),
        Law::Truncated { mean, deviation } => {
            let p = BELOW_MINUS_TWO + (1.0 - 2.0 * BELOW_MINUS_TWO) * uniform();
            mean + deviation * normal_quantile(p)
        }
    }
}

/// The value below which a standard normal variable falls with probability `p`, in (0, 1); relative error 1e-16.
///
/// Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(0.180_625 - q * q, &CENTRE);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let tail = if r <= 5.0 { ratio(r - 1.6, &NEAR_TAIL) } else { ratio(r - 5.0, &FAR_TAIL) };
    if q < 0.0 { -tail } else { tail }
}

/// Two polynomials of one variable, lowest power first, one over the other.
fn ratio(x: f64, [above, below]: &[[f64; 8]; 2]) -> f64 {
    let polynomial = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    polynomial(above) / polynomial(below)
}

#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_608_0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_082_8e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
];

#[expect(clippy::excessive_precision, reason = "as published")]
const NEAR_TAIL: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
];

#[expect(clippy::excessive_precision, reason = "as published")]
const FAR_TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103_777_20,
        5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::Span;
    use crate::plan::Cut;
    use crate::spec::Initializer;

    fn values(spec: &str, shape: &[usize]) -> Vec<f64> {
        let initializer = Initializer::read(&serde_json::from_str(spec).unwrap(), "initializer").unwrap();
        let mut values = vec![0.0; volume(shape)];
        let span = Span::new(0, values.len());
        let parameter = Parameter {
            name: "dense/kernel".into(),
            layer: 0,
            shape: shape.to_vec(),
            span,
            initializer,
            fans: None,
            cut: Cut::by_rows(values.len(), 1),
            ones: 0..0,
            penalty: (0.0, 0.0),
            orthogonal: None,
            constraint: None,
            learning_rate_multiplier: 1.0,
            trainable: true,
        };
        initialize(&parameter, 3, 0, &mut values);
        values.into_iter().map(f64::from).collect()
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // R: qnorm(c(0.5, 0.975, 0.1, 1e-8)), to all digits.
        for (p, expected) in [
            (0.5, 0.0),
            (0.975, 1.959_963_984_540_054),
            (0.1, -1.281_551_565_544_600_4),
            (1e-8, -5.612_001_244_174_789),
        ] {
            assert!((normal_quantile(p) - expected).abs() < 1e-13, "{p}: {}", normal_quantile(p));
        }
        assert!((normal_quantile(BELOW_MINUS_TWO) + 2.0).abs() < 1e-13);
    }

    /// Every initializer: its mean, its variance, its largest absolute value. A new one must be entered here.
    #[test]
    fn every_initializer_has_the_moments_that_its_law_says() {
        let shape = [200, 300];
        let (inputs, both) = (200.0, 500.0);
        let cut_variance = TRUNCATED_DEVIATION * TRUNCATED_DEVIATION;
        let uniform = |variance: f64| (0.0, variance, (3.0 * variance).sqrt());
        let truncated = |variance: f64| (0.0, variance, 2.0 * (variance / cut_variance).sqrt());
        let table: &[(&str, (f64, f64, f64))] = &[
            (r#""zeros""#, (0.0, 0.0, 0.0)),
            (r#""ones""#, (1.0, 0.0, 1.0)),
            (r#"{"type":"constant","value":-2.5}"#, (-2.5, 0.0, 2.5)),
            (r#"{"type":"random_normal","mean":1,"stddev":0.5}"#, (1.0, 0.25, 5.0)),
            (r#"{"type":"random_uniform","minval":-1,"maxval":3}"#, (1.0, 16.0 / 12.0, 3.0)),
            (r#"{"type":"truncated_normal","mean":1,"stddev":0.5}"#, (1.0, 0.25 * cut_variance, 2.0)),
            (r#""glorot_uniform""#, uniform(2.0 / both)),
            (r#""glorot_normal""#, truncated(2.0 / both)),
            (r#""he_uniform""#, uniform(2.0 / inputs)),
            (r#""he_normal""#, truncated(2.0 / inputs)),
            (r#""lecun_uniform""#, uniform(1.0 / inputs)),
            (r#""lecun_normal""#, truncated(1.0 / inputs)),
            (r#"{"type":"variance_scaling","scale":3,"mode":"fan_avg"}"#, truncated(6.0 / both)),
            (r#""orthogonal""#, (0.0, 1.0 / 300.0, 1.0)),
            (r#""identity""#, (1.0 / 300.0, 299.0 / 90_000.0, 1.0)),
        ];
        for kind in Initializer::TYPES {
            let entry = table.iter().find(|(spec, _)| spec.contains(&format!("{kind:?}")));
            let (spec, (mean, variance, largest)) = entry.unwrap_or_else(|| panic!("no entry for {kind}"));
            let values = values(spec, &shape);
            let n = values.len() as f64;
            let found_mean = values.iter().sum::<f64>() / n;
            let found_variance = values.iter().map(|v| (v - found_mean).powi(2)).sum::<f64>() / n;
            let deviation = variance.sqrt();
            assert!((found_mean - mean).abs() <= 0.015 * deviation, "{kind}: mean {found_mean}");
            assert!((found_variance - variance).abs() <= 0.02 * variance, "{kind}: {found_variance}");
            let found_largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            assert!(found_largest <= largest * (1.0 + 1e-6), "{kind}: largest {found_largest}");
        }
    }

    #[test]
    fn vectors_of_an_orthogonal_start_are_orthogonal_and_of_one_length() {
        for shape in [vec![6, 4], vec![4, 6], vec![5, 5], vec![2, 3, 4], vec![1, 7]] {
            let values = values(r#"{"type":"orthogonal","gain":2}"#, &shape);
            let cols = shape[shape.len() - 1];
            let rows = values.len() / cols;
            let (count, length) = (rows.min(cols), rows.max(cols));
            let at =
                |i: usize, k: usize| if rows < cols { values[i * cols + k] } else { values[k * cols + i] };
            for i in 0..count {
                for j in 0..=i {
                    let dot: f64 = (0..length).map(|k| at(i, k) * at(j, k)).sum();
                    let expected = if i == j { 4.0 } else { 0.0 };
                    assert!((dot - expected).abs() < 1e-6, "{shape:?}: {i} . {j} = {dot}");
                }
            }
        }
    }

    #[test]
    fn one_seed_gives_one_start_and_tensors_do_not_share_numbers() {
        let shape = [4, 4];
        assert_eq!(values(r#""he_normal""#, &shape), values(r#""he_normal""#, &shape));
        let short = values(r#""he_uniform""#, &[4, 2]);
        let long = values(r#""he_uniform""#, &[4, 4]);
        assert_eq!(short[..8], long[..8], "value i depends on i alone");
    }
}
