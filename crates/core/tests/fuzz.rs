//! Random networks from the registry, of random and often smallest sizes: whatever compiles trains, scores, predicts and
//! is restored without a panic, and to the same bits on one thread and on three; whatever does not is refused by name.

#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile_on, features, targets, tokens_where_read};
use serde_json::{Value, json};
use tabgrad_core::{Code, Error, Model, Pool, Rows, Target, schema};

/// Random choices.
struct Dice(Numbers);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (((self.0.next() + 1.0) / 2.0 * n as f32) as usize).min(n - 1)
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn size(&mut self) -> usize {
        self.pick(&[1, 1, 2, 3, 7, 16, 33])
    }
}

/// Layers that want steps of several values, which features have only behind an `input` that says so.
const OF_SEQUENCES: &[&str] = &[
    "simple_rnn",
    "lstm",
    "gru",
    "bidirectional",
    "attention",
    "additive_attention",
    "multi_head_attention",
    "group_query_attention",
    "position_embedding",
    "sinusoidal_position_encoding",
    "rotary_embedding",
    "transformer_block",
];

/// A layer for sequences, with arguments of every kind.
fn of_sequences(dice: &mut Dice, kind: &str) -> Value {
    let flag = |dice: &mut Dice| dice.below(2) == 0;
    let rate = |dice: &mut Dice| dice.pick(&[0.0, 0.0, 0.3, 1.0]);
    match kind {
        "bidirectional" => {
            let inner = dice.pick(&["simple_rnn", "lstm", "gru"]);
            let mut inner = of_sequences(dice, inner);
            inner["go_backwards"] = json!(false);
            json!({"type": kind, "layer": inner, "merge_mode": dice.pick(&["concat", "sum", "mul", "ave"])})
        }
        "attention" => json!({"type": kind, "use_scale": flag(dice), "dropout": rate(dice),
            "score_mode": dice.pick(&["dot", "concat"]), "use_causal_mask": flag(dice)}),
        "additive_attention" => json!({"type": kind, "use_scale": flag(dice), "dropout": rate(dice)}),
        "multi_head_attention" => json!({"type": kind, "num_heads": dice.pick(&[1, 2, 3]),
            "key_dim": dice.pick(&[1, 2, 5]), "value_dim": dice.pick(&[1, 4]), "use_rotary": dice.below(4) == 0,
            "use_causal_mask": flag(dice), "dropout": rate(dice), "use_bias": flag(dice)}),
        "group_query_attention" => json!({"type": kind, "head_dim": dice.size(), "num_query_heads": 4,
            "num_key_value_heads": dice.pick(&[1, 2, 3, 4]), "sliding_window": dice.pick(&[1, 3])}),
        "transformer_block" => {
            json!({"type": kind, "intermediate_dim": dice.size(), "num_heads": dice.pick(&[1, 2, 3]),
            "key_dim": dice.pick(&[json!(null), json!(1), json!(4)]), "use_causal_mask": flag(dice), "dropout": rate(dice),
            "normalize_first": flag(dice), "use_rotary": dice.below(4) == 0, "activation": dice.pick(&["relu", "gelu", "softmax"]),
            "normalization": dice.pick(&["none", "batch_normalization", "layer_normalization", "rms_normalization"])})
        }
        "simple_rnn" | "lstm" | "gru" => {
            json!({"type": kind, "units": dice.size(), "use_bias": flag(dice), "go_backwards": flag(dice),
            "return_sequences": dice.below(3) > 0, "zero_output_for_mask": flag(dice), "dropout": rate(dice),
            "recurrent_dropout": rate(dice), "activation": dice.pick(&["tanh", "relu", "gelu"])})
        }
        other => json!({ "type": other }),
    }
}

/// An input of steps, perhaps masked, and a few layers for sequences.
fn sequence_network(dice: &mut Dice, steps: usize, width: usize, outputs: usize, last: &str) -> Value {
    let mut layers = vec![json!({"type": "input", "shape": [steps, width]})];
    if dice.below(2) == 0 {
        layers.push(json!({"type": "masking"}));
    }
    for _ in 0..1 + dice.below(2) {
        let kind = dice.pick(OF_SEQUENCES);
        layers.push(of_sequences(dice, kind));
    }
    layers.push(json!({"type": "flatten"}));
    layers.push(json!({"type": "dense", "units": outputs, "activation": last}));
    layers.into()
}

/// Layers that want images or sequences of several channels.
const OF_IMAGES: &[&str] = &["convolution", "pooling"];

/// Those that take either.
const OF_BOTH: &[&str] = &["residual_block", "vgg_block"];

