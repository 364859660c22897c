//! How the losses of a batch become the one number that a step makes small: an argument of every loss.

use crate::error::Error;
use crate::spec::describe::{choices, described};

choices! {
    /// Keras' reductions; `mean` is another name of `sum_over_batch_size` there too.
    Reduction, "choice", "a reduction" {
        /// Their sum, each as often as its row counts, divided by how many there are.
        SumOverBatchSize = "sum_over_batch_size", "Mean";
        /// Their sum alone: larger batches take larger steps.
        Sum = "sum", "Sum";
        /// Their sum, divided by the sum of what the rows count.
        MeanWithSampleWeight = "mean_with_sample_weight", "Mean by weight";
    } aliases {
        "mean" => "sum_over_batch_size",
    }
}

described! {
    /// What every loss may be told.
    LossArguments, "loss", "Loss" {
        /// How the losses of a batch become one number.
        reduction: Reduction = Reduction::SumOverBatchSize, "Reduction";
    }
}

/// Keras has losses that stay apart as well, of which nobody could say whether they became smaller.
#[cold]
pub(super) fn explained(error: Error) -> Error {
    if error.found == "\"none\"" || error.found == "null" {
        return error.hint("a step makes one number small, so the losses of a batch have to become one");
    }
    error
}
