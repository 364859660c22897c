//! Vectors of f32, as wide as the processor has them, and which of their bodies a thread uses.
//!
//! A kernel is written once, generic over [`Lanes`], and [`on_lanes!`](crate::on_lanes) calls it with the body of this
//! thread. In wasm that body is fixed when the module is built (simd128, or relaxed-simd). Natively it is
//! [`Body::Portable`], whose bits are those of simd128, unless [`with`] asked for another; the others are there with the
//! feature `fast-native`, because they take long to compile.
//!
//! A value of a lanes type is the proof that its instructions exist here: only this module makes them, after it has
//! looked. That is what makes their arithmetic safe to call.

mod plain;
mod sweep;
#[cfg(target_arch = "wasm32")]
mod wasm;
#[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
mod x86;

pub use plain::{Plain, Portable, Scalar};
pub(crate) use sweep::{columns_of, fold, lanes_of, sweep};
#[cfg(target_arch = "wasm32")]
pub use wasm::Wasm;
#[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
pub use x86::{Avx2, Avx512};

#[cfg(not(target_arch = "wasm32"))]
use std::cell::Cell;

/// No body has wider vectors.
pub const MAX_LANES: usize = 16;

/// A vector of [`Lanes::N`] values of f32 and what can be done with it.
///
/// All arithmetic is IEEE's in single precision, elementwise; [`Lanes::madd`] alone may round once or twice. Every method
/// is `#[inline(always)]`, so that it is compiled with the instructions of the caller.
pub trait Lanes: Copy {
    /// How many values.
    const N: usize;
    /// Whether [`Lanes::madd`] rounds once.
    const FUSED: bool;
    /// The vector.
    type V: Copy;
    /// One truth per lane.
    type M: Copy;

    /// All lanes `x`.
    fn splat(self, x: f32) -> Self::V;
    /// All lanes `table[at]`, a number that the program brings along; a single one by [`constant!`]. Where V8 needs a vector
    /// of a number that it knows, it makes it anew every time, in three instructions; here it is one that loads it.
    #[inline(always)]
    fn constant<const N: usize>(self, table: &'static [f32; N], at: usize) -> Self::V {
        self.splat(table[at])
    }
    /// # Safety
    /// `from` must be valid for reading N values; it need not be aligned beyond f32.
    unsafe fn load(self, from: *const f32) -> Self::V;
    /// # Safety
    /// `to` must be valid for writing N values; it need not be aligned beyond f32.
    unsafe fn store(self, v: Self::V, to: *mut f32);

