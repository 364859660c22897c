//! Several targets of one table, numbers and classes mixed.

mod common;

use common::read;
use tabgrad_data::report::{Role, TableChange, Task};
use tabgrad_data::{Encoding, Error, Output, SplitSpec, Table, split};

/// Sizes that colour and price follow from; one row lacks the colour, another the price.
fn houses() -> String {
    let mut text = "size,rooms,colour,price\n".to_owned();
    for i in 0..40 {
        let colour = if i == 7 { "" } else { ["blue", "green", "red"][i % 3] };
        let price = if i == 9 { String::new() } else { format!("{}.5", 100 + 3 * i) };
        text += &format!("{}.25,{},{colour},{price}\n", i, 1 + i % 4);
    }
    text
}

fn with_targets(targets: &[usize]) -> Result<Table, Error> {
    let mut table = read(&houses()).expect("a table");
    table.change(&TableChange { targets: Some(targets.to_vec()), ..TableChange::default() })?;
    Ok(table)
}

#[test]
fn several_targets_are_reported_in_the_order_they_were_chosen_in() {
    let report = with_targets(&[3, 2]).expect("both can be predicted").report();
    assert_eq!((report.target, report.task, report.classes.len()), (3, Task::Regression, 0));
    let targets = report.targets.clone().expect("there are several");
    assert_eq!((targets[0].column, targets[0].task), (3, Task::Regression));
    assert_eq!((targets[1].column, targets[1].task), (2, Task::Multiclass));
    assert_eq!(targets[1].classes, ["blue", "green", "red"]);
    let roles: Vec<Role> = report.columns.iter().map(|column| column.role).collect();
    assert_eq!(roles, [Role::Feature, Role::Feature, Role::Target, Role::Target]);
    // Rows that lack one of them are told of both.
    let told = |name: &str| report.issues.iter().any(|it| it.column.as_deref() == Some(name));
    assert!(told("colour") && told("price"), "{:?}", report.issues);
}

#[test]
fn one_target_is_written_as_before_there_were_several() {
    let table = with_targets(&[3]).expect("it can be predicted");
    let report = table.report();
    assert_eq!(report.targets, None);
    let rows: Vec<u32> = (10..40).collect();
    let encoding = Encoding::fit(&table, &rows).expect("it fits");
    let text = serde_json::to_string(&(report, encoding)).expect("JSON");
    assert!(!text.contains("\"targets\"") && !text.contains("\"further\""));
}

#[test]
fn rows_that_lack_a_target_are_in_no_part_and_classes_keep_their_shares() {
    let table = with_targets(&[3, 2]).expect("both can be predicted");
    let parts = split(&table, &SplitSpec { validation: 0.0, test: 0.25, seed: 3 }).expect("possible shares");
    let mut all = [parts.train.clone(), parts.test.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..40).filter(|row| ![7, 9].contains(row)).collect::<Vec<u32>>());
    for class in ["blue", "green", "red"] {
        let count = parts.test.iter().filter(|&&row| table.cell(row as usize, 2) == class).count();
        assert!((3..=4).contains(&count), "{class}: {count}");
    }
}

#[test]
fn targets_stand_side_by_side_and_are_decoded_each_for_itself() {
    let table = with_targets(&[3, 2]).expect("both can be predicted");
    let parts = split(&table, &SplitSpec { validation: 0.0, test: 0.25, seed: 3 }).expect("possible shares");
    let encoding = Encoding::fit(&table, &parts.train).expect("it fits");
    assert_eq!(encoding.check(), Ok(()));
    assert_eq!((encoding.inputs(), encoding.output_size()), (2, 4));
    let (_, y) = encoding.encode(&table, &parts.test).expect("its own table");
    assert_eq!(y.ncols(), 2);
    for (place, &row) in parts.test.iter().enumerate() {
        let (price, colour) = (table.cell(row as usize, 3), table.cell(row as usize, 2));
        let mut outputs = vec![y[[place, 0]], 0.0, 0.0, 0.0];
        outputs[1 + y[[place, 1]] as usize] = 1.0;
        let said = encoding.decode(&outputs);
        assert!((said.value.expect("a value") - price.parse::<f64>().expect("a number")).abs() < 1e-4);
        let targets = said.targets.expect("there are several");
        assert_eq!((targets[0].value, targets[0].label.as_deref()), (said.value, None));
        assert_eq!(targets[1].label.as_deref(), Some(colour));
        assert_eq!(targets[1].probabilities.as_ref().map(Vec::len), Some(3));
    }
    let unsound = encoding.decode(&[0.0, f32::NAN, 0.0, 0.0]);
    assert_eq!((unsound.targets, unsound.issues.len()), (None, 1));
}

#[test]
fn an_encoding_of_several_targets_is_saved_and_checked() {
    let table = with_targets(&[3, 2]).expect("both can be predicted");
    let encoding = Encoding::fit(&table, &(10..40).collect::<Vec<u32>>()).expect("it fits");
    let text = serde_json::to_string(&encoding).expect("JSON");
    let read: Encoding = serde_json::from_str(&text).expect("its own JSON");
    assert_eq!(read, encoding);
    let mut damaged = read;
    for target in damaged.further.iter_mut().flatten() {
        target.output = Output::Classes { labels: vec!["blue".to_owned()] };
    }
    assert!(matches!(damaged.check(), Err(Error::DamagedEncoding { .. })));
}

