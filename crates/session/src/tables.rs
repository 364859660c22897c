//! The table of the session: built in, or read from a file in pieces, and what the user changes about it.

use tabgrad_data::report::{Role, TableChange, TableReport};
use tabgrad_data::{BuiltinOptions, Discovery, Limits, Table, TableReader};

use crate::project::Builtin;
use crate::protocol::{CommandName, EngineError, Event, ProgressOf};
use crate::session::Session;

/// A table and, when it comes with the program, how to make it again.
pub struct Source {
    pub table: Table,
    pub builtin: Option<Builtin>,
}

/// A file on its way in.
pub enum Reading {
    /// Its rows come.
    Rows { reader: Box<TableReader>, size_bytes: Option<u64> },
    /// They are all there, and what the columns mean is found out.
    Columns(Box<Discovery>),
}

/// One call looks at about so many cells, which takes a moment.
const CELLS_AT_ONCE: usize = 500_000;

impl Session {
    pub(crate) fn load_builtin(
        &mut self,
        name: String,
        options: BuiltinOptions,
    ) -> Result<Vec<Event>, EngineError> {
        let table = Table::builtin(&name, &options)?;
        self.reading = None;
        Ok(self.take_table(Source { table, builtin: Some(Builtin { name, options, changes: vec![] }) }))
    }

    pub(crate) fn change_table(&mut self, change: TableChange) -> Result<Vec<Event>, EngineError> {
        let Some(mut source) = self.source.take() else { return Err(crate::failure::no_table()) };
        if let Err(error) = source.table.change(&change) {
            self.source = Some(source);
            return Err(error.into());
        }
        if let Some(builtin) = &mut source.builtin {
            builtin.changes.push(change);
        }
        Ok(self.take_table(source))
    }

    /// Begins a table that comes in pieces. One that was on its way is forgotten.
    pub fn begin_file(&mut self, name: &str, size_bytes: Option<u64>) -> Vec<Event> {
        let reader = TableReader::new(name, size_bytes, Limits::default());
        self.reading = Some(Reading::Rows { reader: Box::new(reader), size_bytes });
        vec![]
    }

    /// The next piece. A file that is refused is forgotten; the table before stays.
    pub fn push_file(&mut self, bytes: &[u8]) -> Vec<Event> {
        let Some(Reading::Rows { reader, size_bytes }) = &mut self.reading else {
            return vec![load_failed(nothing_begun())];
        };
        match reader.push(bytes) {
            Ok(()) => {
                let progress = reader.progress();
                vec![Event::Progress {
                    what: ProgressOf::File,
                    done: progress.bytes,
                    total: *size_bytes,
                    rows: Some(progress.rows),
                }]
            }
            Err(error) => {
                self.reading = None;
                vec![load_failed(error.into())]
            }
        }
    }

    /// There are no more pieces: finds out what the columns mean. To be called again for as long as it answers with progress,
    /// which a large table does.
    pub fn finish_file(&mut self) -> Vec<Event> {
        let mut discovery = match self.reading.take() {
            None => return vec![load_failed(nothing_begun())],
            Some(Reading::Columns(discovery)) => *discovery,
            Some(Reading::Rows { reader, .. }) => match reader.close() {
                Ok(discovery) => discovery,
                Err(error) => return vec![load_failed(error.into())],
            },
        };
        for _ in 0..1 + CELLS_AT_ONCE / discovery.step_cells() {
            if !discovery.step() {
                return match discovery.finish() {
                    Ok(mut table) => {
                        self.choose_as_before(&mut table);
                        self.take_table(Source { table, builtin: None })
                    }
                    Err(error) => vec![load_failed(error.into())],
                };
            }
        }
        let (done, total) = discovery.progress();
        self.reading = Some(Reading::Columns(Box::new(discovery)));
        let [done, total] = [done, total].map(|columns| columns as u64);
        vec![Event::Progress { what: ProgressOf::Columns, done, total: Some(total), rows: None }]
    }

    /// Forgets the pieces so far; the table before stays.
    pub fn cancel_file(&mut self) -> Vec<Event> {
        self.reading = None;
        vec![]
    }

    /// Takes over a table: training stops, and a network that was made for other columns goes.
    fn take_table(&mut self, source: Source) -> Vec<Event> {
        let mut events = self.stop_for_change();
        let report = source.table.report();
        match &mut self.project {
            Some(project) if project.fits(&report) => project.parts = None,
            _ => self.project = None,
        }
        self.source = Some(source);
        self.pictures.stale();
        events.push(Event::Table { report });
        events
    }

    /// A model that waits for its data gets them as it knew them: the same target, types and columns.
    fn choose_as_before(&self, table: &mut Table) {
        let Some(project) = self.project.as_ref().filter(|project| project.parts.is_none()) else { return };
        let before = &project.report;
        let names = |report: &TableReport| -> Vec<String> {
            report.columns.iter().map(|column| column.name.clone()).collect()
        };
        if names(before) != names(&table.report()) {
            return;
        }
        let columns = before.columns.iter().enumerate();
        let change = TableChange {
            target: None,
            targets: Some(before.target_columns()),
            ahead: before.ahead,
            types: Some(columns.clone().map(|(index, column)| (index, column.r#type)).collect()),
            ignored: Some(
                columns.filter(|(_, column)| column.role == Role::Ignored).map(|(index, _)| index).collect(),
            ),
            weight: Some(before.columns.iter().position(|column| column.role == Role::Weight)),
            drop_duplicates: None,
        };
        // Where that is not possible any more, the table is as it was found, and the page says so by its report.
        let found = table.clone();
        if table.change(&change).is_err() {
            *table = found;
        }
    }
}

fn load_failed(error: EngineError) -> Event {
    Event::Failed { command: CommandName::LoadFile, request: None, error }
}

fn nothing_begun() -> EngineError {
    EngineError::new("no_file", "No file is being read: choose it again.")
}
