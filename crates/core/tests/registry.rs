//! The registry that the page draws its controls from: every entry is described, its defaults are valid, and what is
//! written is read back.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use serde_json::{Value, json};
use tabgrad_core::spec::{Argument, Kind};
use tabgrad_core::{ModelSpec, TrainingSpec, schema};

/// The JSON of a kind with its defaults.
fn with_defaults(kind: &Kind) -> Value {
    let mut value = json!({ "type": kind.choice.r#type });
    for argument in &kind.arguments {
        value[argument.name] = argument.default.clone();
    }
    value
}

fn all_kinds() -> Vec<Kind> {
    let schema = schema();
    [
        schema.layers,
        schema.losses,
        schema.metrics,
        schema.optimizers,
        schema.schedules,
        schema.callbacks,
        schema.regularizers,
        schema.constraints,
        schema.initializers,
        schema.activations,
    ]
    .concat()
}

#[test]
fn every_entry_has_a_label_and_a_sentence() {
    let kinds = all_kinds();
    let arguments = kinds.iter().flat_map(|kind| &kind.arguments);
    let choices = arguments.clone().flat_map(|argument| &argument.choices);
    let texts = kinds
        .iter()
        .map(|kind| &kind.choice)
        .chain(choices)
        .map(|choice| (choice.label, choice.doc))
        .chain(arguments.map(|it| (it.label, it.doc)));
    for (label, doc) in texts {
        assert!(label.starts_with(|c: char| c.is_uppercase() || c.is_numeric()), "{label}");
        let is_sentence = doc.ends_with('.') && doc.len() > 6 && !doc.contains("  ");
        assert!(is_sentence, "{label}: {doc:?}");
    }
}

#[test]
fn every_layer_stands_in_a_group_of_the_menu_and_nothing_else_does() {
    let schema = schema();
    for kind in &schema.layers {
        assert!(kind.family.is_some_and(|it| !it.contains(':')), "{}: {:?}", kind.choice.r#type, kind.family);
    }
    let family =
        |name: &str| schema.layers.iter().find(|it| it.choice.r#type == name).and_then(|it| it.family);
    assert_eq!(family("dense"), Some("core"));
    assert_eq!(family("add"), Some("merging"));
    assert!(schema.losses.iter().chain(&schema.optimizers).all(|it| it.family.is_none()));
}

#[test]
fn every_argument_has_a_kind_that_the_page_knows_and_a_default_in_its_range() {
    let known = [
        "integer",
        "number",
        "boolean",
        "choice",
        "activation",
        "initializer",
        "regularizer",
        "axes",
        "numbers",
        "layer",
        "shape",
        "sizes",
        "margins",
        "constraint",
        "schedule",
        "numbers",
        "words",
        "text",
    ];
    let check = |kind: &Kind, argument: &Argument| {
        let place = format!("{}.{}", kind.choice.r#type, argument.name);
        assert!(known.contains(&argument.kind), "{place}: {}", argument.kind);
        if let Some(default) = argument.default.as_f64() {
            assert!(argument.min.is_none_or(|min| default >= min), "{place}");
            assert!(argument.max.is_none_or(|max| default <= max), "{place}");
        }
    };
    for kind in all_kinds() {
        kind.arguments.iter().for_each(|argument| check(&kind, argument));
    }
}

#[test]
fn every_layer_is_read_written_and_read_back() {
    for kind in schema().layers {
        let mut layer = with_defaults(&kind);
        layer["name"] = json!("it");
        layer["inputs"] = json!(["input"]);
        layer["trainable"] = json!(false);
        let model = ModelSpec::parse(&json!({"version": 1, "layers": [layer]})).unwrap();
        assert_eq!(model.layers[0].kind.type_name(), kind.choice.r#type);
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<ModelSpec>(&text).unwrap(), model, "{text}");
        assert_eq!(model.to_value()["layers"][0], layer, "nothing is lost or added");
    }
}

#[test]
fn initializers_regularizers_and_constraints_are_read_where_layers_take_them() {
    let schema = schema();
    let places = schema
        .initializers
        .iter()
        .map(|it| ("kernel_initializer", it))
        .chain(schema.regularizers.iter().map(|it| ("kernel_regularizer", it)))
        .chain(schema.constraints.iter().map(|it| ("kernel_constraint", it)));
    for (place, kind) in places {
        for value in [with_defaults(kind), json!(kind.choice.r#type)] {
            let layers = json!([{"type": "dense", "units": 1, place: value}]);
            let model = ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap();
            assert_eq!(model.to_value()["layers"][0][place], with_defaults(kind));
        }
    }
}

#[test]
fn every_argument_of_an_activation_is_read_written_and_read_back() {
    let read = |activation: Value| {
        let layers = json!([{"type": "dense", "units": 1, "activation": activation}]);
        let model = ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap();
        model.to_value()["layers"][0]["activation"].clone()
    };
    let mut with_arguments = 0;
    for kind in schema().activations {
        let name = kind.choice.r#type;
        assert_eq!(read(with_defaults(&kind)), json!(name), "what is as by default is not written");
        for argument in &kind.arguments {
            let other = match &argument.default {
                Value::Bool(default) => json!(!default),
                Value::Null => json!(6.0),
                axis if argument.kind == "integer" => json!(axis.as_i64().unwrap() - 1),
                number => json!(number.as_f64().unwrap() + 0.25),
            };
            let value = json!({ "type": name, argument.name: other });
            assert_eq!(read(value.clone()), value);
        }
        with_arguments += usize::from(!kind.arguments.is_empty());
    }
    assert!(with_arguments >= 8, "{with_arguments}");
}

#[test]
fn every_training_is_read_written_and_read_back() {
    let schema = schema();
    for loss in &schema.losses {
        assert!(!loss.tasks.is_empty());
        for optimizer in &schema.optimizers {
            let training = json!({
                "loss": with_defaults(loss),
                "optimizer": with_defaults(optimizer),
                "metrics": schema.metrics.iter().map(|it| it.choice.r#type).collect::<Vec<_>>(),
                "class_weight": [1.0, 2.5],
                "callbacks": schema.callbacks.iter().map(with_defaults).collect::<Vec<_>>(),
                "batch_size": 7, "epochs": 3, "shuffle": false, "seed": 5
            });
            let spec = TrainingSpec::parse(&training).unwrap();
            assert_eq!(serde_json::to_value(&spec).unwrap(), training);
            assert_eq!(serde_json::from_value::<TrainingSpec>(training).unwrap(), spec);
        }
    }
}

#[test]
fn every_schedule_is_read_written_and_read_back() {
    for schedule in &schema().schedules {
        let training =
            json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": with_defaults(schedule)}});
        let spec = TrainingSpec::parse(&training).unwrap();
        assert_eq!(spec.to_value()["optimizer"]["learning_rate"], with_defaults(schedule));
        assert_eq!(TrainingSpec::parse(&spec.to_value()).unwrap(), spec);
    }
}

#[test]
fn another_learning_rate_takes_the_place_of_a_number_or_a_schedule() {
    for kind in schema().optimizers {
        let mut optimizer = with_defaults(&kind);
        let training = TrainingSpec::parse(&json!({"loss": "mse", "optimizer": optimizer})).unwrap();
        optimizer["learning_rate"] =
            json!({"type": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 9});
        let scheduled = TrainingSpec::parse(&json!({"loss": "mse", "optimizer": optimizer})).unwrap();
        let set = training.with_learning_rate(0.25).unwrap();
        assert_eq!(set.to_value()["optimizer"]["learning_rate"], 0.25);
        assert_eq!(scheduled.with_learning_rate(0.25), Some(set));
        assert_eq!(training.with_learning_rate(f64::NAN), None);
    }
}

#[test]
fn short_names_and_left_out_arguments_mean_what_keras_means() {
    let spec =
        TrainingSpec::parse(&json!({"loss": "mse", "optimizer": "adam", "metrics": ["mae", "r2", "mae"]}));
    let value = spec.unwrap().to_value();
    assert_eq!(value["loss"], json!({"type": "mean_squared_error", "reduction": "sum_over_batch_size"}));
    assert_eq!(value["metrics"], json!(["mean_absolute_error", "r2_score"]));
    assert_eq!(value["batch_size"], 32);
    assert_eq!(value["shuffle"], true);
    let expected = json!({"type": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999,
        "epsilon": 1e-7, "amsgrad": false, "weight_decay": null, "clipnorm": null, "global_clipnorm": null,
        "clipvalue": null, "use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": null,
        "gradient_accumulation_steps": null});
    assert_eq!(value["optimizer"], expected);
}
