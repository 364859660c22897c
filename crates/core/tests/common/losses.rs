//! Every loss with the ends of networks and the targets that it goes with.

use serde_json::{Value, json};
use tabgrad_core::Target;

/// A loss, the network in front of it, and what it is to predict.
pub struct End {
    pub loss: Value,
    pub layers: Value,
    pub target: Target,
}

/// A network with one row of outputs.
fn flat(units: usize, activation: &str) -> Value {
    json!([
        {"type": "dense", "units": 5, "activation": "tanh"},
        {"type": "dense", "units": units, "activation": activation}])
}

/// A network with outputs for each of four steps.
fn steps(units: usize, activation: &str) -> Value {
    json!([
        {"type": "input", "shape": [4, 3]},
        {"type": "dense", "units": 5, "activation": "tanh"},
        {"type": "dense", "units": units, "activation": activation}])
}

/// Probabilities that a layer stands behind: the loss must take them as they are.
fn elsewhere(units: usize, activation: &str) -> Value {
    json!([
        {"type": "dense", "units": units, "activation": activation},
        {"type": "flatten"}])
}

/// The ends for a loss, the first of them with every reduction; a loss without any fails every test of losses.
pub fn ends(name: &str) -> Vec<End> {
    let mut ends = plain_ends(name);
    for reduction in ["sum", "mean_with_sample_weight"] {
        let End { loss, layers, target } = &ends[0];
        let mut loss = if loss.is_string() { json!({ "type": loss }) } else { loss.clone() };
        loss["reduction"] = json!(reduction);
        ends.push(End { loss, layers: layers.clone(), target: *target });
    }
    ends
}

