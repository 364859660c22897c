//! What becomes of the losses of a batch, beyond what the goldens show: which batches, which words, which are refused.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use serde_json::{Value, json};
use tabgrad_core::{Model, Rows, Target, TrainingSpec};

fn model(reduction: &str) -> Model {
    let loss = json!({"type": "mean_squared_error", "reduction": reduction});
    let training = json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.001}, "batch_size": 8, "seed": 3});
    compile(json!([{"type": "dense", "units": 2}]), training, 3, Target::Values(2)).unwrap()
}

/// A sum grows with its batch: rows that are scored come in batches of training, where nobody says another size.
#[test]
fn sums_are_scored_in_batches_of_training() {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(16, 3), numbers.matrix(16, 2));
    let rows = Rows::new(x.view(), y.view());
    let of =
        |reduction: &str, batch| model(reduction).evaluate_in_batches(&rows, batch).unwrap().unwrap().loss;
    let mean = of("sum_over_batch_size", None);
    for (batch, rows_of_one) in [(None, 8.0), (Some(4), 4.0), (Some(16), 16.0)] {
        assert!((of("sum", batch) - rows_of_one * mean).abs() < 1e-4, "{batch:?}");
    }
    assert!((of("mean_with_sample_weight", None) - mean).abs() < 1e-6, "rows without weights count 1");
    let trained = model("sum").train(&rows, 2).unwrap().loss.unwrap();
    assert!((trained - 8.0 * mean).abs() < 0.5, "{trained} is of the size of {}", 8.0 * mean);
}

#[test]
fn words_are_those_of_keras_and_what_leaves_losses_apart_is_refused_with_the_reason() {
    let read = |reduction: Value| {
        let training = json!({"loss": {"type": "mse", "reduction": reduction}, "optimizer": "sgd"});
        TrainingSpec::parse(&training).map(|spec| spec.to_value()["loss"]["reduction"].clone())
    };
    assert_eq!(read(json!("mean")).unwrap(), "sum_over_batch_size");
    assert_eq!(read(json!("sum")).unwrap(), "sum");
    for apart in [json!("none"), Value::Null] {
        let error = read(apart).unwrap_err();
        assert_eq!(error.path, "training.loss.reduction");
        let hint = "a step makes one number small, so the losses of a batch have to become one";
        assert_eq!(error.hint.as_deref(), Some(hint), "{error}");
    }
    let found = read(json!("men")).unwrap_err().to_string();
    assert!(found.contains("training.loss.reduction: expected a reduction, one of"), "{found}");
}
