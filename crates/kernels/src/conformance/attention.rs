//! Attention: several heads, shared heads, causal sight, masks that hide some or all keys, dropout.

use super::{Case, Entry, Output, around_zero, made, numbers, wide};
use crate::attention::{self, GivenWeights, Pairs, Shape, Sight, Thinning};
use crate::reference;
use crate::rng::{Purpose, Stream};
use std::ops::Range;

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("attention::dot_scores", || of_all(dot_scores)),
    ("attention::weigh", || of_all(weigh)),
    ("attention::mix", || of_all(mix)),
    ("attention::mix_backward", || of_all(mix_backward)),
    ("attention::dot_backward", || of_all(dot_backward)),
    ("attention::additive_scores", || of_one_head(additive_scores)),
    ("attention::additive_backward", || of_one_head(additive_backward)),
    ("attention::rotate", rotate),
];

const SCALE: f32 = 0.6;

/// What is looked at, and how.
#[derive(Clone, Debug)]
struct Given {
    shape: Shape,
    is_causal: bool,
    window: Option<usize>,
    /// `(rows, keys)` and `(rows, queries)`.
    masks: Option<(Vec<f32>, Vec<f32>)>,
    /// `(rows, heads, queries, keys)` and the last three of these sizes.
    pairs: Option<(Vec<f32>, [usize; 3])>,
    /// The weights are given out, and have a gradient: before dropout or after it.
    given_weights: Option<bool>,
    rate: f32,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
}

fn given(sizes: [usize; 7], is_causal: bool, is_masked: bool, rate: f32) -> Given {
    let [rows, queries, keys, heads, value_heads, key_dim, value_dim] = sizes;
    let shape = Shape { rows, queries, keys, heads, value_heads, key_dim, value_dim };
    // In some rows all keys are hidden, in some the last query sees none.
    let mask = |n: usize, hidden: fn(usize, usize) -> bool| -> Vec<f32> {
        (0..rows * n).map(|i| if hidden(i / n, i % n) { 0.0 } else { 1.0 }).collect()
    };
    Given {
        shape,
        is_causal,
        window: None,
        masks: is_masked.then(|| {
            let keys = mask(keys, |row, key| row % 3 == 1 || (row + key) % 3 == 1);
            (keys, mask(queries, |row, query| row % 2 == 0 && query == 1))
        }),
        pairs: None,
        given_weights: None,
        rate,
        q: around_zero(1, rows * queries * shape.query_width()),
        k: around_zero(2, rows * keys * shape.key_width()),
        v: around_zero(3, rows * keys * shape.value_width()),
    }
}

impl Given {
    /// With a mask of pairs whose axes have so many sizes, or one for all: it hides all keys of some queries.
    fn in_pairs(self, is_whole: [bool; 3]) -> Self {
        let Shape { rows, queries, keys, heads, .. } = self.shape;
        let of = |k: usize, size: usize| if is_whole[k] { size } else { 1 };
        let sizes = [of(0, heads), of(1, queries), of(2, keys)];
        let each: usize = sizes.iter().product();
        let mask = (0..rows * each).map(|i| if i * 7 % 5 < 2 || i % 11 > 7 { 0.0 } else { 1.0 });
        Self { pairs: Some((mask.collect(), sizes)), ..self }
    }

