//! Text into records, piece by piece: `csv-core` does the splitting, this file what it leaves open: growing buffers,
//! line numbers, and quotes that are never closed.
//!
//! A quote that opens a cell and is not closed would swallow the rest of the file. Such a record is noticed by its
//! length or by the end of the file; its first line is then read anew without that quote, and reading goes on with the line
//! after it. So one stray quote costs nothing but itself.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// What stands between cells and around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
}

impl Dialect {
    fn reader(self, quoting: bool) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).quote(self.quote).quoting(quoting).build()
    }
}

/// One record: its cells, and the line of the file where it begins (from 1).
pub(crate) struct Record<'a> {
    text: &'a str,
    ends: &'a [usize],
    pub(crate) line: u64,
}

impl<'a> Record<'a> {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cells in order.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (text, ends) = (self.text, self.ends);
        let mut start = 0;
        ends.iter().map(move |&end| {
            let cell = text.get(start..end).unwrap_or_default();
            start = end;
            cell
        })
    }
}

/// A line longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub(crate) line: u64,
}

/// Splits text that comes in pieces.
pub(crate) struct Records {
    dialect: Dialect,
    reader: Reader,
    /// Everything of the record at hand that was consumed, for a second reading.
    raw: Vec<u8>,
    out: Vec<u8>,
    out_len: usize,
    ends: Vec<usize>,
    ends_len: usize,
    limit_bytes: usize,
    /// Line breaks before `raw`, and whether the last byte before it was a carriage return.
    breaks: u64,
    after_return: bool,
    /// Lines whose quote was never closed: how many, and the first few.
    unclosed: u64,
    unclosed_lines: Vec<u64>,
}

impl Records {
    /// `lines_before`: lines of the file that were taken off before.
    pub(crate) fn new(dialect: Dialect, limit_bytes: usize, lines_before: u64) -> Self {
        Self {
            dialect,
            reader: dialect.reader(true),
            raw: Vec::new(),
            out: vec![0; 4096],
            out_len: 0,
            ends: vec![0; 64],
            ends_len: 0,
            limit_bytes,
            breaks: lines_before,
            after_return: false,
            unclosed: 0,
            unclosed_lines: Vec::new(),
        }
    }

    /// Lines whose quote was never closed: how many, and the first few.
    pub(crate) fn unclosed(&self) -> (u64, &[u64]) {
        (self.unclosed, &self.unclosed_lines)
    }

    /// The line of a byte of the text that is to be pushed next, which stands behind `text`.
    pub(crate) fn line_behind(&self, text: &str) -> u64 {
        let (mut breaks, mut after_return) = (self.breaks, self.after_return);
        for &byte in self.raw.iter().chain(text.as_bytes()) {
            breaks += u64::from(byte == b'\r' || byte == b'\n' && !after_return);
            after_return = byte == b'\r';
        }
        breaks + 1
    }

    /// Hands every record that `text` completes to `each`.
    ///
    /// # Errors
    /// [`TooLong`] for one line over the limit.
    pub(crate) fn push<E: From<TooLong>>(
        &mut self,
        text: &str,
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut again;
        let mut input = text.as_bytes();
        while !input.is_empty() {
            let (complete, consumed) = self.advance(input);
            input = &input[consumed..];
            if complete {
                self.emit(each)?;
            } else if self.raw.len() > self.limit_bytes {
                let mut rest = self.reread_first_line(each)?;
                rest.extend_from_slice(input);
                again = rest;
                input = &again;
            }
        }
        Ok(())
    }

