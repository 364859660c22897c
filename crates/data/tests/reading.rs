//! Files as people have them, into tables.

mod common;

use common::{read, read_in_pieces};
use tabgrad_data::report::{ColumnType, Issue, Role, Severity, TableChange, Task};
use tabgrad_data::{Limits, Table, TableReader, TableReport};

fn report(text: &str) -> TableReport {
    read(text).unwrap_or_else(|error| panic!("{error}\n{text}")).report()
}

fn names(report: &TableReport) -> Vec<&str> {
    report.columns.iter().map(|column| column.name.as_str()).collect()
}

fn warnings(report: &TableReport) -> Vec<&Issue> {
    report.issues.iter().filter(|issue| issue.severity == Severity::Warning).collect()
}

const PEOPLE: &str = "name,age,city,born,likes\n\
    Ann,31,Bonn,1990-05-01,yes\n\
    Bob,28,Paris,1993-07-12,no\n\
    Cem,,Bonn,1987-01-30,yes\n\
    Dee,45,Rome,1976-11-03,no\n\
    Eva,39,Paris,,yes\n";

#[test]
fn a_small_table_of_everything() {
    let report = report(PEOPLE);
    assert_eq!(names(&report), ["name", "age", "city", "born", "likes"]);
    let kinds: Vec<_> = report.columns.iter().map(|c| (c.r#type, c.role)).collect();
    assert_eq!(
        kinds,
        [
            (ColumnType::Id, Role::Ignored),
            (ColumnType::Number, Role::Feature),
            (ColumnType::Category, Role::Feature),
            (ColumnType::Date, Role::Feature),
            (ColumnType::Category, Role::Target),
        ]
    );
    assert_eq!((report.task, report.classes.join(" ")), (Task::Binary, "no yes".to_owned()));
    assert_eq!((report.rows, report.target, report.has_header), (5, 4, Some(true)));
    let age = &report.columns[1];
    assert_eq!(
        (age.missing, age.distinct, age.min, age.max, age.mean),
        (1, 4, Some(28.0), Some(45.0), Some(35.75))
    );
    assert_eq!(report.sample[2], ["Cem", "", "Bonn", "1987-01-30", "yes"]);
    assert!(report.issues.is_empty(), "{:?}", report.issues);
}

#[test]
fn pieces_of_any_size_give_the_same_table() {
    let whole = read(PEOPLE).expect("it is a table").report();
    for piece in 1..40 {
        let table =
            read_in_pieces("data.csv", PEOPLE.as_bytes(), piece, Limits::default()).expect("it is a table");
        assert_eq!(table.report(), whole, "pieces of {piece}");
    }
}

#[test]
fn every_dialect_and_encoding_gives_the_same_values() {
    let plain = "größe,wert,art\n1.5,10,a\n2.5,20,b\n3.5,30,a\n4.5,40,b\n";
    let expected = report(plain);
    let semicolon = plain.replace(',', ";").replace('.', ",");
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = plain.chars().map(|c| c as u8).collect();
    for (file, what) in [
        (semicolon.clone().into_bytes(), "semicolons and decimal commas"),
        (format!("sep=;\r\n{}", semicolon.replace('\n', "\r\n")).into_bytes(), "as Excel writes it"),
        (plain.replace(',', "\t").into_bytes(), "tabs"),
        (plain.replace(',', "|").into_bytes(), "bars"),
        (plain.replace('\n', "\r").into_bytes(), "carriage returns"),
        (format!("\u{FEFF}{plain}").into_bytes(), "a byte order mark"),
        (utf16, "UTF-16"),
        (latin, "Latin-1"),
    ] {
        let table = read_in_pieces("data.csv", &file, 7, Limits::default()).expect(what);
        let found = table.report();
        assert_eq!(names(&found), names(&expected), "{what}");
        assert_eq!(found.classes, expected.classes, "{what}");
        for (a, b) in found.columns.iter().zip(&expected.columns) {
            assert_eq!((a.mean, a.std, a.r#type), (b.mean, b.std, b.r#type), "{what}, {}", a.name);
        }
    }
}

#[test]
fn an_encoding_that_is_not_utf_8_is_told() {
    let table =
        read_in_pieces("data.csv", b"gr\xF6\xDFe,y\n1,2\n2,4\n", 64, Limits::default()).expect("a table");
    let report = table.report();
    assert_eq!((report.encoding.as_deref(), report.issues.len()), (Some("Windows-1252"), 1));
    assert_eq!(names(&report)[0], "größe");
}

#[test]
fn ragged_rows_are_mended_and_told() {
    let report = report("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10\n11,12,13,\n14,15,16\n");
    assert_eq!(report.rows, 6);
    let told = warnings(&report);
    assert_eq!((told[0].line, told[0].count), (Some(3), Some(2)), "{}", told[0].message);
    assert!(told[0].message.contains("lines 3, 5"), "{}", told[0].message);
    assert_eq!((told[1].line, told[1].count), (Some(4), Some(1)), "{}", told[1].message);
    assert_eq!(report.columns[2].missing, 2);
    assert_eq!(report.sample[2], ["6", "7", "8"]);
}

#[test]
fn a_quote_that_is_never_closed_loses_no_row() {
    let report = report("a,b\n1,2\n\"3,4\n5,6\n7,8\n");
    assert_eq!(report.rows, 4);
    let told = warnings(&report);
    assert!(told.iter().any(|issue| issue.line == Some(3) && issue.message.contains("quote")), "{told:?}");
}

#[test]
fn names_missing_and_repeated() {
    let found = report("x,x,,y\n1,2,3,4\n2,3,4,6\n3,4,5,7\n");
    assert_eq!(names(&found), ["x", "x (2)", "column 3", "y"]);
    assert_eq!(found.issues.len(), 2);
    let without = report("1,2.5\n2,3.5\n3,4.5\n");
    assert_eq!((names(&without), without.has_header), (vec!["column 1", "column 2"], Some(false)));
    assert_eq!(without.rows, 3);
}

#[test]
fn row_names_as_r_writes_them() {
    let found =
        report("\"width\",\"kind\"\n\"1\",5.1,\"a\"\n\"2\",4.9,\"b\"\n\"3\",4.7,\"a\"\n\"4\",4.6,\"b\"\n");
    assert_eq!(names(&found), ["column 1", "width", "kind"]);
    assert_eq!((found.columns[0].r#type, found.columns[1].min), (ColumnType::Id, Some(4.6)));
}

#[test]
fn rows_of_nothing_but_delimiters_are_left_out() {
    let found = report("a,b\n1,2\n,\n3,5\n , \n,\n");
    assert_eq!((found.rows, found.issues[0].count), (2, Some(3)));
}

#[test]
fn titles_and_comments_above_the_table_are_left_out() {
    let found = report("# made by a program\n\nSales,,\na,b,c\n1,2,3\n2,3,5\n3,1,7\n");
    assert_eq!((names(&found), found.rows), (vec!["a", "b", "c"], 3));
    assert_eq!(
        (found.issues[0].line, found.issues[0].count),
        (Some(1), Some(2)),
        "{}",
        found.issues[0].message
    );
}

#[test]
fn words_for_nothing_and_infinity_are_missing() {
    let found = report(
        "a,y\n1,1.5\nNaN,2.5\ninf,3.5\n-Infinity,4.5\nNA,5.5\n#DIV/0!,6.5\n7,7.5\n1e999,3.25\n2,1\n3,2\n4,3\n",
    );
    let a = &found.columns[0];
    assert_eq!((a.r#type, a.missing, a.max), (ColumnType::Number, 6, Some(7.0)));
    let told = warnings(&found).into_iter().find(|issue| issue.message.contains("the first is \"NaN\""));
    assert_eq!(told.map(|issue| (issue.line, issue.count)), Some((Some(3), Some(3))));
    assert!(warnings(&found).iter().any(|issue| issue.line == Some(9) && issue.message.contains("1e999")));
}

#[test]
fn odd_cells_in_a_column_of_numbers_are_told_with_their_line() {
    let mut text = "x,y\n".to_owned();
    (0..30).for_each(|i| text.push_str(&format!("{i}.5,{}\n", i * 2)));
    text.push_str("about 7,14\n");
    let found = report(&text);
    assert_eq!(found.columns[0].r#type, ColumnType::Number);
    let told = warnings(&found);
    assert_eq!((told[0].line, told[0].column.as_deref()), (Some(32), Some("x")), "{}", told[0].message);
}

#[test]
fn repeated_rows_are_counted_and_can_be_left_out() {
    let mut table = read("x,y\n1,2.5\n2,3\n1,2.5\n3,4\n1,2.5\n").expect("a table");
    assert_eq!(table.report().issues[0].count, Some(2));
    table
        .change(&TableChange { drop_duplicates: Some(true), ..TableChange::default() })
        .expect("rows are left");
    assert_eq!((table.rows(), table.report().columns[0].mean), (3, Some(2.0)));
    table.change(&TableChange { drop_duplicates: Some(false), ..TableChange::default() }).expect("as before");
    assert_eq!(table.rows(), 5);
}

#[test]
fn the_last_column_that_can_be_predicted_is_the_target() {
    let found = report("x,y,empty,code\n1,2.5,,k1\n2,3,,k2\n3,4,,k3\n4,7,,k4\n");
    assert_eq!((found.target, found.task), (1, Task::Regression));
    let told = warnings(&found);
    assert_eq!(told[0].column.as_deref(), Some("code"), "{}", told[0].message);
}

#[test]
fn whole_numbers_as_classes_can_be_made_numbers() {
    let rows: String = (0..30).map(|i| format!("{}.5,{}\n", i, i % 3)).collect();
    let mut table = read(&format!("x,kind\n{rows}")).expect("a table");
    let found = table.report();
    assert_eq!((found.task, found.classes.join("")), (Task::Multiclass, "012".to_owned()));
    assert!(found.columns[1].note.as_deref().is_some_and(|note| note.contains("classes")));
    let types = Some([(1, ColumnType::Number)].into());
    table.change(&TableChange { types, ..TableChange::default() }).expect("numbers can be predicted");
    assert_eq!(table.task(), Task::Regression);
}

#[test]
fn rows_without_a_target_are_told() {
    let found = report("x,y\n1,a\n2,b\n3,\n4,a\n5,b\n6,NA\n");
    assert!(warnings(&found).iter().any(|issue| issue.count == Some(2) && issue.message.contains("target")));
}

#[test]
fn a_table_of_two_columns_keeps_its_row_numbers() {
    let found = report("nr,height\n1,2.5\n2,3.5\n3,5\n4,6\n");
    assert_eq!(found.columns[0].role, Role::Feature);
}

#[test]
fn ten_thousand_columns_work() {
    let columns = 10_000;
    let mut text = (0..columns).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    for row in 0..8 {
        text.push('\n');
        text.push_str(
            &(0..columns).map(|i| ((i * 7 + row * 13) % 100).to_string()).collect::<Vec<_>>().join(","),
        );
    }
    let table = read(&text).expect("as many as are allowed");
    assert_eq!((table.columns(), table.rows()), (columns, 8));
    assert_eq!(table.report().sample.len(), 3);
}

#[test]
fn beyond_the_budget_a_sample_is_kept_and_told() {
    let mut text = "x,y\n".to_owned();
    (0..20_000).for_each(|i| text.push_str(&format!("{i},{}\n", i * 2)));
    let limits = Limits { cells: 2000, ..Limits::default() };
    let sample = |piece| read_in_pieces("data.csv", text.as_bytes(), piece, limits).expect("a table");
    let table: Table = sample(1 << 16);
    let found = table.report();
    assert!((700..=1000).contains(&found.rows), "{} rows", found.rows);
    assert!(warnings(&found)[0].message.contains("20000 rows"), "{}", warnings(&found)[0].message);
    assert_eq!(table.line(0), table.cell(0, 0).parse::<u64>().expect("a number") + 2);
    assert_eq!(sample(999).report(), found);
}

#[test]
fn the_line_of_the_first_damaged_byte_is_told_wherever_the_file_is_cut() {
    let mut bytes = Vec::from("sep=,\nname,value\n");
    for row in 0..9000 {
        let name = if row % 2 == 0 { "Zoë" } else { "Max" };
        bytes.extend_from_slice(format!("{name},{row}.5\n").as_bytes());
        if row == 7000 || row == 8000 {
            bytes.extend_from_slice(b"Ann\xFFe,1.5\n");
        }
    }
    let mut early = Vec::from("name,value\nZoë,1\nZoë,2\n".as_bytes());
    early.extend_from_slice(b"B\xFF,3\n");
    (4..12).for_each(|row| early.extend_from_slice(format!("Zoë,{row}\n").as_bytes()));
    for (bytes, line, count) in [(&bytes, 7004, 2), (&early, 4, 1)] {
        for piece in [1, 4096, usize::MAX] {
            let mut reader = TableReader::new("damaged.csv", None, Limits::default());
            bytes.chunks(piece.min(bytes.len())).for_each(|piece| reader.push(piece).expect("a table"));
            let report = reader.finish().expect("a table").report();
            let issue = report
                .issues
                .iter()
                .find(|issue| issue.message.contains("damaged,") || issue.message.contains("is damaged"));
            let issue = issue.unwrap_or_else(|| panic!("nothing is told: {:?}", report.issues));
            assert_eq!((issue.line, issue.count), (Some(line), Some(count)), "pieces of {piece}");
            assert!(issue.message.starts_with(&format!("damaged.csv line {line}: ")), "{}", issue.message);
        }
    }
}
