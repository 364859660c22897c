//! Results do not depend on the number of threads: not by a bit.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::losses::ends;
use common::{
    Numbers, bits, compile_on, everything, features, features_of, held, optimizers, targets,
    thorough_training,
};
use serde_json::json;
use tabgrad_core::{Model, Pool, Rows, Target, schema};

/// A whole run of six epochs, the last batch of each a small one, with all that was reported on the way.
fn run(threads: usize) -> (Model, String) {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(150, 20), numbers.classes(150, 5));
    let rows = Rows::new(x.view(), y.view());
    let mut training = thorough_training(json!("adam"));
    training["batch_size"] = json!(64);
    let pool = Pool::with_threads(threads);
    assert_eq!(pool.threads(), threads);
    let mut model = compile_on(pool, everything(), training, 20, Target::Classes(5)).unwrap();
    assert!(model.summary().flops > 1_000_000, "this test is about a model that uses all threads");
    let mut report = String::new();
    for _ in 0..9 {
        report += &format!("{:?}\n", model.train(&rows, 2).unwrap());
    }
    report += &format!("{:?}\n{:?}\n", model.position(), model.evaluate(&rows).unwrap());
    report += &format!("{:?}\n{:?}", model.predict(x.view()).unwrap(), model.probe(x.view()).unwrap());
    (model, report)
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    let (one, report) = run(1);
    for threads in [2, 3, 8] {
        let (many, other) = run(threads);
        assert_eq!(other, report, "{threads} threads");
        assert_eq!(bits(&many), bits(&one), "{threads} threads");
    }
}

/// Every optimizer with clipping, constraints and all: a few steps on a batch that is large enough for threads.
#[test]
fn optimizers_and_what_holds_weights_do_not_depend_on_the_threads() {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(130, 20), numbers.classes(130, 5));
    let rows = Rows::new(x.view(), y.view());
    for optimizer in optimizers() {
        let train = |threads: usize| {
            let mut training = thorough_training(optimizer.clone());
            training["batch_size"] = json!(64);
            let pool = Pool::with_threads(threads);
            let mut model = compile_on(pool, held(), training, 20, Target::Classes(5)).unwrap();
            let trained = [model.train(&rows, 9).unwrap(), model.train(&rows, 9).unwrap()];
            (trained, bits(&model))
        };
        let one = train(1);
        for threads in [2, 3, 8] {
            assert!(train(threads) == one, "{optimizer} on {threads} threads");
        }
    }
}

/// Weights of one axis to four, where threads cut some within what an optimizer takes as a row.
#[test]
fn optimizers_of_weights_with_many_axes_do_not_depend_on_the_threads() {
    let layers = json!([
        {"type": "input", "shape": [6]},
        {"type": "embedding", "input_dim": 40, "output_dim": 12},
        {"type": "multi_head_attention", "num_heads": 3, "key_dim": 7},
        {"type": "einsum_dense", "equation": "abc,cde->abde", "output_shape": [6, 5, 9], "bias_axes": "de"},
        {"type": "einsum_dense", "equation": "abcd,dbe->abce", "output_shape": [6, 5, 9], "bias_axes": "be"},
        {"type": "einsum_dense", "equation": "abcd,ebd->abce", "output_shape": [6, 5, 3], "bias_axes": "c"},
        {"type": "conv2d", "filters": 11, "kernel_size": 2, "activation": "tanh"},
        {"type": "flatten"},
        {"type": "dense", "units": 5, "activation": "softmax"}]);
    let mut numbers = Numbers(5);
    let (x, y) = (features(&mut numbers, 130, &layers), numbers.classes(130, 5));
    let rows = Rows::new(x.view(), y.view());
    for optimizer in optimizers().into_iter().filter(|it| it["learning_rate"].is_number()) {
        let train = |threads: usize| {
            let mut training = thorough_training(optimizer.clone());
            training["batch_size"] = json!(64);
            let pool = Pool::with_threads(threads);
            let mut model = compile_on(pool, layers.clone(), training, 6, Target::Classes(5)).unwrap();
            let trained = model.train(&rows, 5).unwrap();
            (trained, bits(&model))
        };
        let one = train(1);
        for threads in [2, 3, 8] {
            assert!(train(threads) == one, "{optimizer} on {threads} threads");
        }
    }
}

/// Heights of a part that are no multiple of any tile, and one unit at the end: the edges of the products.
#[test]
fn scores_of_odd_numbers_of_rows_do_not_depend_on_the_threads_either() {
    let layers = json!([
        {"type": "dense", "units": 256, "activation": "tanh"},
        {"type": "dense", "units": 256, "activation": "relu"},
        {"type": "dense", "units": 1, "activation": "sigmoid"},
    ]);
    let training = json!({"loss": "binary_crossentropy", "optimizer": {"type": "adam"}, "metrics": ["accuracy"], "batch_size": 512});
    for rows in [450, 449, 30, 7] {
        let mut numbers = Numbers(5);
        let (x, y) = (numbers.matrix(rows, 2), numbers.classes(rows, 2));
        let score = |threads: usize| {
            let pool = Pool::with_threads(threads);
            let mut model = compile_on(pool, layers.clone(), training.clone(), 2, Target::Binary).unwrap();
            let data = Rows::new(x.view(), y.view());
            model.train(&data, 3).unwrap();
            (model.evaluate(&data).unwrap(), model.predict(x.view()).unwrap())
        };
        let one = score(1);
        for threads in [2, 3, 8] {
            assert_eq!(score(threads), one, "{rows} rows on {threads} threads");
        }
    }
}