    /// `a + b`
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a - b`
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b`
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a / b`
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`, rounded once where [`Lanes::FUSED`] (with relaxed-simd: where the processor does), else twice.
    fn madd(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// Square root.
    fn sqrt(self, a: Self::V) -> Self::V;
    /// `b` where `b < a`, else `a` (also where one of them is NaN).
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// `b` where `a < b`, else `a` (also where one of them is NaN).
    fn max(self, a: Self::V, b: Self::V) -> Self::V;

    /// `a < b`, false for NaN.
    fn lt(self, a: Self::V, b: Self::V) -> Self::M;
    /// `a == b`, false for NaN.
    fn eq(self, a: Self::V, b: Self::V) -> Self::M;
    /// `yes` where the mask is true, else `no`.
    fn select(self, mask: Self::M, yes: Self::V, no: Self::V) -> Self::V;

    /// The bits of both.
    fn and(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bits of either.
    fn or(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bits of one of both.
    fn xor(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bits as i32, added (wrapping).
    fn add_i32(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bits as i32, subtracted (wrapping).
    fn sub_i32(self, a: Self::V, b: Self::V) -> Self::V;
    /// The bits as u32 times `FACTOR`: the lower halves of the products, and the upper ones.
    fn wide_mul<const FACTOR: u32>(self, a: Self::V) -> [Self::V; 2];
    /// The bits shifted left.
    fn shl<const BITS: u32>(self, a: Self::V) -> Self::V;
    /// The bits as i32, shifted right, keeping the sign.
    fn shr<const BITS: u32>(self, a: Self::V) -> Self::V;
    /// The bits as i32, converted to f32.
    fn i32_to_f32(self, a: Self::V) -> Self::V;

    /// Calls `work` as a function of its own, compiled for these instructions: keeps a loop that fills all registers
    /// apart from its surroundings.
    fn outlined<R>(self, work: impl FnOnce() -> R) -> R;

    /// Writes the transpose of a 4 x 4 block: `to[j * to_stride + i] = from[i][j]`.
    ///
    /// # Safety
    /// Four values must be valid for reading at each of `from`, and four rows of four, `to_stride` apart, for writing at
    /// `to`.
    #[inline(always)]
    unsafe fn transpose4(self, from: [*const f32; 4], to: *mut f32, to_stride: usize) {
        for (i, row) in from.into_iter().enumerate() {
            for j in 0..4 {
                // SAFETY: the caller vouches for both blocks.
                unsafe { *to.add(j * to_stride + i) = *row.add(j) };
            }
        }
    }

    /// All lanes with these bits, which the program brings along.
    #[inline(always)]
    fn bits<const BITS: u32>(self) -> Self::V {
        constant!(self, f32::from_bits(BITS))
    }

    /// `|a|`
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        self.and(a, self.bits::<0x7fff_ffff>())
    }

    /// The first `count <= N` values at `from`, and `rest` in the other lanes.
    ///
    /// # Safety
    /// `from` must be valid for reading `count` values.
    #[inline(always)]
    unsafe fn load_first(self, from: *const f32, count: usize, rest: f32) -> Self::V {
        let mut lanes = [rest; MAX_LANES];
        // SAFETY: the caller vouches for `from`, and count <= N <= MAX_LANES.
        unsafe {
            for (i, lane) in lanes.iter_mut().enumerate().take(count) {
                *lane = *from.add(i);
            }
            self.load(lanes.as_ptr())
        }
    }

    /// Writes the first `count <= N` lanes to `to`.
    ///
    /// # Safety
    /// `to` must be valid for writing `count` values.
    #[inline(always)]
    unsafe fn store_first(self, v: Self::V, to: *mut f32, count: usize) {
        let lanes = self.to_array(v);
        // SAFETY: the caller vouches for `to`, and count <= N <= MAX_LANES.
        unsafe {
            for (i, lane) in lanes.iter().enumerate().take(count) {
                *to.add(i) = *lane;
            }
        }
    }

    /// The values, and zeros behind them.
    #[inline(always)]
    fn to_array(self, v: Self::V) -> [f32; MAX_LANES] {
        let mut lanes = [0.0; MAX_LANES];
        // SAFETY: N <= MAX_LANES.
        unsafe { self.store(v, lanes.as_mut_ptr()) };
        lanes
    }

    /// The sum of all lanes, always in the same order.
    #[inline(always)]
    fn total(self, v: Self::V) -> f32 {
        let mut lanes = self.to_array(v);
        let mut width = Self::N;
        while width > 1 {
            width /= 2;
            for i in 0..width {
                lanes[i] += lanes[i + width];
            }
        }
        lanes[0]
    }

    /// The largest of all lanes; NaN is passed over or taken, as it comes.
    #[inline(always)]
    fn largest(self, v: Self::V) -> f32 {
        let lanes = self.to_array(v);
        lanes[..Self::N].iter().copied().fold(lanes[0], |a, b| if a < b { b } else { a })
    }
}

/// `constant!(l, x)`: all lanes `x`, by [`Lanes::constant`]. Of a table with one value the compiler would know which one is
/// loaded, so there is another, that nobody reads.
macro_rules! constant {
    ($l:expr, $x:expr) => {
        $l.constant(const { &[$x, f32::from_bits(0x7fc0_1234)] }, 0)
    };
}
pub(crate) use constant;

/// A call that is never inlined.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Which instructions the kernels of a thread use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Four lanes in plain Rust; multiplication and addition round separately. The bits of simd128 in wasm, without
    /// relaxed-simd.
    Portable,
    /// Four lanes of simd128; with relaxed-simd, multiplication and addition fused where the processor can.
    #[cfg(target_arch = "wasm32")]
    Wasm,
    /// Eight lanes, fused.
    #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
    Avx2,
    /// Sixteen lanes, fused.
    #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
    Avx512,
}

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static CURRENT: Cell<Body> = const { Cell::new(Body::Portable) };
}

/// What this thread uses now.
#[inline(always)]
pub fn current() -> Body {
    #[cfg(target_arch = "wasm32")]
    return Body::Wasm;
    #[cfg(not(target_arch = "wasm32"))]
    CURRENT.get()
}

/// Runs `work` with `body` on this thread ([`crate::par::Pool::run`] hands it on to its threads), and sets back what was
/// used before. In wasm there is one body, and nothing changes.
///
/// # Panics
/// When this machine has no such instructions.
pub fn with<R>(body: Body, work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "wasm32")]
    {
        let _ = body;
        work()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        struct Reset(Body);
        impl Drop for Reset {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        assert!(is_available(body), "this machine has no {body:?}");
        let _reset = Reset(CURRENT.replace(body));
        work()
    }
}

/// Every body this machine can run, slowest first.
pub fn available() -> Vec<Body> {
    #[cfg(target_arch = "wasm32")]
    let all = [Body::Wasm];
    #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
    let all = [Body::Portable, Body::Avx2, Body::Avx512];
    #[cfg(not(any(
        target_arch = "wasm32",
        all(target_arch = "x86_64", any(test, feature = "fast-native"))
    )))]
    let all = [Body::Portable];
    all.into_iter().filter(|&body| is_available(body)).collect()
}

/// The fastest body of this machine, for benchmarks and native use where other bits than a browser's do not matter.
pub fn fast() -> Body {
    available().last().copied().unwrap_or(Body::Portable)
}

fn is_available(body: Body) -> bool {
    match body {
        #[cfg(not(target_arch = "wasm32"))]
        Body::Portable => true,
        #[cfg(target_arch = "wasm32")]
        Body::Portable => false,
        #[cfg(target_arch = "wasm32")]
        Body::Wasm => true,
        #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
        Body::Avx2 => Avx2::detect().is_some(),
        #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
        Body::Avx512 => Avx512::detect().is_some(),
    }
}

/// `on_lanes!(l => expression)`: evaluates the expression with `l` a value of this thread's [`Lanes`](crate::lanes::Lanes)
/// type, compiled for its instructions.
#[macro_export]
#[doc(hidden)]
macro_rules! on_lanes {
    ($l:ident => $work:expr) => {{
        #[cfg(target_arch = "wasm32")]
        {
            let $l = $crate::lanes::Wasm::new();
            $work
        }
        #[cfg(not(target_arch = "wasm32"))]
        match $crate::lanes::current() {
            $crate::lanes::Body::Portable => {
                let $l = $crate::lanes::Portable::new();
                $work
            }
            #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
            $crate::lanes::Body::Avx2 => $crate::lanes::Avx2::run(
                #[inline(always)]
                |$l| $work,
            ),
            #[cfg(all(target_arch = "x86_64", any(test, feature = "fast-native")))]
            $crate::lanes::Body::Avx512 => $crate::lanes::Avx512::run(
                #[inline(always)]
                |$l| $work,
            ),
        }
    }};
}
