//! A network for numbers of one's own, in Keras' words, for programs that take this module without the page:
//!
//! ```js
//! const model = new Model({ version: 1, layers: [{ type: "dense", units: 1 }] },
//!                         { loss: "mse", optimizer: { type: "sgd", learning_rate: 0.01 } }, 1, { values: 1 });
//! model.fit(new Float32Array([0, 1, 2]), new Float32Array([2, 5, 8]), 100);
//! model.predict(new Float32Array([3]));
//! ```
//!
//! Fitting with validation and callbacks is in `fit.rs`. `www/src/model` makes of both what programs in a page use.

use ndarray::ArrayView2;
use tabgrad_core::{Io, ModelSpec, Rows, Target, TrainingSpec};
use tabgrad_json::{Map, ToJson, Value};
use tabgrad_session::Pool;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::fit::Fitting;
use crate::payload;

/// A compiled network with its weights. Computes on the pool's threads if one was started.
#[wasm_bindgen]
pub struct Model {
    pub(crate) model: tabgrad_core::Model,
    spec: ModelSpec,
    input: Vec<usize>,
    /// Columns of `y`, for each output.
    targets: Vec<usize>,
    pub(crate) callbacks: usize,
    pub(crate) fitting: Option<Fitting>,
    /// What `model_checkpoint`s handed out last, by their place in the list.
    pub(crate) checkpoints: Vec<(usize, tabgrad_core::State)>,
}

#[wasm_bindgen]
impl Model {
    /// Compiles a `ModelSpec` with a `TrainingSpec`; `input` is how many numbers a row has, or their shape
    /// (`[28, 28, 1]`), `target` is `{ values: n }`, `"binary"`, `{ classes: n }` or `{ sequence: { classes, length } }`, a
    /// list of them where there are several outputs: their columns of `y` stand side by side. Throws with the path of the
    /// first mistake.
    #[wasm_bindgen(constructor)]
    pub fn new(model: JsValue, training: JsValue, input: JsValue, target: JsValue) -> Result<Self, JsError> {
        let spec = ModelSpec::parse(&payload::from_object::<Value>(&model)?)?;
        let input = match input.as_f64() {
            Some(numbers) => vec![numbers as usize],
            None => payload::from_object(&input)?,
        };
        let training = payload::from_object::<Value>(&training)?;
        let (model, targets, callbacks) =
            compiled(tabgrad_core::Model::compile, &spec, &input, &training, target)?;
        Ok(Self { model, spec, input, targets, callbacks, fitting: None, checkpoints: Vec::new() })
    }

    /// The same for a model that predicts but does not train: without the memory that training takes. Its weights come
    /// from [`Self::restore_weights`].
    pub fn for_prediction(model: JsValue, input: JsValue, target: JsValue) -> Result<Self, JsError> {
        let spec = ModelSpec::parse(&payload::from_object::<Value>(&model)?)?;
        let input: Vec<usize> = payload::from_object(&input)?;
        // A plan has a loss, whichever: nothing is scored.
        let training = serde_json::json!({ "loss": "mean_squared_error", "optimizer": "sgd" });
        let (model, targets, callbacks) =
            compiled(tabgrad_core::Model::compile_for_prediction, &spec, &input, &training, target)?;
        Ok(Self { model, spec, input, targets, callbacks, fitting: None, checkpoints: Vec::new() })
    }

    /// Trains as another `TrainingSpec` says from here on, with the weights there are; with `keep_optimizer` also from
    /// where training stands and with what the optimizer keeps, where those fit.
    pub fn compile(
        &mut self,
        training: JsValue,
        target: JsValue,
        keep_optimizer: bool,
    ) -> Result<(), JsError> {
        let training = payload::from_object::<Value>(&training)?;
        let (mut model, targets, callbacks) =
            compiled(tabgrad_core::Model::compile, &self.spec, &self.input, &training, target)?;
        let state = self.model.state();
        if !keep_optimizer || model.restore(&state).is_err() {
            model.restore_weights(&state);
        }
        (self.model, self.targets, self.callbacks) = (model, targets, callbacks);
        self.fitting = None;
        self.checkpoints.clear();
        Ok(())
    }

