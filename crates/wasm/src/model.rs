//! A network for numbers of one's own, in Keras' words, for programs that take this module without the page:
//!
//! ```js
//! const model = new Model({ version: 1, layers: [{ type: "dense", units: 1 }] },
//!                         { loss: "mse", optimizer: { type: "sgd", learning_rate: 0.01 } }, 1, { values: 1 });
//! model.fit(new Float32Array([0, 1, 2]), new Float32Array([2, 5, 8]), 100);
//! model.predict(new Float32Array([3]));
//! ```
//!
//! Fitting with validation and callbacks is in `fit.rs`, models as files in `file.rs`. `www/src/model` makes of it what programs
//! in a page use.

use ndarray::ArrayView2;
use tabgrad_core::{Io, ModelSpec, RangeTest, Rows, Target, Trained, TrainingSpec, suggested_rate};
use tabgrad_json::{Map, ToJson, Value, parse_decimal};
use tabgrad_session::Pool;
use tabgrad_session::program::Checkpoint;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::fit::Fitting;
use crate::payload;
use crate::state::{State, unknown};

/// A compiled network with its weights. Computes on the pool's threads if one was started.
#[wasm_bindgen]
pub struct Model {
    pub(crate) model: tabgrad_core::Model,
    pub(crate) spec: ModelSpec,
    /// `None`: it predicts, and has no memory for training.
    pub(crate) training: Option<TrainingSpec>,
    pub(crate) io: Io,
    pub(crate) fitting: Option<Fitting>,
    /// What `model_checkpoint`s handed out last.
    pub(crate) checkpoints: Vec<Checkpoint>,
    /// What the page keeps in its files besides, where one of them was loaded.
    pub(crate) page: Option<Map<String, Value>>,
}

#[wasm_bindgen]
impl Model {
    /// Compiles a `ModelSpec` with a `TrainingSpec`; `input` is how many numbers a row has, or their shape
    /// (`[28, 28, 1]`), `target` is `{ values: n }`, `"binary"`, `{ classes: n }` or `{ sequence: { classes, length } }`, a
    /// list of them where there are several outputs: their columns of `y` stand side by side; without it, what losses and
    /// outputs say ([`Io::expected`]). Throws with the path of the first mistake.
    ///
    /// # Errors
    /// Throws with the path of the first mistake in the model or the training, and where an argument is not of its
    /// form.
    #[wasm_bindgen(constructor)]
    pub fn new(model: JsValue, training: JsValue, input: JsValue, target: JsValue) -> Result<Self, JsError> {
        let spec = ModelSpec::parse(&payload::from_object::<Value>(&model)?)?;
        let training = TrainingSpec::parse(&payload::from_object::<Value>(&training)?)?;
        let io = io(&spec, Some(&training), sizes(&input)?, &target)?;
        let model = tabgrad_core::Model::compile(&spec, &training, &io, Pool::global())?;
        Ok(Self::made(model, spec, Some(training), io))
    }

    /// The same for a model that predicts but does not train: without the memory that training takes. Its weights come
    /// from [`Self::restore_weights`].
    ///
    /// # Errors
    /// Throws with the path of the first mistake in the model, and where an argument is not of its form.
    pub fn for_prediction(model: JsValue, input: JsValue) -> Result<Self, JsError> {
        let spec = ModelSpec::parse(&payload::from_object::<Value>(&model)?)?;
        let io = Io::expected(&spec, None, sizes(&input)?)?;
        let model = compiled_for_prediction(&spec, &io)?;
        Ok(Self::made(model, spec, None, io))
    }

    /// Trains as another `TrainingSpec` says from here on, with the weights there are; with `keep_optimizer` also from
    /// where training stands and with what the optimizer keeps, where those fit. Where it is the same one, then nothing
    /// happens.
    ///
    /// # Errors
    /// Throws with the path of the first mistake in the training, and where an argument is not of its form; the model
    /// is as it was then.
    pub fn compile(
        &mut self,
        training: JsValue,
        target: JsValue,
        keep_optimizer: bool,
    ) -> Result<(), JsError> {
        let training = TrainingSpec::parse(&payload::from_object::<Value>(&training)?)?;
        let io = io(&self.spec, Some(&training), self.io.input.clone(), &target)?;
        if keep_optimizer && self.training.as_ref() == Some(&training) && self.io == io {
            return Ok(());
        }
        let mut model = tabgrad_core::Model::compile(&self.spec, &training, &io, Pool::global())?;
        let state = self.model.state();
        if !keep_optimizer || model.restore(&state).is_err() {
            model.restore_weights(&state);
        }
        if !keep_optimizer || self.training.as_ref().is_none_or(|it| it.callbacks != training.callbacks) {
            self.checkpoints.clear();
        }
        (self.model, self.training, self.io) = (model, Some(training), io);
        self.fitting = None;
        Ok(())
    }

