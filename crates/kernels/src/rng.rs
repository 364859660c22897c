//! Counter-based random numbers: Philox4x32-10, so that the value at index `i` of a stream needs no state and is the
//! same on every thread and machine.
//!
//! Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (constants and the known
//! answers of the tests are from their Random123 library).
//!
//! [`philox4x32`] is the function as published, and [`Stream::bits`] a number by it; [`Stream::fill`] makes as many of these
//! at a time as the processor has lanes.

use crate::lanes::{Lanes, MAX_LANES, constant};
use crate::on_lanes;

/// What a stream is used for. Every use has its own, so that one more dropout layer moves no weight's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Initial values of weights; `lane` is the tensor's number.
    Init = 1,
    /// Order of rows; `lane` is the epoch.
    Shuffle = 2,
    /// Dropout masks; `lane` is the layer's number.
    Dropout = 3,
    /// Train/validation/test split.
    Split = 4,
    /// Augmentation of rows; `lane` is the epoch.
    Augment = 5,
    /// Points and noise of synthetic data sets; `lane` is the coordinate.
    Synthetic = 6,
    /// Which rows of a table beyond the memory budget are kept.
    Sample = 7,
}

/// A stream of independent 32-bit numbers, addressed by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
    purpose: u32,
    lane: u32,
}

const M0: u32 = 0xD251_1F53;
const M1: u32 = 0xCD9E_8D57;
const W0: u32 = 0x9E37_79B9;
const W1: u32 = 0xBB67_AE85;

/// Ten rounds of Philox4x32: four numbers for a 128-bit counter and a 64-bit key.
#[inline]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let p0 = u64::from(M0) * u64::from(counter[0]);
        let p1 = u64::from(M1) * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
        key = [key[0].wrapping_add(W0), key[1].wrapping_add(W1)];
    }
    counter
}

/// A number in `[0, 1)` from the upper 24 bits, each of which f32 can hold.
#[inline]
pub fn unit_f32(bits: u32) -> f32 {
    (bits >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// [`unit_f32`] of the bits in lanes.
#[inline(always)]
pub(crate) fn unit<L: Lanes>(l: L, bits: L::V) -> L::V {
    let upper = l.and(l.shr::<8>(bits), l.bits::<0x00ff_ffff>());
    l.mul(l.i32_to_f32(upper), constant!(l, 1.0 / 16_777_216.0))
}

/// Numbers as lanes take them, bit by bit.
#[inline(always)]
pub(crate) fn as_f32(numbers: &[u32]) -> &[f32] {
    // SAFETY: both are as long and as aligned, and all bits are values of f32.
    unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast(), numbers.len()) }
}

impl Stream {
    /// The stream of `seed` for `purpose`; `lane` tells apart the tensors, layers or epochs of one purpose.
    pub fn new(seed: u64, purpose: Purpose, lane: u32) -> Self {
        Self { key: [seed as u32, (seed >> 32) as u32], purpose: purpose as u32, lane }
    }

    /// The four numbers at indices `4 * block .. 4 * block + 4`.
    #[inline]
    pub fn block(&self, block: u64) -> [u32; 4] {
        philox4x32([block as u32, (block >> 32) as u32, self.lane, self.purpose], self.key)
    }

    /// The number at `index`.
    #[inline]
    pub fn bits(&self, index: u64) -> u32 {
        self.block(index / 4)[(index % 4) as usize]
    }

    /// The number at `index`, uniform in `[0, 1)`.
    #[inline]
    pub fn uniform(&self, index: u64) -> f32 {
        unit_f32(self.bits(index))
    }

    /// The numbers at `offset ..`, as many as there is room for.
    pub fn fill(&self, offset: u64, numbers: &mut [u32]) {
        let mut words = Words::default();
        let (mut block, mut skip) = (offset / 4, (offset % 4) as usize);
        let mut rest = numbers;
        while !rest.is_empty() {
            let count = self.blocks(block, &mut words);
            let (now, later) = rest.split_at_mut(rest.len().min(4 * count - skip));
            for (i, number) in (skip..).zip(now) {
                *number = words[i % 4][i / 4];
            }
            (block, skip, rest) = (block + count as u64, 0, later);
        }
    }

    /// Calls `visit(i, the number at offset + i)` for `n` numbers in order.
    #[inline(always)]
    pub fn each(&self, offset: u64, n: usize, mut visit: impl FnMut(usize, u32)) {
        let mut numbers = [0; AT_ONCE];
        for at in (0..n).step_by(AT_ONCE) {
            let numbers = &mut numbers[..AT_ONCE.min(n - at)];
            self.fill(offset + at as u64, numbers);
            for (i, &number) in numbers.iter().enumerate() {
                visit(at + i, number);
            }
        }
    }

    /// Brings `items`, fewer than 2^32, into a random order (Fisher-Yates; bounded numbers by 64-bit multiplication, whose
    /// bias of `len / 2^64` no data set here can show).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        let mut places = [0; AT_ONCE];
        let mut end = items.len();
        while end > 1 {
            let first = end.saturating_sub(AT_ONCE).max(1);
            let places = &mut places[..end - first];
            self.below_or_at(first, places);
            for (i, &place) in (first..end).zip(&*places).rev() {
                items.swap(i, place as usize);
            }
            end = first;
        }
    }

    /// For each `i` from `first` on one of `0..=i`. (Not generic, so that it is compiled here, for speed, and not where it
    /// is used.)
    fn below_or_at(&self, first: usize, places: &mut [u32]) {
        let mut words = Words::default();
        let mut i = first as u64;
        let mut rest = places;
        while !rest.is_empty() {
            let count = self.blocks(i, &mut words).min(rest.len());
            let (now, later) = rest.split_at_mut(count);
            for ((place, &a), &b) in now.iter_mut().zip(&words[0]).zip(&words[1]) {
                i += 1;
                // The upper half of the product of (a, b) with i, which browsers have no instruction for.
                *place = ((u64::from(a) * i + ((u64::from(b) * i) >> 32)) >> 32) as u32;
            }
            rest = later;
        }
    }

    /// Blocks from `block` on, as many as there are lanes: number `w` of block `block + i` is `words[w][i]`.
    #[inline(never)]
    fn blocks(&self, block: u64, words: &mut Words) -> usize {
        on_lanes!(l => philox_lanes(l, block, self.lane, self.purpose, self.key, words))
    }
}

