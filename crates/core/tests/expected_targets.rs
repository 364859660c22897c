//! What a row of targets holds where nobody says it: Keras' shapes of `y_true`, for every loss and shape of output.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, targets};
use serde_json::{Value, json};
use tabgrad_core::{Error, Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec, schema};

fn training(loss: &Value) -> TrainingSpec {
    TrainingSpec::parse(
        &json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.01}, "batch_size": 4}),
    )
    .unwrap()
}

fn compiled(layers: &Value, training: &Value, input: &[usize], target: Target) -> Result<Model, Error> {
    let model = ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap();
    let training = TrainingSpec::parse(training).unwrap();
    Model::compile(&model, &training, &Io::single(input.to_vec(), target), Pool::single())
}

fn expected(model: Value, loss: &Value, input: &[usize]) -> Result<Vec<Target>, Error> {
    let model = ModelSpec::parse(&model).unwrap();
    Io::expected(&model, Some(&training(loss)), input.to_vec()).map(|io| io.targets)
}

/// The one target of a list of layers.
fn of(layers: Value, loss: impl Into<Value>, input: &[usize]) -> Target {
    let targets = expected(json!({"version": 1, "layers": layers}), &loss.into(), input).unwrap();
    assert_eq!(targets.len(), 1);
    targets[0]
}

#[test]
fn targets_follow_from_loss_and_shape() {
    let dense = |units: usize| json!([{"type": "dense", "units": 8}, {"type": "dense", "units": units}, {"type": "dropout", "rate": 0.5}]);
    for (loss, units, target) in [
        ("mse", 3, Target::Values(3)),
        ("mean_absolute_error", 1, Target::Values(1)),
        ("binary_crossentropy", 1, Target::Binary),
        ("bce", 4, Target::Values(4)),
        ("hinge", 1, Target::Binary),
        ("sparse_categorical_crossentropy", 3, Target::Classes(3)),
        ("categorical_generalized_cross_entropy", 3, Target::Classes(3)),
        ("categorical_crossentropy", 3, Target::Values(3)),
        ("categorical_focal_crossentropy", 3, Target::Values(3)),
        ("categorical_hinge", 3, Target::Values(3)),
        ("kl_divergence", 3, Target::Values(3)),
        ("dice", 3, Target::Values(3)),
        ("dice", 1, Target::Binary),
    ] {
        assert_eq!(of(dense(units), loss, &[5]), target, "{loss} of {units}");
    }
    let steps =
        json!([{"type": "lstm", "units": 6, "return_sequences": true}, {"type": "dense", "units": 4}]);
    assert_eq!(
        of(steps.clone(), "sparse_categorical_crossentropy", &[7, 2]),
        Target::Sequence { classes: 4, length: 7 }
    );
    assert_eq!(of(steps.clone(), "categorical_crossentropy", &[7, 2]), Target::Values(28));
    assert_eq!(of(steps, "ctc", &[7, 2]), Target::Sequence { classes: 4, length: 7 });
    let twice = json!([{"type": "bidirectional", "layer": {"type": "lstm", "units": 6}}]);
    assert_eq!(of(twice, "mse", &[7, 2]), Target::Values(12));
    let picture = json!([{"type": "conv2d", "filters": 3, "kernel_size": 3, "padding": "same"},
        {"type": "conv2d", "filters": 1, "kernel_size": 3, "padding": "same", "activation": "sigmoid"}]);
    assert_eq!(of(picture.clone(), "binary_crossentropy", &[6, 6, 1]), Target::Values(36));
    assert_eq!(of(picture, "mse", &[6, 6, 1]), Target::Values(36));
    let pixels = json!([{"type": "conv2d", "filters": 5, "kernel_size": 1, "activation": "softmax"}]);
    assert_eq!(
        of(pixels, "sparse_categorical_crossentropy", &[6, 6, 1]),
        Target::Sequence { classes: 5, length: 36 }
    );
    let flat = json!([{"type": "flatten"}]);
    assert_eq!(of(flat, "mse", &[2, 3]), Target::Values(6), "no layer says how many");
}

