//! Two generators never draw the same numbers, so distributions are compared: limits, moments, quantiles of 100,000 weights.

use serde::Deserialize;
use serde_json::{Value, json};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Target, TrainingSpec};

use crate::golden;

/// What Keras' sample looked like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Distribution {
    name: String,
    initializer: Value,
    /// Of the kernel of a dense layer; where there is none, the weight of a layer is meant.
    shape: Option<[usize; 2]>,
    layer: Option<Value>,
    #[serde(default)]
    input: Vec<usize>,
    #[serde(default)]
    weight: String,
    mean: f64,
    std: f64,
    minimum: f64,
    maximum: f64,
    probabilities: Vec<f64>,
    quantiles: Vec<f64>,
}

/// Weights that begin with this initializer, sorted.
fn sample(distribution: &Distribution, seed: u64) -> Vec<f64> {
    let (layer, input, weight) = match (distribution.shape, &distribution.layer) {
        (Some([inputs, units]), None) => {
            let initializer = &distribution.initializer;
            let layer = json!({ "type": "dense", "units": units, "kernel_initializer": initializer });
            (layer, vec![inputs], "dense/kernel")
        }
        (None, Some(layer)) => (layer.clone(), distribution.input.clone(), distribution.weight.as_str()),
        _ => panic!("{}: of a dense kernel, or of a layer?", distribution.name),
    };
    let layers = json!([layer, { "type": "flatten" }, { "type": "dense", "name": "last", "units": 1 }]);
    let training = json!({ "loss": "mse", "optimizer": { "type": "sgd", "learning_rate": 0.1 }, "metrics": [], "seed": seed });
    let model = ModelSpec::parse(&json!({ "version": 1, "layers": layers })).expect("two layers are a model");
    let training = TrainingSpec::parse(&training).expect("plain gradient descent is a training");
    let io = Io::single(input, Target::Values(1));
    let model = Model::compile(&model, &training, &io, Pool::single());
    let model = model.unwrap_or_else(|error| panic!("{}: {error}", distribution.name));
    let weights = model.tensor(weight).unwrap_or_else(|| panic!("{}: no {weight}", distribution.name));
    let mut weights: Vec<f64> = weights.iter().map(|&weight| f64::from(weight)).collect();
    weights.sort_by(f64::total_cmp);
    weights
}

#[test]
fn initializers_draw_from_the_distributions_of_keras() {
    let mut off = Vec::new();
    let texts = golden::texts("initializers");
    for text in &texts {
        let keras: Distribution = serde_json::from_str(text).expect("a golden is JSON");
        let weights = sample(&keras, 3);
        let n = weights.len() as f64;
        assert!(keras.shape.is_none_or(|[inputs, units]| weights.len() == inputs * units), "{}", keras.name);
        let mean = weights.iter().sum::<f64>() / n;
        let std = (weights.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n).sqrt();
        // Both are samples: means differ by some std / sqrt(n), quantiles by a few times that. Six of those is chance once in
        // a hundred million; a wrong fan, a forgotten cut or correction is hundreds off.
        let slack = 6.0 * keras.std / n.sqrt() * std::f64::consts::SQRT_2 + 1e-7;
        let mut check = |what: &str, expected: f64, found: f64, allowed: f64| {
            if (found - expected).abs() > allowed {
                off.push(format!(
                    "{}: {what}: Keras {expected}, here {found}, allowed ±{allowed:.2e}",
                    keras.name
                ));
            }
        };
        check("mean", keras.mean, mean, slack);
        check("std", keras.std, std, slack);
        for (&probability, &expected) in keras.probabilities.iter().zip(&keras.quantiles) {
            // The sparse tails of a normal sample scatter about three times as much as its middle.
            check(
                &format!("quantile {probability}"),
                expected,
                weights[(probability * (n - 1.0)) as usize],
                3.0 * slack,
            );
        }
        // Ends: exact for what is cut (uniform, truncated), wide for the free normal.
        let free = ["random_normal", "orthogonal"].iter().any(|free| keras.initializer["type"] == *free)
            || keras.initializer["distribution"] == "untruncated_normal";
        let ends = if free { 0.3 * keras.std * 5.0 } else { 0.01 * keras.std + 1e-7 };
        check("smallest", keras.minimum, weights[0], ends);
        check("largest", keras.maximum, weights[weights.len() - 1], ends);
    }
    println!("goldens: initializers: {} distributions of weights", texts.len());
    assert!(off.is_empty(), "{} differ from Keras:\n{}", off.len(), off.join("\n"));
}

#[test]
fn another_seed_draws_other_weights_and_the_same_seed_the_same() {
    let text = std::fs::read_to_string(golden::folder().join("initializers/glorot_uniform.json"))
        .expect("the golden is there");
    let keras: Distribution = serde_json::from_str(&text).expect("a golden is JSON");
    assert_eq!(sample(&keras, 1), sample(&keras, 1));
    assert_ne!(sample(&keras, 1), sample(&keras, 2));
}