/// Numbers that are made before the first of them is used.
pub(crate) const AT_ONCE: usize = 64;

/// Four words of as many blocks as there may be lanes.
type Words = [[u32; MAX_LANES]; 4];

/// [`philox4x32`] for N counters at once, which follow each other.
#[inline(always)]
fn philox_lanes<L: Lanes>(
    l: L,
    block: u64,
    lane: u32,
    purpose: u32,
    key: [u32; 2],
    words: &mut Words,
) -> usize {
    let [low, high, ..] = words;
    for (i, (low, high)) in (block..).zip(low.iter_mut().zip(high)).take(L::N) {
        (*low, *high) = (i as u32, (i >> 32) as u32);
    }
    let all = |word: u32| l.splat(f32::from_bits(word));
    // SAFETY: each word has room for the widest lanes.
    let load = |word: &[u32; MAX_LANES]| unsafe { l.load(word.as_ptr().cast()) };
    let mut counter = [load(&words[0]), load(&words[1]), all(lane), all(purpose)];
    let mut key = key.map(all);
    for _ in 0..10 {
        let [low0, high0] = l.wide_mul::<M0>(counter[0]);
        let [low1, high1] = l.wide_mul::<M1>(counter[2]);
        counter =
            [l.xor(l.xor(high1, counter[1]), key[0]), low1, l.xor(l.xor(high0, counter[3]), key[1]), low0];
        key = [l.add_i32(key[0], l.bits::<W0>()), l.add_i32(key[1], l.bits::<W1>())];
    }
    for (word, vector) in words.iter_mut().zip(counter) {
        // SAFETY: as above.
        unsafe { l.store(vector, word.as_mut_ptr().cast()) };
    }
    L::N
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_gives_the_published_answers() {
        // Random123, kat_vectors, philox4x32-10.
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox4x32([!0; 4], [!0; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox4x32([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn streams_of_different_purpose_lane_or_seed_differ() {
        let base = Stream::new(7, Purpose::Init, 0);
        for other in [
            Stream::new(8, Purpose::Init, 0),
            Stream::new(7, Purpose::Dropout, 0),
            Stream::new(7, Purpose::Init, 1),
            Stream::new(7 + (1 << 32), Purpose::Init, 0),
        ] {
            assert_ne!(base.block(0), other.block(0));
        }
    }

    #[test]
    fn many_at_once_are_those_that_come_one_by_one() {
        let stream = Stream::new(77, Purpose::Dropout, 3);
        // Also where the lower half of a counter ends within a vector.
        for offset in [0, 1, 6, 4 * u64::from(u32::MAX) - 9] {
            for n in [0, 1, 3, 4, 5, 64, 65, 201] {
                for body in crate::lanes::available() {
                    crate::lanes::with(body, || {
                        let mut numbers = vec![0; n];
                        stream.fill(offset, &mut numbers);
                        let mut visited = Vec::new();
                        stream.each(offset, n, |i, number| visited.push((i, number)));
                        for (i, &number) in numbers.iter().enumerate() {
                            assert_eq!(
                                number,
                                stream.bits(offset + i as u64),
                                "{body:?} {offset} {i} of {n}"
                            );
                            assert_eq!(visited[i], (i, number));
                        }
                    });
                }
            }
        }
    }

    #[test]
    fn an_order_is_made_of_one_block_for_each_item() {
        let stream = Stream::new(5, Purpose::Shuffle, 1);
        for n in [0, 1, 2, 3, 64, 65, 66, 300] {
            let mut wanted: Vec<usize> = (0..n).collect();
            for i in (1..n).rev() {
                let [a, b, ..] = stream.block(i as u64);
                let wide = (u128::from(a) << 32 | u128::from(b)) * (i as u128 + 1);
                wanted.swap(i, (wide >> 64) as usize);
            }
            for body in crate::lanes::available() {
                let mut items: Vec<usize> = (0..n).collect();
                crate::lanes::with(body, || stream.shuffle(&mut items));
                assert_eq!(items, wanted, "{body:?}");
            }
        }
    }

    #[test]
    fn uniform_numbers_have_the_mean_and_variance_they_should() {
        let stream = Stream::new(1, Purpose::Synthetic, 0);
        let n = 100_000;
        let values: Vec<f64> = (0..n).map(|i| f64::from(stream.uniform(i))).collect();
        let mean = values.iter().sum::<f64>() / n as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.004, "mean {mean}");
        assert!((variance - 1.0 / 12.0).abs() < 0.002, "variance {variance}");
        assert!(values.iter().all(|v| (0.0..1.0).contains(v)));
    }

    #[test]
    fn shuffle_is_a_permutation_and_moves_things() {
        let mut items: Vec<u32> = (0..1000).collect();
        Stream::new(3, Purpose::Shuffle, 0).shuffle(&mut items);
        let unmoved = items.iter().enumerate().filter(|&(i, &v)| i as u32 == v).count();
        assert!(unmoved < 12, "{unmoved} of 1000 stayed");
        items.sort_unstable();
        assert!(items.iter().enumerate().all(|(i, &v)| i as u32 == v));
    }
}
