//! Models of programs as files (`model.js`, `crates/wasm/src/model.rs`): network, training, what goes in and comes out, and
//! everything that training has changed, so that another program goes on to the bit.
//!
//! ```text
//! {"model", "training", "program": {"input", "targets"}, "kept"}    and the tensors of the state
//! {..., "split", "encoding", "report", ...}                         of a model that the page has saved: kept as they are
//! ```
//!
//! The format is that of the page's own files ([`tabgrad_formats::project`]). A program reads those too: rows are then the
//! numbers that the page's encoding makes. The page reads files of programs as plain.rs has it.

use tabgrad_core::{Io, ModelSpec, State, TrainingSpec};
use tabgrad_data::Encoding;
use tabgrad_formats::project;
use tabgrad_json::{FromJson, Map, Mistake, ToJson, Value, field, map, parse_decimal};

use crate::inputs;
pub use crate::kept::Checkpoint;
use crate::project::io;
use crate::protocol::EngineError;
use crate::saved;

/// A model with what it takes to go on.
#[derive(Clone, Debug)]
pub struct Program {
    /// The network.
    pub model: ModelSpec,
    /// `None`: it predicts, and was never compiled.
    pub training: Option<TrainingSpec>,
    /// What a row of numbers and a row of targets hold.
    pub io: Io,
    /// Everything that training has changed.
    pub state: State,
    /// What `model_checkpoint`s handed out last.
    pub checkpoints: Vec<Checkpoint>,
    /// What the page keeps in its files besides, where it has made this one.
    pub page: Option<Map<String, Value>>,
}

/// Programs give bytes, of which only they know where they come from.
const FILE: &str = "The model file";

/// What is the program's own in a file; the rest belongs to the page.
const OWN: [&str; 4] = ["model", "training", "program", "kept"];

/// The bytes of a file.
///
/// # Errors
/// If it cannot be written so that it could be read again: numbers that are not finite, or too much of anything.
pub fn write(program: Program) -> Result<Vec<u8>, EngineError> {
    let Program { model, training, io, mut state, checkpoints, page } = program;
    // The page could do nothing with a network of other targets, or of none.
    let fits = |page: &Map<String, Value>| training.is_some() && encoded(page).is_ok_and(|own| own == io);
    let mut fields = page.filter(fits).unwrap_or_default();
    // A rate that was set holds against that of the training, and stands where every reader looks for it, as in Keras.
    let training = training.map(|training| {
        let set = state.progress.learning_rate().and_then(|rate| parse_decimal(&rate.to_string()));
        set.and_then(|rate| training.with_learning_rate(rate)).unwrap_or(training)
    });
    fields.insert("model".into(), model.to_value());
    fields.insert("training".into(), training.map_or(Value::Null, |training| training.to_value()));
    let said = serde_json::to_value(&io).map_err(|error| saved::not_written(&format!("{error}.")))?;
    fields.insert("program".into(), said);
    let kept = saved::put_kept(&mut state, &checkpoints);
    if !kept.is_empty() {
        fields.insert("kept".into(), kept.to_json());
    }
    let file = project::Project { project: Value::Object(fields), state };
    project::write(&file).map_err(|problem| saved::not_written(&format!("it {problem}")))
}

/// The model in the bytes of a file, of a program or of the page.
///
/// # Errors
/// With a sentence for people, if it is no such file or damaged.
pub fn read(bytes: &[u8]) -> Result<Program, EngineError> {
    let damaged = saved::damaged(FILE);
    let project::Project { project: value, mut state } = project::read(FILE, bytes)?;
    let fields = map(&value).map_err(damaged)?;
    let mut model = field::<Value>(fields, "model").map_err(damaged)?;
    if let Some(chosen) = inputs::chosen(&model)? {
        let encoding: Encoding = field(fields, ENCODING).map_err(damaged)?;
        inputs::put_shapes(&mut model, &encoding, &chosen);
    }
    let model = ModelSpec::parse(&model)?;
    let training = match fields.get("training") {
        None | Some(Value::Null) => None,
        Some(training) => Some(TrainingSpec::parse(training)?),
    };
    let io = match fields.get("program") {
        Some(said) => {
            serde_json::from_value(said.clone()).map_err(|error| damaged(Mistake::new(error.to_string())))?
        }
        None => encoded(fields).map_err(damaged)?,
    };
    let kept = fields.get("kept").map_or(Ok(Vec::new()), FromJson::from_json).map_err(damaged)?;
    let checkpoints = saved::take_kept(kept, &mut state);
    let page = fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    let page: Map<String, Value> = page.map(|(name, value)| (name.clone(), value.clone())).collect();
    let page = page.contains_key(ENCODING).then_some(page);
    Ok(Program { model, training, io, state, checkpoints, page })
}

/// Where the page keeps how values become numbers.
pub(crate) const ENCODING: &str = "encoding";

/// What goes in and comes out as the page's encoding has it.
fn encoded(fields: &Map<String, Value>) -> Result<Io, Mistake> {
    field::<Encoding>(fields, ENCODING).map(|encoding| io(&encoding))
}
