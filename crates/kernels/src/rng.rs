//! Counter-based random numbers: Philox4x32-10, so that the value at index `i` of a stream needs no state and is the
//! same on every thread and machine.
//!
//! Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (constants and the known
//! answers of the tests are from their Random123 library).

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

    /// Calls `visit(i, the number at offset + i)` for `n` numbers in order; four are made at a time.
    #[inline(always)]
    pub fn each(&self, offset: u64, n: usize, mut visit: impl FnMut(usize, u32)) {
        let mut at = 0;
        while at < n {
            let index = offset + at as u64;
            let block = self.block(index / 4);
            // The first and the last block may belong to us in part.
            let first = (index % 4) as usize;
            let count = (4 - first).min(n - at);
            for (i, &bits) in block[first..first + count].iter().enumerate() {
                visit(at + i, bits);
            }
            at += count;
        }
    }

    /// Brings `items`, fewer than 2^32, into a random order (Fisher-Yates; bounded numbers by 64-bit multiplication, whose
    /// bias of `len / 2^64` no data set here can show).
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below_or_at(i));
        }
    }

    /// One of `0..=i`, drawn for `i`. (Not generic, so that it is compiled here, for speed, and not where it is used.)
    fn below_or_at(&self, i: usize) -> usize {
        let [a, b, ..] = self.block(i as u64);
        let n = i as u64 + 1;
        // The upper half of the product of (a, b) with n, which browsers have no instruction for.
        ((u64::from(a) * n + ((u64::from(b) * n) >> 32)) >> 32) as usize
    }
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
