//! A state of a model for JavaScript: its tensors by name.

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// What training has changed, by name: weights (`dense/kernel`), moving statistics, what the optimizer keeps
/// (`optimizer/dense/kernel/momentum`), and how far it has come.
#[wasm_bindgen]
pub struct State(pub(crate) tabgrad_core::State);

#[wasm_bindgen]
impl State {
    /// The names of its tensors.
    pub fn names(&self) -> Vec<String> {
        self.0.tensors.iter().map(|tensor| tensor.name.clone()).collect()
    }

    /// The values of a tensor, row by row.
    ///
    /// # Errors
    /// Throws where no tensor has this name.
    pub fn get(&self, name: &str) -> Result<Vec<f32>, JsError> {
        let tensor = self.0.tensors.iter().find(|tensor| tensor.name == name);
        Ok(tensor.ok_or_else(|| unknown(name))?.values.clone())
    }

    /// Other values for a tensor, as many as it has.
    ///
    /// # Errors
    /// Throws where no tensor has this name, or has another number of values.
    pub fn set(&mut self, name: &str, values: Vec<f32>) -> Result<(), JsError> {
        let tensor = self.0.tensors.iter_mut().find(|tensor| tensor.name == name);
        let tensor = tensor.ok_or_else(|| unknown(name))?;
        if tensor.values.len() != values.len() {
            let (expected, found) = (tensor.values.len(), values.len());
            return Err(JsError::new(&format!("{name}: expected {expected} values, found {found}")));
        }
        tensor.values = values;
        Ok(())
    }
}

pub(crate) fn unknown(name: &str) -> JsError {
    JsError::new(&format!("there is no tensor {name:?} in this model"))
}
