//! Models as files: what `crates/session/src/program.rs` writes and reads.

use tabgrad_session::Pool;
use tabgrad_session::program::{self, Program};
use tabgrad_session::protocol::EngineError;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::model::{Model, compiled_for_prediction};
use crate::payload;

#[wasm_bindgen]
impl Model {
    /// Network, training, weights, what the optimizer and the callbacks keep, and where training stands, as the bytes of a
    /// `.tabgrad` file. Between two epochs or steps of a fit, the file goes on from there.
    ///
    /// # Errors
    /// Throws where the file could not be read again: weights that are not finite, or too much of anything.
    pub fn save(&self) -> Result<Vec<u8>, JsError> {
        let program = Program {
            model: self.spec.clone(),
            training: self.training.clone(),
            io: self.io.clone(),
            state: self.model.state(),
            checkpoints: self.checkpoints.clone(),
            page: self.page.clone(),
        };
        program::write(program).map_err(thrown)
    }

    /// The model in the bytes of a file, as it was when it was saved. Without `compile` it only predicts, and takes no
    /// memory for training. Throws a sentence where the file is none.
    ///
    /// # Errors
    /// Throws a sentence where the bytes are no such file, are damaged or come from a newer version, or with the path
    /// of what no longer compiles.
    pub fn load(bytes: &[u8], compile: bool) -> Result<Self, JsError> {
        let Program { model: spec, training, io, state, checkpoints, page } =
            program::read(bytes).map_err(thrown)?;
        let training = training.filter(|_| compile);
        let model = match &training {
            Some(training) => {
                let mut model = tabgrad_core::Model::compile(&spec, training, &io, Pool::global())?;
                model.restore(&state)?;
                model
            }
            None => {
                let io = tabgrad_core::Io::expected(&spec, None, io.input.clone())?;
                let mut model = compiled_for_prediction(&spec, &io)?;
                model.restore_weights(&state);
                return Ok(Self { page, ..Self::made(model, spec, None, io) });
            }
        };
        Ok(Self { checkpoints, page, ..Self::made(model, spec, training, io) })
    }

    /// What it was made of: `{ model, training, input }`; `training` is null where it only predicts.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn made_of(&self) -> Result<JsValue, JsValue> {
        let training = self.training.as_ref().map(tabgrad_core::TrainingSpec::to_value);
        payload::object(&serde_json::json!({
            "model": self.spec.to_value(),
            "training": training,
            "input": self.io.input,
        }))
    }
}

fn thrown(error: EngineError) -> JsError {
    JsError::new(&error.message)
}
