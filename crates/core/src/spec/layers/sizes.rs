//! Arguments that are sizes: shapes.

use crate::error::Error;
use crate::spec::describe::{ArgumentType, Limits};
use crate::spec::fields::wrong_type;
use serde_json::Value;

/// Sizes of one row, without the batch; every one at least 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl ArgumentType for Shape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        let size = Limits::between(1.0, 16_777_216.0);
        let sizes =
            items.iter().enumerate().map(|(i, item)| usize::read(item, &format!("{path}[{i}]"), &size));
        Ok(Self(sizes.collect::<Result<_, _>>()?))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}
