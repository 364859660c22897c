//! Results do not depend on the number of threads: not by a bit.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile_on, everything, thorough_training};
use serde_json::json;
use tabgrad_core::{Model, Pool, Rows, Target};

/// A whole run of six epochs, the last batch of each a small one, with all that was reported on the way.
fn run(threads: usize) -> (Model, String) {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(150, 20), numbers.classes(150, 5));
    let rows = Rows { x: x.view(), y: y.view() };
    let mut training = thorough_training(json!("adam"));
    training["batch_size"] = json!(64);
    let pool = Pool::with_threads(threads);
    assert_eq!(pool.threads(), threads);
    let mut model = compile_on(pool, everything(), training, 20, Target::Classes(5)).unwrap();
    assert!(model.summary().flops > 1_000_000, "this test is about a model that uses all threads");
    let mut report = String::new();
    for _ in 0..9 {
        report += &format!("{:?}\n", model.train(&rows, 2).unwrap());
    }
    report += &format!("{:?}\n{:?}\n", model.position(), model.evaluate(&rows).unwrap());
    report += &format!("{:?}\n{:?}", model.predict(x.view()).unwrap(), model.probe(x.view()).unwrap());
    (model, report)
}

#[test]
fn one_two_three_and_eight_threads_give_the_same_bits() {
    let (one, report) = run(1);
    for threads in [2, 3, 8] {
        let (many, other) = run(threads);
        assert_eq!(other, report, "{threads} threads");
        assert_eq!(bits(&many), bits(&one), "{threads} threads");
    }
}

#[test]
fn how_training_is_sliced_changes_nothing() {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(70, 20), numbers.classes(70, 5));
    let rows = Rows { x: x.view(), y: y.view() };
    let train = |slice: usize| {
        let training = thorough_training(json!({"type": "sgd", "momentum": 0.9}));
        let mut model = compile_on(Pool::single(), everything(), training, 20, Target::Classes(5)).unwrap();
        while model.position().step < 12 {
            model.train(&rows, slice).unwrap();
        }
        bits(&model)
    };
    assert_eq!(train(1), train(3));
    assert_eq!(train(2), train(usize::MAX));
}
