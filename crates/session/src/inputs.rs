//! Which columns an input layer takes, by hand: what a network of columns says beyond the core's words.
//!
//! ```text
//! {"type": "input", "columns": [0, 2]}      {"type": "input", "columns": [1]}        one that says nothing takes the others
//! encoding: columns 0, 2, 1                 shapes [1], [4]: as wide as the columns become
//! ```
//!
//! The core shares out the numbers of a row among its input layers in their order. So the encoding has the columns in that order,
//! one of them several times where several inputs take it, and the shapes follow.

use tabgrad_data::report::{Role, TableReport};
use tabgrad_data::{CodedColumn, Encoding};
use tabgrad_json::Value;

use crate::protocol::EngineError;

/// What the input layers of a model take, by the place of the layer; `None`: what no other takes.
pub type Chosen = Vec<(usize, Option<Vec<usize>>)>;

const FIELD: &str = "columns";

/// What the model says of its inputs' columns; `None`: nothing.
///
/// # Errors
/// Columns that are no list of numbers.
pub fn chosen(model: &Value) -> Result<Option<Chosen>, EngineError> {
    let Some(layers) = model["layers"].as_array() else { return Ok(None) };
    if !layers.iter().any(|layer| layer.get(FIELD).is_some()) {
        return Ok(None);
    }
    read(layers).map(Some)
}

// Out of line, here and below: few networks have such inputs.
#[inline(never)]
fn read(layers: &[Value]) -> Result<Chosen, EngineError> {
    let mut chosen = Chosen::new();
    for (place, layer) in layers.iter().enumerate().filter(|(_, layer)| layer["type"] == "input") {
        let columns = match layer.get(FIELD) {
            None | Some(Value::Null) => None,
            Some(value) => Some(columns(value).ok_or_else(|| no_columns(place, "a list of columns", value))?),
        };
        chosen.push((place, columns));
    }
    Ok(chosen)
}

fn columns(value: &Value) -> Option<Vec<usize>> {
    let column = |item: &Value| item.as_u64().and_then(|column| usize::try_from(column).ok());
    value.as_array()?.iter().map(column).collect()
}

#[cold]
fn no_columns(place: usize, expected: &str, found: &Value) -> EngineError {
    let path = format!("layers[{place}].{FIELD}");
    let mut error =
        EngineError::new("mismatch", format!("{path}: expected {expected}, found {found}")).at(path);
    error.expected = Some(expected.into());
    error
}

/// The columns in the order in which the inputs take them, by place among those of `encoding`; and how many each takes.
fn order(encoding: &Encoding, chosen: &Chosen) -> Vec<Vec<usize>> {
    let is_taken =
        |column: usize| chosen.iter().flat_map(|(_, own)| own.iter().flatten()).any(|it| *it == column);
    let of = |own: &Option<Vec<usize>>| {
        let place = |column: &usize| encoding.columns.iter().position(|coded| coded.column == *column);
        match own {
            // What has been left out since enters nowhere.
            Some(columns) => columns.iter().filter_map(place).collect(),
            None => encoding
                .columns
                .iter()
                .enumerate()
                .filter(|(at, coded)| !is_taken(coded.column) && place(&coded.column) == Some(*at))
                .map(|(at, _)| at)
                .collect(),
        }
    };
    chosen.iter().map(|(_, own)| of(own)).collect()
}

/// Whether an encoding has its columns as these inputs take them; without any choice, in the order of the table.
pub fn are_in(encoding: &Encoding, chosen: Option<&Chosen>) -> bool {
    match chosen {
        None => encoding.columns.windows(2).all(|pair| pair[0].column < pair[1].column),
        Some(chosen) => are_as_chosen(encoding, chosen),
    }
}

/// A column that no input took before is not there to be taken now.
#[inline(never)]
fn are_as_chosen(encoding: &Encoding, chosen: &Chosen) -> bool {
    let wanted = chosen.iter().flat_map(|(_, own)| own.iter().flatten().copied());
    chosen.iter().all(|(_, own)| own.is_some())
        && wanted.eq(encoding.columns.iter().map(|coded| coded.column))
}

/// The encoding with its columns in the order in which the inputs take them.
///
/// # Errors
/// An input that takes no column.
#[inline(never)]
pub fn arranged(encoding: Encoding, chosen: &Chosen) -> Result<Encoding, EngineError> {
    let order = order(&encoding, chosen);
    if let Some(empty) = order.iter().position(Vec::is_empty) {
        let expected = "at least one column that enters the network";
        return Err(no_columns(chosen[empty].0, expected, &Value::Array(Vec::new())));
    }
    let columns = order.iter().flatten().map(|&at| encoding.columns[at].clone()).collect();
    Ok(encoding.with_columns(columns))
}

/// Takes the columns out of the layers and says their shapes instead: as the core reads it.
#[inline(never)]
pub fn put_shapes(model: &mut Value, encoding: &Encoding, chosen: &Chosen) {
    let mut start = 0;
    let widths: Vec<usize> = chosen
        .iter()
        .map(|(_, own)| {
            // Of the arranged encoding, each has as many columns as it asked for; one that takes the others, the rest.
            let asked: usize =
                chosen.iter().filter_map(|(_, own)| own.as_ref()).map(|own| known(encoding, own)).sum();
            let count =
                own.as_ref().map_or(encoding.columns.len().saturating_sub(asked), |own| known(encoding, own));
            let own = encoding.columns.iter().skip(start).take(count);
            start += count;
            own.map(CodedColumn::width).sum()
        })
        .collect();
    for ((place, _), width) in chosen.iter().zip(widths) {
        let layer = &mut model["layers"][*place];
        if let Some(fields) = layer.as_object_mut() {
            fields.remove(FIELD);
        }
        layer["shape"] = Value::Array(vec![width.into()]);
    }
}

/// How many of these are there.
fn known(encoding: &Encoding, columns: &[usize]) -> usize {
    columns.iter().filter(|column| encoding.columns.iter().any(|coded| coded.column == **column)).count()
}

/// Names of the columns that could enter the network and do not.
pub fn unseen(encoding: &Encoding, report: &TableReport) -> Vec<String> {
    let enters = |index: usize| encoding.columns.iter().any(|coded| coded.column == index);
    let columns = report.columns.iter().enumerate();
    let unseen = columns.filter(|(index, column)| column.role == Role::Feature && !enters(*index));
    unseen.map(|(_, column)| column.name.clone()).collect()
}

/// The other way: as the page says it.
#[inline(never)]
pub fn put_columns(model: &mut Value, chosen: &Chosen) {
    for (place, columns) in chosen {
        let layer = &mut model["layers"][*place];
        if let Some(columns) = columns {
            layer[FIELD] = columns.iter().copied().map(Value::from).collect();
        }
        if let Some(fields) = layer.as_object_mut() {
            fields.remove("shape");
        }
    }
}
