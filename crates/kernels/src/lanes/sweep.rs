//! The loops that most kernels are made of: over elements, into one value, and over columns.

use super::{Lanes, MAX_LANES};

/// For every element: reads `R` slices and `W` slices, and writes what `f` makes of them to the `W` slices. All slices
/// have one length. The last, partial vector goes through the same `f`, so that its lanes round as the others do.
#[inline(always)]
pub(crate) fn sweep<L: Lanes, const R: usize, const W: usize>(
    l: L,
    reads: [&[f32]; R],
    writes: [&mut [f32]; W],
    f: impl Fn([L::V; R], [L::V; W]) -> [L::V; W],
) {
    let n = writes[0].len();
    assert!(reads.iter().all(|r| r.len() == n), "a slice of another length than {n}");
    assert!(writes.iter().all(|w| w.len() == n), "a slice of another length than {n}");
    let reads = reads.map(<[f32]>::as_ptr);
    let writes = writes.map(<[f32]>::as_mut_ptr);
    let mut at = 0;
    while at + L::N <= n {
        // SAFETY: at + N <= n, the length of every slice.
        unsafe {
            let read = reads.map(
                #[inline(always)]
                |r| l.load(r.add(at)),
            );
            let old = writes.map(
                #[inline(always)]
                |w| l.load(w.add(at)),
            );
            let new = f(read, old);
            for (&v, &w) in new.iter().zip(&writes) {
                l.store(v, w.add(at));
            }
        }
        at += L::N;
    }
    let rest = n - at;
    if rest > 0 {
        // SAFETY: at + rest = n, the length of every slice.
        unsafe {
            let read = reads.map(
                #[inline(always)]
                |r| l.load_first(r.add(at), rest, 0.0),
            );
            let old = writes.map(
                #[inline(always)]
                |w| l.load_first(w.add(at), rest, 0.0),
            );
            let new = f(read, old);
            for (&v, &w) in new.iter().zip(&writes) {
                l.store_first(v, w.add(at), rest);
            }
        }
    }
}

/// Folds `R` slices of one length into a vector: `start`, then `f` over whole vectors in ascending order, the last one
/// filled up with `filler`.
#[inline(always)]
pub(crate) fn fold<L: Lanes, const R: usize>(
    l: L,
    reads: [&[f32]; R],
    filler: [f32; R],
    start: L::V,
    f: impl Fn(L::V, [L::V; R]) -> L::V,
) -> L::V {
    let n = reads[0].len();
    assert!(reads.iter().all(|r| r.len() == n), "a slice of another length than {n}");
    let mut result = start;
    let mut at = 0;
    while at + L::N <= n {
        let read = reads.map(
            #[inline(always)]
            // SAFETY: at + N <= n, the length of every slice.
            |r| unsafe { l.load(r.as_ptr().add(at)) },
        );
        result = f(result, read);
        at += L::N;
    }
    if at < n {
        let mut read = [start; R];
        for (v, (r, &filler)) in read.iter_mut().zip(reads.iter().zip(&filler)) {
            // SAFETY: at + (n - at) = n, the length of every slice, and n - at < N <= MAX_LANES.
            *v = unsafe { l.load_first(r.as_ptr().add(at), (n - at).min(MAX_LANES), filler) };
        }
        result = f(result, read);
    }
    result
}

/// `columns_of!(l, count, block, arguments..)`: calls `block(l, at, arguments..)` for vectors of N columns that together
/// are columns `0..count`. The last two may overlap, and with fewer columns than lanes they are taken one by one: a block
/// must compute each column for itself, without [`Lanes::madd`], so that all of these give the same bits.
macro_rules! columns_of {
    ($l:ident, $count:expr, $block:ident, $($argument:expr),*) => {{
        let (count, lanes) = ($count, $crate::lanes::lanes_of($l));
        if count < lanes {
            for at in 0..count {
                $block($crate::lanes::Scalar::new(), at, $($argument),*);
            }
        } else {
            for at in (0..count - lanes).step_by(lanes) {
                $block($l, at, $($argument),*);
            }
            $block($l, count - lanes, $($argument),*);
        }
    }};
}
pub(crate) use columns_of;

/// N of these lanes.
#[inline(always)]
pub(crate) fn lanes_of<L: Lanes>(_: L) -> usize {
    L::N
}
