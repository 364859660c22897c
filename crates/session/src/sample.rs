//! What every layer makes of one row: a picture and the feature maps that it becomes, a sequence and its states.
//!
//! The row is one of the data (the test rows, where the network has never seen it; the view says which), or what the
//! user typed or drew. Layers with very many values are told in part: their first channels.

use ndarray::{Array2, s};
use tabgrad_data::Table;

use crate::failure;
use crate::project::Project;
use crate::protocol::{EngineError, LayerValues, Part, Sample, View};

/// Values of one layer that are told at most.
const VALUES_MAX: usize = 8192;

/// The row that the view looks at. `None`: not asked for, no rows, or numbers that are not finite.
pub fn sample(project: &mut Project, table: Option<&Table>, view: &View) -> Option<Sample> {
    let wanted = view.sample? as usize;
    let parts = project.parts.as_ref()?;
    let rows = [Part::Test, Part::Validation, Part::Train].map(|part| parts.get(part));
    let rows = rows.into_iter().find(|rows| !rows.is_empty())?;
    let place = wanted % rows.len();
    let row = rows.index[place];
    let x = rows.x.slice(s![place..=place, ..]).to_owned();
    let cell = |table: &Table, column| table.cell(row as usize, column).trim().to_owned();
    let truth = table.filter(|table| table.target() < table.columns()).map(|it| cell(it, it.target()));
    let several = table.filter(|table| table.targets().len() > 1);
    let truths = several.map(|table| table.targets().iter().map(|it| cell(table, it.column)).collect());
    let mut sample = look_inside(project, x).ok()?;
    sample.row = Some(row);
    sample.truth = truth;
    sample.truths = truths;
    // Of a row that is followed, the last layer says it.
    sample.predicted.inputs = None;
    Some(sample)
}

/// What the layers make of a row of raw values, one cell per feature column.
///
/// # Errors
/// The row as the network takes it has values that are not finite, or another size than the network's input.
pub fn inspect(project: &mut Project, row: &[Option<String>]) -> Result<Sample, EngineError> {
    let (x, issues) = project.encode_raw(row);
    let mut sample = look_inside(project, x)?;
    sample.predicted.issues.splice(0..0, issues);
    Ok(sample)
}

fn look_inside(project: &mut Project, x: Array2<f32>) -> Result<Sample, EngineError> {
    let shapes: Vec<Vec<usize>> =
        project.shape.layers.iter().map(|layer| layer.output_shape.clone()).collect();
    let layers = project.model.probe(x.view())?;
    let predicted = project.decode(&x)?;
    let told = |(values, shape): (&Array2<f32>, &Vec<usize>)| part_of(values.as_slice()?, shape);
    let input = part_of(x.as_slice().unwrap_or_default(), &project.encoding.input_shape());
    Ok(Sample {
        row: None,
        input: input.ok_or_else(failure::no_model)?,
        tokens: project.encoding.words(x.as_slice().unwrap_or_default()),
        layers: layers.iter().zip(&shapes).map(told).collect(),
        predicted,
        truth: None,
        truths: None,
    })
}

/// The values with their shape, of the last axis no more than fits. `None`: not all finite, or of another size.
fn part_of(values: &[f32], shape: &[usize]) -> Option<LayerValues> {
    let size: usize = shape.iter().product();
    if size != values.len() || size == 0 || !values.iter().all(|value| value.is_finite()) {
        return None;
    }
    let channels = shape.last().copied()?;
    let places = size / channels;
    let told = channels.min((VALUES_MAX / places).max(1));
    let mut shape = shape.to_vec();
    *shape.last_mut()? = told;
    let values = values.chunks_exact(channels).flat_map(|place| &place[..told]).copied().collect();
    Some(LayerValues { shape, values })
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn of_many_channels_the_first_ones_are_told() {
        let values: Vec<f32> = (0..64 * 64 * 4).map(|i| i as f32).collect();
        let told = part_of(&values, &[64, 64, 4]).expect("as many values as the shape has");
        assert_eq!(told.shape, [64, 64, 2]);
        assert_eq!(told.values[..4], [0.0, 1.0, 4.0, 5.0]);
        assert!(part_of(&values, &[64, 64, 3]).is_none());
        assert!(part_of(&[f32::NAN], &[1]).is_none());
    }
}