/// A layer for images, or for sequences when `rank` is 1, of random sizes: many are larger than what they are laid over.
fn of_images(dice: &mut Dice, rank: usize) -> Value {
    let kinds = schema()
        .layers
        .into_iter()
        .filter(|kind| kind.family.is_some_and(|family| OF_IMAGES.contains(&family)));
    let ends = ["1d", "2d"];
    let kinds: Vec<&str> = kinds
        .map(|kind| kind.choice.r#type)
        .filter(|name| name.trim_end_matches("_transpose").ends_with(ends[rank - 1]))
        .chain(OF_BOTH.iter().copied())
        .collect();
    let kind = dice.pick(&kinds);
    let mut layer = with_defaults(kind);
    // Blocks have one size for all sides.
    let rank = if OF_BOTH.contains(&kind) { 1 } else { rank };
    let Some(arguments) = layer.as_object_mut() else { return layer };
    for (name, value) in arguments {
        let mut size = |of: &[usize]| match (rank, dice.below(3)) {
            (2, 0) => json!([dice.pick(of), dice.pick(of)]),
            _ => json!(dice.pick(of)),
        };
        match name.as_str() {
            "kernel_size" | "pool_size" => *value = size(&[1, 1, 2, 3, 5]),
            "strides" => *value = size(&[1, 1, 1, 2, 3]),
            "dilation_rate" => *value = size(&[1, 1, 1, 1, 2]),
            "output_padding" => *value = dice.pick(&[json!(null), json!(null), json!(0), json!(1)]),
            "padding" => *value = dice.pick(&["valid", "same", "same", "same"]).into(),
            "filters" => *value = dice.pick(&[1, 2, 4, 6]).into(),
            "groups" => *value = dice.pick(&[1, 1, 1, 2]).into(),
            "depth_multiplier" => *value = dice.pick(&[1, 1, 2]).into(),
            "activation" => *value = dice.pick(&["linear", "relu", "tanh", "softmax", "hard_silu"]).into(),
            "keepdims" => *value = true.into(),
            "normalization" => {
                *value = dice.pick(&["none", "batch_normalization", "layer_normalization"]).into()
            }
            "convolutions" => *value = dice.pick(&[1, 2]).into(),
            "bottleneck" | "preactivation" | "conv_shortcut" => *value = (dice.below(2) == 0).into(),
            _ => {}
        }
    }
    layer
}

/// An input that is an image or a sequence, and a few layers for it.
fn image_network(dice: &mut Dice, shape: &[usize], outputs: usize, last: &str) -> Value {
    let mut layers = vec![json!({"type": "input", "shape": shape})];
    for _ in 0..1 + dice.below(3) {
        layers.push(of_images(dice, shape.len() - 1));
    }
    layers.push(json!({"type": "flatten"}));
    layers.push(json!({"type": "dense", "units": outputs, "activation": last}));
    layers.into()
}

/// A layer of a random kind; those that join take two random earlier outputs, which may not fit.
fn layer(dice: &mut Dice, kinds: &[&str], activations: &[&str], before: &[String], name: &str) -> Value {
    let mut layer = match dice.pick(kinds) {
        "dense" => json!({"type": "dense", "units": dice.size(), "activation": dice.pick(activations),
            "use_bias": dice.below(2) == 0}),
        "activation" => json!({"type": "activation", "activation": dice.pick(activations)}),
        "dropout" => json!({"type": "dropout", "rate": dice.pick(&[0.0, 0.3, 1.0])}),
        joining @ ("add" | "subtract" | "multiply" | "average" | "maximum" | "minimum" | "concatenate"
        | "dot") => {
            let mut layer = with_defaults(joining);
            layer["inputs"] = json!([dice.pick(before), dice.pick(before)]);
            layer
        }
        other => with_defaults(other),
    };
    if layer["inputs"].is_null() && dice.below(4) == 0 {
        layer["inputs"] = json!([dice.pick(before)]);
    }
    layer["name"] = json!(name);
    if dice.below(6) == 0 {
        layer["trainable"] = json!(false);
    }
    if layer["type"] == "dense" && dice.below(4) == 0 {
        layer["kernel_regularizer"] = json!({"type": "l1_l2", "l1": 0.01, "l2": 0.01});
        layer["activity_regularizer"] = json!("l2");
    }
    layer
}

/// A layer with the defaults of the registry.
fn with_defaults(name: &str) -> Value {
    let mut layer = json!({ "type": name });
    for kind in schema().layers.iter().filter(|kind| kind.choice.r#type == name) {
        for argument in &kind.arguments {
            layer[argument.name] = argument.default.clone();
        }
    }
    layer
}

/// Random layers; outputs that nobody took are joined at the end so that most networks are whole.
fn network(dice: &mut Dice, outputs: usize, last: &str) -> Value {
    let schema = schema();
    let flat =
        schema.layers.iter().filter(|kind| kind.family.is_none_or(|family| !OF_IMAGES.contains(&family)));
    let kinds = flat.map(|it| it.choice.r#type);
    let is_elsewhere = |kind: &&str| OF_SEQUENCES.contains(kind) || OF_BOTH.contains(kind);
    let mut kinds: Vec<&str> = kinds.filter(|kind| !is_elsewhere(kind)).collect();
    // Those that take values of any shape come more often: most networks should be whole.
    for _ in 0..kinds.len() / 4 {
        kinds.extend(["dense", "activation", "dropout", "batch_normalization", "add", "concatenate"]);
    }
    let activations: Vec<&str> = schema.activations.iter().map(|it| it.choice.r#type).collect();
    let mut layers: Vec<Value> = Vec::new();
    let mut names = vec!["input".to_owned()];
    for i in 0..dice.below(6) {
        let name = format!("l{i}");
        layers.push(layer(dice, &kinds, &activations, &names, &name));
        names.push(name);
    }
    let is_taken = |name: &str, at: usize| {
        layers[at + 1..].iter().enumerate().any(|(k, layer)| match layer["inputs"].as_array() {
            Some(inputs) => inputs.iter().any(|it| it == name),
            None => k == 0,
        })
    };
    let loose: Vec<String> = (0..layers.len())
        .map(|i| (i, format!("l{i}")))
        .filter(|(i, it)| !is_taken(it, *i))
        .map(|it| it.1)
        .collect();
    let mut end = json!({"type": "dense", "units": outputs, "activation": last});
    match loose.len() {
        0 => end["inputs"] = json!(["input"]),
        1 => end["inputs"] = json!([loose[0]]),
        _ => layers.push(json!({"type": "concatenate", "inputs": loose})),
    }
    layers.push(end);
    layers.into()
}

/// A refusal says where the mistake stands (at a layer that there is, or in the training), what would have been right there
/// and what stood there, and what to do wherever that is promised. All words of these networks are known ones, so no mistake
/// is one of words.
fn assert_refused_by_name(error: &Error, layers: &Value, training: &Value) {
    let said = format!("{error} ({:?})\n{layers} {training}", error.code);
    let end = |path: &str| path.is_empty() || path.starts_with(['.', '[']);
    let is_there = match error.path.strip_prefix("layers") {
        Some(path) => match path.strip_prefix('[').and_then(|path| path.split_once(']')) {
            Some((index, path)) => {
                index.parse::<usize>().is_ok_and(|index| !layers[index].is_null()) && end(path)
            }
            None => end(path),
        },
        None => error.path.strip_prefix("training").is_some_and(end),
    };
    assert!(is_there, "no such place: {said}");
    for part in [&error.expected, &error.found] {
        assert!(!part.trim().is_empty(), "says half of it: {said}");
        assert!(!part.contains("Some(") && !part.contains("None"), "says it to programs: {said}");
    }
    assert_ne!(error.expected, error.found, "{said}");
    assert!(
        matches!(error.code, Code::Mismatch | Code::OutOfRange | Code::Graph | Code::TooLarge),
        "another sort of mistake: {said}"
    );
    // What is too large, for memory or for what it is laid over, and groups that do not come out even, have a way out.
    let is_promised = error.code == Code::TooLarge
        || error.expected.starts_with("at most")
        || error.path.ends_with(".groups");
    assert!(!is_promised || error.hint.is_some(), "no advice: {said}");
    assert!(error.hint.as_ref().is_none_or(|hint| !hint.trim().is_empty()), "empty advice: {said}");
    let sentence = error.to_string();
    let parts = [Some(&error.path), Some(&error.expected), Some(&error.found), error.hint.as_ref()];
    assert!(parts.into_iter().flatten().all(|part| sentence.contains(part.as_str())), "{said}");
}

/// A few steps and everything else that a model can do; `None` when it is refused.
fn live(threads: usize, layers: &Value, training: &Value, case: &Case) -> Option<(Model, String)> {
    let mut numbers = Numbers(case.seed);
    let x = match layers[0]["type"] == "input" {
        true => features(&mut numbers, case.rows, layers),
        false => tokens_where_read(numbers.matrix(case.rows, case.inputs), layers),
    };
    let y = targets(&mut numbers, case.rows, case.target);
    let rows = Rows::new(x.view(), y.view());
    let pool = Pool::with_threads(threads);
    let compiled = compile_on(pool, layers.clone(), training.clone(), case.inputs, case.target);
    let mut model = compiled.inspect_err(|error| assert_refused_by_name(error, layers, training)).ok()?;
    let mut report = String::new();
    for _ in 0..3 {
        report += &format!("{:?}\n", model.train(&rows, 2).unwrap());
    }
    let state = model.state();
    report += &format!("{:?}\n{:?}\n", model.evaluate(&rows).unwrap(), model.predict(x.view()).unwrap());
    let probed = model.probe(x.view()).unwrap();
    assert_eq!(probed.len(), model.summary().layers.len());
    for (outputs, layer) in probed.iter().zip(model.summary().layers) {
        assert_eq!(outputs.dim(), (case.rows, layer.output_shape.iter().product()));
    }
    model.restore(&state).unwrap();
    assert_eq!(model.state(), state);
    Some((model, report))
}

struct Case {
    seed: u64,
    rows: usize,
    inputs: usize,
    target: Target,
}

const LOSSES: [(&str, &str, Target, usize); 6] = [
    ("mse", "linear", Target::Values(2), 2),
    ("huber", "tanh", Target::Values(1), 1),
    ("mean_absolute_error", "softplus", Target::Values(3), 3),
    ("binary_crossentropy", "sigmoid", Target::Binary, 1),
    ("categorical_crossentropy", "softmax", Target::Classes(3), 3),
    ("sparse_categorical_crossentropy", "softmax", Target::Classes(2), 2),
];

/// Whether the network compiles; then it lives, to the same bits on one thread and on three.
fn lives(dice: &mut Dice, layers: &Value, loss: &str, case: &Case) -> bool {
    // Some batches are large enough for all threads.
    let batch = dice.pick(&[1, 2, 5, 300]);
    let optimizer = dice.pick(&["sgd", "rmsprop", "adam", "adamw"]);
    let training = json!({"loss": loss, "optimizer": optimizer, "batch_size": batch, "seed": case.seed});
    let Some((one, report)) = live(1, layers, &training, case) else { return false };
    let (three, other) = live(3, layers, &training, case).unwrap();
    assert_eq!(report, other, "{layers} {training}");
    assert_eq!(bits(&one), bits(&three), "{layers} {training}");
    true
}

#[test]
fn whatever_compiles_lives_and_does_not_depend_on_threads() {
    let mut compiled = 0;
    for seed in 0..250 {
        let mut dice = Dice(Numbers(seed));
        dice.below(2);
        let (loss, last, target, outputs) = dice.pick(&LOSSES);
        let layers = network(&mut dice, outputs, last);
        let case = Case { seed, rows: dice.pick(&[1, 2, 9, 601]), inputs: dice.size(), target };
        compiled += usize::from(lives(&mut dice, &layers, loss, &case));
    }
    assert!(compiled > 125, "only {compiled} of 250 networks were whole");
}

#[test]
fn so_does_whatever_goes_through_sequences() {
    let mut compiled = 0;
    for seed in 0..120 {
        let mut dice = Dice(Numbers(seed));
        dice.below(2);
        let (loss, last, target, outputs) = dice.pick(&LOSSES);
        let (steps, width) = (dice.pick(&[1, 1, 2, 5, 9]), dice.pick(&[1, 2, 7]));
        let layers = sequence_network(&mut dice, steps, width, outputs, last);
        let case = Case { seed, rows: dice.pick(&[1, 2, 9, 301]), inputs: steps * width, target };
        compiled += usize::from(lives(&mut dice, &layers, loss, &case));
    }
    assert!(compiled > 60, "only {compiled} of 120 networks were whole");
}

#[test]
fn so_does_whatever_goes_through_images_and_kernels_larger_than_they_are_refused() {
    let mut compiled = 0;
    for seed in 0..160 {
        let mut dice = Dice(Numbers(seed));
        dice.below(2);
        let (loss, last, target, outputs) = dice.pick(&LOSSES);
        let side = dice.pick(&[1, 2, 3, 4, 7]);
        let channels = dice.pick(&[1, 2, 4]);
        let shape = if dice.below(3) == 0 {
            vec![side, channels]
        } else {
            vec![side, dice.pick(&[1, 3, 5]), channels]
        };
        let layers = image_network(&mut dice, &shape, outputs, last);
        let case = Case { seed, rows: dice.pick(&[1, 2, 9]), inputs: shape.iter().product(), target };
        compiled += usize::from(lives(&mut dice, &layers, loss, &case));
    }
    assert!((80..160).contains(&compiled), "{compiled} of 160 networks were whole");
}
