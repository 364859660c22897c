//! Every activation, inside a network and at its end.

use crate::check::check;
use crate::common::networks::last;
use serde_json::json;
use tabgrad_core::{Target, schema};

#[test]
pub fn every_activation_inside_and_at_the_end() {
    for kind in schema().activations {
        let activation = kind.choice.r#type;
        // Half of a gated layer's values are the gates.
        let halves = if activation == "glu" { 2 } else { 1 };
        let inside = json!([{"type": "dense", "units": 4 * halves, "activation": activation}, last(2)]);
        check(activation, &inside, &json!("mse"), Target::Values(2));
        let end = json!([{"type": "dense", "units": 2 * halves, "activation": activation}]);
        check(activation, &end, &json!("mse"), Target::Values(2));
    }
}
