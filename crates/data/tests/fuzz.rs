//! Files that nobody would write: none may panic, hang, or give anything that is not finite.
//!
//! Seeded and small, so that a failure comes again; a failing file is printed with the seed it came from.

mod common;

use common::read_in_pieces;
use tabgrad_data::report::{ColumnType, TableChange};
use tabgrad_data::{Encoding, Limits, SplitSpec, Table, split};
use tabgrad_kernels::rng::{Purpose, Stream};

/// Random numbers one after the other.
struct Dice {
    stream: Stream,
    at: u64,
}

impl Dice {
    fn new(seed: u64) -> Self {
        Self { stream: Stream::new(seed, Purpose::Synthetic, 77), at: 0 }
    }

    fn below(&mut self, n: usize) -> usize {
        self.at += 1;
        self.stream.bits(self.at) as usize % n
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

const CELLS: [&str; 44] = [
    "1",
    "2",
    "-3.5",
    "1e301",
    "-1e301",
    "1e-320",
    "1e999",
    "0",
    "7,5",
    "1.234,5",
    "1,234.5",
    "12%",
    "nan",
    "inf",
    "-inf",
    "",
    " ",
    "NA",
    "?",
    "a",
    "b",
    "ä",
    "😀",
    "\"",
    "\"\"",
    "\"a\"",
    "\"a,b\"",
    "\"a\nb\"",
    "x\"y",
    "2024-01-31",
    "31.12.1999",
    "12/31/2020",
    "2024-02-30T25:00",
    "0001-01-01",
    "9999-12-31",
    "\u{FEFF}",
    "\u{0}",
    "'",
    "'q'",
    "\t",
    "--1",
    "99999999999999999999999999",
    "\u{2212}4",
    "yes",
];

/// Rows of cells from the list, with odd delimiters, line ends and lengths.
fn odd_table(dice: &mut Dice) -> Vec<u8> {
    let delimiter = dice.pick(&[",", ";", "\t", "|"]);
    let line_end = dice.pick(&["\n", "\r\n", "\r", "\n\n"]);
    let (columns, rows) = (1 + dice.below(6), dice.below(40));
    let mut text = String::new();
    if dice.below(2) == 0 {
        text.push_str(&(0..columns).map(|i| ["x", "y", "", "id"][i % 4]).collect::<Vec<_>>().join(delimiter));
        text.push_str(line_end);
    }
    for row in 0..rows {
        let columns = if dice.below(8) == 0 { dice.below(9) } else { columns };
        for column in 0..columns {
            if column > 0 {
                text.push_str(delimiter);
            }
            // Columns that are mostly plain, so that many of the tables can be learned.
            match (dice.below(4), column % 3) {
                (0, _) => text.push_str(dice.pick(&CELLS)),
                (_, 0) => text.push_str(&format!("{}.5", row * 7 % 11)),
                (_, 1) => text.push_str(["a", "b", "c"][row % 3]),
                _ => text.push_str(&row.to_string()),
            }
        }
        text.push_str(line_end);
    }
    match dice.below(4) {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => text.chars().map(|c| if u32::from(c) < 256 { c as u8 } else { b'?' }).collect(),
        _ => text.into_bytes(),
    }
}

/// Reads, changes, splits and encodes; everything that comes out must be finite.
fn exercise(bytes: &[u8], dice: &mut Dice) -> bool {
    let limits = Limits { cells: 400, text_bytes: 4000, line_bytes: 300, columns: 12, seed: 1 };
    let pieces = [1, 3, 64, 1 << 20];
    let tables: Vec<_> =
        pieces.iter().map(|&piece| read_in_pieces("data.csv", bytes, piece, limits)).collect();
    let reports: Vec<_> = tables.iter().map(|t| t.as_ref().map(Table::report)).collect();
    assert!(reports.windows(2).all(|pair| pair[0] == pair[1]), "pieces of different sizes differ");
    let Some(Ok(mut table)) = tables.into_iter().next() else { return false };
    for _ in 0..4 {
        use ColumnType::*;
        let column = dice.below(table.columns() + 1);
        let kind = [Number, Category, Date, Text, Id, Constant, Empty][dice.below(7)];
        let change = match dice.below(4) {
            0 => TableChange { target: Some(column), ..TableChange::default() },
            1 => TableChange { types: Some([(column, kind)].into()), ..TableChange::default() },
            2 => TableChange { ignored: Some(vec![column]), ..TableChange::default() },
            _ => TableChange { drop_duplicates: Some(dice.below(2) == 0), ..TableChange::default() },
        };
        let before = table.report();
        if let Err(error) = table.change(&change) {
            assert_eq!(table.report(), before, "{error}");
            assert!(!error.to_string().is_empty());
        }
        check(&table);
    }
    true
}

fn check(table: &Table) {
    let report = table.report();
    for column in &report.columns {
        let numbers = [column.min, column.max, column.mean, column.std];
        assert!(numbers.into_iter().flatten().all(f64::is_finite), "{column:?}");
        assert!(column.missing <= report.rows && column.distinct <= report.rows, "{column:?}");
    }
    let parts = split(table, &SplitSpec { validation: 0.2, test: 0.2, seed: 5 }).expect("possible shares");
    assert!(!parts.train.is_empty());
    let encoding = Encoding::fit(table, &parts.train).expect("a small table fits");
    assert_eq!(encoding.check(), Ok(()));
    for rows in [&parts.train, &parts.validation, &parts.test] {
        let (x, y) = encoding.encode(table, rows).expect("its own table");
        assert!(x.iter().chain(&y).all(|v| v.is_finite()));
    }
    for cell in CELLS {
        let (x, _) = encoding.encode_raw(&vec![Some(cell); table.columns()]);
        assert!(x.iter().all(|v| v.is_finite()), "{cell}");
    }
}

#[test]
fn odd_tables() {
    let mut learned = 0;
    for seed in 0..1500 {
        let mut dice = Dice::new(seed);
        let bytes = odd_table(&mut dice);
        let result = std::panic::catch_unwind(move || exercise(&bytes, &mut dice));
        match result {
            Ok(true) => learned += 1,
            Ok(false) => {}
            Err(_) => panic!("seed {seed}: {:?}", String::from_utf8_lossy(&odd_table(&mut Dice::new(seed)))),
        }
    }
    assert!(learned > 500, "only {learned} tables were fit for the deeper checks");
}

#[test]
fn random_and_damaged_bytes() {
    for seed in 0..500 {
        let mut dice = Dice::new(seed);
        let mut bytes = odd_table(&mut dice);
        if seed % 5 == 0 {
            bytes = (0..dice.below(3000)).map(|_| dice.below(256) as u8).collect();
        } else if !bytes.is_empty() {
            for _ in 0..=dice.below(8) {
                let at = dice.below(bytes.len());
                bytes[at] = dice.below(256) as u8;
            }
        }
        let kept = bytes.clone();
        let result = std::panic::catch_unwind(move || exercise(&bytes, &mut dice));
        assert!(result.is_ok(), "seed {seed}: {kept:?}");
    }
}
