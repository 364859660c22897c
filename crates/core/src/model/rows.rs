//! Rows of data at the model's door: sizes and targets are checked here, so that no step can fail on them.

use crate::error::{Code, Error};
use crate::plan::{Head, LossKernel, Plan, Tokens};
use crate::program::RowWeights;
use ndarray::{ArrayView1, ArrayView2, Axis, s};
use std::borrow::Cow;

/// Features and targets, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// `(rows, features)`
    pub x: ArrayView2<'a, f32>,
    /// `(rows, values)`, or `(rows, 1)` of 0 and 1, or `(rows, 1)` of class indices.
    pub y: ArrayView2<'a, f32>,
    /// How much each row's loss counts, at least 0; `None`: all alike. `(rows, 1)` for all outputs together, `(rows,
    /// outputs)` for each of several, `(rows, losses)` for every step, pixel or row of the last axis that has a loss of
    /// its own ([`Model::losses`](super::Model::losses)), those of several outputs side by side.
    pub weights: Option<ArrayView2<'a, f32>>,
    /// Whether their values have been looked at.
    are_checked: bool,
}

/// Rows that fit the plan, in standard layout.
pub(crate) struct Checked<'a> {
    pub x: Cow<'a, [f32]>,
    pub y: Cow<'a, [f32]>,
    weights: Option<(Cow<'a, [f32]>, usize)>,
    pub count: usize,
}

impl Checked<'_> {
    /// What each row counts.
    pub fn weights(&self) -> Option<RowWeights<'_>> {
        self.weights.as_ref().map(|(values, columns)| RowWeights { values, columns: *columns })
    }
}

impl<'a> Rows<'a> {
    /// Rows that all count alike.
    pub fn new(x: ArrayView2<'a, f32>, y: ArrayView2<'a, f32>) -> Self {
        Self { x, y, weights: None, are_checked: false }
    }

    /// The same rows with a weight for each, at all outputs.
    pub fn weighted(self, weights: ArrayView1<'a, f32>) -> Self {
        self.weighted_each(weights.insert_axis(Axis(1)))
    }

    /// The same rows with weights for each of their outputs, or of all their losses: see [`Rows::weights`].
    pub fn weighted_each(self, weights: ArrayView2<'a, f32>) -> Self {
        Self { weights: Some(weights), ..self }
    }

    /// The same rows, all of whose values this very model has taken before: it does not look at each of them again, slice
    /// after slice. Values that no row may have make wrong sums then, or a panic.
    pub fn checked_before(self) -> Self {
        Self { are_checked: true, ..self }
    }

    /// The rows from one to before another.
    pub fn part(&self, from: usize, to: usize) -> Self {
        Self {
            x: self.x.slice_move(s![from..to, ..]),
            y: self.y.slice_move(s![from..to, ..]),
            weights: self.weights.map(|weights| weights.slice_move(s![from..to, ..])),
            are_checked: self.are_checked,
        }
    }

    /// Checks sizes and targets; copies only what is not row-major.
    pub(crate) fn check(&self, plan: &Plan) -> Result<Checked<'a>, Error> {
        if self.are_checked {
            let weights = self.weights.map(|weights| (standard(weights), weights.ncols()));
            return Ok(Checked { x: standard(self.x), y: standard(self.y), weights, count: self.x.nrows() });
        }
        let (x, count) = features(plan, self.x)?;
        let width = plan.target_width;
        if self.y.dim() != (count, width) {
            let (rows, cols) = self.y.dim();
            let expected = format!("{count} rows of {width}");
            return Err(Error::new(Code::Data, "data.y", expected, format!("{rows} rows of {cols}")));
        }
        let y = standard(self.y);
        check_classes(plan, &y)?;
        let weights = self.weights.map(|weights| check_weights(plan, weights, count)).transpose()?;
        Ok(Checked { x, y, weights, count })
    }
}

