//! Every mistake in a model, its training or its data gets one sentence with its place, and nothing panics.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Cause, Code, ModelSpec, Pool, Rows, Target, TrainingSpec};

fn training() -> Value {
    json!({"loss": "mse", "optimizer": "sgd", "batch_size": 8})
}

fn message(layers: Value, training: Value, target: Target) -> String {
    match compile(layers, training, 4, target) {
        Ok(_) => "no mistake was found".into(),
        Err(error) => error.to_string(),
    }
}

/// Layers for four features and one number as target, and what is said about them.
#[test]
fn mistakes_in_layers_are_named() {
    let dense = || json!({"type": "dense", "units": 1});
    let cases: Vec<(Value, &str)> = vec![
        (json!([]), "layers: expected at least one layer, found none"),
        (json!([{"units": 1}]), "layers[0].type: expected a layer, one of"),
        (json!(["dense"]), "layers[0]: expected a layer as an object, found \"dense\""),
        (json!([{"type": "densee", "units": 1}]), "found \"densee\"; did you mean \"dense\"?"),
        (json!([{"type": 3}]), "layers[0].type: expected a string, found 3"),
        (json!([{"type": "dense"}]), "layers[0].units: expected an integer from 1 to 65536, found nothing"),
        (json!([{"type": "dense", "units": null}]), "layers[0].units: expected an integer"),
        (
            json!([{"type": "dense", "units": "many"}]),
            "layers[0].units: expected an integer from 1 to 65536, found \"many\"",
        ),
        (
            json!([{"type": "dense", "units": 1.5}]),
            "layers[0].units: expected an integer from 1 to 65536, found 1.5",
        ),
        (
            json!([{"type": "dense", "units": 0}]),
            "layers[0].units: expected an integer from 1 to 65536, found 0",
        ),
        (json!([{"type": "dense", "units": -3}]), "found -3"),
        (json!([{"type": "dense", "units": 1e99}]), "layers[0].units: expected an integer from 1 to 65536"),
        (
            json!([{"type": "dense", "unit": 1}]),
            "layers[0].units: expected an integer from 1 to 65536, found nothing; did you mean it by \"unit\"?",
        ),
        (
            json!([{"type": "dense", "units": 1, "activatoin": "relu"}]),
            "found \"activatoin\"; did you mean \"activation\"?",
        ),
        (
            json!([{"type": "dense", "units": 1, "activation": "rellu"}]),
            "layers[0].activation: expected an activation, one of 30 such as: relu",
        ),
        (
            json!([{"type": "dense", "units": 1, "use_bias": "yes"}]),
            "layers[0].use_bias: expected true or false, found \"yes\"",
        ),
        (
            json!([{"type": "dense", "units": 1, "kernel_initializer": "glorot_unifrom"}]),
            "did you mean \"glorot_uniform\"?",
        ),
        (
            json!([{"type": "dense", "units": 1, "kernel_regularizer": {"type": "l2", "l2": -1}}]),
            "layers[0].kernel_regularizer.l2: expected a number of at least 0, found -1",
        ),
        (
            json!([{"type": "dense", "units": 1, "kernel_regularizer": {"type": "l2", "l1": 1}}]),
            "layers[0].kernel_regularizer.l1: expected an argument",
        ),
        (
            json!([{"type": "dropout", "rate": 1.5}, dense()]),
            "layers[0].rate: expected a number from 0 to 1, found 1.5",
        ),
        (
            json!([{"type": "dense", "units": 3}]),
            "layers[0].units: expected 1 for a number as target, found 3",
        ),
        (json!([{"type": "dropout", "rate": 0.1}]), "layers[0]: expected 1 for a number as target, found 4"),
        (json!([{"type": "input", "shape": [3]}, dense()]), "layers[0].shape: expected a shape of 4 values"),
        (json!([{"type": "input", "shape": []}, dense()]), "layers[0].shape: expected a list of sizes"),
        (
            json!([{"type": "input", "shape": [2, 0]}, dense()]),
            "layers[0].shape[1]: expected an integer from 1",
        ),
        (
            json!([{"type": "input", "shape": [2, 2]}, dense()]),
            "layers[1]: expected one row of outputs, found shape (2, 1); put a flatten layer",
        ),
        (
            json!([{"type": "dense", "units": 1, "name": "a"}, {"type": "dense", "units": 1, "name": "a"}]),
            "layers[1].name: expected a name of its own, found \"a\" a second time",
        ),
        (json!([{"type": "dense", "units": 1, "name": "a/b"}]), "layers[0].name: expected a name"),
        (
            json!([{"type": "dense", "units": 1, "name": "input"}]),
            "layers[0].name: expected another name than \"input\"",
        ),
        (
            json!([{"type": "dense", "units": 1, "inputs": ["inptu"]}]),
            "layers[0].inputs[0]: expected an earlier layer, one of: input, found \"inptu\"; did you mean \"input\"?",
        ),
        (
            json!([{"type": "dense", "units": 1, "inputs": ["b"]}, {"type": "dense", "units": 1, "name": "b"}]),
            "layers[0].inputs[0]: expected a layer that stands before this one, found \"b\"",
        ),
        (
            json!([{"type": "dense", "units": 1, "inputs": "input"}]),
            "layers[0].inputs: expected a list of names",
        ),
        (
            json!([{"type": "dense", "units": 1, "inputs": []}]),
            "layers[0].inputs: expected one input, found 0",
        ),
        (json!([dense(), {"type": "add"}]), "layers[1].inputs: expected at least two inputs, found 1"),
        (
            json!([{"type": "dense", "units": 3}, {"type": "add", "inputs": ["dense", "input"]}]),
            "layers[1].inputs[1]: expected a shape that goes with that of the first input, (3), found (4)",
        ),
        (
            json!([
                {"type": "input", "shape": [2, 2]},
                {"type": "flatten"},
                {"type": "concatenate", "inputs": ["input", "flatten"]}]),
            "layers[2].inputs[1]: expected the shape of the first input but for the last axis, (2, 2), found (4)",
        ),
        (
            json!([dense(), {"type": "input", "shape": [4]}, dense()]),
            "layers[0]: expected a later layer that takes \"dense\" as an input, found none; the input layer behind it takes",
        ),
        (
            json!([{"type": "dense", "units": 1, "inputs": ["dense"]}]),
            "layers[0].inputs[0]: expected a layer that stands before this one, found \"dense\"",
        ),
        (
            json!([{"type": "lstm", "units": 2}, dense()]),
            "layers[0].inputs: expected steps of several values, such as (10, 3), found (4); put a reshape layer",
        ),
        (
            json!([{"type": "multi_head_attention", "num_heads": 1, "key_dim": 2}, dense()]),
            "layers[0].inputs: expected steps of several values, such as (10, 3), found (4)",
        ),
        (
            json!([
                {"type": "input", "shape": [2, 2]},
                {"type": "dense", "units": 3, "name": "wide", "inputs": ["input"]},
                {"type": "attention", "inputs": ["input", "wide"]}]),
            "layers[2].inputs: expected keys of as many values as the queries, 2, found (2, 3); put a dense layer of 2 units",
        ),
        (
            json!([
                {"type": "input", "shape": [3, 1], "name": "long"},
                {"type": "input", "shape": [1, 1], "name": "short"},
                {"type": "attention", "inputs": ["long", "short", "long"]}]),
            "layers[2].inputs[2]: expected as many keys as there are values, 1, found (3, 1)",
        ),
        (
            json!([{"type": "dense", "units": 1, "activation": "softmax"}]),
            "layers[0].activation: expected \"sigmoid\" for one output, found \"softmax\"; a softmax over one value is always 1",
        ),
        (
            json!([dense(), {"type": "softmax"}]),
            "layers[1]: expected \"sigmoid\" for one output, found \"softmax\"",
        ),
        (
            json!([{"type": "reshape", "target_shape": [3, 2]}, {"type": "flatten"}, dense()]),
            "layers[0].target_shape: expected a shape of 4 values, as many as (4) has, found 6",
        ),
        (
            json!([{"type": "bidirectional", "layer": {"type": "dense", "units": 3}}, dense()]),
            "layers[0].layer: expected simple_rnn, lstm or gru, found \"dense\"",
        ),
        (
            json!([dense(), {"type": "dense", "units": 1, "inputs": ["input"]}]),
            "layers[0]: expected a later layer that takes \"dense\" as an input, found none",
        ),
    ];
    for (layers, expected) in cases {
        let found = message(layers.clone(), training(), Target::Values(1));
        assert!(found.contains(expected), "{layers}\n  expected {expected}\n  found    {found}");
    }
}

