//! Models of programs as files: they go on to the bit, and page and programs read each other's as far as that makes sense.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure, iris, training};
use ndarray::{Array2, s};
use serde_json::{Value, json};
use tabgrad_core::{
    EpochLogs, EpochRecord, Fit, Io, Model, ModelSpec, Rows, Target, TrainingSpec, Validation,
};
use tabgrad_session::Pool;
use tabgrad_session::program::{Checkpoint, Program, read, write};
use tabgrad_session::protocol::Event;

fn spec() -> ModelSpec {
    let layers = json!([
        {"type": "dense", "units": 6, "activation": "relu"},
        {"type": "batch_normalization"},
        {"type": "dropout", "rate": 0.2},
        {"type": "dense", "units": 3, "activation": "softmax"},
    ]);
    ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap()
}

fn adam() -> TrainingSpec {
    TrainingSpec::parse(&json!({
        "loss": "sparse_categorical_crossentropy",
        "optimizer": {"type": "adam", "learning_rate": {"type": "exponential_decay", "initial_learning_rate": 0.02,
            "decay_steps": 10, "decay_rate": 0.9}},
        "metrics": ["accuracy"], "batch_size": 8, "seed": 3, "class_weight": [1, 2, 1],
        "callbacks": [{"type": "early_stopping", "patience": 4, "restore_best_weights": true}, "csv_logger",
            {"type": "model_checkpoint", "monitor": "val_loss"}],
    }))
    .unwrap()
}

fn data() -> (Array2<f32>, Array2<f32>) {
    let x = Array2::from_shape_fn((50, 4), |(row, at)| ((row * 37 + at * 91) % 23) as f32 / 11.0 - 1.0);
    let y = Array2::from_shape_fn((50, 1), |(row, _)| ((row * 7) % 3) as f32);
    (x, y)
}

fn made() -> Program {
    let (model, training, io) = (spec(), adam(), Io::single(vec![4], Target::Classes(3)));
    let state = Model::compile(&model, &training, &io, Pool::single()).unwrap().state();
    Program { model, training: Some(training), io, state, checkpoints: vec![], page: None }
}

/// A model as a program makes it of a file.
fn opened(program: &Program) -> Model {
    let training = program.training.as_ref().unwrap();
    let mut model = Model::compile(&program.model, training, &program.io, Pool::single()).unwrap();
    model.restore(&program.state).unwrap();
    model
}

fn run(model: &mut Model, resume: bool) -> Vec<EpochRecord> {
    let (x, y) = data();
    let fit = Fit { epochs: Some(12), validation: Validation::Split(0.3), resume, ..Fit::default() };
    model.fit(&Rows::new(x.view(), y.view()), &fit, &mut || 0.0).unwrap().epochs
}

#[test]
fn a_file_of_a_program_goes_on_with_the_very_same_losses_from_every_epoch_and_step() {
    let mut whole = opened(&made());
    let history = run(&mut whole, false);
    let (x, y) = data();
    let part = |from: usize, to: usize| Rows::new(x.slice(s![from..to, ..]), y.slice(s![from..to, ..]));
    let (train, held) = (part(0, 35), part(35, 50));
    // Five steps are an epoch.
    for steps in [1, 2, 5, 7, 10, 13] {
        let mut first = opened(&made());
        for _ in 0..steps {
            let Some(scores) = first.train(&train, 1).unwrap().epoch_end else { continue };
            let validation = first.evaluate(&held).unwrap();
            first.end_epoch(&EpochLogs { train: &scores, validation: validation.as_ref(), elapsed_s: 0.0 });
        }
        let bytes = write(Program { state: first.state(), ..made() }).unwrap();
        let program = read(&bytes).unwrap();
        assert_eq!((&program.model, &program.training, &program.io), (&spec(), &Some(adam()), &made().io));
        let rest = run(&mut opened(&program), true);
        assert_eq!(rest, history[steps / 5..], "after {steps} steps");
    }
}

#[test]
fn what_checkpoints_handed_out_and_a_model_that_only_predicts_come_back() {
    let mut model = opened(&made());
    let kept = model.state();
    run(&mut model, false);
    let checkpoints = vec![Checkpoint { callback: 2, epoch: 4, state: kept.clone() }];
    let program = read(&write(Program { state: model.state(), checkpoints, ..made() }).unwrap()).unwrap();
    assert_eq!(program.state, model.state());
    let [Checkpoint { callback: 2, epoch: 4, state }] = program.checkpoints.as_slice() else { panic!() };
    assert_eq!(state, &kept);

    let io = Io::expected(&spec(), None, vec![4]).unwrap();
    let untrained = Program { training: None, io, ..made() };
    let program = read(&write(untrained.clone()).unwrap()).unwrap();
    assert_eq!((program.training, program.io), (None, untrained.io));
}

