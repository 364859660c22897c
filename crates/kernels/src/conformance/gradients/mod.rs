//! Gradients of the twins against central differences, in f64, and those of the kernels against the twins: one table by
//! kernel, in which no kernel with a gradient may be missing (`complete`).
//!
//! That a twin's backward belongs to its forward is checked at a step of 1e-6 and to 1e-6 of the gradient itself, beyond
//! what rounding alone puts into a difference. That kernels agree with their twins, at every cut and on every body, is the
//! table of kernels' matter, and more exactly than here: here each of their gradients is held to its own size.

mod attention;
mod elements;
mod losses;
mod normalization;
mod recurrent;
mod windows;

use super::{Case, around_zero, made, table, wide};

/// A check of the gradients that some kernels compute.
type Entry = (&'static [&'static str], fn(&mut Check));

/// Kernels that compute gradients (losses with them), and what their twins are checked by.
pub(super) const GRADIENTS: &[Entry] = &[
    (&["activation::backward", "activation::backward_in_place"], elements::activations),
    (&["attention::additive_backward"], attention::additive),
    (&["attention::dot_backward"], attention::dot),
    (&["attention::mix_backward"], attention::mix),
    (&["attention::rotate"], attention::rotate),
    (
        &["convolution::backward", "convolution::kernel_gradient", "convolution::channel_gradient"],
        windows::convolutions,
    ),
    (&["depthwise::backward", "depthwise::kernel_gradient"], windows::depthwise),
    (&["dropout::backward", "dropout::alpha_backward"], elements::dropout),
    (&["elementwise::extreme_gradient"], elements::extreme),
    (&["elementwise::penalty_gradient"], elements::penalty),
    (&["embedding::table_gradient"], elements::embedding),
    (&["enlarge::backward"], elements::enlarge),
    (&["gemm::nn", "gemm::nt", "gemm::tn"], elements::products),
    (&["loss::categorical_hinge"], losses::categorical_hinge),
    (&["loss::circle_gradient"], losses::circle),
    (&["loss::cosine_similarity"], losses::cosine),
    (&["loss::crossentropy"], losses::crossentropy),
    (&["loss::ctc"], losses::ctc),
    (&["loss::focal_crossentropy"], losses::focal),
    (&["loss::generalized_crossentropy"], losses::generalized),
    (&["loss::mean_of_terms"], losses::terms),
    (&["loss::overlap_gradient"], losses::overlap),
    (&["masking::backward"], elements::masks),
    (&["masking::mean_backward"], elements::masked_means),
    (&["norm::backward", "norm::column_gradients"], normalization::batches),
    (&["norm::group_sums"], normalization::groups),
    (&["orthogonal::penalty"], elements::orthogonal),
    (&["pooling::average_backward"], windows::average),
    (&["pooling::max_backward"], windows::largest),
    (&["prelu::backward", "prelu::alpha_gradient"], elements::prelu),
    (&["rearrange::backward"], elements::rearrange),
    (&["recurrent::gru_backward"], recurrent::gru),
    (&["recurrent::lstm_backward"], recurrent::lstm),
    (&["recurrent::simple_backward"], recurrent::simple),
    (&["reduce::column_sums"], elements::biases),
    (&["row_norm::backward", "row_norm::column_gradients"], normalization::rows),
    (&["rowwise::glu_backward"], elements::glu),
    (&["rowwise::log_softmax_backward"], elements::log_softmax),
    (&["rowwise::sparsemax_backward"], elements::sparsemax),
    (&["softmax::backward"], elements::softmax),
    (&["unit::backward"], elements::unit),
];

/// Kernels that compute no gradient: what goes forward, moves values, or is done with gradients afterwards.
pub(super) const OTHERS: &[&str] = &[
    "activation::forward",
    "activation::forward_in_place",
    "attention::additive_scores",
    "attention::dot_scores",
    "attention::mix",
    "attention::weigh",
    "constraint::bound_norms",
    "constraint::bound_norms_apart",
    "constraint::non_negative",
    "convolution::forward",
    "depthwise::forward",
    "dropout::alpha",
    "dropout::forward",
    "elementwise::add",
    "elementwise::axpy",
    "elementwise::copy_block",
    "elementwise::extreme",
    "elementwise::mul",
    "elementwise::penalty",
    "elementwise::scale",
    "elementwise::sub",
    "embedding::forward",
    "enlarge::forward",
    "gather::columns",
    "gather::rows",
    "loss::circle_sums",
    "loss::overlap_sums",
    "loss::overlap_value",
    "masking::forward",
    "masking::mean",
    "masking::nonzero",
    "noise::normal",
    "norm::column_moments",
    "norm::group_moments",
    "norm::masked_moments",
    "norm::moving_average",
    "norm::normalize",
    "optimizer::accumulate",
    "optimizer::adadelta",
    "optimizer::adafactor",
    "optimizer::adafactor_columns",
    "optimizer::adafactor_rows",
    "optimizer::adafactor_squares",
    "optimizer::adafactor_vector",
    "optimizer::adagrad",
    "optimizer::adam",
    "optimizer::adam_amsgrad",
    "optimizer::adamax",
    "optimizer::average",
    "optimizer::clip_values",
    "optimizer::decay",
    "optimizer::ftrl",
    "optimizer::lamb",
    "optimizer::lamb_moments",
    "optimizer::lamb_squares",
    "optimizer::lion",
    "optimizer::muon_momentum",
    "optimizer::nadam",
    "optimizer::rmsprop",
    "optimizer::sgd",
    "optimizer::sgd_momentum",
    "pooling::average",
    "pooling::max",
    "prelu::forward",
    "rearrange::forward",
    "recurrent::gru_forward",
    "recurrent::lstm_forward",
    "recurrent::simple_forward",
    "reduce::all_finite",
    "reduce::argmax_rows",
    "reduce::sum",
    "reduce::sum_squares",
    "row_norm::moments",
    "row_norm::normalize",
    "rowwise::glu",
    "rowwise::log_softmax",
    "rowwise::sparsemax",
    "softmax::forward",
    "unit::forward",
];

