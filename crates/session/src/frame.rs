//! Pictures of the training: what is in a frame, and when one is due, so that drawing takes its share of the time and no
//! more.

use crate::pace::Pace;
use crate::plane;
use crate::protocol::{Event, Frame, Part, View};
use crate::sample::sample;
use crate::score;
use crate::session::Session;

/// Share of the time that frames may take from training.
const FRAME_SHARE: f64 = 0.3;
/// Share of the time that scoring the test rows may take.
const TEST_SHARE: f64 = 0.1;

/// What the page looks at, and what it has not seen of it.
pub struct Pictures {
    pub view: View,
    /// Something in a frame is not what the page last saw.
    is_stale: bool,
    /// The weights changed since the test rows were scored.
    is_test_stale: bool,
    frames: Pace,
    tests: Pace,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            view: View::default(),
            is_stale: true,
            is_test_stale: true,
            frames: Pace::new(FRAME_SHARE),
            tests: Pace::new(TEST_SHARE),
        }
    }
}

impl Pictures {
    /// The weights changed.
    pub fn trained(&mut self) {
        self.is_stale = true;
        self.is_test_stale = true;
    }

    /// Something changed that the user waits to see: the next frame is due at once.
    pub fn stale(&mut self) {
        self.is_stale = true;
        self.frames.forget();
    }

    /// Everything changed.
    pub fn another_network(&mut self) {
        self.trained();
        self.stale();
        self.tests.forget();
    }
}

impl Session {
    /// The next picture, when there is something new and it is due.
    pub fn frame(&mut self, clock: &dyn Fn() -> f64) -> Option<Event> {
        let running = self.is_running();
        let pictures = &mut self.pictures;
        let project = self.project.as_mut()?;
        let begin = clock();
        if !pictures.is_stale || !pictures.frames.allows(begin) {
            return None;
        }
        let view = pictures.view;
        let test = if pictures.is_test_stale && (!running || pictures.tests.allows(begin)) {
            pictures.is_test_stale = false;
            let test = score::evaluate(project, Part::Test).ok();
            pictures.tests.done(begin, clock());
            test
        } else {
            None
        };
        let position = project.model.position();
        let drawn = clock();
        let frame = Frame {
            epoch: position.epoch,
            step: position.step,
            steps_per_epoch: project.steps_per_epoch(),
            running,
            rows_per_second: self.speed.rows_per_second,
            learning_rate: f64::from(project.model.learning_rate()),
            loss: self.loss,
            history: project.history.take_unsent(),
            kept: project.kept(),
            weights: view.weights.then(|| project.model.parameters().to_vec()),
            surface: plane::surface(project, &view),
            curve: plane::curve(project, &view),
            neurons: plane::neurons(project, &view),
            sample: sample(project, self.source.as_ref().map(|source| &source.table), &view),
            test,
        };
        pictures.frames.done(drawn, clock());
        pictures.is_stale = false;
        Some(Event::Frame { frame: Box::new(frame) })
    }
}
