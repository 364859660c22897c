//! The places in a function where it shows which way it went: its begin, and behind every instruction that control can
//! pass or skip. `mark` notes each that is reached; `outline` reads the notes in the same order.

use crate::Outcome;
use wasmparser::{FunctionBody, Operator};

/// For each operator of the body, whether a region begins before it.
pub fn begins(body: &FunctionBody) -> Outcome<Vec<bool>> {
    let mut begins = vec![];
    let mut here = true;
    for operator in body.get_operators_reader()? {
        begins.push(here);
        here = matches!(
            operator?,
            Operator::Block { .. }
                | Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::Else
                | Operator::End
                | Operator::BrIf { .. }
        );
    }
    Ok(begins)
}

/// The marks of a module's functions, one after the other.
pub struct Marks<'a> {
    marks: &'a [u8],
}

impl<'a> Marks<'a> {
    pub fn new(marks: &'a [u8]) -> Self {
        Self { marks }
    }

    /// Those of the next function: for each operator what was noted where a region begins before it.
    pub fn next(&mut self, body: &FunctionBody) -> Outcome<Vec<Option<bool>>> {
        let begins = begins(body)?;
        let mut reached = Vec::with_capacity(begins.len());
        for begins in begins {
            let mark = match begins {
                true => Some(*self.marks.split_off_first().ok_or("there are fewer marks than regions")? != 0),
                false => None,
            };
            reached.push(mark);
        }
        Ok(reached)
    }

    /// Whether all were taken.
    pub fn are_used_up(&self) -> bool {
        self.marks.is_empty()
    }
}
