//! Files of every version that was ever written can be read, and the models in them predict what they predicted.
//!
//! The files stand in `tests/goldens/formats`, one per version, for good. That of a new version is made by
//! `TABGRAD_WRITE_GOLDENS=1 cargo test -p tabgrad-formats --test old_files`; one that exists is never written again.

use std::path::PathBuf;

use ndarray::{Array2, arr2};
use serde_json::{Value, json};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec};
use tabgrad_formats::project::VERSION;
use tabgrad_formats::{Project, read, write};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/goldens/formats")
}

fn compile(project: &Value) -> Model {
    let model = ModelSpec::parse(&project["model"]).expect("its model");
    let training = TrainingSpec::parse(&project["training"]).expect("its training");
    Model::compile(&model, &training, &Io::single(vec![2], Target::Classes(3)), Pool::single())
        .expect("it fits")
}

fn inputs() -> Array2<f32> {
    arr2(&[[0.0, 0.0], [1.0, -1.0], [-0.5, 2.0], [3.0, 0.25]])
}

fn predictions(model: &mut Model) -> Vec<f32> {
    model.predict(inputs().view()).expect("two inputs").iter().copied().collect()
}

/// A network with all that a state may hold, trained for a moment and stopped within an epoch.
fn small_project() -> Project {
    let mut project = json!({
        "model": { "version": 1, "layers": [
            { "type": "dense", "units": 4, "activation": "relu" },
            { "type": "batch_normalization" },
            { "type": "dense", "units": 3, "activation": "softmax" },
        ] },
        "training": {
            "loss": "sparse_categorical_crossentropy",
            "optimizer": { "type": "adam", "learning_rate": 0.01 },
            "metrics": ["accuracy"], "batch_size": 2, "epochs": null, "shuffle": true, "seed": 7,
        },
    });
    let mut model = compile(&project);
    let y = arr2(&[[0.0], [1.0], [2.0], [0.0]]);
    let x = inputs();
    model.train(&Rows::new(x.view(), y.view()), 2).expect("rows that fit");
    model.train(&Rows::new(x.view(), y.view()), 1).expect("rows that fit");
    project["predictions"] = json!(predictions(&mut model));
    Project { project, state: model.state() }
}

#[test]
fn a_file_of_every_version_predicts_what_it_predicted() {
    let current = folder().join(format!("version-{VERSION}.tabgrad"));
    if std::env::var_os("TABGRAD_WRITE_GOLDENS").is_some() && !current.exists() {
        std::fs::write(&current, write(&small_project()).expect("a sound project"))
            .expect("a folder to write to");
    }
    for version in 1..=VERSION {
        let path = folder().join(format!("version-{version}.tabgrad"));
        let file = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let Project { project, state } =
            read("old.tabgrad", &file).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut model = compile(&project);
        model.restore(&state).expect("the state of this model");
        let position = model.position();
        assert_eq!((position.step, position.step_in_epoch), (3, 1), "version {version}");
        let expected = project["predictions"].as_array().expect("they were saved");
        let found = predictions(&mut model);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            let expected = expected.as_f64().expect("a number");
            assert!(
                (f64::from(*found) - expected).abs() < 1e-6,
                "version {version}: {found} instead of {expected}"
            );
        }
    }
}

#[test]
fn a_model_goes_on_from_its_file_to_the_bit() {
    let Project { project, state } = small_project();
    let file = write(&Project { project: project.clone(), state: state.clone() }).expect("a sound project");
    let read = read("mine.tabgrad", &file).expect("what was written");
    let (x, y) = (inputs(), arr2(&[[0.0], [1.0], [2.0], [0.0]]));
    let go_on = |state| {
        let mut model = compile(&project);
        model.restore(state).expect("its own state");
        for _ in 0..5 {
            model.train(&Rows::new(x.view(), y.view()), 2).expect("rows that fit");
        }
        model.state()
    };
    assert_eq!(go_on(&read.state), go_on(&state));
}