    fn given_weights<'a>(&self, d: &'a [f32]) -> Option<GivenWeights<'a>> {
        self.given_weights.map(|after_dropout| GivenWeights { gradient: d, after_dropout })
    }

    fn some(&self, rows: &Range<usize>) -> Shape {
        Shape { rows: rows.len(), ..self.shape }
    }

    fn sight(&self, rows: &Range<usize>) -> Sight<'_> {
        let Shape { queries, keys, .. } = self.shape;
        Sight {
            is_causal: self.is_causal,
            window: self.window,
            is_blind_zero: self.window.is_some(),
            is_hidden_zero: self.given_weights.is_some(),
            keys: self.masks.as_ref().map(|(mask, _)| &mask[rows.start * keys..rows.end * keys]),
            queries: self.masks.as_ref().map(|(_, mask)| &mask[rows.start * queries..rows.end * queries]),
            pairs: self.pairs.as_ref().map(|(mask, sizes)| {
                let &[heads, queries, keys] = sizes;
                Pairs { mask: part(mask, rows, heads * queries * keys), heads, queries, keys }
            }),
        }
    }

    fn thinning(&self, rows: &Range<usize>) -> Option<Thinning> {
        let stream = Stream::new(5, Purpose::Dropout, 2);
        let offset = (rows.start * self.shape.weights()) as u64 + 3;
        (self.rate > 0.0).then_some(Thinning { stream, offset, rate: self.rate })
    }

    fn all(&self) -> Range<usize> {
        0..self.shape.rows
    }

    /// Sets what comes after a query to 0, where that is passed over.
    fn cut<T: Default>(&self, of_keys: &mut [T]) {
        let Shape { queries, keys, .. } = self.shape;
        if self.is_causal && self.window.is_none() && self.masks.is_none() && self.pairs.is_none() {
            for (i, of_keys) in of_keys.chunks_mut(keys).enumerate() {
                of_keys.iter_mut().skip(i % queries + 1).for_each(|x| *x = T::default());
            }
        }
    }

    /// Scores that are not those of the queries, for what works on scores: none where they are passed over.
    fn weights_or_gradients(&self) -> Vec<f32> {
        let mut scores = self.scores();
        self.cut(&mut scores);
        scores
    }

    /// The same everywhere.
    fn scores(&self) -> Vec<f32> {
        around_zero(4, self.shape.rows * self.shape.weights())
    }

    fn d_y(&self) -> Vec<f32> {
        around_zero(5, self.shape.rows * self.shape.queries * self.shape.output_width())
    }

    fn weights(&self, scores: &[f64]) -> Vec<f64> {
        let mut weights = scores.to_vec();
        reference::weigh(&self.shape, f64::from(SCALE), self.sight(&self.all()), &mut weights);
        weights
    }

    fn case(
        self,
        tolerance: f64,
        outputs: Vec<Output>,
        run: impl Fn(&Given, Range<usize>, &mut [&mut [f32]]) + 'static,
    ) -> Case {
        Case {
            label: format!(
                "{:?} causal {} masks {:?} pairs {:?} rate {}",
                self.shape, self.is_causal, self.masks, self.pairs, self.rate
            ),
            cuts: self.shape.rows,
            outputs,
            run: Box::new(move |rows, out| run(&self, rows, out)),
            tolerance,
        }
    }

    fn scratch(&self) -> Vec<f32> {
        vec![f32::NAN; self.shape.scratch_len()]
    }
}

/// Rows `rows` of a matrix of so many values per row.
fn part<'a>(x: &'a [f32], rows: &Range<usize>, each: usize) -> &'a [f32] {
    &x[rows.start * each..rows.end * each]
}

fn of_all(case: fn(Given) -> Case) -> Vec<Case> {
    let sizes = [
        [1, 1, 1, 1, 1, 1, 1],
        [3, 4, 4, 1, 1, 3, 2],
        [2, 3, 5, 2, 2, 2, 3],
        [4, 5, 3, 4, 2, 1, 2],
        [0, 2, 2, 1, 1, 1, 1],
        [2, 17, 13, 3, 1, 9, 5],
        [1, 19, 34, 2, 1, 2, 3],
    ];
    let mut cases = Vec::new();
    for sizes in sizes {
        cases.push(case(given(sizes, false, false, 0.0)));
        cases.push(case(given(sizes, true, false, 0.3)));
        cases.push(case(given(sizes, sizes[0] == 4, true, 0.0)));
        cases.push(case(Given { window: Some(2), ..given(sizes, false, true, 0.0) }));
        cases.push(case(given(sizes, true, false, 0.0).in_pairs([true; 3])));
        cases.push(case(given(sizes, false, true, 0.0).in_pairs([false, true, true])));
        cases.push(case(given(sizes, false, false, 0.0).in_pairs([true, false, true])));
        cases.push(case(given(sizes, false, false, 0.0).in_pairs([false, true, false])));
        for after_dropout in [false, true] {
            let given_weights = Some(after_dropout);
            cases.push(case(Given { given_weights, ..given(sizes, false, true, 0.0) }));
            cases.push(case(Given { given_weights, ..given(sizes, true, false, 0.3) }));
        }
    }
    cases
}

