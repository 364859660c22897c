//! What the network says over the plane of two columns, or along one: in the user's units, the other columns as they
//! typically are ([`Encoding::typical`](tabgrad_data::Encoding::typical): numbers at their mean).
//!
//! ```text
//! y1 +---+---+      cell (i, j) is sampled at its centre:
//!    |   |   |        x = x0 + (i + 1/2) / size * (x1 - x0)
//! y0 +---+---+        y = y0 + (j + 1/2) / size * (y1 - y0)
//!    x0      x1     values[(j * size + i) * outputs ..]
//! ```

use ndarray::{Array2, s};
use tabgrad_data::report::TableReport;
use tabgrad_data::{Encoding, Scale};

use crate::project::Project;
use crate::protocol::{Curve, NeuronMaps, Surface, UnitMaps, View};

/// Cells along a side of the surface at most.
const SURFACE_MAX: usize = 200;
/// Cells along a side of a neuron's map at most.
const NEURONS_MAX: usize = 32;
/// Units of a layer that are drawn.
const UNITS_MAX: usize = 32;
/// Points along a curve.
const CURVE_POINTS: usize = 200;
/// Operations that one picture may cost; a larger network gets coarser pictures instead of a slower training.
const SURFACE_FLOPS: f64 = 1e8;
const NEURONS_FLOPS: f64 = 2e7;
/// Encoded values held at a time.
const CHUNK_VALUES: usize = 1 << 18;

/// The interval a picture spans along a column: all of its values and a twentieth more on either side.
pub fn range(report: &TableReport, column: usize) -> Option<[f32; 2]> {
    let column = report.columns.get(column)?;
    let (min, max) = (column.min? as f32, column.max? as f32);
    let margin = if max > min { (max - min) * 0.05 } else { min.abs().max(1.0) * 0.5 };
    let range = [min - margin, max + margin];
    range.iter().all(|end| end.is_finite()).then_some(range)
}

/// Where a raw value of a column enters the network.
struct Axis {
    /// More than one where several inputs take the column.
    features: Vec<usize>,
    scale: Scale,
    range: [f32; 2],
}

impl Axis {
    fn of(project: &Project, column: usize) -> Option<Self> {
        let (_, scale) = project.encoding.input_of(column)?;
        let features = project.encoding.inputs_of(column).map(|(feature, _)| feature).collect();
        Some(Self { features, scale, range: range(&project.report, column)? })
    }

    /// Centre of cell `index` of `cells`.
    fn at(&self, index: usize, cells: usize) -> f32 {
        let [begin, end] = self.range;
        begin + (index as f32 + 0.5) / cells as f32 * (end - begin)
    }

    fn put(&self, row: &mut [f32], raw: f32) {
        let value = self.scale.standardize(f64::from(raw));
        self.features.iter().for_each(|&feature| row[feature] = value);
    }
}

/// Encoded rows of the cells `cells` of a grid of that many columns.
fn encode(
    project: &Project,
    x: &Axis,
    y: Option<&Axis>,
    size: usize,
    cells: std::ops::Range<usize>,
) -> Array2<f32> {
    let typical = project.encoding.typical();
    let width = typical.len();
    let mut values = Vec::with_capacity(cells.len() * width);
    for cell in cells.clone() {
        let begin = values.len();
        values.extend_from_slice(&typical);
        let row = &mut values[begin..];
        x.put(row, x.at(cell % size, size));
        if let Some(y) = y {
            y.put(row, y.at(cell / size, size));
        }
    }
    Array2::from_shape_vec((cells.len(), width), values).expect("as many values as rows times width")
}

/// Cells along a side, fewer where the network is so large that the picture would hold up its training.
fn affordable(project: &Project, wanted: usize, budget: f64, least: usize) -> usize {
    // A step is about one pass forward and two backward.
    let per_row = (project.shape.flops as f64 / project.batch_size as f64 / 3.0).max(1.0);
    wanted.min(((budget / per_row).sqrt() as usize).max(least))
}