/// Trainings, for a last layer with these units and activation.
#[test]
fn mistakes_in_trainings_are_named() {
    let with = |change: Value| {
        let mut all = training();
        for (key, value) in change.as_object().unwrap() {
            all[key] = value.clone();
        }
        all
    };
    let classes = Target::Classes(3);
    let numbers = Target::Values(1);
    let cases: Vec<(Value, Target, (usize, &str), &str)> = vec![
        (json!({"loss": "mes"}), numbers, (1, "linear"), "training.loss.type: expected a loss, one of"),
        (json!({"loss": null}), numbers, (1, "linear"), "training.loss: expected a loss, found nothing"),
        (
            json!({"loss": {"type": "huber", "delta": 0}}),
            numbers,
            (1, "linear"),
            "training.loss.delta: expected a number from 0.000001",
        ),
        (json!({"optimizer": "adma"}), numbers, (1, "linear"), "did you mean \"adam\"?"),
        (
            json!({"optimizer": {"type": "adam", "lr": 0.1}}),
            numbers,
            (1, "linear"),
            "training.optimizer.lr: expected an argument",
        ),
        (
            json!({"optimizer": {"type": "sgd", "learning_rate": "fast"}}),
            numbers,
            (1, "linear"),
            "training.optimizer.learning_rate: expected a number from 0 to 1000 or a schedule, found \"fast\"",
        ),
        (json!({"optimizer": {"type": "sgd", "learning_rate": -1}}), numbers, (1, "linear"), "found -1"),
        (json!({"metrics": ["acuracy"]}), numbers, (1, "linear"), "training.metrics[0]: expected a metric"),
        (
            json!({"metrics": "mae"}),
            numbers,
            (1, "linear"),
            "training.metrics: expected a list of metrics, found \"mae\"",
        ),
        (
            json!({"metrics": ["mae", "accuracy"]}),
            numbers,
            (1, "linear"),
            "training.metrics[1]: expected a metric for numbers",
        ),
        (
            json!({"batch_size": 0}),
            numbers,
            (1, "linear"),
            "training.batch_size: expected an integer from 1 to 1048576, found 0",
        ),
        (json!({"epochs": 0}), numbers, (1, "linear"), "training.epochs: expected an integer"),
        (json!({"seed": 1e17}), numbers, (1, "linear"), "training.seed: expected an integer"),
        (json!({"sed": 1}), numbers, (1, "linear"), "did you mean \"seed\"?"),
        (
            json!({}),
            classes,
            (3, "linear"),
            "training.loss: expected sparse_categorical_crossentropy for a target of several classes",
        ),
        (
            json!({"loss": "binary_crossentropy"}),
            classes,
            (3, "sigmoid"),
            "training.loss: expected sparse_categorical_crossentropy",
        ),
        (
            json!({"loss": "categorical_crossentropy"}),
            numbers,
            (1, "softmax"),
            "training.loss: expected mean_squared_error",
        ),
        (
            json!({"loss": "categorical_crossentropy"}),
            classes,
            (4, "softmax"),
            "layers[0].units: expected 3 for a target of 3 classes, found 4",
        ),
        (
            json!({"loss": "categorical_crossentropy"}),
            classes,
            (3, "relu"),
            "layers[0].activation: expected \"softmax\" for categorical_crossentropy, found \"relu\"; or set from_logits",
        ),
        (
            json!({"loss": "binary_crossentropy"}),
            Target::Binary,
            (1, "linear"),
            "layers[0].activation: expected \"sigmoid\"",
        ),
        (
            json!({"loss": {"type": "binary_crossentropy", "from_logits": true}}),
            Target::Binary,
            (1, "sigmoid"),
            "layers[0].activation: expected linear, since the loss is from_logits, found sigmoid",
        ),
        (
            json!({"loss": {"type": "dice", "axis": 2}}),
            Target::Binary,
            (1, "sigmoid"),
            "training.loss.axis: expected axes from 0 to 1 or from -1 to -1, or null, found [2]",
        ),
        (
            json!({"loss": {"type": "dice", "axis": "all"}}),
            Target::Binary,
            (1, "sigmoid"),
            "training.loss.axis: expected an axis or a list of axes, found \"all\"",
        ),
        (
            json!({"loss": "sparse_categorical_crossentropy"}),
            Target::Sequence { classes: 3, length: 2 },
            (3, "softmax"),
            "layers[0]: expected 2 steps of 3 outputs, found shape (3); a recurrent layer gives all steps with return_sequences",
        ),
        (
            json!({"loss": "ctc"}),
            classes,
            (3, "linear"),
            "training.loss: expected a target of labels in a sequence, found \"ctc\" and a target of 3 classes",
        ),
        (
            json!({"loss": "categorical_generalized_cross_entropy"}),
            Target::Values(3),
            (3, "softmax"),
            "training.loss: expected mean_squared_error or another loss for numbers",
        ),
        (
            json!({"loss": "circle"}),
            numbers,
            (1, "linear"),
            "training.loss: expected a loss for numbers, or a target of classes",
        ),
        (
            json!({"loss": "sparse_categorical_crossentropy", "metrics": ["mae"]}),
            classes,
            (3, "softmax"),
            "training.metrics[0]: expected a metric for classes",
        ),
    ];
    for (change, target, (units, activation), expected) in cases {
        let layers = json!([{"type": "dense", "units": units, "activation": activation}]);
        let found = message(layers, with(change.clone()), target);
        assert!(found.contains(expected), "{change}\n  expected {expected}\n  found    {found}");
    }
}

