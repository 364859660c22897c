//! The names of metrics: Keras', and after them what others have.

use crate::spec::describe::choices;

choices! {
    /// A score that training does not use, but people do.
    MetricKind, "choice", "a metric" {
        /// The share of rows whose class was found.
        Accuracy = "accuracy", "Accuracy";
        /// The mean of absolute differences.
        MeanAbsoluteError = "mean_absolute_error", "MAE";
        /// The mean of squared differences.
        MeanSquaredError = "mean_squared_error", "MSE";
        /// The root of the mean of squared differences, in units of the target.
        RootMeanSquaredError = "root_mean_squared_error", "RMSE";
        /// The share of the target's variance that is explained: 1 is perfect, 0 is no better than the mean.
        R2Score = "r2_score", "R²";
        /// The mean of absolute differences in percent of the target.
        MeanAbsolutePercentageError = "mean_absolute_percentage_error", "MAPE";
        /// The mean of squared differences of logarithms.
        MeanSquaredLogarithmicError = "mean_squared_logarithmic_error", "MSLE";
        /// The mean of differences, squared where they are small and straight where they are large.
        Huber = "huber", "Huber";
        /// The mean of the logarithm of the hyperbolic cosine of differences.
        LogCoshError = "log_cosh_error", "Log-cosh";
        /// The cosine of the angle between outputs and targets.
        CosineSimilarity = "cosine_similarity", "Cosine similarity";
        /// How far outputs and targets of a row go together along a line.
        PearsonCorrelation = "pearson_correlation", "Pearson correlation";
        /// How far outputs and targets of a row lie on the line of equality.
        ConcordanceCorrelation = "concordance_correlation", "Concordance correlation";
        /// The share of outputs on the right side of the threshold.
        BinaryAccuracy = "binary_accuracy", "Accuracy (each output)";
        /// The share of rows whose largest output is the right one.
        CategoricalAccuracy = "categorical_accuracy", "Accuracy (one-hot)";
        /// The same for classes given as numbers.
        SparseCategoricalAccuracy = "sparse_categorical_accuracy", "Accuracy (class numbers)";
        /// The share of rows whose class is among the k largest outputs.
        TopKCategoricalAccuracy = "top_k_categorical_accuracy", "Top-k accuracy (one-hot)";
        /// The same for classes given as numbers.
        SparseTopKCategoricalAccuracy = "sparse_top_k_categorical_accuracy", "Top-k accuracy";
        /// Of what is predicted, the share that is true.
        Precision = "precision", "Precision";
        /// Of what is true, the share that is predicted.
        Recall = "recall", "Recall";
        /// How many times yes was predicted and true.
        TruePositives = "true_positives", "True positives";
        /// How many times no was predicted and true.
        TrueNegatives = "true_negatives", "True negatives";
        /// How many times yes was predicted and is not true.
        FalsePositives = "false_positives", "False positives";
        /// How many times no was predicted and is not true.
        FalseNegatives = "false_negatives", "False negatives";
        /// The area under the curve of all thresholds: the chance that a yes is ranked above a no.
        Auc = "auc", "AUC";
        /// The largest sensitivity among thresholds that reach a specificity.
        SensitivityAtSpecificity = "sensitivity_at_specificity", "Sensitivity at specificity";
        /// The largest specificity among thresholds that reach a sensitivity.
        SpecificityAtSensitivity = "specificity_at_sensitivity", "Specificity at sensitivity";
        /// The largest precision among thresholds that reach a recall.
        PrecisionAtRecall = "precision_at_recall", "Precision at recall";
        /// The largest recall among thresholds that reach a precision.
        RecallAtPrecision = "recall_at_precision", "Recall at precision";
        /// The harmonic mean of precision and recall, for each class or their average.
        F1Score = "f1_score", "F1";
        /// The same with recall beta times as important as precision.
        FBetaScore = "fbeta_score", "F-beta";
        /// What prediction and truth of some classes share, of what either has.
        IoU = "iou", "Intersection over union";
        /// The same for yes and no.
        BinaryIoU = "binary_iou", "Intersection over union (yes or no)";
        /// The same for all classes.
        MeanIoU = "mean_iou", "Mean intersection over union";
        /// Minus the logarithm of the probability given to what was true, each output for itself.
        BinaryCrossentropy = "binary_crossentropy", "Cross-entropy (yes or no)";
        /// The same, with less weight for what is nearly right.
        BinaryFocalCrossentropy = "binary_focal_crossentropy", "Focal cross-entropy (yes or no)";
        /// Minus the logarithm of the probability given to the true class.
        CategoricalCrossentropy = "categorical_crossentropy", "Cross-entropy (one-hot)";
        /// The same, with less weight for what is nearly right.
        CategoricalFocalCrossentropy = "categorical_focal_crossentropy", "Focal cross-entropy";
        /// The cross-entropy for classes given as numbers.
        SparseCategoricalCrossentropy = "sparse_categorical_crossentropy", "Cross-entropy (class numbers)";
        /// How far the predicted distribution is from the true one, in nats.
        KlDivergence = "kl_divergence", "KL divergence";
        /// For counts: minus the likelihood under a Poisson distribution.
        Poisson = "poisson", "Poisson";
        /// How far outputs are from being 1 away on the right side.
        Hinge = "hinge", "Hinge";
        /// The square of that.
        SquaredHinge = "squared_hinge", "Squared hinge";
        /// How far the true class is from being ahead of all others by 1.
        CategoricalHinge = "categorical_hinge", "Categorical hinge";
        /// The correlation of predicted and true classes: 1 is perfect, 0 is chance, fair to rare classes.
        MatthewsCorrelation = "matthews_correlation", "Matthews correlation";
        /// The share of agreement that is not chance.
        CohenKappa = "cohen_kappa", "Cohen's kappa";
        /// The mean of the classes' recalls, so that rare ones count as much as common ones.
        BalancedAccuracy = "balanced_accuracy", "Balanced accuracy";
        /// How far what the network claims to be sure of is from how often it is right.
        CalibrationError = "calibration_error", "Calibration error";
    } aliases {
        "acc" => "accuracy",
        "mae" => "mean_absolute_error",
        "mse" => "mean_squared_error",
        "rmse" => "root_mean_squared_error",
        "r2" => "r2_score",
        "mape" => "mean_absolute_percentage_error",
        "msle" => "mean_squared_logarithmic_error",
        "logcosh" => "log_cosh_error",
        "log_cosh" => "log_cosh_error",
        "bce" => "binary_crossentropy",
        "kld" => "kl_divergence",
        "f1" => "f1_score",
        "one_hot_iou" => "iou",
        "one_hot_mean_iou" => "mean_iou",
        "mcc" => "matthews_correlation",
    }
}

