//! A network with its data: the encoded rows of the three parts, the compiled model, and how it went so far.
//!
//! ```text
//! table --split--> rows --Encoding--> (x, y) of train, validation, test
//! spec + training + io ------compile------> Model
//! ```

use std::collections::BTreeMap;

use ndarray::{Array1, Array2};
use tabgrad_core::{EpochLogs, Io, Model, ModelSpec, Rows, Summary, Target, Trained, TrainingSpec};
use tabgrad_data::report::{ColumnType, Issue, PredictedRow, Role, Severity, TableChange, TableReport, Task};
use tabgrad_data::{BuiltinOptions, Encoding, SplitSpec, Table, TargetCode, split};
use tabgrad_json::{Value, parse_decimal, record};
use tabgrad_kernels::par::Pool;

use crate::history::History;
use crate::inputs;
use crate::kept::Checkpoint;
use crate::protocol::{
    Advice, Command, Configured, EngineError, LayerSummary, Part, Scores, TargetSummary, TensorInfo,
};
use crate::score::{self, Units};

record! {
    /// A table that comes with the program: enough to make it again.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Builtin {
        pub name: String,
        pub options: BuiltinOptions,
        /// What the user changed about it, in order.
        pub changes: Vec<TableChange>,
    }
}

/// Encoded rows of one part.
pub struct PartRows {
    /// (rows, features)
    pub x: Array2<f32>,
    /// (rows, targets): a value, 0/1, or the index of a class each; or the row itself.
    pub y: Array2<f32>,
    /// What each row counts in the loss; `None`: all alike.
    pub weights: Option<Array1<f32>>,
    /// Which rows of the table they are.
    pub index: Vec<u32>,
}

impl PartRows {
    pub fn len(&self) -> usize {
        self.index.len()
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    pub fn rows(&self) -> Rows<'_> {
        let rows = Rows::new(self.x.view(), self.y.view());
        match &self.weights {
            Some(weights) => rows.weighted(weights.view()),
            None => rows,
        }
    }
}

/// The rows of a table, split and encoded.
pub struct Parts {
    pub train: PartRows,
    pub validation: PartRows,
    pub test: PartRows,
}

impl Parts {
    pub fn get(&self, part: Part) -> &PartRows {
        match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
            Part::Test => &self.test,
        }
    }
}

record! {
    /// What the user chose for a network, as it came and as it is saved.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Choices {
        /// A `ModelSpec`.
        pub model: Value,
        /// A `TrainingSpec`, kept up to date with `set`.
        pub training: Value,
        /// Shares of the rows.
        pub split: SplitSpec,
    }
}

/// A network and its data.
pub struct Project {
    pub choices: Choices,
    pub model: Model,
    /// The model's shapes, weights and operations.
    pub shape: Summary,
    /// Rows per step.
    pub batch_size: usize,
    pub encoding: Encoding,
    /// The table it was made for; its rows may be elsewhere.
    pub report: TableReport,
    pub builtin: Option<Builtin>,
    pub history: History,
    /// What `model_checkpoint`s handed out last.
    pub checkpoints: Vec<Checkpoint>,
    /// `None`: loaded from a file without the rows.
    pub parts: Option<Parts>,
}

impl Project {
    /// Splits and encodes the table and compiles the network, which may take as many bytes as `room` leaves beside those
    /// of the encoded rows. With `encoding`, columns become numbers as that says, else it is fitted on the train rows.
    ///
    /// # Errors
    /// A split with shares out of their range, more inputs than there is memory for, and those of [`Self::compile`] and
    /// [`Self::encode_parts`].
    pub fn configure(
        table: &Table,
        builtin: Option<Builtin>,
        choices: Choices,
        encoding: Option<Encoding>,
        pool: &Pool,
        room: impl Fn(u64) -> u64,
    ) -> Result<Self, EngineError> {
        let chosen = inputs::chosen(&choices.model)?;
        let encoding = match encoding.filter(|encoding| inputs::are_in(encoding, chosen.as_ref())) {
            Some(encoding) => encoding,
            None => {
                let fitted = Encoding::fit(table, &split(table, &choices.split)?.train)?;
                match chosen.as_ref().filter(|_| fitted.form.is_none()) {
                    Some(chosen) => inputs::arranged(fitted, chosen)?,
                    None => fitted,
                }
            }
        };
        // Inputs, targets, weight, and the number of the row.
        let targets: usize = encoding.targets().into_iter().map(TargetCode::columns).sum();
        let values = encoding.inputs() + targets + 2;
        let rows_bytes = 4 * table.rows() as u64 * values as u64;
        let mut project = Self::compile(choices, encoding, table.report(), pool, room(rows_bytes))?;
        project.builtin = builtin;
        project.parts = Some(project.encode_parts(table)?);
        Ok(project)
    }

