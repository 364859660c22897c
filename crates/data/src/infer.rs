//! What the cells of a column are, found from the cells themselves and, for row numbers, from the column's name.
//!
//! Two steps: [`Facts`] counts in one pass what the cells could be; [`Reading::decide`] weighs the counts. Between them
//! the whole table is asked whether it writes decimal commas, because `1,234` alone does not say.

use tabgrad_json::record;

use crate::distinct::{Distinct, Rows};
use crate::hash::hash;
use crate::report::{ColumnType, Issue};
use crate::store::Cells;
use crate::value::{
    DateOrder, Decimal, Plain, is_infinite, is_missing, is_missing_amount, parse_date, parse_number,
};

/// More labels than this make a column text.
pub(crate) const MOST_CATEGORIES: usize = 1000;
/// So many different whole numbers may be classes.
const MOST_INTEGER_CLASSES: usize = 10;

record! {
    /// How the cells of a column are to be read.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Format {
        /// For numbers.
        pub decimal: Decimal,
        /// For dates.
        pub order: DateOrder,
    }
}

/// Counts over the cells of one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    rows: u64,
    missing: u64,
    /// Missing if these are numbers or dates.
    missing_amount: u64,
    /// NaN and infinities: how many, and the first with its row.
    endless: (u64, Option<(String, u32)>),
    point: u64,
    comma: u64,
    /// Numbers in one notation only, with its decimal sign.
    only_point: u64,
    only_comma: u64,
    dates: [u64; 3],
    slashes: bool,
    distinct: u64,
    chars: u64,
    words: u64,
    integers: Integers,
    /// Different cells that are no numbers, at most [`ODD_KEPT`], each with its row.
    odd: Vec<(String, u32)>,
    percents: u64,
}

const ODD_KEPT: usize = 3;
const ORDERS: [DateOrder; 3] = [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear];

/// The whole numbers of a column, as long as there are only a few different ones.
#[derive(Clone, Debug, Default)]
struct Integers {
    values: Vec<i64>,
    spoiled: bool,
    smallest: f64,
    largest: f64,
    not_whole: bool,
}

impl Integers {
    fn see(&mut self, value: f64, first: bool) {
        self.smallest = if first { value } else { self.smallest.min(value) };
        self.largest = if first { value } else { self.largest.max(value) };
        if value.fract() != 0.0 || value.abs() > 1e15 {
            self.not_whole = true;
            self.spoiled = true;
        } else if !self.spoiled && !self.values.contains(&(value as i64)) {
            self.values.push(value as i64);
            self.spoiled = self.values.len() > MOST_INTEGER_CLASSES;
        }
    }
}

impl Facts {
    /// Counts over all cells of a column, which `whole` rows take in.
    pub(crate) fn gather(cells: &Cells, rows: u32, whole: &mut Rows) -> Self {
        let mut facts = Self { rows: u64::from(rows), ..Self::default() };
        let mut distinct = Distinct::new();
        for row in 0..rows {
            let text = cells.get(row as usize);
            let hashed = hash(text);
            whole.see(row as usize, hashed);
            let cell = text.trim();
            if let Some(plain) = Plain::parse(cell) {
                facts.chars += cell.len() as u64;
                facts.words += 1;
                facts.see_plain(cell, plain, row);
            } else if is_missing(cell) {
                facts.missing += 1;
                facts.missing_amount += 1;
                if cell.eq_ignore_ascii_case("nan") {
                    facts.see_endless(cell, row);
                }
                continue;
            } else {
                facts.chars += cell.chars().count() as u64;
                facts.words += cell.split_whitespace().count() as u64;
                if is_infinite(cell) {
                    facts.see_endless(cell, row);
                }
                if is_missing_amount(cell) {
                    facts.missing_amount += 1;
                } else {
                    facts.see(cell, row);
                }
            }
            distinct.see(if cell.len() == text.len() { hashed } else { hash(cell) }, row);
        }
        facts.distinct = distinct.count();
        facts
    }

