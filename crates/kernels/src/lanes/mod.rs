//! Vectors of f32, as wide as the processor has them.

use std::cell::Cell;

/// Which instructions the kernels of a thread use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Four lanes in plain Rust; multiplication and addition round separately. The bits of wasm's simd128.
    Portable,
}

thread_local! {
    static CURRENT: Cell<Body> = const { Cell::new(Body::Portable) };
}

/// What this thread uses now.
pub fn current() -> Body {
    CURRENT.get()
}

/// Runs `work` with `body`, and sets back what was used before.
pub fn with<R>(body: Body, work: impl FnOnce() -> R) -> R {
    let before = CURRENT.replace(body);
    let result = work();
    CURRENT.set(before);
    result
}

/// Every body this machine can run.
pub fn available() -> Vec<Body> {
    vec![Body::Portable]
}
