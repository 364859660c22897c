//! Which dialect of CSV a file is written in, guessed from its beginning: what stands between cells, what quotes them,
//! and whether the first line holds names.
//!
//! The delimiter is the one that cuts most lines into the same number of cells, at least two, of which many are numbers
//! or dates (after van den Burg, Nazábal, Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019).

use std::collections::BTreeMap;

use crate::hash::Set;
use crate::records::{Dialect, preview};
use crate::value::{DateOrder, Decimal, is_missing, is_missing_amount, parse_date, parse_number};

/// How much of the file is looked at.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;
const HEAD_RECORDS: usize = 100;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub(crate) dialect: Dialect,
    pub(crate) has_header: bool,
    /// Cells that most rows have.
    pub(crate) width: usize,
    /// Every row ends with a delimiter, so that the last cell is empty.
    pub(crate) trailing: bool,
    /// Bytes of a first line `sep=;` that is no part of the table.
    pub(crate) skip: usize,
}

/// Guesses from `head`, the beginning of a file; `whole`: there is no more. `tabs_expected`: its name says TSV.
pub(crate) fn sniff(head: &str, whole: bool, tabs_expected: bool) -> Sniffed {
    let (declared, skip) = declared_delimiter(head);
    let text = complete_lines(&head[skip..], whole);
    let quote = if single_quoted(text) { b'\'' } else { b'"' };
    let candidates = match declared {
        Some(delimiter) => vec![delimiter],
        None if tabs_expected => b"\t,;|".to_vec(),
        None => b",\t;|".to_vec(),
    };
    let mut best: Option<(f64, Dialect, Vec<Vec<String>>, usize)> = None;
    for delimiter in candidates {
        let dialect = Dialect { delimiter, quote };
        let mut rows = preview(text, dialect, HEAD_RECORDS);
        rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
        let (score, width) = score(&rows, delimiter);
        if best.as_ref().is_none_or(|(most, ..)| score > *most) {
            best = Some((score, dialect, rows, width));
        }
    }
    let (_, dialect, rows, width) = best.unwrap_or((0.0, Dialect { delimiter: b',', quote }, Vec::new(), 1));
    let trailing = rows.len() > 1
        && rows
            .iter()
            .skip(1)
            .filter(|row| row.len() == width)
            .all(|row| row.last().is_some_and(String::is_empty));
    Sniffed { dialect, has_header: has_header(&rows), width, trailing, skip }
}

/// Whether a line before the names is no part of the table: a title, a comment, a source. A table of three columns or more
/// does not begin with a single cell.
pub(crate) fn stands_above<'a>(cells: impl Iterator<Item = &'a str>, width: usize) -> bool {
    width >= 3 && cells.filter(|cell| !cell.trim().is_empty()).take(2).count() == 1
}

/// Spreadsheets may write `sep=;` first. Gives the delimiter, and how many bytes that line has.
fn declared_delimiter(head: &str) -> (Option<u8>, usize) {
    let Some(line) = head.split_inclusive('\n').next() else { return (None, 0) };
    let declared = line.trim_end_matches(['\r', '\n']).trim_matches('"');
    match declared.get(..4).filter(|s| s.eq_ignore_ascii_case("sep=")).map(|_| &declared.as_bytes()[4..]) {
        Some(&[delimiter @ (b',' | b';' | b'\t' | b'|')]) => (Some(delimiter), line.len()),
        _ => (None, 0),
    }
}

fn complete_lines(text: &str, whole: bool) -> &str {
    match text.rfind('\n').or_else(|| text.rfind('\r')) {
        Some(last) if !whole => &text[..=last],
        _ => text,
    }
}

/// Cells in single quotes: no double quote at all, and single ones that open and close around a delimiter.
fn single_quoted(text: &str) -> bool {
    let between = ["','", "';'", "'\t'", "'|'"];
    !text.contains('"') && between.iter().map(|b| text.matches(b).count()).sum::<usize>() >= 2
}

/// How well rows fit a table, from 0, and how many cells most of them have.
fn score(rows: &[Vec<String>], delimiter: u8) -> (f64, usize) {
    let mut widths = BTreeMap::new();
    for row in rows {
        *widths.entry(row.len()).or_insert(0_usize) += 1;
    }
    let Some((&width, &most)) = widths.iter().max_by_key(|&(&width, &count)| (count, width)) else {
        return (0.0, 1);
    };
    if width < 2 {
        return (0.0, width);
    }
    let others: Vec<char> =
        [',', ';', '\t', '|'].into_iter().filter(|&c| c != char::from(delimiter)).collect();
    let (mut cells, mut typed, mut odd) = (0_usize, 0_usize, 0_usize);
    for cell in rows.iter().skip(1).flatten() {
        cells += 1;
        typed += usize::from(is_plain(cell));
        odd += usize::from(cell.starts_with(' ') || (!is_plain(cell) && cell.contains(&others[..])));
    }
    let share = |n: usize| if cells == 0 { 0.0 } else { n as f64 / cells as f64 };
    let consistent = most as f64 / rows.len() as f64;
    (consistent * consistent * (0.5 + 0.5 * share(typed)) * (1.0 - 0.5 * share(odd)), width)
}

