//! Types to JSON values and back, in little code: what a visitor downloads is counted in bytes, and serde's derives write
//! a reader per type and format, several kB each.
//!
//! ```text
//! record! { struct }      {"name": ..., "rows": ...}            records.rs
//! words!  { enum }        "train" | "validation" | "test"       words.rs
//! tagged! { enum }        {"type": "step", "unit": "epoch"}     tagged.rs
//! ```
//!
//! Each macro takes the definition itself, so that a field is named once. What is wrong with a value is told with its way
//! there: `columns[2].scale.mean: expected a number, found null`. For serde (tests, tools) the types are as if derived,
//! by way of a value. The text of JSON is read and written in `text.rs`.

mod decimal;
mod fields;
mod mistake;
mod plain;
mod records;
mod tagged;
mod text;
mod words;

pub use decimal::parse_decimal;
pub use fields::{field, items, map, nullable, put, put_all, put_full, put_some, refuse_others};
pub use mistake::Mistake;
pub use plain::Key;
pub use records::name_of;
pub use serde_json::{Map, Value};
pub use tagged::tag;
pub use text::{parse, text};
pub use words::word_at;

/// What can be written as a value.
pub trait ToJson {
    /// The value. Numbers that are not finite become `null`.
    fn to_json(&self) -> Value;
}

/// What can be read from a value.
pub trait FromJson: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// Where and why the value is none of these.
    fn from_json(value: &Value) -> Result<Self, Mistake>;

    /// What a field of this type holds when it is not there; `None`: it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// For the macros alone.
#[doc(hidden)]
pub use serde;

/// Lets serde read and write a type, by way of a value.
#[macro_export]
macro_rules! for_serde {
    ($Name:ident) => {
        $crate::for_serde!(written $Name);
        $crate::for_serde!(read $Name);
    };
    (written $Name:ident) => {
        impl $crate::serde::Serialize for $Name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&$crate::ToJson::to_json(self), serializer)
            }
        }
    };
    (read $Name:ident) => {
        impl<'de> $crate::serde::Deserialize<'de> for $Name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value: $crate::Value = $crate::serde::Deserialize::deserialize(deserializer)?;
                $crate::FromJson::from_json(&value).map_err($crate::serde::de::Error::custom)
            }
        }
    };
}
