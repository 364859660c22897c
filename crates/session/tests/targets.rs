//! Several targets, numbers and classes mixed: an output each, by name, from training to the saved file.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure};
use serde_json::{Value, json};
use tabgrad_data::report::Task;
use tabgrad_session::protocol::{Command, Configured, Event, Part, Report, View};

/// Price = 20 x + 100 and a kind by x, over a noise column.
fn houses() -> String {
    let mut text = "x,y,kind,price\n".to_owned();
    for i in 0..120 {
        let x = f64::from(i % 60) / 10.0;
        let kind = ["flat", "house", "castle"][(i % 60 / 20) as usize];
        text += &format!("{x},{},{kind},{}\n", f64::from(i * 7 % 13) / 13.0, 20.0 * x + 100.0);
    }
    text
}

fn model() -> Value {
    json!({
        "version": 1,
        "layers": [
            { "type": "dense", "units": 16, "activation": "relu", "name": "body" },
            { "type": "dense", "units": 1, "name": "price" },
            { "type": "dense", "units": 3, "activation": "softmax", "name": "kind", "inputs": ["body"] },
        ],
        "outputs": ["price", "kind"],
    })
}

fn training() -> Value {
    json!({
        "loss": { "price": "mean_squared_error", "kind": "sparse_categorical_crossentropy" },
        "loss_weights": { "price": 0.5 },
        "metrics": { "price": ["root_mean_squared_error", "r2_score"], "kind": ["accuracy"] },
        "optimizer": { "type": "adam", "learning_rate": 0.01 },
        "batch_size": 16, "epochs": 150, "shuffle": true, "seed": 5,
    })
}

fn configure(lab: &mut Lab, model: &Value, training: &Value) -> Vec<Event> {
    lab.json(json!({
        "type": "configure", "model": model, "training": training,
        "split": { "validation": 0.1, "test": 0.2, "seed": 3 },
    }))
}

fn begun(lab: &mut Lab) -> Configured {
    lab.file("houses.csv", &houses());
    lab.json(json!({ "type": "change_table", "change": { "targets": [3, 2] } }));
    match configure(lab, &model(), &training()).into_iter().next() {
        Some(Event::Configured { summary }) => summary,
        other => panic!("{other:?}"),
    }
}

