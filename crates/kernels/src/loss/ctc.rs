//! Connectionist temporal classification: the probability of a sequence of labels, over all ways to stretch it with
//! blanks and repetitions over the steps (Graves et al., 2006, section 4; in logarithms throughout).
//!
//! ```text
//! labels  a b b       states  _ a _ b _ b _       alpha[step][state]: all ways there; beta: all ways on from there
//! ```
//!
//! Class 0 is the blank, as in Keras, and a label of 0 ends the sequence or is left out.

use super::{Pairs, row_of};
use crate::math;
use crate::softmax;

/// `ln 0`, kept finite: as Keras has it.
const NEVER: f32 = -1e5;

/// f32 of room that [`ctc`] needs for rows of so many steps and labels.
pub fn ctc_room(steps: usize, classes: usize, labels: usize) -> usize {
    let states = 2 * labels + 1;
    steps * (classes + states) + 2 * states
}

/// Minus the logarithm of the probability of each row's labels. `x` is `(rows, steps * classes)` of logits, the target
/// `(rows, labels)` of class numbers; `cols` is steps * classes and `is_class` has no meaning. `room` is
/// [`ctc_room`] long. Labels that need more steps than there are cost about 100,000.
pub fn ctc(
    classes: usize,
    labels: usize,
    pairs: &Pairs<'_>,
    room: &mut [f32],
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    assert!(classes > 0 && pairs.cols.is_multiple_of(classes));
    assert!(pairs.x.len() == pairs.rows * pairs.cols && pairs.target.len() == pairs.rows * labels);
    assert!(row_loss.len() == pairs.rows && (d_x.is_empty() || d_x.len() == pairs.x.len()));
    let steps = pairs.cols / classes;
    let states_most = 2 * labels + 1;
    let (logs, room) = room.split_at_mut(steps * classes);
    let (alpha, room) = room.split_at_mut(steps * states_most);
    let (beta, next) = room[..2 * states_most].split_at_mut(states_most);
    for (i, row_loss) in row_loss.iter_mut().enumerate() {
        let weight = pairs.weight(i);
        let d_x = row_of(d_x, i, pairs.cols);
        d_x.fill(0.0);
        *row_loss = 0.0;
        if weight == 0.0 || steps == 0 {
            continue;
        }
        log_softmax(classes, pairs.outputs(i), logs);
        let sequence = Sequence { labels: &pairs.target[i * labels..][..labels], logs, classes };
        let states = 2 * sequence.len() + 1;
        sequence.forward(&mut alpha[..steps * states]);
        let end = &alpha[(steps - 1) * states..steps * states];
        let log_total = log_add(end[states - 1], if states > 1 { end[states - 2] } else { NEVER });
        *row_loss = weight * -log_total;
        if !d_x.is_empty() {
            let (alpha, beta, next) = (&alpha[..steps * states], &mut beta[..states], &mut next[..states]);
            sequence.backward(alpha, beta, next, log_total, weight * pairs.factor, d_x);
        }
    }
}

/// The labels of one row and `ln softmax(x)` of its steps.
struct Sequence<'a> {
    labels: &'a [f32],
    logs: &'a [f32],
    classes: usize,
}

impl Sequence<'_> {
    /// How many labels there are: Keras counts those that are not 0.
    fn len(&self) -> usize {
        self.labels.iter().filter(|&&label| label != 0.0).count()
    }

    /// The class that a state stands for: every other one is the blank.
    fn class(&self, state: usize) -> usize {
        if state.is_multiple_of(2) { 0 } else { self.labels[state / 2] as usize }
    }

    /// `ln` of the probability of a state's class in a step; a class that is none never comes.
    fn log(&self, step: usize, state: usize) -> f32 {
        let class = self.class(state);
        if class < self.classes { self.logs[step * self.classes + class] } else { NEVER }
    }

    /// Whether a way may go on to this state over the blank before it.
    fn may_skip_to(&self, state: usize) -> bool {
        state >= 2 && state % 2 == 1 && self.class(state) != self.class(state - 2)
    }

    /// `alpha[step][state]`: ln of the probability of all ways to be there, its own class included.
    fn forward(&self, alpha: &mut [f32]) {
        let steps = self.logs.len() / self.classes;
        let states = alpha.len() / steps;
        for step in 0..steps {
            for state in 0..states {
                let before = |state: usize| alpha[(step - 1) * states + state];
                let mut way = if step == 0 { if state < 2 { 0.0 } else { NEVER } } else { before(state) };
                if step > 0 && state >= 1 {
                    way = log_add(way, before(state - 1));
                }
                if step > 0 && self.may_skip_to(state) {
                    way = log_add(way, before(state - 2));
                }
                alpha[step * states + state] = way + self.log(step, state);
            }
        }
    }

    /// `d_x = scale * (softmax(x) - share of the ways that are at each class)`; `beta[state]` is ln of the probability
    /// of all ways on from there, its own class not included.
    fn backward(
        &self,
        alpha: &[f32],
        beta: &mut [f32],
        next: &mut [f32],
        log_total: f32,
        scale: f32,
        d_x: &mut [f32],
    ) {
        let steps = self.logs.len() / self.classes;
        let states = beta.len();
        for step in (0..steps).rev() {
            for state in 0..states {
                beta[state] = if step + 1 == steps {
                    if state + 2 >= states { 0.0 } else { NEVER }
                } else {
                    // `next` has the class of the later step in it.
                    let mut way = next[state];
                    if state + 1 < states {
                        way = log_add(way, next[state + 1]);
                    }
                    if state + 2 < states && self.may_skip_to(state + 2) {
                        way = log_add(way, next[state + 2]);
                    }
                    way
                };
            }
            let d_x = &mut d_x[step * self.classes..][..self.classes];
            for (d, &log) in d_x.iter_mut().zip(&self.logs[step * self.classes..]) {
                *d = scale * math::exp_of(log);
            }
            for state in 0..states {
                let share = math::exp_of(alpha[step * states + state] + beta[state] - log_total);
                if let Some(d) = d_x.get_mut(self.class(state)) {
                    *d -= scale * share;
                }
                next[state] = beta[state] + self.log(step, state);
            }
        }
    }
}

/// `ln(e^a + e^b)`.
fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a < b { (b, a) } else { (a, b) };
    high + math::ln_of(1.0 + math::exp_of(low - high))
}

/// `y = ln softmax(x)`, rows of `cols`.
fn log_softmax(cols: usize, x: &[f32], y: &mut [f32]) {
    for (x, y) in x.chunks_exact(cols).zip(y.chunks_exact_mut(cols)) {
        let (largest, total) = crate::on_lanes!(l => softmax::largest_and_total(l, x));
        let log_total = math::ln_of(total);
        for (y, &x) in y.iter_mut().zip(x) {
            *y = (x - largest) - log_total;
        }
    }
}
