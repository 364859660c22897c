//! Arguments that are sizes: shapes, numbers for two axes, edges.

use crate::error::{Code, Error};
use crate::spec::describe::{ArgumentType, Limits};
use crate::spec::fields::wrong_type;
use serde_json::Value;

/// Sizes of one row, without the batch; every one at least 1. One alone may stand without a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl ArgumentType for Shape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1, or one size".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let size = Limits::between(1.0, 16_777_216.0);
        if value.is_number() {
            return Ok(Self(vec![usize::read(value, path, &size)?]));
        }
        let items = value.as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        let sizes =
            items.iter().enumerate().map(|(i, item)| usize::read(item, &format!("{path}[{i}]"), &size));
        Ok(Self(sizes.collect::<Result<_, _>>()?))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

/// A shape that something is to be given: one size may be left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetShape(pub Vec<Option<usize>>);

impl ArgumentType for TargetShape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1, one of which may be -1".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        let sizes = open_sizes(items, path)?;
        if sizes.iter().filter(|size| size.is_none()).count() > 1 {
            return Err(Error::new(Code::OutOfRange, path, Self::expected(limits), "-1 several times"));
        }
        Ok(Self(sizes))
    }

    fn write(&self) -> Value {
        written_open(&self.0)
    }
}

/// Sizes of an output, without the batch: those may be left open that the input says. One alone may stand without a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenShape(pub Vec<Option<usize>>);

impl ArgumentType for OpenShape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1, or -1 for what the input says".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = if value.is_number() {
            std::slice::from_ref(value)
        } else {
            value.as_array().map_or(&[][..], |it| it)
        };
        match items {
            [] => Err(wrong_type(path, &Self::expected(limits), value)),
            _ => open_sizes(items, path).map(Self),
        }
    }

    fn write(&self) -> Value {
        written_open(&self.0)
    }
}

/// Sizes with the batch in front, each of which may be left as it is: `null` or -1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoiseShape(pub Vec<Option<usize>>);

impl ArgumentType for NoiseShape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1 or -1, the batch first".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        open_sizes(items, path).map(Self)
    }

    fn write(&self) -> Value {
        written_open(&self.0)
    }
}

/// Sizes, some of which may be left open.
fn open_sizes(items: &[Value], path: &str) -> Result<Vec<Option<usize>>, Error> {
    let size = Limits::between(1.0, 16_777_216.0);
    let read = |(i, item): (usize, &Value)| match item.as_i64() {
        Some(-1) => Ok(None),
        None if item.is_null() => Ok(None),
        _ => usize::read(item, &format!("{path}[{i}]"), &size).map(Some),
    };
    items.iter().enumerate().map(read).collect()
}

fn written_open(sizes: &[Option<usize>]) -> Value {
    sizes.iter().map(|size| size.map_or(Value::from(-1), Value::from)).collect()
}

/// A number for each of two axes or two ends; one number is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair(pub [usize; 2]);

impl ArgumentType for Pair {
    const KIND: &'static str = "sizes";

    fn expected(limits: &Limits) -> String {
        format!("{} or two of them", usize::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value.as_array().map(Vec::as_slice) {
            None if value.is_number() => usize::read(value, path, limits).map(|both| Self([both; 2])),
            Some([first, second]) => Ok(Self([
                usize::read(first, &format!("{path}[0]"), limits)?,
                usize::read(second, &format!("{path}[1]"), limits)?,
            ])),
            _ => Err(wrong_type(path, &Self::expected(limits), value)),
        }
    }

    fn write(&self) -> Value {
        self.0.as_slice().into()
    }
}

/// Pixels at the edges of an image: `[[top, bottom], [left, right]]`; `[height, width]` or one number are the same at
/// both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Margins(pub [[usize; 2]; 2]);

impl ArgumentType for Margins {
    const KIND: &'static str = "margins";

    fn expected(limits: &Limits) -> String {
        format!("{}, two of them, or two pairs", usize::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value.as_array().map(Vec::as_slice) {
            Some([down, across]) => Ok(Self([
                Pair::read(down, &format!("{path}[0]"), limits)?.0,
                Pair::read(across, &format!("{path}[1]"), limits)?.0,
            ])),
            None if value.is_number() => usize::read(value, path, limits).map(|all| Self([[all; 2]; 2])),
            _ => Err(wrong_type(path, &Self::expected(limits), value)),
        }
    }

    fn write(&self) -> Value {
        self.0.iter().map(|ends| Value::from(ends.as_slice())).collect()
    }
}
