//! Fields of an object and items of a list.

use crate::{FromJson, Mistake, ToJson};
use serde_json::{Map, Value};

/// The fields of `value`, which must be an object.
///
/// # Errors
/// If it is something else.
pub fn map(value: &Value) -> Result<&Map<String, Value>, Mistake> {
    value.as_object().ok_or_else(|| Mistake::expected("an object", value))
}

/// The items of `value`, which must be a list.
///
/// # Errors
/// If it is something else.
pub fn items(value: &Value) -> Result<&[Value], Mistake> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| Mistake::expected("a list", value))
}

/// Reads the field `name`.
///
/// # Errors
/// If it is not there and must be, or is not what it should be.
pub fn field<T: FromJson>(map: &Map<String, Value>, name: &str) -> Result<T, Mistake> {
    match map.get(name) {
        Some(value) => T::from_json(value).map_err(|mistake| mistake.in_field(name)),
        None => T::absent().ok_or_else(|| missing(name)),
    }
}

#[cold]
fn missing(name: &str) -> Mistake {
    Mistake::new("expected a value, found nothing").in_field(name)
}

/// Reads a field of which "not there", `null` and a value are three different things.
///
/// # Errors
/// If it is not what it should be.
pub fn nullable<T: FromJson>(map: &Map<String, Value>, name: &str) -> Result<Option<Option<T>>, Mistake> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(value) => {
            T::from_json(value).map(|value| Some(Some(value))).map_err(|mistake| mistake.in_field(name))
        }
    }
}

/// Adds the field `name`.
pub fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.insert(name.to_owned(), value);
}

/// Adds the field `name` if there is something to say.
pub fn put_some<T: ToJson>(map: &mut Map<String, Value>, name: &str, value: &Option<T>) {
    if let Some(value) = value {
        put(map, name, value.to_json());
    }
}

/// Adds the field `name` unless it is null, false or an empty list.
pub fn put_full(map: &mut Map<String, Value>, name: &str, value: Value) {
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Array(items) if items.is_empty() => {}
        value => put(map, name, value),
    }
}

/// Adds all fields of `value`, which is an object.
pub fn put_all(map: &mut Map<String, Value>, value: Value) {
    if let Value::Object(fields) = value {
        map.extend(fields);
    }
}

/// Refuses an object with a field that is none of `known`.
///
/// # Errors
/// Naming the field and those there are.
pub fn refuse_others(map: &Map<String, Value>, known: &[&str]) -> Result<(), Mistake> {
    match map.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            Err(Mistake::new(["there is no such field; known: ", &known.join(", ")].concat()).in_field(name))
        }
    }
}