impl MetricKind {
    /// The tasks that it is for.
    pub(super) fn tasks(self) -> Vec<&'static str> {
        use MetricKind as M;
        match self {
            M::MeanAbsoluteError | M::MeanSquaredError | M::RootMeanSquaredError | M::R2Score => {
                vec!["regression"]
            }
            M::MeanAbsolutePercentageError
            | M::MeanSquaredLogarithmicError
            | M::LogCoshError
            | M::Huber
            | M::Poisson => {
                vec!["regression"]
            }
            M::CosineSimilarity | M::PearsonCorrelation | M::ConcordanceCorrelation => vec!["regression"],
            M::BinaryFocalCrossentropy => vec!["binary"],
            M::BinaryAccuracy | M::BinaryIoU | M::BinaryCrossentropy | M::Hinge | M::SquaredHinge => {
                vec!["binary"]
            }
            M::CategoricalAccuracy | M::SparseCategoricalAccuracy | M::TopKCategoricalAccuracy => {
                vec!["multiclass"]
            }
            M::SparseTopKCategoricalAccuracy | M::IoU | M::CategoricalHinge | M::KlDivergence => {
                vec!["multiclass"]
            }
            M::CategoricalCrossentropy
            | M::CategoricalFocalCrossentropy
            | M::SparseCategoricalCrossentropy => vec!["multiclass"],
            _ => vec!["binary", "multiclass"],
        }
    }
}
