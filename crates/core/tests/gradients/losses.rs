//! Every loss, with the targets and last activations that it goes with.

use crate::check::check;
use serde_json::{Value, json};
use tabgrad_core::{Target, schema};

/// Targets and last activations for every loss.
fn ends(loss: &str) -> Vec<(Value, &'static str, Target)> {
    match loss {
        "mean_squared_error" => {
            vec![(json!(loss), "linear", Target::Values(3)), (json!(loss), "sigmoid", Target::Binary)]
        }
        "mean_absolute_error" => vec![(json!(loss), "linear", Target::Values(3))],
        "huber" => vec![(json!({"type": loss, "delta": 0.5}), "linear", Target::Values(3))],
        "binary_crossentropy" => vec![
            (json!(loss), "sigmoid", Target::Binary),
            (json!(loss), "sigmoid", Target::Values(3)),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Binary),
        ],
        "categorical_crossentropy" => vec![
            (json!(loss), "softmax", Target::Values(3)),
            (json!(loss), "softmax", Target::Classes(3)),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Classes(3)),
        ],
        "sparse_categorical_crossentropy" => vec![
            (json!(loss), "softmax", Target::Classes(4)),
            (json!(loss), "softmax", Target::Binary),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Classes(4)),
        ],
        other => panic!("no gradient check for the loss {other}: add one"),
    }
}

#[test]
fn every_loss() {
    for kind in schema().losses {
        for (loss, activation, target) in ends(kind.choice.r#type) {
            let units = match target {
                Target::Values(n) | Target::Classes(n) => n,
                Target::Binary if loss.to_string().contains("sparse") => 2,
                Target::Binary => 1,
            };
            let layers = json!([
                {"type": "dense", "units": 5, "activation": "tanh"},
                {"type": "dense", "units": units, "activation": activation}]);
            check(&format!("{loss} {target:?}"), &layers, &loss, target);
        }
    }
}
