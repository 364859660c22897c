//! The files of `tests/goldens/json`, read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ndarray::ArrayView2;
use serde::Deserialize;
use serde_json::Value;
use tabgrad_core::{ModelSpec, Rows, Target, TrainingSpec};

/// One case: its specs, its data, and what Keras made of them. Arrays are flat, in row-major order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Golden {
    /// `dense_relu`: also the name of the file.
    pub name: String,
    /// The model.
    pub model: ModelSpec,
    /// How it is trained.
    pub training: TrainingSpec,
    /// Shape of one row of `x`.
    pub input: Vec<usize>,
    target: Value,
    /// How many rows `x` and `y` have.
    rows: usize,
    /// Features.
    x: Vec<f32>,
    /// Targets; for classes their indices.
    y: Vec<f32>,
    /// How much each row's loss counts.
    #[serde(default)]
    sample_weight: Vec<f32>,
    /// Every tensor before the first step, moving statistics as well.
    pub weights: BTreeMap<String, Vec<f32>>,
    /// What `predict` answers with these weights.
    pub output: Vec<f32>,
    /// What `evaluate` answers with these weights.
    pub scores: Option<BTreeMap<String, f32>>,
    /// Of the first batch's loss.
    pub gradients: Option<BTreeMap<String, Vec<f32>>>,
    /// The same with respect to `x`.
    pub input_gradient: Option<Vec<f32>>,
    /// Loss of each of the first steps.
    #[serde(default)]
    pub losses: Vec<f32>,
    /// Every tensor after so many steps.
    #[serde(default)]
    pub after: BTreeMap<usize, BTreeMap<String, Vec<f32>>>,
}

impl Golden {
    /// All features.
    pub fn x(&self) -> ArrayView2<'_, f32> {
        self.view(&self.x)
    }

    /// All features and targets.
    pub fn xy(&self) -> Rows<'_> {
        let rows = Rows::new(self.x(), self.view(&self.y));
        // One for each row, or for each output or loss of it.
        if self.sample_weight.is_empty() { rows } else { rows.weighted_each(self.view(&self.sample_weight)) }
    }

    fn view<'a>(&self, values: &'a [f32]) -> ArrayView2<'a, f32> {
        let shape = (self.rows, values.len() / self.rows);
        ArrayView2::from_shape(shape, values).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// What is predicted, at each output.
    pub fn targets(&self) -> Vec<Target> {
        match &self.target {
            Value::Array(targets) => targets.iter().map(|target| self.target_of(target)).collect(),
            one => vec![self.target_of(one)],
        }
    }

    fn target_of(&self, target: &Value) -> Target {
        match target {
            Value::String(word) if word == "binary" => Target::Binary,
            other if other.get("sequence").is_some() => {
                let size = |name: &str| other["sequence"][name].as_u64().map(|size| size as usize);
                match (size("classes"), size("length")) {
                    (Some(classes), Some(length)) => Target::Sequence { classes, length },
                    _ => panic!("{}: what is target {other}?", self.name),
                }
            }
            other => match (other["values"].as_u64(), other["classes"].as_u64()) {
                (Some(values), None) => Target::Values(values as usize),
                (None, Some(classes)) => Target::Classes(classes as usize),
                _ => panic!("{}: what is target {other}?", self.name),
            },
        }
    }
}

/// The folder of all goldens.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/goldens/json")
}

/// The text of every file of a folder, in the order of their names.
pub fn texts(name: &str) -> Vec<String> {
    let folder = folder().join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder lists its files").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} has no goldens: run `cargo xtask goldens`", folder.display());
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a golden can be read")).collect()
}

/// Every case of a folder.
pub fn read_folder(name: &str) -> Vec<Golden> {
    let read = |text: &String| {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error} in {text:.80}"))
    };
    texts(name).iter().map(read).collect()
}
