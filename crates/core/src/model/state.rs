//! Everything that training has changed, by name: what a saved model needs to go on to the bit.

use super::Model;
use super::callbacks::CallbackState;
use crate::arena::Arena;
use crate::error::{Code, Error};
use crate::program::{Course, Tally};
use tabgrad_json::record_fields;

/// The state of a model between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Weights (`dense/kernel`), moving statistics (`batch_normalization/moving_mean`) and what the optimizer keeps
    /// (`optimizer/dense/kernel/momentum`), and weights that callbacks keep (`callbacks/0/dense/kernel`).
    pub tensors: Vec<StateTensor>,
    /// Where training stood.
    pub progress: SavedProgress,
}

/// One named tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct StateTensor {
    /// Its name, unique in the state.
    pub name: String,
    /// Row-major.
    pub shape: Vec<usize>,
    /// As many as the shape says.
    pub values: Vec<f32>,
}

/// Where training stood, down to the sums of the epoch's loss and metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SavedProgress {
    course: Course,
    learning_rate: Option<f32>,
    tally: Tally,
    /// Where the callbacks of the training stand; files from before there were any have none.
    callbacks: Option<Vec<CallbackState>>,
    /// What training subtracts to count its epochs; nothing for 0.
    epoch_offset: Option<i64>,
}

record_fields!(open SavedProgress { course, learning_rate, tally, callbacks, epoch_offset, });

impl SavedProgress {
    /// The learning rate that was set in place of the training's own, if one was.
    pub fn learning_rate(&self) -> Option<f32> {
        self.learning_rate
    }
}

/// What the names of weights that callbacks keep begin with.
const KEPT: &str = "callbacks/";

fn kept_name(callback: usize, name: &str) -> String {
    format!("{KEPT}{callback}/{name}")
}

/// One tensor of a model's state: where it lies.
struct Entry<'a> {
    name: String,
    shape: Vec<usize>,
    arena: &'a Arena,
    start: usize,
    len: usize,
}

impl Model {
    /// A copy of everything that training has changed.
    pub fn state(&self) -> State {
        let tensors = self.entries().map(|entry| StateTensor {
            values: entry.arena.as_slice()[entry.start..entry.start + entry.len].to_vec(),
            name: entry.name,
            shape: entry.shape,
        });
        let progress = SavedProgress {
            course: self.course,
            learning_rate: self.learning_rate,
            tally: self.tally.clone(),
            callbacks: Some(self.callbacks.iter().map(|it| it.state.clone()).collect()),
            epoch_offset: Some(self.epoch_offset).filter(|&offset| offset != 0),
        };
        State { tensors: tensors.chain(self.best_weights()).collect(), progress }
    }

    /// Puts a state back. It must be of the same layers and the same optimizer; if it is not, nothing is changed.
    ///
    /// # Errors
    /// [`Code::State`] with the path of the first tensor (`state.dense/kernel`) that is missing, of another shape or
    /// not of this model, or of `state.progress` where that counts other metrics. Nothing is changed then.
    pub fn restore(&mut self, state: &State) -> Result<(), Error> {
        let found = self.entries().map(|entry| find(&entry, state)).collect::<Result<Vec<_>, _>>()?;
        if let Some(foreign) = state
            .tensors
            .iter()
            .find(|it| !it.name.starts_with(KEPT) && !found.iter().any(|f| f.name == it.name))
        {
            let path = format!("state.{}", foreign.name);
            return Err(Error::new(Code::State, path, "no such tensor in this model", "one"));
        }
        if !state.progress.tally.fits(&self.plan.scores) {
            let found = "sums of other ones";
            return Err(Error::new(Code::State, "state.progress", "sums of this training's metrics", found));
        }
        let values: Vec<&[f32]> = found.iter().map(|tensor| tensor.values.as_slice()).collect();
        let (weights, rest) = values.split_at(self.plan.parameters.len());
        let (statistics, slots) = rest.split_at(self.plan.statistics.len());
        fill(&mut self.memory.parameters, weights);
        fill(&mut self.memory.statistics, statistics);
        let (slots, factors) = slots.split_at(self.plan.parameters.len() * self.memory.slots.len());
        for (arena, slot) in self.memory.slots.iter_mut().zip(slots.chunks(weights.len().max(1))) {
            fill(arena, slot);
        }
        fill(&mut self.memory.factors, factors);
        self.course = state.progress.course;
        self.learning_rate = state.progress.learning_rate;
        self.tally = state.progress.tally.clone();
        self.restore_callbacks(state);
        self.epoch_offset = state.progress.epoch_offset.unwrap_or(0);
        self.way_back.forget();
        Ok(())
    }