    /// Compiles the network, without any rows, into at most `bytes_max` of memory.
    ///
    /// # Errors
    /// The first mistake in the model or the training, with its path (`layers[2].units`), or that it takes more memory than that.
    pub fn compile(
        choices: Choices,
        encoding: Encoding,
        report: TableReport,
        pool: &Pool,
        bytes_max: u64,
    ) -> Result<Self, EngineError> {
        let mut choices = choices;
        if encoding.target.is_row() {
            fit_output(&mut choices.model, &encoding);
        }
        let chosen = inputs::chosen(&choices.model)?;
        if let Some(chosen) = &chosen {
            inputs::put_shapes(&mut choices.model, &encoding, chosen);
        }
        let spec = ModelSpec::parse(&choices.model)?;
        let training = TrainingSpec::parse(&choices.training)?;
        let model = Model::compile_within(&spec, &training, &io(&encoding), pool.clone(), bytes_max)
            .map_err(|error| mistake(error, &choices))?;
        // Written back by the core: every argument there, every name the canonical one.
        let mut told = spec.to_value();
        if let Some(chosen) = &chosen {
            inputs::put_columns(&mut told, chosen);
        }
        Ok(Self {
            choices: Choices { model: told, training: training.to_value(), ..choices },
            shape: model.summary(),
            model,
            batch_size: training.batch_size,
            encoding,
            report,
            builtin: None,
            history: History::default(),
            checkpoints: Vec::new(),
            parts: None,
        })
    }

    /// Takes over the weights of another network as far as they fit; where everything does, also how far it was trained
    /// and what the optimizer kept; then true: the same training goes on.
    pub fn carry_over(&mut self, before: &Self) -> bool {
        let state = before.model.state();
        let is_whole = self.model.restore(&state).is_ok();
        if is_whole {
            self.history = before.history.clone();
            if self.choices.training["callbacks"] == before.choices.training["callbacks"] {
                self.checkpoints = before.checkpoints.clone();
            }
            self.apply_learning_rate();
        } else {
            self.model.restore_weights(&state);
        }
        is_whole
    }

    fn apply_learning_rate(&mut self) {
        match self.choices.training["optimizer"]["learning_rate"].as_f64() {
            Some(rate) => self.model.set_learning_rate(rate as f32),
            // A number that was set before there was a schedule does not hold against it.
            None => self.model.follow_schedule(),
        }
    }

    /// The rows of the table, split and encoded as this network wants them.
    ///
    /// # Errors
    /// A split with shares out of their range; a table that lacks a column the encoding needs, or has a target value that
    /// the encoding does not know.
    pub fn encode_parts(&self, table: &Table) -> Result<Parts, EngineError> {
        let rows = split(table, &self.choices.split)?;
        let encode = |index: Vec<u32>| -> Result<PartRows, EngineError> {
            let (x, y) = self.encoding.encode(table, &index)?;
            let weights = self.encoding.encode_weights(table, &index)?;
            Ok(PartRows { x, y, weights, index })
        };
        Ok(Parts {
            train: encode(rows.train)?,
            validation: encode(rows.validation)?,
            test: encode(rows.test)?,
        })
    }

    /// At most `steps` steps, and no further than the end of the epoch.
    ///
    /// # Errors
    /// No rows: the project was loaded from a file without them.
    pub fn train(&mut self, steps: usize) -> Result<Trained, EngineError> {
        let parts = self.parts.as_ref().ok_or_else(|| crate::failure::no_rows(&self.report.name))?;
        let steps = self.model.steps_at_once(steps);
        Ok(self.model.train(&parts.train.rows(), steps)?)
    }

    /// Lets the callbacks of the training act between steps.
    pub fn end_steps(&mut self, trained: &mut Trained, elapsed_s: Option<f64>) {
        if self.model.has_callbacks() {
            let kept = self.model.end_steps(trained, elapsed_s);
            self.keep(kept);
        }
    }

    /// Turns scores into the user's units.
    pub fn units(&self) -> Units {
        Units::of(self)
    }

    /// Lets the callbacks of the training look at an epoch that ended; true when one of them ends training. Scores are
    /// those of the network, not in the user's units.
    pub fn call_back(&mut self, train: &tabgrad_core::Scores, elapsed_s: f64) -> bool {
        if !self.model.has_callbacks() {
            return false;
        }
        let rows = self.parts.as_ref().map(|parts| &parts.validation).filter(|rows| !rows.is_empty());
        let validation = rows.and_then(|rows| self.model.evaluate(&rows.rows()).ok().flatten());
        let logs = EpochLogs { train, validation: validation.as_ref(), elapsed_s };
        let end = self.model.end_epoch(&logs);
        self.keep(end.checkpoints);
        end.stopped_by.is_some()
    }

