//! Whole models that learn, each judged once, on rows that it has never seen: one list, trained natively
//! (`crates/core/tests/learning.rs`) and in Chromium (`tests/wasm/learning.rs`) by the same lines.

mod digits;
mod recommender;
mod sequences;

use ndarray::{Array2, Axis};
use serde_json::{Value, json};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Rows, Scores, Target, TrainingSpec};

use recommender::recommender;
use sequences::{Sequences, Task};

/// Features and targets.
pub struct Data {
    pub x: Array2<f32>,
    pub y: Array2<f32>,
}

impl Data {
    fn rows(&self) -> Rows<'_> {
        Rows::new(self.x.view(), self.y.view())
    }

    /// Some of the rows.
    fn pick(&self, rows: &[usize]) -> Self {
        Self { x: self.x.select(Axis(0), rows), y: self.y.select(Axis(0), rows) }
    }
}

/// A model, how it is trained, and on what.
pub struct Case {
    pub layers: Value,
    pub loss: Value,
    /// Its learning rate falls to zero by a cosine, from this one.
    pub optimizer: Value,
    pub learning_rate: f64,
    pub batch_size: usize,
    pub epochs: usize,
    pub target: Target,
    pub train: Data,
    /// Rows that are not among those trained on.
    pub test: Data,
    pub wanted: Wanted,
}

/// What must come out on the rows that were held out.
#[derive(Clone, Copy)]
pub enum Wanted {
    /// A larger share of right answers.
    Accuracy(f32),
    /// A smaller loss.
    LossBelow(f32),
}

impl Case {
    /// Trains for all epochs, then scores the rows that were held out.
    pub fn learn(&self) -> Scores {
        let steps = self.epochs * self.train.x.nrows().div_ceil(self.batch_size);
        let mut optimizer = self.optimizer.clone();
        optimizer["learning_rate"] = json!({"type": "cosine_decay", "initial_learning_rate": self.learning_rate, "decay_steps": steps});
        let metrics = match self.wanted {
            Wanted::Accuracy(_) => vec!["accuracy"],
            Wanted::LossBelow(_) => vec![],
        };
        let training = json!({"loss": self.loss, "optimizer": optimizer, "metrics": metrics,
            "batch_size": self.batch_size, "seed": 1});
        let mut model = self.compile(&training);
        while (model.position().epoch as usize) < self.epochs {
            let trained = model.train(&self.train.rows(), usize::MAX);
            let trained = trained.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(trained.diverged, None);
        }
        let scores = model.evaluate(&self.test.rows()).unwrap_or_else(|error| panic!("{error}"));
        scores.expect("the loss is finite")
    }

    fn compile(&self, training: &Value) -> Model {
        let model = ModelSpec::parse(&json!({"version": 1, "layers": self.layers}));
        let model = model.unwrap_or_else(|error| panic!("{error}"));
        let training = TrainingSpec::parse(training).unwrap_or_else(|error| panic!("{error}"));
        let io = Io::single(vec![self.train.x.ncols()], self.target);
        Model::compile(&model, &training, &io, Pool::single()).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Everything that must be learned. Sizes and numbers of epochs were found by trying: small, with room for other seeds.
pub fn every_case() -> Vec<(&'static str, Case)> {
    let five = |task| Sequences { task, length: 5, symbols: 5, rows: 3100 };
    let sums = Sequences { task: Task::Sums, length: 6, symbols: 7, rows: 2000 };
    let table = Sequences { task: Task::Addition, length: 2, symbols: 29, rows: 29 * 29 };
    let brackets = Sequences { task: Task::Parentheses, length: 16, symbols: 2, rows: 3000 };
    vec![
        ("LSTM: copy", sequences::lstm(&five(Task::Copy), 64, 30)),
        ("LSTM: reverse", sequences::lstm(&five(Task::Reverse), 64, 20)),
        ("LSTM: modular addition", sequences::lstm(&sums, 48, 20)),
        ("LSTM: parentheses", sequences::lstm(&brackets, 32, 8)),
        ("GPT: copy", sequences::gpt(&five(Task::Copy), 32, 2, 5)),
        ("GPT: reverse", sequences::gpt(&five(Task::Reverse), 32, 2, 5)),
        ("GPT: modular addition", sequences::gpt(&table, 48, 1, 280)),
        ("GPT: parentheses", sequences::gpt(&brackets, 32, 2, 14)),
        ("two towers", recommender()),
        ("digits: VGG", digits::vgg()),
        ("digits: residual network", digits::residual()),
        ("digits: autoencoder", digits::autoencoder()),
    ]
}

/// Trains the case of this name, and fails if it does not do well on the rows that were held out. Gives the sentence to print.
pub fn learns(name: &str) -> String {
    let (_, case) = every_case().into_iter().find(|(it, _)| *it == name).expect("a case of the list");
    let scores = case.learn();
    match case.wanted {
        Wanted::Accuracy(least) => {
            let accuracy = scores.metrics["accuracy"];
            assert!(accuracy > least, "{name}: {accuracy} of the held-out answers are right");
            format!("{name}: {accuracy} of the held-out answers are right")
        }
        Wanted::LossBelow(most) => {
            assert!(scores.loss < most, "{name}: a held-out loss of {}, wanted below {most}", scores.loss);
            format!("{name}: a held-out loss of {}, wanted below {most}", scores.loss)
        }
    }
}

/// Numbers from a seed: a linear congruential generator that belongs to these tests alone.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.uniform() * n as f64) as usize
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of mean 0 and variance 1, near enough to normal: a sum of twelve.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// 0 to n - 1 in random order.
    pub fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, self.below(i + 1));
        }
        order
    }
}

/// The first rows of a random order for training, as many as `share` says, the others for testing.
fn split(all: &Data, share: f64, dice: &mut Dice) -> (Data, Data) {
    let order = dice.order(all.x.nrows());
    let (train, test) = order.split_at((order.len() as f64 * share) as usize);
    (all.pick(train), all.pick(test))
}