    /// Layers with shapes and weights, bytes, operations.
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        payload::object(&self.model.summary())
    }

    /// Trains for so many epochs more on rows `x` (rows x inputs) and targets `y` (rows x values, or one 0/1 or class
    /// index per row). Loss and metrics of every epoch; fewer epochs than asked for when training diverged.
    pub fn fit(
        &mut self,
        x: &[f32],
        y: &[f32],
        epochs: u32,
        sample_weight: Option<Vec<f32>>,
    ) -> Result<JsValue, JsValue> {
        let rows = self.rows(x, y, sample_weight.as_deref())?;
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

    /// The outputs in order: `{ name, losses, targets }`, how many losses a row has there and how many columns of `y` are
    /// its own.
    pub fn outputs(&self) -> Result<JsValue, JsValue> {
        let outputs = self.model.outputs().into_iter().zip(self.model.losses()).zip(&self.targets);
        let told = outputs.map(|((name, losses), targets)| {
            let mut told = Map::new();
            told.insert("name".into(), name.to_json());
            told.insert("losses".into(), losses.to_json());
            told.insert("targets".into(), targets.to_json());
            Value::Object(told)
        });
        payload::object(&Value::Array(told.collect()))
    }

    /// The names of the scores in Keras' order, `loss` in front.
    pub fn metrics_names(&self) -> Vec<String> {
        self.model.metrics_names().into_iter().map(str::to_owned).collect()
    }

    /// Loss and metrics of these rows, `batch_size` at a time, without training; `undefined` when they are not finite.
    pub fn evaluate(
        &mut self,
        x: &[f32],
        y: &[f32],
        sample_weight: Option<Vec<f32>>,
        batch_size: Option<usize>,
    ) -> Result<JsValue, JsValue> {
        let rows = self.rows(x, y, sample_weight.as_deref())?;
        match self.model.evaluate_in_batches(&rows, batch_size).map_err(JsError::from)? {
            Some(scores) => payload::object(&scores),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Up to so many steps, and no further than the end of the epoch: steps and rows done, the mean loss of this epoch
    /// so far, the scores where it ended, and whether it went wrong.
    pub fn train(
        &mut self,
        x: &[f32],
        y: &[f32],
        steps: usize,
        sample_weight: Option<Vec<f32>>,
    ) -> Result<JsValue, JsValue> {
        let rows = self.rows(x, y, sample_weight.as_deref())?;
        let trained = self.model.train(&rows, steps).map_err(JsError::from)?;
        let mut told = Map::new();
        told.insert("steps".into(), trained.steps.to_json());
        told.insert("rows".into(), trained.rows.to_json());
        told.insert("loss".into(), trained.loss.to_json());
        told.insert("epoch_end".into(), trained.epoch_end.to_json());
        told.insert("diverged".into(), trained.diverged.is_some().to_json());
        payload::object(&Value::Object(told))
    }

    /// A copy of everything that training has changed.
    pub fn state(&self) -> State {
        State(self.model.state())
    }

    /// Puts a state of the same layers and the same optimizer back.
    pub fn restore(&mut self, state: &State) -> Result<(), JsError> {
        Ok(self.model.restore(&state.0)?)
    }

    /// Puts the weights of a state back, as far as their names and shapes are also this model's; how many tensors were.
    pub fn restore_weights(&mut self, state: &State) -> usize {
        self.model.restore_weights(&state.0)
    }

    /// From now on `gradient` has an answer, at the cost of as much memory as the weights take.
    pub fn keep_gradients(&mut self) {
        self.model.keep_gradients();
    }

    /// The gradient of the weights called `name` in the last step, penalties included.
    pub fn gradient(&self, name: &str) -> Result<Vec<f32>, JsError> {
        let gradient = self.model.gradient(name).ok_or_else(|| unknown(name))?;
        Ok(gradient.iter().copied().collect())
    }

    /// Probabilities or values, rows x outputs.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>, JsError> {
        let [inputs, _] = self.widths();
        Ok(self.model.predict(matrix("x", x, inputs)?)?.into_iter().collect())
    }
}

/// How the core makes a model.
type Compile = fn(&ModelSpec, &TrainingSpec, &Io, Pool) -> Result<tabgrad_core::Model, tabgrad_core::Error>;

/// A model with the columns of its targets, for each output, and how many callbacks it has.
fn compiled(
    compile: Compile,
    spec: &ModelSpec,
    input: &[usize],
    training: &Value,
    target: JsValue,
) -> Result<(tabgrad_core::Model, Vec<usize>, usize), JsError> {
    let training = TrainingSpec::parse(training)?;
    let targets: Vec<Target> = match payload::from_object(&target)? {
        Value::Array(targets) => targets.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?,
        target => vec![serde_json::from_value(target)?],
    };
    let widths = targets.iter().map(|target| target.width()).collect();
    let io = Io { input: input.to_vec(), targets };
    let model = compile(spec, &training, &io, Pool::global())?;
    Ok((model, widths, training.callbacks.len()))
}

impl Model {
    /// Numbers of a row of `x` and of `y`.
    pub(crate) fn widths(&self) -> [usize; 2] {
        [self.input.iter().product(), self.targets.iter().sum()]
    }

    fn rows<'a>(&self, x: &'a [f32], y: &'a [f32], weights: Option<&'a [f32]>) -> Result<Rows<'a>, JsError> {
        let [inputs, targets] = self.widths();
        let (x, y) = (matrix("x", x, inputs)?, matrix("y", y, targets)?);
        let weights = weights.map(|weights| {
            let columns = weight_columns(weights, x.nrows())?;
            matrix("sample_weight", weights, columns)
        });
        Ok(Rows { x, y, weights: weights.transpose()? })
    }
}

