"""Metrics: Keras' objects for specs, and scikit-learn's answers to what Keras has not."""

import keras
import numpy as np
import sklearn.metrics

# Where the class is not the name in camel case.
NAMES = {
    "auc": "AUC",
    "iou": "OneHotIoU",
    "mean_iou": "OneHotMeanIoU",
    "binary_iou": "BinaryIoU",
    "kl_divergence": "KLDivergence",
    "fbeta_score": "FBetaScore",
    "r2_score": "R2Score",
}
# Functions that no class of Keras' metrics goes around.
FUNCTIONS = ("huber", "binary_focal_crossentropy", "categorical_focal_crossentropy")
# What scikit-learn is asked for.
OTHERS = {
    "matthews_correlation": sklearn.metrics.matthews_corrcoef,
    "cohen_kappa": sklearn.metrics.cohen_kappa_score,
    "balanced_accuracy": sklearn.metrics.balanced_accuracy_score,
}


def named(specs: list) -> list[tuple[str, dict]]:
    """Each spec with the name of its score: a metric that stands twice has a number the second time."""
    seen, result = [], []
    for spec in specs:
        spec = {"type": spec} if isinstance(spec, str) else spec
        kind, twins = spec["type"], seen.count(spec["type"])
        result.append((f"{kind}_{twins}" if twins else kind, spec))
        seen.append(kind)
    return result


def metrics(specs: list, loss_type: str, classes: int) -> list:
    """Keras' metrics for those specs that it has."""
    made = []
    for name, spec in named(specs):
        kind = spec["type"]
        if kind in OTHERS or kind == "calibration_error" or "num_regressors" in spec:
            continue
        arguments = {key: value for key, value in spec.items() if key != "type"}
        if kind == "accuracy":
            kind = "sparse_categorical_accuracy" if loss_type.startswith("sparse") else "categorical_accuracy" if classes > 1 else "binary_accuracy"
            arguments = {"threshold": 0} if loss_type == "hinge" and classes == 1 else {}
        if kind in FUNCTIONS:
            made.append(keras.metrics.MeanMetricWrapper(getattr(keras.metrics, kind), name=name, **arguments))
            continue
        if kind in ("iou", "mean_iou"):
            arguments["num_classes"] = classes
        made.append(getattr(keras.metrics, NAMES.get(kind) or "".join(word.capitalize() for word in kind.split("_")))(name=name, **arguments))
    return made


def flat(scores: dict) -> dict[str, np.float32]:
    """Scores with several values have a number for each."""
    result = {}
    for name, value in scores.items():
        values = np.ravel(value)
        result.update({name: np.float32(values[0])} if len(values) == 1 else {f"{name}/{i}": np.float32(v) for i, v in enumerate(values)})
    return result


def others(specs: list, output, y, weights=None) -> dict[str, np.float32]:
    """What Keras has not, where rows may have weights."""
    p = np.asarray(output, dtype=np.float64).reshape(-1, output.shape[-1])
    said = (p[:, 0] > 0.5).astype(int) if p.shape[1] == 1 else p.argmax(axis=1)
    certainty = np.maximum(p[:, 0], 1 - p[:, 0]) if p.shape[1] == 1 else p.max(axis=1)
    truth = np.ravel(y).astype(int)
    result = {}
    for name, spec in named(specs):
        if spec["type"] in OTHERS:
            result[name] = np.float32(OTHERS[spec["type"]](truth, said, sample_weight=weights))
        if "num_regressors" in spec:
            # Keras' own cannot be compiled by JAX; its formula counts numbers, not rows.
            off = 1 - sklearn.metrics.r2_score(y, output)
            result[name] = np.float32(1 - off * (y.size - 1) / (y.size - spec["num_regressors"] - 1))
        if spec["type"] == "calibration_error":
            # Guo et al., "On calibration of modern neural networks", 2017.
            bins = spec.get("bins", 15)
            edges = np.arange(bins + 1) / bins
            within = [(certainty > low) & (certainty <= high) for low, high in zip(edges, edges[1:])]
            counts = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
            surplus = counts * (certainty - (said == truth))
            result[name] = np.float32(sum(abs(surplus[part].sum()) for part in within) / counts.sum())
    return result
