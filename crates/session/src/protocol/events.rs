//! What the session says.

use std::collections::BTreeMap;

use tabgrad_data::SplitSpec;
use tabgrad_data::report::{Feature, Issue, PredictedRow, TableReport, Task};
use tabgrad_json::{Value, record, tagged, words};

use super::{CommandName, EngineError, Part, Report};

record! {
    /// Loss and metrics over some rows.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Scores {
        /// Mean over the rows, with penalties. Finite.
        pub loss: f64,
        /// By name; absent where a metric cannot be computed. Finite.
        pub metrics: BTreeMap<String, f64>,
    }
}

record! {
    /// How one epoch ended.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EpochRecord {
        /// From 1.
        pub epoch: u32,
        /// Mean over the batches while the weights moved.
        pub train: Scores,
        /// With the weights at the end of the epoch; `None`: there are no validation rows.
        pub validation: Option<Scores>,
    }
}

record! {
    /// Scores of one part, with the confusion matrix for classes.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Evaluation {
        /// Loss and metrics.
        pub scores: Scores = flat,
        /// Which rows.
        pub part: Part,
        /// How many.
        pub rows: u32,
        /// classes x classes, row: true class, column: predicted.
        pub confusion: Option<Vec<u32>>,
        /// Where there are several targets: the matrix of each, where that of the first, which is the one above, is not told twice.
        pub confusions: Option<Vec<Option<Vec<u32>>>> = absent,
    }
}

record! {
    /// One layer of the compiled network.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LayerSummary {
        /// "dense", ...
        pub r#type: String,
        /// "dense_1", unique.
        pub name: String,
        /// Without the batch.
        pub output_shape: Vec<usize>,
        /// Weights and biases.
        pub parameters: usize,
        /// If it has one.
        pub activation: Option<String> = absent,
        /// Which layers it reads, by index, -1 the network's input; absent: the one before.
        pub inputs: Option<Vec<i64>> = absent,
        /// What its outputs behind the first are, which `inputs` of a spec call `name:1` and so on; absent: there are none.
        pub further_outputs: Option<Vec<String>> = absent,
    }
}

record! {
    /// Where a tensor lies in the flat weights of a frame.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TensorInfo {
        /// "dense_1/kernel"
        pub name: String,
        /// Index of its layer in the summary.
        pub layer: usize,
        /// Row-major.
        pub shape: Vec<usize>,
        /// First value.
        pub start: usize,
        /// Number of values.
        pub len: usize,
    }
}

record! {
    /// What always saying the same would score.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Baseline {
        /// "accuracy" or "rmse".
        pub metric: String,
        /// On the test rows.
        pub value: f64,
    }
}

record! {
    /// One of several targets, and the output that predicts it.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TargetSummary {
        /// Name of the layer that is the output.
        pub name: String,
        /// Index of the target in the table.
        pub column: usize,
        /// What is predicted.
        pub task: Task,
        /// Class labels, or the name of the target.
        pub outputs: Vec<String>,
        /// Train rows of every class.
        pub class_rows: Vec<usize>,
        /// `None` without test rows.
        pub baseline: Option<Baseline>,
    }
}

record! {
    /// The compiled network and its data.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Configured {
        /// What enters, in order.
        pub features: Vec<Feature>,
        /// Class labels, or the name of the target.
        pub outputs: Vec<String>,
        /// What is predicted.
        pub task: Task,
        /// In order.
        pub layers: Vec<LayerSummary>,
        /// In the order of the flat weights.
        pub tensors: Vec<TensorInfo>,
        /// All weights together.
        pub parameters: usize,
        /// Bytes that training takes.
        pub bytes: u64,
        /// Bytes of them that predictions need.
        pub prediction_bytes: u64,
        /// Floating-point operations of one training step.
        pub flops: f64,
        /// By part.
        pub rows: BTreeMap<Part, usize>,
        /// Train rows of every class, in the order of the outputs; for values: none.
        pub class_rows: Vec<usize>,
        /// `None` without test rows.
        pub baseline: Option<Baseline>,
        /// Where there are several targets: each of them, the first of which is the one above.
        pub targets: Option<Vec<TargetSummary>> = absent,
        /// Rows per step.
        pub batch_size: usize,
        /// Good to know before training.
        pub warnings: Vec<Issue>,
    }
}

