//! Events as JavaScript objects: plain fields by way of JSON values, number arrays as typed arrays in buffers of their own.

use js_sys::{Array, Float32Array, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use tabgrad_json::{FromJson, Mistake, ToJson, Value};
use tabgrad_session::protocol::{Event, Key, Numbers};
use wasm_bindgen::JsValue;

use crate::memory;

/// A list of event objects.
pub fn events(events: Vec<Event>) -> Result<Array, JsValue> {
    events.into_iter().map(event).collect::<Result<Array, JsValue>>()
}

/// One event object.
pub fn event(mut event: Event) -> Result<JsValue, JsValue> {
    memory::refresh();
    let arrays = event.take_arrays();
    let object = object(&event)?;
    for (way, numbers) in arrays {
        put(&object, &way, &typed(numbers))?;
    }
    Ok(object)
}

/// A plain object: maps are objects, nothing is `null`, as in JSON.
///
/// By way of a JSON value, here and in [`from_object`]: the code that turns our types into values is in the module
/// anyway, for files, and a second set of it for JavaScript would weigh as much as all kernels.
pub fn object(value: &impl ToJson) -> Result<JsValue, JsValue> {
    Ok(value.to_json().serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// What a plain object says.
///
/// # Errors
/// With a sentence, if it is no plain object or not of that type.
pub fn from_object<T: FromJson>(object: &JsValue) -> Result<T, Mistake> {
    let value = serde_wasm_bindgen::from_value::<Value>(object.clone());
    T::from_json(&value.map_err(|error| Mistake::new(error.to_string()))?)
}

/// The same for functions that throw.
pub fn thrown(mistake: Mistake) -> JsValue {
    JsValue::from_str(&mistake.to_string())
}

/// Copies: what leaves this module must not change when its memory does.
fn typed(numbers: Numbers) -> JsValue {
    match numbers {
        Numbers::F32(values) => Float32Array::new_from_slice(&values).into(),
        Numbers::U32(values) => Uint32Array::new_from_slice(&values).into(),
        Numbers::U8(values) => Uint8Array::new_from_slice(&values).into(),
        Numbers::Buffer(values) => Uint8Array::new_from_slice(&values).buffer().into(),
    }
}

fn put(object: &JsValue, way: &[Key], value: &JsValue) -> Result<(), JsValue> {
    let key = |key: &Key| match *key {
        Key::Name(name) => JsValue::from_str(name),
        Key::Index(index) => JsValue::from_f64(index as f64),
    };
    let Some((last, before)) = way.split_last() else { return Ok(()) };
    let mut place = object.clone();
    for step in before {
        place = Reflect::get(&place, &key(step))?;
    }
    Reflect::set(&place, &key(last), value).map(|_| ())
}
