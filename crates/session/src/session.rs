//! The session: one table, one network, what goes on with them. Every command is answered at once; training goes on in
//! slices that the caller asks for.
//!
//! ```text
//!             load_*                configure                 play, step
//! (nothing) --------> table ------------------> network <------------------> running
//!                       ^                          |  pause, finished, diverged
//!                       +------- load_* -----------+
//! ```

use tabgrad_core::ModelSpec;
use tabgrad_json::Value;
use tabgrad_kernels::par::Pool;

use crate::failure;
use crate::frame::Pictures;
use crate::points::points;
use crate::project::{Choices, Project};
use crate::protocol::{Command, EngineError, Event, Scores};
use crate::report::report;
use crate::sample::inspect;
use crate::score;
use crate::tables::{Reading, Source};
use crate::training::{Goal, Run, Speed};

/// The trainer as a state machine. Clock, randomness and threads are inputs: the same commands give the same results.
pub struct Session {
    pub(crate) pool: Pool,
    /// All that there is for the program, its data and the model.
    memory_bytes: u64,
    pub(crate) source: Option<Source>,
    pub(crate) reading: Option<Reading>,
    pub(crate) project: Option<Project>,
    /// It trains, and how far.
    pub(crate) goal: Option<Goal>,
    pub(crate) speed: Speed,
    pub(crate) run: Run,
    /// Mean loss of this epoch so far.
    pub(crate) loss: Option<f64>,
    /// Scores of the newest epoch while it is not on record.
    pub(crate) last_train: Option<(u32, Scores)>,
    pub(crate) pictures: Pictures,
}

impl Session {
    /// A session without data, which computes on `pool`, in a gibibyte of memory.
    pub fn new(pool: Pool) -> Self {
        Self {
            pool,
            memory_bytes: 1 << 30,
            source: None,
            reading: None,
            project: None,
            goal: None,
            speed: Speed::default(),
            run: Run::default(),
            loss: None,
            last_train: None,
            pictures: Pictures::default(),
        }
    }

    /// The same with another size of memory, which the table and the model share with the program.
    #[must_use]
    pub fn within(self, memory_bytes: u64) -> Self {
        Self { memory_bytes, ..self }
    }

    /// Bytes that a model may take beside a table and the rows made of it. A quarter of the memory is left to the program:
    /// for stacks, frames, snapshots, and what is in use twice for a moment.
    pub(crate) fn room_beside(&self, source: Option<&Source>, rows_bytes: u64) -> u64 {
        let table = source.map_or(0, |source| source.table.len_bytes());
        (self.memory_bytes / 4 * 3).saturating_sub(table).saturating_sub(rows_bytes)
    }

    /// How many threads compute.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// Whether [`Self::train_for`] would train.
    pub fn is_running(&self) -> bool {
        self.goal.is_some()
    }

    /// Epochs that ended.
    pub fn epoch(&self) -> u32 {
        self.project.as_ref().map_or(0, |project| project.model.position().epoch)
    }

    /// Steps since the start.
    pub fn step(&self) -> u64 {
        self.project.as_ref().map_or(0, |project| project.model.position().step)
    }

    /// Carries out a command. One that is not possible now changes nothing and is answered by `failed`, a network that
    /// is not possible by `rejected`.
    pub fn handle(&mut self, command: Command) -> Vec<Event> {
        let (name, request) = (command.name(), command.request());
        let refused = match &command {
            Command::Configure { model, .. } => Some(model.clone()),
            _ => None,
        };
        match self.carry_out(command) {
            Ok(events) => events,
            Err(error) => vec![match refused {
                Some(model) => {
                    let model = ModelSpec::parse(&model).ok();
                    let further_outputs = model.map(|model| model.further_outputs());
                    Event::Rejected { error, further_outputs }
                }
                None => Event::Failed { command: name, request, error },
            }],
        }
    }

