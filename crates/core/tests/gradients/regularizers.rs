//! Every regularizer, on weights and on activity.

use crate::check::check;
use crate::common::networks::last;
use serde_json::json;
use tabgrad_core::{Target, schema};

#[test]
pub fn every_regularizer_on_weights_and_on_activity() {
    for kind in schema().regularizers {
        let regularizer = match kind.choice.r#type {
            "l1" => json!({"type": "l1", "l1": 0.03}),
            "l2" => json!({"type": "l2", "l2": 0.02}),
            "l1_l2" => json!({"type": "l1_l2", "l1": 0.02, "l2": 0.03}),
            "orthogonal_regularizer" => json!({"type": "orthogonal_regularizer", "factor": 0.5}),
            other => panic!("no gradient check for the regularizer {other}: add one"),
        };
        let of_matrices = kind.choice.r#type == "orthogonal_regularizer";
        let places = ["kernel_regularizer", "bias_regularizer", "activity_regularizer"];
        for place in &places[..if of_matrices { 1 } else { 3 }] {
            let layers =
                json!([{"type": "dense", "units": 5, "activation": "tanh", *place: regularizer}, last(2)]);
            check(&format!("{regularizer} as {place}"), &layers, &json!("mse"), Target::Values(2));
        }
        if of_matrices {
            let columns = json!({"type": "orthogonal", "factor": 0.5, "mode": "columns"});
            let layers = json!([{"type": "dense", "units": 5, "kernel_regularizer": columns}, last(2)]);
            check("orthogonal columns", &layers, &json!("mse"), Target::Values(2));
            continue;
        }
        // On an output that has its activation fused with nothing after it.
        let end = json!([{"type": "dense", "units": 2, "activity_regularizer": regularizer}]);
        check("activity of the output", &end, &json!("mse"), Target::Values(2));
    }
}
