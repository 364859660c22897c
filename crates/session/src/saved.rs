//! Models as files, and snapshots for a worker that must take over: the same bytes.
//!
//! A file holds everything but the rows: it predicts by itself, and goes on training to the bit when the same data are
//! there again. Built-in data come back by themselves.

use tabgrad_core::{SavedProgress, State, StateTensor};
use tabgrad_data::report::TableReport;
use tabgrad_data::{Encoding, Table};
use tabgrad_formats::project;
use tabgrad_json::{FromJson, Mistake, ToJson, record};

use crate::failure;
use crate::history::History;
use crate::kept::Checkpoint;
use crate::plain;
use crate::project::{Builtin, Choices, Project};
use crate::protocol::{CommandName, EngineError, Event};
use crate::session::Session;
use crate::tables::Source;
use crate::training::Run;

record! {
    /// What stands in a file beside the tensors.
    #[derive(Debug)]
    struct Saved {
        choices: Choices = flat,
        encoding: Encoding,
        report: TableReport,
        builtin: Option<Builtin>,
        history: History,
        /// How long it has trained; files from before there were callbacks have none.
        run: Option<Run> = absent,
        /// States that callbacks keep; their tensors are called `kept/<callback>/<name>`.
        kept: Option<Vec<KeptState>> = absent,
    }
}

record! {
    /// What stands there of a kept state beside its tensors.
    #[derive(Debug)]
    pub(crate) struct KeptState {
        callback: usize,
        epoch: u32,
        progress: SavedProgress,
    }
}

impl Session {
    pub(crate) fn save(&mut self, request: u32) -> Result<Vec<Event>, EngineError> {
        let project = self.project.as_ref().ok_or_else(failure::no_model)?;
        let name = format!("{}.tabgrad", stem(project));
        Ok(vec![Event::Saved { request, name, bytes: write(project, self.run)? }])
    }

    /// Takes over the saved model in the file called `name`; what is wrong with it is told by `failed`, and the network
    /// before stays.
    pub fn load_model(&mut self, request: u32, name: &str, bytes: &[u8]) -> Vec<Event> {
        match self.take_saved(name, bytes) {
            Ok(mut events) => {
                let Some(project) = &self.project else { return events };
                events.push(Event::ModelLoaded {
                    request,
                    model: project.choices.model.clone(),
                    training: project.choices.training.clone(),
                    split: project.choices.split,
                    report: project.report.clone(),
                    epoch: self.epoch(),
                    history: project.history.records().to_vec(),
                });
                events.push(Event::Configured { summary: project.summary() });
                events.push(self.points_event());
                events
            }
            Err(error) => {
                let error = error.of_file(name);
                vec![Event::Failed { command: CommandName::LoadModel, request: Some(request), error }]
            }
        }
    }

    /// Everything that another session needs to go on from here, but the rows. Without a network: nothing.
    pub fn snapshot(&self) -> Option<Vec<u8>> {
        write(self.project.as_ref()?, self.run).ok()
    }

    /// Goes on from a snapshot, with the table there is if it is the same.
    ///
    /// # Errors
    /// What is no snapshot, is cut short or altered, or comes from a newer version; a model or training that this
    /// version refuses; a state that does not fit its model. Nothing is changed then.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        self.take_saved("The snapshot", bytes).map(|_| ())
    }

    fn take_saved(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<Event>, EngineError> {
        let mut file = project::read(name, bytes)?;
        plain::make_for_page(name, &mut file.project)?;
        let saved: Saved = FromJson::from_json(&file.project).map_err(damaged(name))?;
        saved.encoding.check()?;
        let room = self.room_beside(self.source.as_ref(), 0);
        let mut project = Project::compile(saved.choices, saved.encoding, saved.report, &self.pool, room)?;
        project.checkpoints = take_kept(saved.kept.unwrap_or_default(), &mut file.state);
        project.model.restore(&file.state)?;
        project.builtin = saved.builtin;
        project.history = saved.history;
        project.history.mark_sent();
        let here = self.source.take().filter(|source| project.fits(&source.table.report()));
        let source = match here {
            Some(source) => Some(source),
            None => remake(project.builtin.as_ref()).filter(|source| project.fits(&source.table.report())),
        };
        if let Some(source) = &source {
            // A table that no longer encodes as it did leaves the model as it is: it predicts.
            project.parts = project.encode_parts(&source.table).ok();
        }
        let events = self.stop_for_change();
        self.source = source;
        self.take_project(project, saved.run.unwrap_or_default());
        Ok(events)
    }
}