    /// Whether it has memory for training.
    pub fn trains(&self) -> bool {
        self.training.is_some()
    }

    /// What is predicted, for each output: as `target` of the constructor has it.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn targets(&self) -> Result<JsValue, JsValue> {
        let targets = serde_json::to_value(&self.io.targets).map_err(JsError::from)?;
        payload::object(&targets)
    }

    /// Layers with shapes and weights, bytes, operations.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        payload::object(&self.model.summary())
    }

    /// Trains for so many epochs more on rows `x` (rows x inputs) and targets `y` (rows x values, or one 0/1 or class
    /// index per row). Loss and metrics of every epoch; fewer epochs than asked for when training diverged.
    ///
    /// # Errors
    /// Throws where `x`, `y` or `sample_weight` are no whole rows of this model, or have values that no target can
    /// have.
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
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn outputs(&self) -> Result<JsValue, JsValue> {
        let outputs = self.model.outputs().into_iter().zip(self.model.losses()).zip(&self.io.targets);
        let told = outputs.map(|((name, losses), target)| {
            let mut told = Map::new();
            told.insert("name".into(), name.to_json());
            told.insert("losses".into(), losses.to_json());
            told.insert("targets".into(), target.width().to_json());
            Value::Object(told)
        });
        payload::object(&Value::Array(told.collect()))
    }

    /// The names of the scores in Keras' order, `loss` in front.
    pub fn metrics_names(&self) -> Vec<String> {
        self.model.metrics_names().into_iter().map(str::to_owned).collect()
    }

    /// Loss and metrics of these rows, `batch_size` at a time, without training; `undefined` when they are not finite.
    ///
    /// # Errors
    /// Those of [`Self::fit`]; a `batch_size` that there is no memory for, where a loss looks at whole batches.
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
    ///
    /// # Errors
    /// Those of [`Self::fit`].
    pub fn train(
        &mut self,
        x: &[f32],
        y: &[f32],
        steps: usize,
        sample_weight: Option<Vec<f32>>,
    ) -> Result<JsValue, JsValue> {
        let rows = self.rows(x, y, sample_weight.as_deref())?;
        let trained = self.model.train(&rows, steps).map_err(JsError::from)?;
        payload::object(&told(&trained))
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        shortest(self.model.learning_rate())
    }

    /// Sets the learning rate of all steps to come, in place of the training's number or schedule.
    pub fn set_learning_rate(&mut self, rate: f32) {
        self.model.set_learning_rate(rate);
    }

    /// The learning-rate range test: `steps` steps with rates from `smallest` to `largest`, each a multiple of the one
    /// before, until the loss is lost; then all is as before. `{ learning_rates, losses, suggested }`.
    ///
    /// # Errors
    /// Those of [`Self::fit`]; fewer than two steps, or rates that do not grow from above 0.
    pub fn range_test(
        &mut self,
        x: &[f32],
        y: &[f32],
        sample_weight: Option<Vec<f32>>,
        smallest: f32,
        largest: f32,
        steps: usize,
    ) -> Result<JsValue, JsValue> {
        let rows = self.rows(x, y, sample_weight.as_deref())?;
        let test = RangeTest { smallest, largest, steps };
        let points = self.model.learning_rate_range(&rows, &test).map_err(JsError::from)?;
        let mut told = Map::new();
        let all = |values: Vec<f32>| values.iter().map(|value| value.to_json()).collect::<Value>();
        let rates = points.iter().map(|point| point.learning_rate).collect();
        told.insert("learning_rates".into(), all(rates));
        told.insert("losses".into(), all(points.iter().map(|point| point.loss).collect()));
        told.insert("suggested".into(), suggested_rate(&points).to_json());
        payload::object(&Value::Object(told))
    }

    /// A copy of everything that training has changed.
    pub fn state(&self) -> State {
        State(self.model.state())
    }

    /// Puts a state of the same layers and the same optimizer back.
    ///
    /// # Errors
    /// Throws with the first tensor that does not fit; nothing is changed then.
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
    ///
    /// # Errors
    /// Throws where no weights have this name, or gradients are not kept.
    pub fn gradient(&self, name: &str) -> Result<Vec<f32>, JsError> {
        let gradient = self.model.gradient(name).ok_or_else(|| unknown(name))?;
        Ok(gradient.iter().copied().collect())
    }

    /// What the layer called `name` makes of rows `x`, as in prediction.
    ///
    /// # Errors
    /// Throws where no layer has this name, or `x` is no whole rows of this model.
    pub fn layer_output(&mut self, name: &str, x: &[f32]) -> Result<Vec<f32>, JsError> {
        let [inputs, _] = self.widths();
        Ok(self.model.layer_output(name, matrix("x", x, inputs)?)?.into_iter().collect())
    }

    /// Probabilities or values, rows x outputs.
    ///
    /// # Errors
    /// Throws where `x` is no whole rows of this model.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>, JsError> {
        let [inputs, _] = self.widths();
        Ok(self.model.predict(matrix("x", x, inputs)?)?.into_iter().collect())
    }
}