#[test]
fn a_newer_version_and_things_that_are_no_model_are_refused() {
    let error = ModelSpec::parse(&json!({"version": 2, "layers": []})).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::NewerVersion, "version"));
    for (value, path) in [
        (json!(null), ""),
        (json!({"layers": []}), "version"),
        (json!({"version": 1}), "layers"),
        (json!({"version": 1, "layers": {}}), "layers"),
        (json!({"version": 1, "layers": [], "lairs": []}), "lairs"),
    ] {
        assert_eq!(ModelSpec::parse(&value).unwrap_err().path, path, "{value}");
    }
    assert_eq!(TrainingSpec::parse(&json!([])).unwrap_err().path, "training");
}

#[test]
fn what_does_not_fit_into_memory_is_refused_with_what_would() {
    let wide = json!([{"type": "dense", "units": 60000}, {"type": "dense", "units": 1}]);
    let large = json!({"loss": "mse", "optimizer": "sgd", "batch_size": 1_000_000});
    let error = compile(wide.clone(), large.clone(), 4, Target::Values(1)).err().unwrap();
    assert_eq!((error.code, error.path.as_str()), (Code::TooLarge, "training.batch_size"));
    let hint = error.hint.clone().unwrap();
    let fitting: usize = hint.split(' ').nth(1).unwrap().parse().unwrap();
    assert!((100..10_000).contains(&fitting), "{hint}");
    let at = |batch: usize| {
        let training = json!({"loss": "mse", "optimizer": "sgd", "batch_size": batch});
        compile(wide.clone(), training, 4, Target::Values(1)).map(|model| model.summary())
    };
    let summary = at(fitting).unwrap();
    assert!(at(fitting + 1).is_err(), "{fitting} is the largest that fits");
    assert!(summary.prediction_bytes < summary.bytes && summary.bytes <= 768 << 20);

    let huge = json!([{"type": "dense", "units": 65536}, {"type": "dense", "units": 65536}, {"type": "dense", "units": 1}]);
    let error = compile(huge, training(), 4, Target::Values(1)).err().unwrap();
    assert_eq!((error.code, error.path.as_str()), (Code::TooLarge, "layers"));
}