fn remake(builtin: Option<&Builtin>) -> Option<Source> {
    let builtin = builtin?;
    let mut table = Table::builtin(&builtin.name, &builtin.options).ok()?;
    for change in &builtin.changes {
        table.change(change).ok()?;
    }
    Some(Source { table, builtin: Some(builtin.clone()) })
}

/// The name of the data without what tells their kind.
pub(crate) fn stem(project: &Project) -> &str {
    let name = project.report.name.as_str();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What the names of a kept state's tensors begin with.
fn prefix(callback: usize) -> String {
    format!("kept/{callback}/")
}

/// Takes the tensors of kept states out of the state that they were written with.
pub(crate) fn take_kept(listed: Vec<KeptState>, state: &mut State) -> Vec<Checkpoint> {
    let take = |KeptState { callback, epoch, progress }| {
        let prefix = prefix(callback);
        let (kept, rest) = std::mem::take(&mut state.tensors)
            .into_iter()
            .partition::<Vec<StateTensor>, _>(|tensor| tensor.name.starts_with(&prefix));
        state.tensors = rest;
        let named =
            |tensor: StateTensor| StateTensor { name: tensor.name[prefix.len()..].to_owned(), ..tensor };
        Checkpoint {
            callback,
            epoch,
            state: State { tensors: kept.into_iter().map(named).collect(), progress },
        }
    };
    listed.into_iter().map(take).collect()
}

fn write(project: &Project, run: Run) -> Result<Vec<u8>, EngineError> {
    let mut state = project.model.state();
    let kept = put_kept(&mut state, &project.checkpoints);
    let kept = (!kept.is_empty()).then_some(kept);
    write_state(project, state, project.history.clone(), Some(run), kept)
}

/// Adds the tensors of kept states to the state that they are written with.
pub(crate) fn put_kept(state: &mut State, checkpoints: &[Checkpoint]) -> Vec<KeptState> {
    let mut kept = Vec::with_capacity(checkpoints.len());
    for Checkpoint { callback, epoch, state: of } in checkpoints {
        let prefix = prefix(*callback);
        state.tensors.extend(of.tensors.iter().map(|tensor| StateTensor {
            name: [&prefix, tensor.name.as_str()].concat(),
            shape: tensor.shape.clone(),
            values: tensor.values.clone(),
        }));
        kept.push(KeptState { callback: *callback, epoch: *epoch, progress: of.progress.clone() });
    }
    kept
}

/// A model as it was when a callback kept it, with its history up to then.
pub(crate) fn write_checkpoint(
    project: &Project,
    kept: &Checkpoint,
    history: History,
) -> Result<Vec<u8>, EngineError> {
    write_state(project, kept.state.clone(), history, None, None)
}

fn write_state(
    project: &Project,
    state: State,
    history: History,
    run: Option<Run>,
    kept: Option<Vec<KeptState>>,
) -> Result<Vec<u8>, EngineError> {
    let saved = Saved {
        choices: project.choices.clone(),
        encoding: project.encoding.clone(),
        report: project.report.clone(),
        builtin: project.builtin.clone(),
        history,
        run,
        kept,
    };
    let file = project::Project { project: saved.to_json(), state };
    project::write(&file).map_err(|problem| not_written(&format!("it {problem}")))
}

#[cold]
pub(crate) fn not_written(why: &str) -> EngineError {
    EngineError::new("not_saved", format!("The model could not be written: {why}"))
}

/// What is said of the file called `file` when what stands in it is none of what it should be.
pub(crate) fn damaged(file: &str) -> impl Fn(Mistake) -> EngineError + Copy + '_ {
    move |mistake| {
        EngineError::new("damaged", format!("{file} is damaged ({mistake}): save it again.")).at(file)
    }
}
