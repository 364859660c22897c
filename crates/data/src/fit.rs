//! Fits an [`Encoding`]: means, deviations and labels of the training rows.

use crate::encoding::{CodedColumn, ColumnCode, Encoding, Output, Scale, TargetCode, WeightCode};
use crate::error::Error;
use crate::form::Form;
use crate::infer::Format;
use crate::profile::{amount, count_labels, label, mean_and_std};
use crate::report::{ColumnType, Role, TargetReport, Task};
use crate::table::Table;

/// Labels of one column that get a place of their own: as many as possible of these, so that all rows fit into memory.
const PLACES: [usize; 5] = [50, 20, 10, 5, 2];
/// With more labels than this, those that stand in one training row only share the place of the others.
const LABELS_KEPT_ANYWAY: usize = 10;
/// Encoded values of the whole table: 96 MB.
const ENCODED_VALUES: usize = 24_000_000;

impl Encoding {
    /// Fits the encoding of a table's features and targets on its rows `train`.
    ///
    /// # Errors
    /// If the encoded table would not fit into memory.
    pub fn fit(table: &Table, train: &[u32]) -> Result<Self, Error> {
        let mut columns = Vec::new();
        let pixels = ruler(table);
        for column in 0..table.columns() {
            if let Some((kind, Role::Feature)) = table.column_kind(column) {
                let name = table.column_name(column).unwrap_or_default().to_owned();
                let code = match table.form() {
                    None => fit_column(table, column, kind, train),
                    Some(Form::Image { .. }) => ColumnCode::Number {
                        decimal: table.format(column).decimal,
                        scale: pixels,
                        missing_flag: false,
                    },
                    Some(Form::Tokens { .. }) => ColumnCode::Token { labels: table.vocabulary().to_vec() },
                };
                columns.push(CodedColumn { column, name, code });
            }
        }
        let mut targets = table.targets().iter().map(|target| fit_target(table, target, train));
        let target = targets.next().ok_or(Error::DamagedEncoding { what: "no target" })?;
        let further: Vec<TargetCode> = targets.collect();
        let further = (!further.is_empty()).then_some(further);
        let weight = table.weight().map(|column| WeightCode {
            column,
            name: table.column_name(column).unwrap_or_default().to_owned(),
            decimal: table.format(column).decimal,
        });
        let mut encoding =
            Self { table_columns: table.columns(), columns, form: table.form(), target, further, weight };
        let rows = table.rows().max(1);
        for places in PLACES {
            encoding.columns.iter_mut().for_each(|column| limit_places(&mut column.code, places));
            if encoding.inputs().saturating_mul(rows) <= ENCODED_VALUES {
                let inputs = encoding.inputs();
                if let Output::Row { size, .. } = &mut encoding.target.output {
                    *size = inputs;
                }
                return Ok(encoding);
            }
        }
        Err(Error::TooManyFeatures { features: encoding.inputs(), rows, limit: ENCODED_VALUES })
    }
}

fn fit_target(table: &Table, target: &TargetReport, train: &[u32]) -> TargetCode {
    let column = target.column;
    let output = match target.task {
        Task::Regression => Output::Value {
            decimal: table.format(column).decimal,
            scale: fit_scale(table, column, ColumnType::Number, train),
        },
        Task::Binary | Task::Multiclass => Output::Classes { labels: target.classes.clone() },
        // How many there are is known when all columns are.
        Task::Reconstruction => Output::Row { size: 0, labels: None, ahead: None },
        Task::Sequence => {
            let labels = Some(table.vocabulary().len() + 1);
            Output::Row { size: 0, labels, ahead: Some(table.ahead()) }
        }
    };
    TargetCode { column, name: table.column_name(column).unwrap_or("the row").to_owned(), output }
}

/// One scale for all pixels, from the range of all rows: the ends of a ruler rather than something to be learned.
fn ruler(table: &Table) -> Scale {
    let columns = (0..table.columns()).filter(|&c| matches!(table.column_kind(c), Some((_, Role::Feature))));
    let ranges = columns.filter_map(|column| table.range(column));
    let (min, max) =
        ranges.fold((0.0, 0.0), |(low, high): (f64, f64), (min, max)| (low.min(min), high.max(max)));
    let brightest = f64::max(-min, max);
    Scale { mean: 0.0, std: if brightest > 0.0 { brightest } else { 1.0 }, min, max }
}

fn fit_column(table: &Table, column: usize, kind: ColumnType, train: &[u32]) -> ColumnCode {
    let Format { decimal, order } = table.format(column);
    let present = |row: &&u32| {
        let cell = table.cell(**row as usize, column);
        match kind {
            ColumnType::Category => label(cell).is_some(),
            _ => amount(cell, kind, table.format(column)).is_some(),
        }
    };
    let missing_flag = train.iter().filter(present).count() < train.len();
    match kind {
        ColumnType::Category => {
            let (labels, other) = fit_labels(table, column, train);
            ColumnCode::Category { labels, other, missing_flag }
        }
        ColumnType::Date => {
            ColumnCode::Date { order, scale: fit_scale(table, column, kind, train), missing_flag }
        }
        _ => ColumnCode::Number { decimal, scale: fit_scale(table, column, kind, train), missing_flag },
    }
}

fn fit_scale(table: &Table, column: usize, kind: ColumnType, train: &[u32]) -> Scale {
    let format = table.format(column);
    let values = train.iter().filter_map(|&row| amount(table.cell(row as usize, column), kind, format));
    let Some((mean, std)) = mean_and_std(values.clone()) else {
        return Scale { mean: 0.0, std: 1.0, min: 0.0, max: 0.0 };
    };
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    values.for_each(|value| (min, max) = (min.min(value), max.max(value)));
    // Equal values may differ from their mean in the last bits; a deviation made of that is none.
    let std = if min < max && std > 0.0 { std } else { 1.0 };
    Scale { mean: mean.clamp(min, max), std, min, max }
}

/// The labels of the training rows, most frequent first, and whether some were left out.
fn fit_labels(table: &Table, column: usize, train: &[u32]) -> (Vec<String>, bool) {
    let counts = count_labels(train.iter().filter_map(|&row| label(table.cell(row as usize, column))));
    let all = counts.len();
    let labels: Vec<String> = counts
        .into_iter()
        .enumerate()
        .filter(|&(place, (_, count))| place < LABELS_KEPT_ANYWAY || count > 1)
        .take(PLACES[0])
        .map(|(_, (label, _))| label.to_owned())
        .collect();
    let other = labels.len() < all;
    (labels, other)
}

fn limit_places(code: &mut ColumnCode, places: usize) {
    if let ColumnCode::Category { labels, other, .. } = code
        && labels.len() > places
    {
        labels.truncate(places);
        *other = true;
    }
}
