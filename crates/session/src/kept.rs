//! What callbacks keep: states of the model, and a log. Both can be had as files; a state can take the place of the present
//! one.

use tabgrad_core::State;

use crate::failure;
use crate::history::History;
use crate::project::Project;
use crate::protocol::{EngineError, Event, Kept};
use crate::saved;
use crate::session::Session;

/// The newest state that a `model_checkpoint` handed out.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// The callback's place in the list.
    pub callback: usize,
    /// Epochs that had ended.
    pub epoch: u32,
    /// The model as it was then.
    pub state: State,
}

impl Project {
    /// Takes the place of what the same callbacks handed out before.
    pub fn keep(&mut self, states: Vec<(usize, State)>) {
        let epoch = self.model.position().epoch;
        for (callback, state) in states {
            self.checkpoints.retain(|kept| kept.callback != callback);
            self.checkpoints.push(Checkpoint { callback, epoch, state });
        }
    }

    /// What there is to be had of callbacks.
    pub fn kept(&self) -> Vec<Kept> {
        let states = self.checkpoints.iter().map(|kept| Kept { callback: kept.callback, epoch: kept.epoch });
        let logs = (0..self.callbacks()).filter(|&callback| self.log(callback).is_some());
        states.chain(logs.map(|callback| Kept { callback, epoch: self.model.position().epoch })).collect()
    }

    /// How many callbacks the training has.
    fn callbacks(&self) -> usize {
        self.choices.training["callbacks"].as_array().map_or(0, Vec::len)
    }

    fn log(&self, callback: usize) -> Option<&str> {
        self.model.callback_text(callback).filter(|text| !text.is_empty())
    }

    fn checkpoint(&self, callback: usize) -> Option<&Checkpoint> {
        self.checkpoints.iter().find(|kept| kept.callback == callback)
    }
}

impl Session {
    /// What a callback has kept, as a file: a log as text, a state as a model.
    pub(crate) fn save_kept(&self, request: u32, callback: usize) -> Result<Vec<Event>, EngineError> {
        let project = self.project.as_ref().ok_or_else(failure::no_model)?;
        let stem = saved::stem(project);
        if let Some(text) = project.log(callback) {
            let name = format!("{stem} log.csv");
            return Ok(vec![Event::Saved { request, name, bytes: text.as_bytes().to_vec() }]);
        }
        let kept = project.checkpoint(callback).ok_or_else(|| nothing_kept(callback))?;
        let mut history = project.history.clone();
        history.forget_after(kept.epoch);
        let name = format!("{stem} epoch {}.tabgrad", kept.epoch);
        Ok(vec![Event::Saved { request, name, bytes: saved::write_checkpoint(project, kept, history)? }])
    }

    /// The model goes back to a state that a callback has kept.
    pub(crate) fn restore_kept(&mut self, callback: usize) -> Result<Vec<Event>, EngineError> {
        let mut events = self.stop_for_change();
        let project = self.project.as_mut().ok_or_else(failure::no_model)?;
        let kept = project.checkpoint(callback).ok_or_else(|| nothing_kept(callback))?;
        let (epoch, state) = (kept.epoch, kept.state.clone());
        project.model.restore(&state)?;
        let history: &mut History = &mut project.history;
        history.forget_after(epoch);
        self.loss = None;
        self.last_train = None;
        self.pictures.another_network();
        events.push(Event::WentBack { epoch });
        Ok(events)
    }
}

fn nothing_kept(callback: usize) -> EngineError {
    EngineError::new(
        "nothing_kept",
        "This callback has kept nothing yet: train for an epoch, then there is something to take.",
    )
    .at(format!("training.callbacks[{callback}]"))
}
