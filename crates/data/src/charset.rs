//! Character encodings: which one a file has, and its bytes as UTF-8, piece by piece.
//!
//! Four are enough for tables as spreadsheets write them. They are decoded here because a general library carries the
//! tables of the East Asian encodings with it, several hundred kilobytes that every visitor would load.

use crate::report::Issue;

/// A character encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Latin-1 is read as this, as browsers do: it only adds characters where Latin-1 has control codes.
    Windows1252,
}

impl Charset {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// Guesses from the first bytes of a file; also gives the length of the byte order mark.
    pub(crate) fn detect(head: &[u8]) -> (Self, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => return (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => return (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => return (Self::Utf16Be, 2),
            _ => {}
        }
        if let Some(charset) = Self::utf16_without_mark(head) {
            return (charset, 0);
        }
        let (sequences, malformed) = utf8_census(head);
        (if malformed > sequences { Self::Windows1252 } else { Self::Utf8 }, 0)
    }

    /// Western text in UTF-16 has a zero in every second byte, always on the same side.
    fn utf16_without_mark(head: &[u8]) -> Option<Self> {
        let (mut even, mut odd, mut pairs) = (0, 0, 0);
        for pair in head.chunks_exact(2) {
            pairs += 1;
            even += usize::from(pair[0] == 0);
            odd += usize::from(pair[1] == 0);
        }
        if pairs < 2 {
            None
        } else if odd * 10 >= pairs * 7 && even * 5 <= odd {
            Some(Self::Utf16Le)
        } else if even * 10 >= pairs * 7 && odd * 5 <= even {
            Some(Self::Utf16Be)
        } else {
            None
        }
    }
}

/// Counts well-formed sequences of several bytes, and bytes that fit nowhere. A sequence cut by the end is neither.
fn utf8_census(mut bytes: &[u8]) -> (usize, usize) {
    let (mut sequences, mut malformed) = (0, 0);
    loop {
        let (good, bad) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), None),
            Err(e) => (e.valid_up_to(), e.error_len()),
        };
        // Leading bytes of well-formed sequences are those from 0xC2 on.
        sequences += bytes[..good].iter().filter(|&&b| b >= 0xC2).count();
        let Some(bad) = bad else { return (sequences, malformed) };
        malformed += 1;
        bytes = &bytes[good + bad..];
    }
}

/// Turns bytes of one encoding into UTF-8. What does not fit becomes U+FFFD and is counted.
#[derive(Debug)]
pub(crate) struct Decoder {
    charset: Charset,
    /// Bytes of a character that the last piece cut in two.
    pending: Vec<u8>,
    /// First half of a surrogate pair.
    high: Option<u16>,
    multibyte_seen: bool,
    malformed: u64,
    /// Where the first character that did not fit stands in what was decoded with it.
    pub(crate) first_damage: Option<usize>,
}

impl Decoder {
    pub(crate) fn new(charset: Charset) -> Self {
        Self {
            charset,
            pending: Vec::new(),
            high: None,
            multibyte_seen: false,
            malformed: 0,
            first_damage: None,
        }
    }

    /// Appends the characters of `bytes` to `out`. The result does not depend on how the file is cut into pieces.
    pub(crate) fn decode(&mut self, bytes: &[u8], out: &mut String) {
        match self.charset {
            Charset::Utf8 => self.utf8(bytes, out),
            Charset::Utf16Le => self.utf16(bytes, u16::from_le_bytes, out),
            Charset::Utf16Be => self.utf16(bytes, u16::from_be_bytes, out),
            Charset::Windows1252 => self.windows_1252(bytes, out),
        }
    }

    /// Deals with a character that the end of the file cuts short.
    pub(crate) fn finish(&mut self, out: &mut String) {
        let cut = std::mem::take(&mut self.pending);
        if self.charset == Charset::Utf8 && !cut.is_empty() && !self.multibyte_seen {
            self.charset = Charset::Windows1252;
            self.windows_1252(&cut, out);
        } else if !cut.is_empty() || self.high.take().is_some() {
            self.replace(out);
        }
    }

    /// What is to be told about the encoding; the first damaged character stands in line `damaged`.
    pub(crate) fn issues(&self, damaged: Option<u64>) -> Vec<Issue> {
        let mut issues = Vec::new();
        if self.charset != Charset::Utf8 {
            let name = self.charset.name();
            issues.push(Issue::info(format!(
                "it is not UTF-8 and was read as {name}; check that special characters look right."
            )));
        }
        if self.malformed > 0 {
            let n = self.malformed;
            let message = match n {
                1 => "a byte or character is damaged and stands as \u{FFFD} in the table.".to_owned(),
                _ => format!(
                    "{n} bytes or characters are damaged, the first in this line, and stand as \u{FFFD} in the table."
                ),
            };
            issues.push(Issue { line: damaged, ..Issue::warning(message).count(n) });
        }
        issues
    }

    pub(crate) fn charset(&self) -> Charset {
        self.charset
    }

    fn replace(&mut self, out: &mut String) {
        self.malformed += 1;
        self.first_damage.get_or_insert(out.len());
        out.push('\u{FFFD}');
    }

