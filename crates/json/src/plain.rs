//! Numbers, texts, lists and maps.

use crate::{FromJson, Mistake, ToJson, fields};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl FromJson for Value {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        Ok(value.clone())
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        value.as_bool().ok_or_else(|| Mistake::expected("true or false", value))
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        value.as_str().map(str::to_owned).ok_or_else(|| Mistake::expected("a string", value))
    }
}

impl ToJson for &str {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl ToJson for f64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl FromJson for f64 {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        value.as_f64().ok_or_else(|| Mistake::expected("a number", value))
    }
}

impl ToJson for f32 {
    fn to_json(&self) -> Value {
        Value::from(f64::from(*self))
    }
}

impl FromJson for f32 {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        f64::from_json(value).map(|number| number as f32)
    }
}

/// A whole number from 0 to `most`.
fn whole(value: &Value, most: u64) -> Result<u64, Mistake> {
    match value.as_u64() {
        Some(number) if number <= most => Ok(number),
        _ => Err(Mistake::expected(&["a whole number from 0 to ", &most.to_string()].concat(), value)),
    }
}

macro_rules! whole_numbers {
    ($($T:ty),+) => { $(
        impl ToJson for $T {
            fn to_json(&self) -> Value {
                Value::from(*self)
            }
        }

        impl FromJson for $T {
            fn from_json(value: &Value) -> Result<Self, Mistake> {
                // Checked against the largest of the type.
                whole(value, <$T>::MAX as u64).map(|number| number as $T)
            }
        }
    )+ };
}

whole_numbers!(u8, u32, u64, usize);

impl ToJson for i64 {
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl FromJson for i64 {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        value.as_i64().ok_or_else(|| Mistake::expected("a whole number", value))
    }
}

/// `null`: none; a field may also be absent.
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        T::from_json(value).map(Self::new)
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(T::to_json).collect())
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        let items = fields::items(value)?;
        let mut all = Self::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            all.push(T::from_json(item).map_err(|mistake| mistake.in_item(index))?);
        }
        Ok(all)
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        let all = Vec::from_json(value)?;
        all.try_into().map_err(|_| Mistake::expected(&format!("a list of {N}"), value))
    }
}

impl<K: Key, V: ToJson> ToJson for BTreeMap<K, V> {
    fn to_json(&self) -> Value {
        Value::Object(self.iter().map(|(key, value)| (key.to_name(), value.to_json())).collect::<Map<_, _>>())
    }
}

impl<K: Key + Ord, V: FromJson> FromJson for BTreeMap<K, V> {
    fn from_json(value: &Value) -> Result<Self, Mistake> {
        let mut all = Self::new();
        for (name, value) in fields::map(value)? {
            let key = K::from_name(name).map_err(|mistake| mistake.in_field(name))?;
            all.insert(key, V::from_json(value).map_err(|mistake| mistake.in_field(name))?);
        }
        Ok(all)
    }
}

/// What can be the name of a field.
pub trait Key: Sized {
    /// The name.
    fn to_name(&self) -> String;
    /// Reads the name.
    ///
    /// # Errors
    /// If it is the name of none.
    fn from_name(name: &str) -> Result<Self, Mistake>;
}

impl Key for String {
    fn to_name(&self) -> String {
        self.clone()
    }

    fn from_name(name: &str) -> Result<Self, Mistake> {
        Ok(name.to_owned())
    }
}

impl Key for usize {
    fn to_name(&self) -> String {
        self.to_string()
    }

    fn from_name(name: &str) -> Result<Self, Mistake> {
        name.parse().map_err(|_| Mistake::new("expected a whole number as name"))
    }
}
