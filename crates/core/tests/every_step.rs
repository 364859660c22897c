//! `time_distributed` around every layer of the registry: what it makes of sequences is, to the bit, what the bare layers make
//! of their steps as so many rows more, in prediction and in training.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::networks::{FEATURES, networks};
use common::{Numbers, compile, features, features_of};
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Error, Model, Rows, Target, schema};

/// Rows of a batch and steps of each: powers of two, so that shares of them are exact.
const ROWS: usize = 4;
const STEPS: usize = 4;

/// The network with every layer at every step; `None` where layers name each other, where a mask goes from one to the next
/// (which it does not inside), and where a penalty is per row of the batch.
fn at_every_step(network: &Value) -> Option<Value> {
    let text = network.to_string();
    if ["\"inputs\"", "shares", "masking", "mask_zero", "activity_regular"].iter().any(|it| text.contains(it))
    {
        return None;
    }
    let mut layers = network.as_array()?.clone();
    let shape = match layers[0]["type"] == "input" {
        true => layers.remove(0)["shape"].as_array()?.clone(),
        false => vec![json!(FEATURES)],
    };
    let shape = [vec![json!(STEPS)], shape].concat();
    let mut timed = vec![json!({"type": "input", "shape": shape})];
    timed.extend(layers.into_iter().map(|mut layer| {
        let name = layer.as_object_mut().and_then(|layer| layer.remove("name"));
        let trainable = layer.as_object_mut().and_then(|layer| layer.remove("trainable"));
        let mut timed = json!({"type": "time_distributed", "layer": layer});
        for (key, value) in [("name", name), ("trainable", trainable)] {
            if let Some(value) = value {
                timed[key] = value;
            }
        }
        timed
    }));
    timed.push(json!({"type": "flatten"}));
    Some(timed.into())
}

fn compiled(network: &Value, batch: usize, values: usize) -> Result<Model, Error> {
    let training =
        json!({"loss": "mse", "optimizer": "sgd", "batch_size": batch, "shuffle": false, "seed": 7});
    compile(network.clone(), training, features_of(network), Target::Values(values))
}

/// What is predicted, then the weights after two steps, then what is predicted: as bits.
fn bits(model: &mut Model, x: &Array2<f32>, y: &Array2<f32>) -> Vec<u32> {
    let mut found: Vec<f32> = model.predict(x.view()).unwrap().into_iter().collect();
    model.train(&Rows::new(x.view(), y.view()), 2).unwrap();
    found.extend(model.state().tensors.iter().flat_map(|tensor| &tensor.values));
    found.extend(model.predict(x.view()).unwrap());
    found.into_iter().map(f32::to_bits).collect()
}

#[test]
fn a_layer_at_every_step_is_the_layer_on_so_many_rows() {
    let mut tried = 0;
    for kind in schema().layers {
        for network in networks(kind.choice.r#type) {
            let Some(timed) = at_every_step(&network) else { continue };
            let mut numbers = Numbers(5);
            let x = features(&mut numbers, 2 * ROWS * STEPS, &network);
            let y = numbers.matrix(2 * ROWS * STEPS, 2);
            let sequences = |values: &Array2<f32>| {
                let shape = (2 * ROWS, STEPS * values.ncols());
                values.clone().into_shape_with_order(shape).unwrap()
            };
            let mut bare = compiled(&network, ROWS * STEPS, 2).unwrap();
            let mut at_steps =
                compiled(&timed, ROWS, 2 * STEPS).unwrap_or_else(|error| panic!("{timed}: {error}"));
            let mut state = at_steps.state();
            for (to, from) in state.tensors.iter_mut().zip(bare.state().tensors) {
                assert!(
                    to.name.ends_with(from.name.rsplit('/').next().unwrap()),
                    "{} {}",
                    to.name,
                    from.name
                );
                to.values = from.values;
            }
            at_steps.restore(&state).unwrap();
            let expected = bits(&mut bare, &x, &y);
            assert!(bits(&mut at_steps, &sequences(&x), &sequences(&y)) == expected, "{timed}");
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} networks were tried");
}

#[test]
fn sequences_of_sequences_and_penalties_on_what_a_step_gives() {
    let inner = json!({"type": "time_distributed", "layer": {"type": "dense", "units": 2, "activity_regularizer": "l2"}});
    let network = json!([{"type": "input", "shape": [2, 4, 3]},
        {"type": "time_distributed", "layer": inner}, {"type": "flatten"}]);
    let plain = json!([{"type": "input", "shape": [2, 4, 3]},
        {"type": "dense", "units": 2, "activity_regularizer": "l2"}, {"type": "flatten"}]);
    let mut numbers = Numbers(6);
    let (x, y) = (numbers.matrix(4, 24), numbers.matrix(4, 16));
    let [mut timed, mut plain] = [&network, &plain].map(|it| compiled(it, 4, 16).unwrap());
    let loss = |model: &mut Model| model.train(&Rows::new(x.view(), y.view()), 1).unwrap().loss.unwrap();
    let mut state = timed.state();
    state.tensors.iter_mut().zip(plain.state().tensors).for_each(|(to, from)| to.values = from.values);
    timed.restore(&state).unwrap();
    assert!((loss(&mut timed) - loss(&mut plain)).abs() < 1e-5);
    let kernel = |model: &Model, name: &str| model.tensor(name).unwrap().to_owned();
    let name = "time_distributed/time_distributed/dense/kernel";
    assert_eq!(kernel(&timed, name), kernel(&plain, "dense/kernel"));
}

#[test]
fn a_layer_of_several_inputs_cannot_be_at_every_step() {
    let network = json!([{"type": "input", "shape": [2, 3]}, {"type": "time_distributed", "layer": "add"}, {"type": "flatten"}]);
    let error = compiled(&network, 4, 6).err().unwrap();
    assert_eq!(
        (error.path.as_str(), error.expected.as_str()),
        ("layers[1].layer", "a layer that takes one input")
    );
}