    fn see_endless(&mut self, cell: &str, row: u32) {
        self.endless.0 += 1;
        self.endless.1.get_or_insert_with(|| (cell.to_owned(), row));
    }

    /// What [`Self::see`] does, for what nearly all cells of most tables are.
    fn see_plain(&mut self, cell: &str, plain: Plain, row: u32) {
        // Behind a point, three digits may be a group of thousands, where commas are decimal.
        if plain.decimals == 3 {
            return self.see(cell, row);
        }
        self.integers.see(plain.value, self.point + self.comma == 0);
        self.point += 1;
        match plain.decimals {
            0 if !cell.ends_with('.') => self.comma += 1,
            _ => self.only_point += 1,
        }
    }

    fn see(&mut self, cell: &str, row: u32) {
        let numeric =
            cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | ',' | '\u{2212}'));
        let point = numeric.then(|| parse_number(cell, Decimal::Point)).flatten();
        let same = !cell.contains(['.', ',']);
        let comma = if same { point } else { numeric.then(|| parse_number(cell, Decimal::Comma)).flatten() };
        self.only_point += u64::from(point.is_some() && comma.is_none());
        self.only_comma += u64::from(comma.is_some() && point.is_none());
        if let Some(value) = point.or(comma) {
            self.integers.see(value, self.point + self.comma == 0);
            self.percents += u64::from(cell.ends_with('%'));
        } else if self.odd.len() < ODD_KEPT && !self.odd.iter().any(|(odd, _)| odd == cell) {
            self.odd.push((cell.to_owned(), row));
        }
        self.point += u64::from(point.is_some());
        self.comma += u64::from(comma.is_some());
        if point.is_none() && comma.is_none() && numeric {
            for (count, order) in self.dates.iter_mut().zip(ORDERS) {
                *count += u64::from(parse_date(cell, order).is_some());
            }
            self.slashes |= cell.contains('/');
        }
    }

    fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// Whether a table with these columns writes decimal commas where a cell could be read either way.
    pub(crate) fn prefer_comma(columns: &[Self], delimiter: Option<u8>) -> bool {
        let points: u64 = columns.iter().map(|c| c.only_point).sum();
        let commas: u64 = columns.iter().map(|c| c.only_comma).sum();
        commas > points || commas == points && delimiter == Some(b';')
    }
}

/// What a column was found to be.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) kind: ColumnType,
    pub(crate) format: Format,
    pub(crate) note: Option<String>,
    /// Set where whole numbers look like the names of classes: why.
    pub(crate) class_like: Option<String>,
    /// Cells that are lost if these are numbers: how many, and the first few with their rows.
    pub(crate) odd: (u64, Vec<(String, u32)>),
    /// NaN and infinities: how many, and the first with its row.
    pub(crate) endless: (u64, Option<(String, u32)>),
    /// Numbers that would do as inputs if nothing else did.
    pub(crate) numeric_id: bool,
    pub(crate) numbers: u64,
    pub(crate) dates: u64,
}

