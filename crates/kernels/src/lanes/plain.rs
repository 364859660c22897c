//! Lanes in plain Rust: the oracle of the others, the native default, and one lane at a time for single values.

use super::Lanes;

/// N lanes whose multiplication and addition round separately.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain<const N: usize>(());

/// The native default: as wide as wasm's simd128, with the same bits.
pub type Portable = Plain<4>;

/// One value.
pub type Scalar = Plain<1>;

impl<const N: usize> Plain<N> {
    /// These lanes exist everywhere.
    #[inline(always)]
    pub fn new() -> Self {
        Self(())
    }
}

#[inline(always)]
fn zip<const N: usize>(a: [f32; N], b: [f32; N], f: impl Fn(f32, f32) -> f32) -> [f32; N] {
    std::array::from_fn(
        #[inline(always)]
        |i| f(a[i], b[i]),
    )
}

#[inline(always)]
fn zip_bits<const N: usize>(a: [f32; N], b: [f32; N], f: impl Fn(i32, i32) -> i32) -> [f32; N] {
    zip(
        a,
        b,
        #[inline(always)]
        |a, b| f32::from_bits(f(a.to_bits() as i32, b.to_bits() as i32) as u32),
    )
}

impl<const N: usize> Lanes for Plain<N> {
    const N: usize = N;
    const FUSED: bool = false;
    type V = [f32; N];
    type M = [bool; N];

    #[inline(always)]
    fn splat(self, x: f32) -> Self::V {
        [x; N]
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> Self::V {
        // SAFETY: the caller vouches for N values; an array of f32 is aligned as f32.
        unsafe { from.cast::<[f32; N]>().read() }
    }
    #[inline(always)]
    unsafe fn store(self, v: Self::V, to: *mut f32) {
        // SAFETY: as in load.
        unsafe { to.cast::<[f32; N]>().write(v) }
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a / b)
    }
    #[inline(always)]
    fn madd(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
        self.add(self.mul(a, b), c)
    }
    #[inline(always)]
    fn sqrt(self, a: Self::V) -> Self::V {
        a.map(f32::sqrt)
    }
    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    fn lt(self, a: Self::V, b: Self::V) -> Self::M {
        std::array::from_fn(|i| a[i] < b[i])
    }
    #[inline(always)]
    fn eq(self, a: Self::V, b: Self::V) -> Self::M {
        std::array::from_fn(|i| a[i] == b[i])
    }
    #[inline(always)]
    fn select(self, mask: Self::M, yes: Self::V, no: Self::V) -> Self::V {
        std::array::from_fn(|i| if mask[i] { yes[i] } else { no[i] })
    }
    #[inline(always)]
    fn and(self, a: Self::V, b: Self::V) -> Self::V {
        zip_bits(a, b, |a, b| a & b)
    }
    #[inline(always)]
    fn or(self, a: Self::V, b: Self::V) -> Self::V {
        zip_bits(a, b, |a, b| a | b)
    }
    #[inline(always)]
    fn xor(self, a: Self::V, b: Self::V) -> Self::V {
        zip_bits(a, b, |a, b| a ^ b)
    }
    #[inline(always)]
    fn add_i32(self, a: Self::V, b: Self::V) -> Self::V {
        zip_bits(a, b, i32::wrapping_add)
    }
    #[inline(always)]
    fn sub_i32(self, a: Self::V, b: Self::V) -> Self::V {
        zip_bits(a, b, i32::wrapping_sub)
    }
    #[inline(always)]
    fn wide_mul<const FACTOR: u32>(self, a: Self::V) -> [Self::V; 2] {
        let product = |a: i32| u64::from(a as u32) * u64::from(FACTOR);
        [zip_bits(a, a, |a, _| product(a) as i32), zip_bits(a, a, |a, _| (product(a) >> 32) as i32)]
    }
    #[inline(always)]
    fn shl<const BITS: u32>(self, a: Self::V) -> Self::V {
        zip_bits(a, a, |a, _| a << BITS)
    }
    #[inline(always)]
    fn shr<const BITS: u32>(self, a: Self::V) -> Self::V {
        zip_bits(a, a, |a, _| a >> BITS)
    }
    #[inline(always)]
    fn i32_to_f32(self, a: Self::V) -> Self::V {
        a.map(|a| a.to_bits() as i32 as f32)
    }
    #[inline(always)]
    fn outlined<R>(self, work: impl FnOnce() -> R) -> R {
        super::apart(work)
    }
}