#[test]
fn several_outputs_have_a_target_each() {
    let layers = json!([
        {"type": "input", "shape": [4]},
        {"type": "dense", "units": 8, "name": "trunk"},
        {"type": "dense", "units": 2},
        {"type": "dense", "units": 3, "inputs": ["trunk"]},
        {"type": "activation", "activation": "softmax"},
    ]);
    let model = json!({"version": 1, "layers": layers});
    let both = [Target::Values(2), Target::Classes(3)];
    let losses = json!(["mse", "sparse_categorical_crossentropy"]);
    assert_eq!(expected(model.clone(), &losses, &[4]).unwrap(), both);
    let named = json!({"activation": "sparse_categorical_crossentropy", "dense": "mse"});
    assert_eq!(expected(model.clone(), &named, &[4]).unwrap(), both);
    let chosen = json!({"version": 1, "layers": layers, "outputs": ["activation", "dense"]});
    assert_eq!(expected(chosen, &json!("mse"), &[4]).unwrap(), [Target::Values(3), Target::Values(2)]);
    let of_all = expected(model.clone(), &json!("mse"), &[4]).unwrap();
    assert_eq!(of_all, [Target::Values(2), Target::Values(3)], "one loss is for all outputs");
    let untrained = Io::expected(&ModelSpec::parse(&model).unwrap(), None, vec![4]).unwrap();
    assert_eq!(untrained.targets, [Target::Values(2), Target::Values(3)]);
}

#[test]
fn mistakes_are_those_of_compile() {
    let error = expected(json!({"version": 1, "layers": []}), &json!("mse"), &[4]).unwrap_err();
    assert_eq!(error.path, "layers");
    let layers = json!([{"type": "conv2d", "filters": 1, "kernel_size": 9}]);
    let error = expected(json!({"version": 1, "layers": layers}), &json!("mse"), &[4, 4, 1]).unwrap_err();
    assert!(error.path.starts_with("layers[0]"), "{error}");
    let several = json!(["mse", "mse"]);
    let layers = json!([{"type": "dense", "units": 1}]);
    let error = expected(json!({"version": 1, "layers": layers}), &several, &[4]).unwrap_err();
    assert_eq!(error.path, "training.loss");
}

/// Every loss, with outputs in a row, in steps and in a picture: what is expected compiles and trains.
#[test]
fn whatever_is_expected_trains() {
    let shapes = [
        (json!([{"type": "dense", "units": 3, "activation": "sigmoid"}]), vec![4]),
        (json!([{"type": "dense", "units": 1, "activation": "sigmoid"}]), vec![4]),
        (json!([{"type": "gru", "units": 3, "return_sequences": true, "activation": "sigmoid"}]), vec![5, 2]),
        (json!([{"type": "conv2d", "filters": 2, "kernel_size": 1, "activation": "sigmoid"}]), vec![3, 3, 1]),
    ];
    let mut trained = 0;
    for kind in schema().losses {
        let loss = kind.choice.r#type;
        for (layers, input) in &shapes {
            let mut layers = layers.clone();
            if loss.ends_with("categorical_crossentropy") {
                layers.as_array_mut().unwrap().push(json!({"type": "softmax"}));
            }
            if layers[0]["units"] == 1 && (loss.contains("categorical") || loss == "ctc") {
                continue; // One class is none.
            }
            if loss == "ctc" && input.len() != 2 || loss == "circle" && input.len() > 1 {
                continue; // Steps are what the one is about, places what the other is.
            }
            let target = of(layers.clone(), loss, input);
            let training = json!({"loss": loss, "optimizer": "sgd", "batch_size": 4});
            let mut model = compiled(&layers, &training, input, target)
                .unwrap_or_else(|error| panic!("{loss} of {layers}: {error}"));
            let mut numbers = Numbers(5);
            let x = numbers.matrix(4, input.iter().product());
            let y = match (loss, target) {
                ("circle", _) => numbers.classes(4, 1000),
                ("ctc", Target::Sequence { length, .. }) => {
                    let mut y = ndarray::Array2::zeros((4, length));
                    y.column_mut(0).fill(2.0);
                    y
                }
                _ => targets(&mut numbers, 4, target),
            };
            let done = model.train(&Rows::new(x.view(), y.view()), 2).unwrap();
            assert!(done.diverged.is_none() && done.steps > 0, "{loss} of {layers}: {done:?}");
            trained += 1;
        }
    }
    assert!(trained > 60, "{trained}");
}

