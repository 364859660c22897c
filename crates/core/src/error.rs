//! One error type: where the mistake stands, what was expected there, what was found, and what would fit.

use std::fmt;
use std::ops::{Deref, DerefMut};
use tabgrad_json::words;

words! {
    /// The sort of mistake, for programs; people read the [`Error`] itself.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Code {
        /// A layer, argument, loss, ... that does not exist.
        UnknownName = "unknown_name",
        /// A required argument is not there.
        MissingArgument = "missing_argument",
        /// A string where a number should be, and the like.
        WrongType = "wrong_type",
        /// A number outside its range.
        OutOfRange = "out_of_range",
        /// Shapes, loss, target or metrics that do not go together.
        Mismatch = "mismatch",
        /// Layers that are not connected as a network must be.
        Graph = "graph",
        /// Written by a newer version of this program.
        NewerVersion = "newer_version",
        /// More memory than there is.
        TooLarge = "too_large",
        /// Rows that do not fit the model.
        Data = "data",
        /// A saved state that does not fit the model.
        State = "state",
    }
}

/// A mistake in a model, its training, its data or its saved state.
///
/// Displayed as one sentence: `layers[2].units: expected an integer of at least 1, found 0`. Its parts are those of
/// [`Mistake`].
#[derive(Clone, Debug, PartialEq)]
pub struct Error(
    // Boxed, so that results are small: every `?` copies one.
    Box<Mistake>,
);

/// The parts of an [`Error`].
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The sort of mistake.
    pub code: Code,
    /// Where it stands: `layers[2].units`, `training.batch_size`.
    pub path: String,
    /// What would have been right there.
    pub expected: String,
    /// What stood there.
    pub found: String,
    /// What to do, if there is more to say than "what was expected".
    pub hint: Option<String>,
    /// For [`Code::TooLarge`]: the largest batch that would fit, if any does.
    pub fitting_batch: Option<usize>,
}

impl Error {
    /// A mistake at `path`.
    pub fn new(
        code: Code,
        path: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self::of(code, path.into(), expected.into(), found.into())
    }

    #[inline(never)]
    fn of(code: Code, path: String, expected: String, found: String) -> Self {
        Self(Box::new(Mistake { code, path, expected, found, hint: None, fitting_batch: None }))
    }

    /// Its parts.
    pub fn into_mistake(self) -> Mistake {
        *self.0
    }

    /// The same with a piece of advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The name at `path` is none of `known`; the nearest of them is suggested when it is near enough to be a slip.
    pub fn unknown(path: impl Into<String>, what: &str, found: &str, known: &[&str]) -> Self {
        let expected = if known.len() <= LISTED {
            format!("{what}, one of: {}", known.join(", "))
        } else {
            format!("{what}, one of {} such as: {}", known.len(), likest(found, known).join(", "))
        };
        let error = Self::new(Code::UnknownName, path, expected, format!("{found:?}"));
        match nearest(found, known) {
            Some(name) => error.hint(format!("did you mean {name:?}?")),
            None => error,
        }
    }
}

impl Deref for Error {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Mistake {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.path, self.expected, self.found)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// More names than this are not all listed.
const LISTED: usize = 16;

/// The few known names that are most like `found`.
fn likest<'a>(found: &str, known: &[&'a str]) -> Vec<&'a str> {
    let found = found.to_ascii_lowercase();
    let mut names = known.to_vec();
    names.sort_by_cached_key(|name| strsim::damerau_levenshtein(&found, name));
    names.truncate(5);
    names
}

/// The known name that `found` was most likely meant to be: a third of its letters may be wrong.
pub(crate) fn nearest<'a>(found: &str, known: &[&'a str]) -> Option<&'a str> {
    let found = found.to_ascii_lowercase();
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&found, name), *name))
        .filter(|(distance, name)| *distance <= name.len().max(3) / 3)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_gets_the_nearest_name_and_a_wild_guess_none() {
        assert_eq!(nearest("Dens", &["dense", "dropout"]), Some("dense"));
        assert_eq!(nearest("unist", &["units", "use_bias"]), Some("units"));
        assert_eq!(nearest("transformer", &["dense", "dropout"]), None);
    }

    #[test]
    fn of_very_many_names_those_like_it_are_listed() {
        let known: Vec<String> = (0..40).map(|i| format!("layer_{i}")).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let error = Error::unknown("layers[0].type", "a layer", "layer_3x", &known);
        assert_eq!(
            error.expected,
            "a layer, one of 40 such as: layer_3, layer_30, layer_31, layer_32, layer_33"
        );
    }
}
