//! The engine in a worker of a browser, one thread. Run by `wasm-pack test --headless --chrome crates/wasm`.
#![cfg(target_arch = "wasm32")]

mod kernels;
mod lab;
#[cfg(not(target_feature = "atomics"))]
mod learning;

use js_sys::{JSON, Uint8Array, Uint32Array};
use tabgrad_wasm::engine::{Engine, schema};
use tabgrad_wasm::model::Model;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn the_build_knows_whether_it_has_threads() {
    assert_eq!(tabgrad_wasm::has_threads(), cfg!(target_feature = "atomics"));
}

#[wasm_bindgen_test]
fn iris_is_learned() {
    let run = lab::run_iris(1);
    assert!(run.accuracy > 0.93, "{}", run.accuracy);
    assert!(run.weights.iter().all(|weight| weight.is_finite()));
    if !cfg!(target_feature = "relaxed-simd") {
        assert_eq!(lab::iris::hash(&run.weights), lab::iris::BITS, "not the bits of the native run");
    }
}

#[wasm_bindgen_test]
fn a_file_in_pieces_becomes_a_table_and_a_saved_model_predicts() {
    let mut engine = Engine::new(1, 1073741824.0);
    let text = "size;colour;price\n1;red;5\n2;blue;8\n3;red;9\n4;blue;13\n5;red;15\n6;blue;18\n7;red;20\n8;blue;24\n";
    engine.begin_file("shop.csv", text.len() as f64).expect("begins");
    for piece in text.as_bytes().chunks(7) {
        write(&mut engine, piece);
        engine.commit(piece.len()).expect("goes on");
    }
    let events = engine.finish_file().expect("ends");
    let table = lab::find(&events, "table");
    assert_eq!(lab::get(&table, &["report", "rows"]).as_f64(), Some(8.0));
    assert_eq!(lab::get(&table, &["report", "delimiter"]).as_string().as_deref(), Some(";"));

    let configure = r#"{
        "type": "configure",
        "model": { "version": 1, "layers": [{ "type": "dense", "units": 1 }] },
        "training": { "loss": "mse", "optimizer": { "type": "sgd", "learning_rate": 0.01 }, "metrics": [],
            "batch_size": 4, "epochs": 50, "shuffle": true, "seed": 1 },
        "split": { "validation": 0, "test": 0, "seed": 1 }
    }"#;
    lab::find(&lab::say(&mut engine, configure), "configured");
    assert_eq!(lab::train(&mut engine), "finished");
    let question = r#"{ "type": "predict", "request": 2, "rows": [["4", "red"], [null, "mauve"]] }"#;
    let answer = JSON::stringify(&lab::say(&mut engine, question)).expect("plain");

    let saved = lab::find(&lab::say(&mut engine, r#"{ "type": "save", "request": 3 }"#), "saved");
    let bytes = Uint8Array::new(&lab::get(&saved, &["bytes"])).to_vec();
    let mut other = Engine::new(1, 1073741824.0);
    write(&mut other, &bytes);
    lab::find(&other.load_model(4, "mine.tabgrad", bytes.len()).expect("no file throws"), "model_loaded");
    let again = JSON::stringify(&lab::say(&mut other, question)).expect("plain");
    assert_eq!(answer, again);
}

/// As `views.ts` does, through a span.
fn write(engine: &mut Engine, bytes: &[u8]) {
    let span = engine.reserve(bytes.len());
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), span.ptr, span.len).copy_from(bytes);
}

