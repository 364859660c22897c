//! Raw values into numbers and back.

mod common;

use common::read;
use tabgrad_data::report::{FeatureKind, Task};
use tabgrad_data::{BuiltinOptions, Encoding, SplitSpec, Table, split};

const COLOURS: &str = "size,colour,day,price\n\
    1,red,2024-01-01,10\n\
    2,blue,2024-01-02,20\n\
    ,red,2024-01-03,30\n\
    4,,2024-01-04,40\n\
    5,green,2024-01-05,50\n\
    6,blue,2024-01-06,60.5\n";

fn fitted(text: &str) -> (Table, Encoding) {
    let table = read(text).expect("a table");
    let rows: Vec<u32> = (0..table.rows() as u32).collect();
    let encoding = Encoding::fit(&table, &rows).expect("it fits into memory");
    (table, encoding)
}

#[test]
fn features_have_names_and_kinds() {
    let (_, encoding) = fitted(COLOURS);
    let features = encoding.features();
    let names: Vec<&str> = features.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "size",
            "size is missing",
            "colour = blue",
            "colour = red",
            "colour = green",
            "colour is missing",
            "day"
        ]
    );
    assert_eq!(features[1].kind, FeatureKind::MissingFlag);
    assert_eq!((features[6].kind, features[6].column), (FeatureKind::Date, 2));
    assert_eq!((encoding.inputs(), encoding.output_size(), encoding.target.task()), (7, 1, Task::Regression));
    assert_eq!(encoding.check(), Ok(()));
}

#[test]
fn numbers_have_mean_0_and_deviation_1_on_the_training_rows() {
    let table = Table::builtin("iris", &BuiltinOptions::default()).expect("built in");
    let parts = split(&table, &SplitSpec { validation: 0.2, test: 0.2, seed: 3 }).expect("possible shares");
    let encoding = Encoding::fit(&table, &parts.train).expect("it fits");
    let (x, y) = encoding.encode(&table, &parts.train).expect("its own table");
    assert_eq!((x.dim(), y.dim()), ((90, 4), (90, 1)));
    for column in x.columns() {
        let mean = column.iter().map(|&v| f64::from(v)).sum::<f64>() / 90.0;
        let variance = column.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / 90.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{mean} {variance}");
    }
    for class in 0..3 {
        assert_eq!(y.iter().filter(|&&v| v == class as f32).count(), 30);
    }
}

#[test]
fn a_raw_row_becomes_what_its_row_of_the_table_became() {
    let (table, encoding) = fitted(COLOURS);
    let rows: Vec<u32> = (0..table.rows() as u32).collect();
    let (x, y) = encoding.encode(&table, &rows).expect("its own table");
    for row in 0..table.rows() {
        let cells: Vec<Option<&str>> = (0..4).map(|column| Some(table.cell(row, column))).collect();
        let (encoded, issues) = encoding.encode_raw(&cells);
        assert_eq!(x.row(row).to_vec(), encoded);
        assert_eq!(issues, [""; 0]);
        let price: f64 = table.cell(row, 3).parse().expect("a number");
        assert!((encoding.target.raw(y[[row, 0]]) - price).abs() < 1e-5);
    }
}

#[test]
fn what_was_never_seen_is_told() {
    let (_, encoding) = fitted(COLOURS);
    let (x, issues) = encoding.encode_raw(&[Some("900"), Some("mauve"), Some("soon")]);
    assert_eq!(issues.len(), 3, "{issues:?}");
    assert!(issues[0].contains("outside") && issues[1].contains("mauve") && issues[2].contains("not a date"));
    assert_eq!(x[2..], [0.0, 0.0, 0.0, 1.0, 0.0]);
    assert!(x.iter().all(|v| v.is_finite()));
    let (x, issues) = encoding.encode_raw(&[]);
    assert_eq!((x, issues.len()), (vec![0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0], 1));
    let (x, _) = encoding.encode_raw(&[Some("1e30"), None, None]);
    assert!(x.iter().all(|v| v.is_finite()));
}

