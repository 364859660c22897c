//! Wider lanes of x86-64, for benchmarks and native use; their fused multiply-add gives other last bits than a browser.
//!
//! `min` and `max` take their operands in this order because the instructions give the second operand for NaN.

use super::Lanes;
use std::arch::x86_64::*;

/// Eight lanes of AVX2 with FMA.
#[derive(Clone, Copy, Debug)]
pub struct Avx2(());

impl Avx2 {
    /// These lanes, if the processor has them.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }

    /// Runs `work` compiled for these instructions.
    ///
    /// # Panics
    /// When the processor has none.
    #[inline]
    pub fn run<R>(work: impl FnOnce(Self) -> R) -> R {
        #[target_feature(enable = "avx2,fma")]
        fn compiled<R>(lanes: Avx2, work: impl FnOnce(Avx2) -> R) -> R {
            work(lanes)
        }
        let lanes = Self::detect().expect("a body is chosen only where the processor has its instructions");
        // SAFETY: detected on the line before.
        unsafe { compiled(lanes, work) }
    }
}

impl Lanes for Avx2 {
    const N: usize = 8;
    const FUSED: bool = true;
    type V = __m256;
    type M = __m256;

    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_set1_ps(x) }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m256 {
        // SAFETY: the caller vouches for the values; no alignment is needed.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, v: __m256, to: *mut f32) {
        // SAFETY: the caller vouches for the values; no alignment is needed.
        unsafe { _mm256_storeu_ps(to, v) }
    }

    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_mul_ps(a, b) }
    }

    #[inline(always)]
    fn div(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_div_ps(a, b) }
    }

    #[inline(always)]
    fn madd(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn sqrt(self, a: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_sqrt_ps(a) }
    }

    #[inline(always)]
    fn min(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_min_ps(b, a) }
    }

    #[inline(always)]
    fn max(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_max_ps(b, a) }
    }

    #[inline(always)]
    fn lt(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_cmp_ps::<_CMP_LT_OQ>(a, b) }
    }

    #[inline(always)]
    fn eq(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b) }
    }

    #[inline(always)]
    fn select(self, mask: __m256, yes: __m256, no: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_blendv_ps(no, yes, mask) }
    }

    #[inline(always)]
    fn and(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_castsi256_ps(_mm256_and_si256(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }

    #[inline(always)]
    fn or(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_castsi256_ps(_mm256_or_si256(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }

    #[inline(always)]
    fn xor(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_castsi256_ps(_mm256_xor_si256(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }

    #[inline(always)]
    fn add_i32(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }

    #[inline(always)]
    fn sub_i32(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }

    #[inline(always)]
    fn wide_mul<const FACTOR: u32>(self, a: __m256) -> [__m256; 2] {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            let (a, b) = (_mm256_castps_si256(a), _mm256_set1_epi32(FACTOR as i32));
            let even = _mm256_mul_epu32(a, b);
            let odd = _mm256_mul_epu32(_mm256_srli_epi64::<32>(a), b);
            let upper = _mm256_blend_epi32::<0b1010_1010>(_mm256_srli_epi64::<32>(even), odd);
            [_mm256_castsi256_ps(_mm256_mullo_epi32(a, b)), _mm256_castsi256_ps(upper)]
        }
    }

    #[inline(always)]
    fn shl<const BITS: u32>(self, a: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            _mm256_castsi256_ps(_mm256_sllv_epi32(_mm256_castps_si256(a), _mm256_set1_epi32(BITS as i32)))
        }
    }

    #[inline(always)]
    fn shr<const BITS: u32>(self, a: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            _mm256_castsi256_ps(_mm256_srav_epi32(_mm256_castps_si256(a), _mm256_set1_epi32(BITS as i32)))
        }
    }

    #[inline(always)]
    fn i32_to_f32(self, a: __m256) -> __m256 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm256_cvtepi32_ps(_mm256_castps_si256(a)) }
    }

    #[inline(always)]
    fn outlined<R>(self, work: impl FnOnce() -> R) -> R {
        #[inline(never)]
        #[target_feature(enable = "avx2,fma")]
        fn compiled<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { compiled(work) }
    }

    #[inline(always)]
    unsafe fn transpose4(self, from: [*const f32; 4], to: *mut f32, to_stride: usize) {
        // SAFETY: the caller vouches for both blocks.
        unsafe { transpose4_sse(from, to, to_stride) }
    }

    #[inline(always)]
    unsafe fn load_first(self, from: *const f32, count: usize, rest: f32) -> __m256 {
        // SAFETY: the caller vouches for `count` values; a masked load reads no others.
        unsafe {
            let mask = first_lanes(count);
            let read = _mm256_maskload_ps(from, mask);
            _mm256_blendv_ps(_mm256_set1_ps(rest), read, _mm256_castsi256_ps(mask))
        }
    }

    #[inline(always)]
    unsafe fn store_first(self, v: __m256, to: *mut f32, count: usize) {
        // SAFETY: the caller vouches for `count` values; a masked store writes no others.
        unsafe { _mm256_maskstore_ps(to, first_lanes(count), v) }
    }
}

/// Sixteen lanes of AVX-512.
#[derive(Clone, Copy, Debug)]
pub struct Avx512(());

