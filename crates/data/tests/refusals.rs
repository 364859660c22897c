//! Files and choices that are refused: the sentence names file, line or column, and what to do.

mod common;

use common::{read, read_in_pieces};
use tabgrad_data::report::{ColumnType, TableChange};
use tabgrad_data::{Error, Limits, Table};

fn refused(bytes: &[u8]) -> Error {
    read_in_pieces("data.csv", bytes, 1000, Limits::default()).expect_err("it must be refused")
}

fn check(error: &Error, code: &str, path: &str) {
    assert_eq!((error.code(), error.path().as_deref()), (code, Some(path)), "{error}");
    assert!(error.to_string().contains("data.csv"), "{error}");
}

#[test]
fn files_without_rows() {
    for nothing in ["", "\n\n", "\u{FEFF}", "sep=;\n", "\n \n\n", ",,\n,,\n"] {
        check(&refused(nothing.as_bytes()), "empty_file", "data.csv");
    }
    check(&refused(b"a,b,c\n"), "header_only", "data.csv");
    check(&refused(b"a,b,c"), "header_only", "data.csv");
    check(&refused(b"a,b\n,\n,\n"), "header_only", "data.csv");
}

#[test]
fn files_that_are_no_tables() {
    check(&refused(b"\x89PNG\r\n\x1A\n1234"), "not_text", "data.csv");
    check(&refused(b"PK\x03\x04xl/worksheets"), "not_text", "data.csv");
    check(&refused(b"a,b\n1,\x00\x01\x02\n"), "not_text", "data.csv");
    let noise: Vec<u8> = (0..5000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    check(&refused(&noise), "not_text", "data.csv");
}

#[test]
fn too_many_columns_and_lines_without_end() {
    let header = vec!["c"; 10_001].join(",");
    check(&refused(format!("{header}\n").as_bytes()), "too_many_columns", "data.csv line 1");
    let endless = "1,".repeat(3 << 20);
    assert_eq!(refused(format!("a,b\n{endless}").as_bytes()).code(), "line_too_long");
}

#[test]
fn tables_that_nothing_can_be_learned_from() {
    check(&refused(b"a,b\n1,2\n1,2\n1,2\n"), "no_target", "data.csv");
    check(&refused(b"a,b\nx,\nx,\n"), "no_target", "data.csv");
    let error = refused(b"a,b\n1,x\n");
    check(&error, "no_target", "data.csv");
    assert!(error.to_string().contains("only one row"), "{error}");
    check(&refused(b"y\n1.5\n2\n7\n"), "no_feature", "data.csv, column \"y\"");
    check(&refused(b"key,y\na1,1\nb2,2\nc3,3\nd4,4\n"), "no_feature", "data.csv, column \"y\"");
}

fn table() -> Table {
    let mut text = "x,const,empty,one,many,code,when,y\n".to_owned();
    for i in 0..40 {
        text.push_str(&format!("{i}.5,7,,same,v{},k{i},2024-01-{:02},{}\n", i % 30, i % 28 + 1, i * 2));
    }
    read(&text).expect("a table")
}

fn target(column: usize) -> TableChange {
    TableChange { target: Some(column), ..TableChange::default() }
}

#[test]
fn targets_that_cannot_be_predicted() {
    let mut table = table();
    let before = table.report();
    for (column, name, code) in [
        (1, "const", "target_constant"),
        (2, "empty", "target_all_missing"),
        (3, "one", "target_one_class"),
        (4, "many", "target_too_many_classes"),
        (5, "code", "target_too_many_classes"),
        (6, "when", "target_type"),
    ] {
        let error = table.change(&target(column)).expect_err(name);
        check(&error, code, &format!("data.csv, column \"{name}\""));
        assert_eq!(table.report(), before, "nothing has changed");
    }
    table.change(&target(0)).expect("numbers can be predicted");
    assert_eq!(table.target(), 0);
}

#[test]
fn changes_that_cannot_be_made() {
    let mut table = table();
    let before = table.report();
    check(&table.change(&target(8)).expect_err("no such column"), "no_such_column", "data.csv");
    let types = |column, kind| TableChange { types: Some([(column, kind)].into()), ..TableChange::default() };
    let error = table.change(&types(3, ColumnType::Number)).expect_err("no numbers");
    check(&error, "column_type", "data.csv line 2, column \"one\"");
    let error = table.change(&types(0, ColumnType::Date)).expect_err("no dates");
    check(&error, "column_type", "data.csv line 2, column \"x\"");
    let all = TableChange { ignored: Some((0..7).collect()), ..TableChange::default() };
    check(&table.change(&all).expect_err("nothing is left"), "no_feature", "data.csv, column \"y\"");
    assert_eq!(table.report(), before);
    let forced = table.change(&TableChange { target: Some(5), ..types(5, ColumnType::Category) });
    check(&forced.expect_err("a class per row"), "target_too_many_classes", "data.csv, column \"code\"");
}
