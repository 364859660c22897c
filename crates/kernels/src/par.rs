//! Threads: one program, and every thread of a team runs it.
//!
//! ```text
//! pool.run(|team| {                       thread 0        thread 1
//!     forward(rows of team.share(..));    rows 0..32      rows 32..64
//!     team.barrier();                     ---- meet, see each other's writes ----
//!     backward(..);
//! });
//! ```
//!
//! Thread 0 is the caller's: it is awake and on a core already, so only the others have to be woken, and those a system tends to
//! give other cores. (Where two share one all the same, they take turns on it until the system notices.)
//!
//! The only file that names rayon: it lends the other threads (in a browser they are workers that wasm-bindgen-rayon started).
//! What may be cut, and where threads must meet, is left to the plan of `tabgrad-core`.

use std::ops::Range;
#[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::lanes;

/// Looks at the barrier before a thread parks: some tens of microseconds, about what waking a parked worker costs. Not more: where
/// a system has put two threads on one core, whoever looks keeps the other from what it is waited for.
const SPINS: u32 = 20_000;

/// How many threads of rayon's global pool have started.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// Says that rayon's global pool is there; in a browser, that `init_thread_pool` is done. Before that, and where nobody says
/// so, [`Pool::global`] has none of its threads.
pub fn threads_started() {
    #[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
    STARTED.store(rayon::current_num_threads(), Ordering::Release);
}

/// Where programs run: on the caller alone, or on the caller and every thread of a rayon pool. Clones share the threads.
#[derive(Clone, Debug)]
pub struct Pool {
    threads: usize,
    home: Home,
}

/// Whose threads they are. Two programs at once on the same threads would wait for each other at their barriers for ever,
/// so they take turns.
#[derive(Clone, Debug)]
enum Home {
    Caller,
    #[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
    Global {
        turn: Arc<Mutex<()>>,
    },
    #[cfg(not(target_arch = "wasm32"))]
    Own {
        pool: Arc<rayon::ThreadPool>,
        turn: Arc<Mutex<()>>,
    },
}

impl Pool {
    /// A pool of one: programs run on the calling thread.
    pub fn single() -> Self {
        Self { threads: 1, home: Home::Caller }
    }

    /// A pool of its own with `threads` threads, the caller among them, more than the machine has cores if asked for. If the
    /// system refuses to start them, a pool of one, which gives the same results.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn with_threads(threads: usize) -> Self {
        if threads <= 1 {
            return Self::single();
        }
        match rayon::ThreadPoolBuilder::new().num_threads(threads - 1).build() {
            Ok(pool) => Self { threads, home: Home::Own { pool: Arc::new(pool), turn: Arc::default() } },
            Err(_) => Self::single(),
        }
    }

    /// The caller and those threads of rayon's global pool that have started; where there are none, a pool of one.
    pub fn global() -> Self {
        Self::coming(STARTED.load(Ordering::Acquire) + 1)
    }

    /// `threads` threads in all: the caller and rayon's global pool, which may still be starting. Until it is there, programs
    /// run on the caller alone, to the same results.
    pub fn coming(threads: usize) -> Self {
        #[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
        if threads > 1 {
            // One for all of them: they share the threads.
            static TURN: std::sync::OnceLock<Arc<Mutex<()>>> = std::sync::OnceLock::new();
            return Self { threads, home: Home::Global { turn: TURN.get_or_init(Arc::default).clone() } };
        }
        let _ = threads;
        Self::single()
    }

    /// How many threads run a program, or will.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Runs `program` once on every thread that is there and returns when all have finished. Must not be called from within a
    /// program. A panic in one thread ends the others at their next barrier and is passed on to the caller.
    pub fn run(&self, program: impl Fn(&Team) + Sync) {
        let threads = match &self.home {
            #[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
            Home::Global { .. } if STARTED.load(Ordering::Acquire) + 1 != self.threads => 1,
            _ => self.threads,
        };
        let meeting = Meeting::new(threads);
        let body = lanes::current();
        let on_thread = |index: usize| {
            let guard = PoisonOnPanic(&meeting);
            lanes::with(body, || program(&Team { index, threads, meeting: &meeting }));
            drop(guard);
        };
        if threads == 1 {
            return on_thread(0);
        }
        match &self.home {
            Home::Caller => {}
            #[cfg(any(not(target_arch = "wasm32"), target_feature = "atomics"))]
            Home::Global { turn } => {
                let _turn = lock(turn);
                rayon::in_place_scope(|scope| {
                    scope.spawn_broadcast(|_, thread| on_thread(thread.index() + 1));
                    on_thread(0);
                });
            }
            #[cfg(not(target_arch = "wasm32"))]
            Home::Own { pool, turn } => {
                let _turn = lock(turn);
                pool.in_place_scope(|scope| {
                    scope.spawn_broadcast(|_, thread| on_thread(thread.index() + 1));
                    on_thread(0);
                });
            }
        }
    }
}