fn of_one_head(case: fn(Given) -> Case) -> Vec<Case> {
    let sizes = [[1, 1, 1, 1, 1, 1, 1], [3, 2, 4, 1, 1, 5, 1], [2, 3, 2, 1, 1, 17, 1], [0, 1, 1, 1, 1, 2, 1]];
    sizes.into_iter().map(|sizes| case(given(sizes, false, false, 0.0))).collect()
}

fn dot_scores(given: Given) -> Case {
    let shape = given.shape;
    let wanted = made(shape.rows * shape.weights(), |scores| {
        reference::dot_scores(&shape, &wide(&given.q), &wide(&given.k), scores);
        given.cut(scores);
    });
    given.case(2e-6, vec![Output::poisoned(wanted, shape.weights())], move |given, rows, out| {
        let q = part(&given.q, &rows, shape.queries * shape.query_width());
        let k = part(&given.k, &rows, shape.keys * shape.key_width());
        attention::dot_scores(&given.some(&rows), given.sight(&rows), q, k, out[0], &mut given.scratch());
        given.cut(out[0]);
    })
}

fn weigh(given: Given) -> Case {
    let shape = given.shape;
    let scores = given.scores();
    let wanted = given.weights(&wide(&scores));
    given.case(2e-6, vec![Output::updated(scores, wanted, shape.weights())], |given, rows, out| {
        attention::weigh(&given.some(&rows), SCALE, given.sight(&rows), out[0], &mut given.scratch());
    })
}

fn mix(given: Given) -> Case {
    let shape = given.shape;
    let weights = given.weights_or_gradients();
    let each = shape.queries * shape.output_width();
    let wanted = made(shape.rows * each, |y| {
        reference::mix(&shape, &wide(&weights), given.thinning(&given.all()), &wide(&given.v), y);
    });
    given.case(5e-6, vec![Output::poisoned(wanted, each)], move |given, rows, out| {
        let weights = part(&weights, &rows, shape.weights());
        let v = part(&given.v, &rows, shape.keys * shape.value_width());
        let thinning = given.thinning(&rows);
        let sight = given.sight(&rows);
        attention::mix(&given.some(&rows), sight, weights, thinning, v, out[0], &mut given.scratch());
    })
}

fn mix_backward(given: Given) -> Case {
    let shape = given.shape;
    let (scores, d_y) = (given.scores(), given.d_y());
    let d_given = around_zero(6, scores.len());
    let weights: Vec<f32> = given.weights(&wide(&scores)).iter().map(|w| *w as f32).collect();
    let (mut d_scores, mut d_v) = (vec![0.0; scores.len()], vec![0.0; given.v.len()]);
    reference::mix_backward(
        &shape,
        f64::from(SCALE),
        given.sight(&given.all()),
        &given.weights(&wide(&scores)),
        given.thinning(&given.all()),
        &wide(&given.v),
        &wide(&d_y),
        given.given_weights(&d_given),
        &mut d_scores,
        &mut d_v,
    );
    let each = shape.keys * shape.value_width();
    let outputs = vec![Output::poisoned(d_scores, shape.weights()), Output::poisoned(d_v, each)];
    given.case(1e-5, outputs, move |given, rows, out| {
        let weights = part(&weights, &rows, shape.weights());
        let v = part(&given.v, &rows, each);
        let d_y = part(&d_y, &rows, shape.queries * shape.output_width());
        let (shape, sight, thinning) = (given.some(&rows), given.sight(&rows), given.thinning(&rows));
        let [d_scores, d_v] = out else { unreachable!("two outputs") };
        let scratch = &mut given.scratch();
        attention::mix_backward(
            &shape,
            SCALE,
            sight,
            weights,
            thinning,
            v,
            d_y,
            given.given_weights(part(&d_given, &rows, shape.weights())),
            d_scores,
            Some(&mut **d_v),
            scratch,
        );
    })
}