    /// Hands over what is left when the text has ended.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn finish<E: From<TooLong>>(
        &mut self,
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            // A line break ends any record that is not inside quotes.
            let (complete, _) = self.advance(b"\n");
            if complete {
                return self.emit(each);
            }
            self.raw.pop();
            if self.raw.iter().all(|b| matches!(b, b'\n' | b'\r')) {
                return Ok(());
            }
            let rest = self.reread_first_line(each)?;
            let rest = String::from_utf8(rest).unwrap_or_default();
            self.push(&rest, each)?;
        }
    }

    /// Reads up to the end of a record, of the input, or of what may be one record. Gives whether a record is complete
    /// and how many bytes were consumed.
    fn advance(&mut self, input: &[u8]) -> (bool, usize) {
        let mut consumed = 0;
        loop {
            let rest = &input[consumed..];
            if rest.is_empty() {
                // To the splitter an empty input is the end of the file.
                return (false, consumed);
            }
            let room = (self.limit_bytes + 1).saturating_sub(self.raw.len()).min(rest.len());
            let (result, read, written, ended) = self.reader.read_record(
                &rest[..room],
                &mut self.out[self.out_len..],
                &mut self.ends[self.ends_len..],
            );
            self.raw.extend_from_slice(&rest[..read]);
            consumed += read;
            self.out_len += written;
            self.ends_len += ended;
            match result {
                ReadRecordResult::OutputFull => self.out.resize(self.out.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return (true, consumed),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return (false, consumed),
            }
        }
    }

    fn emit<E>(&mut self, each: &mut impl FnMut(Record<'_>) -> Result<(), E>) -> Result<(), E> {
        // Line breaks at the beginning belong to the record before and to blank lines.
        let leading = self.raw.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        self.count_breaks(0..leading);
        let line = self.breaks + 1;
        let len = self.raw.len();
        if len > leading + 1 && len == leading + self.out_len + self.ends_len {
            // Nothing was quoted: one delimiter behind every cell, and the last of them is the only line break.
            self.after_return = false;
            self.count_breaks(len - 1..len);
        } else {
            self.count_breaks(leading..len);
        }
        self.raw.clear();
        let text = std::str::from_utf8(&self.out[..self.out_len]).unwrap_or_default();
        let record = Record { text, ends: &self.ends[..self.ends_len], line };
        self.out_len = 0;
        self.ends_len = 0;
        each(record)
    }

    fn count_breaks(&mut self, range: std::ops::Range<usize>) {
        for &byte in &self.raw[range] {
            self.breaks += u64::from(byte == b'\r' || byte == b'\n' && !self.after_return);
            self.after_return = byte == b'\r';
        }
    }

    /// Reads one line from its beginning.
    fn advance_anew(&mut self, line: &[u8], quoting: bool) -> bool {
        self.raw.clear();
        self.out_len = 0;
        self.ends_len = 0;
        self.reader = self.dialect.reader(quoting);
        let (complete, _) = self.advance(line);
        complete
    }

    /// Where in a line the cell begins whose quote the line does not close.
    fn unclosed_quote(&self, line: &[u8]) -> Option<usize> {
        let Dialect { delimiter, quote } = self.dialect;
        let (mut begin, mut inside, mut cell_begins) = (None, false, true);
        for (at, &byte) in line.iter().enumerate() {
            if byte == quote && inside {
                inside = false;
            } else if byte == quote && cell_begins {
                (begin, inside) = (Some(at), true);
            } else if byte == quote {
                // In a quoted cell, right after one that closed it: a pair, which closes nothing.
                inside = begin.is_some_and(|begin| at > begin + 1) && line[at - 1] == quote;
            }
            cell_begins = !inside && (byte == delimiter || matches!(byte, b'\n' | b'\r'));
            if cell_begins {
                begin = None;
            }
        }
        begin.filter(|_| inside)
    }

    /// Takes the first line of `raw` as a record without the quote that never closes, and gives back the bytes after it.
    fn reread_first_line<E: From<TooLong>>(
        &mut self,
        each: &mut impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<Vec<u8>, E> {
        let is_break = |b: &u8| matches!(b, b'\n' | b'\r');
        let leading = self.raw.iter().take_while(|b| is_break(b)).count();
        let length = match self.raw[leading..].iter().position(is_break) {
            Some(at) => leading + at,
            None if self.raw.len() > self.limit_bytes => {
                self.count_breaks(0..leading);
                return Err(TooLong { line: self.breaks + 1 }.into());
            }
            None => self.raw.len(),
        };
        let rest = self.raw.split_off(length);
        let mut first = std::mem::take(&mut self.raw);
        first.push(b'\n');
        // Without the quote that opens and never closes, the rest of the line mostly makes sense as it stands.
        let mut mended = first.clone();
        if let Some(at) = self.unclosed_quote(&first) {
            mended.remove(at);
        }
        let mut complete = self.advance_anew(&mended, true);
        if !complete {
            complete = self.advance_anew(&first, false);
        }
        // The line break was only there to end the record.
        self.raw.pop();
        self.reader = self.dialect.reader(true);
        self.unclosed += 1;
        if complete {
            self.emit(each)?;
        }
        if self.unclosed_lines.len() < 3 {
            self.unclosed_lines.push(self.breaks + 1);
        }
        Ok(rest)
    }
}

/// The records of `text`, at most `limit`, for guessing. The last one may be cut short.
pub(crate) fn preview(text: &str, dialect: Dialect, limit: usize) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let mut records = Records::new(dialect, text.len().max(1), 0);
    let mut each = |record: Record<'_>| {
        found.push(record.cells().map(str::to_owned).collect());
        if found.len() < limit { Ok(()) } else { Err(Stop) }
    };
    if records.push(text, &mut each).is_ok() {
        // Ended by what it holds, not by an error worth telling.
        let _: Result<(), Stop> = records.finish(&mut each);
    }
    found
}

/// Enough was read.
struct Stop;

impl From<TooLong> for Stop {
    fn from(_: TooLong) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    type Rows = Vec<(u64, Vec<String>)>;

