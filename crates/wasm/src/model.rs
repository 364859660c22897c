//! A network for numbers of one's own, in Keras' words, for programs that take this module without the page:
//!
//! ```js
//! const model = new Model({ version: 1, layers: [{ type: "dense", units: 1 }] },
//!                         { loss: "mse", optimizer: { type: "sgd", learning_rate: 0.01 } }, 1, { values: 1 });
//! model.fit(new Float32Array([0, 1, 2]), new Float32Array([2, 5, 8]), 100);
//! model.predict(new Float32Array([3]));
//! ```

use ndarray::ArrayView2;
use tabgrad_core::{Io, ModelSpec, Rows, Target, TrainingSpec};
use tabgrad_json::Value;
use tabgrad_session::Pool;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::payload;

/// A compiled network with its weights. Computes on the pool's threads if one was started.
#[wasm_bindgen]
pub struct Model {
    model: tabgrad_core::Model,
    inputs: usize,
    targets: usize,
}

#[wasm_bindgen]
impl Model {
    /// Compiles a `ModelSpec` with a `TrainingSpec` for rows of `inputs` numbers; `target` is `{ values: n }`,
    /// `"binary"` or `{ classes: n }`. Throws with the path of the first mistake.
    #[wasm_bindgen(constructor)]
    pub fn new(model: JsValue, training: JsValue, inputs: usize, target: JsValue) -> Result<Self, JsError> {
        let model = ModelSpec::parse(&payload::from_object::<Value>(&model)?)?;
        let training = TrainingSpec::parse(&payload::from_object::<Value>(&training)?)?;
        let target: Target = serde_json::from_value(payload::from_object(&target)?)?;
        let io = Io { input: vec![inputs], target };
        let model = tabgrad_core::Model::compile(&model, &training, &io, Pool::global())?;
        Ok(Self { model, inputs, targets: target.width() })
    }

    /// Layers with shapes and weights, bytes, operations.
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        payload::object(&self.model.summary())
    }

    /// Trains for so many epochs more on rows `x` (rows x inputs) and targets `y` (rows x values, or one 0/1 or class
    /// index per row). Loss and metrics of every epoch; fewer epochs than asked for when training diverged.
    pub fn fit(&mut self, x: &[f32], y: &[f32], epochs: u32) -> Result<JsValue, JsValue> {
        let rows = Rows { x: matrix("x", x, self.inputs)?, y: matrix("y", y, self.targets)? };
        let mut history = Vec::new();
        while history.len() < epochs as usize {
            let trained = self.model.train(&rows, usize::MAX).map_err(JsError::from)?;
            match trained.epoch_end {
                Some(scores) => history.push(scores),
                None => break,
            }
        }
        payload::object(&history)
    }

    /// Loss and metrics of these rows, without training; `undefined` when they are not finite.
    pub fn evaluate(&mut self, x: &[f32], y: &[f32]) -> Result<JsValue, JsValue> {
        let rows = Rows { x: matrix("x", x, self.inputs)?, y: matrix("y", y, self.targets)? };
        match self.model.evaluate(&rows).map_err(JsError::from)? {
            Some(scores) => payload::object(&scores),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Probabilities or values, rows x outputs.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>, JsError> {
        Ok(self.model.predict(matrix("x", x, self.inputs)?)?.into_iter().collect())
    }
}

fn matrix<'a>(name: &str, values: &'a [f32], width: usize) -> Result<ArrayView2<'a, f32>, JsError> {
    ArrayView2::from_shape((values.len() / width.max(1), width), values).map_err(|_| {
        JsError::new(&format!("{name}: expected rows of {width} numbers, found {} numbers", values.len()))
    })
}