impl Reading {
    /// Weighs the counts. `named`: the file gave the column a name.
    pub(crate) fn decide(facts: Facts, name: &str, named: bool, prefer_comma: bool) -> Self {
        let decimal = match facts.comma.cmp(&facts.point) {
            std::cmp::Ordering::Greater => Decimal::Comma,
            std::cmp::Ordering::Less => Decimal::Point,
            std::cmp::Ordering::Equal if prefer_comma => Decimal::Comma,
            std::cmp::Ordering::Equal => Decimal::Point,
        };
        let (order, dates) = date_order(&facts);
        let numbers = facts.point.max(facts.comma);
        let amounts = facts.rows - facts.missing_amount;
        let odd = amounts - numbers;
        let mut reading = Self {
            kind: ColumnType::Empty,
            format: Format { decimal, order },
            note: None,
            class_like: None,
            odd: (0, Vec::new()),
            endless: (0, None),
            numeric_id: false,
            numbers,
            dates,
        };
        // 1, 2, 3, 3+ again and again are labels.
        let few_labels =
            facts.distinct <= MOST_INTEGER_CLASSES as u64 && facts.distinct * 2 <= facts.present();
        let mostly_numbers =
            odd == 0 || numbers * 10 >= amounts * 9 || numbers * 2 >= amounts && facts.odd.len() < ODD_KEPT;
        if facts.present() == 0 {
            reading.note = Some("no row has a value".to_owned());
        } else if numbers > 0 && mostly_numbers && (odd == 0 || !few_labels) {
            reading.numbers(&facts, name, named, odd);
        } else if dates > 0 && dates * 10 >= amounts * 9 {
            reading.dates(&facts, amounts);
        } else {
            reading.labels(&facts);
        }
        reading
    }

    fn numbers(&mut self, facts: &Facts, name: &str, named: bool, odd: u64) {
        self.kind = ColumnType::Number;
        self.odd = (odd, facts.odd.clone());
        self.endless = facts.endless.clone();
        let integers = &facts.integers;
        let all_there = facts.missing_amount == 0 && odd == 0;
        if self.numbers > 1 && integers.smallest == integers.largest || self.numbers == 1 {
            self.kind = ColumnType::Constant;
            self.note = Some("every value is the same".to_owned());
        } else if all_there
            && !integers.not_whole
            && facts.distinct == facts.rows
            && facts.rows >= 4
            && (!named || is_id_name(name))
        {
            self.kind = ColumnType::Id;
            self.numeric_id = true;
            self.note = Some("whole numbers that are different in every row, which name the row".to_owned());
        } else if facts.percents > 0 {
            self.note = Some("percent signs are left out: 12 % is 12".to_owned());
        } else if self.format.decimal == Decimal::Comma && facts.comma > 0 && integers.not_whole {
            self.note = Some("read with decimal commas".to_owned());
        }
        if odd == 0 && !integers.spoiled {
            self.class_like = integer_classes(&integers.values, self.numbers);
        }
    }

    fn dates(&mut self, facts: &Facts, amounts: u64) {
        self.kind = ColumnType::Date;
        self.odd = (amounts - self.dates, facts.odd.clone());
        let ambiguous = facts.dates[1] == facts.dates[2] && facts.dates[1] > facts.dates[0];
        self.note = match self.format.order {
            _ if facts.distinct == 1 => {
                self.kind = ColumnType::Constant;
                Some("every value is the same".to_owned())
            }
            DateOrder::MonthDayYear if ambiguous => Some("read as month/day/year".to_owned()),
            DateOrder::DayMonthYear if ambiguous => Some("read as day-month-year".to_owned()),
            _ => None,
        };
    }

    fn labels(&mut self, facts: &Facts) {
        let (present, distinct) = (facts.present(), facts.distinct);
        let wordy = facts.chars > present * 40 || facts.words > present * 5;
        let (kind, note) = if distinct == 1 {
            let note = if facts.missing > 0 { "one value, or none" } else { "every value is the same" };
            (ColumnType::Constant, Some(note))
        } else if wordy && distinct > 20 {
            (ColumnType::Text, Some("free text"))
        } else if distinct == present && present >= 4 {
            (ColumnType::Id, Some("every value is different"))
        } else if distinct > 50 && distinct * 2 > present {
            (ColumnType::Text, Some("nearly every value is different"))
        } else if distinct > MOST_CATEGORIES as u64 {
            (ColumnType::Text, Some("more than 1000 different values"))
        } else {
            (ColumnType::Category, None)
        };
        self.kind = kind;
        self.note = note.map(str::to_owned);
    }
}

