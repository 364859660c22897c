//! A table so large that what its columns mean is found out in several calls.

use std::fmt::Write;
use tabgrad_session::Session;
use tabgrad_session::protocol::{Event, ProgressOf};

const ROWS: usize = 300_000;

/// A session that has got all rows of `a,b,c`.
fn full() -> Session {
    let mut text = String::from("a,b,c\n");
    for row in 0..ROWS {
        let _ = writeln!(text, "{}.{},{},{}", row % 977, row % 10, row % 7, ["x", "y"][row % 2]);
    }
    let mut session = Session::new(tabgrad_kernels::par::Pool::single());
    session.begin_file("large.csv", Some(text.len() as u64));
    session.push_file(text.as_bytes());
    session
}

#[test]
fn the_columns_of_a_large_table_are_looked_at_in_turns() {
    let mut session = full();
    let mut last = 0;
    for call in 0.. {
        match &session.finish_file()[..] {
            [Event::Progress { what: ProgressOf::Columns, done, total: Some(6), rows: None }] => {
                assert!((last + 1..6).contains(done), "call {call}: {done} after {last}");
                last = *done;
            }
            [Event::Table { report }] => {
                assert!(call > 1, "in one go");
                assert_eq!((report.rows, report.classes.len()), (ROWS as u64, 2));
                assert_eq!(report.columns[0].distinct, 9770);
                return;
            }
            other => panic!("call {call}: {other:?}"),
        }
    }
}

#[test]
fn it_can_be_left_off_in_between() {
    let mut session = full();
    session.finish_file();
    session.cancel_file();
    assert!(matches!(&session.finish_file()[..], [Event::Failed { .. }]), "there is no file any more");
}