    fn carry_out(&mut self, command: Command) -> Result<Vec<Event>, EngineError> {
        match command {
            Command::LoadBuiltin { name, options } => self.load_builtin(name, options),
            Command::ChangeTable { change } => self.change_table(change),
            Command::Configure { model, training, split, keep_weights } => {
                self.configure(Choices { model, training, split }, keep_weights.unwrap_or(false))
            }
            Command::Set { learning_rate, epochs } => self.set(learning_rate, epochs),
            Command::Play => self.play(),
            Command::Pause => Ok(self.stop_for_change()),
            Command::Step { unit } => self.step_by(unit),
            Command::Reset => self.reset(),
            Command::View { view } => {
                self.pictures.view = view;
                self.pictures.stale();
                Ok(vec![self.points_event()])
            }
            Command::Predict { request, rows } => {
                let project = self.project.as_mut().ok_or_else(failure::no_model)?;
                let rows = project.predict_raw(&rows)?;
                Ok(vec![Event::Prediction { request, rows }])
            }
            Command::Inspect { request, row } => {
                let project = self.project.as_mut().ok_or_else(failure::no_model)?;
                Ok(vec![Event::Inspection { request, sample: inspect(project, &row)? }])
            }
            Command::Evaluate { request, part } => {
                let project = self.project.as_mut().ok_or_else(failure::no_model)?;
                let evaluation = score::evaluate(project, part)?;
                Ok(vec![Event::Evaluation { request, evaluation }])
            }
            Command::Report { request, part, target } => {
                let project = self.project.as_mut().ok_or_else(failure::no_model)?;
                Ok(vec![Event::Report { request, report: report(project, part, target.unwrap_or(0))? }])
            }
            Command::LearningRates { request } => self.learning_rates(request),
            Command::RangeTest { request } => self.range_test(request),
            Command::Save { request } => self.save(request),
            Command::SaveKept { request, callback } => self.save_kept(request, callback),
            Command::RestoreKept { callback } => self.restore_kept(callback),
        }
    }

    fn configure(&mut self, choices: Choices, keep_weights: bool) -> Result<Vec<Event>, EngineError> {
        let source = self.source.as_ref().ok_or_else(failure::no_table)?;
        let before =
            self.project.as_ref().filter(|project| keep_weights && project.fits(&source.table.report()));
        // Weights mean something only with the encoding that they were trained with.
        let encoding = before.map(|project| project.encoding.clone());
        let room = |rows_bytes| self.room_beside(Some(source), rows_bytes);
        let mut project =
            Project::configure(&source.table, source.builtin.clone(), choices, encoding, &self.pool, room)?;
        let goes_on = before.is_some_and(|before| project.carry_over(before));
        let mut events = self.stop_for_change();
        let run = if goes_on { self.run } else { Run::default() };
        events.push(Event::Configured { summary: project.summary() });
        self.take_project(project, run);
        events.push(self.points_event());
        Ok(events)
    }

    /// Another network takes the place of the one before; its training stands at `run`.
    pub(crate) fn take_project(&mut self, project: Project, run: Run) {
        let flops = self.project.as_ref().map_or(0, Project::step_flops);
        self.speed = self.speed.of_another(flops);
        self.project = Some(project);
        self.goal = None;
        self.run = run;
        self.loss = None;
        self.last_train = None;
        self.pictures.another_network();
    }

    fn set(
        &mut self,
        learning_rate: Option<Value>,
        epochs: Option<Option<u32>>,
    ) -> Result<Vec<Event>, EngineError> {
        let project = self.project.as_mut().ok_or_else(failure::no_model)?;
        if let Some(schedule @ Value::Object(_)) = learning_rate {
            // The steps of a schedule are part of the plan.
            let mut choices = project.choices.clone();
            choices.training["optimizer"]["learning_rate"] = schedule;
            let mut events = self.configure(choices, true)?;
            events.extend(self.set(None, epochs)?);
            return Ok(events);
        }
        let learning_rate = learning_rate.map(|rate| rate.as_f64().unwrap_or(f64::NAN) as f32);
        if let Some(rate) = learning_rate.filter(|rate| !(rate.is_finite() && *rate > 0.0)) {
            let mut error = EngineError::new(
                "out_of_range",
                format!("training.optimizer.learning_rate: expected a number above 0, found {rate}"),
            )
            .at("training.optimizer.learning_rate");
            error.expected = Some("a number above 0".into());
            error.found = Some(rate.to_string());
            return Err(error);
        }
        if epochs == Some(Some(0)) {
            return Err(EngineError::new("out_of_range", "training.epochs: expected at least 1, found 0")
                .at("training.epochs"));
        }
        if let Some(rate) = learning_rate {
            project.set_learning_rate(rate);
        }
        if let Some(epochs) = epochs {
            project.choices.training["epochs"] = epochs.map_or(Value::Null, Value::from);
            if let Some(Goal::Epochs(limit)) = &mut self.goal {
                *limit = epochs;
            }
        }
        Ok(vec![])
    }

    fn reset(&mut self) -> Result<Vec<Event>, EngineError> {
        if self.project.is_none() {
            return Err(failure::no_model());
        }
        let mut events = self.stop_for_change();
        if let Some(project) = &mut self.project {
            project.reset();
        }
        self.run = Run::default();
        self.loss = None;
        self.last_train = None;
        self.pictures.another_network();
        events.push(Event::Reset);
        Ok(events)
    }

    pub(crate) fn points_event(&self) -> Event {
        let points = match (&self.source, &self.project) {
            (Some(source), Some(project)) => points(&source.table, project, &self.pictures.view),
            _ => None,
        };
        Event::Points { points }
    }
}
