//! Single rows: raw values in, raw values out.

use crate::encoding::{CodedColumn, ColumnCode, Encoding, Output, TargetCode};
use crate::infer::shorten;
use crate::matrix::token;
use crate::profile::{amount, label};
use crate::report::{ColumnType, PredictedRow, Prediction};
use crate::value::is_missing_amount;

impl Encoding {
    /// One row of raw values, as a person types them, with what had to be guessed. `row` has one entry per column of
    /// the table; entries of columns that are not used are not looked at, absent ones are missing.
    pub fn encode_raw(&self, row: &[Option<&str>]) -> (Vec<f32>, Vec<String>) {
        let mut x = vec![0.0; self.inputs()];
        let mut issues = Vec::new();
        let mut start = 0;
        for column in &self.columns {
            let width = column.width();
            let cell = row.get(column.column).copied().flatten().unwrap_or_default();
            issues.extend(column.encode_cell(cell, &mut x[start..start + width]));
            start += width;
        }
        (x, issues)
    }

    /// The words of a row of a sequence, empty where there is none; no words at all where rows are no sequences.
    pub fn words(&self, x: &[f32]) -> Vec<String> {
        let word = |(column, &code): (&CodedColumn, &f32)| match &column.code {
            ColumnCode::Token { labels } => Some(
                (code as usize).checked_sub(1).and_then(|at| labels.get(at)).cloned().unwrap_or_default(),
            ),
            _ => None,
        };
        self.columns.iter().zip(x).filter_map(word).collect()
    }

    /// What one row of outputs says, those of all targets side by side: a probability of the second of two classes, one
    /// probability per class, or a standardised value. What is not finite is left out and named.
    pub fn decode(&self, output: &[f32]) -> PredictedRow {
        let mut row = PredictedRow::default();
        let sound = output.len() == self.output_size() && output.iter().all(|value| value.is_finite());
        if !sound {
            row.issues.push(
                "the network gave no number for this row; reset it, or lower the learning rate".to_owned(),
            );
            return row;
        }
        let (first, others) = output.split_at(self.target.width());
        let said = self.target.decode(first);
        if let Some(further) = &self.further {
            row.targets = Some(decode_all(&said, further, others));
        }
        if let Output::Row { labels, .. } = self.target.output {
            row.inputs = Some(self.decode_row(output, labels));
        }
        PredictedRow { value: said.value, label: said.label, probabilities: said.probabilities, ..row }
    }
}

impl Encoding {
    /// How far outputs are from a row that is to be reconstructed: the mean squared difference, or the share of steps whose
    /// likeliest label is another. `None`: no row is, or they are not finite.
    #[inline(never)]
    pub fn row_error(&self, x: &[f32], output: &[f32]) -> Option<f64> {
        let Output::Row { size, labels, ahead } = self.target.output else { return None };
        let ahead = ahead.unwrap_or(0);
        let wrong = |at: usize| {
            let truth = x.get(at + ahead).copied().unwrap_or(0.0);
            match labels {
                None => f64::from(output[at] - truth).powi(2),
                Some(labels) => {
                    f64::from(u8::from(likeliest(&output[at * labels..][..labels]) != truth as usize))
                }
            }
        };
        let sound = output.len() == self.target.width() && output.iter().all(|value| value.is_finite());
        sound.then(|| (0..size).map(wrong).sum::<f64>() / size.max(1) as f64)
    }

    /// The columns of a row that the network has made, in the user's words and units.
    #[inline(never)]
    fn decode_row(&self, output: &[f32], labels: Option<usize>) -> Vec<Prediction> {
        let mut start = 0;
        let column = |column: &CodedColumn| {
            let width = column.width() * labels.unwrap_or(1);
            let own = &output[start..start + width];
            start += width;
            let said = |labels: &[String], place: Option<usize>| Prediction {
                label: Some(place.and_then(|place| labels.get(place)).cloned().unwrap_or_default()),
                ..Prediction::default()
            };
            match &column.code {
                ColumnCode::Number { scale, .. } | ColumnCode::Date { scale, .. } => {
                    Prediction { value: Some(scale.raw(own[0])), ..Prediction::default() }
                }
                ColumnCode::Category { labels, .. } => said(labels, Some(likeliest(own))),
                ColumnCode::Token { labels } => said(labels, likeliest(own).checked_sub(1)),
            }
        };
        self.columns.iter().map(column).collect()
    }
}

