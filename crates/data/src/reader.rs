//! A file into a table, piece by piece, in bounded memory.
//!
//! The first 64 KB are kept back until encoding and dialect are known; from then on every piece is decoded, split into
//! records and stored as it comes. What is wrong with single rows is mended, counted and told, never a reason to stop.

use crate::charset::{Charset, Decoder};
use crate::discovery::Discovery;
use crate::error::Error;
use crate::magic::{refuse_binary, refuse_known};
use crate::names::{column_names, numbered};
use crate::records::{Record, Records, TooLong};
use crate::report::{Issue, Source};
use crate::sniff::{HEAD_BYTES, Sniffed, sniff, stands_above};
use crate::store::{Budget, Store};
use crate::table::{Raw, Table};

/// Pieces are decoded in steps of this many bytes, whatever size they come in.
const STEP_BYTES: usize = 64 * 1024;
/// A head without line breaks grows no further than this.
const LONGEST_HEAD_BYTES: usize = 1 << 20;

/// What a table may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// More columns are refused.
    pub columns: usize,
    /// Of more cells a sample of the rows is kept.
    pub cells: usize,
    /// Of more text a sample of the rows is kept. Below 4 GiB.
    pub text_bytes: usize,
    /// Longer lines are refused.
    pub line_bytes: usize,
    /// Decides which rows a sample has.
    pub seed: u64,
}

impl Default for Limits {
    /// 10,000 columns, 6 million cells, 64 MiB of text, 4 MiB in one line: together with what reading takes, about
    /// 150 MB.
    fn default() -> Self {
        Self { columns: 10_000, cells: 6_000_000, text_bytes: 64 << 20, line_bytes: 4 << 20, seed: 0 }
    }
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Bytes of the whole file, if known.
    pub total_bytes: Option<u64>,
    /// Rows found in them.
    pub rows: u64,
}

/// Reads a CSV or TSV file that comes in pieces.
pub struct TableReader {
    file: String,
    limits: Limits,
    progress: Progress,
    head: Vec<u8>,
    body: Option<Body>,
}

/// What there is once encoding and dialect are known.
struct Body {
    decoder: Decoder,
    sniffed: Sniffed,
    text: String,
    records: Records,
    rows: Rows,
    /// Line of the first character that the encoding does not know.
    damaged: Option<u64>,
}

/// Takes records and mends them.
struct Rows {
    file: String,
    limits: Limits,
    sniffed: Sniffed,
    names: Vec<String>,
    named: Vec<bool>,
    name_issues: Vec<Issue>,
    store: Option<Store>,
    short: Lines,
    long: Lines,
    blank: Lines,
    above: Lines,
}

/// Lines that something is the matter with: how many, and the first few.
#[derive(Default)]
struct Lines {
    count: u64,
    first: Vec<u64>,
}

impl Lines {
    fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < 3 {
            self.first.push(line);
        }
    }
}