/// Two wide layers of 8 MB each for a row: 64 rows of them are too many, four are not.
#[test]
fn wide_layers_fit_when_predictions_take_as_few_rows_as_training() {
    let layers = json!([{"type": "repeat_vector", "n": 4096}, {"type": "activation", "activation": "tanh"},
        {"type": "global_average_pooling1d"}, {"type": "dense", "units": 1}]);
    let training = |batch: usize| json!({"loss": "mse", "optimizer": "sgd", "batch_size": batch});
    assert_eq!(
        compile(layers.clone(), training(64), 512, Target::Values(1)).err().unwrap().code,
        Code::TooLarge
    );
    // As many rows as threads, so that every thread has one.
    let mut model =
        common::compile_on(Pool::with_threads(3), layers, training(2), 512, Target::Values(1)).unwrap();
    let x = Numbers(3).matrix(11, 512);
    let (all, y) = (model.predict(x.view()).unwrap(), Array2::ones((11, 1)));
    for (row, one) in x.rows().into_iter().zip(all.rows()) {
        let expected = model.predict(row.insert_axis(ndarray::Axis(0))).unwrap();
        assert_eq!(one, expected.row(0));
    }
    let rows = Rows::new(x.view(), y.view());
    let loss = (&all - &y).mapv(|off| off * off).mean().unwrap();
    assert!((model.evaluate(&rows).unwrap().unwrap().loss - loss).abs() < 1e-5);
}