/// Weights of classes count where a target is one-hot too, by its largest number, as in Keras: as with numbers of classes.
#[test]
fn weights_of_classes_are_those_of_one_hot_targets_too() {
    let layers = json!([{"type": "dense", "units": 3, "activation": "softmax"}]);
    let mut numbers = Numbers(3);
    let (x, classes) = (numbers.matrix(12, 4), numbers.classes(12, 3));
    let one_hot = ndarray::Array2::from_shape_fn((12, 3), |(row, class)| {
        f32::from(u8::from(classes[[row, 0]] == class as f32))
    });
    let weights = |loss: &str, target: Target, y: &ndarray::Array2<f32>| {
        let training = json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.5}, "batch_size": 6,
            "class_weight": [1.0, 4.0, 0.5]});
        let mut model = compiled(&layers, &training, &[4], target).unwrap();
        for _ in 0..5 {
            assert!(model.train(&Rows::new(x.view(), y.view()), usize::MAX).unwrap().diverged.is_none());
        }
        model.parameters().to_vec()
    };
    let numbered = weights("sparse_categorical_crossentropy", Target::Classes(3), &classes);
    let hot = weights("categorical_crossentropy", Target::Values(3), &one_hot);
    assert!(numbered.iter().zip(&hot).all(|(a, b)| (a - b).abs() < 1e-5), "{numbered:?} {hot:?}");
    let wrong = json!({"loss": "categorical_crossentropy", "optimizer": "sgd", "class_weight": [1.0, 2.0]});
    let error = compiled(&layers, &wrong, &[4], Target::Values(3)).err().unwrap();
    assert_eq!(
        (error.path.as_str(), error.expected.as_str()),
        ("training.class_weight", "3 weights for 3 numbers as target")
    );
}

/// Along another axis, a loss and its scores are those of the same outputs with that axis behind the others; predictions stay.
#[test]
fn a_loss_along_another_axis_sees_outputs_with_that_axis_last() {
    let dense = json!({"type": "dense", "units": 3});
    let permuted = json!([dense, {"type": "permute", "dims": [2, 1]}]);
    let mut numbers = Numbers(4);
    let x = numbers.matrix(12, 8);
    let y = targets(&mut numbers, 12, Target::Sequence { classes: 4, length: 3 });
    let run = |layers: &Value, axis: i32| {
        let loss = json!({"type": "sparse_categorical_crossentropy", "from_logits": true, "axis": axis});
        let training = json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size": 6,
            "metrics": ["accuracy", "sparse_categorical_crossentropy", "mean_iou"]});
        let target = of(layers.clone(), loss, &[4, 2]);
        assert_eq!(target, Target::Sequence { classes: 4, length: 3 });
        let mut model = compiled(layers, &training, &[4, 2], target).unwrap();
        let rows = Rows::new(x.view(), y.view());
        for _ in 0..3 {
            model.train(&rows, usize::MAX).unwrap();
        }
        let weights = model.parameters().to_vec();
        (model.evaluate(&rows).unwrap().unwrap(), weights, model.predict(x.view()).unwrap())
    };
    let (along, last) = (run(&json!([dense]), 1), run(&permuted, -1));
    assert_eq!((along.0, along.1), (last.0, last.1));
    for (along, last) in along.2.iter().zip(
        last.2
            .as_standard_layout()
            .rows()
            .into_iter()
            .flat_map(|row| (0..12).map(move |i| row[i % 3 * 4 + i / 3])),
    ) {
        assert_eq!(*along, last);
    }
    let wrong = json!({"loss": {"type": "categorical_crossentropy", "axis": 0}, "optimizer": "sgd"});
    let error = compiled(&permuted, &wrong, &[4, 2], Target::Values(12)).err().unwrap();
    assert_eq!(error.path, "training.loss.axis");
}