impl TableReader {
    /// A reader for the file of this name; `size_bytes` is for [`Self::progress`] only.
    pub fn new(file_name: &str, size_bytes: Option<u64>, limits: Limits) -> Self {
        let limits = Limits {
            columns: limits.columns.max(1),
            text_bytes: limits.text_bytes.min(u32::MAX as usize / 2),
            line_bytes: limits.line_bytes.clamp(1, limits.text_bytes.min(u32::MAX as usize / 2).max(1)),
            ..limits
        };
        Self {
            file: file_name.chars().take(200).collect(),
            limits,
            progress: Progress { total_bytes: size_bytes, ..Progress::default() },
            head: Vec::new(),
            body: None,
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Takes the next bytes of the file, any number of them.
    ///
    /// # Errors
    /// If this is no table of text, has too many columns, or a line without end. The reader is of no use afterwards.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.progress.bytes += bytes.len() as u64;
        match &mut self.body {
            Some(body) => body.push(bytes)?,
            None => {
                self.head.extend_from_slice(bytes);
                let lines = || self.head.iter().filter(|b| matches!(b, b'\n' | b'\r')).take(8).count();
                if self.head.len() >= LONGEST_HEAD_BYTES || self.head.len() >= HEAD_BYTES && lines() >= 8 {
                    self.begin(false)?;
                }
            }
        }
        self.progress.rows = self.body.as_ref().map_or(0, |body| body.rows.seen());
        Ok(())
    }

    /// The table, when all bytes have been pushed.
    ///
    /// # Errors
    /// Those of [`Self::push`]; besides if there are no rows, or nothing in them can be learned.
    pub fn finish(self) -> Result<Table, Error> {
        self.close()?.finish()
    }

    /// The same, a column at a time.
    ///
    /// # Errors
    /// Those of [`Self::push`]; besides if there are no rows.
    pub fn close(mut self) -> Result<Discovery, Error> {
        if self.body.is_none() {
            self.begin(true)?;
        }
        match self.body {
            Some(body) => body.close(),
            None => Err(Error::EmptyFile { file: self.file }),
        }
    }

    /// Finds encoding and dialect and reads the head.
    fn begin(&mut self, whole: bool) -> Result<(), Error> {
        let head = std::mem::take(&mut self.head);
        refuse_known(&self.file, &head)?;
        let (charset, mark) = Charset::detect(&head);
        if matches!(charset, Charset::Utf8 | Charset::Windows1252) {
            refuse_binary(&self.file, &head)?;
        }
        let mut decoder = Decoder::new(charset);
        let mut text = String::new();
        decoder.decode(&head[mark..], &mut text);
        if whole {
            decoder.finish(&mut text);
        }
        let start = text.floor_char_boundary(LONGEST_HEAD_BYTES);
        let lower = self.file.to_ascii_lowercase();
        let tabs = lower.ends_with(".tsv") || lower.ends_with(".tab");
        let sniffed = sniff(&text[..start], whole && start == text.len(), tabs);
        let lines_before = u64::from(sniffed.skip > 0);
        decoder.first_damage = decoder.first_damage.map(|at| at.saturating_sub(sniffed.skip));
        let mut body = Body {
            decoder,
            records: Records::new(sniffed.dialect, self.limits.line_bytes, lines_before),
            rows: Rows::new(self.file.clone(), self.limits, sniffed.clone()),
            text: text.split_off(sniffed.skip),
            sniffed,
            damaged: None,
        };
        body.split()?;
        self.body = Some(body);
        Ok(())
    }
}

impl Body {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for step in bytes.chunks(STEP_BYTES) {
            self.decoder.decode(step, &mut self.text);
            self.split()?;
        }
        Ok(())
    }

    /// Hands the decoded text on.
    fn split(&mut self) -> Result<(), Error> {
        let Self { records, rows, text, decoder, damaged, .. } = self;
        if let (Some(at), None) = (decoder.first_damage, &damaged) {
            *damaged = Some(records.line_behind(&text[..at.min(text.len())]));
        }
        let file = rows.file.clone();
        records
            .push(text, &mut |record: Record<'_>| rows.take(&record).map_err(Stop::Refused))
            .map_err(|stop| stop.error(&file, rows.limits.line_bytes))?;
        text.clear();
        Ok(())
    }

    fn close(mut self) -> Result<Discovery, Error> {
        self.decoder.finish(&mut self.text);
        self.split()?;
        let Self { records, rows, .. } = &mut self;
        let file = rows.file.clone();
        records
            .finish(&mut |record: Record<'_>| rows.take(&record).map_err(Stop::Refused))
            .map_err(|stop| stop.error(&file, rows.limits.line_bytes))?;
        let (unclosed, unclosed_lines) = self.records.unclosed();
        let unclosed = Lines { count: unclosed, first: unclosed_lines.to_vec() };
        let mut issues = self.decoder.issues(self.damaged);
        issues.extend(self.rows.issues());
        issues.extend(tell(
            &unclosed,
            "has a quote that is never closed",
            "have a quote that is never closed",
            "the quote was left out",
        ));
        self.rows.discover(self.sniffed, self.decoder.charset(), issues)
    }
}

/// Why splitting stopped.
enum Stop {
    Refused(Error),
    TooLong(TooLong),
}

impl From<TooLong> for Stop {
    fn from(line: TooLong) -> Self {
        Self::TooLong(line)
    }
}

impl Stop {
    fn error(self, file: &str, limit_bytes: usize) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::TooLong(TooLong { line }) => {
                Error::LineTooLong { file: file.to_owned(), line, limit_bytes }
            }
        }
    }
}

impl Rows {
    fn new(file: String, limits: Limits, sniffed: Sniffed) -> Self {
        Self {
            file,
            limits,
            sniffed,
            names: Vec::new(),
            named: Vec::new(),
            name_issues: Vec::new(),
            store: None,
            short: Lines::default(),
            long: Lines::default(),
            blank: Lines::default(),
            above: Lines::default(),
        }
    }

