//! A column that says how much each row counts: what it may hold, what becomes of rows without a weight, and that it is no input.

mod common;

use common::read;
use tabgrad_data::report::{ColumnType, Role, TableChange};
use tabgrad_data::{Encoding, Error, SplitSpec, Table, split};

const SPLIT: SplitSpec = SplitSpec { validation: 0.2, test: 0.2, seed: 3 };

/// Twenty rows of `size`, `times`, `note` and `kind`, with these cells of `times` in the last lines.
fn table(last: &[&str]) -> Table {
    let mut text = "size,times,note,kind\n".to_owned();
    for row in 0..20 {
        let times = match (row + last.len()).checked_sub(20) {
            Some(at) => last[at].to_owned(),
            None => format!("{}", row % 3 + 1),
        };
        text.push_str(&format!("{}.5,{times},n{},{}\n", row * 3 % 17, row % 4, ["a", "b"][row % 2]));
    }
    read(&text).expect("a table")
}

fn weight(column: usize) -> TableChange {
    TableChange { weight: Some(Some(column)), ..TableChange::default() }
}

fn refused(mut table: Table, change: &TableChange) -> Error {
    let before = table.report();
    let error = table.change(change).expect_err("it is refused");
    assert_eq!(table.report(), before, "nothing has changed");
    error
}

#[test]
fn a_column_of_weights_is_no_input_and_weighs_its_rows() {
    let mut table = table(&["0", "2.5"]);
    table.change(&weight(1)).expect("they are weights");
    let report = table.report();
    assert_eq!((report.columns[1].role, report.columns[1].r#type), (Role::Weight, ColumnType::Number));
    assert_eq!((table.weight(), report.target), (Some(1), 3));

    let parts = split(&table, &SPLIT).expect("a split");
    let encoding = Encoding::fit(&table, &parts.train).expect("an encoding");
    encoding.check().expect("a sound one");
    assert!(encoding.features().iter().all(|feature| feature.column != 1), "{:?}", encoding.features());
    let rows: Vec<u32> = (0..20).collect();
    let weights = encoding.encode_weights(&table, &rows).expect("weights").expect("there is a column");
    assert_eq!(weights.as_slice().map(|all| &all[..3]), Some(&[1.0, 2.0, 3.0][..]));
    assert_eq!(weights.as_slice().map(|all| &all[18..]), Some(&[0.0, 2.5][..]));

    // As it stands in a file, and in those from before there were weights.
    let json = serde_json::to_value(&encoding).expect("it is written");
    assert_eq!(serde_json::from_value::<Encoding>(json.clone()).expect("it is read"), encoding);
    let mut plain = json;
    plain.as_object_mut().expect("an object").remove("weight");
    let plain: Encoding = serde_json::from_value(plain).expect("it is read");
    assert_eq!(plain.encode_weights(&table, &rows).expect("none"), None);
    let both = Encoding {
        weight: encoding.weight.map(|code| tabgrad_data::WeightCode { column: 0, ..code }),
        ..plain
    };
    assert_eq!(both.check().expect_err("a feature too").code(), "damaged_encoding");
}

#[test]
fn rows_without_a_weight_are_in_no_part_and_are_told() {
    let mut table = table(&["", "NA"]);
    let issues = table.report().issues.len();
    table.change(&weight(1)).expect("they are weights");
    let parts = split(&table, &SPLIT).expect("a split");
    assert_eq!(parts.train.len() + parts.validation.len() + parts.test.len(), 18);
    assert!([&parts.train, &parts.validation, &parts.test].iter().all(|part| !part.contains(&18)));
    let report = table.report();
    assert_eq!(report.issues.len(), issues + 1, "{:?}", report.issues);
    let issue = report.issues.last().expect("there is one");
    assert_eq!((issue.line, issue.column.as_deref(), issue.count), (Some(20), Some("times"), Some(2)));
    assert!(issue.message.contains("no weight") && issue.message.contains("left out"), "{}", issue.message);
}

#[test]
fn what_is_no_weight_is_refused_by_file_line_and_column() {
    for cell in ["-1", "heavy", "inf", "1e12"] {
        let error = refused(table(&[cell, "1"]), &weight(1));
        let path = error.path().expect("a place");
        assert_eq!((error.code(), &*path), ("row_weight", "data.csv line 20, column \"times\""));
        assert_eq!(error.found().as_deref(), Some(cell));
        assert!(error.to_string().contains("a number from 0 to"), "{error}");
    }
    let text = refused(table(&[]), &weight(2));
    assert_eq!(text.path().as_deref(), Some("data.csv line 2, column \"note\""), "{text}");
    assert_eq!(refused(table(&["0"; 20]), &weight(1)).code(), "no_row_weight");
    assert_eq!(refused(table(&[""; 20]), &weight(1)).code(), "no_row_weight");
    assert_eq!(refused(table(&[]), &weight(3)).code(), "target_as_weight");
    assert_eq!(refused(table(&[]), &weight(9)).code(), "no_such_column");
    let mut plain = read("size,kind\n1,a\n2,b\n3.5,a\n4,b\n").expect("a table");
    assert_eq!(plain.change(&weight(0)).expect_err("no feature is left").code(), "no_feature");
}

#[test]
fn a_weight_is_taken_back_by_itself_or_by_what_else_the_column_becomes() {
    let roles = |table: &Table| table.report().columns.iter().map(|it| it.role).collect::<Vec<_>>();
    let found = roles(&table(&[]));
    let weighted = || {
        let mut table = table(&[]);
        table.change(&weight(1)).expect("they are weights");
        table
    };
    let mut back = weighted();
    back.change(&TableChange { weight: Some(None), ..TableChange::default() }).expect("it may be taken back");
    assert_eq!(roles(&back), found);
    let mut stays = weighted();
    stays.change(&TableChange { ignored: Some(vec![2]), ..TableChange::default() }).expect("another column");
    assert_eq!(stays.weight(), Some(1));
    let mut out = weighted();
    out.change(&TableChange { ignored: Some(vec![1]), ..TableChange::default() }).expect("left out");
    assert_eq!((out.weight(), roles(&out)[1]), (None, Role::Ignored));
    out.change(&weight(1)).expect("it comes back as the weight");
    assert_eq!(roles(&out)[1], Role::Weight);
    let mut target = weighted();
    target.change(&TableChange { target: Some(1), ..TableChange::default() }).expect("it can be predicted");
    assert_eq!((target.weight(), target.target()), (None, 1));
}

#[test]
fn pictures_stay_pictures_beside_a_weight() {
    let names: Vec<String> = (0..16).map(|pixel| format!("pixel{pixel}")).collect();
    let mut text = format!("{},times,label\n", names.join(","));
    for row in 0..12 {
        let pixels: Vec<String> = (0..16).map(|pixel| ((row * 7 + pixel * 3) % 16).to_string()).collect();
        text.push_str(&format!("{},0.{},{}\n", pixels.join(","), row + 1, ["a", "b"][row % 2]));
    }
    let mut table = read(&text).expect("a table");
    assert_eq!(table.form(), None, "a feature besides");
    table.change(&weight(16)).expect("they are weights");
    assert!(table.form().is_some(), "nothing but pixels enters");
}
