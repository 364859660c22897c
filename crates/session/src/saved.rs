//! Models as files, and snapshots for a worker that must take over: the same bytes.
//!
//! A file holds everything but the rows: it predicts by itself, and goes on training to the bit when the same data are
//! there again. Built-in data come back by themselves.

use tabgrad_data::report::TableReport;
use tabgrad_data::{Encoding, Table};
use tabgrad_formats::project;
use tabgrad_json::{FromJson, ToJson, record};

use crate::failure;
use crate::history::History;
use crate::project::{Builtin, Choices, Project};
use crate::protocol::{CommandName, EngineError, Event};
use crate::session::Session;
use crate::tables::Source;

record! {
    /// What stands in a file beside the tensors.
    #[derive(Debug)]
    struct Saved {
        choices: Choices = flat,
        encoding: Encoding,
        report: TableReport,
        builtin: Option<Builtin>,
        history: History,
    }
}

impl Session {
    pub(crate) fn save(&mut self, request: u32) -> Result<Vec<Event>, EngineError> {
        let project = self.project.as_ref().ok_or_else(failure::no_model)?;
        let stem =
            project.report.name.rsplit_once('.').map_or(project.report.name.as_str(), |(stem, _)| stem);
        let name = format!("{stem}.tabgrad");
        Ok(vec![Event::Saved { request, name, bytes: write(project)? }])
    }

    /// Takes over a saved model; what is wrong with it is told by `failed`, and the network before stays.
    pub fn load_model(&mut self, request: u32, bytes: &[u8]) -> Vec<Event> {
        match self.take_saved(bytes) {
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
                vec![Event::Failed { command: CommandName::LoadModel, request: Some(request), error }]
            }
        }
    }

    /// Everything that another session needs to go on from here, but the rows. Without a network: nothing.
    pub fn snapshot(&self) -> Option<Vec<u8>> {
        write(self.project.as_ref()?).ok()
    }

    /// Goes on from a snapshot, with the table there is if it is the same.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), EngineError> {
        self.take_saved(bytes).map(|_| ())
    }

    fn take_saved(&mut self, bytes: &[u8]) -> Result<Vec<Event>, EngineError> {
        let file = project::read(bytes)?;
        let saved: Saved = FromJson::from_json(&file.project).map_err(|error| {
            EngineError::new("damaged", format!("The model file is damaged ({error}): save it again."))
        })?;
        saved.encoding.check()?;
        let mut project = Project::compile(saved.choices, saved.encoding, saved.report, &self.pool)?;
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
        self.take_project(project);
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

fn write(project: &Project) -> Result<Vec<u8>, EngineError> {
    let saved = Saved {
        choices: project.choices.clone(),
        encoding: project.encoding.clone(),
        report: project.report.clone(),
        builtin: project.builtin.clone(),
        history: project.history.clone(),
    };
    let failed =
        |why: String| EngineError::new("not_saved", format!("The model could not be written: {why}."));
    let file = project::Project { project: saved.to_json(), state: project.model.state() };
    project::write(&file).map_err(|error| failed(error.to_string()))
}
