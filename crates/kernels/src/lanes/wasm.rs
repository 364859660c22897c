//! Four lanes of WebAssembly's simd128; with relaxed-simd, the fused multiply-add where the processor has one.

use super::Lanes;
use std::arch::wasm32::*;

/// 0, which the compiler cannot know.
static NOUGHT: usize = 0;

/// Lanes of the instructions that the module was built for.
#[derive(Clone, Copy, Debug)]
pub struct Wasm {
    /// How far a constant lies behind its own place: 0, so that it is loaded from there ([`Lanes::constant`]).
    nought: usize,
}

impl Wasm {
    /// A module that was built with these instructions does not load where they are missing.
    #[inline(always)]
    #[expect(clippy::new_without_default, reason = "made by `on_lanes!` alone")]
    pub fn new() -> Self {
        // SAFETY: a static can be read at any time.
        Self { nought: unsafe { (&raw const NOUGHT).read_volatile() } }
    }
}

#[cfg(not(target_feature = "simd128"))]
compile_error!("build for wasm32 with -Ctarget-feature=+simd128");

impl Lanes for Wasm {
    const N: usize = 4;
    const FUSED: bool = cfg!(target_feature = "relaxed-simd");
    type V = v128;
    type M = v128;

    #[inline(always)]
    fn splat(self, x: f32) -> v128 {
        f32x4_splat(x)
    }
    #[inline(always)]
    fn constant<const N: usize>(self, table: &'static [f32; N], at: usize) -> v128 {
        let x = &raw const table[at];
        // SAFETY: with nothing added it is a value of the table.
        unsafe { v128_load32_splat(x.add(self.nought).cast()) }
    }
    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> v128 {
        // SAFETY: the caller vouches for four values; v128_load needs no alignment.
        unsafe { v128_load(from.cast()) }
    }
    #[inline(always)]
    unsafe fn store(self, v: v128, to: *mut f32) {
        // SAFETY: the caller vouches for four values; v128_store needs no alignment.
        unsafe { v128_store(to.cast(), v) }
    }
    #[inline(always)]
    fn add(self, a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }
    #[inline(always)]
    fn sub(self, a: v128, b: v128) -> v128 {
        f32x4_sub(a, b)
    }
    #[inline(always)]
    fn mul(self, a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }
    #[inline(always)]
    fn div(self, a: v128, b: v128) -> v128 {
        f32x4_div(a, b)
    }
    #[inline(always)]
    fn madd(self, a: v128, b: v128, c: v128) -> v128 {
        #[cfg(target_feature = "relaxed-simd")]
        return f32x4_relaxed_madd(a, b, c);
        #[cfg(not(target_feature = "relaxed-simd"))]
        f32x4_add(f32x4_mul(a, b), c)
    }
    #[inline(always)]
    fn sqrt(self, a: v128) -> v128 {
        f32x4_sqrt(a)
    }
    #[inline(always)]
    fn min(self, a: v128, b: v128) -> v128 {
        f32x4_pmin(a, b)
    }
    #[inline(always)]
    fn max(self, a: v128, b: v128) -> v128 {
        f32x4_pmax(a, b)
    }
    #[inline(always)]
    fn lt(self, a: v128, b: v128) -> v128 {
        f32x4_lt(a, b)
    }
    #[inline(always)]
    fn eq(self, a: v128, b: v128) -> v128 {
        f32x4_eq(a, b)
    }
    #[inline(always)]
    fn select(self, mask: v128, yes: v128, no: v128) -> v128 {
        // Masks are all ones or all zeros, of which every processor's way of selecting makes the same.
        #[cfg(target_feature = "relaxed-simd")]
        return i32x4_relaxed_laneselect(yes, no, mask);
        #[cfg(not(target_feature = "relaxed-simd"))]
        v128_bitselect(yes, no, mask)
    }
    #[inline(always)]
    fn and(self, a: v128, b: v128) -> v128 {
        v128_and(a, b)
    }
    #[inline(always)]
    fn or(self, a: v128, b: v128) -> v128 {
        v128_or(a, b)
    }
    #[inline(always)]
    fn xor(self, a: v128, b: v128) -> v128 {
        v128_xor(a, b)
    }
    #[inline(always)]
    fn add_i32(self, a: v128, b: v128) -> v128 {
        i32x4_add(a, b)
    }
    #[inline(always)]
    fn sub_i32(self, a: v128, b: v128) -> v128 {
        i32x4_sub(a, b)
    }
    #[inline(always)]
    fn wide_mul<const FACTOR: u32>(self, a: v128) -> [v128; 2] {
        // Of a factor that it knows, LLVM makes two of 64 bits in front of the loop, and multiplies by these: three times
        // as much work as to extend both within the product.
        let factor: *const v128 = const { &u32x4(FACTOR, FACTOR, FACTOR, FACTOR) };
        // SAFETY: a constant can be read at any time.
        let factor = unsafe { factor.read_volatile() };
        let (first, last) = (u64x2_extmul_low_u32x4(a, factor), u64x2_extmul_high_u32x4(a, factor));
        [i32x4_shuffle::<0, 2, 4, 6>(first, last), i32x4_shuffle::<1, 3, 5, 7>(first, last)]
    }
    #[inline(always)]
    fn shl<const BITS: u32>(self, a: v128) -> v128 {
        i32x4_shl(a, BITS)
    }
    #[inline(always)]
    fn shr<const BITS: u32>(self, a: v128) -> v128 {
        i32x4_shr(a, BITS)
    }
    #[inline(always)]
    fn i32_to_f32(self, a: v128) -> v128 {
        f32x4_convert_i32x4(a)
    }
    #[inline(always)]
    fn outlined<R>(self, work: impl FnOnce() -> R) -> R {
        super::apart(work)
    }
    #[inline(always)]
    unsafe fn transpose4(self, from: [*const f32; 4], to: *mut f32, to_stride: usize) {
        // SAFETY: the caller vouches for both blocks.
        unsafe {
            let [a, b, c, d] = from.map(
                #[inline(always)]
                |row| self.load(row),
            );
            let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
            let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a, b);
            let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c, d);
            let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c, d);
            self.store(i64x2_shuffle::<0, 2>(ab_low, cd_low), to);
            self.store(i64x2_shuffle::<1, 3>(ab_low, cd_low), to.add(to_stride));
            self.store(i64x2_shuffle::<0, 2>(ab_high, cd_high), to.add(2 * to_stride));
            self.store(i64x2_shuffle::<1, 3>(ab_high, cd_high), to.add(3 * to_stride));
        }
    }
    #[inline(always)]
    unsafe fn load_first(self, from: *const f32, count: usize, rest: f32) -> v128 {
        let filled = f32x4_splat(rest);
        // SAFETY: the caller vouches for `count` values, and no more are read; lane loads need no alignment.
        unsafe {
            match count {
                0 => filled,
                1 => v128_load32_lane::<0>(filled, from.cast()),
                2 => v128_load64_lane::<0>(filled, from.cast()),
                3 => v128_load32_lane::<2>(v128_load64_lane::<0>(filled, from.cast()), from.add(2).cast()),
                _ => self.load(from),
            }
        }
    }
    #[inline(always)]
    unsafe fn store_first(self, v: v128, to: *mut f32, count: usize) {
        // SAFETY: the caller vouches for `count` values, and no more are written; lane stores need no alignment.
        unsafe {
            match count {
                0 => {}
                1 => v128_store32_lane::<0>(v, to.cast()),
                2 => v128_store64_lane::<0>(v, to.cast()),
                3 => {
                    v128_store64_lane::<0>(v, to.cast());
                    v128_store32_lane::<2>(v, to.add(2).cast());
                }
                _ => self.store(v, to),
            }
        }
    }
}
