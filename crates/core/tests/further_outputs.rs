//! Layers with several outputs, and arguments that every layer or every activation may have.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile, train_epochs};
use serde_json::{Value, json};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Target, TrainingSpec};

fn training() -> Value {
    json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.05}, "batch_size": 8, "shuffle": false})
}

fn message(layers: Value, inputs: usize) -> String {
    match compile(layers, training(), inputs, Target::Values(1)) {
        Ok(_) => "no mistake was found".into(),
        Err(error) => error.to_string(),
    }
}

/// An encoder and a decoder that begins with the encoder's states: `inputs` are the decoder's.
fn handed_on(inputs: Value) -> Value {
    json!([
        {"type": "input", "name": "input"},
        {"type": "lstm", "units": 3, "name": "encoder", "return_state": true, "inputs": ["input"]},
        {"type": "lstm", "units": 3, "name": "decoder", "inputs": inputs},
        {"type": "dense", "units": 1}])
}

fn refused_steps(layers: Value) -> String {
    let model = ModelSpec::parse(&json!({ "layers": layers, "version": 1 })).unwrap();
    let training = TrainingSpec::parse(&training()).unwrap();
    let io = Io::single(vec![4, 2], Target::Values(1));
    let made = Model::compile(&model, &training, &io, Pool::single());
    made.err().map(|it| it.to_string()).unwrap_or_default()
}

#[test]
fn outputs_behind_the_first_are_named_by_their_number() {
    assert_eq!(refused_steps(handed_on(json!(["input", "encoder:1", "encoder:2"]))), "");
    // The output itself is number 0.
    assert_eq!(refused_steps(handed_on(json!(["input", "encoder:0", "encoder:2"]))), "");
    let cases = [
        (
            json!(["input", "encoder:1", "encoder:3"]),
            "layers[2].inputs[2]: expected an output of \"encoder\", 0 to 2, found 3",
        ),
        (
            json!(["input", "encoder:1"]),
            "layers[2].inputs: expected one input, or 3 with the states to begin with, found 2",
        ),
        (json!(["input", "encoder:x", "encoder:2"]), "layers[2].inputs[1]: expected an earlier layer"),
        (json!(["input", "decoder:1", "encoder:2"]), "layers[2].inputs[1]: expected an earlier layer"),
    ];
    for (inputs, expected) in cases {
        let found = refused_steps(handed_on(inputs));
        assert!(found.contains(expected), "{found}");
    }
    let mut other = handed_on(json!(["input", "encoder:1", "encoder:2"]));
    other[2]["units"] = json!(2);
    let expected = "layers[2].inputs[1]: expected a state of as many values as there are units, 2, found (3)";
    assert!(refused_steps(other.clone()).contains(expected), "{}", refused_steps(other));
    let one = json!([{"type": "dense", "units": 1, "name": "one"}, {"type": "dense", "units": 1, "inputs": ["one:1"]}]);
    let found = message(one, 2);
    assert!(
        found.contains("layers[1].inputs[0]: expected \"one\", which has one output, found 1"),
        "{found}"
    );
}

/// A state of a layer as an output of the model, under the name that it has as an input.
#[test]
fn outputs_of_the_model_may_be_those_behind_the_first() {
    let layers = json!([
        {"type": "lstm", "units": 3, "name": "encoder", "return_sequences": true, "return_state": true},
        {"type": "dense", "units": 2, "name": "out"}]);
    let of = |outputs: Value| {
        ModelSpec::parse(&json!({"layers": layers, "outputs": outputs, "version": 1})).unwrap()
    };
    let compiled = |outputs: Value, training: Value| {
        let model = of(outputs);
        let training = TrainingSpec::parse(&training).unwrap();
        let io = Io::expected(&model, Some(&training), vec![4, 2])?;
        assert_eq!(io.targets.last(), Some(&Target::Values(3)));
        Model::compile(&model, &training, &io, Pool::single())
    };
    let mut one_loss = training();
    one_loss["metrics"] = json!({"encoder:2": ["mae"]});
    one_loss["loss_weights"] = json!({"out": 0.5, "encoder:2": 2.0});
    let mut model = compiled(json!(["out", "encoder:2"]), one_loss).unwrap();
    assert_eq!(model.outputs(), ["out", "encoder:2"]);
    let names = ["loss", "out_loss", "encoder:2_loss", "encoder:2_mean_absolute_error"];
    assert_eq!(model.metrics_names(), names);
    let x = Numbers(3).matrix(5, 8);
    let each = model.predict_each(x.view()).unwrap();
    assert_eq!((each[0].dim(), each[1].dim()), ((5, 8), (5, 3)));
    let written = of(json!(["out", "encoder:2"])).to_value();
    assert_eq!(written["outputs"], json!(["out", "encoder:2"]));
    // The state alone: what reads nothing of the steps has no layer behind it.
    let lost = compiled(json!(["encoder:1"]), training()).err().unwrap();
    assert_eq!(lost.path, "layers[1]");
    for (outputs, expected) in [
        (json!(["out", "encoder:3"]), "outputs[1]: expected an output of \"encoder\", 0 to 2, found 3"),
        (json!(["out", "out:1"]), "outputs[1]: expected \"out\", which has one output, found 1"),
        (json!(["out", "encoder:1", "encoder:1"]), "outputs[2]: expected each output once"),
        (json!(["out", "encoder", "encoder:0"]), "outputs[2]: expected each output once"),
        (json!(["out", "decoder:1"]), "outputs[1]: expected a layer"),
    ] {
        let found = compiled(outputs, training()).err().unwrap().to_string();
        assert!(found.contains(expected), "{found}");
    }
}