record! {
    /// Points of the data in the plane of the view, in the user's units; at most 2,000, chosen by seed.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Points {
        /// First column.
        pub x: Vec<f32>,
        /// Second column, or the target where the view is a curve.
        pub y: Vec<f32>,
        /// Class index, or value of the target.
        pub target: Vec<f32>,
        /// Index into [`Part::ALL`].
        pub part: Vec<u8>,
        /// What the picture spans.
        pub x_range: [f32; 2],
        /// What the picture spans.
        pub y_range: [f32; 2],
    }
}

record! {
    /// The network's answer over the plane of two columns.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Surface {
        /// Cells along each side.
        pub size: usize,
        /// As in [`Points`].
        pub x_range: [f32; 2],
        /// As in [`Points`].
        pub y_range: [f32; 2],
        /// Values per cell.
        pub outputs: usize,
        /// size x size x outputs; row 0 is at `y_range[0]`; each cell sampled at its centre.
        pub values: Vec<f32>,
    }
}

record! {
    /// The network's answer along one column.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Curve {
        /// In the user's units.
        pub x: Vec<f32>,
        /// points x outputs.
        pub y: Vec<f32>,
        /// Values per point.
        pub outputs: usize,
    }
}

record! {
    /// Maps of some units over the plane of the view.
    #[derive(Clone, Debug, PartialEq)]
    pub struct UnitMaps {
        /// At most 32.
        pub units: usize,
        /// units x size x size.
        pub values: Vec<f32>,
    }
}

record! {
    /// What every neuron answers over the plane of the view.
    #[derive(Clone, Debug, PartialEq)]
    pub struct NeuronMaps {
        /// Cells along each side.
        pub size: usize,
        /// Per layer of the summary; `None`: nothing to draw there.
        pub layers: Vec<Option<UnitMaps>>,
        /// The features' own.
        pub features: UnitMaps,
    }
}

record! {
    /// What a layer makes of one row.
    #[derive(Clone, Debug, PartialEq)]
    pub struct LayerValues {
        /// Without the batch; of the last axis perhaps only the first part.
        pub shape: Vec<usize>,
        /// Row-major.
        pub values: Vec<f32>,
    }
}

record! {
    /// One row on its way through the layers.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Sample {
        /// Row of the table; `None`: the user's own values.
        pub row: Option<u32>,
        /// As it enters the network.
        pub input: LayerValues,
        /// The words of a sequence, empty for none; no words where a row is no sequence.
        pub tokens: Vec<String>,
        /// By layer of the summary.
        pub layers: Vec<Option<LayerValues>>,
        /// The network's answer.
        pub predicted: PredictedRow,
        /// The target as it stands in the table.
        pub truth: Option<String>,
        /// Where there are several: each of them.
        pub truths: Option<Vec<String>> = absent,
    }
}

record! {
    /// A state or a log that a callback has kept.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Kept {
        /// The callback's place in the list.
        pub callback: usize,
        /// Epochs that had ended.
        pub epoch: u32,
    }
}

record! {
    /// One picture of the training.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Frame {
        /// Epochs that ended.
        pub epoch: u32,
        /// Steps since the start.
        pub step: u64,
        /// Batches of one epoch.
        pub steps_per_epoch: u64,
        /// Whether it trains.
        pub running: bool,
        /// Speed of late; 0 while it does not train.
        pub rows_per_second: f64,
        /// Of the next step, as a schedule has it there.
        pub learning_rate: f64,
        /// Mean loss of this epoch so far.
        pub loss: Option<f64>,
        /// Epochs since the last frame, thinned.
        pub history: Vec<EpochRecord>,
        /// What there is to be had of callbacks.
        pub kept: Vec<Kept>,
        /// All weights; where they lie: [`Configured::tensors`].
        pub weights: Option<Vec<f32>>,
        /// Two columns.
        pub surface: Option<Surface>,
        /// One column.
        pub curve: Option<Curve>,
        /// Small maps.
        pub neurons: Option<NeuronMaps>,
        /// One row on its way through the layers.
        pub sample: Option<Sample>,
        /// Scores on the test rows, when they were computed anew.
        pub test: Option<Evaluation>,
    }
}