/// What a running program knows of its threads.
#[derive(Debug)]
pub struct Team<'a> {
    index: usize,
    threads: usize,
    meeting: &'a Meeting,
}

impl Team<'_> {
    /// This thread's number, `0..threads()`.
    pub fn index(&self) -> usize {
        self.index
    }

    /// How many threads run this program.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Waits until every thread of the team is here; what each wrote before is visible to all afterwards.
    ///
    /// # Panics
    /// When another thread of the team panicked: it would never arrive.
    pub fn barrier(&self) {
        if self.threads > 1 {
            self.meeting.wait();
        }
    }

    /// This thread's contiguous part of `0..n`, cut at multiples of `grain` (at least 1); the parts of all threads
    /// together are `0..n`, and some are empty when there are fewer grains than threads.
    pub fn share(&self, n: usize, grain: usize) -> Range<usize> {
        share(n, grain, self.index, self.threads)
    }
}

/// Part `index` of `parts` of `0..n`, cut at multiples of `grain`: see [`Team::share`].
pub fn share(n: usize, grain: usize, index: usize, parts: usize) -> Range<usize> {
    if parts == 1 {
        return 0..n;
    }
    let grain = grain.max(1);
    let grains = n.div_ceil(grain);
    let cut = |part: usize| (grains * part / parts * grain).min(n);
    cut(index)..cut(index + 1)
}

/// A barrier that is used over and over: the last thread to arrive begins a new generation, the others look for it
/// for a while, then sleep.
#[derive(Debug)]
struct Meeting {
    threads: u32,
    spins: u32,
    arrived: AtomicU32,
    generation: AtomicU32,
    sleepers: AtomicU32,
    poisoned: AtomicBool,
    bed: Mutex<()>,
    bell: Condvar,
}

impl Meeting {
    fn new(threads: usize) -> Self {
        // With more threads than cores, whoever spins keeps a core from the thread it waits for.
        let crowded = std::thread::available_parallelism().is_ok_and(|cores| threads > cores.get());
        Self {
            threads: threads as u32,
            spins: if crowded { 0 } else { SPINS },
            arrived: AtomicU32::new(0),
            generation: AtomicU32::new(0),
            sleepers: AtomicU32::new(0),
            poisoned: AtomicBool::new(false),
            bed: Mutex::new(()),
            bell: Condvar::new(),
        }
    }

    fn wait(&self) {
        let generation = self.generation.load(Ordering::Acquire);
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == self.threads {
            self.arrived.store(0, Ordering::Relaxed);
            self.generation.store(generation.wrapping_add(1), Ordering::SeqCst);
            // A sleeper counts itself and then looks at the generation, both in the one order of SeqCst: either it
            // sees the new generation, or it is seen here.
            if self.sleepers.load(Ordering::SeqCst) > 0 {
                self.wake();
            }
            return;
        }
        for _ in 0..self.spins {
            if self.generation.load(Ordering::Acquire) != generation {
                return;
            }
            if self.poisoned.load(Ordering::Relaxed) {
                break;
            }
            std::hint::spin_loop();
        }
        self.sleep(generation);
    }

