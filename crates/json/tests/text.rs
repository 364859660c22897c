//! Texts against serde_json and the standard library: what they read, this crate reads as the same; what they refuse, it
//! refuses.

#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use tabgrad_json::{parse, parse_decimal, text};

/// Numbers without an order, the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

fn same(source: &str) {
    let ours = parse(source);
    match serde_json::from_str::<Value>(source) {
        Ok(theirs) => {
            let ours = ours.unwrap_or_else(|mistake| panic!("{source}: {mistake}"));
            assert_eq!(ours, theirs, "{source}");
            // serde_json writes 1e+22 where Rust writes 1e22.
            assert_eq!(text(&ours), serde_json::to_string(&ours).unwrap().replace("e+", "e"), "{source}");
        }
        Err(_) => assert!(ours.is_err(), "{source} was read as {ours:?}"),
    }
}

#[test]
fn texts_are_read_and_written_as_by_serde_json() {
    for source in [
        "null",
        " true ",
        "false",
        "[]",
        "{}",
        "[1, 2 ,3]\n",
        r#"{"a":{"b":[{}]}}"#,
        r#"{"a":1,"a":2}"#,
        "0",
        "-0",
        "-1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "0.1",
        "1e3",
        "1E+3",
        "1.5e-7",
        "1e400",
        "-1e400",
        "1e-400",
        "123456789012345678901234567890.5",
        "\"Größe\"",
        r#""\u263a\n\"\\\/""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\u12""#,
        r#""\x""#,
        "\"\u{1}\"",
        "\"open",
        "\"\\",
        "",
        " ",
        "nul",
        "tru",
        "truex",
        "01",
        "1.",
        ".5",
        "-",
        "+1",
        "1e",
        "1e+",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1,}",
        "[",
        "{",
        "]",
        "1 2",
        "\u{feff}1",
        "NaN",
        "[1}",
        "\u{a0}1",
        "\"\u{7f}\u{0}\"",
    ] {
        same(source);
    }
    let all: String = (0..0x250).filter_map(char::from_u32).chain(['😀', '\u{ffff}']).collect();
    same(&serde_json::to_string(&json!({ &all: all })).unwrap());
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    same(&nested(100));
    assert!(parse(&nested(129)).is_err() && parse(&nested(100_000)).is_err());
}

#[test]
fn broken_texts_are_refused_as_by_serde_json() {
    let source = r#"{"model":{"layers":[{"type":"dense","units":2}]},"name":"x \u00e9\n","mean":[0.25,-1e-7,null,true]}"#;
    let mut dice = Dice(7);
    let characters =
        ['{', '}', '[', ']', ',', ':', '"', '\\', 'e', '.', '-', '0', '1', 'u', 't', ' ', '\n', 'é'];
    for _ in 0..20_000 {
        let mut broken: Vec<char> = source.chars().collect();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(broken.len() as u64) as usize;
            match dice.roll(3) {
                0 => drop(broken.remove(at)),
                1 => broken.insert(at, characters[dice.roll(characters.len() as u64) as usize]),
                _ => broken[at] = characters[dice.roll(characters.len() as u64) as usize],
            }
        }
        same(&broken.into_iter().collect::<String>());
    }
}

#[test]
fn every_number_comes_back_to_the_bit() {
    let mut dice = Dice(11);
    for _ in 0..50_000 {
        let bits = dice.roll(1 << 32) << 32 | dice.roll(1 << 32);
        let number = f64::from_bits(bits);
        if number.is_finite() {
            let written = text(&json!(number));
            assert_eq!(parse(&written).unwrap().as_f64().unwrap().to_bits(), bits, "{written}");
        }
    }
}

#[test]
fn decimals_are_rounded_as_by_the_standard_library() {
    let check = |text: &str| {
        let expected: f64 = text.parse().unwrap();
        let found = parse_decimal(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.to_bits(), expected.to_bits(), "{text}: {found} instead of {expected}");
    };
    for text in [
        "0",
        "-0",
        "+1",
        ".5",
        "2.",
        "00012.500",
        "1e22",
        "1e23",
        "9007199254740993",
        "9007199254740992.9999999999",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "1e-400",
        "1e99999999999",
        "1e-99999999999",
        "0e99999999999",
        "8.5",
        "0.1e-6",
        "179769313486231580793e289",
        "6.631236846766476e-316",
        "0.500000000000000166533453693773481063544750213623046875",
    ] {
        check(text);
    }
    let mut dice = Dice(3);
    for _ in 0..50_000 {
        let digits = |dice: &mut Dice, most: u64| -> String {
            (0..dice.roll(most)).map(|_| char::from(b'0' + dice.roll(10) as u8)).collect()
        };
        let (whole, fraction) = (digits(&mut dice, 24), digits(&mut dice, 24));
        let exponent = dice.roll(700) as i64 - 350;
        check(&format!("1{whole}.{fraction}e{exponent}"));
        check(&format!("0.{fraction}7{whole}"));
        // Half way between two numbers, and a little more or less.
        let low = f64::from_bits(dice.roll(1 << 32) << 32 | dice.roll(1 << 32)).abs();
        let high = f64::from_bits(low.to_bits() + 1);
        if high.is_finite() && low > 1e-290 && low < 1e290 {
            let (low, high) = (format!("{low:.330e}"), format!("{high:.330e}"));
            check(&low);
            check(&high);
        }
    }
    for no_number in [
        "", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "0x10", "inf", "nan", "1_000", "١", "1e5.0",
        "--1",
    ] {
        assert_eq!(parse_decimal(no_number), None, "{no_number:?}");
    }
}

#[test]
fn texts_just_beside_the_middle_of_two_numbers_go_to_the_nearer_one() {
    // 1 + 2^-53 is the middle of 1 and the next f64: exact ties go to the even one.
    let middle = "1.00000000000000011102230246251565404236316680908203125";
    assert_eq!(parse_decimal(middle), Some(1.0));
    assert_eq!(parse_decimal(&format!("{middle}{}1", "0".repeat(500))), Some(1.0 + f64::EPSILON));
    assert_eq!(parse_decimal(&format!("{}49", &middle[..middle.len() - 1])), Some(1.0));
}