/// The place of the largest, the first of equals.
fn likeliest(values: &[f32]) -> usize {
    let mut likeliest = 0;
    for (place, value) in values.iter().enumerate() {
        if *value > values[likeliest] {
            likeliest = place;
        }
    }
    likeliest
}

/// Out of line: most tables have one target.
#[inline(never)]
fn decode_all(first: &Prediction, further: &[TargetCode], mut output: &[f32]) -> Vec<Prediction> {
    let mut all = vec![first.clone()];
    for target in further {
        let (own, others) = output.split_at(target.width());
        all.push(target.decode(own));
        output = others;
    }
    all
}

impl TargetCode {
    /// What finite outputs say.
    fn decode(&self, output: &[f32]) -> Prediction {
        match &self.output {
            Output::Value { scale, .. } => {
                Prediction { value: Some(scale.raw(output[0])), ..Prediction::default() }
            }
            Output::Classes { labels } => {
                let probabilities =
                    if labels.len() == 2 { vec![1.0 - output[0], output[0]] } else { output.to_vec() };
                let label = labels.get(likeliest(&probabilities)).cloned();
                Prediction { value: None, label, probabilities: Some(probabilities) }
            }
            // Told column by column.
            Output::Row { .. } => Prediction::default(),
        }
    }
}

impl CodedColumn {
    /// Writes the column's places, which are zero; gives what is to be told about the cell.
    fn encode_cell(&self, cell: &str, places: &mut [f32]) -> Option<String> {
        let name = &self.name;
        let trimmed = cell.trim();
        let shown = shorten(trimmed);
        match &self.code {
            ColumnCode::Number { scale, missing_flag, .. } | ColumnCode::Date { scale, missing_flag, .. } => {
                let (kind, format) = self.reading();
                let Some(value) = amount(cell, kind, format) else {
                    if *missing_flag {
                        places[1] = 1.0;
                    }
                    let what = if kind == ColumnType::Date { "date" } else { "number" };
                    return match (is_missing_amount(trimmed), missing_flag) {
                        (true, true) => None,
                        (true, false) => Some(format!(
                            "{name}: no value, which never happened in training; the mean was taken"
                        )),
                        (false, true) => {
                            Some(format!("{name}: \"{shown}\" is not a {what}; treated as missing"))
                        }
                        (false, false) => {
                            Some(format!("{name}: \"{shown}\" is not a {what}; the mean was taken"))
                        }
                    };
                };
                places[0] = scale.standardize(value);
                let outside = value < scale.min || value > scale.max;
                outside.then(|| match kind {
                    ColumnType::Date => format!("{name}: {shown} lies outside of the dates seen in training"),
                    _ => format!(
                        "{name}: {shown} lies outside of what was seen in training ({} to {})",
                        scale.min, scale.max
                    ),
                })
            }
            ColumnCode::Token { labels } => {
                let code = token(labels, cell);
                places[0] = code as f32;
                let unknown = code == 0 && label(cell).is_some();
                unknown.then(|| format!("{name}: \"{shown}\" is not in the vocabulary; taken as nothing"))
            }
            ColumnCode::Category { labels, other, missing_flag } => {
                let label = label(cell);
                if let Some(place) = label.and_then(|label| labels.iter().position(|known| known == label)) {
                    places[place] = 1.0;
                    return None;
                }
                if label.is_some() && *other {
                    places[labels.len()] = 1.0;
                    return Some(format!(
                        "{name}: \"{shown}\" is rare or was never seen in training; treated as \"another\""
                    ));
                }
                if *missing_flag {
                    places[places.len() - 1] = 1.0;
                }
                match (label, missing_flag) {
                    (Some(_), _) => {
                        Some(format!("{name}: \"{shown}\" was never seen in training; treated as missing"))
                    }
                    (None, true) => None,
                    (None, false) => Some(format!("{name}: no value, which never happened in training")),
                }
            }
        }
    }
}