#[test]
fn rows_that_do_not_fit_are_refused_at_the_door() {
    let layers = json!([{"type": "dense", "units": 3, "activation": "softmax"}]);
    let training = json!({"loss": "sparse_categorical_crossentropy", "optimizer": "sgd"});
    let mut model = compile(layers, training, 4, Target::Classes(3)).unwrap();
    let mut numbers = Numbers(1);
    let x = numbers.matrix(5, 4);
    let cases = [
        (x.clone(), Array2::from_elem((5, 1), 3.0), "data.y row 0: expected a class from 0 to 2, found 3"),
        (x.clone(), Array2::from_elem((5, 1), 0.5), "found 0.5"),
        (x.clone(), Array2::from_elem((5, 1), f32::NAN), "found NaN"),
        (x.clone(), Array2::zeros((4, 1)), "data.y: expected 5 rows of 1, found 4 rows of 1"),
        (x.clone(), Array2::zeros((5, 3)), "data.y: expected 5 rows of 1, found 5 rows of 3"),
        (numbers.matrix(5, 3), Array2::zeros((5, 1)), "data.x: expected 4 features, found 3"),
        (numbers.matrix(0, 4), Array2::zeros((0, 1)), "data: expected 1 to 4294967295 rows, found 0"),
    ];
    for (x, y, expected) in cases {
        let error = model.train(&Rows::new(x.view(), y.view()), 1).unwrap_err().to_string();
        assert!(error.contains(expected), "expected {expected}\nfound    {error}");
    }
    // No rows are nothing to score, and no predictions; neither is a mistake.
    let (x, y) = (numbers.matrix(0, 4), Array2::zeros((0, 1)));
    assert_eq!(model.evaluate(&Rows::new(x.view(), y.view())).unwrap(), None);
    assert_eq!(model.predict(x.view()).unwrap().dim(), (0, 3));
    // Columns as rows: another memory order is taken as it is meant.
    let turned = numbers.matrix(4, 5).reversed_axes();
    let straight = turned.as_standard_layout().to_owned();
    assert_eq!(model.predict(turned.view()).unwrap(), model.predict(straight.view()).unwrap());
}