/// The file of a model that was never trained.
fn file_of(layers: Value, loss: &str, input: Vec<usize>, targets: Vec<Target>) -> Vec<u8> {
    let model = ModelSpec::parse(&json!({ "version": 1, "layers": layers })).unwrap();
    let training = json!({ "loss": loss, "optimizer": { "type": "sgd", "learning_rate": 0.1 }, "batch_size": 4, "seed": 2 });
    let training = TrainingSpec::parse(&training).unwrap();
    let io = Io { input, targets };
    let state = Model::compile(&model, &training, &io, Pool::single()).unwrap().state();
    write(Program { model, training: Some(training), io, state, checkpoints: vec![], page: None }).unwrap()
}

#[test]
fn the_page_opens_a_model_of_plain_numbers_predicts_as_it_does_and_goes_on_training() {
    let mut program = opened(&made());
    let (x, y) = data();
    program.train(&Rows::new(x.view(), y.view()), usize::MAX).unwrap();
    let bytes = write(Program { state: program.state(), ..made() }).unwrap();
    let mut lab = Lab::new();
    let events = lab.session.load_model(1, "mine.tabgrad", &bytes);
    let Event::ModelLoaded { model, training, split, report, epoch, .. } = events[0].clone() else {
        panic!("{events:?}")
    };
    assert_eq!((report.columns.len(), report.classes.len(), epoch), (5, 3, 1));
    assert!(report.issues[0].message.contains("takes 4 plain numbers"), "{:?}", report.issues);
    let row = x.row(7);
    let asked: Vec<String> = row.iter().map(f32::to_string).collect();
    let said = lab.predict(json!([asked]));
    let expected: Vec<f32> = program.predict(x.slice(s![7..8, ..])).unwrap().into_iter().collect();
    assert_eq!((said[0].probabilities.clone(), said[0].issues.len()), (Some(expected), 0));

    // Its rows, without a line of names.
    let lines = x.rows().into_iter().zip(y.column(0)).map(|(row, class)| {
        let numbers: Vec<String> = row.iter().map(f32::to_string).collect();
        format!("{},{class}\n", numbers.join(","))
    });
    let events = lab.file("rows.csv", &lines.collect::<String>());
    let Some(Event::Table { report }) = events.last() else { panic!("{events:?}") };
    assert_eq!((report.target, report.classes.len()), (4, 3));
    lab.configure_with(model["layers"].clone(), training, serde_json::to_value(split).unwrap(), true);
    assert_eq!(lab.session.epoch(), 1, "the same training");
    lab.epochs(2);
    // And back.
    let (_, bytes) = lab.save();
    let back = read(&bytes).unwrap();
    assert_eq!((&back.model, &back.io), (&spec(), &made().io));
    assert_eq!(opened(&back).position().epoch, 3);
}

#[test]
fn the_page_opens_models_of_one_value_of_yes_or_no_and_of_pictures() {
    let dense = |units: usize, activation: &str| json!([{ "type": "dense", "units": units, "activation": activation }]);
    let picture = json!([{ "type": "conv2d", "filters": 2, "kernel_size": 2 }, { "type": "flatten" }, { "type": "dense", "units": 1 }]);
    let crossentropy = "sparse_categorical_crossentropy";
    for (layers, loss, input, target, question) in [
        (dense(1, "linear"), "mse", vec![2], Target::Values(1), json!(["0.5", "-3"])),
        (dense(1, "sigmoid"), "binary_crossentropy", vec![2], Target::Binary, json!(["0.5", "-3"])),
        (dense(2, "softmax"), crossentropy, vec![2], Target::Classes(2), json!(["0.5", "-3"])),
        (picture, "mse", vec![4, 4, 1], Target::Values(1), json!(vec!["0.25"; 16])),
    ] {
        let bytes = file_of(layers, loss, input.clone(), vec![target]);
        let mut lab = Lab::new();
        let events = lab.session.load_model(1, "mine.tabgrad", &bytes);
        assert!(matches!(events[0], Event::ModelLoaded { .. }), "{target:?}: {events:?}");
        let said = &lab.predict(json!([question]))[0];
        let program = read(&bytes).unwrap();
        let numbers: Vec<f32> =
            question.as_array().unwrap().iter().map(|it| it.as_str().unwrap().parse().unwrap()).collect();
        let x = Array2::from_shape_vec((1, numbers.len()), numbers).unwrap();
        let expected = *opened(&program).predict(x.view()).unwrap().last().unwrap();
        let found = said.value.map(|it| it as f32).or(said.probabilities.as_ref().map(|it| it[1]));
        assert_eq!((found, said.issues.len()), (Some(expected), 0), "{target:?}: {said:?}");
    }
}