/// What training has changed, by name: weights (`dense/kernel`), moving statistics, what the optimizer keeps
/// (`optimizer/dense/kernel/momentum`), and how far it has come.
#[wasm_bindgen]
pub struct State(tabgrad_core::State);

#[wasm_bindgen]
impl State {
    /// The names of its tensors.
    pub fn names(&self) -> Vec<String> {
        self.0.tensors.iter().map(|tensor| tensor.name.clone()).collect()
    }

    /// The values of a tensor, row by row.
    pub fn get(&self, name: &str) -> Result<Vec<f32>, JsError> {
        let tensor = self.0.tensors.iter().find(|tensor| tensor.name == name);
        Ok(tensor.ok_or_else(|| unknown(name))?.values.clone())
    }

    /// Other values for a tensor, as many as it has.
    pub fn set(&mut self, name: &str, values: Vec<f32>) -> Result<(), JsError> {
        let tensor = self.0.tensors.iter_mut().find(|tensor| tensor.name == name);
        let tensor = tensor.ok_or_else(|| unknown(name))?;
        if tensor.values.len() != values.len() {
            let (expected, found) = (tensor.values.len(), values.len());
            return Err(JsError::new(&format!("{name}: expected {expected} values, found {found}")));
        }
        tensor.values = values;
        Ok(())
    }
}

fn unknown(name: &str) -> JsError {
    JsError::new(&format!("there is no tensor {name:?} in this model"))
}

/// How many weights each of so many rows has.
pub(crate) fn weight_columns(weights: &[f32], rows: usize) -> Result<usize, JsError> {
    if rows == 0 || weights.is_empty() || !weights.len().is_multiple_of(rows) {
        let expected = format!("sample_weight: expected numbers for {rows} rows, found {}", weights.len());
        return Err(JsError::new(&expected));
    }
    Ok(weights.len() / rows)
}

/// Rows of `width` numbers: nothing may be left over.
pub(crate) fn matrix<'a>(
    name: &str,
    values: &'a [f32],
    width: usize,
) -> Result<ArrayView2<'a, f32>, JsError> {
    let wrong =
        || JsError::new(&format!("{name}: expected rows of {width} numbers, found {} numbers", values.len()));
    if width == 0 || !values.len().is_multiple_of(width) {
        return Err(wrong());
    }
    ArrayView2::from_shape((values.len() / width, width), values).map_err(|_| wrong())
}