/// As many weights for each row as there is use for, none of them negative; with how many those are.
#[inline(never)]
fn check_weights<'a>(
    plan: &Plan,
    weights: ArrayView2<'a, f32>,
    count: usize,
) -> Result<(Cow<'a, [f32]>, usize), Error> {
    let (rows, columns) = weights.dim();
    let (outputs, losses) = (plan.heads.len(), plan.losses().sum());
    if rows != count || ![1, outputs, losses].contains(&columns) {
        let several = match (outputs, losses) {
            (1, 1) => String::new(),
            (1, _) => format!(", or of {losses}: one for each step"),
            (_, all) if all == outputs => format!(", or of {outputs}: one for each output"),
            _ => {
                format!(", or of {outputs}: one for each output, or of {losses}: one for each of their steps")
            }
        };
        let expected = format!("{count} rows of 1 weight{several}");
        return Err(Error::new(Code::Data, "data.weights", expected, format!("{rows} rows of {columns}")));
    }
    let bad = |weight: &f32| !(*weight >= 0.0 && weight.is_finite());
    if let Some(((row, _), weight)) = weights.indexed_iter().find(|(_, weight)| bad(weight)) {
        let path = format!("data.weights row {row}");
        return Err(Error::new(Code::Data, path, "a number of at least 0", weight.to_string()));
    }
    Ok((standard(weights), columns))
}

/// The features in standard layout and their number of rows.
pub(super) fn features<'a>(plan: &Plan, x: ArrayView2<'a, f32>) -> Result<(Cow<'a, [f32]>, usize), Error> {
    let width = plan.tensor(plan.features).width;
    let count = x.nrows();
    if x.ncols() != width {
        let found = format!("{}", x.ncols());
        return Err(Error::new(Code::Data, "data.x", format!("{width} features"), found));
    }
    let x = standard(x);
    check_tokens(plan, &x, width)?;
    Ok((x, count))
}

/// Tokens are used as indices: they must be whole numbers below the number of vectors of their embedding.
fn check_tokens(plan: &Plan, x: &[f32], width: usize) -> Result<(), Error> {
    for Tokens { features, count } in &plan.tokens {
        for (row, x) in x.chunks_exact(width).enumerate() {
            let is_token = |&x: &f32| x >= 0.0 && x < *count as f32 && x.fract() == 0.0;
            if let Some(at) = (0..features.len()).map(|i| features.at(i)).find(|&at| !is_token(&x[at])) {
                let path = format!("data.x row {row} feature {at}");
                let expected = format!("a token: a whole number from 0 to {}", count - 1);
                return Err(Error::new(Code::Data, path, expected, x[at].to_string()));
            }
        }
    }
    Ok(())
}

/// Class indices are used as indices: they must be whole numbers below the number of classes. Labels of a sequence
/// must fit into its steps.
fn check_classes(plan: &Plan, y: &[f32]) -> Result<(), Error> {
    plan.heads.iter().try_for_each(|head| check_classes_at(plan, head, y))
}

fn check_classes_at(plan: &Plan, head: &Head, y: &[f32]) -> Result<(), Error> {
    let Some(classes) = head.target.classes().filter(|_| head.is_class) else { return Ok(()) };
    let width = head.target.width();
    let is_class = |class: f32| class >= 0.0 && class < classes as f32 && class.fract() == 0.0;
    let targets = || y.chunks_exact(plan.target_width).map(|row| &row[head.first_column..][..width]);
    for (row, targets) in targets().enumerate() {
        let fits = |class: f32| is_class(class) || head.ignore_class == Some(class);
        if let Some(class) = targets.iter().find(|&&class| !fits(class)) {
            let expected = format!("a class from 0 to {}", classes - 1);
            return Err(Error::new(Code::Data, format!("data.y row {row}"), expected, class.to_string()));
        }
    }
    if head.kernel != LossKernel::Ctc {
        return Ok(());
    }
    let steps = plan.tensor(head.loss_input).width / head.cols;
    for (row, labels) in targets().enumerate() {
        // Two of the same need a blank between them.
        let labels = labels.iter().filter(|&&label| label != 0.0);
        let (count, repeats, _) = labels.fold((0, 0, 0.0), |(count, repeats, before), &label| {
            (count + 1, repeats + usize::from(label == before), label)
        });
        if count + repeats > steps {
            let found = format!("{count} labels, {repeats} of them as the one before");
            return Err(Error::new(
                Code::Data,
                format!("data.y row {row}"),
                format!("labels for {steps} steps"),
                found,
            )
            .hint("give the network more steps, or the row fewer labels"));
        }
    }
    Ok(())
}

fn standard(view: ArrayView2<'_, f32>) -> Cow<'_, [f32]> {
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}