    /// Scores of the validation rows with the weights there are, if there are such rows and the scores are finite.
    pub fn validation_scores(&mut self) -> Option<Scores> {
        let validation = &self.parts.as_ref()?.validation;
        if validation.is_empty() {
            return None;
        }
        let scores = self.model.evaluate(&validation.rows()).ok()??;
        self.units().scores(&scores)
    }

    /// Epochs after which training stops by itself.
    pub fn epochs(&self) -> Option<u32> {
        self.choices.training["epochs"].as_u64().and_then(|epochs| u32::try_from(epochs).ok())
    }

    /// Batches of one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        let rows = self.parts.as_ref().map_or(0, |parts| parts.train.len());
        self.model.steps_per_epoch(rows) as u64
    }

    /// Floating-point operations of a step: of a batch that is full if there are so many rows.
    pub fn step_flops(&self) -> u64 {
        let rows = self.parts.as_ref().map_or(self.batch_size, |parts| parts.train.len());
        (self.shape.flops as f64 * (rows as f64 / self.batch_size.max(1) as f64).min(1.0)) as u64
    }

    /// From the next step on; a reset keeps it.
    pub fn set_learning_rate(&mut self, rate: f32) {
        self.model.set_learning_rate(rate);
        // The shortest number that is this f32, which is the one the user typed: 0.3, not 0.30000001192092896.
        let typed = parse_decimal(&rate.to_string()).unwrap_or(f64::from(rate));
        self.choices.training["optimizer"]["learning_rate"] = Value::from(typed);
    }

    /// Back to the very same start.
    pub fn reset(&mut self) {
        self.model.reset();
        self.apply_learning_rate();
        self.history = History::default();
        self.checkpoints.clear();
    }

    /// What the network says about rows of raw values, one cell per feature column of the table.
    ///
    /// # Errors
    /// None that rows can cause: cells that cannot be read are issues of their row. The core's, if the network took
    /// other values than the encoding makes.
    pub fn predict_raw(&mut self, rows: &[Vec<Option<String>>]) -> Result<Vec<PredictedRow>, EngineError> {
        let predict = |row: &Vec<Option<String>>| {
            let (x, issues) = self.encode_raw(row);
            let mut said = self.decode(&x)?;
            said.issues.splice(0..0, issues);
            Ok(said)
        };
        rows.iter().map(predict).collect()
    }

    /// A row of raw values, one cell per feature column of the table, as the network takes it; with what is to be told.
    pub fn encode_raw(&self, row: &[Option<String>]) -> (Array2<f32>, Vec<String>) {
        let columns = self.report.columns.iter().enumerate();
        let features = columns.filter(|(_, column)| column.role == Role::Feature).map(|(index, _)| index);
        let mut cells = vec![None; self.report.columns.len()];
        for (column, cell) in features.zip(row) {
            cells[column] = cell.as_deref();
        }
        let (x, issues) = self.encoding.encode_raw(&cells);
        let width = x.len();
        (Array2::from_shape_vec((1, width), x).expect("one row of as many values as there are"), issues)
    }

    /// The network's answer for one encoded row, in the user's words.
    ///
    /// # Errors
    /// A row of another width than the network's.
    pub fn decode(&mut self, x: &Array2<f32>) -> Result<PredictedRow, EngineError> {
        let mut said = Vec::with_capacity(self.encoding.output_size());
        for (output, target) in self.model.predict_each(x.view())?.into_iter().zip(self.encoding.targets()) {
            // A softmax of two says twice what the encoding wants once: the probability of the second class.
            let is_twice = target.task() == Task::Binary && output.len() == 2;
            said.extend(output.into_iter().skip(usize::from(is_twice)));
        }
        let mut row = self.encoding.decode(&said);
        if self.encoding.target.is_row() {
            row.error = self.encoding.row_error(x.as_slice().unwrap_or_default(), &said);
        }
        Ok(row)
    }

    /// Whether a table has the columns, types and targets that this network was made for.
    pub fn fits(&self, report: &TableReport) -> bool {
        let plain = |report: &TableReport| -> Vec<(String, ColumnType, Role)> {
            report.columns.iter().map(|column| (column.name.clone(), column.r#type, column.role)).collect()
        };
        plain(&self.report) == plain(report)
            && (self.report.task, self.report.ahead) == (report.task, report.ahead)
            && self.report.classes == report.classes
            && self.report.targets == report.targets
    }

    /// The rows of a part, or the sentence why there are none.
    ///
    /// # Errors
    /// No rows: the project was loaded from a file without them.
    pub fn part(&self, part: Part) -> Result<&PartRows, EngineError> {
        let parts = self.parts.as_ref().ok_or_else(|| crate::failure::no_rows(&self.report.name))?;
        Ok(parts.get(part))
    }

    /// What the page is told.
    pub fn summary(&self) -> Configured {
        let rows = Part::ALL.map(|part| (part, self.parts.as_ref().map_or(0, |parts| parts.get(part).len())));
        Configured {
            features: self.encoding.features(),
            outputs: self.encoding.target.outputs(),
            task: self.report.task,
            layers: self
                .shape
                .layers
                .iter()
                .map(|layer| LayerSummary {
                    r#type: layer.r#type.to_owned(),
                    name: layer.name.clone(),
                    output_shape: layer.output_shape.clone(),
                    parameters: layer.parameters,
                    activation: layer.activation.map(str::to_owned),
                    inputs: Some(layer.inputs.clone()),
                    further_outputs: Some(layer.further_outputs.clone()).filter(|it| !it.is_empty()),
                })
                .collect(),
            tensors: self
                .shape
                .tensors
                .iter()
                .map(|tensor| TensorInfo {
                    name: tensor.name.clone(),
                    layer: tensor.layer,
                    shape: tensor.shape.clone(),
                    start: tensor.start,
                    len: tensor.len,
                })
                .collect(),
            parameters: self.shape.parameters,
            bytes: self.shape.bytes,
            prediction_bytes: self.shape.prediction_bytes,
            flops: self.shape.flops as f64,
            rows: BTreeMap::from(rows),
            class_rows: score::class_rows(self, 0),
            baseline: score::baseline(self, 0),
            targets: self.encoding.further.is_some().then(|| self.targets()),
            batch_size: self.batch_size,
            warnings: self.warnings(),
        }
    }
}

impl Project {
    /// Every target with the output that predicts it.
    #[inline(never)]
    fn targets(&self) -> Vec<TargetSummary> {
        let summary = |(place, (name, target)): (usize, (&str, &TargetCode))| TargetSummary {
            name: name.to_owned(),
            column: target.column,
            task: target.task(),
            outputs: target.outputs(),
            class_rows: score::class_rows(self, place),
            baseline: score::baseline(self, place),
        };
        self.model.outputs().into_iter().zip(self.encoding.targets()).enumerate().map(summary).collect()
    }

    /// What is good to know before training.
    fn warnings(&self) -> Vec<Issue> {
        let mut warnings = Vec::new();
        let mut warn = |severity: Severity, message: String| {
            warnings.push(Issue { severity, message, line: None, column: None, count: None });
        };
        let Some(parts) = &self.parts else { return warnings };
        let (rows, batch) = (parts.train.len(), self.batch_size);
        if batch > rows {
            warn(
                Severity::Info,
                format!(
                    "The batch of {batch} is larger than the {rows} train rows: every epoch is one step."
                ),
            );
        }
        if parts.validation.is_empty() {
            warn(
                Severity::Info,
                "There are no validation rows: nothing will show when the network begins to learn by heart."
                    .to_owned(),
            );
        }
        for name in inputs::unseen(&self.encoding, &self.report) {
            warn(
                Severity::Warning,
                format!("No input takes the column \"{name}\": the network does not see it."),
            );
        }
        let features = self.encoding.inputs();
        if features > rows {
            warn(
                Severity::Warning,
                format!(
                    "{features} inputs for {rows} train rows: the network can learn these rows by heart; ignore \
                     columns, or add L2."
                ),
            );
        }
        warnings
    }
}

/// What is wrong with a network, with a button where a smaller batch helps.
fn mistake(error: tabgrad_core::Error, choices: &Choices) -> EngineError {
    let fitting = error.fitting_batch;
    let mut error = EngineError::from(error);
    if let Some(batch) = fitting {
        let Choices { model, mut training, split } = choices.clone();
        training["batch_size"] = batch.into();
        let command = Command::Configure { model, training, split, keep_weights: None };
        error.advice = Some(vec![Advice { label: format!("Set the batch size to {batch}"), command }]);
    }
    error
}

/// A dense layer that is to give the row back has as many units as the encoding makes of a row, which nobody else knows.
#[inline(never)]
fn fit_output(model: &mut Value, encoding: &Encoding) {
    let last = model.get_mut("layers").and_then(Value::as_array_mut).and_then(|layers| layers.last_mut());
    if let Some(layer) = last.filter(|layer| encoding.form.is_none() && layer["type"] == "dense") {
        layer["units"] = encoding.target.columns().into();
    }
}

/// What the encoding gives and wants back.
pub(crate) fn io(encoding: &Encoding) -> Io {
    let target = |code: &TargetCode| match code.task() {
        Task::Regression => Target::Values(1),
        Task::Binary => Target::Binary,
        Task::Multiclass => Target::Classes(code.classes().len()),
        Task::Reconstruction => Target::Values(code.columns()),
        Task::Sequence => {
            let length = code.columns();
            Target::Sequence { classes: code.width() / length.max(1), length }
        }
    };
    Io { input: encoding.input_shape(), targets: encoding.targets().into_iter().map(target).collect() }
}