#[test]
fn rare_labels_share_a_place() {
    let mut text = "word,y\n".to_owned();
    for i in 0..400 {
        // 100 labels, of which the first forty stand often.
        let word = if i % 4 == 0 { 40 + i / 4 % 60 } else { (i + i / 4) % 40 };
        text.push_str(&format!("w{word},{i}.5\n"));
    }
    let (table, encoding) = fitted(&text);
    let features = encoding.features();
    assert_eq!(features.len(), 51);
    assert_eq!(features[50].name, "word is another");
    let rows: Vec<u32> = (0..400).collect();
    let (x, _) = encoding.encode(&table, &rows).expect("its own table");
    assert!(x.rows().into_iter().all(|row| row.sum() == 1.0));
    let (x, issues) = encoding.encode_raw(&[Some("unheard")]);
    assert_eq!((x[50], issues.len()), (1.0, 1));
}

#[test]
fn outputs_become_labels_and_probabilities() {
    let table = Table::builtin("iris", &BuiltinOptions::default()).expect("built in");
    let encoding = Encoding::fit(&table, &(0..150).collect::<Vec<_>>()).expect("it fits");
    let row = encoding.decode(&[0.1, 0.7, 0.2]);
    assert_eq!((row.label.as_deref(), row.probabilities), (Some("versicolor"), Some(vec![0.1, 0.7, 0.2])));
    assert_eq!(encoding.decode(&[f32::NAN, 0.0, 0.0]).issues.len(), 1);
    assert_eq!(encoding.decode(&[0.5]).issues.len(), 1);
    let table = Table::builtin("moons", &BuiltinOptions::default()).expect("built in");
    let encoding = Encoding::fit(&table, &(0..300).collect::<Vec<_>>()).expect("it fits");
    assert_eq!(encoding.target.outputs(), ["lower", "upper"]);
    let row = encoding.decode(&[0.25]);
    assert_eq!((row.label.as_deref(), row.probabilities), (Some("lower"), Some(vec![0.75, 0.25])));
}

#[test]
fn an_encoding_comes_back_from_json_to_the_bit() {
    let (table, encoding) = fitted(COLOURS);
    let json = serde_json::to_string(&encoding).expect("plain data");
    let back: Encoding = serde_json::from_str(&json).expect("what was written");
    assert_eq!(back, encoding);
    let rows: Vec<u32> = (0..table.rows() as u32).collect();
    assert_eq!(back.encode(&table, &rows), encoding.encode(&table, &rows));
}

#[test]
fn a_damaged_encoding_is_noticed() {
    let (_, encoding) = fitted(COLOURS);
    let json = serde_json::to_string(&encoding).expect("plain data");
    for (from, to) in
        [("\"column\":2", "\"column\":99"), ("\"column\":1", "\"column\":0"), ("\"std\":", "\"std\":-")]
    {
        let damaged: Encoding = serde_json::from_str(&json.replacen(from, to, 1)).expect("still an encoding");
        assert!(damaged.check().is_err(), "{from} -> {to}");
    }
}

#[test]
fn another_table_must_have_the_columns() {
    let (_, encoding) = fitted(COLOURS);
    let other = read("price,size,colour,day\n1,2,red,2024-01-01\n2,3,blue,2024-01-02\n9,1,red,2024-02-01\n")
        .expect("a table");
    let (x, _) = encoding.encode(&other, &[0, 1]).expect("columns may stand elsewhere");
    assert_eq!(x[[0, 3]], 1.0);
    let lacking = read("size,price\n1,2\n2,3\n3,5\n").expect("a table");
    assert_eq!(encoding.encode(&lacking, &[0]).expect_err("no colour").code(), "other_table");
}

#[test]
fn plots_go_back_and_forth_between_units() {
    let (_, encoding) = fitted(COLOURS);
    let standardized = encoding.standardize(0, 4.5).expect("a number");
    assert!((encoding.raw(0, standardized).expect("a number") - 4.5).abs() < 1e-6);
    assert_eq!(encoding.input_of(2).map(|(place, _)| place), Some(6));
    assert_eq!(encoding.input_of(1), None);
    assert_eq!(encoding.typical(), [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}