const STEP: f64 = 1e-6;
/// Of the gradient itself.
const TOLERANCE: f64 = 1e-6;
/// Roundings in a term of the value, in units of its last place.
const ROUNDINGS: f64 = 32.0;
/// What a kernel in f32 may differ from its twin in f64, of the gradient itself.
const KERNEL_TOLERANCE: f64 = 2e-3;
/// Where a gradient is near 0, it is what sums of larger terms left of each other, and a sum in f32 errs with its terms: it
/// is measured against this share of the largest gradient beside it.
const KERNEL_SHARE: f64 = 1e-2;
/// And against this at least: terms of about 1 are rounded to 6e-8, of which this leaves a few.
const KERNEL_FLOOR: f64 = 1e-4;

/// Compares gradients with differences, and notes what is wrong.
#[derive(Default)]
pub(super) struct Check {
    wrong: Vec<String>,
    /// Gradients that are not 0.
    compared: usize,
}

impl Check {
    /// Compares `gradient` with the central differences, at `x`, of the sum of what `terms` gives. Terms that do not change
    /// drop out of the difference; those that do leave their rounding in it.
    fn agree(&mut self, what: &str, x: &[f64], gradient: &[f64], terms: impl Fn(&[f64]) -> Vec<f64>) {
        assert_eq!(x.len(), gradient.len(), "{what}");
        let mut at = x.to_vec();
        for i in 0..x.len() {
            at[i] = x[i] + STEP;
            let above = terms(&at);
            at[i] = x[i] - STEP;
            let below = terms(&at);
            at[i] = x[i];
            let changed = || above.iter().zip(&below).filter(|(above, below)| above != below);
            let difference = changed().map(|(above, below)| above - below).sum::<f64>() / (2.0 * STEP);
            let size = changed().map(|(above, below)| above.abs().max(below.abs())).sum::<f64>();
            let rounding = ROUNDINGS * f64::EPSILON * size / (2.0 * STEP);
            let allowed = TOLERANCE * difference.abs().max(gradient[i].abs()) + rounding;
            // Not whether it is larger: what is no number is wrong.
            let is_near = (difference - gradient[i]).abs() <= allowed;
            if !is_near {
                self.wrong
                    .push(format!("{what}: d[{i}] is {:e}, by differences {difference:e}", gradient[i]));
            }
            self.compared += usize::from(gradient[i] != 0.0);
        }
    }
}

/// The terms of a value whose gradient with respect to `y` is `d_y`.
fn times(y: &[f64], d_y: &[f64]) -> Vec<f64> {
    y.iter().zip(d_y).map(|(y, d)| y * d).collect()
}

/// Off the kinks, all of which are at multiples of 1/4, by more than a step.
fn inputs(lane: u32, n: usize) -> Vec<f64> {
    let off = |x: &f64| if (x * 4.0 - (x * 4.0).round()).abs() < 0.01 { x + 0.1 } else { *x };
    wide(&around_zero(lane, n)).iter().map(off).collect()
}

#[test]
fn gradients_of_twins_are_central_differences() {
    let mut wrong = Vec::new();
    for (kernels, run) in GRADIENTS {
        let mut check = Check::default();
        run(&mut check);
        assert!(check.compared > 0, "{kernels:?} compared nothing");
        // The first few tell what it is.
        wrong.extend(check.wrong.iter().take(5).map(|wrong| format!("{kernels:?} {wrong}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn gradients_of_kernels_are_near_those_of_twins_for_their_own_size() {
    let mut wrong = Vec::new();
    for kernel in table() {
        if !GRADIENTS.iter().any(|(kernels, _)| kernels.contains(&kernel.name)) {
            continue;
        }
        for case in (kernel.cases)() {
            wrong.extend(first_far(&case).map(|far| format!("{} {}: {far}", kernel.name, case.label)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first result that is too far from its twin's.
fn first_far(case: &Case) -> Option<String> {
    let outputs = case.outputs_in(1).expect("nothing is written behind an output");
    for (output, got) in case.outputs.iter().zip(&outputs) {
        let largest =
            output.wanted.iter().filter(|wanted| wanted.is_finite()).fold(0.0f64, |a, b| a.max(b.abs()));
        for (i, (&got, &wanted)) in got.iter().zip(&output.wanted).enumerate() {
            let got = f64::from(got);
            let size = wanted.abs().max(KERNEL_SHARE * largest).max(KERNEL_FLOOR);
            let is_same = got == wanted || got.is_nan() && wanted.is_nan();
            let is_near = (got - wanted).abs() <= KERNEL_TOLERANCE * size;
            if !is_same && !is_near {
                return Some(format!("[{i}] is {got:e}, its twin {wanted:e}"));
            }
        }
    }
    None
}

#[test]
fn a_gradient_that_is_slightly_wrong_is_found() {
    let x = inputs(1, 8);
    let cubes = |x: &[f64]| -> Vec<f64> { x.iter().map(|x| x * x * x).collect() };
    let squares: Vec<f64> = x.iter().map(|x| 3.0 * x * x).collect();
    for (factor, are_wrong) in [(1.0, 0), (1.0 + 1e-5, 8), (f64::NAN, 8)] {
        let mut check = Check::default();
        let gradient: Vec<f64> = squares.iter().map(|d| d * factor).collect();
        check.agree("cubes", &x, &gradient, cubes);
        assert_eq!(check.wrong.len(), are_wrong, "{factor}: {:?}", check.wrong);
    }
}