#[test]
fn labels_that_do_not_fit_the_steps_are_refused_at_the_door() {
    let layers = json!([{"type": "input", "shape": [3, 2]}, {"type": "dense", "units": 4}]);
    let target = Target::Sequence { classes: 4, length: 3 };
    let mut model = compile(layers, json!({"loss": "ctc", "optimizer": "sgd"}), 6, target).unwrap();
    let x = Numbers(1).matrix(2, 6);
    let mut message = |labels: [f32; 3]| {
        let y = ndarray::arr2(&[[1.0, 2.0, 3.0], labels]);
        model.train(&Rows::new(x.view(), y.view()), 1).err().map(|error| error.to_string())
    };
    assert_eq!(message([1.0, 1.0, 0.0]), None, "two of the same in three steps go with a blank between them");
    let found = message([2.0, 2.0, 1.0]).unwrap();
    let expected = "data.y row 1: expected labels for 3 steps, found 3 labels, 1 of them as the one before";
    assert!(found.starts_with(expected), "{found}");
    assert!(message([1.0, 4.0, 0.0]).unwrap().contains("expected a class from 0 to 3, found 4"));
}

#[test]
fn rows_of_which_every_class_is_ignored_count_for_nothing() {
    let layers = json!([{"type": "dense", "units": 3, "activation": "softmax"}]);
    let loss = json!({"type": "sparse_categorical_crossentropy", "ignore_class": 255});
    let training = json!({"loss": loss, "optimizer": "sgd"});
    let mut model = compile(layers, training, 4, Target::Classes(3)).unwrap();
    let before = model.parameters().to_vec();
    let (x, y) = (Numbers(1).matrix(5, 4), Array2::from_elem((5, 1), 255.0));
    let trained = model.train(&Rows::new(x.view(), y.view()), 1).unwrap();
    assert_eq!((trained.loss, trained.diverged), (Some(0.0), None));
    assert_eq!(model.parameters(), before);
}

#[test]
fn a_learning_rate_that_diverges_leaves_the_last_sound_weights() {
    let mut numbers = Numbers(2);
    let (x, y) = (numbers.matrix(40, 4), numbers.matrix(40, 1));
    let rows = Rows::new(x.view(), y.view());
    for units in [4, 2000] {
        let layers =
            json!([{"type": "dense", "units": units, "activation": "relu"}, {"type": "dense", "units": 1}]);
        let training =
            json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 900.0}, "batch_size": 8});
        let mut model = compile(layers, training, 4, Target::Values(1)).unwrap();
        let mut divergence = None;
        for _ in 0..100 {
            divergence = model.train(&rows, 3).unwrap().diverged;
            if divergence.is_some() {
                break;
            }
        }
        let divergence = divergence.expect("a rate of 900 diverges");
        assert!(divergence.restored_step <= divergence.step);
        assert_eq!(model.position().step, divergence.step + u64::from(divergence.cause == Cause::Weights));
        assert!(model.parameters().iter().all(|w| w.is_finite()));
        // And it can be trained on from there.
        model.set_learning_rate(0.0);
        assert_eq!(model.train(&rows, 1).unwrap().diverged, None);
    }
}

#[test]
fn features_that_are_not_finite_stop_training_and_change_nothing() {
    let x = Array2::from_elem((8, 4), f32::NAN);
    let y = Array2::zeros((8, 1));
    let rows = Rows::new(x.view(), y.view());
    let mut model =
        compile(json!([{"type": "dense", "units": 1}]), training(), 4, Target::Values(1)).unwrap();
    let before = model.parameters().to_vec();
    let trained = model.train(&rows, 5).unwrap();
    assert_eq!(trained.steps, 0);
    assert_eq!(trained.loss, None);
    assert!(trained.diverged.is_some());
    assert_eq!(model.parameters(), before);
    assert_eq!(model.evaluate(&rows).unwrap(), None);
}