impl Avx512 {
    /// These lanes, if the processor has them.
    pub fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx512f")).then_some(Self(()))
    }

    /// Runs `work` compiled for these instructions.
    ///
    /// # Panics
    /// When the processor has none.
    #[inline]
    pub fn run<R>(work: impl FnOnce(Self) -> R) -> R {
        #[target_feature(enable = "avx512f")]
        fn compiled<R>(lanes: Avx512, work: impl FnOnce(Avx512) -> R) -> R {
            work(lanes)
        }
        let lanes = Self::detect().expect("a body is chosen only where the processor has its instructions");
        // SAFETY: detected on the line before.
        unsafe { compiled(lanes, work) }
    }
}

impl Lanes for Avx512 {
    const N: usize = 16;
    const FUSED: bool = true;
    type V = __m512;
    type M = __mmask16;

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_set1_ps(x) }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m512 {
        // SAFETY: the caller vouches for the values; no alignment is needed.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(self, v: __m512, to: *mut f32) {
        // SAFETY: the caller vouches for the values; no alignment is needed.
        unsafe { _mm512_storeu_ps(to, v) }
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    fn div(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_div_ps(a, b) }
    }

    #[inline(always)]
    fn madd(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn sqrt(self, a: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_sqrt_ps(a) }
    }

    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_min_ps(b, a) }
    }

    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_max_ps(b, a) }
    }

    #[inline(always)]
    fn lt(self, a: __m512, b: __m512) -> __mmask16 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b) }
    }

    #[inline(always)]
    fn eq(self, a: __m512, b: __m512) -> __mmask16 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b) }
    }

    #[inline(always)]
    fn select(self, mask: __mmask16, yes: __m512, no: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_mask_blend_ps(mask, no, yes) }
    }

    #[inline(always)]
    fn and(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_castsi512_ps(_mm512_and_si512(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }

    #[inline(always)]
    fn or(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }

    #[inline(always)]
    fn xor(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }

    #[inline(always)]
    fn add_i32(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }

    #[inline(always)]
    fn sub_i32(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_castsi512_ps(_mm512_sub_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }

    #[inline(always)]
    fn wide_mul<const FACTOR: u32>(self, a: __m512) -> [__m512; 2] {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            let (a, b) = (_mm512_castps_si512(a), _mm512_set1_epi32(FACTOR as i32));
            let even = _mm512_mul_epu32(a, b);
            let odd = _mm512_mul_epu32(_mm512_srli_epi64::<32>(a), b);
            let upper = _mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64::<32>(even), odd);
            [_mm512_castsi512_ps(_mm512_mullo_epi32(a, b)), _mm512_castsi512_ps(upper)]
        }
    }

    #[inline(always)]
    fn shl<const BITS: u32>(self, a: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            _mm512_castsi512_ps(_mm512_sllv_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(BITS as i32)))
        }
    }

    #[inline(always)]
    fn shr<const BITS: u32>(self, a: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe {
            _mm512_castsi512_ps(_mm512_srav_epi32(_mm512_castps_si512(a), _mm512_set1_epi32(BITS as i32)))
        }
    }

    #[inline(always)]
    fn i32_to_f32(self, a: __m512) -> __m512 {
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { _mm512_cvtepi32_ps(_mm512_castps_si512(a)) }
    }

    #[inline(always)]
    fn outlined<R>(self, work: impl FnOnce() -> R) -> R {
        #[inline(never)]
        #[target_feature(enable = "avx512f")]
        fn compiled<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        // SAFETY: a value of this type exists only where the instructions do.
        unsafe { compiled(work) }
    }

    #[inline(always)]
    unsafe fn transpose4(self, from: [*const f32; 4], to: *mut f32, to_stride: usize) {
        // SAFETY: the caller vouches for both blocks.
        unsafe { transpose4_sse(from, to, to_stride) }
    }

    #[inline(always)]
    unsafe fn load_first(self, from: *const f32, count: usize, rest: f32) -> __m512 {
        // SAFETY: the caller vouches for `count` values; a masked load reads no others.
        unsafe { _mm512_mask_loadu_ps(_mm512_set1_ps(rest), ((1u32 << count) - 1) as __mmask16, from) }
    }

    #[inline(always)]
    unsafe fn store_first(self, v: __m512, to: *mut f32, count: usize) {
        // SAFETY: the caller vouches for `count` values; a masked store writes no others.
        unsafe { _mm512_mask_storeu_ps(to, ((1u32 << count) - 1) as __mmask16, v) }
    }
}

/// SSE's transpose of a 4 x 4 block, for both bodies.
///
/// # Safety
/// As [`Lanes::transpose4`].
#[inline(always)]
unsafe fn transpose4_sse(from: [*const f32; 4], to: *mut f32, to_stride: usize) {
    // SAFETY: SSE is part of x86-64, and the caller vouches for both blocks.
    unsafe {
        let [mut a, mut b, mut c, mut d] = from.map(
            #[inline(always)]
            |row| _mm_loadu_ps(row),
        );
        _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
        _mm_storeu_ps(to, a);
        _mm_storeu_ps(to.add(to_stride), b);
        _mm_storeu_ps(to.add(2 * to_stride), c);
        _mm_storeu_ps(to.add(3 * to_stride), d);
    }
}

/// All bits in the first `count` lanes.
///
/// # Safety
/// The processor must have AVX2.
#[inline(always)]
unsafe fn first_lanes(count: usize) -> __m256i {
    // SAFETY: as the caller vouches.
    unsafe {
        let lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), lane)
    }
}
