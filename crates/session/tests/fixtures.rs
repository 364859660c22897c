//! Every file of `tests/fixtures`, from its bytes to a trained network: it trains to finite losses, scores and predictions, or the
//! session says why not and goes on with the table it had. What their reports say is tested in `crates/data`.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::Lab;
use serde_json::{Value, json};
use tabgrad_data::report::{TableReport, Task};
use tabgrad_session::protocol::{Event, Part};

fn load(lab: &mut Lab, name: &str, bytes: &[u8]) -> Result<TableReport, String> {
    let mut events = lab.session.begin_file(name, Some(bytes.len() as u64));
    for piece in bytes.chunks(1000) {
        events.extend(lab.session.push_file(piece));
        if events.iter().any(|event| matches!(event, Event::Failed { .. })) {
            break;
        }
    }
    if !events.iter().any(|event| matches!(event, Event::Failed { .. })) {
        events.extend(lab.session.finish_file());
    }
    for event in lab.note(events) {
        match event {
            Event::Table { report } => return Ok(report),
            Event::Failed { error, .. } => return Err(error.message),
            _ => {}
        }
    }
    panic!("{name}: neither a table nor a sentence");
}

/// A small network for the task, three epochs, and everything that can be asked of it; the lab checks that every number in every
/// answer is finite.
fn learn(lab: &mut Lab, report: &TableReport) {
    let (units, activation, loss, metric) = match report.task {
        Task::Regression => (1, "linear", "mean_squared_error", "root_mean_squared_error"),
        Task::Binary => (1, "sigmoid", "binary_crossentropy", "accuracy"),
        Task::Multiclass => (report.classes.len(), "softmax", "sparse_categorical_crossentropy", "accuracy"),
        Task::Reconstruction | Task::Sequence => panic!("nobody asked for that"),
    };
    let layers = json!([
        { "type": "dense", "units": 8, "activation": "relu" },
        { "type": "dense", "units": units, "activation": activation },
    ]);
    let training = json!({
        "loss": loss, "optimizer": { "type": "adam", "learning_rate": 0.01 }, "metrics": [metric],
        "batch_size": 16, "epochs": null, "shuffle": true, "seed": 1,
    });
    lab.configure(layers, training);
    lab.epochs(3);
    assert_eq!(lab.session.epoch(), 3, "{}", report.name);
    lab.evaluate(Part::Train);

    // The first row of the file, as it stands there, and one that says nothing.
    let row: Vec<Value> = report.sample[0].iter().map(|cell| json!(cell)).collect();
    let nothing = vec![Value::Null; row.len()];
    for said in lab.predict(json!([row, nothing])) {
        let value = said.value.is_some_and(f64::is_finite);
        let class = said.label.is_some()
            && said.probabilities.is_some_and(|all| all.iter().all(|p| (0.0..=1.0).contains(p)));
        assert!(value || class, "{}: no prediction", report.name);
    }
}

#[test]
fn every_file_trains_or_gets_a_sentence_and_what_was_there_stays() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
    let (mut trained, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let mut lab = Lab::new();
        let before = load(&mut lab, "before.csv", b"a,b\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n7,14\n").unwrap();
        match load(&mut lab, name, &bytes) {
            Ok(report) => {
                learn(&mut lab, &report);
                trained += 1;
            }
            Err(sentence) => {
                assert!(sentence.contains(name), "{name} is not named: {sentence}");
                learn(&mut lab, &before);
                refused += 1;
            }
        }
    }
    println!("fixtures: {trained} train, {refused} are refused");
    assert!(trained >= 20 && refused >= 5, "{trained} and {refused}");
}

#[test]
fn ten_thousand_columns_train() {
    let columns = 10_000;
    let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
    let mut text = names.join(",");
    for row in 0..24 {
        let cells: Vec<String> =
            (0..columns).map(|column| ((row * 31 + column * 17) % 101).to_string()).collect();
        text = text + "\n" + &cells.join(",");
    }
    let mut lab = Lab::new();
    let report = load(&mut lab, "wide.csv", text.as_bytes()).unwrap();
    assert_eq!(report.columns.len(), columns);
    learn(&mut lab, &report);
}