#[test]
fn how_training_is_sliced_changes_nothing() {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(70, 20), numbers.classes(70, 5));
    let rows = Rows::new(x.view(), y.view());
    let train = |slice: usize| {
        let training = thorough_training(json!({"type": "sgd", "momentum": 0.9}));
        let mut model = compile_on(Pool::single(), everything(), training, 20, Target::Classes(5)).unwrap();
        while model.position().step < 12 {
            model.train(&rows, slice).unwrap();
        }
        bits(&model)
    };
    assert_eq!(train(1), train(3));
    assert_eq!(train(2), train(usize::MAX));
}

/// Losses that look at the whole batch or leave rows out meet on the way, so each is tried, on a network wide enough for
/// all threads.
#[test]
fn no_loss_depends_on_the_threads() {
    for end in schema().losses.iter().flat_map(|kind| ends(kind.choice.r#type)) {
        let mut layers = end.layers.clone();
        let at = usize::from(layers[0]["type"] == "input");
        let wide = json!({"type": "dense", "units": 400, "activation": "tanh", "name": "wide"});
        layers.as_array_mut().unwrap().insert(at, wide);
        let training = json!({"loss": end.loss, "optimizer": "adam", "batch_size": 100, "seed": 5});
        let mut numbers = Numbers(7);
        let inputs = features_of(&layers);
        let (x, y) = (numbers.matrix(130, inputs), targets(&mut numbers, 130, end.target));
        let counts = ndarray::Array1::from_shape_fn(130, |row| (row % 5) as f32 / 4.0);
        let run = |threads: usize| {
            let pool = Pool::with_threads(threads);
            let mut model = compile_on(pool, layers.clone(), training.clone(), inputs, end.target).unwrap();
            assert!(model.summary().flops > 400_000, "this test is about models that use all threads");
            let rows = Rows::new(x.view(), y.view()).weighted(counts.view());
            let trained = [2, 2].map(|steps| model.train(&rows, steps).unwrap());
            assert!(trained.iter().all(|it| it.diverged.is_none()), "{}", end.loss);
            (format!("{trained:?} {:?}", model.evaluate(&rows).unwrap()), bits(&model))
        };
        let one = run(1);
        for threads in [2, 3, 8] {
            assert!(run(threads) == one, "{} on {threads} threads", end.loss);
        }
    }
}

/// Convolutions whose kernels' gradients are cut by channels (Winograd's way), one of them frozen, one transposed, one shared
/// by two places: threads meet once more for them. And a causal attention, whose later keys are passed over.
#[test]
fn convolutions_cut_by_channels_do_not_depend_on_the_threads() {
    let conv = |more: serde_json::Value| {
        let mut layer = json!({"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"});
        layer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        layer
    };
    let layers = json!([
        {"type": "input", "shape": [6, 6, 1]},
        conv(json!({"filters": 48})),
        conv(json!({"kernel_regularizer": "l2"})),
        conv(json!({"name": "twin"})),
        conv(json!({"shares": "twin", "name": "again"})),
        conv(json!({"trainable": false})),
        conv(json!({"kernel_size": 5, "filters": 24})),
        {"type": "conv2d_transpose", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "gelu"},
        {"type": "reshape", "target_shape": [36, 32]},
        {"type": "multi_head_attention", "num_heads": 2, "key_dim": 8, "use_causal_mask": true},
        {"type": "flatten"},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    let training = json!({"loss": "sparse_categorical_crossentropy", "optimizer": "adam", "batch_size": 20});
    let mut numbers = Numbers(4);
    let (x, y) = (numbers.matrix(50, 36), numbers.classes(50, 3));
    let rows = Rows::new(x.view(), y.view());
    let train = |threads: usize| {
        let pool = Pool::with_threads(threads);
        let spec = tabgrad_core::ModelSpec::parse(&json!({"version": 1, "layers": layers.clone()})).unwrap();
        let training = tabgrad_core::TrainingSpec::parse(&training).unwrap();
        let io = tabgrad_core::Io::single(vec![6, 6, 1], Target::Classes(3));
        let mut model = Model::compile(&spec, &training, &io, pool).unwrap();
        let first = model.train(&rows, 3).unwrap();
        assert_eq!(first.diverged, None);
        ((first, model.train(&rows, 3).unwrap()), bits(&model))
    };
    let one = train(1);
    for threads in [2, 3, 8] {
        assert!(train(threads) == one, "{threads} threads");
    }
}
