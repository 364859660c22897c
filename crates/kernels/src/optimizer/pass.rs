//! The loop of all elementwise rules: one pass over weights, gradients and what is kept, which clips, decays, makes the step,
//! looks whether all is finite, and leaves the way back.
//!
//! ```text
//! g = scale * g,  w' = w - decay * w        what comes before the rule
//! w', slots = rule(g, w', slots)
//! g = w                                     the weight as it was, where the gradient is no longer needed
//! ```
//!
//! The old weights cost one more store and no memory: a training that goes wrong takes them back from there.

use crate::lanes::Lanes;

/// What is done to a gradient and to its weight before the rule, in the same pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Before {
    /// The gradient is multiplied with it: below 1 where its norm is clipped.
    pub scale: f32,
    /// This share of the weight is taken off: AdamW's decoupled decay, `rate * weight_decay`.
    pub decay: f32,
}

impl Before {
    /// Nothing.
    pub const NOTHING: Self = Self { scale: 1.0, decay: 0.0 };
}

/// Goes once over weights, gradients and slots, all of one length, with `rule(g, w, slots)` in vectors. The old weights
/// end in `g`. Whether all that was written is finite.
#[inline(always)]
pub(super) fn pass<L: Lanes, const S: usize>(
    l: L,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    slots: [&mut [f32]; S],
    rule: impl Fn(L::V, L::V, [L::V; S]) -> (L::V, [L::V; S]),
) -> bool {
    let n = w.len();
    assert!(g.len() == n, "a gradient of another length than {n}");
    assert!(slots.iter().all(|slot| slot.len() == n), "a slot of another length than {n}");
    let (w, g) = (w.as_mut_ptr(), g.as_mut_ptr());
    let slots = slots.map(<[f32]>::as_mut_ptr);
    let (scale, decay) = (l.splat(before.scale), l.splat(before.decay));
    let mut watch = l.splat(0.0);
    let mut at = 0;
    while at + L::N <= n {
        // SAFETY: at + N <= n, the length of every slice.
        unsafe {
            let old = l.load(w.add(at));
            let kept = slots.map(
                #[inline(always)]
                |slot| l.load(slot.add(at)),
            );
            let start = l.sub(old, l.mul(old, decay));
            let (new, kept) = rule(l.mul(l.load(g.add(at)), scale), start, kept);
            watch = watching(l, watch, new, kept);
            l.store(new, w.add(at));
            l.store(old, g.add(at));
            for (&kept, &slot) in kept.iter().zip(&slots) {
                l.store(kept, slot.add(at));
            }
        }
        at += L::N;
    }
    let rest = n - at;
    if rest > 0 {
        // SAFETY: at + rest = n, the length of every slice. What fills the vector up is of the slice too, so that it is as
        // finite as the others.
        unsafe {
            let old = l.load_first(w.add(at), rest, *w.add(at));
            let gradient = l.load_first(g.add(at), rest, *g.add(at));
            let kept = slots.map(
                #[inline(always)]
                |slot| l.load_first(slot.add(at), rest, *slot.add(at)),
            );
            let (new, kept) = rule(l.mul(gradient, scale), l.sub(old, l.mul(old, decay)), kept);
            watch = watching(l, watch, new, kept);
            l.store_first(new, w.add(at), rest);
            l.store_first(old, g.add(at), rest);
            for (&kept, &slot) in kept.iter().zip(&slots) {
                l.store_first(kept, slot.add(at), rest);
            }
        }
    }
    l.total(watch) == 0.0
}

/// 0 as long as all was finite: `x - x` is 0, or NaN where x is not finite, and NaN stays.
#[inline(always)]
fn watching<L: Lanes, const S: usize>(l: L, mut watch: L::V, w: L::V, kept: [L::V; S]) -> L::V {
    watch = l.add(watch, l.sub(w, w));
    for kept in kept {
        watch = l.add(watch, l.sub(kept, kept));
    }
    watch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes;
    use crate::optimizer::{Adam, adam, sgd};

    #[test]
    fn what_is_not_finite_is_seen_wherever_it_stands() {
        for body in lanes::available() {
            lanes::with(body, || {
                for n in [1, 4, 19] {
                    for bad in 0..n {
                        let mut w = vec![1.0; n];
                        let mut g = vec![1e30; n];
                        assert!(sgd(1.0, Before::NOTHING, &mut w, &mut g));
                        assert_eq!(g, vec![1.0; n]);
                        // The step is no more than epsilon lets through, but the square is infinite.
                        let (mut w, mut g) = (vec![1.0; n], vec![1.0; n]);
                        let (mut m, mut v) = (vec![0.0; n], vec![0.0; n]);
                        g[bad] = 1e20;
                        let is_finite =
                            adam(0.1, &Adam::default(), Before::NOTHING, &mut w, &mut g, &mut m, &mut v);
                        assert!(!is_finite && w.iter().all(|w| w.is_finite()), "{body:?} {n} {bad}");
                        let mut g = vec![1.0; n];
                        g[bad] = f32::NAN;
                        assert!(!sgd(1.0, Before::NOTHING, &mut w, &mut g), "{body:?} {n} {bad}");
                    }
                }
            });
        }
    }

    #[test]
    fn what_fills_up_the_last_vector_is_not_looked_at() {
        // Without epsilon, a vector filled up with zeros would divide by one.
        let settings = Adam { epsilon: 0.0, ..Adam::default() };
        let (mut w, mut g, mut m, mut v) = ([1.0; 5], [2.0; 5], [0.0; 5], [0.0; 5]);
        assert!(adam(0.1, &settings, Before::NOTHING, &mut w, &mut g, &mut m, &mut v));
    }
}
