//! Pictures: what is in a frame, when one is due, and what it may cost.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, iris, training};
use serde_json::json;
use tabgrad_session::protocol::{Command, Event, Points, View};

fn look(lab: &mut Lab, view: View) -> Option<Points> {
    match lab.say(Command::View { view }).remove(0) {
        Event::Points { points } => points,
        other => panic!("{other:?}"),
    }
}

fn moons(lab: &mut Lab, rows: usize) {
    lab.json(json!({ "type": "load_builtin", "name": "moons", "options": { "rows": rows, "seed": 1 } }));
    lab.configure(
        json!([
            { "type": "dense", "units": 8, "activation": "tanh" },
            { "type": "dense", "units": 1, "activation": "sigmoid" },
        ]),
        training("binary_crossentropy", json!({ "type": "adam", "learning_rate": 0.03 }), 300),
    );
}

#[test]
fn a_frame_comes_only_when_something_is_new_and_its_time_has_come() {
    let mut lab = Lab::new();
    iris(&mut lab);
    assert!(lab.frame().is_some());
    assert!(lab.frame().is_none(), "nothing is new");
    lab.say(Command::Play);
    lab.slice(12.0);
    lab.slice(12.0);
    let frame = lab.frame().unwrap();
    assert!(
        frame.running && frame.rows_per_second > 0.0 && frame.loss.is_some() && !frame.history.is_empty()
    );
    lab.tick_ms = 50.0;
    lab.slice(0.0);
    lab.frame().unwrap();
    lab.tick_ms = 1.0;
    lab.slice(12.0);
    assert!(lab.frame().is_none(), "the last one took long: training has its turn");
    lab.wait(1000.0);
    assert!(lab.frame().is_some());
    lab.slice(1.0);
    lab.say(Command::Pause);
    let last = lab.frame().expect("where training stands, the picture is due at once");
    assert!(!last.running && last.rows_per_second == 0.0);
    assert!(last.test.is_some(), "and with it the scores of the test rows");
}

#[test]
fn every_epoch_is_told_once() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.say(Command::Play);
    let mut told = vec![];
    while lab.slices(3.0, 1).is_none() {
        told.extend(lab.frame().into_iter().flat_map(|frame| frame.history));
    }
    told.extend(lab.frame().unwrap().history);
    let epochs: Vec<u32> = told.iter().map(|record| record.epoch).collect();
    assert_eq!(epochs, (1..=100).collect::<Vec<_>>());
    assert!(told.iter().all(|record| record.validation.is_some()));
    assert!(told[99].train.loss < told[0].train.loss);
}

#[test]
fn the_surface_says_what_a_prediction_at_the_same_place_says() {
    let mut lab = Lab::new();
    moons(&mut lab, 400);
    lab.say(Command::Play);
    lab.train(12.0);
    let view =
        View { x: Some(0), y: Some(1), surface: 40, neurons: 12, weights: true, sample: None, target: None };
    let points = look(&mut lab, view).unwrap();
    assert_eq!(points.x.len(), 400);
    assert!(points.part.contains(&0) && points.part.contains(&1) && points.part.contains(&2));

    let frame = lab.frame().unwrap();
    let surface = frame.surface.unwrap();
    assert_eq!((surface.size, surface.outputs, surface.values.len()), (40, 1, 1600));
    assert_eq!((surface.x_range, surface.y_range), (points.x_range, points.y_range));
    let centre = |range: [f32; 2], cell: usize| range[0] + (cell as f32 + 0.5) / 40.0 * (range[1] - range[0]);
    for (i, j) in [(0, 0), (39, 3), (17, 25)] {
        let (x, y) = (centre(surface.x_range, i), centre(surface.y_range, j));
        let said = lab.predict(json!([[x.to_string(), y.to_string()]]));
        let p = said[0].probabilities.as_ref().unwrap()[1];
        assert!((surface.values[j * 40 + i] - p).abs() < 1e-5, "cell {i}, {j}");
    }

    let neurons = frame.neurons.unwrap();
    let units: Vec<usize> =
        neurons.layers.iter().map(|maps| maps.as_ref().map_or(0, |maps| maps.units)).collect();
    assert_eq!((neurons.size, units, neurons.features.units), (12, vec![8, 1], 2));
    let first = neurons.layers[0].as_ref().unwrap();
    assert_eq!(first.values.len(), 8 * 144);
    // The first feature grows from left to right and is the same in every row.
    let map = &neurons.features.values[..144];
    assert!(map[..12].windows(2).all(|pair| pair[0] < pair[1]) && map[..12] == map[132..]);
    assert_eq!(frame.weights.unwrap().len(), 2 * 8 + 8 + 8 + 1);
}