/// What the output of the view's target says, in the user's units: probabilities as they are, values scaled back. `None`:
/// not all finite.
fn answers(project: &mut Project, view: &View, cells: &Array2<f32>) -> Option<Array2<f32>> {
    let target = view.target.unwrap_or(0);
    let mut outputs = project.model.predict_each(cells.view()).ok()?.into_iter().nth(target)?;
    let encoding = &project.encoding;
    let target = encoding.target_at(target)?;
    if target.is_row() {
        return row_errors(encoding, cells, &outputs);
    }
    if target.scale().is_some() {
        outputs.mapv_inplace(|value| target.raw(value) as f32);
    }
    outputs.iter().all(|value| value.is_finite()).then_some(outputs)
}

/// Of rows that are made again: how far each is from what it was.
#[inline(never)]
fn row_errors(encoding: &Encoding, cells: &Array2<f32>, outputs: &Array2<f32>) -> Option<Array2<f32>> {
    let rows = cells.rows().into_iter().zip(outputs.rows());
    let errors = rows.map(|(x, said)| Some(encoding.row_error(x.as_slice()?, said.as_slice()?)? as f32));
    Array2::from_shape_vec((cells.nrows(), 1), errors.collect::<Option<_>>()?).ok()
}

/// The network's answer in every cell of the plane. `None`: not asked for, or the columns are no numbers that enter it.
pub fn surface(project: &mut Project, view: &View) -> Option<Surface> {
    let (x, y) = (Axis::of(project, view.x?)?, Axis::of(project, view.y?)?);
    if view.surface == 0 || x.features == y.features {
        return None;
    }
    let size = affordable(project, view.surface.min(SURFACE_MAX), SURFACE_FLOPS, 16);
    let chunk = (CHUNK_VALUES / project.encoding.inputs().max(1)).max(1);
    let mut values = Vec::new();
    let mut outputs = 0;
    for begin in (0..size * size).step_by(chunk) {
        let cells = encode(project, &x, Some(&y), size, begin..(begin + chunk).min(size * size));
        let answers = answers(project, view, &cells)?;
        outputs = answers.ncols();
        values.extend(answers);
    }
    Some(Surface { size, x_range: x.range, y_range: y.range, outputs, values })
}

/// The network's answer along one column. `None`: not asked for, or the column is no number that enters it.
pub fn curve(project: &mut Project, view: &View) -> Option<Curve> {
    if view.y.is_some() {
        return None;
    }
    let axis = Axis::of(project, view.x?)?;
    let [begin, end] = axis.range;
    let last = (CURVE_POINTS - 1) as f32;
    let x: Vec<f32> = (0..CURVE_POINTS).map(|i| begin + i as f32 / last * (end - begin)).collect();
    let typical = project.encoding.typical();
    let mut rows = Array2::zeros((CURVE_POINTS, typical.len()));
    for (mut row, raw) in rows.rows_mut().into_iter().zip(&x) {
        row.assign(&ndarray::aview1(&typical));
        let value = axis.scale.standardize(f64::from(*raw));
        axis.features.iter().for_each(|&feature| row[feature] = value);
    }
    let answers = answers(project, view, &rows)?;
    Some(Curve { x, outputs: answers.ncols(), y: answers.into_iter().collect() })
}

/// What every neuron answers over the plane. Along one column, every row of the map is the same.
pub fn neurons(project: &mut Project, view: &View) -> Option<NeuronMaps> {
    if view.neurons == 0 {
        return None;
    }
    let x = Axis::of(project, view.x?)?;
    let y = match view.y {
        Some(column) => Some(Axis::of(project, column)?),
        None => None,
    };
    let size = affordable(project, view.neurons.min(NEURONS_MAX), NEURONS_FLOPS, 4);
    let cells = encode(project, &x, y.as_ref(), size, 0..size * size);
    let layers = project.model.probe(cells.view()).ok()?;
    let maps = |values: &Array2<f32>| {
        let units = values.ncols().min(UNITS_MAX);
        let drawn = values.slice(s![.., ..units]);
        // (cells, units) -> units x cells
        let values: Vec<f32> = drawn.t().iter().copied().collect();
        values.iter().all(|value| value.is_finite()).then_some(UnitMaps { units, values })
    };
    Some(NeuronMaps { size, features: maps(&cells)?, layers: layers.iter().map(maps).collect() })
}
