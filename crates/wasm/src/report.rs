//! The report of predictions without a session: for the page that proves it against scikit-learn.

use tabgrad_core::report;
use tabgrad_json::{ToJson, Value};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::model::matrix;
use crate::payload;

/// All that can be said of predictions `p` (rows x outputs; one output: the probability of the second of two classes) of rows
/// whose classes are `y`, as a session tells it, with the `confusion` matrix beside it; `undefined` without rows.
///
/// # Errors
/// Throws where `p` is no whole rows of so many outputs, or `y` has not one class for each.
#[wasm_bindgen]
pub fn classification_report(p: &[f32], y: &[f32], outputs: usize) -> Result<JsValue, JsValue> {
    let p = matrix("p", p, outputs)?;
    if y.len() != p.nrows() {
        let (expected, found) = (p.nrows(), y.len());
        return Err(JsError::new(&format!("y: expected {expected} classes, found {found}")).into());
    }
    let Some(found) = report::classification(p, y) else { return Ok(JsValue::UNDEFINED) };
    let confusion = found.confusion.to_json();
    let mut told = tabgrad_session::told_report(found).to_json();
    if let Value::Object(fields) = &mut told {
        fields.insert("confusion".into(), confusion);
    }
    payload::object(&told)
}
