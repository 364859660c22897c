//! JSON as text, after RFC 8259: the same values from the same texts as serde_json, whose reader and writer would be a
//! fifth of what all of `session` is in the module that visitors download. The tests hold the two against each other.

use crate::Mistake;
use crate::decimal::parse_decimal;
use serde_json::{Map, Number, Value};

/// Lists and objects may stand in one another this deeply.
const DEEPEST: usize = 128;

/// The value that `text` says.
///
/// # Errors
/// If it is no JSON, nested too deeply, or holds a number beyond those of f64.
pub fn parse(text: &str) -> Result<Value, Mistake> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    match reader.next() {
        None => Ok(value),
        Some(_) => Err(reader.wrong("the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    #[cold]
    fn wrong(&self, expected: &str) -> Mistake {
        let found = match self.text.as_bytes().get(self.at) {
            None => "the end",
            Some(_) => "something else",
        };
        Mistake::new(["expected ", expected, " at byte ", &self.at.to_string(), ", found ", found].concat())
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no white space; it is not taken.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes `wanted` if it comes next.
    fn takes(&mut self, wanted: &str) -> bool {
        let takes = self.text.as_bytes()[self.at..].starts_with(wanted.as_bytes());
        if takes {
            self.at += wanted.len();
        }
        takes
    }

    fn value(&mut self) -> Result<Value, Mistake> {
        match self.next() {
            Some(b'{') => self.deeper(Self::object),
            Some(b'[') => self.deeper(Self::list),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.takes("true") => Ok(Value::Bool(true)),
            _ if self.takes("false") => Ok(Value::Bool(false)),
            _ if self.takes("null") => Ok(Value::Null),
            _ => Err(self.wrong("a value")),
        }
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Result<Value, Mistake>) -> Result<Value, Mistake> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Mistake::new("nested too deeply"));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// After an item: whether another one follows, or `end` was taken.
    fn another(&mut self, end: &str) -> Result<bool, Mistake> {
        self.next();
        if self.takes(",") {
            Ok(true)
        } else if self.takes(end) {
            Ok(false)
        } else {
            Err(self.wrong(&["`,` or `", end, "`"].concat()))
        }
    }

    fn list(&mut self) -> Result<Value, Mistake> {
        let mut items = Vec::new();
        self.next();
        if self.takes("]") {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            if !self.another("]")? {
                return Ok(Value::Array(items));
            }
        }
    }

    fn object(&mut self) -> Result<Value, Mistake> {
        let mut map = Map::new();
        self.next();
        if self.takes("}") {
            return Ok(Value::Object(map));
        }
        loop {
            if self.next() != Some(b'"') {
                return Err(self.wrong("a name in quotes"));
            }
            let name = self.string()?;
            self.next();
            if !self.takes(":") {
                return Err(self.wrong("`:`"));
            }
            let value = self.value()?;
            map.insert(name, value);
            if !self.another("}")? {
                return Ok(Value::Object(map));
            }
        }
    }

    fn string(&mut self) -> Result<String, Mistake> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while self.byte().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            // Both ends are at ASCII characters or the end, so this is whole characters.
            string.push_str(&self.text[start..self.at]);
            if self.takes("\"") {
                return Ok(string);
            }
            if !self.takes("\\") {
                return Err(self.wrong("a character of a string"));
            }
            let escaped = self.byte().and_then(|byte| {
                Some(match byte {
                    b'"' | b'\\' | b'/' => char::from(byte),
                    b'b' => '\u{8}',
                    b'f' => '\u{c}',
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    b'u' => return self.unicode(),
                    _ => return None,
                })
            });
            let Some(character) = escaped else { return Err(self.wrong("an escape")) };
            self.at += 1;
            string.push(character);
        }
    }

    /// The character of `u263a` or of the pair `ud83d\ude00`; all but the last byte is taken.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        self.at += 1;
        if !self.takes("\\") || self.byte() != Some(b'u') {
            return None;
        }
        let second = self.four_digits()?.checked_sub(0xDC00).filter(|second| *second < 0x400)?;
        char::from_u32(0x10000 + ((first - 0xD800) << 10) + second)
    }

    fn four_digits(&mut self) -> Option<u32> {
        let mut number = 0;
        for _ in 0..4 {
            self.at += 1;
            number = number * 16 + char::from(self.byte()?).to_digit(16)?;
        }
        Some(number)
    }

    fn digits(&mut self) -> Result<(), Mistake> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.wrong("a digit")) }
    }

    fn number(&mut self) -> Result<Value, Mistake> {
        let start = self.at;
        self.takes("-");
        if !self.takes("0") {
            self.digits()?;
        }
        let mut whole = true;
        if self.takes(".") {
            whole = false;
            self.digits()?;
        }
        if self.takes("e") || self.takes("E") {
            whole = false;
            let _sign = self.takes("+") || self.takes("-");
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        if whole && let Ok(number) = text.parse::<u64>() {
            return Ok(number.into());
        }
        if whole
            && text != "-0"
            && let Ok(number) = text.parse::<i64>()
        {
            return Ok(number.into());
        }
        let number = parse_decimal(text).and_then(Number::from_f64);
        number.map(Value::Number).ok_or_else(|| Mistake::new(["the number ", text, " is too large"].concat()))
    }
}

/// The text of a value, without white space. Numbers come back to the bit.
pub fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(string) => quote(string, out),
        Value::Array(items) => {
            let mut before = '[';
            for item in items {
                out.push(before);
                write(item, out);
                before = ',';
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(map) => {
            let mut before = '{';
            for (name, value) in map {
                out.push(before);
                quote(name, out);
                out.push(':');
                write(value, out);
                before = ',';
            }
            out.push_str(if map.is_empty() { "{}" } else { "}" });
        }
    }
}

fn number_text(number: &Number) -> String {
    if let Some(whole) = number.as_u64() {
        whole.to_string()
    } else if let Some(whole) = number.as_i64() {
        whole.to_string()
    } else {
        // The shortest digits that give this very number.
        format!("{:?}", number.as_f64().unwrap_or_default())
    }
}

fn quote(string: &str, out: &mut String) {
    out.push('"');
    // What needs no other spelling goes over whole.
    let mut begin = 0;
    for (at, byte) in string.bytes().enumerate() {
        let spelling = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x8 => "\\b",
            0xc => "\\f",
            0..0x20 => "\\u00",
            _ => continue,
        };
        out.push_str(&string[begin..at]);
        out.push_str(spelling);
        if spelling.len() > 2 {
            let digit = |digit: u8| char::from_digit(u32::from(digit), 16).unwrap_or_default();
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        }
        begin = at + 1;
    }
    out.push_str(&string[begin..]);
    out.push('"');
}
