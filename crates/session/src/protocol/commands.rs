//! What the page asks for, and what it is told when that cannot be.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tabgrad_data::report::TableChange;
use tabgrad_data::{BuiltinOptions, SplitSpec};

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The rows that weights are fitted on.
    Train,
    /// The rows that are scored after every epoch.
    Validation,
    /// The rows that nothing is chosen by.
    Test,
}

impl Part {
    /// All of them, in the order of their numbers in [`Points::part`].
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];
}

/// How far one `step` goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepUnit {
    /// One batch.
    Batch,
    /// To the end of this epoch.
    Epoch,
}

/// What the page wants drawn. Columns by index in the table; numbers and dates only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// First column of the plane, or the column of the curve; `None`: nothing.
    pub x: Option<usize>,
    /// Second column of the plane; `None`: a curve.
    pub y: Option<usize>,
    /// Cells along each side of the surface (at most 200); 0: none.
    pub surface: usize,
    /// Cells along each side of every neuron's own map (at most 32); 0: none.
    pub neurons: usize,
    /// Whether frames bring the weights.
    pub weights: bool,
    /// Which of the test rows the layers are looked at with, counted round; `None`: none.
    pub sample: Option<u32>,
}

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Take a table that comes with the program.
    LoadBuiltin {
        /// "iris", "moons", ...
        name: String,
        /// Rows, noise, seed.
        options: BuiltinOptions,
    },
    /// Change target, types or columns of the table.
    ChangeTable {
        /// What changes; the rest stays.
        change: TableChange,
    },
    /// Split and encode the table, compile the network.
    Configure {
        /// A `ModelSpec`, read by the core for its paths of mistakes.
        model: Value,
        /// A `TrainingSpec`.
        training: Value,
        /// Shares of the rows.
        split: SplitSpec,
        /// Go on with the weights there are, where they fit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keep_weights: Option<bool>,
    },
    /// Change what can be changed while it trains.
    Set {
        /// From the next step on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        learning_rate: Option<f32>,
        /// Stop after so many epochs; `null`: only when told.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "some_or_null")]
        epochs: Option<Option<u32>>,
    },
    /// Train until it is paused or the epochs are done.
    Play,
    /// Stop after this slice.
    Pause,
    /// Train a little.
    Step {
        /// How far.
        unit: StepUnit,
    },
    /// Back to the very same start.
    Reset,
    /// Change what frames hold.
    View {
        /// From the next frame on.
        view: View,
    },
    /// Predict from raw values.
    Predict {
        /// Comes back with the answer.
        request: u32,
        /// One cell per feature column of the table; `None`: missing.
        rows: Vec<Vec<Option<String>>>,
    },
    /// Look at what every layer makes of raw values.
    Inspect {
        /// Comes back with the answer.
        request: u32,
        /// One cell per feature column of the table; `None`: missing.
        row: Vec<Option<String>>,
    },
    /// Score a part of the rows.
    Evaluate {
        /// Comes back with the answer.
        request: u32,
        /// Which rows.
        part: Part,
    },
    /// Write the model into a file.
    Save {
        /// Comes back with the answer.
        request: u32,
    },
}

/// The name of a command, for `failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // One to one the names of the commands.
pub enum CommandName {
    LoadBuiltin,
    LoadFile,
    CancelLoad,
    ChangeTable,
    Configure,
    Set,
    Play,
    Pause,
    Step,
    Reset,
    View,
    Predict,
    Inspect,
    Evaluate,
    Save,
    LoadModel,
}

impl Command {
    /// Its name.
    pub fn name(&self) -> CommandName {
        match self {
            Self::LoadBuiltin { .. } => CommandName::LoadBuiltin,
            Self::ChangeTable { .. } => CommandName::ChangeTable,
            Self::Configure { .. } => CommandName::Configure,
            Self::Set { .. } => CommandName::Set,
            Self::Play => CommandName::Play,
            Self::Pause => CommandName::Pause,
            Self::Step { .. } => CommandName::Step,
            Self::Reset => CommandName::Reset,
            Self::View { .. } => CommandName::View,
            Self::Predict { .. } => CommandName::Predict,
            Self::Inspect { .. } => CommandName::Inspect,
            Self::Evaluate { .. } => CommandName::Evaluate,
            Self::Save { .. } => CommandName::Save,
        }
    }

    /// The number that its answer carries.
    pub fn request(&self) -> Option<u32> {
        match self {
            Self::Predict { request, .. }
            | Self::Inspect { request, .. }
            | Self::Evaluate { request, .. }
            | Self::Save { request } => Some(*request),
            _ => None,
        }
    }
}

/// What went wrong, for people and for buttons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineError {
    /// A word for programs.
    pub code: String,
    /// One sentence: what happened, where, and what to do.
    pub message: String,
    /// `layers[2].units`, `training.batch_size`, `data.csv line 17, column "age"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What would have been right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What came instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What the page can offer as buttons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Vec<Advice>>,
}

/// One way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// A verb and what it does.
    pub label: String,
    /// Does it.
    pub command: Command,
}

/// `undefined`, `null` and a number are three different things to say.
mod some_or_null {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &Option<Option<u32>>, to: S) -> Result<S::Ok, S::Error> {
        value.flatten().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<u32>>, D::Error> {
        Option::deserialize(from).map(Some)
    }
}
