//! Every layer of the registry, in its networks of `common::networks`: trains, is saved and put back, and does not depend
//! on threads; and so do networks whose sizes are drawn at random, down to one unit, one step, one pixel and one row.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::networks::networks;
use common::{Numbers, bits, compile_on, features, features_of};
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Error, Model, Pool, Rows, State, Target, schema};

/// The layers of the registry, and the input, which no menu shows.
fn layers() -> Vec<&'static str> {
    schema().layers.iter().map(|kind| kind.choice.r#type).chain(["input"]).collect()
}

fn compiled(network: &Value, batch: usize, threads: usize) -> Result<Model, Error> {
    let training =
        json!({"loss": "mse", "optimizer": "adam", "metrics": ["mae"], "batch_size": batch, "seed": 7});
    let pool = Pool::with_threads(threads);
    compile_on(pool, network.clone(), training, features_of(network), Target::Values(2))
}

fn data(network: &Value, rows: usize) -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(17);
    let x = features(&mut numbers, rows, network);
    (x, numbers.matrix(rows, 2))
}

/// Rows of a batch that make enough work for all threads.
fn rows_for_all_threads(network: &Value) -> usize {
    let flops = compiled(network, 64, 1).unwrap().summary().flops;
    (64 * 450_000u64.div_ceil(flops.max(1))).clamp(64, 20_000) as usize
}

/// Two steps of training with all that can be asked of a model, as text.
fn report(model: &mut Model, x: &Array2<f32>, y: &Array2<f32>) -> String {
    let rows = Rows::new(x.view(), y.view());
    let mut report = String::new();
    for _ in 0..2 {
        let trained = model.train(&rows, 1).unwrap();
        assert_eq!((trained.steps, trained.diverged), (1, None));
        report += &format!("{trained:?}\n");
    }
    report += &format!("{:?}\n{:?}\n", model.evaluate(&rows).unwrap(), model.predict(x.view()).unwrap());
    report + &format!("{:?}", model.probe(x.view()).unwrap())
}

#[test]
fn every_layer_gives_the_same_bits_on_one_two_three_and_eight_threads() {
    for layer in layers() {
        for network in networks(layer) {
            let batch = rows_for_all_threads(&network);
            // The second batch is a short one.
            let (x, y) = data(&network, batch + batch / 3 + 1);
            let mut one = compiled(&network, batch, 1).unwrap();
            let expected = report(&mut one, &x, &y);
            for threads in [2, 3, 8] {
                let mut many = compiled(&network, batch, threads).unwrap();
                assert!(report(&mut many, &x, &y) == expected, "{network} on {threads} threads");
                assert!(bits(&many) == bits(&one), "{network} on {threads} threads");
            }
        }
    }
}

#[test]
fn every_layer_is_saved_and_put_back_and_goes_on_to_the_bit() {
    for layer in layers() {
        for network in networks(layer) {
            let (x, y) = data(&network, 20);
            let rows = Rows::new(x.view(), y.view());
            let mut one = compiled(&network, 8, 1).unwrap();
            let start = one.state();
            one.train(&rows, 2).unwrap();
            let state = one.state();
            assert_ne!(state.tensors, start.tensors, "{network} learns something");
            let text = serde_json::to_string(&state.progress).unwrap();
            let state = State { progress: serde_json::from_str(&text).unwrap(), ..state };
            let mut other = compiled(&network, 8, 1).unwrap();
            other.restore(&state).unwrap();
            assert_eq!(other.train(&rows, 3).unwrap(), one.train(&rows, 3).unwrap(), "{network}");
            assert_eq!(bits(&other), bits(&one), "{network}");
        }
    }
}

/// A network with other sizes; the last layer keeps its own.
fn resized(network: &Value, dice: &mut Numbers) -> Value {
    let mut pick = |sizes: &[usize]| json!(sizes[((dice.next() + 1.0) / 2.0 * sizes.len() as f32) as usize]);
    let mut network = network.clone();
    let layers = network.as_array_mut().unwrap();
    let last = layers.len() - 1;
    for (i, layer) in layers.iter_mut().enumerate() {
        if layer["type"] == "input" {
            for size in layer["shape"].as_array_mut().into_iter().flatten() {
                *size = pick(&[1, 1, 2, 3, 5]);
            }
        }
        for argument in ["units", "filters", "output_dim"] {
            if i != last && layer[argument].is_number() {
                layer[argument] = pick(&[1, 1, 2, 3, 7, 17]);
            }
        }
    }
    network
}

#[test]
fn every_layer_lives_at_any_size_that_compiles() {
    let mut dice = Numbers(99);
    let layers = layers();
    let mut resizable = 0;
    for &layer in &layers {
        let mut whole = 0;
        for network in networks(layer) {
            for attempt in 0..12 {
                // Three attempts are about the batch alone.
                let network = if attempt < 3 { network.clone() } else { resized(&network, &mut dice) };
                let batch = [1, 3, 40][attempt % 3];
                let mut model = match compiled(&network, batch, 1) {
                    Ok(model) => model,
                    Err(error) if attempt < 3 => panic!("{network}: {error}"),
                    Err(_) => continue,
                };
                let (x, y) = data(&network, [1, 4, 9][attempt / 4]);
                let rows = Rows::new(x.view(), y.view());
                for _ in 0..3 {
                    model.train(&rows, 1).unwrap_or_else(|error| panic!("{network}: {error}"));
                }
                assert_eq!(model.predict(x.view()).unwrap().dim(), (x.nrows(), 2), "{network}");
                let shapes =
                    model.summary().layers.into_iter().map(|it| it.output_shape.iter().product::<usize>());
                let widths = model.probe(x.view()).unwrap().into_iter().map(|values| values.ncols());
                assert!(widths.eq(shapes), "{network}");
                let state = model.state();
                model.restore(&state).unwrap();
                whole += usize::from(attempt >= 3);
            }
        }
        resizable += usize::from(whole > 0);
    }
    let all = layers.len();
    assert!(4 * resizable > 3 * all, "only {resizable} of {all} layers were whole at other sizes");
}
