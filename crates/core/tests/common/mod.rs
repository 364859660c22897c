//! Models and data that several tests use.
#![allow(dead_code, reason = "not every test uses all of it")]

pub mod losses;
pub mod networks;

use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Error, Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec, schema};

/// Compiles JSON for one thread.
pub fn compile(layers: Value, training: Value, inputs: usize, target: Target) -> Result<Model, Error> {
    compile_on(Pool::single(), layers, training, inputs, target)
}

/// Compiles JSON for a pool.
pub fn compile_on(
    pool: Pool,
    layers: Value,
    training: Value,
    inputs: usize,
    target: Target,
) -> Result<Model, Error> {
    let model = ModelSpec::parse(&json!({ "version": 1, "layers": layers }))?;
    let training = TrainingSpec::parse(&training)?;
    Model::compile(&model, &training, &Io::single(vec![inputs], target), pool)
}

/// Numbers from a seed that no test depends on: a linear congruential generator, uniform in [-1, 1).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1u64 << 24) as f32) * 2.0 - 1.0
    }

    /// A matrix of them.
    pub fn matrix(&mut self, rows: usize, cols: usize) -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, cols), || self.next())
    }

    /// Class indices as a column.
    pub fn classes(&mut self, rows: usize, classes: usize) -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, 1), || ((self.next() + 1.0) / 2.0 * classes as f32).floor())
    }
}

/// How many features a network takes: what its `input` layers say, or as many as usual.
pub fn features_of(layers: &Value) -> usize {
    let size = |size: &Value| size.as_u64().expect("a size") as usize;
    let all = layers.as_array().expect("a list of layers");
    let shapes = all.iter().filter(|layer| layer["type"] == "input").filter_map(|it| it["shape"].as_array());
    match shapes.map(|shape| shape.iter().map(size).product::<usize>()).sum() {
        0 => networks::FEATURES,
        features => features,
    }
}

/// Features that fit: as many as the network takes, whole numbers where an `embedding` reads them, some steps of zeros
/// where a `masking` comes first.
pub fn features(numbers: &mut Numbers, rows: usize, layers: &Value) -> Array2<f32> {
    let cols = features_of(layers);
    let all = layers.as_array().expect("a list of layers");
    if all.get(1).is_some_and(|layer| layer["type"] == "masking") {
        let width =
            all[0]["shape"].as_array().and_then(|shape| shape.last()?.as_u64()).expect("steps") as usize;
        let mut steps = numbers.matrix(rows * cols / width, width);
        steps.rows_mut().into_iter().filter(|step| step[0] < -0.4).for_each(|mut step| step.fill(0.0));
        return steps.into_shape_with_order((rows, cols)).expect("as many values");
    }
    tokens_where_read(numbers.matrix(rows, cols), layers)
}

/// The same numbers in [-1, 1) as tokens, if there is an `embedding` to read them.
pub fn tokens_where_read(features: Array2<f32>, layers: &Value) -> Array2<f32> {
    let reads = |layer: &&Value| layer["type"] == "embedding" || layer["type"] == "reversible_embedding";
    let embeddings = layers.as_array().expect("layers").iter().filter(reads);
    match embeddings.filter_map(|embedding| embedding["input_dim"].as_u64()).min() {
        None => features,
        Some(tokens) => features.mapv(|value| ((value + 1.0) / 2.0 * tokens as f32).floor()),
    }
}

/// Targets that fit.
pub fn targets(numbers: &mut Numbers, rows: usize, target: Target) -> Array2<f32> {
    match target {
        Target::Values(n) => numbers.matrix(rows, n),
        Target::Binary => numbers.classes(rows, 2),
        Target::Classes(n) => numbers.classes(rows, n),
        Target::Sequence { classes, length } => {
            let flat = numbers.classes(rows * length, classes).into_raw_vec_and_offset().0;
            Array2::from_shape_vec((rows, length), flat).expect("a class for each step of each row")
        }
    }
}

/// Trains for whole epochs and returns the scores of the last one.
pub fn train_epochs(
    model: &mut Model,
    x: &Array2<f32>,
    y: &Array2<f32>,
    epochs: u32,
) -> tabgrad_core::Scores {
    let rows = Rows::new(x.view(), y.view());
    let end = model.position().epoch + epochs;
    let mut last = tabgrad_core::Scores::default();
    while model.position().epoch < end {
        let trained = model.train(&rows, usize::MAX).expect("rows that fit");
        assert_eq!(trained.diverged, None);
        last = trained.epoch_end.unwrap_or(last);
    }
    last
}

