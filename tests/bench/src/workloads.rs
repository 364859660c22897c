//! The training steps and predictions of `workloads.json`, natively; the part in Chromium reads the same file. Data are
//! noise, as many rows as `steps` batches have; what is timed are `epochs` epochs of them.

use ndarray::Array2;
use serde_json::{Value, json};
use std::error::Error;
use tabgrad_core::{Io, Model, ModelSpec, Rows, Target, TrainingSpec};
use tabgrad_kernels::par::Pool;
use tabgrad_kernels::rng::{Purpose, Stream};

/// One network with its training, or its prediction of so many rows.
#[derive(Debug)]
pub struct Workload(Value);

/// All of them, in the order of the file.
///
/// # Errors
/// If `workloads.json` is no list in JSON.
pub fn all() -> Result<Vec<Workload>, serde_json::Error> {
    let list: Vec<Value> = serde_json::from_str(include_str!("../workloads.json"))?;
    Ok(list.into_iter().map(Workload).collect())
}

impl Workload {
    /// `W3`, `layer lstm`
    pub fn name(&self) -> &str {
        self.0["name"].as_str().unwrap_or_default()
    }

    /// What it is, in words.
    pub fn what(&self) -> &str {
        self.0["what"].as_str().unwrap_or_default()
    }

    /// Rows of a batch.
    pub fn batch(&self) -> usize {
        count(&self.0["training"]["batch_size"]).unwrap_or(1)
    }

    /// How many rows are predicted at once, where nothing is trained.
    pub fn predicted(&self) -> Option<usize> {
        count(&self.0["predict"])
    }
}

/// A workload with its model and data.
pub struct Run {
    model: Model,
    x: Array2<f32>,
    y: Array2<f32>,
    /// Steps of an epoch, or predictions.
    steps: usize,
    epochs: usize,
    is_prediction: bool,
}

impl Run {
    /// Compiles the model for `pool`.
    ///
    /// # Errors
    /// If the workload's target, model or training is none, with the path of the first mistake.
    pub fn new(workload: &Workload, pool: Pool) -> Result<Self, Box<dyn Error>> {
        let it = &workload.0;
        let target: Target = serde_json::from_value(it["target"].clone())?;
        let input: Vec<usize> = serde_json::from_value(it["input"].clone())?;
        let width: usize = input.iter().product();
        let spec = ModelSpec::parse(&json!({"version": 1, "layers": it["layers"]}))?;
        let training = TrainingSpec::parse(&it["training"])?;
        let compile =
            if workload.predicted().is_some() { Model::compile_for_prediction } else { Model::compile };
        let model = compile(&spec, &training, &Io::single(input, target), pool)?;
        let steps = count(&it["steps"]).unwrap_or(1);
        let rows = workload.predicted().unwrap_or(steps * workload.batch());
        let tokens = count(&it["tokens"]);
        let noise = Stream::new(1, Purpose::Synthetic, 0);
        let x = Array2::from_shape_fn((rows, width), |(row, column)| {
            let value = noise.uniform((row * width + column) as u64);
            tokens.map_or(value - 0.5, |tokens| (value * tokens as f32).floor().min(tokens as f32 - 1.0))
        });
        let classes = match target {
            Target::Classes(classes) | Target::Sequence { classes, .. } => Some(classes),
            _ => None,
        };
        let y = Array2::from_shape_fn((rows, target.width()), |(row, column)| match classes {
            Some(classes) => ((row + 7 * column) % classes) as f32,
            None => noise.uniform((row + column) as u64),
        });
        let epochs = count(&it["epochs"]).unwrap_or(1);
        Ok(Self { model, x, y, steps, epochs, is_prediction: workload.predicted().is_some() })
    }

    /// Floating-point operations of one step; nothing where nothing is trained.
    pub fn flops(&self) -> Option<f64> {
        (!self.is_prediction).then(|| self.model.summary().flops as f64)
    }

    /// Milliseconds of one step or prediction.
    ///
    /// # Errors
    /// Those of [`Self::epoch`].
    pub fn measure(&mut self, clock: &dyn Fn() -> f64) -> Result<f64, Box<dyn Error>> {
        let begin = clock();
        for _ in 0..self.epochs {
            self.epoch()?;
        }
        Ok((clock() - begin) / (self.epochs * self.steps) as f64)
    }

    /// One epoch, or as many predictions: caches, branch predictors and the pool's threads wake up.
    ///
    /// # Errors
    /// If the rows do not fit the model.
    pub fn epoch(&mut self) -> Result<(), Box<dyn Error>> {
        if self.is_prediction {
            for _ in 0..self.steps {
                self.model.predict(self.x.view())?;
            }
            return Ok(());
        }
        let trained = self.model.train(&Rows::new(self.x.view(), self.y.view()), self.steps)?;
        if trained.steps == self.steps { Ok(()) } else { Err("training diverged".into()) }
    }
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().map(|count| count as usize)
}