    fn read(text: &str, piece: usize, limit: usize) -> Result<(Rows, u64), TooLong> {
        let mut rows = Vec::new();
        let mut each = |record: Record<'_>| -> Result<(), TooLong> {
            rows.push((record.line, record.cells().map(str::to_owned).collect()));
            Ok(())
        };
        let mut records = Records::new(COMMA, limit, 0);
        let mut rest = text;
        while !rest.is_empty() {
            let cut = (piece.min(rest.len())..=rest.len())
                .find(|&i| rest.is_char_boundary(i))
                .unwrap_or(rest.len());
            records.push(&rest[..cut], &mut each)?;
            rest = &rest[cut..];
        }
        records.finish(&mut each)?;
        let (unclosed, _) = records.unclosed();
        Ok((rows, unclosed))
    }

    /// Reads in pieces of several sizes, sees that all agree, and gives `line: cell|cell`.
    fn lines(text: &str) -> Vec<String> {
        let whole = read(text, usize::MAX, 1 << 20);
        for piece in 1..8 {
            assert_eq!(read(text, piece, 1 << 20), whole, "pieces of {piece}");
        }
        let (rows, _) = whole.expect("no line is too long");
        rows.into_iter().map(|(line, cells)| format!("{line}: {}", cells.join("|"))).collect()
    }

    #[test]
    fn quotes_commas_and_line_breaks() {
        assert_eq!(lines("a,b\n1,2\n"), ["1: a|b", "2: 1|2"]);
        assert_eq!(lines("a,b\r\n1,2\r\n\r\n3,4"), ["1: a|b", "2: 1|2", "4: 3|4"]);
        assert_eq!(lines("a,b\r1,2\r"), ["1: a|b", "2: 1|2"]);
        assert_eq!(lines("\n\na\n"), ["3: a"]);
        assert_eq!(lines("a,\"x,y\"\n1,\"p \"\"q\"\"\"\n"), ["1: a|x,y", "2: 1|p \"q\""]);
        assert_eq!(lines("\"two\nlines\",b\nc,d\n"), ["1: two\nlines|b", "3: c|d"]);
        assert_eq!(lines("\"a\r\nb\",c\r\nd,\"e\"\r\n"), ["1: a\r\nb|c", "3: d|e"]);
        assert_eq!(lines("{\"\"a\"\": 1},ü\n,\n\"\",x"), ["1: {\"\"a\"\": 1}|ü", "2: |", "3: |x"]);
        assert_eq!(lines("5\" pipe,1\n"), ["1: 5\" pipe|1"]);
        assert_eq!(lines(""), [""; 0]);
        assert_eq!(lines("\n\r\n"), [""; 0]);
        assert_eq!(lines("\"last\none\""), ["1: last\none"]);
    }

    #[test]
    fn a_quote_never_closed_costs_one_line() {
        let text = "a,b\n\"x,1\ny,2\nz,3\n";
        assert_eq!(lines(text), ["1: a|b", "2: x|1", "3: y|2", "4: z|3"]);
        let (_, unclosed) = read(text, 3, 1 << 20).expect("no line is too long");
        assert_eq!(unclosed, 1);
        assert_eq!(lines("a\r\n\r\n\"x\r\ny"), ["1: a", "3: x", "4: y"]);
        assert_eq!(lines("\"p,q\",1,\"x\nr,2,s\n"), ["1: p,q|1|x", "2: r|2|s"]);
        assert_eq!(lines("\"a\"\"b\",\"c\"\"d\nx,y\n"), ["1: a\"b|c\"\"d", "2: x|y"]);
        assert_eq!(lines("\""), ["1: \""]);
        assert_eq!(lines("\"\n"), ["1: \""]);
    }

    #[test]
    fn a_quote_never_closed_in_a_long_file_is_noticed_by_its_length() {
        let mut text = "a,b\n\"x,1\n".to_owned();
        (0..1000).for_each(|i| text.push_str(&format!("v,{i}\n")));
        for piece in [1, 7, 64, usize::MAX] {
            let (rows, unclosed) = read(&text, piece, 256).expect("no line is too long");
            assert_eq!((rows.len(), unclosed), (1002, 1));
            assert_eq!(rows[1001], (1002, vec!["v".to_owned(), "999".to_owned()]));
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        for piece in [1, 100, usize::MAX] {
            let text = format!("a,b\n\n{}", "x,".repeat(1000));
            assert_eq!(read(&text, piece, 500), Err(TooLong { line: 3 }));
        }
    }

    #[test]
    fn quotes_in_any_place_cost_no_more_than_a_second_reading() {
        use tabgrad_kernels::rng::{Purpose, Stream};
        const LIMIT: usize = 512;
        for seed in 0..40 {
            let stream = Stream::new(seed, Purpose::Synthetic, 1);
            // From nearly no quotes to half of all characters; always in a row of one or two, sometimes three.
            let rare = 2 + seed % 10 * 40;
            let mut text = String::new();
            for i in 0..40_000_u64 {
                match u64::from(stream.bits(i)) % rare {
                    0 => text.push_str(["\"", "\"\"", "\"\"\""][stream.bits(i + 50_000) as usize % 3]),
                    _ => text.push(['a', ',', '\n', 'b'][stream.bits(i + 100_000) as usize % 4]),
                }
            }
            let (_, unclosed) = read(&text, 1000, LIMIT).expect("lines are short");
            assert!(unclosed as usize * LIMIT <= text.len(), "seed {seed}: {unclosed} lines were read twice");
        }
    }
}
