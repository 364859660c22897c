//! Arguments that are axes.

use super::describe::{ArgumentType, Limits};
use super::fields::{shown, wrong_type};
use crate::error::{Code, Error};
use serde_json::Value;

/// Axes of a tensor with its batch, which is axis 0; negative ones count from the last. One of them may stand without a
/// list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axes(pub Vec<i32>);

impl ArgumentType for Axes {
    const KIND: &'static str = "axes";

    fn expected(_: &Limits) -> String {
        "an axis or a list of axes".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let one = std::slice::from_ref(value);
        let items = value.as_array().map_or(one, Vec::as_slice);
        let axis = |item: &Value| {
            read_axis(item, path).unwrap_or_else(|| Err(wrong_type(path, &Self::expected(limits), value)))
        };
        Ok(Self(items.iter().map(axis).collect::<Result<_, _>>()?))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

/// An axis, or what is wrong with it; `None` where it is no integer.
fn read_axis(value: &Value, path: &str) -> Option<Result<i32, Error>> {
    let axis = value.as_i64()?;
    let fits = i32::try_from(axis).ok().filter(|axis| (-8..=8).contains(axis));
    Some(fits.ok_or_else(|| Error::new(Code::OutOfRange, path, "axes from -8 to 8", shown(value))))
}

/// One of them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Axis(pub i32);

impl ArgumentType for Axis {
    const KIND: &'static str = usize::KIND;

    fn expected(_: &Limits) -> String {
        "an axis".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let read =
            read_axis(value, path).unwrap_or_else(|| Err(wrong_type(path, &Self::expected(limits), value)));
        read.map(Self)
    }

    fn write(&self) -> Value {
        self.0.into()
    }
}

impl Axes {
    /// The axes as numbers from 0 to `rank - 1`, ascending and each once; `None` when one is beyond.
    pub(crate) fn of_rank(&self, rank: usize) -> Option<Vec<usize>> {
        let mut axes = self
            .0
            .iter()
            .map(|&axis| {
                let axis = if axis < 0 { axis + rank as i32 } else { axis };
                usize::try_from(axis).ok().filter(|&axis| axis < rank)
            })
            .collect::<Option<Vec<usize>>>()?;
        axes.sort_unstable();
        axes.dedup();
        Some(axes)
    }
}