    #[cold]
    fn sleep(&self, generation: u32) {
        let mut bed = lock(&self.bed);
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        while self.generation.load(Ordering::SeqCst) == generation && !self.poisoned.load(Ordering::SeqCst) {
            bed = self.bell.wait(bed).unwrap_or_else(PoisonError::into_inner);
        }
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
        drop(bed);
        let over = self.generation.load(Ordering::SeqCst) != generation;
        assert!(over, "another thread of this team panicked before the barrier");
    }

    #[cold]
    fn wake(&self) {
        drop(lock(&self.bed));
        self.bell.notify_all();
    }
}

/// Lets the others go when a thread of the team unwinds.
struct PoisonOnPanic<'a>(&'a Meeting);

impl Drop for PoisonOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.poisoned.store(true, Ordering::SeqCst);
            self.0.wake();
        }
    }
}

/// A panic is passed on by `run`; the locks guard nothing that it could have left half done.
fn lock(mutex: &Mutex<()>) -> MutexGuard<'_, ()> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[test]
    fn shares_cover_everything_once_and_are_cut_at_grains() {
        for n in [0, 1, 7, 17, 63, 64, 65, 257] {
            for grain in [0, 1, 4, 12, 300] {
                for parts in [1, 2, 3, 8] {
                    let mut next = 0;
                    for index in 0..parts {
                        let part = share(n, grain, index, parts);
                        assert_eq!(part.start, next);
                        assert!(part.start == n || part.start.is_multiple_of(grain.max(1)));
                        next = part.end;
                    }
                    assert_eq!(next, n);
                }
            }
        }
    }

    #[test]
    fn every_thread_sees_what_all_wrote_before_the_barrier() {
        for threads in [1, 2, 3, 8] {
            let pool = Pool::with_threads(threads);
            assert_eq!(pool.threads(), threads);
            let counts: Vec<AtomicUsize> = (0..threads).map(|_| AtomicUsize::new(0)).collect();
            let rounds = 300;
            pool.run(|team| {
                for round in 1..=rounds {
                    counts[team.index()].store(round, Ordering::Relaxed);
                    team.barrier();
                    for count in &counts {
                        assert_eq!(count.load(Ordering::Relaxed), round);
                    }
                    team.barrier();
                }
            });
            assert!(counts.iter().all(|c| c.load(Ordering::Relaxed) == rounds));
        }
    }

    #[test]
    fn a_panic_in_one_thread_reaches_the_caller_and_the_pool_lives_on() {
        let pool = Pool::with_threads(3);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.run(|team| {
                assert!(team.index() != 1, "on purpose");
                team.barrier();
            });
        }));
        assert!(caught.is_err());
        let ran = AtomicUsize::new(0);
        pool.run(|team| {
            team.barrier();
            ran.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(ran.into_inner(), 3);
    }

    #[test]
    fn threads_that_have_not_come_are_not_waited_for() {
        let pool = Pool::coming(3);
        assert_eq!(pool.threads(), 3);
        let ran = AtomicUsize::new(0);
        pool.run(|team| {
            assert_eq!((team.index(), team.threads()), (0, 1));
            team.barrier();
            ran.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(ran.into_inner(), 1);
    }

    #[test]
    fn two_callers_take_turns() {
        let pool = Pool::with_threads(2);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        pool.run(|team| team.barrier());
                    }
                });
            }
        });
    }

    #[test]
    fn threads_take_the_callers_lanes() {
        for body in lanes::available() {
            lanes::with(body, || {
                Pool::with_threads(2).run(|_| assert_eq!(lanes::current(), body));
            });
        }
    }
}
