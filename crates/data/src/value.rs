//! One cell: a number, a date, or nothing.

use tabgrad_json::{parse_decimal, words};

/// Beyond this a number is treated as missing: it is a mark for "none" or an overflow, and the sum of a column must stay
/// finite.
pub(crate) const LARGEST: f64 = 1e301;

words! {
    /// Which sign stands before the fraction of a number. The other one may group thousands.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Decimal {
        /// `1,234.5`
        #[default]
        Point = "point",
        /// `1.234,5`
        Comma = "comma",
    }
}

words! {
    /// Order of day, month and year.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum DateOrder {
        /// `2024-12-31`, `2024/12/31`, `2024-12-31T23:59:59Z`
        #[default]
        YearMonthDay = "year_month_day",
        /// `31.12.2024`, `31/12/2024`, `31-12-2024`
        DayMonthYear = "day_month_year",
        /// `12/31/2024`
        MonthDayYear = "month_day_year",
    }
}

/// No value, whatever the type of the column.
pub(crate) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 9] = ["", "na", "n/a", "nan", "null", "#n/a", "<na>", "?", "#nv"];
    cell.len() <= 4 && WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// No value in a column of numbers or dates, where these words can be nothing else.
pub(crate) fn is_missing_amount(cell: &str) -> bool {
    const WORDS: [&str; 15] = [
        "none", "nil", "-", "--", "---", ".", "..", "...", "missing", "unknown", "#div/0!", "#value!",
        "#ref!", "#num!", "#name?",
    ];
    is_missing(cell) || is_infinite(cell) || WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Infinity as programs write it.
pub(crate) fn is_infinite(cell: &str) -> bool {
    let plain = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    ["inf", "infinity", "1.#inf", "∞"].iter().any(|word| plain.eq_ignore_ascii_case(word))
}

/// A number in its plainest form: a minus sign or none, digits, and perhaps a point with more of them. Nearly all numbers in
/// tables are; to read them costs a fraction of what [`parse_number`] does with all that people write.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plain {
    pub(crate) value: f64,
    /// Digits behind the point.
    pub(crate) decimals: usize,
}

impl Plain {
    /// `None`: it may be a number all the same. The value is exact to the last bit, because both parts of the quotient are
    /// exact (Clinger 1990, "How to read floating point numbers accurately").
    pub(crate) fn parse(cell: &str) -> Option<Self> {
        /// 10^k is an f64 without rounding up to 10^22; more digits than these do not fit into 53 bits.
        const POWERS: [f64; 16] =
            [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        let bytes = cell.as_bytes();
        let (negative, digits) = match bytes {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, bytes),
        };
        let (mut whole, mut count, mut decimals, mut point) = (0_u64, 0, 0, false);
        if !digits.first()?.is_ascii_digit() || digits.len() > POWERS.len() {
            return None;
        }
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    whole = whole * 10 + u64::from(byte - b'0');
                    count += 1;
                    decimals += usize::from(point);
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        if point && decimals == 0 || count >= POWERS.len() {
            return None;
        }
        let power = POWERS.get(decimals)?;
        let value = whole as f64 / power;
        Some(Self { value: if negative { -value } else { value }, decimals })
    }
}

/// A number as people and programs write it: sign, grouped thousands, fraction, exponent, percent sign (which is left
/// out: `12 %` is 12). `None` for everything else, and for what is not finite or beyond [`LARGEST`].
pub(crate) fn parse_number(cell: &str, decimal: Decimal) -> Option<f64> {
    if let Some(plain) = Plain::parse(cell).filter(|plain| decimal == Decimal::Point || plain.decimals == 0) {
        return Some(plain.value);
    }
    let cell = cell.strip_suffix('%').unwrap_or(cell).trim();
    let (negative, digits) = match cell.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, cell.strip_prefix('+').unwrap_or(cell)),
    };
    // The longest f64 that anything writes has fewer characters; a longer run of digits is a code.
    if digits.is_empty() || digits.len() > 330 {
        return None;
    }
    let value = match plain_number(digits, decimal) {
        Some(value) => value,
        None => grouped_number(digits, decimal)?,
    };
    (value <= LARGEST).then_some(if negative { -value } else { value })
}