#[wasm_bindgen_test]
fn mistakes_are_told_and_never_thrown() {
    let mut engine = Engine::new(1, 1073741824.0);
    for (command, code) in [
        (r#"{ "type": "play" }"#, "no_model"),
        (r#"{ "type": "step", "unit": "century" }"#, "bad_command"),
        (r#"{ "type": "load_builtin", "name": "digits", "options": { "seed": 1 } }"#, "unknown_builtin"),
    ] {
        let failed = lab::find(&lab::say(&mut engine, command), "failed");
        assert_eq!(lab::get(&failed, &["error", "code"]).as_string().as_deref(), Some(code), "{command}");
    }
    let noise: Vec<u8> = (0..=255).collect();
    write(&mut engine, &noise);
    lab::find(&engine.load_model(9, "mine.tabgrad", noise.len()).expect("no file throws"), "failed");
}

#[wasm_bindgen_test]
fn a_confusion_matrix_is_a_typed_array_of_its_own() {
    let mut engine = Engine::new(1, 1073741824.0);
    lab::configure_iris(&mut engine);
    let events = lab::say(&mut engine, r#"{ "type": "evaluate", "request": 1, "part": "train" }"#);
    let confusion = lab::get(&lab::find(&events, "evaluation"), &["evaluation", "confusion"]);
    let confusion: Uint32Array = confusion.dyn_into().expect("a Uint32Array");
    assert_eq!((confusion.length(), confusion.byte_offset()), (9, 0));
    assert_eq!(confusion.buffer().unchecked_into::<js_sys::ArrayBuffer>().byte_length(), 36);
}

#[wasm_bindgen_test]
fn the_schema_is_plain_data() {
    let schema = JSON::parse(&schema()).expect("JSON");
    for part in ["layers", "losses", "optimizers", "regularizers", "initializers", "activations", "metrics"] {
        let list = js_sys::Array::from(&lab::get(&schema, &[part]));
        assert!(list.length() > 0, "{part}");
        assert!(lab::get(&list.get(0), &["doc"]).as_string().is_some(), "{part}");
    }
    assert_ne!(JsValue::from(JSON::stringify(&schema).expect("plain")), JsValue::UNDEFINED);
}

#[wasm_bindgen_test]
fn a_model_of_ones_own_numbers_fits_a_line() {
    let object = |json: &str| JSON::parse(json).expect("JSON");
    let mut model = Model::new(
        object(r#"{ "version": 1, "layers": [{ "type": "dense", "units": 1 }] }"#),
        object(r#"{ "loss": "mse", "optimizer": { "type": "sgd", "learning_rate": 0.1 }, "batch_size": 5 }"#),
        JsValue::from_f64(1.0),
        object(r#"{ "values": 1 }"#),
    )
    .unwrap_or_else(|_| panic!("it compiles"));
    let x = [-1.0, -0.5, 0.0, 0.5, 1.0];
    let history = model.fit(&x, &x.map(|x| 3.0 * x + 2.0), 200, None).expect("the rows fit");
    assert_eq!(js_sys::Array::from(&history).length(), 200);
    let said = model.predict(&[2.0, -2.0]).unwrap_or_default();
    assert!((said[0] - 8.0).abs() < 0.05 && (said[1] + 4.0).abs() < 0.05, "{said:?}");
    assert!(model.predict(&[]).is_ok_and(|said| said.is_empty()));
    assert!(model.fit(&x, &x[..3], 1, None).is_err());
}

#[wasm_bindgen_test]
fn fitting_epoch_by_epoch_gives_the_same_bits_and_keras_logs() {
    let object = |json: &str| JSON::parse(json).expect("JSON");
    let made = || {
        Model::new(
            object(r#"{ "version": 1, "layers": [{ "type": "dense", "units": 1 }] }"#),
            object(
                r#"{ "loss": "mse", "optimizer": { "type": "adam", "learning_rate": 0.1 }, "batch_size": 3,
                    "metrics": ["mae"], "callbacks": ["csv_logger"] }"#,
            ),
            JsValue::from_f64(1.0),
            object(r#"{ "values": 1 }"#),
        )
        .unwrap_or_else(|_| panic!("it compiles"))
    };
    let x = [-1.0, -0.5, 0.0, 0.5, 1.0];
    let y = x.map(|x| 3.0 * x + 2.0);
    let mut whole = made();
    whole.fit(&x[..4], &y[..4], 6, None).expect("the rows fit");
    let mut steps = made();
    let options = object(r#"{ "epochs": 6, "validation_split": 0.2 }"#);
    steps.begin_fit(x.to_vec(), y.to_vec(), None, options).unwrap_or_else(|_| panic!("it begins"));
    let mut epochs = 0;
    loop {
        let ended = steps.fit_epoch(true).expect("it goes on");
        if ended.is_undefined() {
            break;
        }
        epochs += 1;
        assert_eq!(lab::get(&ended, &["epoch"]).as_f64(), Some(f64::from(epochs)));
        for name in ["loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error"] {
            assert!(lab::get(&ended, &["logs", name]).as_f64().is_some(), "{name}");
        }
    }
    assert_eq!(epochs, 6);
    let end = steps.end_fit().expect("it was begun");
    assert!(lab::get(&end, &["log"]).as_string().is_some_and(|log| log.lines().count() == 7));
    let said = |model: &mut Model| model.predict(&[2.0]).unwrap_or_default();
    assert_eq!(said(&mut whole), said(&mut steps));
    assert!(steps.fit_epoch(true).is_err(), "nothing is being fitted any more");
}

#[wasm_bindgen_test]
fn a_state_goes_back_to_the_bit_and_weights_have_names() {
    let object = |json: &str| JSON::parse(json).expect("JSON");
    let mut model = Model::new(
        object(r#"{ "version": 1, "layers": [{ "type": "flatten" }, { "type": "dense", "units": 1 }] }"#),
        object(
            r#"{ "loss": "mse", "optimizer": { "type": "adam", "learning_rate": 0.1 }, "batch_size": 2 }"#,
        ),
        object("[2, 1]"),
        object(r#"{ "values": 1 }"#),
    )
    .unwrap_or_else(|_| panic!("it compiles"));
    assert!(model.predict(&[1.0, 2.0, 3.0]).is_err(), "half a row is left over");
    let (x, y) = ([1.0, 2.0, -1.0, 0.5], [3.0, -1.0]);
    let mut start = model.state();
    assert!(start.names().contains(&"dense/kernel".to_owned()));
    assert!(start.set("dense/kernel", vec![0.5]).is_err() && start.get("dense/nothing").is_err());
    start.set("dense/kernel", vec![0.5, -0.25]).unwrap_or_else(|_| panic!("two weights"));
    let mut after = Vec::new();
    assert!(model.gradient("dense/kernel").is_err(), "no gradients were kept");
    model.keep_gradients();
    for _ in 0..2 {
        model.restore(&start).unwrap_or_else(|_| panic!("its own state"));
        let trained = model.train(&x, &y, 1, None).expect("the rows fit");
        assert_eq!(lab::get(&trained, &["steps"]).as_f64(), Some(1.0));
        after.push(model.state().get("dense/kernel").unwrap_or_default());
    }
    assert_eq!(after[0], after[1]);
    assert_ne!(after[0], [0.5, -0.25]);
    assert_eq!(model.gradient("dense/kernel").unwrap_or_default().len(), 2);
}
