//! Rows of data at the model's door: sizes and targets are checked here, so that no step can fail on them.

use crate::error::{Code, Error};
use crate::plan::{LossKernel, Plan, Target};
use ndarray::ArrayView2;
use std::borrow::Cow;

/// Features and targets, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// `(rows, features)`
    pub x: ArrayView2<'a, f32>,
    /// `(rows, values)`, or `(rows, 1)` of 0 and 1, or `(rows, 1)` of class indices.
    pub y: ArrayView2<'a, f32>,
}

/// Rows that fit the plan, in standard layout.
pub(crate) struct Checked<'a> {
    pub x: Cow<'a, [f32]>,
    pub y: Cow<'a, [f32]>,
    pub count: usize,
}

impl<'a> Rows<'a> {
    /// Checks sizes and targets; copies only what is not row-major.
    pub(crate) fn check(&self, plan: &Plan) -> Result<Checked<'a>, Error> {
        let (x, count) = features(plan, self.x)?;
        let width = plan.target.width();
        if self.y.dim() != (count, width) {
            let (rows, cols) = self.y.dim();
            let expected = format!("{count} rows of {width}");
            return Err(Error::new(Code::Data, "data.y", expected, format!("{rows} rows of {cols}")));
        }
        let y = standard(self.y);
        check_classes(plan, &y)?;
        Ok(Checked { x, y, count })
    }
}

/// The features in standard layout and their number of rows.
pub(super) fn features<'a>(plan: &Plan, x: ArrayView2<'a, f32>) -> Result<(Cow<'a, [f32]>, usize), Error> {
    let width = plan.tensor(plan.features).width;
    if x.ncols() != width {
        let found = format!("{}", x.ncols());
        return Err(Error::new(Code::Data, "data.x", format!("{width} features"), found));
    }
    Ok((standard(x), x.nrows()))
}

/// Class indices are used as indices: they must be whole numbers below the number of classes.
fn check_classes(plan: &Plan, y: &[f32]) -> Result<(), Error> {
    if plan.loss != LossKernel::SparseCategoricalCrossentropy {
        return Ok(());
    }
    let classes = match plan.target {
        Target::Classes(classes) => classes,
        Target::Binary | Target::Values(_) => 2,
    };
    match y.iter().position(|&class| !(class >= 0.0 && class < classes as f32 && class.fract() == 0.0)) {
        None => Ok(()),
        Some(row) => {
            let expected = format!("a class from 0 to {}", classes - 1);
            Err(Error::new(Code::Data, format!("data.y row {row}"), expected, y[row].to_string()))
        }
    }
}

fn standard(view: ArrayView2<'_, f32>) -> Cow<'_, [f32]> {
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}
