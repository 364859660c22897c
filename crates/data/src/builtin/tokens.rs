//! Sequences of tokens with a question about each: a column for every place, and one for the answer.
//!
//! ```text
//! parentheses   ( ( ) ( ) )   balanced      ( ) ) ( ( )   not balanced
//! repeats       d a c d b     again         d a c b b     not again        whether the first letter comes again
//! ```

use tabgrad_kernels::rng::{Purpose, Stream};

use super::{BuiltinOptions, Made, rows_of};
use crate::error::Error;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    Parentheses,
    Repeats,
}

/// Names of the places; a set has as many of them as its sequences are long.
const PLACES: [&str; 16] = [
    "token_0", "token_1", "token_2", "token_3", "token_4", "token_5", "token_6", "token_7", "token_8",
    "token_9", "token_10", "token_11", "token_12", "token_13", "token_14", "token_15",
];
const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
const ROWS: u32 = 1000;

impl Question {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "parentheses" => Some(Self::Parentheses),
            "repeats" => Some(Self::Repeats),
            _ => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Parentheses => 16,
            Self::Repeats => 8,
        }
    }

    fn origin(self) -> &'static str {
        match self {
            Self::Parentheses => "Made up: strings of 16 parentheses; half of them are balanced",
            Self::Repeats => "Made up: 8 letters; in half of the rows the first one comes again",
        }
    }
}

/// Random numbers of one row, one after the other.
struct Draw {
    stream: Stream,
    next: u64,
}

impl Draw {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        let [word, ..] = self.stream.block(self.next);
        self.next += 1;
        // For ends this small what is not even is far below what anyone could see.
        ((u64::from(word) * end as u64) >> 32) as usize
    }
}

/// Makes a set.
///
/// # Errors
/// If an option is out of its range.
pub(crate) fn make(question: Question, options: &BuiltinOptions) -> Result<Made, Error> {
    let rows = rows_of(options, ROWS)?;
    let length = question.length();
    let mut columns = vec![Vec::with_capacity(rows as usize); length + 1];
    for row in 0..rows {
        let mut draw = Draw { stream: Stream::new(options.seed, Purpose::Synthetic, row), next: 0 };
        let yes = row % 2 == 0;
        let (tokens, answer) = match question {
            Question::Parentheses => (parentheses(length, yes, &mut draw), ["unbalanced", "balanced"]),
            Question::Repeats => (repeats(length, yes, &mut draw), ["not again", "again"]),
        };
        for (column, token) in columns.iter_mut().zip(tokens) {
            column.push(token.to_owned());
        }
        columns[length].push(answer[usize::from(yes)].to_owned());
    }
    let answer = match question {
        Question::Parentheses => "parentheses",
        Question::Repeats => "first letter",
    };
    let names = PLACES[..length].iter().copied().chain([answer]).collect();
    Ok(Made { names, columns, origin: question.origin().to_owned() })
}

/// As many opening as closing ones, so that counting them tells nothing: balanced if no beginning has more closing ones.
fn parentheses(length: usize, balanced: bool, draw: &mut Draw) -> Vec<&'static str> {
    loop {
        let mut left = [length / 2; 2];
        let mut depth = 0_usize;
        let mut is_balanced = true;
        let mut tokens = Vec::with_capacity(length);
        for place in 0..length {
            // A balanced one never closes what is not open; else both are as likely as they are left.
            let closes = left[0] == 0
                || left[1] > 0 && !(balanced && depth == 0) && draw.below(length - place) < left[1];
            left[usize::from(closes)] -= 1;
            is_balanced &= !(closes && depth == 0);
            depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
            tokens.push(if closes { ")" } else { "(" });
        }
        // Most orders are not balanced: this is soon over.
        if is_balanced == balanced {
            return tokens;
        }
    }
}

/// Letters of which the first comes again, or does not.
fn repeats(length: usize, again: bool, draw: &mut Draw) -> Vec<&'static str> {
    let first = draw.below(LETTERS.len());
    let place = 1 + draw.below(length - 1);
    (0..length)
        .map(|at| {
            let other = (first + 1 + draw.below(LETTERS.len() - 1)) % LETTERS.len();
            LETTERS[if at == 0 || again && at == place { first } else { other }]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(name: &str, seed: u64) -> Vec<Vec<String>> {
        let options = BuiltinOptions { rows: Some(400), noise: None, seed };
        let made = make(Question::named(name).expect("a set"), &options).expect("it can be made");
        assert_eq!(made.names.len(), made.columns.len());
        (0..400).map(|row| made.columns.iter().map(|column| column[row].clone()).collect()).collect()
    }

    #[test]
    fn parentheses_are_balanced_where_it_says_so() {
        for row in rows("parentheses", 3) {
            let (answer, tokens) = row.split_last().expect("tokens and an answer");
            let mut depth = 0_i32;
            let mut lowest = 0;
            for token in tokens {
                depth += if token == "(" { 1 } else { -1 };
                lowest = lowest.min(depth);
            }
            assert_eq!(depth, 0, "counting tells nothing: {row:?}");
            assert_eq!(answer == "balanced", lowest == 0, "{row:?}");
        }
    }

    #[test]
    fn the_first_letter_comes_again_where_it_says_so() {
        for row in rows("repeats", 3) {
            let (answer, tokens) = row.split_last().expect("tokens and an answer");
            assert_eq!(answer == "again", tokens[1..].contains(&tokens[0]), "{row:?}");
        }
    }

    #[test]
    fn a_seed_gives_the_same_rows_and_another_others() {
        assert_eq!(rows("repeats", 5), rows("repeats", 5));
        assert_ne!(rows("repeats", 5), rows("repeats", 6));
    }
}
