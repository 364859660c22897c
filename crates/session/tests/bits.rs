//! The run of Iris that browsers make too (`tests/wasm`), natively: the same bits, for any number of threads.
#![allow(clippy::unwrap_used)]

#[path = "../../../tests/wasm/iris.rs"]
mod iris;
mod lab;

use lab::Lab;
use tabgrad_session::Pool;
use tabgrad_session::protocol::{Command, StopReason};

#[test]
fn the_weights_of_iris_are_the_known_bits() {
    for threads in [1, 2, 3, 8] {
        let mut lab = Lab::with(Pool::with_threads(threads));
        lab.json(serde_json::from_str(iris::LOAD).unwrap());
        lab.json(serde_json::from_str(iris::CONFIGURE).unwrap());
        lab.say(Command::Play);
        assert_eq!(lab.train(12.0), StopReason::Finished);
        assert_eq!(iris::hash(&lab.weights()), iris::BITS, "{threads} threads");
    }
}