/// A number, a date, or nothing.
fn is_plain(cell: &str) -> bool {
    let cell = cell.trim();
    is_missing_amount(cell) || is_amount(cell)
}

fn is_amount(cell: &str) -> bool {
    let cell = cell.trim();
    parse_number(cell, Decimal::Point).is_some()
        || parse_number(cell, Decimal::Comma).is_some()
        || parse_date(cell, DateOrder::YearMonthDay).is_some()
        || parse_date(cell, DateOrder::DayMonthYear).is_some()
        || parse_date(cell, DateOrder::MonthDayYear).is_some()
}

/// Whether the first row differs from those below as names differ from values. Every column has a vote.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, body)) = rows.split_first() else { return true };
    let amounts_in_first = first.iter().filter(|c| is_amount(c)).count();
    if body.is_empty() {
        return amounts_in_first == 0;
    }
    let names: Set<&str> = first.iter().map(|c| c.trim()).collect();
    let all_named = names.len() == first.len() && !names.iter().any(|n| is_missing(n));
    let mut votes = 0_i64;
    for (column, name) in first.iter().enumerate() {
        let name = name.trim();
        let values: Vec<&str> = body
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.trim())
            .filter(|cell| !is_missing_amount(cell))
            .collect();
        if values.is_empty() {
            continue;
        }
        let amounts = values.iter().filter(|c| is_amount(c)).count();
        if amounts * 5 >= values.len() * 4 {
            // Years as names over a column of other numbers speak for themselves.
            votes += if !is_amount(name) {
                if is_missing(name) { 0 } else { 2 }
            } else if is_year(name) && !values.iter().any(|v| is_year(v)) {
                1
            } else {
                -2
            };
        } else if values.contains(&name) {
            votes -= 1;
        }
    }
    votes > 0 || votes == 0 && amounts_in_first == 0 && all_named
}

fn is_year(cell: &str) -> bool {
    matches!(cell.parse::<u32>(), Ok(1800..=2200))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &str) -> (char, bool, usize) {
        let s = sniff(head, true, false);
        (char::from(s.dialect.delimiter), s.has_header, s.width)
    }

    #[test]
    fn delimiters_and_headers() {
        assert_eq!(found("a,b\n1,2\n3,4\n"), (',', true, 2));
        assert_eq!(found("1,2\n3,4\n"), (',', false, 2));
        assert_eq!(found("a;b\n1,5;2,5\n3,5;4,25\n"), (';', true, 2));
        assert_eq!(found("1,5;2,5\n3,5;4,25\n"), (';', false, 2));
        assert_eq!(found("a\tb\n1,5\t2\n"), ('\t', true, 2));
        assert_eq!(found("a|b|c\nx|1|2\n"), ('|', true, 3));
        assert_eq!(found("x\n1\n2\n"), (',', true, 1));
        assert_eq!(found("name;place\nAda;London, GB\nMax;Bonn, DE\n"), (';', true, 2));
        assert_eq!(found("5.1,3.5,setosa\n4.9,3.0,setosa\n"), (',', false, 3));
        assert_eq!(found("country,2019,2020\nA,1.5,2\nB,2.5,3\n"), (',', true, 3));
        assert_eq!(found("colour,size\nred,big\nblue,small\n"), (',', true, 2));
        assert_eq!(found("red,big\nblue,small\nred,small\nred,big\n"), (',', false, 2));
        assert_eq!(found(""), (',', true, 1));
        assert_eq!(found("a,b"), (',', true, 2));
        assert_eq!(found("1,2"), (',', false, 2));
        assert_eq!(found("d,v\n\"1,5\",x\n\"2,5\",y\n"), (',', true, 2));
        assert_eq!(found("d;v\n31.12.2020;1\n1.1.2021;2\n"), (';', true, 2));
    }

    #[test]
    fn a_declared_delimiter_is_taken_off() {
        let s = sniff("sep=;\r\na;b\r\n1;2\r\n", true, false);
        assert_eq!((s.dialect.delimiter, s.skip, s.has_header), (b';', 7, true));
        assert_eq!(sniff("sep=x\n1\n", true, false).skip, 0);
        assert_eq!(sniff("äöü", true, false).skip, 0);
    }

    #[test]
    fn single_quotes_are_found() {
        assert_eq!(sniff("'a','b','c'\n'1','x,y','3'\n", true, false).dialect.quote, b'\'');
        assert_eq!(sniff("a,b\nit's,x\ndon't,y\n", true, false).dialect.quote, b'"');
    }

    #[test]
    fn a_line_cut_by_the_end_of_the_head_does_not_count() {
        let s = sniff("a;b\n1;2\n3", false, false);
        assert_eq!((s.dialect.delimiter, s.width), (b';', 2));
    }
}