/// The order that reads most dates, and how many it reads. Where day and month could be either, slashes mean that the
/// month comes first.
fn date_order(facts: &Facts) -> (DateOrder, u64) {
    let [ymd, dmy, mdy] = facts.dates;
    if ymd >= dmy.max(mdy) {
        (DateOrder::YearMonthDay, ymd)
    } else if mdy > dmy || mdy == dmy && facts.slashes {
        (DateOrder::MonthDayYear, mdy)
    } else {
        (DateOrder::DayMonthYear, dmy)
    }
}

/// Whole numbers that look like classes rather than amounts: two different ones, or 0, 1, 2, ... or 1, 2, 3, ...
/// without a gap, at most ten, each of which stands five times on average.
fn integer_classes(values: &[i64], rows: u64) -> Option<String> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let (&first, &last) = (sorted.first()?, sorted.last()?);
    let gapless = matches!(first, 0 | 1) && last - first + 1 == sorted.len() as i64;
    let enough = rows >= 5 * sorted.len() as u64;
    (sorted.len() >= 2 && enough && (gapless || sorted.len() == 2)).then(|| {
        format!(
            "{} different whole numbers, taken as classes; make it a number to predict the amount",
            sorted.len()
        )
    })
}

/// `id`, `passenger_id`, `PassengerId`, `index`, `nr`, ...
fn is_id_name(name: &str) -> bool {
    const WORDS: [&str; 12] =
        ["id", "ids", "index", "idx", "nr", "nr.", "no", "no.", "key", "uuid", "row", "unnamed: 0"];
    let lower = name.to_ascii_lowercase();
    WORDS.contains(&lower.as_str())
        || name.ends_with("Id")
        || name.ends_with("ID")
        || ["_id", " id", "-id", ".id"].iter().any(|end| lower.ends_with(end))
}

/// What is to be told about cells that a column of numbers or dates cannot use.
pub(crate) fn lost_cells(
    reading: &Reading,
    name: &str,
    kind: ColumnType,
    line_of: impl Fn(u32) -> u64,
) -> Vec<Issue> {
    let mut issues = Vec::new();
    let (count, cells) = &reading.odd;
    if let Some((cell, row)) = cells.first().filter(|_| *count > 0) {
        let line = line_of(*row);
        let what = if kind == ColumnType::Date { "dates" } else { "numbers" };
        let cell = shorten(cell);
        let message = if *count == 1 {
            format!("\"{cell}\" is not one of the {what} around it and counts as missing.")
        } else {
            format!("{count} values are no {what}, the first is \"{cell}\"; they count as missing.")
        };
        issues.push(Issue::warning(message).line(line).column(name).count(*count));
    }
    if let (n, Some((cell, row))) = &reading.endless {
        let message = if *n == 1 {
            format!("\"{cell}\" is no number to compute with and counts as missing.")
        } else {
            format!(
                "{n} values are no numbers to compute with, the first is \"{cell}\"; they count as missing."
            )
        };
        issues.push(Issue::warning(message).line(line_of(*row)).column(name).count(*n));
    }
    issues
}

