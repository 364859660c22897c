//! What an argument can be: its type, what of that type it accepts, and how it is read from JSON and written.

use super::describe::Choice;
use super::fields::{shown, wrong_type};
use crate::error::{Code, Error};
use serde_json::Value;

/// What an argument accepts beyond its type, and how it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub logarithmic: bool,
    pub common: bool,
    pub required: bool,
}

impl Limits {
    pub const fn any() -> Self {
        Self { min: None, max: None, logarithmic: false, common: false, required: false }
    }

    pub const fn at_least(min: f64) -> Self {
        Self { min: Some(min), ..Self::any() }
    }

    pub const fn between(min: f64, max: f64) -> Self {
        Self { min: Some(min), max: Some(max), ..Self::any() }
    }

    /// Drawn on a logarithmic scale.
    pub const fn logarithmic(self) -> Self {
        Self { logarithmic: true, ..self }
    }

    /// Shown in sight.
    pub const fn common(self) -> Self {
        Self { common: true, ..self }
    }

    /// Keras has no default for it: the schema's is a suggestion, and a model must say it.
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    fn range(&self) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!(" from {min} to {max}"),
            (Some(min), None) => format!(" of at least {min}"),
            (None, Some(max)) => format!(" of at most {max}"),
            (None, None) => String::new(),
        }
    }

    fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// A type that an argument can have.
pub(crate) trait ArgumentType: Sized {
    /// Its `kind` in the schema.
    const KIND: &'static str;
    /// What there is to choose from, for choices.
    fn choices() -> Vec<Choice> {
        Vec::new()
    }
    /// What should stand there, for error messages.
    fn expected(limits: &Limits) -> String;
    /// Reads and checks it.
    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error>;
    /// Writes it as it is read.
    fn write(&self) -> Value;
}

impl ArgumentType for usize {
    const KIND: &'static str = "integer";

    fn expected(limits: &Limits) -> String {
        format!("an integer{}", limits.range())
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let number = value.as_f64().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        if number.fract() != 0.0 {
            return Err(wrong_type(path, &Self::expected(limits), value));
        }
        if number < 0.0 || number > 2f64.powi(53) || !limits.contains(number) {
            return Err(Error::new(Code::OutOfRange, path, Self::expected(limits), shown(value)));
        }
        Ok(number as usize)
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl ArgumentType for f64 {
    const KIND: &'static str = "number";

    fn expected(limits: &Limits) -> String {
        format!("a number{}", limits.range())
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let number = value.as_f64().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        // Arithmetic is in f32: what overflows there is out of range here.
        if !(number as f32).is_finite() || !limits.contains(number) {
            return Err(Error::new(Code::OutOfRange, path, Self::expected(limits), shown(value)));
        }
        Ok(number)
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

impl ArgumentType for bool {
    const KIND: &'static str = "boolean";

    fn expected(_: &Limits) -> String {
        "true or false".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))
    }

    fn write(&self) -> Value {
        (*self).into()
    }
}

/// `null`: none.
impl<T: ArgumentType> ArgumentType for Option<T> {
    const KIND: &'static str = T::KIND;

    fn choices() -> Vec<Choice> {
        T::choices()
    }

    fn expected(limits: &Limits) -> String {
        format!("{} or null", T::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        if value.is_null() { Ok(None) } else { T::read(value, path, limits).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::write)
    }
}

/// An argument in its place in a struct, whatever its type: what is done with all arguments of all layers is written for
/// these, once, and not compiled for every layer anew.
pub(crate) trait AnyArgument {
    /// [`ArgumentType::KIND`]
    fn kind_name(&self) -> &'static str;
    /// [`ArgumentType::choices`]
    fn every_choice(&self) -> Vec<Choice>;
    /// [`ArgumentType::expected`]
    fn wanted(&self, limits: &Limits) -> String;
    /// Puts in what [`ArgumentType::read`] reads.
    fn take(&mut self, value: &Value, path: &str, limits: &Limits) -> Result<(), Error>;
    /// [`ArgumentType::write`]
    fn written(&self) -> Value;
}

impl<T: ArgumentType> AnyArgument for T {
    fn kind_name(&self) -> &'static str {
        T::KIND
    }

    fn every_choice(&self) -> Vec<Choice> {
        T::choices()
    }

    fn wanted(&self, limits: &Limits) -> String {
        T::expected(limits)
    }

    fn take(&mut self, value: &Value, path: &str, limits: &Limits) -> Result<(), Error> {
        *self = T::read(value, path, limits)?;
        Ok(())
    }

    fn written(&self) -> Value {
        self.write()
    }
}