#[test]
fn targets_that_are_not_possible_change_nothing() {
    let mut table = read(&houses()).expect("a table");
    let before = table.report();
    for targets in [vec![2, 2], vec![0, 1, 2, 3], vec![9]] {
        let change = TableChange { targets: Some(targets.clone()), ..TableChange::default() };
        table.change(&change).expect_err("not possible");
        assert_eq!(table.report(), before, "{targets:?}");
    }
}

#[test]
fn without_a_target_the_row_itself_is_predicted() {
    let mut table = read(&houses()).expect("a table");
    let none = TableChange { targets: Some(vec![]), ignored: Some(vec![3]), ..TableChange::default() };
    table.change(&none).expect("there are columns to learn from");
    let report = table.report();
    assert_eq!((report.task, report.target, report.classes.len()), (Task::Reconstruction, 4, 0));
    assert_eq!((report.target_columns(), report.ahead), (vec![], None));
    let parts = split(&table, &SplitSpec { validation: 0.0, test: 0.25, seed: 3 }).expect("possible shares");
    assert_eq!(parts.train.len() + parts.test.len(), 40, "no row lacks a target");
    let encoding = Encoding::fit(&table, &(0..40).collect::<Vec<u32>>()).expect("it fits");
    assert_eq!(encoding.check(), Ok(()));
    // size, rooms, three colours and a flag for a missing one.
    assert_eq!((encoding.inputs(), encoding.output_size(), encoding.target.columns()), (6, 6, 6));
    let (x, y) = encoding.encode(&table, &[12]).expect("its own table");
    assert_eq!(x, y);
    let row = x.row(0).to_vec();
    let said = encoding.decode(&row).inputs.expect("every column");
    assert_eq!(said.len(), 3);
    let cell = |column| table.cell(12, column);
    assert!((said[0].value.expect("a number") - cell(0).parse::<f64>().expect("a number")).abs() < 1e-4);
    assert_eq!(said[2].label.as_deref(), Some(cell(2)));
    assert_eq!(encoding.row_error(&row, &row), Some(0.0));
    let mut off = row.clone();
    off[0] += 3.0;
    assert!((encoding.row_error(&row, &off).expect("finite") - 1.5).abs() < 1e-5);
    let damaged = Encoding {
        target: tabgrad_data::TargetCode {
            output: Output::Row { size: 5, labels: None, ahead: None },
            ..encoding.target.clone()
        },
        ..encoding
    };
    assert!(matches!(damaged.check(), Err(Error::DamagedEncoding { .. })));
    let ahead = TableChange { ahead: Some(1), ..none };
    assert!(matches!(table.change(&ahead), Err(Error::Argument { path: "change.ahead", .. })));
}

#[test]
fn of_a_sequence_the_label_of_every_step_is_predicted_or_that_of_a_later_one() {
    let mut text = "token_0,token_1,token_2,kind\n".to_owned();
    for i in 0..20 {
        text += &format!("{},{},{},{}\n", ["a", "b"][i % 2], ["b", "c"][i % 2], ["c", ""][i % 2], i % 2);
    }
    let mut table = read(&text).expect("a table");
    let change = |ahead| TableChange {
        targets: Some(vec![]),
        ignored: Some(vec![3]),
        ahead,
        ..TableChange::default()
    };
    for (ahead, first) in [(None, [1.0, 2.0, 3.0]), (Some(1), [2.0, 3.0, 0.0]), (Some(2), [3.0, 0.0, 0.0])] {
        table.change(&change(ahead)).expect("a sequence");
        let report = table.report();
        assert_eq!((report.task, report.ahead), (Task::Sequence, Some(ahead.unwrap_or(0))));
        let encoding = Encoding::fit(&table, &[0, 1, 2, 3]).expect("it fits");
        assert_eq!(encoding.check(), Ok(()));
        // Three labels and none, at each of three steps.
        assert_eq!((encoding.target.columns(), encoding.output_size()), (3, 12));
        let (x, y) = encoding.encode(&table, &[0]).expect("its own table");
        assert_eq!((x.row(0).to_vec(), y.row(0).to_vec()), (vec![1.0, 2.0, 3.0], first.to_vec()));
        let mut output = vec![0.0; 12];
        first.iter().enumerate().for_each(|(step, label)| output[4 * step + *label as usize] = 1.0);
        let said = encoding.decode(&output).inputs.expect("every step");
        let labels: Vec<&str> = said.iter().filter_map(|it| it.label.as_deref()).collect();
        assert_eq!(labels, first.map(|label| ["", "a", "b", "c"][label as usize]));
        assert_eq!(encoding.row_error(&[1.0, 2.0, 3.0], &output), Some(0.0));
        let wrong = encoding.row_error(&[1.0, 2.0, 1.0], &output).expect("finite");
        assert!((wrong - 1.0 / 3.0).abs() < 1e-9, "{wrong}");
    }
    table.change(&change(Some(3))).expect_err("as many steps as there are");
}