    /// The weights that callbacks keep, by the names of weights and statistics.
    fn best_weights(&self) -> impl Iterator<Item = StateTensor> + '_ {
        let kept = self.callbacks.iter().enumerate();
        kept.filter_map(|(i, it)| it.best_weights.as_ref().map(|kept| (i, kept))).flat_map(
            move |(i, [weights, statistics])| {
                let values = move |it: &Entry<'_>, from: &[f32]| StateTensor {
                    name: kept_name(i, &it.name),
                    shape: it.shape.clone(),
                    values: from[it.start..it.start + it.len].to_vec(),
                };
                let count = self.plan.parameters.len();
                let all = self.entries().take(count + self.plan.statistics.len()).enumerate();
                all.map(move |(at, it)| values(&it, if at < count { weights } else { statistics }))
            },
        )
    }

    /// Puts the callbacks back where they stood; those of another list begin anew.
    fn restore_callbacks(&mut self, state: &State) {
        self.begin_training();
        let Some(saved) = state.progress.callbacks.as_ref().filter(|it| it.len() == self.callbacks.len())
        else {
            return;
        };
        for (i, saved) in saved.iter().enumerate() {
            let count = self.plan.parameters.len();
            let mut kept = [vec![0.0; self.memory.parameters.len()], vec![0.0; self.memory.statistics.len()]];
            let mut is_whole = true;
            for (at, it) in self.entries().take(count + self.plan.statistics.len()).enumerate() {
                let name = kept_name(i, &it.name);
                let found = state.tensors.iter().find(|tensor| tensor.name == name);
                match found.filter(|tensor| tensor.values.len() == it.len) {
                    Some(tensor) => kept[usize::from(at >= count)][it.start..it.start + it.len]
                        .copy_from_slice(&tensor.values),
                    None => is_whole = false,
                }
            }
            self.callbacks[i].state = saved.clone();
            self.callbacks[i].best_weights = is_whole.then_some(kept);
        }
    }

    /// Takes every weight and moving statistic of `state` whose name and shape are also this model's; the optimizer and
    /// the position stay. Returns how many tensors were taken.
    pub fn restore_weights(&mut self, state: &State) -> usize {
        let find = |name: &str, shape: &[usize], len: usize| {
            let fits = |it: &&StateTensor| it.name == name && it.shape == shape && it.values.len() == len;
            state.tensors.iter().find(fits)
        };
        let mut taken = 0;
        for it in &self.plan.parameters {
            if let Some(tensor) = find(&it.name, &it.shape, it.span.len) {
                fill_at(&mut self.memory.parameters, it.span.start, &tensor.values);
                taken += 1;
            }
        }
        for it in &self.plan.statistics {
            if let Some(tensor) = find(&it.name, &[it.span.len], it.span.len) {
                fill_at(&mut self.memory.statistics, it.span.start, &tensor.values);
                taken += 1;
            }
        }
        self.begin_average();
        self.way_back.forget();
        taken
    }

    /// All tensors of the state in a fixed order: weights, statistics, then slot by slot for all weights, then factors.
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let plan = &self.plan;
        let weights = plan.parameters.iter().map(|it| Entry {
            name: it.name.clone(),
            shape: it.shape.clone(),
            arena: &self.memory.parameters,
            start: it.span.start,
            len: it.span.len,
        });
        let statistics = plan.statistics.iter().map(|it| Entry {
            name: it.name.clone(),
            shape: vec![it.span.len],
            arena: &self.memory.statistics,
            start: it.span.start,
            len: it.span.len,
        });
        let slots = plan.update.slots.iter().zip(&self.memory.slots).flat_map(|(slot, arena)| {
            plan.parameters.iter().map(move |it| Entry {
                name: format!("optimizer/{}/{}", it.name, slot.name),
                shape: it.shape.clone(),
                arena,
                start: it.span.start,
                len: it.span.len,
            })
        });
        let factors = plan.update.factors.iter().filter(|it| it.span.len > 0).map(|it| Entry {
            name: format!("optimizer/{}", it.name),
            shape: it.shape.clone(),
            arena: &self.memory.factors,
            start: it.span.start,
            len: it.span.len,
        });
        weights.chain(statistics).chain(slots).chain(factors)
    }
}

/// The tensor for an entry: of its name, of its shape, all finite.
fn find<'a>(entry: &Entry<'_>, state: &'a State) -> Result<&'a StateTensor, Error> {
    let path = format!("state.{}", entry.name);
    let expected = format!("a tensor of shape {:?}", entry.shape);
    let Some(tensor) = state.tensors.iter().find(|tensor| tensor.name == entry.name) else {
        return Err(Error::new(Code::State, path, expected, "none"));
    };
    if tensor.shape != entry.shape || tensor.values.len() != entry.len {
        let found = format!("shape {:?} and {} values", tensor.shape, tensor.values.len());
        return Err(Error::new(Code::State, path, expected, found));
    }
    if !tensor.values.iter().all(|value| value.is_finite()) {
        return Err(Error::new(Code::State, path, "finite numbers", "infinity or NaN"));
    }
    Ok(tensor)
}

/// Fills an arena with tensors that lie in it one after the other.
fn fill(arena: &mut Arena, tensors: &[&[f32]]) {
    let mut start = 0;
    for values in tensors {
        fill_at(arena, start, values);
        start += values.len();
    }
}

fn fill_at(arena: &mut Arena, start: usize, values: &[f32]) {
    arena.as_mut_slice()[start..start + values.len()].copy_from_slice(values);
}