fn report(lab: &mut Lab, target: Option<usize>) -> Report {
    match lab.say(Command::Report { request: 1, part: Part::Test, target }).remove(0) {
        Event::Report { report, .. } => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_target_has_an_output_with_its_name_scores_and_baseline() {
    let mut lab = Lab::new();
    let summary = begun(&mut lab);
    let targets = summary.targets.unwrap();
    let told: Vec<(&str, usize, Task)> =
        targets.iter().map(|it| (it.name.as_str(), it.column, it.task)).collect();
    assert_eq!(told, [("price", 3, Task::Regression), ("kind", 2, Task::Multiclass)]);
    assert_eq!((summary.task, summary.outputs), (Task::Regression, vec!["price".to_owned()]));
    assert_eq!(targets[1].outputs, ["castle", "flat", "house"]);
    assert_eq!(targets[1].class_rows.iter().sum::<usize>(), summary.rows[&Part::Train]);
    let guessed = targets[1].baseline.clone().unwrap();
    assert!(guessed.metric == "accuracy" && guessed.value < 0.5, "{guessed:?}");
    let mean = targets[0].baseline.clone().unwrap();
    assert!((20.0..50.0).contains(&mean.value), "in units of the price: {mean:?}");

    lab.say(Command::Play);
    lab.train(50.0);
    let evaluation = lab.evaluate(Part::Test);
    let score = |name: &str| evaluation.scores.metrics[name];
    assert!(score("kind_accuracy") > 0.85, "{evaluation:?}");
    assert!(score("price_r2_score") > 0.98, "{evaluation:?}");
    // In units of the price, and of its square.
    let rmse = score("price_root_mean_squared_error");
    assert!(rmse > 0.05 && rmse < 6.0, "{rmse}");
    assert!((score("price_loss") / (rmse * rmse) - 1.0).abs() < 1e-3, "{evaluation:?}");
    // The sum has no unit: half of the one in standard deviations, and the other.
    let std = 34.64;
    let sum = 0.5 * score("price_loss") / (std * std) + score("kind_loss");
    assert!((evaluation.scores.loss / sum - 1.0).abs() < 0.05, "{} {sum}", evaluation.scores.loss);
    assert_eq!(evaluation.confusion, None);
    let confusions = evaluation.confusions.unwrap();
    assert_eq!(confusions[0], None);
    let counts = confusions[1].as_ref().unwrap();
    assert_eq!((counts.len(), counts.iter().sum::<u32>()), (9, evaluation.rows));

    let price = report(&mut lab, None);
    assert!((price.regression.unwrap().rmse - rmse).abs() < 1e-3 && price.classification.is_none());
    let kind = report(&mut lab, Some(1));
    let accuracy = kind.classification.unwrap().accuracy;
    assert!((accuracy - score("kind_accuracy")).abs() < 1e-6 && kind.regression.is_none());
    let beyond = lab.say(Command::Report { request: 1, part: Part::Test, target: Some(2) });
    assert_eq!(failure(beyond).code, "no_target");
}

#[test]
fn a_frame_draws_the_target_that_is_looked_at() {
    let mut lab = Lab::new();
    begun(&mut lab);
    lab.epochs(5);
    for (target, outputs, most) in [(None, 1, 260.0), (Some(0), 1, 260.0), (Some(1), 3, 2.0)] {
        let view = View { x: Some(0), y: Some(1), surface: 16, target, sample: Some(0), ..View::default() };
        let points = match lab.say(Command::View { view }).remove(0) {
            Event::Points { points } => points.unwrap(),
            other => panic!("{other:?}"),
        };
        let largest = points.target.iter().copied().fold(0.0, f32::max);
        assert!(largest <= most && largest > most / 2.0, "{largest}");
        lab.wait(1e6);
        let frame = lab.frame().unwrap();
        let surface = frame.surface.unwrap();
        assert_eq!((surface.outputs, surface.values.len()), (outputs, 16 * 16 * outputs));
        let sample = frame.sample.unwrap();
        let truths = sample.truths.unwrap();
        assert_eq!((truths.len(), sample.truth.as_ref()), (2, truths.first()));
        let said = sample.predicted.targets.unwrap();
        assert!(said[0].value.is_some() && said[1].label.is_some());
    }
}

#[test]
fn a_saved_model_knows_its_targets() {
    let mut lab = Lab::new();
    begun(&mut lab);
    lab.epochs(40);
    let row = json!([["4.5", "0.5"]]);
    let said = lab.predict(row.clone());
    let targets = said[0].targets.clone().unwrap();
    assert!((targets[0].value.unwrap() - 190.0).abs() < 25.0, "{targets:?}");
    assert_eq!(targets[1].probabilities.as_ref().unwrap().len(), 3);
    let (name, bytes) = lab.save();

    let mut other = Lab::new();
    let events = other.session.load_model(1, &name, &bytes);
    let Some(Event::ModelLoaded { model, training, report, .. }) = events.first() else {
        panic!("{events:?}")
    };
    assert_eq!(model["outputs"], json!(["price", "kind"]));
    assert_eq!(training["loss_weights"]["price"], json!(0.5));
    let columns: Vec<usize> = report.all_targets().iter().map(|target| target.column).collect();
    assert_eq!(columns, [3, 2]);
    assert_eq!(other.predict(row), said);
    // The rows come, and are read with the same targets.
    other.file("houses.csv", &houses());
    let before = lab.evaluate(Part::Test);
    configure(&mut other, &model.clone(), &training.clone());
    other.json(json!({
        "type": "configure", "model": model, "training": training, "keep_weights": true,
        "split": { "validation": 0.1, "test": 0.2, "seed": 3 },
    }));
    let after = other.evaluate(Part::Test);
    assert_eq!((before.rows, after.confusions.unwrap().len()), (after.rows, 2));
}

#[test]
fn a_network_with_fewer_outputs_than_targets_is_refused() {
    let mut lab = Lab::new();
    begun(&mut lab);
    let mut one = model();
    one["outputs"] = json!(["price"]);
    one["layers"].as_array_mut().unwrap().pop();
    let mut plain = training();
    plain["loss"] = json!("mean_squared_error");
    plain["metrics"] = json!([]);
    plain.as_object_mut().unwrap().remove("loss_weights");
    let error = failure(configure(&mut lab, &one, &plain));
    assert!(error.message.contains("price") && error.message.contains('2'), "{}", error.message);
}

/// Configures what predicts the row itself; the label is left out.
fn row_itself(lab: &mut Lab, label: usize, ahead: Option<usize>, layers: Value, loss: &str) -> Configured {
    let mut change = json!({ "targets": [], "ignored": [label] });
    if let Some(ahead) = ahead {
        change["ahead"] = ahead.into();
    }
    let events = lab.json(json!({ "type": "change_table", "change": change }));
    assert!(matches!(events.last(), Some(Event::Table { .. })), "{events:?}");
    let metrics = if loss == "mean_squared_error" { "root_mean_squared_error" } else { "accuracy" };
    let training = json!({
        "loss": loss, "metrics": [metrics], "optimizer": { "type": "adam", "learning_rate": 0.01 },
        "batch_size": 16, "epochs": 60, "shuffle": true, "seed": 5,
    });
    match configure(lab, &json!({ "version": 1, "layers": layers }), &training).into_iter().next() {
        Some(Event::Configured { summary }) => summary,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_autoencoder_of_a_table_is_scored_predicts_and_is_saved() {
    let mut lab = Lab::new();
    lab.builtin("iris");
    let layers = json!([
        { "type": "dense", "units": 8, "activation": "tanh" },
        { "type": "dense", "units": 2 },
        { "type": "dense", "units": 8, "activation": "tanh" },
        // As many as the encoding makes: the page does not know.
        { "type": "dense", "units": 1 },
    ]);
    let summary = row_itself(&mut lab, 4, None, layers, "mean_squared_error");
    assert_eq!(summary.task, Task::Reconstruction);
    assert_eq!(summary.layers[3].output_shape, [4]);
    let guessed = summary.baseline.unwrap();
    assert!((guessed.value - 1.0).abs() < 0.25, "of standardised values: {guessed:?}");
    lab.say(Command::Play);
    lab.train(50.0);
    let evaluation = lab.evaluate(Part::Test);
    let rmse = evaluation.scores.metrics["root_mean_squared_error"];
    assert!(rmse < 0.5 * guessed.value && evaluation.confusion.is_none(), "{evaluation:?}");
    let of_all = report(&mut lab, None).regression.unwrap();
    assert!((of_all.rmse - rmse).abs() < 1e-4, "{} {rmse}", of_all.rmse);

    let usual = lab.predict(json!([["5.1", "3.5", "1.4", "0.2"], ["5.1", "2.0", "6.5", "0.2"]]));
    let said = usual[0].inputs.as_ref().unwrap();
    assert!((said[2].value.unwrap() - 1.4).abs() < 0.8, "{said:?}");
    // What is like nothing in the data is far from what becomes of it.
    assert!(usual[1].error.unwrap() > 4.0 * usual[0].error.unwrap(), "{usual:?}");

    let view = View { x: Some(0), y: Some(2), surface: 12, sample: Some(0), ..View::default() };
    lab.say(Command::View { view });
    lab.wait(1e6);
    let frame = lab.frame().unwrap();
    let surface = frame.surface.unwrap();
    assert_eq!((surface.outputs, surface.values.len()), (1, 144));
    assert!(surface.values.iter().all(|error| *error >= 0.0));
    let sample = frame.sample.unwrap();
    assert!(sample.truth.is_none() && sample.predicted.error.is_some() && sample.predicted.inputs.is_none());

    let (name, bytes) = lab.save();
    let mut other = Lab::new();
    other.session.load_model(1, &name, &bytes);
    assert_eq!(other.predict(json!([["5.1", "3.5", "1.4", "0.2"]]))[0], usual[0]);
    // The built-in rows came back with it.
    assert_eq!(other.evaluate(Part::Test).scores, evaluation.scores);
}

#[test]
fn the_next_token_of_every_step_is_learnt_and_scored_step_by_step() {
    let mut lab = Lab::new();
    // After a comes b, after b comes c, after c comes a.
    let mut text = "token_0,token_1,token_2,token_3,kind\n".to_owned();
    for i in 0..60 {
        let at = |step: usize| ["a", "b", "c"][(i + step) % 3];
        text += &format!("{},{},{},{},{}\n", at(0), at(1), at(2), at(3), i % 2);
    }
    lab.file("rounds.csv", &text);
    let layers = json!([
        { "type": "embedding", "input_dim": 4, "output_dim": 8 },
        { "type": "lstm", "units": 12, "return_sequences": true },
        { "type": "dense", "units": 4, "activation": "softmax" },
    ]);
    let summary = row_itself(&mut lab, 4, Some(1), layers, "sparse_categorical_crossentropy");
    assert_eq!((summary.task, summary.layers[2].output_shape.clone()), (Task::Sequence, vec![4, 4]));
    let guessed = summary.baseline.unwrap();
    // One of three at three steps, and none behind the last.
    assert!(guessed.metric == "accuracy" && (0.25..0.6).contains(&guessed.value), "{guessed:?}");
    lab.say(Command::Play);
    lab.train(50.0);
    let accuracy = lab.evaluate(Part::Test).scores.metrics["accuracy"];
    assert!(accuracy > 0.99, "{accuracy}");
    let of_all = report(&mut lab, None).classification.unwrap();
    assert!((of_all.accuracy - accuracy).abs() < 1e-6 && of_all.classes.len() == 4);
    let said = lab.predict(json!([["b", "c", "a", "b"]])).remove(0);
    let labels: Vec<String> = said.inputs.unwrap().into_iter().filter_map(|it| it.label).collect();
    assert_eq!((labels.join(" "), said.error), ("c a b ".to_owned(), Some(0.0)));
}
