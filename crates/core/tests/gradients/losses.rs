//! Every loss, with the targets and last activations that it goes with.

use crate::check::check;
use crate::common::losses::ends;
use tabgrad_core::schema;

#[test]
pub fn every_loss() {
    for kind in schema().losses {
        for end in ends(kind.choice.r#type) {
            check(&format!("{} {:?}", end.loss, end.target), &end.layers, &end.loss, end.target);
        }
    }
}