words! {
    /// Why training stopped.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum StopReason {
        /// It was told to.
        Paused = "paused",
        /// The epochs are done.
        Finished = "finished",
        /// Loss or weights were no longer finite; the last finite weights are back.
        Diverged = "diverged",
        /// The step that was asked for is done.
        Stepped = "stepped",
    }
}

words! {
    /// What is being read.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum ProgressOf {
        /// The program itself: said by the worker alone.
        Engine = "engine",
        /// The rows of a table.
        File = "file",
        /// What its columns mean: each is looked at twice.
        Columns = "columns",
    }
}

tagged! {
    /// What the session says.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Event {
        /// Long work goes on.
        Progress = "progress" {
            /// Which.
            what: ProgressOf,
            /// Bytes so far; looks at columns.
            done: u64,
            /// In all, if known.
            total: Option<u64>,
            /// Rows so far.
            rows: Option<u64> = absent,
        },
        /// There is a table, or it was changed.
        Table = "table" {
            /// All about it.
            report: TableReport,
        },
        /// There is a network.
        Configured = "configured" {
            /// All about it.
            summary: Configured,
        },
        /// The network or its training is mistaken; nothing has changed.
        Rejected = "rejected" {
            /// Where and why.
            error: EngineError,
            /// What the outputs of each of its layers behind the first are, where its layers can be read at all.
            further_outputs: Option<Vec<Vec<String>>> = absent,
        },
        /// The data in the plane of the view.
        Points = "points" {
            /// `None`: the view has no such columns.
            points: Option<Points>,
        },
        /// A picture.
        Frame = "frame" {
            /// Boxed: it is far larger than the others.
            frame: Box<Frame>,
        },
        /// It trains.
        Started = "started",
        /// It trains no more.
        Stopped = "stopped" {
            /// Why.
            reason: StopReason,
            /// Epochs that ended.
            epoch: u32,
            /// What diverged, and what to do.
            error: Option<EngineError> = absent,
        },
        /// Back at the start.
        Reset = "reset",
        /// Answer to `predict`.
        Prediction = "prediction" {
            /// Of the command.
            request: u32,
            /// One per row asked for.
            rows: Vec<PredictedRow>,
        },
        /// Answer to `inspect`.
        Inspection = "inspection" {
            /// Of the command.
            request: u32,
            /// What the layers make of it.
            sample: Sample,
        },
        /// Answer to `evaluate`.
        Evaluation = "evaluation" {
            /// Of the command.
            request: u32,
            /// The scores.
            evaluation: Evaluation,
        },
        /// Answer to `report`.
        Report = "report" {
            /// Of the command.
            request: u32,
            /// All that can be said.
            report: Report,
        },
        /// Answer to `learning_rates`.
        LearningRates = "learning_rates" {
            /// Of the command.
            request: u32,
            /// What the rates span, from the first epoch.
            epochs: u32,
            /// Evenly, from the first step to the last.
            rates: Vec<f32>,
        },
        /// Answer to `range_test`.
        RangeTest = "range_test" {
            /// Of the command.
            request: u32,
            /// Tried, step by step.
            rates: Vec<f32>,
            /// Of the batch of each step.
            losses: Vec<f32>,
            /// A rate to train with; `None`: no rate made the loss smaller.
            suggested: Option<f32>,
        },
        /// Back at a state that a callback had kept.
        WentBack = "went_back" {
            /// Epochs that had ended then.
            epoch: u32,
        },
        /// Answer to `save` and `save_kept`.
        Saved = "saved" {
            /// Of the command.
            request: u32,
            /// Suggested name of the file.
            name: String,
            /// The file.
            bytes: Vec<u8>,
        },
        /// Answer to `load_model`.
        ModelLoaded = "model_loaded" {
            /// Of the command.
            request: u32,
            /// A `ModelSpec`.
            model: Value,
            /// A `TrainingSpec`.
            training: Value,
            /// Shares of the rows.
            split: SplitSpec,
            /// The table it was trained on, without its rows.
            report: TableReport,
            /// Epochs that ended.
            epoch: u32,
            /// How they ended.
            history: Vec<EpochRecord>,
        },
        /// A command could not be carried out; nothing has changed.
        Failed = "failed" {
            /// Which.
            command: CommandName,
            /// Of the command, if it had one.
            request: Option<u32> = absent,
            /// Why.
            error: EngineError,
        },
    }
}