/// Layers for images of 2 x 2 pixels.
#[test]
fn windows_that_do_not_fit_are_named_with_what_would() {
    let input = || json!({"type": "input", "shape": [2, 2, 1]});
    let conv = |more: Value| {
        let mut layer = json!({"type": "conv2d", "filters": 4, "kernel_size": 1});
        for (name, value) in more.as_object().unwrap() {
            layer[name] = value.clone();
        }
        json!([input(), layer, {"type": "flatten"}, {"type": "dense", "units": 1}])
    };
    let cases = [
        (
            conv(json!({"kernel_size": 5})),
            "layers[1].kernel_size: expected at most 2x2 for an input of 2x2, found 5x5; use padding \"same\" or at most 2x2",
        ),
        (conv(json!({"kernel_size": 2, "dilation_rate": 2})), "found 2x2 that reach 3x3"),
        (
            conv(json!({"strides": 2, "dilation_rate": 2})),
            "layers[1].dilation_rate: expected 1 where strides are more than 1, found 2x2 with strides 2x2",
        ),
        (conv(json!({"groups": 3})), "layers[1].groups: expected a divisor of the 1 channels that come in"),
        (
            conv(json!({"kernel_size": [1, 2, 3]})),
            "layers[1].kernel_size: expected an integer from 1 to 4096",
        ),
        (
            json!([input(), {"type": "max_pooling2d", "pool_size": 3}, {"type": "flatten"}, {"type": "dense", "units": 1}]),
            "layers[1].pool_size: expected at most 2x2 for an input of 2x2, found 3x3",
        ),
        (
            json!([{"type": "conv2d", "filters": 1, "kernel_size": 1}, {"type": "dense", "units": 1}]),
            "layers[0].inputs: expected an input of shape (height, width, channels), found (4)",
        ),
        (
            json!([input(), {"type": "group_normalization", "groups": 2}, {"type": "flatten"}, {"type": "dense", "units": 1}]),
            "layers[1].groups: expected a divisor of the 1 channels, found 2; 1 would fit",
        ),
    ];
    for (layers, expected) in cases {
        let found = message(layers.clone(), training(), Target::Values(1));
        assert!(found.contains(expected), "{layers}\n  expected {expected}\n  found    {found}");
    }
}

#[test]
fn arguments_that_do_not_fit_their_surroundings_are_named_with_what_would() {
    let image = |layer: Value| json!([{"type": "input", "shape": [2, 1, 2]}, layer, {"type": "flatten"}, {"type": "dense", "units": 1}]);
    let normalization = |arguments: Value| {
        let mut layer = json!({"type": "batch_normalization"});
        layer.as_object_mut().unwrap().extend(arguments.as_object().unwrap().clone());
        image(layer)
    };
    let heads = |axes: Value| {
        image(json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 2, "attention_axes": axes}))
    };
    let timed = |layer: Value| image(json!({"type": "time_distributed", "layer": layer}));
    let cases: Vec<(Value, &str)> = vec![
        (normalization(json!({"axis": [1, 2]})), "layers[1].axis: expected one axis"),
        (normalization(json!({"axis": 4})), "layers[1].axis: expected axes from 1 to 3 or from -3 to -1"),
        (
            normalization(json!({"renorm_clipping": {"rmin": 2, "rmax": 1}})),
            "layers[1].renorm_clipping: expected rmin, rmax and dmax, with rmin at most rmax",
        ),
        (
            normalization(json!({"renorm_clipping": {"rmaxx": 2}})),
            "layers[1].renorm_clipping.rmaxx: expected a bound",
        ),
        (
            normalization(json!({"renorm": true, "moving_variance_initializer": "random_uniform"})),
            "layers[1].moving_variance_initializer: expected ones, zeros or a constant",
        ),
        (heads(json!([3])), "layers[1].attention_axes: expected axes from 1 to 2"),
        (heads(json!([0, 1])), "layers[1].attention_axes: expected axes from 1 to 2"),
        (
            timed(json!({"type": "conv1d", "filters": 1, "kernel_size": 2})),
            "layers[1].layer.kernel_size: expected at most 1 for an input of 1, found 2",
        ),
        (
            timed(json!({"type": "lstm", "units": 0})),
            "layers[1].layer.units: expected an integer from 1 to 65536, found 0",
        ),
        (image(json!({"type": "up_sampling2d", "interpolation": "bicubik"})), "did you mean \"bicubic\"?"),
    ];
    for (layers, expected) in cases {
        let found = message(layers.clone(), training(), Target::Values(1));
        assert!(found.contains(expected), "{layers}\n  said {found}\n  not  {expected}");
    }
}
