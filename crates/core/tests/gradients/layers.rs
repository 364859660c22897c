//! Every layer, in the networks of `common::networks`; and layers that are frozen.

use crate::check::check;
use crate::common::networks::networks;
use crate::common::{Numbers, compile, train_epochs};
use serde_json::json;
use tabgrad_core::{Target, schema};

#[test]
pub fn every_layer() {
    for network in networks("input") {
        check(&network.to_string(), &network, &json!("mse"), Target::Values(2));
    }
    for kind in schema().layers {
        for network in networks(kind.choice.r#type) {
            check(&network.to_string(), &network, &json!("mse"), Target::Values(2));
        }
    }
}

#[test]
fn frozen_layers_stay_as_they_are_and_the_others_learn_through_them() {
    let layers = json!([
        {"type": "dense", "units": 5, "activation": "tanh", "name": "learns"},
        {"type": "dense", "units": 5, "activation": "tanh", "name": "frozen", "trainable": false},
        {"type": "batch_normalization", "trainable": false},
        {"type": "dense", "units": 1, "name": "end"}]);
    let training = json!({"loss": "mse", "optimizer": "adam", "batch_size": 4});
    let mut model = compile(layers, training, 6, Target::Values(1)).unwrap();
    let mut numbers = Numbers(2);
    let (x, y) = (numbers.matrix(8, 6), numbers.matrix(8, 1));
    let before = model.state();
    train_epochs(&mut model, &x, &y, 3);
    for (old, new) in before.tensors.iter().zip(&model.state().tensors) {
        let stays = old.name.contains("frozen") || old.name.contains("batch_normalization");
        assert_eq!(old == new, stays, "{}", old.name);
    }
}