#[test]
fn a_row_is_followed_through_the_layers() {
    let mut lab = Lab::new();
    let mut text: String = (0..16).map(|i| format!("pixel{i},")).collect();
    text.push_str("shape\n");
    for row in 0..60 {
        let pixel = |i: usize| if (row % 2 == 0) == (i % 4 < 2) { 9 - row % 3 } else { row % 2 };
        let pixels: Vec<String> = (0..16).map(|i| pixel(i).to_string()).collect();
        text.push_str(&format!("{},{}\n", pixels.join(","), ["left", "right"][row % 2]));
    }
    lab.file("shapes.csv", &text);
    lab.configure(
        json!([{ "type": "flatten" }, { "type": "dense", "units": 1, "activation": "sigmoid" }]),
        training("binary_crossentropy", json!({ "type": "adam", "learning_rate": 0.05 }), 100),
    );
    lab.say(Command::Play);
    lab.train(12.0);
    look(&mut lab, View { sample: Some(1), ..View::default() });
    let frame = lab.frame().unwrap();
    let sample = frame.sample.unwrap();
    assert_eq!((sample.input.shape.as_slice(), sample.input.values.len()), ([4, 4, 1].as_slice(), 16));
    let layers: Vec<_> = sample.layers.iter().map(|layer| layer.as_ref().unwrap()).collect();
    assert_eq!((&layers[0].values, layers[1].shape.as_slice()), (&sample.input.values, [1].as_slice()));
    let label = sample.predicted.label.clone().unwrap();
    assert_eq!(sample.truth, Some(label.clone()));
    // The same values, typed.
    let cells: Vec<Option<String>> =
        sample.input.values.iter().map(|value| Some((value * 9.0).round().to_string())).collect();
    let events = lab.say(Command::Inspect { request: 5, row: cells });
    let [Event::Inspection { request: 5, sample: typed }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((typed.row, &typed.truth, typed.predicted.label.clone()), (None, &None, Some(label)));
    assert_eq!(typed.input.shape, [4, 4, 1]);
}

#[test]
fn a_curve_is_in_the_users_units() {
    let mut lab = Lab::new();
    lab.json(json!({ "type": "load_builtin", "name": "line", "options": { "rows": 100, "seed": 1 } }));
    lab.configure(
        json!([{ "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.05 }), 50),
    );
    lab.say(Command::Play);
    lab.train(12.0);
    let points = look(&mut lab, View { x: Some(0), neurons: 4, ..View::default() }).unwrap();
    assert_eq!(points.y, points.target);
    let frame = lab.frame().unwrap();
    assert!(frame.surface.is_none() && frame.weights.is_none());
    let curve = frame.curve.unwrap();
    assert_eq!((curve.outputs, curve.x.len(), curve.y.len()), (1, 200, 200));
    assert_eq!([curve.x[0], curve.x[199]], points.x_range);
    let slope = (curve.y[199] - curve.y[0]) / (curve.x[199] - curve.x[0]);
    assert!((slope - 3.0).abs() < 0.2, "{slope}");
    // Along one column, all rows of a neuron's map are the same.
    let maps = frame.neurons.unwrap();
    let map = maps.layers.last().unwrap().as_ref().unwrap();
    assert_eq!(map.values[..4], map.values[12..]);
}

#[test]
fn columns_that_are_no_numbers_or_do_not_exist_give_no_picture() {
    let mut lab = Lab::new();
    lab.file(
        "shop.csv",
        "size,colour,price\n1,red,5\n2,blue,8\n3,red,9\n4,blue,13\n5,red,15\n6,blue,18\n7,red,20\n",
    );
    lab.configure(
        json!([{ "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.01 }), 5),
    );
    for (x, y) in
        [(Some(1), Some(0)), (Some(0), Some(1)), (Some(0), Some(0)), (Some(9), None), (None, Some(0))]
    {
        let view = View { x, y, surface: 10, neurons: 4, weights: false, sample: Some(3), target: None };
        look(&mut lab, view);
        assert!(lab.frame().unwrap().surface.is_none(), "{x:?} {y:?}");
    }
    assert!(look(&mut lab, View::default()).is_none());
}

#[test]
fn of_many_rows_two_thousand_are_drawn_always_the_same() {
    let mut lab = Lab::new();
    moons(&mut lab, 5000);
    let view = View { x: Some(0), y: Some(1), ..View::default() };
    let points = look(&mut lab, view).unwrap();
    assert_eq!(points.x.len(), 2000);
    assert_eq!(look(&mut lab, view).unwrap(), points);
    let train = points.part.iter().filter(|part| **part == 0).count();
    assert!((1150..1450).contains(&train), "65 % of them are train rows: {train}");
}

#[test]
fn a_large_network_gets_coarser_pictures_not_slower_training() {
    let mut lab = Lab::new();
    lab.builtin("moons");
    lab.configure(
        json!([
            { "type": "dense", "units": 1024, "activation": "relu" },
            { "type": "dense", "units": 256, "activation": "relu" },
            { "type": "dense", "units": 1, "activation": "sigmoid" },
        ]),
        training("binary_crossentropy", json!({ "type": "sgd", "learning_rate": 0.01 }), 1),
    );
    look(&mut lab, View { x: Some(0), y: Some(1), surface: 200, ..View::default() });
    let size = lab.frame().unwrap().surface.unwrap().size;
    assert!((10..40).contains(&size), "{size}");
}