/// A network with everything in it: a skip connection, dropout, batch normalization, penalties; large enough that
/// several threads are used.
pub fn everything() -> Value {
    json!([
        {"type": "dense", "units": 48, "activation": "gelu", "name": "first",
         "kernel_regularizer": {"type": "l1_l2", "l1": 0.001, "l2": 0.002}},
        {"type": "batch_normalization"},
        {"type": "dropout", "rate": 0.2},
        {"type": "dense", "units": 48, "activation": "tanh", "kernel_initializer": "he_normal",
         "activity_regularizer": {"type": "l2", "l2": 0.001}},
        {"type": "add", "inputs": ["dense", "first"]},
        {"type": "concatenate", "inputs": ["add", "input", "first"]},
        {"type": "dropout", "rate": 0.1},
        {"type": "dense", "units": 5, "activation": "softmax", "bias_regularizer": "l2"}])
}

/// The same with weights that are frozen, held to constraints, made orthogonal, and trained at a rate of their own.
pub fn held() -> Value {
    let mut layers = everything();
    layers[0]["kernel_constraint"] = json!({"type": "max_norm", "max_value": 1.0});
    layers[0]["learning_rate_multiplier"] = json!(0.5);
    layers[3]["kernel_regularizer"] = json!({"type": "orthogonal_regularizer", "factor": 0.1});
    layers[3]["bias_constraint"] = json!("non_neg");
    layers[7]["kernel_constraint"] = json!({"type": "min_max_norm", "rate": 0.5, "axis": 1});
    layers[1]["gamma_constraint"] = json!({"type": "unit_norm", "axis": -1});
    let frozen = json!({"type": "dense", "units": 7, "name": "frozen", "trainable": false, "kernel_regularizer": "l2"});
    layers.as_array_mut().expect("layers are a list").insert(1, frozen);
    layers
}

/// Every optimizer of the registry, by itself and with all that optimizers share; every schedule; and the arguments that
/// give an optimizer more to keep. Rates are such that all of them learn.
pub fn optimizers() -> Vec<Value> {
    let rate = |name: &str| match name {
        "adadelta" => 1.0,
        "adagrad" | "adafactor" | "ftrl" | "sgd" => 0.1,
        _ => 0.005,
    };
    let mut all = Vec::new();
    for name in schema().optimizers.into_iter().map(|it| it.choice.r#type) {
        let plain = json!({"type": name, "learning_rate": rate(name)});
        let mut shared = plain.clone();
        shared["global_clipnorm"] = json!(0.5);
        shared["use_ema"] = json!(true);
        shared["ema_momentum"] = json!(0.5);
        shared["ema_overwrite_frequency"] = json!(3);
        shared["gradient_accumulation_steps"] = json!(2);
        shared["weight_decay"] = json!(0.01);
        all.extend([plain, shared]);
    }
    for schedule in schema().schedules {
        let mut value = json!({"type": schedule.choice.r#type});
        schedule.arguments.iter().for_each(|it| value[it.name] = it.default.clone());
        for steps in ["decay_steps", "first_decay_steps", "warmup_steps"] {
            if value[steps].is_u64() {
                value[steps] = json!(5);
            }
        }
        all.push(json!({"type": "adam", "learning_rate": value}));
    }
    all.push(json!({"type": "sgd", "momentum": 0.9, "nesterov": true, "clipnorm": 0.2}));
    all.push(json!({"type": "rmsprop", "momentum": 0.5, "centered": true, "clipvalue": 0.1}));
    all.push(json!({"type": "adam", "amsgrad": true}));
    all
}

/// A training for it; 70 rows make batches of 32, 32 and 6.
pub fn thorough_training(optimizer: Value) -> Value {
    json!({"loss": "sparse_categorical_crossentropy", "optimizer": optimizer, "metrics": ["accuracy"],
        "batch_size": 32, "seed": 11})
}

/// The bits of all tensors of a model.
pub fn bits(model: &Model) -> Vec<(String, Vec<u32>)> {
    let tensors = model.state().tensors.into_iter();
    tensors.map(|it| (it.name, it.values.iter().map(|v| v.to_bits()).collect())).collect()
}
