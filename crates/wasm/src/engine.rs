//! One session for JavaScript. The worker of the page drives it; see `www/src/engine/glue.ts` for its types there.

use js_sys::{Array, Reflect};
use tabgrad_json::{Mistake, ToJson};
use tabgrad_session::protocol::{Command, CommandName, EngineError, Event};
use tabgrad_session::{Pool, Session};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::clock::clock;
use crate::memory::Span;
use crate::payload;

/// Everything that the page can choose from, as JSON: layers, losses, optimizers and their arguments. Its sentences are empty
/// before [`explained_schema`].
///
/// It is thousands of objects: made one by one through calls into JavaScript, and copied from thread to thread, they would
/// take more of a visit's time than anything else that the engine does.
#[wasm_bindgen]
pub fn schema() -> String {
    tabgrad_json::text(&tabgrad_session::schema().to_json())
}

/// The same with its sentences, of which `sentences` is the custom section: it came with the second half of the module.
#[wasm_bindgen]
pub fn explained_schema(sentences: String) -> String {
    tabgrad_session::explain(sentences);
    schema()
}

/// A session. No method throws for what a user can do wrong: that is told by `rejected` and `failed` events.
#[wasm_bindgen]
pub struct Engine {
    session: Session,
    /// Bytes on their way in.
    room: Vec<u8>,
    /// Bytes on their way out.
    snapshot: Vec<u8>,
}

#[wasm_bindgen]
impl Engine {
    /// A session without data on `threads` threads: the caller, and those that `initThreadPool(threads - 1)` starts, once
    /// [`crate::threads_started`] was called; until then the caller alone, to the same bits. `memory_bytes`:
    /// what this module's memory can grow to.
    #[wasm_bindgen(constructor)]
    pub fn new(threads: u32, memory_bytes: f64) -> Self {
        Self {
            session: Session::new(Pool::coming(threads as usize)).within(memory_bytes as u64),
            room: Vec::new(),
            snapshot: Vec::new(),
        }
    }

    /// How many threads compute.
    #[wasm_bindgen(getter)]
    pub fn threads(&self) -> usize {
        self.session.threads()
    }

    /// Carries out a command object and returns its events.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is. A
    /// command that is not of its form is answered by an event.
    pub fn handle(&mut self, command: JsValue) -> Result<Array, JsValue> {
        match payload::from_object::<Command>(&command) {
            Ok(command) => payload::events(self.session.handle(command)),
            Err(error) => payload::events(vec![malformed(&command, &error)?]),
        }
    }

    /// Begins a table that comes in pieces; `size_bytes` is that of the whole file.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn begin_file(&mut self, name: &str, size_bytes: f64) -> Result<Array, JsValue> {
        // Sizes of files are whole numbers below 2^53.
        payload::events(self.session.begin_file(name, Some(size_bytes as u64)))
    }

    /// Room for `len_bytes`; valid until the next call.
    pub fn reserve(&mut self, len_bytes: usize) -> Span {
        self.room.resize(len_bytes, 0);
        Span::of(&self.room)
    }

    /// Reads the first `len_bytes` of the room as the next piece of the table.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn commit(&mut self, len_bytes: usize) -> Result<Array, JsValue> {
        let bytes = &self.room[..len_bytes.min(self.room.len())];
        payload::events(self.session.push_file(bytes))
    }

    /// There are no more pieces.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn finish_file(&mut self) -> Result<Array, JsValue> {
        self.room = Vec::new();
        payload::events(self.session.finish_file())
    }

    /// Forgets the pieces; the table before stays.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn cancel_file(&mut self) -> Result<Array, JsValue> {
        self.room = Vec::new();
        payload::events(self.session.cancel_file())
    }

    /// Takes the first `len_bytes` of the room as a saved model, from a file called `name`.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn load_model(&mut self, request: u32, name: &str, len_bytes: usize) -> Result<Array, JsValue> {
        let mut bytes = std::mem::take(&mut self.room);
        bytes.truncate(len_bytes);
        payload::events(self.session.load_model(request, name, &bytes))
    }

    /// Trains for about `budget_ms`, to the end of at most `most_epochs` epochs, if it is to train at all.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn train_for(&mut self, budget_ms: f64, most_epochs: u32) -> Result<Array, JsValue> {
        payload::events(self.session.train_for(budget_ms, most_epochs, &clock()))
    }

    /// Milliseconds in which nothing may be heard in the next [`Self::train_for`] or in the command of that name.
    pub fn expected_ms(&self, command: &str) -> f64 {
        self.session.expected_ms(command)
    }

    /// Whether the next [`Self::train_for`] would train.
    pub fn running(&self) -> bool {
        self.session.is_running()
    }

    /// Epochs that ended.
    pub fn epoch(&self) -> u32 {
        self.session.epoch()
    }

    /// Steps since the start.
    pub fn step(&self) -> f64 {
        self.session.step() as f64
    }

    /// The next picture, if there is anything new in it and it is due.
    ///
    /// # Errors
    /// Throws only where an answer cannot be made into a JavaScript object, which no answer of this version is.
    pub fn frame(&mut self) -> Result<JsValue, JsValue> {
        match self.session.frame(&clock()) {
            Some(frame) => payload::event(frame),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// What another instance needs to go on from here; without a network, nothing.
    pub fn snapshot(&mut self) -> Option<Span> {
        self.snapshot = self.session.snapshot()?;
        Some(Span::of(&self.snapshot))
    }

    /// Takes the first `len_bytes` of the room as a snapshot. False: it was none of this version, nothing has changed.
    pub fn restore(&mut self, len_bytes: usize) -> bool {
        let mut bytes = std::mem::take(&mut self.room);
        bytes.truncate(len_bytes);
        match self.session.restore(&bytes) {
            Ok(()) => true,
            Err(error) => {
                web_sys::console::error_1(&JsValue::from_str(&error.message));
                false
            }
        }
    }
}

/// A command with wrong fields is told like any other mistake. One without a name that exists is a mistake of the
/// worker's and thrown.
fn malformed(command: &JsValue, error: &Mistake) -> Result<Event, JsValue> {
    let field = |name: &str| Reflect::get(command, &JsValue::from_str(name));
    let name: CommandName = payload::from_object(&field("type")?).map_err(payload::thrown)?;
    let request = field("request")?.as_f64().map(|request| request as u32);
    Ok(Event::Failed { command: name, request, error: EngineError::new("bad_command", error.to_string()) })
}
