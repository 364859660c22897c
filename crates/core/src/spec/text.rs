//! Arguments that are a short text: an equation.

use super::argument::{ArgumentType, Limits};
use super::fields::wrong_type;
use crate::error::Error;
use serde_json::Value;

impl ArgumentType for String {
    const KIND: &'static str = "text";

    fn expected(_: &Limits) -> String {
        "a text".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        value.as_str().map(Self::from).ok_or_else(|| wrong_type(path, &Self::expected(limits), value))
    }

    fn write(&self) -> Value {
        self.as_str().into()
    }
}