/// Digits, at most one decimal sign, an exponent.
fn plain_number(digits: &str, decimal: Decimal) -> Option<f64> {
    let (point, swap) = match decimal {
        Decimal::Point => (b'.', false),
        Decimal::Comma => (b',', true),
    };
    let mut any_digit = false;
    let bytes = digits.as_bytes();
    for (i, &byte) in bytes.iter().enumerate() {
        match byte {
            b'0'..=b'9' => any_digit = true,
            b'e' | b'E' => {
                if !any_digit || i + 1 == bytes.len() {
                    return None;
                }
            }
            b'+' | b'-' if i > 0 && matches!(bytes[i - 1], b'e' | b'E') => {}
            _ if byte == point => {}
            _ => return None,
        }
    }
    if !any_digit {
        return None;
    }
    // What is left wrong (two points, two exponents) the parser refuses.
    if swap && digits.contains(',') {
        parse_decimal(&digits.replacen(',', ".", 2))
    } else {
        parse_decimal(digits)
    }
}

/// `1,234,567.8`: one to three digits, then groups of three, all with the same sign between.
fn grouped_number(digits: &str, decimal: Decimal) -> Option<f64> {
    let (point, group) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = match digits.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    if separator != group && !matches!(separator, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’' | '_')
    {
        return None;
    }
    let mut plain = String::with_capacity(digits.len());
    for (i, part) in whole.split(separator).enumerate() {
        let fits = if i == 0 { (1..=3).contains(&part.len()) } else { part.len() == 3 };
        if !fits || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push_str(part);
    }
    if let Some(fraction) = fraction {
        if !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    parse_decimal(&plain)
}

/// Days since 1970-01-01, with the time of day as a fraction. A time zone is taken off, so that all are UTC.
pub(crate) fn parse_date(cell: &str, order: DateOrder) -> Option<f64> {
    let cell = cell.trim();
    let date_len = cell.find(['T', 't', ' ']).unwrap_or(cell.len());
    let (date, time) = cell.split_at(date_len);
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = date.split(separator);
    let texts = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = match (order, separator) {
        (DateOrder::YearMonthDay, '-' | '/' | '.') => (texts[0], texts[1], texts[2]),
        (DateOrder::DayMonthYear, '-' | '/' | '.') => (texts[2], texts[1], texts[0]),
        (DateOrder::MonthDayYear, '-' | '/') => (texts[2], texts[0], texts[1]),
        _ => return None,
    };
    let small = |text: &str| match text.len() {
        1 | 2 => whole_number(text),
        _ => None,
    };
    let year = match (year.len(), order) {
        (4, _) => whole_number(year)?,
        // As POSIX reads %y: 69 to 99 are of the last century.
        (2, DateOrder::DayMonthYear | DateOrder::MonthDayYear) => {
            let short = whole_number(year)?;
            short + if short >= 69 { 1900 } else { 2000 }
        }
        _ => return None,
    };
    let (month, day) = (small(month)?, small(day)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let fraction = if time.is_empty() { 0.0 } else { parse_time(time[1..].trim())? };
    Some(days_from_civil(year, month, day) as f64 + fraction)
}

fn whole_number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.bytes().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
}

/// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.fff`, then nothing, `Z`, or `+hh:mm`: as a share of a day.
fn parse_time(text: &str) -> Option<f64> {
    let (clock, zone) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut parts = clock.trim().splitn(3, ':');
    let hours = whole_number(parts.next()?)?;
    let minutes = whole_number(parts.next()?)?;
    let seconds = match parts.next() {
        Some(text) => plain_number(text, Decimal::Point)?,
        None => 0.0,
    };
    if hours > 24 || minutes > 59 || seconds >= 61.0 {
        return None;
    }
    let offset = match zone.as_bytes() {
        [] | [b'Z' | b'z'] => 0,
        [sign, digits @ ..] => {
            let digits: Vec<u8> = digits.iter().copied().filter(|&b| b != b':').collect();
            let digits = whole_number(std::str::from_utf8(&digits).ok()?)?;
            let minutes = if zone.len() <= 3 { digits * 60 } else { digits / 100 * 60 + digits % 100 };
            if minutes > 24 * 60 {
                return None;
            }
            if *sign == b'-' { -minutes } else { minutes }
        }
    };
    Some(((hours * 60 + minutes - offset) as f64 * 60.0 + seconds) / 86_400.0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_are_read_to_the_last_bit() {
        let mut bits = 1_u64;
        for i in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (whole, decimals) = ((bits >> 20) % 10_u64.pow(1 + i % 15), (bits >> 10) as usize % 9);
            let sign = if bits & 1 == 0 { "" } else { "-" };
            let text = format!("{whole:0wide$}", wide = decimals + 1);
            let (front, behind) = text.split_at(text.len() - decimals);
            let text =
                if decimals == 0 { format!("{sign}{front}") } else { format!("{sign}{front}.{behind}") };
            let expected = parse_decimal(&text).expect("it is a number");
            match Plain::parse(&text) {
                Some(plain) => {
                    assert_eq!(plain.value.to_bits(), expected.to_bits(), "{text}");
                    assert_eq!(plain.decimals, decimals, "{text}");
                }
                None => assert!(text.trim_start_matches('-').len() > 15, "{text} is plain"),
            }
        }
        for text in ["", "-", ".5", "5.", "+1", "1e3", "1,5", " 1", "1.2.3", "１", "12345678901234567"] {
            assert_eq!(Plain::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let point = |text| parse_number(text, Decimal::Point);
        let comma = |text| parse_number(text, Decimal::Comma);
        for (text, value) in [
            ("1", 1.0),
            ("-1.5", -1.5),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("1,234", 1234.0),
            ("-1,234,567.25", -1_234_567.25),
            ("1 234.5", 1234.5),
            ("1'234", 1234.0),
            ("12 %", 12.0),
            ("12%", 12.0),
            ("\u{2212}3", -3.0),
            ("007", 7.0),
        ] {
            assert_eq!(point(text), Some(value), "{text}");
        }
        for (text, value) in
            [("1,5", 1.5), ("-1.234,5", -1234.5), ("1.234", 1234.0), ("3,2e2", 320.0), ("7", 7.0)]
        {
            assert_eq!(comma(text), Some(value), "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "e5",
            "1e",
            "1e+",
            "1.2.3",
            "1,23",
            "1,2345",
            "12,34,567",
            "nan",
            "inf",
            "infinity",
            "0x10",
            "1 2",
            "1-2",
            "--1",
            "1e999",
            "1e302",
            "%",
            "1.5.",
            "1e5e5",
            "1e-",
            "abc",
            "1,,234",
            "１",
        ] {
            assert_eq!(point(text), None, "{text}");
        }
        assert_eq!(comma("1,5,5"), None);
        assert_eq!(comma("1.5"), None);
        assert_eq!(point(&"9".repeat(400)), None);
    }

    #[test]
    fn dates_are_days_since_1970() {
        let iso = |text| parse_date(text, DateOrder::YearMonthDay);
        assert_eq!(iso("1970-01-01"), Some(0.0));
        assert_eq!(iso("1969-12-31"), Some(-1.0));
        assert_eq!(iso("2000-02-29"), Some(11_016.0));
        assert_eq!(iso("2024/3/1"), Some(19_783.0));
        assert_eq!(iso("1970-01-02T12:00:00Z"), Some(1.5));
        assert_eq!(iso("1970-01-02 12:00"), Some(1.5));
        assert_eq!(iso("1970-01-02T12:00:00.000+06:00"), Some(1.25));
        assert_eq!(iso("1970-01-02T12:00-0600"), Some(1.75));
        assert_eq!(parse_date("31.12.1969", DateOrder::DayMonthYear), Some(-1.0));
        assert_eq!(parse_date("1/2/70", DateOrder::DayMonthYear), Some(31.0));
        assert_eq!(parse_date("1/2/1970", DateOrder::MonthDayYear), Some(1.0));
        for text in [
            "",
            "1970",
            "1970-13-01",
            "2023-02-29",
            "70-01-01",
            "1970-01",
            "1970-01-01-01",
            "a-b-c",
            "1970-1-",
            "1970-01-01T25:00",
            "1970-01-01T",
            "1970-01-01 x",
            "1-2-1970",
            "99999-01-01",
            "1970-01-01T1é",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
        assert_eq!(parse_date("1.2.1970", DateOrder::MonthDayYear), None);
    }

    #[test]
    fn words_for_nothing() {
        for word in ["", "NA", "n/a", "NaN", "NULL", "?"] {
            assert!(is_missing(word), "{word}");
        }
        for word in ["none", "-", "inf", "-Infinity", "NaN", "#DIV/0!"] {
            assert!(is_missing_amount(word), "{word}");
        }
        for word in ["none", "0", "nano", "no", "-"] {
            assert!(!is_missing(word), "{word}");
        }
    }
}