    fn utf8(&mut self, bytes: &[u8], out: &mut String) {
        let mut joined = std::mem::take(&mut self.pending);
        let mut rest = if joined.is_empty() {
            bytes
        } else {
            joined.extend_from_slice(bytes);
            &joined[..]
        };
        loop {
            let (text, error) = match std::str::from_utf8(rest) {
                Ok(text) => (text, None),
                Err(e) => {
                    let text =
                        std::str::from_utf8(&rest[..e.valid_up_to()]).expect("it was found valid up to here");
                    (text, Some(e.error_len()))
                }
            };
            self.multibyte_seen |= !text.is_ascii();
            self.push_without_nul(text, out);
            rest = &rest[text.len()..];
            match error {
                None => return,
                Some(None) => {
                    self.pending = rest.to_vec();
                    return;
                }
                // All that came so far was ASCII, which means the same in both: it has been Windows-1252 all along.
                Some(Some(_)) if !self.multibyte_seen => {
                    self.charset = Charset::Windows1252;
                    let rest = rest.to_vec();
                    return self.windows_1252(&rest, out);
                }
                Some(Some(bad)) => {
                    self.replace(out);
                    rest = &rest[bad..];
                }
            }
        }
    }

    fn push_without_nul(&mut self, text: &str, out: &mut String) {
        let mut pieces = text.split('\0');
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            self.replace(out);
            out.push_str(piece);
        }
    }

    fn windows_1252(&mut self, bytes: &[u8], out: &mut String) {
        for &byte in bytes {
            match byte {
                0 => self.replace(out),
                0x80..=0x9F => match UPPER_CONTROLS_OF_1252[usize::from(byte - 0x80)] {
                    '\u{FFFD}' => self.replace(out),
                    character => out.push(character),
                },
                _ => out.push(char::from(byte)),
            }
        }
    }

    fn utf16(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16, out: &mut String) {
        let mut bytes = bytes;
        if let (&[first], Some((&second, rest))) = (&self.pending[..], bytes.split_first()) {
            self.pending.clear();
            self.utf16_unit(unit([first, second]), out);
            bytes = rest;
        }
        let pairs = bytes.chunks_exact(2);
        self.pending.extend_from_slice(pairs.remainder());
        for pair in pairs {
            self.utf16_unit(unit([pair[0], pair[1]]), out);
        }
    }

    fn utf16_unit(&mut self, unit: u16, out: &mut String) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                return out.push(character);
            }
            self.replace(out);
        }
        match unit {
            0 | 0xDC00..=0xDFFF => self.replace(out),
            0xD800..=0xDBFF => self.high = Some(unit),
            _ => out.push(char::from_u32(u32::from(unit)).unwrap_or('\u{FFFD}')),
        }
    }
}

/// 0x80 to 0x9F of Windows-1252 (WHATWG Encoding, index-windows-1252); U+FFFD where nothing is assigned.
const UPPER_CONTROLS_OF_1252: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž',
    '\u{FFFD}', //
    '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes in one piece, then byte by byte, and sees that both agree.
    fn decode(bytes: &[u8]) -> (String, Charset, u64) {
        let (charset, mark) = Charset::detect(bytes);
        let run = |piece: usize| {
            let mut decoder = Decoder::new(charset);
            let mut out = String::new();
            bytes[mark..].chunks(piece).for_each(|c| decoder.decode(c, &mut out));
            decoder.finish(&mut out);
            (out, decoder.charset(), decoder.malformed)
        };
        let whole = run(usize::MAX);
        for piece in 1..6 {
            assert_eq!(run(piece), whole, "pieces of {piece}");
        }
        whole
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_comes_through_in_every_encoding() {
        let text = "größe,name\n1,ñandú 😀 € – ok\n";
        assert_eq!(decode(text.as_bytes()), (text.into(), Charset::Utf8, 0));
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()), (text.into(), Charset::Utf8, 0));
        for mark in ["\u{FEFF}", ""] {
            let marked = format!("{mark}{text}");
            assert_eq!(decode(&utf16(&marked, u16::to_le_bytes)), (text.into(), Charset::Utf16Le, 0));
            assert_eq!(decode(&utf16(&marked, u16::to_be_bytes)), (text.into(), Charset::Utf16Be, 0));
        }
        assert_eq!(
            decode(b"gr\xF6\xDFe,price\n1,5 \x80 \x96 ok\n"),
            ("größe,price\n1,5 € – ok\n".into(), Charset::Windows1252, 0)
        );
    }

    #[test]
    fn late_latin_bytes_after_ascii_are_latin() {
        let mut bytes = vec![b'a'; 100];
        bytes.push(0xE9);
        let mut decoder = Decoder::new(Charset::Utf8);
        let mut out = String::new();
        decoder.decode(&bytes, &mut out);
        decoder.decode(b"t\xE9", &mut out);
        decoder.finish(&mut out);
        assert_eq!(out, format!("{}été", "a".repeat(100)));
        assert_eq!(decoder.issues(None).len(), 1);
    }

    #[test]
    fn damage_is_replaced_and_counted() {
        assert_eq!(decode("é é é \u{0}".as_bytes()), ("é é é \u{FFFD}".into(), Charset::Utf8, 1));
        assert_eq!(
            decode(b"\xC3\xA9\xC3\xA9 \xFF x \xC3"),
            ("éé \u{FFFD} x \u{FFFD}".into(), Charset::Utf8, 2)
        );
        let mut lone = utf16("\u{FEFF}ab", u16::to_le_bytes);
        lone.extend([0x00, 0xD8, b'c', 0, 0x00, 0xDC, b'd']);
        assert_eq!(decode(&lone), ("ab\u{FFFD}c\u{FFFD}\u{FFFD}".into(), Charset::Utf16Le, 3));
    }
}