    fn seen(&self) -> u64 {
        self.store.as_ref().map_or(0, Store::seen)
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), Error> {
        match &mut self.store {
            Some(_) => self.row(record),
            None if record.cells().all(|cell| cell.trim().is_empty()) => self.blank.add(record.line),
            None if stands_above(record.cells(), self.sniffed.width) => self.above.add(record.line),
            None => {
                self.first(record)?;
                if !self.sniffed.has_header {
                    self.row(record);
                }
                return Ok(());
            }
        }
        Ok(())
    }

    /// The first record says how many columns there are and, if it is a header, what they are called.
    fn first(&mut self, record: &Record<'_>) -> Result<(), Error> {
        let header: Vec<String> = if self.sniffed.has_header {
            let mut names: Vec<String> = record.cells().map(str::to_owned).collect();
            if names.len() + 1 == self.sniffed.width && !self.sniffed.trailing {
                // Row names without a name of their own, as R writes them.
                names.insert(0, String::new());
            }
            names
        } else {
            numbered(record.len().max(if self.sniffed.trailing { 0 } else { self.sniffed.width }))
        };
        let columns = header.len();
        if columns > self.limits.columns {
            let (file, limit) = (self.file.clone(), self.limits.columns);
            return Err(Error::TooManyColumns { file, line: record.line, columns, limit });
        }
        self.named = header.iter().map(|name| self.sniffed.has_header && !name.trim().is_empty()).collect();
        (self.names, self.name_issues) = column_names(&header, record.line);
        let budget = Budget { cells: self.limits.cells.max(columns), text_bytes: self.limits.text_bytes };
        self.store = Some(Store::new(columns, budget, self.limits.seed));
        Ok(())
    }

    fn row(&mut self, record: &Record<'_>) {
        let Some(store) = &mut self.store else { return };
        let (cells, width) = (record.len(), store.width());
        if width > 1 && record.cells().all(|cell| cell.trim().is_empty()) {
            return self.blank.add(record.line);
        }
        if cells < width {
            self.short.add(record.line);
        } else if cells > width && record.cells().skip(width).any(|cell| !cell.trim().is_empty()) {
            self.long.add(record.line);
        }
        store.push(record.cells(), record.line);
    }

    fn issues(&mut self) -> Vec<Issue> {
        let mut issues = std::mem::take(&mut self.name_issues);
        issues.extend(tell(&self.above, "stands above the table", "stand above the table", "left out"));
        issues.extend(tell(
            &self.short,
            "has too few cells",
            "have too few cells",
            "the rest counts as missing",
        ));
        issues.extend(tell(
            &self.long,
            "has more cells than there are columns",
            "have more cells than there are columns",
            "what is too much was left out",
        ));
        if let Some(&line) = self.blank.first.first() {
            let n = self.blank.count;
            let message = if n == 1 {
                "the row has no value and was left out.".to_owned()
            } else {
                format!("{n} rows have no value, the first in this line; they were left out.")
            };
            issues.push(Issue::info(message).line(line).count(n));
        }
        issues
    }

    fn discover(
        self,
        sniffed: Sniffed,
        charset: Charset,
        mut issues: Vec<Issue>,
    ) -> Result<Discovery, Error> {
        let file = self.file;
        let Some(store) = self.store else { return Err(Error::EmptyFile { file }) };
        let (seen, sampled) = (store.seen(), store.sampled());
        if seen == 0 && sniffed.has_header {
            return Err(Error::HeaderOnly { file, columns: self.names.len() });
        }
        let (cells, lines) = store.into_parts();
        if sampled {
            let kept = lines.len();
            let message = format!(
                "it has {seen} rows, more than fit into memory: {kept} of them, drawn at random, are used."
            );
            issues.push(Issue::warning(message).count(seen - kept as u64));
        }
        Discovery::new(Raw {
            name: file,
            source: Source::File,
            origin: None,
            delimiter: (self.names.len() > 1).then_some(sniffed.dialect.delimiter),
            charset: Some(charset.name()),
            has_header: Some(sniffed.has_header),
            names: self.names,
            named: self.named,
            cells,
            lines,
            issues,
        })
    }
}

/// One sentence about lines.
fn tell(lines: &Lines, one: &str, many: &str, done: &str) -> Option<Issue> {
    let &first = lines.first.first()?;
    let n = lines.count;
    let message = if n == 1 {
        format!("it {one}; {done}.")
    } else {
        let list: Vec<String> = lines.first.iter().map(u64::to_string).collect();
        let more = if n > list.len() as u64 { ", ..." } else { "" };
        format!("{n} lines {many} (lines {}{more}); {done}.", list.join(", "))
    };
    Some(Issue::warning(message).line(first).count(n))
}
