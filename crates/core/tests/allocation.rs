//! A training step allocates nothing.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile_on, held, optimizers, thorough_training};
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use tabgrad_core::{Pool, Rows, Target};

/// Counts what is asked of the system's allocator, on all threads.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// One test in this file: another thread's allocations would count as well.
#[test]
fn more_steps_do_not_allocate_more() {
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(640, 20), numbers.classes(640, 5));
    let rows = Rows::new(x.view(), y.view());
    for threads in [1, 2] {
        for optimizer in optimizers() {
            let mut training = thorough_training(optimizer.clone());
            training["metrics"] = json!([
                "accuracy",
                "sparse_top_k_categorical_accuracy",
                "precision",
                "auc",
                "f1_score",
                "mean_iou",
                "sparse_categorical_crossentropy",
                "categorical_hinge",
                "cosine_similarity",
                "cohen_kappa",
                "calibration_error"
            ]);
            let pool = Pool::with_threads(threads);
            let mut model = compile_on(pool, held(), training, 20, Target::Classes(5)).unwrap();
            let mut allocations = |steps: usize| {
                let before = COUNT.load(Ordering::Relaxed);
                let trained = model.train(&rows, steps).unwrap();
                assert_eq!(trained.steps, steps);
                COUNT.load(Ordering::Relaxed) - before
            };
            // The first entry makes room for the order of rows; from then on entries are alike.
            allocations(4);
            let (few, many) = (allocations(2), allocations(12));
            assert!(many <= few, "{optimizer}, {threads} threads: {few} for 2 steps, {many} for 12");
        }
    }
}
