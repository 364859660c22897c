//! Constraints: after an update, whole tensors, each by one thread.

use super::Frame;
use crate::plan::volume;
use crate::spec::Axes;
use crate::spec::Constraint;
use tabgrad_kernels::constraint::{self, NormBounds};

/// A constraint of one tensor, in numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bound {
    NonNegative,
    /// Of vectors along the middle axis of `(.., axis, inner)`.
    Norms {
        bounds: NormBounds,
        axis: usize,
        inner: usize,
    },
    /// Of vectors whose axes have others between them: where one begins, and how far behind its values stand.
    Apart {
        bounds: NormBounds,
        starts: Vec<u32>,
        steps: Vec<u32>,
    },
}

impl Bound {
    /// The constraint of a tensor of that shape; `None` when its axes are not axes of it.
    pub fn of(constraint: &Constraint, shape: &[usize]) -> Option<Self> {
        let bounds = |low: f64, high: f64, rate: f64| {
            let [low, high, rate] = [low, high, rate].map(|it| it as f32);
            NormBounds { low, high, rate }
        };
        match constraint {
            Constraint::NonNeg(_) => Some(Self::NonNegative),
            Constraint::MaxNorm(it) => norms(bounds(0.0, it.max_value, 1.0), &it.axis, shape),
            Constraint::UnitNorm(it) => norms(bounds(1.0, 1.0, 1.0), &it.axis, shape),
            Constraint::MinMaxNorm(it) => norms(bounds(it.min_value, it.max_value, it.rate), &it.axis, shape),
        }
    }
}

fn norms(bounds: NormBounds, axes: &Axes, shape: &[usize]) -> Option<Bound> {
    let axes = axes.of_rank(shape.len())?;
    let (first, last) = (*axes.first()?, *axes.last()?);
    if last - first + 1 == axes.len() {
        let axis = shape[first..=last].iter().product();
        let inner = shape[last + 1..].iter().product();
        return Some(Bound::Norms { bounds, axis, inner });
    }
    // Places of all indices along some of the axes.
    let places = |is_one: &dyn Fn(usize) -> bool| {
        let mut places = vec![0u32];
        // What has more values than fit into memory is refused by the layout, and needs no list here.
        let is_possible = volume(shape) <= 1 << 28;
        for axis in (0..shape.len()).filter(|&axis| is_possible && is_one(axis)) {
            let step = volume(&shape[axis + 1..]);
            let along = |place: u32| (0..shape[axis]).map(move |i| place + (i * step) as u32);
            places = places.iter().flat_map(|&place| along(place)).collect();
        }
        places
    };
    let steps = places(&|axis| axes.contains(&axis));
    Some(Bound::Apart { bounds, starts: places(&|axis| !axes.contains(&axis)), steps })
}

/// Brings all constrained weights back within their bounds; after a meeting of its own.
pub(super) fn all(frame: &Frame<'_>) {
    let parameters = &frame.plan.parameters;
    let constrained = || parameters.iter().filter(|it| it.trainable && it.constraint.is_some());
    if constrained().next().is_none() {
        return;
    }
    frame.meet();
    let (thread, threads) = (frame.team.index(), frame.team.threads());
    for parameter in constrained().skip(thread).step_by(threads) {
        let w = frame.memory.parameters.write(thread, parameter.span);
        match &parameter.constraint {
            None => {}
            Some(Bound::NonNegative) => constraint::non_negative(w),
            Some(Bound::Norms { bounds, axis, inner }) => constraint::bound_norms(bounds, *axis, *inner, w),
            Some(Bound::Apart { bounds, starts, steps }) => {
                constraint::bound_norms_apart(bounds, starts, steps, w);
            }
        }
    }
}
