//! One network's gradients against central differences of its loss.

use crate::common::{Numbers, compile, features, features_of, targets};
use serde_json::{Value, json};
use std::cell::RefCell;
use tabgrad_core::{Model, Rows, State, Target};

/// Rows of the batch.
const ROWS: usize = 12;

/// Half the distance between the two losses of a difference.
const STEP: f32 = 4e-3;

fn training(loss: Value) -> Value {
    json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.0}, "batch_size": ROWS, "seed": 4})
}

/// The loss of one training step from this state; with a learning rate of 0 nothing else happens. The same state has
/// the same dropout masks.
fn loss(model: &mut Model, state: &State, rows: &Rows<'_>) -> f64 {
    model.restore(state).unwrap();
    let trained = model.train(rows, 1).unwrap();
    assert_eq!(trained.steps, 1);
    f64::from(trained.loss.unwrap())
}

thread_local! {
    /// The cases so far, while they are written down instead of being checked.
    static LIST: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// What `tests` would check, as the page that checks it in a browser reads it.
pub fn listed(tests: impl FnOnce()) -> Vec<Value> {
    LIST.set(Some(Vec::new()));
    tests();
    LIST.take().unwrap_or_default()
}

/// Compares every weight's gradient; `layers` must end in as many outputs as the target wants.
pub fn check(what: &str, layers: &Value, loss_spec: &Value, target: Target) {
    if LIST.with_borrow(Option::is_some) {
        let case = json!({ "what": what, "layers": layers, "loss": loss_spec, "target": target });
        LIST.with_borrow_mut(|list| list.iter_mut().for_each(|list| list.push(case.clone())));
        return;
    }
    let mut model = compile(layers.clone(), training(loss_spec.clone()), features_of(layers), target)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    model.keep_gradients();
    let mut numbers = Numbers(21);
    let (x, y) = (features(&mut numbers, ROWS, layers), targets(&mut numbers, ROWS, target));
    let rows = Rows::new(x.view(), y.view());
    let mut start = model.state();
    // Away from zero biases, which would hide mistakes.
    for tensor in start.tensors.iter_mut().filter(|it| it.name.ends_with("bias") || it.name.ends_with("beta"))
    {
        tensor.values.iter_mut().for_each(|value| *value = 0.3 * numbers.next());
    }
    // And all weights away from zero, where the L1 penalty has no slope.
    for value in start.tensors.iter_mut().flat_map(|it| &mut it.values).filter(|it| it.abs() < 0.02) {
        *value = 0.02;
    }
    loss(&mut model, &start, &rows);
    let tensors = model.summary().tensors;
    let is_trained = |layer: usize| layers[layer]["trainable"] != json!(false);
    assert!(tensors.iter().any(|it| is_trained(it.layer)));
    for tensor in tensors.into_iter().filter(|it| is_trained(it.layer)) {
        let gradient: Vec<f64> =
            model.gradient(&tensor.name).unwrap().iter().map(|&v| f64::from(v)).collect();
        let at = start.tensors.iter().position(|it| it.name == tensor.name).unwrap();
        let (mut difference, mut size) = (0.0, 0.0);
        for (i, &found) in gradient.iter().enumerate() {
            let mut moved = start.clone();
            let value = start.tensors[at].values[i];
            moved.tensors[at].values[i] = value + STEP;
            let above = loss(&mut model, &moved, &rows);
            moved.tensors[at].values[i] = value - STEP;
            let below = loss(&mut model, &moved, &rows);
            let slope = (above - below) / f64::from((value + STEP) - (value - STEP));
            difference += (slope - found).powi(2);
            size += slope.powi(2) + found.powi(2);
        }
        let error = (difference / size.max(1e-6)).sqrt();
        assert!(error < 2e-3, "{what}, {}: relative error {error:.1e}", tensor.name);
        loss(&mut model, &start, &rows);
    }
}