/// The sizes of a row: a number, or a list of them.
fn sizes(input: &JsValue) -> Result<Vec<usize>, JsError> {
    match input.as_f64() {
        Some(numbers) => Ok(vec![numbers as usize]),
        None => Ok(payload::from_object(input)?),
    }
}

/// What goes in and comes out; without a target, as losses and outputs say.
fn io(
    spec: &ModelSpec,
    training: Option<&TrainingSpec>,
    input: Vec<usize>,
    target: &JsValue,
) -> Result<Io, JsError> {
    if target.is_null() || target.is_undefined() {
        return Ok(Io::expected(spec, training, input)?);
    }
    let targets: Vec<Target> = match payload::from_object(target)? {
        Value::Array(targets) => targets.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?,
        target => vec![serde_json::from_value(target)?],
    };
    Ok(Io { input, targets })
}

/// A plan has a loss, whichever: nothing is scored.
pub(crate) fn compiled_for_prediction(
    spec: &ModelSpec,
    io: &Io,
) -> Result<tabgrad_core::Model, tabgrad_core::Error> {
    let training =
        TrainingSpec::parse(&serde_json::json!({ "loss": "mean_squared_error", "optimizer": "sgd" }))?;
    tabgrad_core::Model::compile_for_prediction(spec, &training, io, Pool::global())
}

/// What some steps did.
fn told(trained: &Trained) -> Value {
    let mut told = Map::new();
    told.insert("steps".into(), trained.steps.to_json());
    told.insert("rows".into(), trained.rows.to_json());
    told.insert("loss".into(), trained.loss.to_json());
    told.insert("epoch_end".into(), trained.epoch_end.to_json());
    told.insert("diverged".into(), trained.diverged.is_some().to_json());
    Value::Object(told)
}

/// The shortest number that is this one as f32, which is the one that was typed: 0.3, not 0.30000001192092896.
pub(crate) fn shortest(number: f32) -> f64 {
    parse_decimal(&number.to_string()).unwrap_or(f64::from(number))
}

impl Model {
    pub(crate) fn made(
        model: tabgrad_core::Model,
        spec: ModelSpec,
        training: Option<TrainingSpec>,
        io: Io,
    ) -> Self {
        Self { model, spec, training, io, fitting: None, checkpoints: Vec::new(), page: None }
    }

    /// Numbers of a row of `x` and of `y`.
    pub(crate) fn widths(&self) -> [usize; 2] {
        [self.io.input.iter().product(), self.io.targets.iter().map(|target| target.width()).sum()]
    }

    fn rows<'a>(&self, x: &'a [f32], y: &'a [f32], weights: Option<&'a [f32]>) -> Result<Rows<'a>, JsError> {
        let [inputs, targets] = self.widths();
        let x = matrix("x", x, inputs)?;
        let y = targets_of(x.nrows(), y, targets)?;
        let weights = weights.map(|weights| {
            let columns = weight_columns(weights, x.nrows())?;
            matrix("sample_weight", weights, columns)
        });
        let rows = Rows::new(x, y);
        Ok(match weights.transpose()? {
            Some(weights) => rows.weighted_each(weights),
            None => rows,
        })
    }
}

/// The targets of so many rows, of which each has `width` numbers.
pub(crate) fn targets_of(rows: usize, y: &[f32], width: usize) -> Result<ArrayView2<'_, f32>, JsError> {
    if y.len() == rows * width {
        return matrix("y", y, width);
    }
    let (numbers, found) = (if width == 1 { "1 number" } else { &format!("{width} numbers") }, y.len());
    let hint = if found == rows && width > 1 {
        ": one number for each row, such as its class, is for other losses (sparse_categorical_crossentropy)"
    } else {
        ""
    };
    Err(JsError::new(&format!(
        "y: x has {rows} rows, so y must have as many of {numbers}, found {found} numbers{hint}"
    )))
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
