//! Layers at several places, several inputs and several outputs.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile, train_epochs};
use serde_json::{Value, json};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec};

fn training() -> Value {
    json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.05}, "batch_size": 8, "shuffle": false})
}

fn compiled(layers: Value, inputs: usize) -> Model {
    compile(layers, training(), inputs, Target::Values(1)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(layers: Value, inputs: usize) -> String {
    compile(layers, training(), inputs, Target::Values(1)).err().expect("a mistake").to_string()
}

/// Two towers with one set of weights.
fn towers() -> Value {
    json!([
        {"type": "input", "shape": [3], "name": "left"},
        {"type": "input", "shape": [3], "name": "right"},
        {"type": "dense", "units": 4, "activation": "tanh", "name": "tower", "inputs": ["left"],
         "kernel_regularizer": "l2"},
        {"type": "batch_normalization", "name": "norm"},
        {"type": "dense", "units": 4, "activation": "tanh", "inputs": ["right"], "shares": "tower",
         "kernel_regularizer": "l2"},
        {"type": "batch_normalization", "shares": "norm", "name": "again"},
        {"type": "concatenate", "inputs": ["norm", "again"]},
        {"type": "dense", "units": 1, "name": "end"}])
}

#[test]
fn a_shared_layer_has_one_set_of_weights_and_one_set_of_statistics() {
    let mut model = compiled(towers(), 6);
    let names: Vec<String> = model.state().tensors.into_iter().map(|tensor| tensor.name).collect();
    let expected = [
        "tower/kernel",
        "tower/bias",
        "norm/gamma",
        "norm/beta",
        "end/kernel",
        "end/bias",
        "norm/moving_mean",
        "norm/moving_variance",
    ];
    assert_eq!(names, expected);
    let parameters: Vec<usize> = model.summary().layers.iter().map(|layer| layer.parameters).collect();
    assert_eq!(parameters, [0, 0, 16, 16, 0, 0, 0, 9]);
    // What goes in on both sides comes out on both sides.
    let mut numbers = Numbers(3);
    let half = numbers.matrix(5, 3);
    let x = ndarray::concatenate(ndarray::Axis(1), &[half.view(), half.view()]).unwrap();
    let outputs = model.probe(x.view()).unwrap();
    assert_eq!(outputs[3], outputs[5]);
    assert_eq!(outputs[2].dim(), (5, 4));
}

#[test]
fn several_inputs_take_the_features_in_order() {
    let mut model = compiled(
        json!([
            {"type": "input", "shape": [2, 2]},
            {"type": "input", "shape": [1]},
            {"type": "flatten", "inputs": ["input"]},
            {"type": "concatenate", "inputs": ["input_1", "flatten"]},
            {"type": "dense", "units": 1}]),
        5,
    );
    let x = ndarray::array![[1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0]];
    let outputs = model.probe(x.view()).unwrap();
    assert_eq!(outputs[0], ndarray::array![[1.0, 2.0, 3.0, 4.0], [6.0, 7.0, 8.0, 9.0]]);
    assert_eq!(outputs[1], ndarray::array![[5.0], [10.0]]);
    assert_eq!(outputs[3], ndarray::array![[5.0, 1.0, 2.0, 3.0, 4.0], [10.0, 6.0, 7.0, 8.0, 9.0]]);
}

#[test]
fn a_shared_layer_learns_from_both_of_its_places() {
    let mut numbers = Numbers(5);
    let x = numbers.matrix(64, 6);
    let y =
        ndarray::Array2::from_shape_fn((64, 1), |(i, _)| (x[[i, 0]] * 2.0).tanh() - (x[[i, 3]] * 2.0).tanh());
    let mut model = compiled(towers(), 6);
    let rows = Rows::new(x.view(), y.view());
    let before = model.evaluate(&rows).unwrap().unwrap().loss;
    train_epochs(&mut model, &x, &y, 60);
    let after = model.evaluate(&rows).unwrap().unwrap().loss;
    assert!(after < 0.2 * before, "{before} to {after}");
}

#[test]
fn mistakes_in_sharing_and_in_several_inputs_are_named() {
    let dense = |name: &str| json!({"type": "dense", "units": 1, "name": name});
    let shares = |with: &str, units: usize| json!({"type": "dense", "units": units, "shares": with});
    let input = |size: usize| json!({"type": "input", "shape": [size]});
    let cases = [
        (
            json!([dense("a"), shares("b", 1)]),
            "layers[1].shares: expected an earlier layer, one of: a, found \"b\"",
        ),
        (
            json!([dense("a"), shares("a", 2)]),
            "layers[1].shares: expected a layer with the same arguments as \"a\", found other ones",
        ),
        (
            json!([dense("a"), shares("a", 1)]),
            "layers[1].shares: expected a layer whose kernel has the shape (1, 1), found (4, 1); a layer that is used",
        ),
        (
            json!([dense("a"), {"type": "dense", "units": 1, "shares": 3}]),
            "layers[1].shares: expected a name",
        ),
        (
            json!([input(2), {"type": "input"}, dense("a")]),
            "layers[1].shape: expected the shape of its part of the features, since there are several input layers",
        ),
        (
            json!([input(2), input(1), dense("a")]),
            "layers[1].shape: expected shapes of all input layers of together 4 values, as many as there are features, found 3",
        ),
        (
            json!([dense("a"), input(2), input(2)]),
            "layers[0].inputs: expected the name of one of the input layers, since there are several",
        ),
    ];
    for (layers, expected) in cases {
        let found = refused(layers.clone(), 4);
        assert!(found.contains(expected), "{layers}\n  expected {expected}\n  found    {found}");
    }
}

/// A trunk with two ends; what is said of the training is joined to the rest of it.
fn two_ends(ends: &[&str], training: Value, targets: Vec<Target>) -> Result<Model, tabgrad_core::Error> {
    let all = json!([
        {"type": "dense", "units": 5, "activation": "tanh", "name": "trunk"},
        {"type": "dense", "units": 2, "name": "number"},
        {"type": "dense", "units": 3, "activation": "softmax", "name": "class", "inputs": ["trunk"]}]);
    let layers: Vec<&Value> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|layer| layer["name"] == "trunk" || ends.iter().any(|end| layer["name"] == *end))
        .collect();
    let mut all = json!({"optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size": 8, "seed": 3, "shuffle": false});
    for (name, value) in training.as_object().unwrap() {
        all[name] = value.clone();
    }
    let model = ModelSpec::parse(&json!({"version": 1, "layers": layers}))?;
    let training = TrainingSpec::parse(&all)?;
    Model::compile(&model, &training, &Io { input: vec![4], targets }, Pool::single())
}

#[test]
fn the_loss_of_several_outputs_is_the_weighted_sum_of_their_losses_and_so_is_its_gradient() {
    let losses = json!({"number": "mse", "class": "sparse_categorical_crossentropy"});
    let training = json!({"loss": losses, "loss_weights": {"number": 0.25}});
    let targets = vec![Target::Values(2), Target::Classes(3)];
    let mut both = two_ends(&["number", "class"], training, targets).unwrap();
    assert_eq!(both.outputs(), ["number", "class"]);
    let number = json!({"loss": "mse"});
    let mut number = two_ends(&["number"], number, vec![Target::Values(2)]).unwrap();
    let class = json!({"loss": "sparse_categorical_crossentropy"});
    let mut class = two_ends(&["class"], class, vec![Target::Classes(3)]).unwrap();
    let state = both.state();
    assert_eq!(number.restore_weights(&state), 4);
    assert_eq!(class.restore_weights(&state), 4);

    let mut numbers = Numbers(6);
    let (x, values, classes) = (numbers.matrix(20, 4), numbers.matrix(20, 2), numbers.classes(20, 3));
    let y = ndarray::concatenate(ndarray::Axis(1), &[values.view(), classes.view()]).unwrap();
    let predicted = both.predict(x.view()).unwrap();
    assert_eq!(predicted.slice(ndarray::s![.., ..2]), number.predict(x.view()).unwrap());
    assert_eq!(predicted.slice(ndarray::s![.., 2..]), class.predict(x.view()).unwrap());
    let rows = [
        Rows::new(x.view(), y.view()),
        Rows::new(x.view(), values.view()),
        Rows::new(x.view(), classes.view()),
    ];
    let loss = |model: &mut Model, rows: &Rows<'_>| model.evaluate(rows).unwrap().unwrap().loss;
    let parts = [loss(&mut both, &rows[0]), loss(&mut number, &rows[1]), loss(&mut class, &rows[2])];
    assert!((parts[0] - (0.25 * parts[1] + parts[2])).abs() < 1e-6, "{parts:?}");
    for (model, rows) in [(&mut both, &rows[0]), (&mut number, &rows[1]), (&mut class, &rows[2])] {
        model.keep_gradients();
        model.train(rows, 1).unwrap();
    }
    let gradient = |model: &Model, name: &str| model.gradient(name).unwrap().to_owned();
    let sum = 0.25 * gradient(&number, "trunk/kernel") + gradient(&class, "trunk/kernel");
    let difference = gradient(&both, "trunk/kernel") - sum;
    assert!(difference.iter().all(|it| it.abs() < 1e-6), "{difference}");
    assert!(gradient(&class, "trunk/kernel").iter().any(|it| it.abs() > 1e-3));
}

#[test]
fn each_output_tells_its_loss_and_its_own_metrics() {
    let losses = json!({"number": "mse", "class": "sparse_categorical_crossentropy"});
    let targets = || vec![Target::Values(2), Target::Classes(3)];
    let mut numbers = Numbers(12);
    let (x, values, classes) = (numbers.matrix(30, 4), numbers.matrix(30, 2), numbers.classes(30, 3));
    let y = ndarray::concatenate(ndarray::Axis(1), &[values.view(), classes.view()]).unwrap();
    let weights: ndarray::Array1<f32> = (0..30).map(|i| (i % 3) as f32).collect();
    let rows = Rows::new(x.view(), y.view()).weighted(weights.view());
    let scores = |more: Value| {
        let mut training = json!({"loss": losses, "loss_weights": {"class": 3.0}});
        more.as_object().unwrap().iter().for_each(|(name, value)| training[name] = value.clone());
        let mut model = two_ends(&["number", "class"], training, targets()).unwrap();
        let evaluated = model.evaluate(&rows).unwrap().unwrap();
        // An epoch of training tells the same names.
        let trained = model.train(&rows, 9).unwrap().epoch_end.unwrap();
        assert!(trained.metrics.keys().eq(evaluated.metrics.keys()));
        evaluated
    };
    let names = |scores: &tabgrad_core::Scores| scores.metrics.keys().cloned().collect::<Vec<_>>().join(" ");

    let found = scores(json!({}));
    assert_eq!(names(&found), "class_loss number_loss");
    let sum = found.metrics["number_loss"] + 3.0 * found.metrics["class_loss"];
    assert!((found.loss - sum).abs() < 1e-5, "{found:?}");

    // Of as many as there are outputs, each output has one, as in Keras; else a metric scores the outputs that it fits.
    let each = scores(json!({"metrics": ["mae", "accuracy"]}));
    assert_eq!(names(&each), "class_accuracy class_loss number_loss number_mean_absolute_error");
    let fitting = scores(json!({"metrics": ["accuracy", "mae", "mse"]}));
    let expected =
        "class_accuracy class_loss number_loss number_mean_absolute_error number_mean_squared_error";
    assert_eq!(names(&fitting), expected);
    for (name, value) in &each.metrics {
        assert_eq!(fitting.metrics[name], *value, "{name}");
    }

    let by_name = json!({"metrics": {"class": "accuracy"},
        "weighted_metrics": {"class": ["accuracy"], "number": ["mean_squared_error", "mae"]}});
    let found = scores(by_name);
    let expected = "class_accuracy class_loss class_weighted_accuracy number_loss number_mean_absolute_error number_mean_squared_error";
    assert_eq!(names(&found), expected);
    assert_ne!(found.metrics["class_accuracy"], found.metrics["class_weighted_accuracy"]);
    // The loss is a sum of weighted rows over their number, the metric their mean.
    let weighted = found.metrics["number_mean_squared_error"] * weights.sum() / 30.0;
    assert!((found.metrics["number_loss"] - weighted).abs() < 1e-5, "{found:?}");
}

#[test]
fn what_is_said_of_outputs_may_be_said_in_lists() {
    let by_name = json!({"loss": {"number": "mse", "class": "categorical_crossentropy"},
        "loss_weights": {"number": 0.25, "class": 2.0}, "metrics": {"class": "accuracy"},
        "weighted_metrics": {"number": ["mae", "mse"]}});
    let listed = json!({"loss": ["mse", "categorical_crossentropy"], "loss_weights": [0.25, 2], "metrics": [null, "accuracy"],
        "weighted_metrics": [["mae", "mse"], []]});
    // Both ways in one training, too.
    let mixed = json!({"loss": ["mse", "categorical_crossentropy"], "loss_weights": {"number": 0.25, "class": 2},
        "metrics": [[], ["accuracy"]], "weighted_metrics": {"number": ["mae", "mse"]}});
    let mut numbers = Numbers(4);
    let (x, values, classes) = (numbers.matrix(30, 4), numbers.matrix(30, 2), numbers.classes(30, 3));
    let y = ndarray::concatenate(ndarray::Axis(1), &[values.view(), classes.view()]).unwrap();
    let weights = numbers.matrix(30, 2).mapv(f32::abs);
    let mut found = Vec::new();
    for training in [by_name, listed, mixed] {
        let mut full = training.clone();
        full["optimizer"] = json!("sgd");
        let spec = TrainingSpec::parse(&full).unwrap();
        assert_eq!(TrainingSpec::parse(&spec.to_value()).unwrap(), spec, "{training}");
        let targets = vec![Target::Values(2), Target::Classes(3)];
        let mut model = two_ends(&["number", "class"], training, targets).unwrap();
        let rows = Rows::new(x.view(), y.view()).weighted_each(weights.view());
        let names = model.metrics_names().join(" ");
        let trained = model.train(&rows, 9).unwrap().epoch_end.unwrap();
        found.push((names, trained, bits(&model)));
    }
    let names =
        "loss number_loss class_loss class_accuracy number_mean_absolute_error number_mean_squared_error";
    assert_eq!(found[0].0, names, "in Keras' order");
    assert_eq!(found[1], found[0]);
    assert_eq!(found[2], found[0]);
}

#[test]
fn rows_may_count_differently_at_each_output_and_each_step() {
    let layers = json!([
        {"type": "input", "shape": [3, 2]},
        {"type": "dense", "units": 2, "activation": "softmax", "name": "step"},
        {"type": "flatten", "inputs": ["input"]},
        {"type": "dense", "units": 1, "name": "number"}]);
    let model = ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap();
    let training = json!({"loss": ["sparse_categorical_crossentropy", "mse"], "optimizer": "sgd", "shuffle": false, "batch_size": 4});
    let training = TrainingSpec::parse(&training).unwrap();
    let io =
        Io { input: vec![6], targets: vec![Target::Sequence { classes: 2, length: 3 }, Target::Values(1)] };
    let make = || Model::compile(&model, &training, &io, Pool::single()).unwrap();
    assert_eq!(make().losses(), [3, 1]);
    let mut numbers = Numbers(7);
    let x = numbers.matrix(10, 6);
    let y = ndarray::Array2::from_shape_fn((10, 4), |(row, column)| ((row + column) % 2) as f32);
    let bits_with = |weights: ndarray::Array2<f32>| {
        let mut model = make();
        let rows = Rows::new(x.view(), y.view()).weighted_each(weights.view());
        let scores = model.evaluate(&rows).unwrap().unwrap();
        model.train(&rows, 9).unwrap();
        (scores, bits(&model))
    };
    let column = |i: usize| ndarray::Array2::from_shape_fn((10, 1), move |(row, _)| ((row + i) % 3) as f32);
    let beside = |columns: &[&ndarray::Array2<f32>]| {
        let views: Vec<_> = columns.iter().map(|it| it.view()).collect();
        ndarray::concatenate(ndarray::Axis(1), &views).unwrap()
    };
    let (a, b) = (column(0), column(1));
    assert_eq!(bits_with(a.clone()), bits_with(beside(&[&a, &a])), "one weight is that of all outputs");
    assert_eq!(bits_with(beside(&[&a, &b])), bits_with(beside(&[&a, &a, &a, &b])), "and of all steps");
    let (each, steps) = (bits_with(beside(&[&a, &b])), bits_with(beside(&[&a, &b, &a, &b])));
    assert_ne!(each, steps);
    assert_eq!(each.0.metrics["number_loss"], steps.0.metrics["number_loss"]);
    assert_ne!(each.0.metrics["step_loss"], steps.0.metrics["step_loss"]);

    let refused = |weights: ndarray::Array2<f32>| {
        let rows = Rows::new(x.view(), y.view()).weighted_each(weights.view());
        make().train(&rows, 1).unwrap_err().to_string()
    };
    let expected = "data.weights: expected 10 rows of 1 weight, or of 2: one for each output, or of 4: one for each of their steps, found 10 rows of 3";
    assert_eq!(refused(beside(&[&a, &a, &a])), expected);
    assert!(refused(-&a).contains("data.weights row 1: expected a number of at least 0, found -1"));
}

/// Probabilities that another layer takes as well are part of training, though the loss goes around them.
#[test]
fn an_output_may_feed_other_layers() {
    let layers = json!([
        {"type": "dense", "units": 3, "activation": "softmax", "name": "class"},
        {"type": "dense", "units": 1, "name": "number"}]);
    let model = json!({"version": 1, "layers": layers, "outputs": ["class", "number"]});
    let model = ModelSpec::parse(&model).unwrap();
    assert_eq!(ModelSpec::parse(&model.to_value()).unwrap(), model);
    let training = json!({"loss": {"class": "categorical_crossentropy", "number": "mse"},
        "metrics": {"number": ["mae"]}, "weighted_metrics": {"class": ["accuracy"], "number": ["mae", "mse"]},
        "optimizer": {"type": "sgd", "learning_rate": 0.0}, "batch_size": 16});
    let training = TrainingSpec::parse(&training).unwrap();
    assert_eq!(TrainingSpec::parse(&training.to_value()).unwrap(), training);
    let io = Io { input: vec![4], targets: vec![Target::Classes(3), Target::Values(1)] };
    let mut model = Model::compile(&model, &training, &io, Pool::single()).unwrap();
    let mut numbers = Numbers(9);
    let (x, classes, values) = (numbers.matrix(16, 4), numbers.classes(16, 3), numbers.matrix(16, 1));
    let y = ndarray::concatenate(ndarray::Axis(1), &[classes.view(), values.view()]).unwrap();
    let rows = Rows::new(x.view(), y.view());
    model.keep_gradients();
    model.train(&rows, 1).unwrap();
    let gradient = model.gradient("class/kernel").unwrap().to_owned();
    let start = model.state();
    for (i, &found) in gradient.iter().enumerate() {
        let mut loss = |step: f32| {
            let mut moved = start.clone();
            moved.tensors[0].values[i] += step;
            model.restore(&moved).unwrap();
            f64::from(model.evaluate(&rows).unwrap().unwrap().loss)
        };
        let slope = (loss(4e-3) - loss(-4e-3)) / 8e-3;
        assert!((slope - f64::from(found)).abs() < 1e-3, "kernel[{i}]: {found}, by differences {slope}");
    }
}

#[test]
fn mistakes_in_several_outputs_are_named() {
    let mse = json!({"loss": "mse"});
    let two = || vec![Target::Values(2), Target::Classes(3)];
    let by_name = |number: &str, class: &str| json!({"loss": {"number": number, "class": class}});
    let ends = ["number", "class"];
    let cases = [
        (mse.clone(), vec![Target::Values(2)], "layers[1]: expected a later layer that takes \"number\""),
        (mse, vec![Target::Values(2); 3], "data: expected targets for 2 outputs: number, class, found 3"),
        (
            by_name("mse", "mse"),
            two(),
            "training.loss.class: expected sparse_categorical_crossentropy for a target of several classes",
        ),
        (json!({"loss": {"number": "mse"}}), two(), "training.loss.class: expected a loss, found nothing"),
        (by_name("mse", "mes"), two(), "training.loss.class.type: expected a loss"),
        (
            json!({"loss": {"number": "mse", "clas": "mse"}}),
            two(),
            "training.loss.clas: expected an output, one of: number, class, found \"clas\"; did you mean \"class\"?",
        ),
        (
            json!({"loss": by_name("mse", "categorical_crossentropy")["loss"], "metrics": {"clas": ["accuracy"]}}),
            two(),
            "training.metrics.clas: expected an output, one of: number, class, found \"clas\"; did you mean \"class\"?",
        ),
        (
            json!({"loss": by_name("mse", "categorical_crossentropy")["loss"], "metrics": {"number": ["mae", "accuracy"]}}),
            two(),
            "training.metrics.number[1]: expected a metric for numbers, found \"accuracy\" with the loss \"mean_squared_error\"",
        ),
        (
            json!({"loss": by_name("mse", "categorical_crossentropy")["loss"], "weighted_metrics": {"class": ["accuracyy"]}}),
            two(),
            "training.weighted_metrics.class[0]: expected a metric",
        ),
        (
            json!({"loss": "mse", "loss_weights": {"numbr": 2}}),
            two(),
            "training.loss_weights.numbr: expected an output",
        ),
        (
            json!({"loss": "mse", "loss_weights": {"number": -1}}),
            two(),
            "training.loss_weights.number: expected a number from 0 to 1000000, found -1",
        ),
        (
            json!({"loss": ["mse"]}),
            two(),
            "training.loss: expected a list of 2, one for each output: number, class, found a list of 1",
        ),
        (
            json!({"loss": ["mse", null]}),
            two(),
            "training.loss[1]: expected a loss, found null; an output that is not to be trained has 0 among the loss_weights",
        ),
        (json!({"loss": []}), two(), "training.loss: expected a loss, found a list of 0"),
        (json!({"loss": ["mse", "mes"]}), two(), "training.loss[1].type: expected a loss"),
        (
            json!({"loss": ["mse", "mse"]}),
            two(),
            "training.loss[1]: expected sparse_categorical_crossentropy",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "loss_weights": [1, 2, 3]}),
            two(),
            "training.loss_weights: expected a list of 2, one for each output: number, class, found a list of 3",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "loss_weights": 2}),
            two(),
            "training.loss_weights: expected a list of 2",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "loss_weights": "half"}),
            two(),
            "training.loss_weights: expected weights by output: an object by name, or a list, found \"half\"",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "metrics": [["mae"], ["accuracy", "mae"]]}),
            two(),
            "training.metrics[1][1]: expected a metric for classes",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "metrics": ["accuracy", "mae"]}),
            two(),
            "training.metrics[0]: expected a metric for numbers, found \"accuracy\" with the loss \"mean_squared_error\"; root_mean_squared_error, for one; of as many metrics as outputs, each output has one",
        ),
        (
            json!({"loss": ["mse", "categorical_crossentropy"], "weighted_metrics": [["mae"]]}),
            two(),
            "training.weighted_metrics: expected a list of 2",
        ),
        (
            json!({"loss": {"number": "mse", "class": "categorical_crossentropy"}, "class_weight": [1, 2, 3]}),
            two(),
            "training.class_weight: expected nothing, since there are several outputs",
        ),
    ];
    for (training, targets, expected) in cases {
        let found = two_ends(&ends, training.clone(), targets).err().expect("a mistake").to_string();
        assert!(found.contains(expected), "{training}\n  expected {expected}\n  found    {found}");
    }
    let outputs = |outputs: Value| {
        let layers =
            json!([{"type": "dense", "units": 1, "name": "a"}, {"type": "dense", "units": 1, "name": "b"}]);
        let model = ModelSpec::parse(&json!({"version": 1, "layers": layers, "outputs": outputs}))?;
        let training = TrainingSpec::parse(&training())?;
        let io = Io { input: vec![2], targets: vec![Target::Values(1); 2] };
        Model::compile(&model, &training, &io, Pool::single()).map(|model| model.outputs().join(" "))
    };
    assert_eq!(outputs(json!(["b", "a"])).unwrap(), "b a");
    let message = |names: Value| outputs(names).unwrap_err().to_string();
    assert!(message(json!(["c"])).contains("outputs[0]: expected a layer, one of: a, b, found \"c\""));
    assert!(message(json!(["b", "b"])).contains("outputs[1]: expected each output once"));
    assert!(message(json!(["a"])).contains("layers[1]: expected a later layer that takes \"b\" as an input"));
    assert!(message(json!("a")).contains("outputs: expected a list of names of layers"));
}