fn dot_backward(given: Given) -> Case {
    let shape = given.shape;
    let d_scores = given.weights_or_gradients();
    let (of_q, of_k) = (shape.queries * shape.query_width(), shape.keys * shape.key_width());
    let (mut d_q, mut d_k) = (vec![0.0; given.q.len()], vec![0.0; given.k.len()]);
    let (q, k) = (wide(&given.q), wide(&given.k));
    reference::dot_backward(&shape, &q, &k, &wide(&d_scores), &mut d_q, &mut d_k);
    let outputs = vec![Output::poisoned(d_q, of_q), Output::poisoned(d_k, of_k)];
    given.case(1e-5, outputs, move |given, rows, out| {
        let (q, k) = (part(&given.q, &rows, of_q), part(&given.k, &rows, of_k));
        let d_scores = part(&d_scores, &rows, shape.weights());
        let [d_q, d_k] = out else { unreachable!("two outputs") };
        let scratch = &mut given.scratch();
        let (shape, sight) = (given.some(&rows), given.sight(&rows));
        attention::dot_backward(&shape, sight, q, k, d_scores, Some(&mut **d_q), Some(&mut **d_k), scratch);
    })
}

fn additive_scores(given: Given) -> Case {
    let shape = given.shape;
    let outer = around_zero(6, shape.key_dim);
    let wanted = made(shape.rows * shape.weights(), |scores| {
        let (q, k) = (wide(&given.q), wide(&given.k));
        reference::additive_scores(&shape, &q, &k, f64::from(SCALE), &wide(&outer), scores);
    });
    given.case(5e-6, vec![Output::poisoned(wanted, shape.weights())], move |given, rows, out| {
        let q = part(&given.q, &rows, shape.queries * shape.key_dim);
        let k = part(&given.k, &rows, shape.keys * shape.key_dim);
        attention::additive_scores(&given.some(&rows), q, k, SCALE, &outer, out[0]);
    })
}

fn additive_backward(given: Given) -> Case {
    let shape = given.shape;
    let dim = shape.key_dim;
    let outer = around_zero(6, dim);
    let d_scores = given.scores();
    let each = [shape.queries * dim, shape.keys * dim, dim, dim];
    let mut gradients = each.map(|each| vec![0.0; shape.rows * each]);
    let [d_q, d_k, d_outer, d_inner] = &mut gradients;
    let (q, k) = (wide(&given.q), wide(&given.k));
    let (scale, outers, d) = (f64::from(SCALE), wide(&outer), wide(&d_scores));
    reference::additive_backward(&shape, &q, &k, scale, &outers, &d, d_q, d_k, d_outer, d_inner);
    let outputs: Vec<Output> =
        gradients.into_iter().zip(each).map(|(wanted, each)| Output::poisoned(wanted, each)).collect();
    given.case(1e-5, outputs, move |given, rows, out| {
        let (q, k) = (part(&given.q, &rows, shape.queries * dim), part(&given.k, &rows, shape.keys * dim));
        let d_scores = part(&d_scores, &rows, shape.weights());
        let [d_q, d_k, d_outer, d_inner] = out else { unreachable!("four outputs") };
        attention::additive_backward(
            &given.some(&rows),
            q,
            k,
            SCALE,
            &outer,
            d_scores,
            Some(&mut **d_q),
            Some(&mut **d_k),
            d_outer,
            d_inner,
            &mut vec![f32::NAN; dim],
        );
    })
}

fn rotate() -> Vec<Case> {
    let sizes = [(2, 3, 1, 1), (1, 4, 3, 5), (3, 2, 2, 8)];
    sizes
        .map(|(rows, steps, heads, half)| {
            let each = steps * heads * 2 * half;
            let x = around_zero(1, rows * each);
            let angles = numbers(2, steps * half, -3.0, 3.0);
            let (cos, sin): (Vec<f32>, Vec<f32>) =
                angles.iter().map(|a| (libm::cosf(*a), libm::sinf(*a))).unzip();
            let wanted = made(x.len(), |y| {
                reference::rotate(heads, half, &wide(&cos), &wide(&sin), -1.0, &wide(&x), y);
            });
            Case {
                label: format!("{rows} x {steps} x {heads} x {half}"),
                cuts: rows,
                outputs: vec![Output::poisoned(wanted, each)],
                run: Box::new(move |rows, out| {
                    attention::rotate(heads, half, &cos, &sin, -1.0, part(&x, &rows, each), out[0]);
                }),
                tolerance: 2e-6,
            }
        })
        .into()
}
