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
            other => panic!("no gradient check for the regularizer {other}: add one"),
        };
        for place in ["kernel_regularizer", "bias_regularizer", "activity_regularizer"] {
            let layers =
                json!([{"type": "dense", "units": 5, "activation": "tanh", place: regularizer}, last(2)]);
            check(&format!("{regularizer} as {place}"), &layers, &json!("mse"), Target::Values(2));
        }
        // On an output that has its activation fused with nothing after it.
        let end = json!([{"type": "dense", "units": 2, "activity_regularizer": regularizer}]);
        check("activity of the output", &end, &json!("mse"), Target::Values(2));
    }
}
