//! Sequences of tokens with a class to be told at some of their steps:
//!
//! ```text
//! copy         c a b | . . .    ->  _ _ _   c a b
//! reverse      c a b | . . .    ->  _ _ _   b a c
//! addition     a b =            ->  _ _ (a + b) mod m
//! sums         a b c            ->  a (a + b) mod m (a + b + c) mod m
//! parentheses  ( ( ) ( ) )      ->  at the last step: whether all are closed, none before it was opened
//! ```
//!
//! At steps that are not asked for (`_`) the target is a class that the loss ignores.

use super::{Case, Data, Dice, Wanted, split};
use ndarray::Array2;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tabgrad_core::Target;

/// What is to be learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Copy,
    Reverse,
    /// A table of all sums, some of which were never seen.
    Addition,
    /// What a memory has to carry along.
    Sums,
    Parentheses,
}

/// How large a task is.
#[derive(Clone, Copy, Debug)]
pub struct Sequences {
    pub task: Task,
    /// Tokens to be copied or reversed, numbers to be added, parentheses.
    pub length: usize,
    /// How many different ones there are.
    pub symbols: usize,
    /// How many rows there are.
    pub rows: usize,
}

/// The target of steps that are not asked for.
const IGNORED: usize = 255;

/// A row: its tokens and what is to be told at each.
type Row = (Vec<usize>, Vec<usize>);

impl Sequences {
    /// Steps of a row.
    fn steps(&self) -> usize {
        match self.task {
            Task::Copy | Task::Reverse => 2 * self.length,
            Task::Addition => self.length + 1,
            Task::Sums | Task::Parentheses => self.length,
        }
    }

    /// Different tokens: the symbols and one more.
    fn tokens(&self) -> usize {
        self.symbols + 1
    }

    fn classes(&self) -> usize {
        self.symbols
    }

    /// All rows, no two of which are alike.
    fn rows(&self, dice: &mut Dice) -> Vec<Row> {
        if self.task == Task::Addition {
            let count = self.symbols.pow(self.length as u32);
            let digits =
                |i: usize| (0..self.length as u32).map(move |d| i / self.symbols.pow(d) % self.symbols);
            return (0..count).map(|i| self.row(digits(i).collect())).collect();
        }
        let mut seen = BTreeSet::new();
        while seen.len() < self.rows {
            let tokens = match self.task {
                Task::Parentheses => parentheses(self.length, dice),
                _ => (0..self.length).map(|_| dice.below(self.symbols)).collect(),
            };
            seen.insert(tokens);
        }
        seen.into_iter().map(|tokens| self.row(tokens)).collect()
    }

    /// A row of what is given.
    fn row(&self, given: Vec<usize>) -> Row {
        let blank = self.symbols;
        let not_asked = vec![IGNORED; given.len()];
        match self.task {
            Task::Copy => {
                let answer = given.clone();
                ([given, vec![blank; self.length]].concat(), [not_asked, answer].concat())
            }
            Task::Reverse => {
                let answer = given.iter().rev().copied().collect();
                ([given, vec![blank; self.length]].concat(), [not_asked, answer].concat())
            }
            Task::Addition => {
                let sum = given.iter().sum::<usize>() % self.symbols;
                ([given, vec![blank]].concat(), [not_asked, vec![sum]].concat())
            }
            Task::Sums => {
                let sums = given.iter().scan(0, |sum, number| {
                    *sum = (*sum + number) % self.symbols;
                    Some(*sum)
                });
                let answer = sums.collect();
                (given, answer)
            }
            Task::Parentheses => {
                let mut answer = not_asked;
                if let Some(last) = answer.last_mut() {
                    *last = usize::from(is_balanced(&given));
                }
                (given, answer)
            }
        }
    }
}

/// Whether every parenthesis (0 opens, 1 closes) has its other one.
fn is_balanced(row: &[usize]) -> bool {
    let mut depth = 0i32;
    row.iter().all(|&it| {
        depth += if it == 0 { 1 } else { -1 };
        depth >= 0
    }) && depth == 0
}

/// Parentheses: half of them balanced, the others with as many that open as close, or with one turned around.
fn parentheses(length: usize, dice: &mut Dice) -> Vec<usize> {
    loop {
        let order = dice.order(length);
        let mut row: Vec<usize> = order.into_iter().map(|i| i % 2).collect();
        match dice.below(4) {
            // As it is: hardly ever balanced.
            0 => return row,
            1 => {
                let at = dice.below(length);
                row[at] = 1 - row[at];
                return row;
            }
            _ if is_balanced(&row) => return row,
            _ => {}
        }
    }
}

/// The rows of a task, four of five to train on, for a model that is asked at every step.
fn case(it: &Sequences, layers: Value, epochs: usize) -> Case {
    let mut dice = Dice::new(it.length as u64);
    let rows = it.rows(&mut dice);
    let steps = it.steps();
    let matrix = |of: &dyn Fn(&Row) -> &Vec<usize>| {
        let flat = rows.iter().flat_map(|row| of(row).iter().map(|&token| token as f32)).collect();
        Array2::from_shape_vec((rows.len(), steps), flat).expect("as many tokens in every row")
    };
    let all = Data { x: matrix(&|row| &row.0), y: matrix(&|row| &row.1) };
    let (train, test) = split(&all, 0.8, &mut dice);
    Case {
        layers,
        loss: json!({"type": "sparse_categorical_crossentropy", "from_logits": true, "ignore_class": IGNORED}),
        optimizer: json!({"type": "adamw", "weight_decay": 0.3, "global_clipnorm": 1.0}),
        learning_rate: 0.01,
        batch_size: 32,
        epochs,
        target: Target::Sequence { classes: it.classes(), length: steps },
        train,
        test,
        wanted: Wanted::Accuracy(0.99),
    }
}

/// An embedding, an LSTM, and a dense layer at every step. Without weight decay it learns one row in a hundred by heart.
pub fn lstm(it: &Sequences, units: usize, epochs: usize) -> Case {
    let layers = json!([
        {"type": "embedding", "input_dim": it.tokens(), "output_dim": 16},
        {"type": "lstm", "units": units, "return_sequences": true},
        {"type": "dense", "units": it.classes()}]);
    case(it, layers, epochs)
}

/// A tiny GPT: tokens and positions, causal transformer blocks, a normalization, and a dense layer at every step. Weight decay is
/// what makes it find the rule behind an addition table instead of learning it by heart (Power et al., "Grokking", 2022).
pub fn gpt(it: &Sequences, width: usize, blocks: usize, epochs: usize) -> Case {
    let block = json!({"type": "transformer_block", "intermediate_dim": 4 * width, "num_heads": 4, "use_causal_mask": true,
        "normalize_first": true, "activation": "gelu"});
    let mut layers = vec![
        json!({"type": "embedding", "input_dim": it.tokens(), "output_dim": width}),
        json!({"type": "position_embedding"}),
    ];
    layers.extend(vec![block; blocks]);
    layers.extend([json!({"type": "layer_normalization"}), json!({"type": "dense", "units": it.classes()})]);
    let optimizer = json!({"type": "adamw", "weight_decay": 1.0, "beta_2": 0.98});
    Case { optimizer, learning_rate: 0.003, batch_size: 64, ..case(it, layers.into(), epochs) }
}
