//! Events as JavaScript objects: plain fields by serde, number arrays as typed arrays in buffers of their own.

use js_sys::{Array, Float32Array, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
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
pub fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
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