#[test]
fn the_summary_says_what_the_outputs_behind_the_first_are() {
    let named = |layer: Value| {
        let model =
            ModelSpec::parse(&json!({ "layers": [layer, {"type": "flatten"}, {"type": "dense", "units": 1}],
            "version": 1 }));
        let training = TrainingSpec::parse(&training()).unwrap();
        let io = Io::single(vec![4, 2], Target::Values(1));
        let model = Model::compile(&model.unwrap(), &training, &io, Pool::single()).unwrap();
        model.summary().layers[0].further_outputs.join(", ")
    };
    let lstm = json!({"type": "lstm", "units": 2, "return_state": true});
    let gru = json!({"type": "gru", "units": 2, "return_state": true, "return_sequences": true});
    assert_eq!(named(lstm.clone()), "hidden state, cell state");
    assert_eq!(named(gru.clone()), "state");
    assert_eq!(named(json!({"type": "lstm", "units": 2})), "");
    let both = |layer: Value| json!({"type": "bidirectional", "layer": layer, "merge_mode": "none"});
    assert_eq!(named(both(gru)), "backward, forward state, backward state");
    let states =
        "backward, forward hidden state, forward cell state, backward hidden state, backward cell state";
    assert_eq!(named(both(lstm)), states);
    let attention = json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 2, "return_attention_scores": true});
    assert_eq!(named(attention), "attention scores");

    // As many as the layers have: each can be read.
    let layers = |output: usize| {
        json!([{"type": "bidirectional", "layer": {"type": "gru", "units": 2, "return_state": true},
            "merge_mode": "none", "name": "both"},
            {"type": "dense", "units": 1, "inputs": [format!("both:{output}")]}])
    };
    assert_eq!(refused_steps(layers(3)), "");
    assert!(refused_steps(layers(4)).contains("0 to 3, found 4"), "{}", refused_steps(layers(4)));
}

#[test]
fn a_penalty_on_the_outputs_of_any_layer_is_that_of_a_layer_for_it() {
    let with = |layers: Value| {
        let mut model = compile(layers, training(), 3, Target::Values(1)).unwrap();
        let mut numbers = Numbers(9);
        let (x, y) = (numbers.matrix(8, 3), numbers.matrix(8, 1));
        train_epochs(&mut model, &x, &y, 2);
        let tensors = model.state().tensors.into_iter();
        tensors.flat_map(|it| it.values).map(f32::to_bits).collect::<Vec<u32>>()
    };
    let dense = json!({"type": "dense", "units": 4, "activation": "tanh"});
    let apart = json!([dense, {"type": "layer_normalization"}, {"type": "activity_regularization", "l2": 0.2},
        {"type": "dense", "units": 1}]);
    let within = json!([dense, {"type": "layer_normalization", "activity_regularizer": {"type": "l2", "l2": 0.2}},
        {"type": "dense", "units": 1}]);
    let without = json!([dense, {"type": "layer_normalization"}, {"type": "dense", "units": 1}]);
    assert_eq!(with(apart), with(within.clone()));
    assert_ne!(with(without), with(within));
}

#[test]
fn a_mask_of_pairs_that_does_not_fit_is_named_with_what_would() {
    let with = |sizes: Value, count: usize| {
        json!([
            {"type": "input", "shape": [3, 2], "name": "steps"},
            {"type": "input", "shape": sizes, "name": "pairs"},
            {"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "use_attention_mask": true,
             "inputs": ["steps", "pairs"]},
            {"type": "flatten"}, {"type": "dense", "units": count}])
    };
    for (sizes, count) in [(json!([3, 3]), 9), (json!([1, 3]), 3), (json!([2, 3, 3]), 18), (json!([3]), 3)] {
        assert_eq!(message(with(sizes, 1), 6 + count), "no mistake was found");
    }
    let found = message(with(json!([3, 2]), 1), 12);
    let expected = "layers[2].inputs: expected a mask, the last input, of queries and keys: (3, 3), or with the heads in \
                    front, found (3, 2)";
    assert!(found.contains(expected), "{found}");
    let alone = json!([{"type": "input", "shape": [3, 2]},
        {"type": "attention", "use_attention_mask": true}, {"type": "flatten"}, {"type": "dense", "units": 1}]);
    let found = message(alone, 6);
    assert!(found.contains("layers[1].inputs: expected 2 to 4 inputs, found 1"), "{found}");
}

#[test]
fn arguments_of_activations_are_read_and_written_and_their_mistakes_named() {
    let dense = |activation: Value| json!([{"type": "dense", "units": 1, "activation": activation}]);
    let written = |activation: Value| {
        let model = ModelSpec::parse(&json!({"version": 1, "layers": dense(activation)})).unwrap();
        model.to_value()["layers"][0]["activation"].clone()
    };
    let said = json!({"type": "relu", "max_value": 6.0, "threshold": 0.5});
    assert_eq!(written(said.clone()), said);
    assert_eq!(
        written(json!({"type": "gelu", "approximate": true})),
        json!({"type": "gelu", "approximate": true})
    );
    assert_eq!(written(json!({"type": "gelu", "approximate": false})), json!("gelu"));
    assert_eq!(written(json!({"type": "relu", "max_value": null})), json!("relu"));
    let cases = [
        (json!({"type": "gelu", "alpha": 1.0}), "layers[0].activation.alpha: expected an argument"),
        (json!({"type": "gelu", "approximate": 1}), "layers[0].activation.approximate: expected"),
        (json!({"type": "celu", "alpha": 0.0}), "layers[0].activation.alpha: expected a number from 0.001"),
        (json!({"type": "gellu"}), "layers[0].activation.type: expected an activation"),
        (json!({"approximate": true}), "layers[0].activation.type: expected an activation"),
    ];
    for (activation, expected) in cases {
        let found = message(dense(activation), 2);
        assert!(found.contains(expected), "{found}");
    }
}
