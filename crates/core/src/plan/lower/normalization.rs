//! Normalization of every kind; the shape stays.

use super::axes::Moved;
use super::weights::weight;
use super::{Lower, Site, rows_and_cols};
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::ops::{BatchNormalize, GroupNormalize, Op, Renorm, RowNormalize, UnitNormalize};
use crate::plan::{ParameterId, TensorId, volume};
use crate::spec::axes::Axes;
use crate::spec::{Initializer, initializers, layers};

/// What normalizations have in common: a scale and a shift along the normalized axes, as arguments.
macro_rules! scale_and_shift {
    ($layer:expr, $site:expr, $shape:expr) => {{
        let (layer, site, shape): (_, &mut Site<'_>, &[usize]) = ($layer, $site, $shape);
        let gamma = site.weight_if(layer.scale, "gamma", shape, weight!(layer, gamma))?;
        let beta = site.weight_if(layer.center, "beta", shape, weight!(layer, beta))?;
        (gamma, beta)
    }};
}

impl Lower for layers::BatchNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (moved, cols) = site.channels_last(inputs[0], &self.axis)?;
        let (x, shape) = (moved.x, site.shape(moved.x));
        let mask = site.mask(inputs[0]);
        if mask.is_some() && x != inputs[0] {
            let expected = "the last axis, for steps that a mask leaves out";
            let found = format!("{:?}", self.axis.0);
            return Err(Error::new(Code::Mismatch, site.path("axis"), expected, found));
        }
        let (gamma, beta) = scale_and_shift!(self, site, &[cols]);
        let moving_mean = site.statistic("moving_mean", cols, &self.moving_mean_initializer);
        let moving_variance = site.statistic("moving_variance", cols, &self.moving_variance_initializer);
        let renorm = if self.renorm { Some(self.renormalization(site, cols)?) } else { None };
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::BatchNormalize(BatchNormalize {
            x,
            y,
            mask,
            cols,
            rows_each: volume(&shape[..moved.leading]),
            gamma,
            beta,
            moving_mean,
            moving_variance,
            mean: Span::default(),
            variance: Span::default(),
            d_gamma: Span::default(),
            d_beta: Span::default(),
            epsilon: self.epsilon as f32,
            momentum: self.momentum as f32,
            renorm,
            frozen: !site.layer.trainable,
        }));
        Ok(site.axes_back(&moved, y))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// The op of a normalization over the last axes of `moved`, and its output with the axes where they were.
fn over_rows(
    site: &mut Site<'_>,
    moved: &Moved,
    (gamma, beta): (Option<ParameterId>, Option<ParameterId>),
    is_centred: bool,
    epsilon: f64,
) -> TensorId {
    let (x, shape) = (moved.x, site.shape(moved.x));
    let (rows, cols) = (volume(&shape[..moved.leading]), volume(&shape[moved.leading..]));
    let y = site.builder.tensor(&shape);
    site.builder.push(Op::RowNormalize(RowNormalize {
        x,
        y,
        cols,
        rows_each: rows,
        gamma,
        beta,
        is_centred,
        epsilon: epsilon as f32,
        mean: Span::default(),
        inverse: Span::default(),
    }));
    site.axes_back(moved, y)
}

impl Lower for layers::LayerNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let moved = site.axes_last(inputs[0], "axis", &self.axis)?;
        let shape = site.shape(moved.x).split_off(moved.leading);
        let weights = scale_and_shift!(self, site, &shape);
        Ok(over_rows(site, &moved, weights, true, self.epsilon))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::RmsNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let moved = site.axes_last(inputs[0], "axis", &self.axis)?;
        let shape = site.shape(moved.x).split_off(moved.leading);
        let scale = site.parameter("scale", &shape, &Initializer::Ones(initializers::Ones {}), None);
        Ok(over_rows(site, &moved, (Some(scale), None), false, self.epsilon))
    }
}

impl Lower for layers::UnitNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let moved = site.axes_last(inputs[0], "axis", &self.axis)?;
        let shape = site.shape(moved.x);
        let cols = volume(&shape[moved.leading..]);
        let y = site.builder.tensor(&shape);
        // Keras' epsilon.
        site.builder.push(Op::UnitNormalize(UnitNormalize { x: moved.x, y, cols, epsilon: 1e-12 }));
        Ok(site.axes_back(&moved, y))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl layers::BatchNormalization {
    /// The slow averages, whose deviation begins as the root of what the moving variance begins as.
    fn renormalization(&self, site: &mut Site<'_>, cols: usize) -> Result<Renorm, Error> {
        let begin = match &self.moving_variance_initializer {
            Initializer::Constant(it) if it.value >= 0.0 => {
                Initializer::Constant(initializers::Constant { value: libm::sqrt(it.value) })
            }
            same @ (Initializer::Ones(_) | Initializer::Zeros(_)) => same.clone(),
            other => {
                let path = site.path("moving_variance_initializer");
                let expected = "ones, zeros or a constant, of which a root can be taken, for renorm";
                return Err(Error::new(Code::Mismatch, path, expected, other.type_name()));
            }
        };
        let limits = self.renorm_clipping.unwrap_or_default();
        Ok(Renorm {
            moving_deviation: site.statistic("moving_stddev", cols, &begin),
            slow_mean: site.statistic("renorm_mean", cols, &self.moving_mean_initializer),
            slow_deviation: site.statistic("renorm_stddev", cols, &begin),
            momentum: self.renorm_momentum as f32,
            bounds: limits.0.map(|bound| bound as f32),
            corrections: [Span::default(); 2],
            composed: [Span::default(); 2],
        })
    }
}

/// The op of a normalization of groups of channels, which are the last axis of `moved`.
fn over_groups(
    site: &mut Site<'_>,
    moved: &Moved,
    groups: Option<usize>,
    (gamma, beta): (Option<ParameterId>, Option<ParameterId>),
    epsilon: f64,
) -> TensorId {
    let (x, shape) = (moved.x, site.shape(moved.x));
    let (pixels, channels) = rows_and_cols(&shape);
    let y = site.builder.tensor(&shape);
    site.builder.push(Op::GroupNormalize(GroupNormalize {
        x,
        y,
        pixels,
        channels,
        groups: groups.unwrap_or(channels),
        gamma,
        beta,
        epsilon: epsilon as f32,
        mean: Span::default(),
        variance: Span::default(),
        d_gamma: Span::default(),
        d_beta: Span::default(),
    }));
    site.axes_back(moved, y)
}

impl Site<'_> {
    /// The axis of channels last; there must be one of it.
    fn channels_last(&mut self, x: TensorId, axis: &Axes) -> Result<(Moved, usize), Error> {
        let moved = self.axes_last(x, "axis", axis)?;
        let shape = self.shape(moved.x);
        if moved.leading + 1 != shape.len() {
            let found = format!("{:?}", axis.0);
            return Err(Error::new(Code::Mismatch, self.path("axis"), "one axis", found));
        }
        let channels = shape[moved.leading];
        Ok((moved, channels))
    }
}

impl Lower for layers::GroupNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (moved, channels) = site.channels_last(inputs[0], &self.axis)?;
        let groups = self.groups.0;
        site.check_groups(groups.unwrap_or(channels), channels, "channels")?;
        let weights = scale_and_shift!(self, site, &[channels]);
        Ok(over_groups(site, &moved, groups, weights, self.epsilon))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::InstanceNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (moved, channels) = site.channels_last(inputs[0], &self.axis)?;
        let weights = scale_and_shift!(self, site, &[channels]);
        Ok(over_groups(site, &moved, None, weights, self.epsilon))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