/// A cell short enough to stand in a sentence.
pub(crate) fn shorten(cell: &str) -> String {
    match cell.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &cell[..end]),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_named(name: &str, cells: &[&str]) -> Reading {
        let mut column = Cells::default();
        cells.iter().for_each(|cell| column.push(cell));
        let facts = Facts::gather(&column, cells.len() as u32, &mut Rows::new(cells.len()));
        Reading::decide(facts, name, true, false)
    }

    fn kind(cells: &[&str]) -> ColumnType {
        read_named("x", cells).kind
    }

    #[test]
    fn plain_columns() {
        use ColumnType::*;
        assert_eq!(kind(&["1", "2.5", "-3e4", "", "NA"]), Number);
        assert_eq!(kind(&["red", "blue", "red", "blue", ""]), Category);
        assert_eq!(kind(&["2024-01-01", "2024-02-30", "2024-01-02"]), Category, "30 February");
        assert_eq!(kind(&["2024-01-01", "2024-02-03", "", "2024-01-02"]), Date);
        assert_eq!(kind(&["1.2.2024", "13.2.2024", "14.2.2024"]), Date);
        assert_eq!(kind(&["a1", "a2", "a3", "a4"]), Id);
        assert_eq!(kind(&["x", "x", "x"]), Constant);
        assert_eq!(kind(&["7", "7.0", "7"]), Constant);
        assert_eq!(kind(&["", "NA", "nan", "?"]), Empty);
        assert_eq!(kind(&[]), Empty);
        assert_eq!(kind(&["1,5", "2,25", "x", "x", "x"]), Category);
    }

    #[test]
    fn numbers_with_a_few_odd_cells_stay_numbers() {
        let mut cells: Vec<String> = (0..95).map(|i| format!("{}.5", i)).collect();
        cells.extend((0..5).map(|i| format!("odd {i}")));
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let reading = read_named("x", &cells);
        assert_eq!((reading.kind, reading.odd.0), (ColumnType::Number, 5));
        let issues = lost_cells(&reading, "x", ColumnType::Number, |row| u64::from(row) + 2);
        assert_eq!((issues[0].line, issues[0].count), (Some(97), Some(5)));
        assert_eq!(
            kind(&["1", "2", "3", "3+", "1", "2", "3", "1", "1", "2", "1", "2"]),
            ColumnType::Category
        );
    }

    #[test]
    fn row_numbers_are_ids_only_if_their_name_says_so() {
        let cells: Vec<String> = (1..=20).map(|i| i.to_string()).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        for name in ["id", "PassengerId", "user_id", "Index"] {
            assert_eq!(read_named(name, &cells).kind, ColumnType::Id, "{name}");
        }
        for name in ["x", "width", "year", "paid", "solid"] {
            assert_eq!(read_named(name, &cells).kind, ColumnType::Number, "{name}");
        }
    }

    #[test]
    fn few_whole_numbers_look_like_classes() {
        let repeated = |values: &[&'static str]| values.repeat(6);
        assert!(read_named("y", &repeated(&["0", "1"])).class_like.is_some());
        assert!(read_named("y", &repeated(&["-1", "1"])).class_like.is_some());
        assert!(read_named("y", &repeated(&["1", "2", "3"])).class_like.is_some());
        assert!(
            read_named("y", &repeated(&["3", "4", "5"])).class_like.is_none(),
            "a scale that begins at 3"
        );
        assert!(read_named("y", &repeated(&["0.5", "1.5"])).class_like.is_none());
        assert!(read_named("y", &["0", "1", "2", "3"]).class_like.is_none(), "too few rows");
    }

    #[test]
    fn notation_of_numbers_and_dates() {
        assert_eq!(read_named("x", &["1,5", "2,25", "1.000,5"]).format.decimal, Decimal::Comma);
        assert_eq!(read_named("x", &["1,500", "2.25"]).format.decimal, Decimal::Point);
        assert_eq!(read_named("d", &["1/2/2020", "3/4/2020"]).format.order, DateOrder::MonthDayYear);
        assert_eq!(read_named("d", &["1/2/2020", "13/4/2020"]).format.order, DateOrder::DayMonthYear);
        assert_eq!(read_named("d", &["1-2-2020", "3-4-2020"]).format.order, DateOrder::DayMonthYear);
        let mut column = Cells::default();
        ["1,234", "5,678"].iter().for_each(|cell| column.push(cell));
        let facts = Facts::gather(&column, 2, &mut Rows::new(2));
        assert!(Facts::prefer_comma(std::slice::from_ref(&facts), Some(b';')));
        assert!(!Facts::prefer_comma(std::slice::from_ref(&facts), Some(b',')));
        assert_eq!(Reading::decide(facts, "x", true, true).format.decimal, Decimal::Comma);
    }
}
