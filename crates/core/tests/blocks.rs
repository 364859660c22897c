//! Blocks are the layers that they are made of: to the bit, under names of their own; and what does not fit one is named.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use serde_json::{Value, json};
use tabgrad_core::{Code, Model, Rows, Target, schema};

fn training() -> Value {
    json!({"loss": "mse", "optimizer": "adam", "batch_size": 8, "seed": 2})
}

fn compiled(layers: Value, inputs: usize) -> Model {
    compile(layers, training(), inputs, Target::Values(2)).unwrap_or_else(|error| panic!("{error}"))
}

/// The block as layers of a model, each under the name that it has in the block.
fn spelled_out() -> Value {
    json!([
        {"type": "input", "shape": [3, 4]},
        {"type": "dense", "units": 4, "name": "first"},
        {"type": "layer_normalization", "epsilon": 1e-5, "name": "self_attention_layer_norm"},
        {"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "use_causal_mask": true,
         "name": "self_attention_layer"},
        {"type": "add", "inputs": ["self_attention_layer", "first"], "name": "sum"},
        {"type": "layer_normalization", "epsilon": 1e-5, "name": "feedforward_layer_norm"},
        {"type": "dense", "units": 6, "activation": "gelu", "name": "feedforward_intermediate_dense"},
        {"type": "dense", "units": 4, "name": "feedforward_output_dense"},
        {"type": "add", "inputs": ["feedforward_output_dense", "sum"], "name": "all"},
        {"type": "flatten"},
        {"type": "dense", "units": 2, "name": "last"}])
}

#[test]
fn a_block_computes_what_its_layers_compute_to_the_bit() {
    let block = json!([
        {"type": "input", "shape": [3, 4]},
        {"type": "dense", "units": 4, "name": "first"},
        {"type": "transformer_block", "intermediate_dim": 6, "num_heads": 2, "use_causal_mask": true,
         "normalize_first": true, "activation": "gelu", "name": "block"},
        {"type": "flatten"},
        {"type": "dense", "units": 2, "name": "last"}]);
    let (mut block, mut layers) = (compiled(block, 12), compiled(spelled_out(), 12));
    let mut state = layers.state();
    let given = block.state();
    let mut inside = 0;
    for tensor in state.tensors.iter_mut().filter(|it| !it.name.starts_with("optimizer/")) {
        let own = |name: &str| name == tensor.name || *name == format!("block/{}", tensor.name);
        let found = given.tensors.iter().find(|it| own(&it.name));
        tensor.values = found.unwrap_or_else(|| panic!("the block has no {}", tensor.name)).values.clone();
        inside += usize::from(found.is_some_and(|it| it.name.starts_with("block/")));
    }
    // Two normalizations, four projections and two dense layers, with two tensors each.
    assert_eq!(inside, 16);
    layers.restore(&state).unwrap();
    let mut numbers = Numbers(8);
    let (x, y) = (numbers.matrix(24, 12), numbers.matrix(24, 2));
    let rows = Rows::new(x.view(), y.view());
    for _ in 0..2 {
        assert_eq!(block.train(&rows, 3).unwrap(), layers.train(&rows, 3).unwrap());
    }
    assert_eq!(block.predict(x.view()).unwrap(), layers.predict(x.view()).unwrap());
}

