//! What the page asks for, and what it is told when that cannot be.

use tabgrad_data::report::TableChange;
use tabgrad_data::{BuiltinOptions, SplitSpec};
use tabgrad_json::{Value, record, tagged, words};

words! {
    /// Which rows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Part {
        /// The rows that weights are fitted on.
        Train = "train",
        /// The rows that are scored after every epoch.
        Validation = "validation",
        /// The rows that nothing is chosen by.
        Test = "test",
    }
}

words! {
    /// How far one `step` goes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum StepUnit {
        /// One batch.
        Batch = "batch",
        /// To the end of this epoch.
        Epoch = "epoch",
    }
}

record! {
    #![strict]
    /// What the page wants drawn. Columns by index in the table; numbers and dates only.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
        /// Which of several targets is drawn, by its place among them.
        pub target: Option<usize> = absent,
    }
}

tagged! {
    #![strict]
    /// What the page asks for.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Command {
        /// Take a table that comes with the program.
        LoadBuiltin = "load_builtin" {
            /// "iris", "moons", ...
            name: String,
            /// Rows, noise, seed.
            options: BuiltinOptions,
        },
        /// Change target, types or columns of the table.
        ChangeTable = "change_table" {
            /// What changes; the rest stays.
            change: TableChange,
        },
        /// Split and encode the table, compile the network.
        Configure = "configure" {
            /// A `ModelSpec`, read by the core for its paths of mistakes.
            model: Value,
            /// A `TrainingSpec`.
            training: Value,
            /// Shares of the rows.
            split: SplitSpec,
            /// Go on with the weights there are, where they fit.
            keep_weights: Option<bool> = absent,
        },
        /// Change what can be changed while it trains.
        Set = "set" {
            /// From the next step on: a number, or a schedule as in a `TrainingSpec`.
            learning_rate: Option<Value> = absent,
            /// Stop after so many epochs; `null`: only when told.
            epochs: Option<Option<u32>> = nullable,
        },
        /// Train until it is paused or the epochs are done.
        Play = "play",
        /// Stop after this slice.
        Pause = "pause",
        /// Train a little.
        Step = "step" {
            /// How far.
            unit: StepUnit,
        },
        /// Back to the very same start.
        Reset = "reset",
        /// Change what frames hold.
        View = "view" {
            /// From the next frame on.
            view: View,
        },
        /// Predict from raw values.
        Predict = "predict" {
            /// Comes back with the answer.
            request: u32,
            /// One cell per feature column of the table; `None`: missing.
            rows: Vec<Vec<Option<String>>>,
        },
        /// Look at what every layer makes of raw values.
        Inspect = "inspect" {
            /// Comes back with the answer.
            request: u32,
            /// One cell per feature column of the table; `None`: missing.
            row: Vec<Option<String>>,
        },
        /// Score a part of the rows.
        Evaluate = "evaluate" {
            /// Comes back with the answer.
            request: u32,
            /// Which rows.
            part: Part,
        },
        /// Say all that can be said of the predictions of a part of the rows.
        Report = "report" {
            /// Comes back with the answer.
            request: u32,
            /// Which rows.
            part: Part,
            /// Which of several targets, by its place among them.
            target: Option<usize> = absent,
        },
        /// Say what the learning rate will be over a run.
        LearningRates = "learning_rates" {
            /// Comes back with the answer.
            request: u32,
        },
        /// Try ever larger learning rates; stops training, and changes nothing else.
        RangeTest = "range_test" {
            /// Comes back with the answer.
            request: u32,
        },
        /// Write what a callback has kept into a file.
        SaveKept = "save_kept" {
            /// Comes back with the answer.
            request: u32,
            /// Its place in the list.
            callback: usize,
        },
        /// Go back to the state that a callback has kept.
        RestoreKept = "restore_kept" {
            /// Its place in the list.
            callback: usize,
        },
        /// Write the model into a file.
        Save = "save" {
            /// Comes back with the answer.
            request: u32,
        },
    }
}

words! {
    /// The name of a command, for `failed`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CommandName {
        /// [`Command::LoadBuiltin`].
        LoadBuiltin = "load_builtin",
        /// A table that comes in pieces: [`Session::begin_file`](crate::Session::begin_file).
        LoadFile = "load_file",
        /// The end of such a table before its last piece.
        CancelLoad = "cancel_load",
        /// [`Command::ChangeTable`].
        ChangeTable = "change_table",
        /// [`Command::Configure`].
        Configure = "configure",
        /// [`Command::Set`].
        Set = "set",
        /// [`Command::Play`].
        Play = "play",
        /// [`Command::Pause`].
        Pause = "pause",
        /// [`Command::Step`].
        Step = "step",
        /// [`Command::Reset`].
        Reset = "reset",
        /// [`Command::View`].
        View = "view",
        /// [`Command::Predict`].
        Predict = "predict",
        /// [`Command::Inspect`].
        Inspect = "inspect",
        /// [`Command::Evaluate`].
        Evaluate = "evaluate",
        /// [`Command::Report`].
        Report = "report",
        /// [`Command::LearningRates`].
        LearningRates = "learning_rates",
        /// [`Command::RangeTest`].
        RangeTest = "range_test",
        /// [`Command::SaveKept`].
        SaveKept = "save_kept",
        /// [`Command::RestoreKept`].
        RestoreKept = "restore_kept",
        /// [`Command::Save`].
        Save = "save",
        /// A saved model: [`Session::load_model`](crate::Session::load_model).
        LoadModel = "load_model",
    }
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
            Self::Report { .. } => CommandName::Report,
            Self::LearningRates { .. } => CommandName::LearningRates,
            Self::RangeTest { .. } => CommandName::RangeTest,
            Self::SaveKept { .. } => CommandName::SaveKept,
            Self::RestoreKept { .. } => CommandName::RestoreKept,
            Self::Save { .. } => CommandName::Save,
        }
    }

    /// The number that its answer carries.
    pub fn request(&self) -> Option<u32> {
        match self {
            Self::Predict { request, .. }
            | Self::Inspect { request, .. }
            | Self::Evaluate { request, .. }
            | Self::Report { request, .. }
            | Self::LearningRates { request }
            | Self::RangeTest { request }
            | Self::SaveKept { request, .. }
            | Self::Save { request } => Some(*request),
            _ => None,
        }
    }
}

record! {
    #![strict]
    /// What went wrong, for people and for buttons.
    #[derive(Clone, Debug, PartialEq)]
    pub struct EngineError {
        /// A word for programs.
        pub code: String,
        /// One sentence: what happened, where, and what to do.
        pub message: String,
        /// `layers[2].units`, `training.batch_size`, `data.csv line 17, column "age"`.
        pub path: Option<String> = absent,
        /// What would have been right.
        pub expected: Option<String> = absent,
        /// What came instead.
        pub found: Option<String> = absent,
        /// What the page can offer as buttons.
        pub advice: Option<Vec<Advice>> = absent,
    }
}

record! {
    #![strict]
    /// One way out.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Advice {
        /// A verb and what it does.
        pub label: String,
        /// Does it.
        pub command: Command,
    }
}