fn plain_ends(name: &str) -> Vec<End> {
    let plain = || json!(name);
    let with = |arguments: Value| {
        let mut loss = arguments;
        loss["type"] = name.into();
        loss
    };
    let end = |loss: Value, layers: Value, target: Target| End { loss, layers, target };
    let sequence = Target::Sequence { classes: 3, length: 4 };
    match name {
        "mean_squared_error" => vec![
            end(plain(), flat(3, "linear"), Target::Values(3)),
            end(plain(), flat(1, "sigmoid"), Target::Binary),
            end(plain(), steps(2, "linear"), Target::Values(8)),
        ],
        "huber" => vec![end(with(json!({"delta": 0.5})), flat(3, "linear"), Target::Values(3))],
        "mean_absolute_error" | "mean_absolute_percentage_error" | "log_cosh" => {
            vec![end(plain(), flat(3, "linear"), Target::Values(3))]
        }
        "mean_squared_logarithmic_error" | "poisson" => {
            vec![end(plain(), flat(3, "softplus"), Target::Values(3))]
        }
        "cosine_similarity" => vec![
            end(plain(), flat(3, "linear"), Target::Values(3)),
            end(plain(), flat(3, "linear"), Target::Classes(3)),
        ],
        "binary_crossentropy" => vec![
            end(plain(), flat(1, "sigmoid"), Target::Binary),
            end(plain(), flat(3, "sigmoid"), Target::Values(3)),
            end(with(json!({"from_logits": true})), flat(1, "linear"), Target::Binary),
            end(with(json!({"label_smoothing": 0.2})), flat(1, "sigmoid"), Target::Binary),
            end(with(json!({"label_smoothing": 0.2})), elsewhere(1, "sigmoid"), Target::Binary),
        ],
        "binary_focal_crossentropy" => vec![
            end(plain(), flat(1, "sigmoid"), Target::Binary),
            end(
                with(json!({"apply_class_balancing": true, "gamma": 1.5})),
                flat(1, "sigmoid"),
                Target::Binary,
            ),
            end(
                with(json!({"from_logits": true, "label_smoothing": 0.1})),
                flat(1, "linear"),
                Target::Binary,
            ),
        ],
        "categorical_crossentropy" => vec![
            end(plain(), flat(3, "softmax"), Target::Values(3)),
            end(plain(), flat(3, "softmax"), Target::Classes(3)),
            end(with(json!({"from_logits": true})), flat(3, "linear"), Target::Classes(3)),
            end(with(json!({"label_smoothing": 0.3})), flat(3, "softmax"), Target::Classes(3)),
            end(with(json!({"label_smoothing": 0.3})), elsewhere(3, "softmax"), Target::Classes(3)),
            end(plain(), steps(3, "softmax"), sequence),
        ],
        "categorical_focal_crossentropy" => vec![
            end(plain(), flat(3, "softmax"), Target::Classes(3)),
            end(with(json!({"from_logits": true, "gamma": 1.5})), steps(3, "linear"), sequence),
            end(with(json!({"label_smoothing": 0.1})), flat(3, "softmax"), Target::Classes(3)),
            end(with(json!({"alpha": [0.2, 1.5, 0.7]})), flat(3, "softmax"), Target::Classes(3)),
        ],
        "sparse_categorical_crossentropy" => vec![
            end(plain(), flat(4, "softmax"), Target::Classes(4)),
            end(plain(), flat(2, "softmax"), Target::Binary),
            end(with(json!({"from_logits": true})), flat(4, "linear"), Target::Classes(4)),
            end(plain(), elsewhere(4, "softmax"), Target::Classes(4)),
            end(with(json!({"from_logits": true})), steps(3, "linear"), sequence),
            end(with(json!({"ignore_class": 0})), steps(3, "softmax"), sequence),
            end(
                with(json!({"from_logits": true, "axis": 1})),
                // A bias of linear outputs would change nothing.
                steps(3, "tanh"),
                Target::Sequence { classes: 4, length: 3 },
            ),
        ],
        "categorical_generalized_cross_entropy" => vec![
            end(plain(), flat(3, "softmax"), Target::Classes(3)),
            end(with(json!({"q": 0.9})), steps(3, "softmax"), sequence),
        ],
        "kl_divergence" => vec![
            end(plain(), flat(3, "softmax"), Target::Classes(3)),
            end(plain(), steps(3, "softmax"), sequence),
        ],
        "hinge" | "squared_hinge" => vec![
            end(plain(), flat(1, "linear"), Target::Binary),
            end(plain(), flat(3, "tanh"), Target::Values(3)),
        ],
        "categorical_hinge" => vec![
            end(plain(), flat(3, "linear"), Target::Classes(3)),
            end(plain(), steps(3, "linear"), sequence),
        ],
        "dice" => vec![
            end(plain(), flat(1, "sigmoid"), Target::Binary),
            end(plain(), steps(3, "softmax"), sequence),
            end(with(json!({"axis": [1, 2]})), steps(3, "softmax"), sequence),
            end(with(json!({"axis": -1})), steps(3, "softmax"), sequence),
            end(with(json!({"axis": 1})), steps(3, "softmax"), sequence),
            end(with(json!({"axis": [0, 1]})), steps(3, "softmax"), sequence),
            end(with(json!({"axis": [0, 2], "reduction": "sum"})), steps(3, "softmax"), sequence),
        ],
        "tversky" => vec![
            end(with(json!({"alpha": 0.3, "beta": 0.8})), steps(3, "softmax"), sequence),
            end(
                with(json!({"alpha": 0.3, "beta": 0.8, "axis": [1]})),
                flat(3, "softmax"),
                Target::Classes(3),
            ),
        ],
        "circle" => vec![
            end(with(json!({"gamma": 2.0})), flat(3, "tanh"), Target::Classes(3)),
            end(with(json!({"gamma": 2.0, "remove_diagonal": false})), flat(2, "tanh"), Target::Classes(4)),
        ],
        "ctc" => vec![end(plain(), steps(4, "linear"), Target::Sequence { classes: 4, length: 2 })],
        other => panic!("no ends for the loss {other}: add them in tests/common/losses.rs"),
    }
}
