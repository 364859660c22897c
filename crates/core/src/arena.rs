//! Flat memory that all threads of a team write parts of, and the only `unsafe` of this crate.
//!
//! A step hands out parts of an arena as slices, and which thread may touch which part between two meetings follows from
//! the program: rows of the batch, rows of a weight's gradient, columns of statistics ([`crate::program`]). The compiler
//! cannot see that, so builds with debug assertions check it: a ledger holds what every thread has touched since the
//! last meeting, and a part that one thread writes and another reads or writes stops the test that did it.

use std::cell::UnsafeCell;

/// A part of an arena: `start..start + len`, in f32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub len: usize,
}

impl Span {
    pub fn new(start: usize, len: usize) -> Self {
        Self { start, len }
    }

    /// Rows `rows` of this span as a matrix of that width.
    #[inline(always)] // Arithmetic that is less than a call.
    pub fn rows(self, rows: &std::ops::Range<usize>, width: usize) -> Self {
        self.part(rows.start * width, rows.len() * width)
    }

    /// `len` values from `offset` on.
    #[inline(always)]
    pub fn part(self, offset: usize, len: usize) -> Self {
        debug_assert!(offset + len <= self.len, "a part of a span lies within it");
        Self { start: self.start + offset, len }
    }
}

/// Values that fill one cache line, so that an arena begins at one.
#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Line([f32; LINE]);

/// f32 values in a cache line.
pub(crate) const LINE: usize = 16;

/// A flat buffer of f32, all zero at first.
pub(crate) struct Arena {
    lines: Box<[UnsafeCell<Line>]>,
    len: usize,
    #[cfg(debug_assertions)]
    ledger: ledger::Ledger,
}

// SAFETY: parts that threads touch at the same time are disjoint or only read; see the head of this file.
unsafe impl Sync for Arena {}

#[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "`thread` is for the ledger"))]
impl Arena {
    pub fn new(len: usize) -> Self {
        let lines = (0..len.div_ceil(LINE)).map(|_| UnsafeCell::new(Line([0.0; LINE]))).collect();
        Self {
            lines,
            len,
            #[cfg(debug_assertions)]
            ledger: ledger::Ledger::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    #[inline(always)] // As those two below: a step asks for a hundred parts, and calls would take longer than tiny ones.
    fn start(&self, span: Span) -> *mut f32 {
        assert!(span.start + span.len <= self.len, "a span lies within its arena");
        let first = self.lines.as_ptr().cast::<f32>().cast_mut();
        first.wrapping_add(span.start)
    }

    /// What `thread` reads.
    #[inline(always)]
    pub fn read(&self, thread: usize, span: Span) -> &[f32] {
        #[cfg(debug_assertions)]
        self.ledger.note(thread, span, false);
        // SAFETY: within the arena (asserted); no thread writes it until the next meeting (head of this file).
        unsafe { std::slice::from_raw_parts(self.start(span), span.len) }
    }

    /// What `thread` writes. One op asks for each part once, so no two of its slices overlap.
    #[expect(clippy::mut_from_ref, reason = "threads write disjoint parts; see the head of this file")]
    #[inline(always)]
    pub fn write(&self, thread: usize, span: Span) -> &mut [f32] {
        #[cfg(debug_assertions)]
        self.ledger.note(thread, span, true);
        // SAFETY: within the arena (asserted); no other thread and no other slice of this op touches it until the next
        // meeting (head of this file).
        unsafe { std::slice::from_raw_parts_mut(self.start(span), span.len) }
    }

    /// All of it, between programs.
    pub fn as_slice(&self) -> &[f32] {
        let all = Span::new(0, self.len);
        // SAFETY: within the arena. Programs run inside methods that hold the memory exclusively, so none runs now.
        unsafe { std::slice::from_raw_parts(self.start(all), all.len) }
    }

    /// All of it, between programs.
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        let all = Span::new(0, self.len);
        // SAFETY: within the arena, which is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.start(all), all.len) }
    }

    /// Threads have met: what they touched before no longer counts. Called by one thread while the others wait.
    #[cfg(debug_assertions)]
    pub fn forget(&self) {
        self.ledger.forget();
    }
}

#[cfg(debug_assertions)]
mod ledger {
    use super::Span;
    use std::sync::Mutex;

    /// What threads have touched since they last met.
    #[derive(Default)]
    pub struct Ledger(Mutex<Vec<Entry>>);

    struct Entry {
        thread: usize,
        start: usize,
        end: usize,
        write: bool,
    }

    impl Ledger {
        pub fn note(&self, thread: usize, span: Span, write: bool) {
            let (start, end) = (span.start, span.start + span.len);
            let mut entries = self.0.lock().expect("a panic under this lock has ended the test already");
            for entry in entries.iter() {
                let clash = entry.thread != thread
                    && (write || entry.write)
                    && start < entry.end
                    && entry.start < end;
                assert!(!clash, "threads {thread} and {} touch {start}..{end} without meeting", entry.thread);
            }
            if start < end {
                entries.push(Entry { thread, start, end, write });
            }
        }

        pub fn forget(&self) {
            self.0.lock().expect("a panic under this lock has ended the test already").clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_was_written_there() {
        let mut arena = Arena::new(40);
        arena.write(0, Span::new(3, 2)).copy_from_slice(&[1.0, 2.0]);
        assert_eq!(arena.as_slice()[2..6], [0.0, 1.0, 2.0, 0.0]);
        arena.as_mut_slice().fill(7.0);
        assert_eq!(arena.len(), 40);
        assert!(arena.read(0, Span::new(0, 40)).iter().all(|&v| v == 7.0));
    }

    #[cfg(debug_assertions)]
    #[test]
    fn the_ledger_sees_two_threads_at_one_place() {
        let touch = |first_writes: bool, second_writes: bool, meet: bool| {
            std::panic::catch_unwind(|| {
                let arena = Arena::new(16);
                let touch = |thread, start, write| {
                    let span = Span::new(start, 4);
                    if write { arena.write(thread, span).len() } else { arena.read(thread, span).len() }
                };
                touch(0, 0, first_writes);
                if meet {
                    arena.forget();
                }
                touch(1, 3, second_writes);
            })
            .is_ok()
        };
        assert!(touch(false, false, false));
        assert!(!touch(true, false, false));
        assert!(!touch(false, true, false));
        assert!(touch(true, true, true));
    }
}
