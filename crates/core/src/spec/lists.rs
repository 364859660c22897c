//! Arguments that are lists of numbers or of words.

use super::describe::{ArgumentType, Limits};
use super::fields::wrong_type;
use crate::error::Error;
use serde_json::Value;

/// Numbers in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers(pub Vec<f64>);

impl ArgumentType for Numbers {
    const KIND: &'static str = "numbers";

    fn expected(_: &Limits) -> String {
        "a list of numbers".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        let numbers =
            items.iter().enumerate().map(|(i, item)| f64::read(item, &format!("{path}[{i}]"), limits));
        Ok(Self(numbers.collect::<Result<_, _>>()?))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

/// A number for all, or one for each.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrEach(pub Vec<f64>);

impl OneOrEach {
    /// Whether it is one, or as many.
    pub(crate) fn fits(&self, count: usize) -> bool {
        self.0.len() == 1 || self.0.len() == count
    }

    /// The first of them.
    pub(crate) fn first(&self) -> f32 {
        self.0.first().map_or(1.0, |&it| it as f32)
    }

    pub(crate) fn each(&self) -> Vec<f32> {
        self.0.iter().map(|&it| it as f32).collect()
    }
}

impl ArgumentType for OneOrEach {
    const KIND: &'static str = Numbers::KIND;

    fn expected(limits: &Limits) -> String {
        format!("{}, or a list of such", f64::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value {
            Value::Number(_) => Ok(Self(vec![f64::read(value, path, limits)?])),
            Value::Array(items) if !items.is_empty() => {
                Numbers::read(value, path, limits).map(|it| Self(it.0))
            }
            _ => Err(wrong_type(path, &Self::expected(limits), value)),
        }
    }

    fn write(&self) -> Value {
        match self.0[..] {
            [one] => one.into(),
            _ => self.0.clone().into(),
        }
    }
}

/// Words in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(pub Vec<String>);

impl ArgumentType for Words {
    const KIND: &'static str = "words";

    fn expected(_: &Limits) -> String {
        "a list of words".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let word = |item: &Value| item.as_str().map(str::to_owned);
        let words = value.as_array().and_then(|items| items.iter().map(word).collect::<Option<Vec<_>>>());
        words.map(Self).ok_or_else(|| wrong_type(path, &Self::expected(limits), value))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

/// A word or a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl ArgumentType for Text {
    const KIND: &'static str = "text";

    fn expected(_: &Limits) -> String {
        "a text".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let text = value.as_str().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        Ok(Self(text.to_owned()))
    }

    fn write(&self) -> Value {
        self.0.as_str().into()
    }
}
