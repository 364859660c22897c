//! A training step allocates nothing.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::networks::networks;
use common::{Numbers, compile_on, features, features_of, held, optimizers, thorough_training};
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use tabgrad_core::{Model, Pool, Rows, Target, schema};

/// Counts what is asked of the system's allocator, on all threads.
struct Counting;

static COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// What this thread alone has asked for: threads of an earlier pool may still be ending.
    static OWN: Cell<usize> = const { Cell::new(0) };
}

fn all_threads() -> usize {
    COUNT.load(Ordering::Relaxed)
}

fn this_thread() -> usize {
    OWN.with(Cell::get)
}

// SAFETY: hands everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // A thread that is ending no longer counts.
        let _ = OWN.try_with(|count| count.set(count.get() + 1));
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

/// What a slice of so many steps asks for.
fn allocations(count: fn() -> usize, model: &mut Model, rows: &Rows<'_>, steps: usize) -> usize {
    let before = count();
    let trained = model.train(rows, steps).unwrap();
    assert_eq!(trained.steps, steps);
    count() - before
}

/// The first entry makes room for the order of rows; from then on entries are alike, however many steps they make.
fn check(what: &str, count: fn() -> usize, model: &mut Model, rows: &Rows<'_>) {
    allocations(count, model, rows, 4);
    // The least of three: now and then a thread of an earlier pool asks for something while it ends, or the pool's own
    // queue for a further block; a step that allocates would do so every time.
    let mut least = |steps| {
        let counts = (0..3).map(|_| {
            // All of them within the first epoch.
            model.reset();
            allocations(count, model, rows, steps)
        });
        counts.min().unwrap()
    };
    let (few, many) = (least(2), least(12));
    assert!(many <= few, "{what}: {few} for 2 steps, {many} for 12");
}

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
            check(&format!("{optimizer}, {threads} threads"), all_threads, &mut model, &rows);
        }
    }
    for layer in schema().layers {
        for network in networks(layer.choice.r#type) {
            let training = json!({"loss": "mse", "optimizer": "sgd", "batch_size": 8});
            let inputs = features_of(&network);
            let mut model =
                compile_on(Pool::single(), network.clone(), training, inputs, Target::Values(2)).unwrap();
            let (x, y) = (features(&mut numbers, 160, &network), numbers.matrix(160, 2));
            check(&network.to_string(), this_thread, &mut model, &Rows::new(x.view(), y.view()));
        }
    }
}
