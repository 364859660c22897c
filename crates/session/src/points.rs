//! The data as points in the plane of the view: raw values, at most [`LIMIT`], chosen by seed.

use tabgrad_data::Table;
use tabgrad_kernels::rng::{Purpose, Stream};

use crate::plane;
use crate::project::Project;
use crate::protocol::{Part, Points, View};

/// More points than this say nothing more.
pub const LIMIT: usize = 2000;
/// Tells this choice from the others that are made with the split's seed.
const LANE: u32 = u32::MAX;

/// The rows of all parts that have a value in the columns of the view. `None`: the view has no such columns.
pub fn points(table: &Table, project: &Project, view: &View) -> Option<Points> {
    let (parts, x_column) = (project.parts.as_ref()?, view.x?);
    let report = &project.report;
    let x_range = plane::range(report, x_column)?;
    let place = view.target.unwrap_or(0);
    let code = project.encoding.target_at(place)?;
    if code.is_row() && view.y.is_none() {
        return None;
    }
    let regression = code.scale().is_some();
    let y_range = match view.y {
        Some(column) => plane::range(report, column)?,
        None if regression => plane::range(report, code.column)?,
        None => {
            let last = code.classes().len().saturating_sub(1) as f32;
            [-0.1 * last.max(1.0), 1.1 * last.max(1.0)]
        }
    };

    let mut chosen = Vec::new();
    for part in Part::ALL {
        let rows = parts.get(part);
        for (row, target) in rows.index.iter().zip(rows.y.column(place)) {
            chosen.push((*row, part, *target));
        }
    }
    if chosen.len() > LIMIT {
        let stream = Stream::new(project.choices.split.seed, Purpose::Split, LANE);
        chosen.sort_by_key(|(row, ..)| (stream.bits(u64::from(*row)), *row));
        chosen.truncate(LIMIT);
    }

    let mut points = Points { x: vec![], y: vec![], target: vec![], part: vec![], x_range, y_range };
    for (row, part, encoded) in chosen {
        // Of a row that is made again, nothing is known of a point before the network is asked.
        let encoded = if code.is_row() { 0.0 } else { encoded };
        let target = if regression { code.raw(encoded) as f32 } else { encoded };
        let x = table.number(row as usize, x_column);
        let y = match view.y {
            Some(column) => table.number(row as usize, column),
            None => Some(f64::from(target)),
        };
        if let (Some(x), Some(y)) = (x, y) {
            points.x.push(x as f32);
            points.y.push(y as f32);
            points.target.push(target);
            points.part.push(part as u8);
        }
    }
    Some(points)
}
