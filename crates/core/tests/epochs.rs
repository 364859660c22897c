//! Epochs of a number of steps, and single steps of them: Keras' `steps_per_epoch` and `validation_steps`.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile};
use ndarray::{Array2, s};
use serde_json::json;
use tabgrad_core::{Fit, Model, Rows, Target, Validation};

/// Seventeen rows in batches of four: five steps, the last of one row.
fn data() -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(8);
    (numbers.matrix(17, 3), numbers.matrix(17, 1))
}

fn make() -> Model {
    let layers = json!([{"type": "dense", "units": 4, "activation": "tanh"}, {"type": "dropout", "rate": 0.3},
        {"type": "dense", "units": 1}]);
    let training = json!({"loss": "mse", "optimizer": {"type": "adam", "learning_rate": 0.02}, "batch_size": 4,
        "metrics": ["mae"], "callbacks": ["csv_logger"]});
    compile(layers, training, 3, Target::Values(1)).unwrap()
}

#[test]
fn an_epoch_of_some_steps_goes_on_where_the_one_before_has_ended() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    // Passes of five steps: epochs of two, two and one, as Keras' EpochIterator makes them.
    let mut steps = make();
    let mut by_hand = make();
    let fit = Fit { epochs: Some(6), steps_per_epoch: Some(2), ..Fit::default() };
    let history = steps.fit(&rows, &fit, &mut || 0.0).unwrap();
    assert_eq!(history.epochs.iter().map(|it| it.epoch).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let mut losses = Vec::new();
    for length in [2, 2, 1, 2, 2, 1] {
        let (mut sum, mut count) = (0.0, 0);
        for _ in 0..length {
            let trained = by_hand.train(&rows, 1).unwrap();
            sum += f64::from(trained.batch_loss.unwrap()) * trained.rows as f64;
            count += trained.rows;
        }
        losses.push(sum / f64::from(count as u32));
    }
    for (record, loss) in history.epochs.iter().zip(&losses) {
        assert!((f64::from(record.train.loss) - loss).abs() < 1e-6, "{} {loss}", record.train.loss);
    }
    assert_eq!(steps.parameters(), by_hand.parameters(), "the same steps");
    assert_eq!(steps.callback_text(0).unwrap().lines().count(), 7);
    // More steps than there are: an epoch is a pass.
    let (mut many, mut all) = (make(), make());
    many.fit(&rows, &Fit { steps_per_epoch: Some(50), ..fit }, &mut || 0.0).unwrap();
    all.fit(&rows, &Fit { steps_per_epoch: None, ..fit }, &mut || 0.0).unwrap();
    assert_eq!(bits(&many), bits(&all));
}

#[test]
fn a_saved_training_goes_on_in_the_midst_of_an_epoch_of_steps() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let fit = Fit { epochs: Some(7), steps_per_epoch: Some(3), resume: true, ..Fit::default() };
    let mut whole = make();
    let history = whole.fit(&rows, &fit, &mut || 0.0).unwrap();
    for cut in 1..11 {
        let mut one = make();
        let mut ended = 0;
        for _ in 0..cut {
            ended += usize::from(one.train_epoch(&rows, 1, Some(3)).unwrap().epoch_end.is_some());
        }
        let mut other = make();
        other.restore(&one.state()).unwrap();
        let rest = other.fit(&rows, &fit, &mut || 0.0).unwrap();
        let losses = |epochs: &[tabgrad_core::EpochRecord]| -> Vec<u32> {
            epochs.iter().map(|it| it.train.loss.to_bits()).collect()
        };
        assert_eq!(losses(&rest.epochs), losses(&history.epochs[ended..]), "after {cut} steps");
        assert_eq!(other.parameters(), whole.parameters());
    }
}

#[test]
fn a_fit_begins_with_a_new_order_of_rows() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut model = make();
    model.train(&rows, 3).unwrap();
    let history = model.fit(&rows, &Fit { epochs: Some(1), ..Fit::default() }, &mut || 0.0).unwrap();
    assert_eq!(history.epochs.len(), 1);
    assert_eq!(model.position().step, 8, "three steps, and all five of the fit");
}

#[test]
fn so_many_batches_of_the_validation_rows_are_scored() {
    let (x, y) = data();
    let (train, held) = (Rows::new(x.view(), y.view()), Rows::new(x.view(), y.view()));
    let first = Rows::new(x.slice(s![..6, ..]), y.slice(s![..6, ..]));
    let score = |validation, validation_steps, validation_batch_size| {
        let fit =
            Fit { epochs: Some(1), validation, validation_steps, validation_batch_size, ..Fit::default() };
        make().fit(&train, &fit, &mut || 0.0).unwrap().epochs[0].validation.clone().unwrap()
    };
    let two = score(Validation::Data(held), Some(2), Some(3));
    assert_eq!(two, score(Validation::Data(first), None, Some(3)));
    assert_ne!(two, score(Validation::Data(held), None, Some(3)));
    let (batch, eight) =
        (score(Validation::Data(held), Some(1), None), score(Validation::Data(first), Some(1), None));
    assert_eq!(batch, eight, "a batch is one of training");
    for (fit, path) in [
        (Fit { epochs: Some(1), steps_per_epoch: Some(0), ..Fit::default() }, "fit.steps_per_epoch"),
        (Fit { epochs: Some(1), validation_steps: Some(0), ..Fit::default() }, "fit.validation_steps"),
    ] {
        assert_eq!(make().fit(&train, &fit, &mut || 0.0).unwrap_err().path, path);
    }
}

#[test]
fn the_output_of_one_layer_is_had_by_its_name() {
    let (x, _) = data();
    let mut model = make();
    let all = model.probe(x.view()).unwrap();
    assert_eq!(model.layer_output("dense", x.view()).unwrap(), all[0]);
    assert_eq!(model.layer_output("dense_1", x.view()).unwrap(), all[2]);
    let error = model.layer_output("dens", x.view()).unwrap_err().to_string();
    assert!(error.contains("did you mean \"dense\"?"), "{error}");
}