#[test]
fn what_is_said_of_a_block_holds_for_all_of_its_layers() {
    let block = json!({"type": "residual_block", "filters": 2, "strides": 2, "name": "block",
        "learning_rate_multiplier": 0.0});
    let frozen = json!({"type": "vgg_block", "filters": 2, "convolutions": 1, "normalization": "batch_normalization",
        "trainable": false, "name": "frozen"});
    let shared = json!({"type": "residual_block", "filters": 2, "name": "again", "shares": "twice"});
    let mut model = compiled(
        json!([{"type": "input", "shape": [8, 8, 1]}, block, frozen,
            {"type": "residual_block", "filters": 2, "name": "twice"}, shared,
            {"type": "flatten"}, {"type": "dense", "units": 2}]),
        64,
    );
    let names: Vec<String> = model.state().tensors.into_iter().map(|tensor| tensor.name).collect();
    assert!(names.contains(&"block/shortcut_norm/moving_variance".to_owned()), "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("again/")), "{names:?}");
    let before = model.state();
    let mut numbers = Numbers(4);
    let (x, y) = (numbers.matrix(16, 64), numbers.matrix(16, 2));
    model.train(&Rows::new(x.view(), y.view()), 2).unwrap();
    for (old, new) in before.tensors.iter().zip(&model.state().tensors) {
        let is_statistic = new.name.contains("moving_");
        if new.name.starts_with("frozen/") || new.name.starts_with("block/") && !is_statistic {
            assert_eq!(old, new);
        } else if new.name.starts_with("twice/") {
            assert_ne!(old.values, new.values, "{}", new.name);
        }
    }
}

#[test]
fn what_does_not_fit_a_block_is_named() {
    let transformer =
        |more: Value| with("transformer_block", json!({"intermediate_dim": 4, "num_heads": 2}), more);
    let residual = |more: Value| with("residual_block", json!({"filters": 2}), more);
    let vgg = |more: Value| with("vgg_block", json!({"filters": 2}), more);
    let cases: Vec<(Value, Value, &str)> = vec![
        (
            json!([12]),
            transformer(json!({})),
            "layers[1].inputs: expected steps of several values, such as (10, 3), found (12)",
        ),
        (json!([2, 3, 2]), transformer(json!({})), "layers[1].inputs: expected steps of several values"),
        (
            json!([4, 3]),
            transformer(json!({})),
            "layers[1].num_heads: expected a divisor of the 3 values of a step, found 2; or say with key_dim",
        ),
        (
            json!([3, 4]),
            transformer(json!({"key_dim": 3, "use_rotary": true})),
            "layers[1].key_dim: expected an even number of values for rotary positions, found (3)",
        ),
        (
            json!([3, 4]),
            with("transformer_block", json!({"num_heads": 2}), json!({})),
            "layers[1].intermediate_dim: expected an integer from 1 to 65536, found nothing",
        ),
        (
            json!([3, 4]),
            transformer(json!({"num_heads": 0})),
            "layers[1].num_heads: expected an integer from 1 to 65536, found 0",
        ),
        (json!([3, 4]), transformer(json!({"causal": true})), "layers[1].causal: expected an argument"),
        (
            json!([3, 4]),
            transformer(json!({"normalization": "layer_normalisation"})),
            "found \"layer_normalisation\"; did you mean \"layer_normalization\"?",
        ),
        (
            json!([3, 4]),
            transformer(json!({"activation": "glu", "intermediate_dim": 3})),
            "layers[1].activation: expected an even number of values to be gated",
        ),
        (
            json!([12]),
            residual(json!({})),
            "layers[1].inputs: expected an image of shape (height, width, channels) or a sequence of shape (steps, channels), found (12)",
        ),
        (
            json!([3, 2, 2]),
            residual(json!({"activation": "glu"})),
            "layers[1].activation: expected an activation that gives as many",
        ),
        (
            json!([3, 2, 2]),
            residual(json!({"kernel_regularizer": "orthogonal_regularizer"})),
            "layers[1].kernel_regularizer: expected a matrix, for orthogonal_regularizer, found (3, 3, 2, 2)",
        ),
        (
            json!([3, 2, 2]),
            residual(json!({"strides": 0})),
            "layers[1].strides: expected an integer from 1 to 4096, found 0",
        ),
        (json!([12]), vgg(json!({})), "layers[1].inputs: expected an image"),
        (
            json!([4, 1, 3]),
            vgg(json!({})),
            "layers[1].pool_size: expected at most 1 for an input of (4, 1, 3), found 2; or null for no pooling",
        ),
        (
            json!([1, 12]),
            vgg(json!({})),
            "layers[1].pool_size: expected at most 1 for an input of (1, 12), found 2",
        ),
        (
            json!([3, 2, 2]),
            vgg(json!({"convolutions": 17})),
            "layers[1].convolutions: expected an integer from 1 to 16, found 17",
        ),
    ];
    for (shape, block, expected) in cases {
        let layers = json!([{"type": "input", "shape": shape}, block, {"type": "flatten"}, {"type": "dense", "units": 2}]);
        let found = compile(layers, training(), 12, Target::Values(2)).err().expect("a mistake").to_string();
        assert!(found.contains(expected), "{shape} {block}\n  expected {expected}\n  found    {found}");
    }
}

fn with(kind: &str, own: Value, more: Value) -> Value {
    let mut layer = json!({ "type": kind });
    for (name, value) in own.as_object().unwrap().iter().chain(more.as_object().unwrap()) {
        layer[name] = value.clone();
    }
    layer
}

/// Every argument of every block at the ends of what a number can be, on inputs of every rank: it compiles, or the mistake
/// is one of this layer or that it is too large; nothing panics.
#[test]
fn absurd_sizes_are_refused_and_never_panic() {
    let shapes =
        [json!([1]), json!([1, 1]), json!([1, 1, 1]), json!([1, 1, 1, 1]), json!([5, 1]), json!([2, 3, 1])];
    let sizes = [
        json!(0),
        json!(1),
        json!(-1),
        json!(1.5),
        json!(7),
        json!(4096),
        json!(65536),
        json!(1e300),
        json!(null),
    ];
    let (mut compiled, mut refused) = (0, 0);
    for kind in schema().layers.iter().filter(|kind| kind.family == Some("block")) {
        let numbers = kind.arguments.iter().filter(|it| it.kind == "integer" || it.kind == "number");
        for argument in numbers {
            for (shape, size) in shapes.iter().flat_map(|shape| sizes.iter().map(move |size| (shape, size))) {
                let mut block =
                    json!({"type": kind.choice.r#type, "intermediate_dim": 2, "num_heads": 1, "filters": 2});
                let fields = block.as_object_mut().unwrap();
                fields.retain(|name, _| name == "type" || kind.arguments.iter().any(|it| it.name == name));
                block[argument.name] = size.clone();
                let layers = json!([{"type": "input", "shape": shape}, block, {"type": "flatten"}, {"type": "dense", "units": 2}]);
                let inputs =
                    shape.as_array().unwrap().iter().map(|it| it.as_u64().unwrap() as usize).product();
                match compile(layers, training(), inputs, Target::Values(2)) {
                    Ok(_) => compiled += 1,
                    Err(error) => {
                        let is_named = error.path.starts_with("layers[1]") || error.code == Code::TooLarge;
                        assert!(is_named, "{shape} {block}: {error}");
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(compiled > 100 && refused > 300, "{compiled} compiled, {refused} were refused");
}
