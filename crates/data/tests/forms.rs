//! Tables whose rows are pictures or sequences: found, encoded, changed back into plain columns.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use tabgrad_data::report::{ColumnType, FeatureKind, Role, TableChange};
use tabgrad_data::{Encoding, Form, Limits, Table, TableReader};

fn read(text: &str) -> Table {
    let mut reader = TableReader::new("form.csv", Some(text.len() as u64), Limits::default());
    reader.push(text.as_bytes()).unwrap();
    reader.finish().unwrap()
}

/// 4 x 4 pixels of which the first is always 0 and the last 0 to 8, and a label.
fn pictures() -> Table {
    let mut text: String = (0..16).map(|i| format!("pixel_{}_{},", i / 4, i % 4)).collect();
    text.push_str("digit\n");
    for row in 0..30 {
        let pixels: String =
            (0..16).map(|i| format!("{},", if i == 15 { row % 9 } else { i * row % 5 })).collect();
        text.push_str(&format!("{pixels}{}\n", ["a", "b", "c"][row % 3]));
    }
    read(&text)
}

#[test]
fn pixels_are_one_picture_with_one_ruler() {
    let table = pictures();
    let form = Form::Image { height: 4, width: 4, channels: 1 };
    assert_eq!((table.form(), table.report().form), (Some(form), Some(form)));
    // Always black, and yet there.
    assert_eq!(table.column_kind(0), Some((ColumnType::Number, Role::Feature)));
    let encoding = Encoding::fit(&table, &[0, 1, 2]).unwrap();
    encoding.check().unwrap();
    assert_eq!(encoding.input_shape(), [4, 4, 1]);
    let (x, _) = encoding.encode(&table, &[8]).unwrap();
    assert_eq!((x[[0, 0]], x[[0, 15]], x[[0, 3]]), (0.0, 1.0, 24.0 % 5.0 / 8.0));
    let (again, issues) = encoding.encode_raw(&vec![Some("8"); 17]);
    assert_eq!((again, issues.len()), (vec![1.0; 16], 0));
}

#[test]
fn a_picture_without_one_of_its_pixels_is_a_plain_table() {
    let mut table = pictures();
    table.change(&TableChange { ignored: Some(vec![5]), ..TableChange::default() }).unwrap();
    assert_eq!(table.form(), None);
    assert_eq!(table.column_kind(0), Some((ColumnType::Constant, Role::Ignored)));
    table.change(&TableChange { ignored: Some(vec![]), ..TableChange::default() }).unwrap();
    assert!(table.form().is_some());
}

#[test]
fn another_feature_beside_the_pixels_makes_a_plain_table() {
    let text = "pixel1,pixel2,pixel3,pixel4,pixel5,pixel6,pixel7,pixel8,pixel9,pixel10,pixel11,pixel12,pixel13,pixel14,\
        pixel15,pixel16,height,label\n"
        .to_owned()
        + &(0..20).map(|i| format!("{}{},{}\n", "1,2,3,4,".repeat(4), i * 7 % 11, ["x", "y"][i % 2])).collect::<String>();
    assert_eq!(read(&text).form(), None);
}

#[test]
fn tokens_are_numbers_of_one_vocabulary() {
    let rows = ["b,a,c,yes", "c,,a,no", "a,b,b,yes", "c,c,a,no"];
    let text = format!("token_0,token_1,token_2,answer\n{}\n", [rows.join("\n"), rows.join("\n")].join("\n"));
    let table = read(&text);
    assert_eq!(table.form(), Some(Form::Tokens { length: 3, vocabulary: 4 }));
    let encoding = Encoding::fit(&table, &[0]).unwrap();
    assert_eq!(encoding.input_shape(), [3]);
    assert!(encoding.features().iter().all(|feature| feature.kind == FeatureKind::Token));
    let (x, _) = encoding.encode(&table, &[0, 1]).unwrap();
    assert_eq!(x.into_raw_vec_and_offset().0, [2.0, 1.0, 3.0, 3.0, 0.0, 1.0]);
    assert_eq!(encoding.words(&[2.0, 0.0, 9.0]), ["b", "", ""]);
    let (x, issues) = encoding.encode_raw(&[Some("a"), Some("z"), None, None]);
    assert_eq!(x, [1.0, 0.0, 0.0]);
    assert_eq!(issues, ["token_1: \"z\" is not in the vocabulary; taken as nothing"]);
}

#[test]
fn an_encoding_of_another_size_than_its_picture_is_refused() {
    let table = pictures();
    let mut encoding = Encoding::fit(&table, &[0, 1, 2]).unwrap();
    encoding.form = Some(Form::Image { height: 5, width: 4, channels: 1 });
    assert!(encoding.check().is_err());
}
