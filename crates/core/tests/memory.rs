//! How much memory training takes at its peak, as the system's allocator sees it: parameters, gradients and what the optimizer
//! keeps, once each, and what the way back through the layers needs.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use ndarray::Array2;
use serde_json::{Value, json};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use tabgrad_core::{Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec};

/// Adds up what is held, and its most.
struct Holding;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands everything on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Holding {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Holding = Holding;

/// The most that is held while `work` runs, beyond what was held before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let result = work();
    (result, MOST.load(Ordering::Relaxed) - before)
}

/// A network, how many features it takes, and how many values a row leaves for the way back: what every layer made, and its
/// gradient.
fn networks() -> Vec<(&'static str, Value, usize, usize)> {
    let dense = json!([
        {"type": "dense", "units": 512, "activation": "relu"},
        {"type": "dense", "units": 512, "activation": "relu"},
        {"type": "dense", "units": 10, "activation": "softmax"}]);
    let conv = json!([
        {"type": "input", "shape": [32, 32, 3]},
        {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"type": "max_pooling2d"},
        {"type": "conv2d", "filters": 64, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"type": "conv2d", "filters": 64, "kernel_size": 3, "padding": "same", "activation": "relu"},
        {"type": "max_pooling2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 128, "activation": "relu"},
        {"type": "dense", "units": 10, "activation": "softmax"}]);
    let tokens = json!([
        {"type": "embedding", "input_dim": 2000, "output_dim": 128},
        {"type": "lstm", "units": 128},
        {"type": "dense", "units": 10, "activation": "softmax"}]);
    // Pooling also leaves where each largest value stood.
    let images = 32 * 32 * (3 + 2 * (32 + 32)) + 16 * 16 * (3 * 32 + 2 * (64 + 64)) + 8 * 8 * 3 * 64;
    // A step of the LSTM leaves four gates, its cell and what it gives.
    let steps = 16 * 2 * (128 + 6 * 128);
    vec![
        ("dense", dense, 784, 784 + 2 * (512 + 512 + 10)),
        ("conv", conv, 32 * 32 * 3, images + 2 * (128 + 10)),
        ("tokens", tokens, 16, steps + 2 * 10),
    ]
}

/// One test in this file: another thread's memory would count as well.
#[test]
fn training_takes_its_weights_gradients_and_slots_once() {
    let batch = 32;
    for (name, layers, inputs, values) in networks() {
        let target = Target::Classes(10);
        let x = if name == "tokens" {
            Numbers(1).classes(2 * batch * inputs, 2000).into_shape_with_order((2 * batch, inputs)).unwrap()
        } else {
            Numbers(1).matrix(2 * batch, inputs)
        };
        let y = Array2::from_shape_fn((2 * batch, 1), |(row, _)| (row % 10) as f32);
        for (optimizer, slots) in [("sgd", 0), ("adagrad", 1), ("adam", 2), ("adamw", 2), ("lamb", 2)] {
            let training = json!({"loss": "sparse_categorical_crossentropy", "optimizer": optimizer,
                "batch_size": batch});
            let (model, most) = peak(|| {
                let mut model = compile(layers.clone(), training.clone(), inputs, target).unwrap();
                for _ in 0..3 {
                    model.train(&Rows::new(x.view(), y.view()), 1).unwrap();
                }
                model
            });
            let summary = model.summary();
            let stated = summary.bytes as usize;
            drop(model);
            // The plan itself, and for prediction what draws an orthogonal kernel, are all that comes on top.
            assert!(
                most >= stated && most < stated + (1 << 20),
                "{name}, {optimizer}: {most}, stated {stated}"
            );
            let weights = 4 * summary.parameters * (2 + slots);
            let bound = weights as f64 * 1.2 + (4 * batch * values) as f64;
            println!("{name} {optimizer}: {most} of {bound}, {weights} are weights");
            assert!(most as f64 <= bound, "{name}, {optimizer}: {most} of {bound}");
            let io = Io::single(vec![inputs], target);
            let spec = ModelSpec::parse(&json!({"version": 1, "layers": layers})).unwrap();
            let training = TrainingSpec::parse(&training).unwrap();
            let (model, most) = peak(|| {
                let mut model = Model::compile_for_prediction(&spec, &training, &io, Pool::single()).unwrap();
                model.predict(x.view()).unwrap();
                model
            });
            let stated = model.summary().prediction_bytes as usize;
            assert!(
                most >= stated && most < stated + (1 << 20),
                "{name}: {most} to predict, stated {stated}"
            );
        }
    }
}