#[test]
fn the_page_says_why_it_cannot_open_a_model_of_a_program_and_what_to_do() {
    let dense = json!([{ "type": "dense", "units": 3 }]);
    let steps = json!([{ "type": "lstm", "units": 3 }, { "type": "dense", "units": 1 }]);
    let untrained = Program { training: None, ..made() };
    for (bytes, why) in [
        (file_of(dense, "mse", vec![2], vec![Target::Values(3)]), "more than one number or class"),
        (file_of(steps, "mse", vec![10, 3], vec![Target::Values(1)]), "its rows are of [10, 3] numbers"),
        (write(untrained).unwrap(), "it was never compiled"),
    ] {
        let error = failure(Lab::new().session.load_model(1, "mine.tabgrad", &bytes));
        assert_eq!(error.code, "model_of_a_program");
        assert!(error.message.starts_with("mine.tabgrad cannot be opened"), "{}", error.message);
        assert!(error.message.contains(why) && error.message.contains("Model.load"), "{}", error.message);
    }
}

#[test]
fn a_learning_rate_that_was_set_stands_in_the_training_that_a_file_says() {
    let mut model = opened(&made());
    model.set_learning_rate(0.3);
    let program = read(&write(Program { state: model.state(), ..made() }).unwrap()).unwrap();
    let said = program.training.as_ref().unwrap().to_value()["optimizer"]["learning_rate"].clone();
    assert_eq!(said, json!(0.3), "as it was typed, in place of the schedule");
    let mut lab = Lab::new();
    let bytes = write(program.clone()).unwrap();
    let events = lab.session.load_model(1, "mine.tabgrad", &bytes);
    let Event::ModelLoaded { training, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(training["optimizer"]["learning_rate"], json!(0.3));
    // Both go on alike.
    assert_eq!(run(&mut opened(&program), true), run(&mut model, true));
}

#[test]
fn a_file_of_the_page_trains_in_a_program_and_goes_back() {
    let mut page = Lab::new();
    iris(&mut page);
    let layers = json!([{"type": "dense", "units": 8, "activation": "relu"},
        {"type": "dense", "units": 3, "activation": "softmax"}]);
    let said =
        training("sparse_categorical_crossentropy", json!({"type": "adam", "learning_rate": 0.01}), 100);
    page.configure(layers, said);
    page.epochs(3);
    let (_, bytes) = page.save();
    let question = json!([["5.1", "3.5", "1.4", "0.2"]]);
    let before = page.predict(question.clone());

    let program = read(&bytes).unwrap();
    assert_eq!(program.io, Io::single(vec![4], Target::Classes(3)));
    let mut model = opened(&program);
    assert_eq!(model.position().epoch, 3);
    let unchanged = write(Program { state: model.state(), ..program.clone() }).unwrap();
    let (x, y) = data();
    model.train(&Rows::new(x.view(), y.view()), usize::MAX).unwrap();
    let trained = write(Program { state: model.state(), ..program.clone() }).unwrap();

    let open = |bytes: &[u8]| {
        let mut other = Lab::new();
        let events = other.session.load_model(1, "mine.tabgrad", bytes);
        assert!(matches!(events[0], Event::ModelLoaded { .. }), "{events:?}");
        other.predict(question.clone())
    };
    assert_eq!(open(&unchanged), before);
    assert_ne!(open(&trained), before);
    // With other targets it is the program's alone.
    let io = Io::single(vec![4], Target::Values(3));
    let error =
        failure(Lab::new().session.load_model(1, "mine.tabgrad", &write(Program { io, ..program }).unwrap()));
    assert_eq!(error.code, "model_of_a_program");
}

#[test]
fn a_damaged_file_is_refused_with_a_sentence() {
    assert_eq!(read(b"not a model at all").unwrap_err().code, "not_a_model");
    let file = |project: Value| {
        let state = made().state;
        tabgrad_formats::write(&tabgrad_formats::Project { project, state }).unwrap()
    };
    for project in
        [json!({}), json!([1]), json!({"model": spec(), "training": adam(), "program": {"input": "four"}})]
    {
        let error = read(&file(project)).unwrap_err();
        assert!(error.code == "damaged" && error.message.ends_with("save it again."), "{error:?}");
    }
}
