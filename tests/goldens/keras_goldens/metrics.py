"""Scores of models whose weights were never trained; Keras and scikit-learn must agree before anything is written."""

import numpy as np
import sklearn.metrics

from . import losses
from .record import case, labels, rows, training, values

REGRESSION = [
    "mean_absolute_error",
    "mean_squared_error",
    "root_mean_squared_error",
    "r2_score",
    "mean_absolute_percentage_error",
    "log_cosh_error",
    "cosine_similarity",
]
COUNTS = ["true_positives", "true_negatives", "false_positives", "false_negatives", "precision", "recall"]
CURVES = [
    "auc",
    {"type": "auc", "curve": "PR"},
    {"type": "auc", "num_thresholds": 23, "summation_method": "minoring"},
    {"type": "auc", "curve": "PR", "summation_method": "majoring"},
    {"type": "auc", "thresholds": [0.2, 0.4, 0.5, 0.9]},
    {"type": "sensitivity_at_specificity", "specificity": 0.6},
    {"type": "specificity_at_sensitivity", "sensitivity": 0.6},
    {"type": "precision_at_recall", "recall": 0.6},
    {"type": "recall_at_precision", "precision": 0.6, "num_thresholds": 50},
]
AGREEMENT = ["matthews_correlation", "cohen_kappa", "balanced_accuracy", "calibration_error", {"type": "calibration_error", "bins": 4}]


def dense(units: int, activation: str = "linear") -> dict:
    return {"type": "dense", "units": units} | ({"activation": activation} if activation != "linear" else {})


def cases():
    yield from regression()
    yield from yes_or_no()
    yield from classes()
    yield from awkward()
    yield from weighted()
    yield from functions()
    yield from logits()


def scored(name, model, spec, x, y, target, seed, start=None) -> dict:
    return case(name, model, spec, x, y, target, seed=seed, scores=True, gradients=False, start=start)


def regression():
    x, y = rows(120, 37, (3,)), values(120, 37, 1)
    model = {"layers": [dense(1)]}
    golden = scored("regression", model, training(metrics=REGRESSION), x, y, {"values": 1}, 120)
    agree(golden, "mean_absolute_error", sklearn.metrics.mean_absolute_error(y, golden["output"]))
    agree(golden, "mean_squared_error", sklearn.metrics.mean_squared_error(y, golden["output"]))
    agree(golden, "root_mean_squared_error", sklearn.metrics.root_mean_squared_error(y, golden["output"]))
    agree(golden, "r2_score", sklearn.metrics.r2_score(y, golden["output"]))
    agree(golden, "mean_absolute_percentage_error", 100 * sklearn.metrics.mean_absolute_percentage_error(y, golden["output"]))
    yield golden

    y = values(123, 37, 3)
    metrics = REGRESSION + [
        "pearson_correlation",
        "concordance_correlation",
        {"type": "r2_score", "class_aggregation": "variance_weighted_average"},
        {"type": "r2_score", "num_regressors": 2},
    ]
    model, spec = {"layers": [dense(3)]}, training(metrics=metrics)
    golden = scored("several_values", model, spec, x, y, {"values": 3}, 123)
    agree(golden, "r2_score", sklearn.metrics.r2_score(y, golden["output"]))
    agree(golden, "r2_score_1", sklearn.metrics.r2_score(y, golden["output"], multioutput="variance_weighted"))
    yield golden

    y = np.floor(np.abs(values(124, 37, 2)) * 3)
    spec = training("poisson", metrics=["poisson", "mean_squared_logarithmic_error"])
    golden = scored("counts", {"layers": [dense(2, "softplus")]}, spec, x, y, {"values": 2}, 124)
    agree(golden, "mean_squared_logarithmic_error", sklearn.metrics.mean_squared_log_error(y, golden["output"]))
    yield golden


def yes_or_no():
    x, y = rows(120, 37, (3,)), labels(121, 37, 2)
    model = {"layers": [dense(1, "sigmoid")]}
    metrics = [
        "accuracy",
        {"type": "binary_accuracy", "threshold": 0.3},
        "binary_crossentropy",
        {"type": "binary_crossentropy", "label_smoothing": 0.2},
        *COUNTS,
        {"type": "precision", "thresholds": [0.3, 0.7]},
        {"type": "f1_score", "threshold": 0.5},
        {"type": "fbeta_score", "beta": 2.0, "threshold": 0.4, "average": "micro"},
        "binary_iou",
        {"type": "binary_iou", "target_class_ids": [1], "threshold": 0.6},
        *CURVES,
        *AGREEMENT,
    ]
    golden = scored("binary", model, training("binary_crossentropy", metrics=metrics), x, y, "binary", 121)
    p = golden["output"]
    agree(golden, "accuracy", sklearn.metrics.accuracy_score(y, p > 0.5))
    agree(golden, "loss", sklearn.metrics.log_loss(y, p))
    agree(golden, "precision", sklearn.metrics.precision_score(y, p > 0.5))
    agree(golden, "recall", sklearn.metrics.recall_score(y, p > 0.5))
    agree(golden, "f1_score", sklearn.metrics.f1_score(y, p > 0.5))
    agree(golden, "binary_iou", np.mean([sklearn.metrics.jaccard_score(y, p > 0.5, pos_label=label) for label in (0, 1)]))
    # Within what 200 thresholds can tell.
    agree(golden, "auc", sklearn.metrics.roc_auc_score(y, p), slack=0.01)
    yield golden

    spec = training("hinge", metrics=["accuracy", "hinge", "squared_hinge"])
    golden = scored("hinge", {"layers": [dense(1)]}, spec, x, y, "binary", 122)
    agree(golden, "hinge", sklearn.metrics.hinge_loss(y, golden["output"]))
    yield golden

    # Several answers in a row, each yes or no.
    y = np.concatenate([labels(125, 37, 2), labels(126, 37, 2), labels(127, 37, 2)], axis=1)
    metrics = ["binary_accuracy", "precision", "recall", {"type": "recall", "class_id": 1}, "auc", {"type": "f1_score", "threshold": 0.5, "average": "macro"}]
    golden = scored("several_labels", {"layers": [dense(3, "sigmoid")]}, training("binary_crossentropy", metrics=metrics), x, y, {"values": 3}, 125)
    agree(golden, "f1_score", sklearn.metrics.f1_score(y, golden["output"] > 0.5, average="macro"))
    agree(golden, "precision", sklearn.metrics.precision_score(y, golden["output"] > 0.5, average="micro"))
    yield golden


    # A curve for each of them, and of the gains.
    metrics = [
        {"type": "auc", "multi_label": True},
        {"type": "auc", "multi_label": True, "label_weights": [1.0, 3.0, 0.5], "curve": "PR"},
        {"type": "auc", "multi_label": True, "label_weights": [2.0, 0.0, 1.0], "num_thresholds": 30, "summation_method": "majoring"},
        {"type": "auc", "label_weights": [1.0, 3.0, 0.5]},
        {"type": "auc", "curve": "PRGAIN"},
        {"type": "auc", "curve": "PRGAIN", "summation_method": "minoring", "multi_label": True},
    ]
    golden = scored("curves_of_labels", {"layers": [dense(3, "sigmoid")]}, training("binary_crossentropy", metrics=metrics), x, y, {"values": 3}, 125)
    agree(golden, "auc", sklearn.metrics.roc_auc_score(y, golden["output"], average="macro"), slack=0.01)
    yield golden


def classes():
    x, y = rows(120, 37, (3,)), labels(122, 37, 5)
    model = {"layers": [dense(5, "softmax")]}
    metrics = [
        "accuracy",
        "categorical_accuracy",
        {"type": "top_k_categorical_accuracy", "k": 2},
        "categorical_crossentropy",
        {"type": "categorical_crossentropy", "label_smoothing": 0.1},
        "kl_divergence",
        "categorical_hinge",
        "cosine_similarity",
        {"type": "precision", "thresholds": 0.2},
        {"type": "precision", "top_k": 2},
        {"type": "recall", "thresholds": 0.2, "class_id": 3},
        {"type": "recall", "top_k": 3, "class_id": 1},
        "f1_score",
        {"type": "f1_score", "average": "macro"},
        {"type": "f1_score", "average": "micro"},
        {"type": "f1_score", "average": "weighted"},
        {"type": "fbeta_score", "beta": 0.5, "average": "macro"},
        "mean_iou",
        {"type": "mean_iou", "ignore_class": 2},
        {"type": "iou", "target_class_ids": [0, 3]},
        "auc",
        *AGREEMENT,
    ]
    golden = scored("categorical", model, training("categorical_crossentropy", metrics=metrics), x, y, {"classes": 5}, 122)
    said = golden["output"].argmax(axis=1)
    agree(golden, "accuracy", sklearn.metrics.accuracy_score(y, said))
    agree(golden, "loss", sklearn.metrics.log_loss(y, golden["output"]))
    agree(golden, "top_k_categorical_accuracy", sklearn.metrics.top_k_accuracy_score(y[:, 0], golden["output"], k=2))
    for i, average in enumerate(["macro", "micro", "weighted"], 1):
        agree(golden, f"f1_score_{i}", sklearn.metrics.f1_score(y, said, average=average))
    agree(golden, "mean_iou", sklearn.metrics.jaccard_score(y, said, average="macro"))
    yield golden

    metrics = ["accuracy", "sparse_categorical_accuracy", {"type": "sparse_top_k_categorical_accuracy", "k": 3}, "sparse_categorical_crossentropy"]
    golden = scored("sparse_categorical", model, training("sparse_categorical_crossentropy", metrics=metrics), x, y, {"classes": 5}, 122)
    agree(golden, "accuracy", sklearn.metrics.accuracy_score(y, golden["output"].argmax(axis=1)))
    agree(golden, "loss", sklearn.metrics.log_loss(y, golden["output"]))
    yield golden

    # A class for every step.
    x = rows(128, 11, (4, 3))
    y = np.concatenate([labels(128 + step, 11, 3) for step in range(4)], axis=1)
    spec = training("sparse_categorical_crossentropy", metrics=["accuracy", "sparse_categorical_crossentropy", "matthews_correlation"])
    golden = scored("steps", {"layers": [dense(3, "softmax")]}, spec, x, y, {"sequence": {"classes": 3, "length": 4}}, 128)
    agree(golden, "accuracy", np.mean(golden["output"].argmax(axis=2) == y))
    yield golden


def awkward():
    """Outputs of exactly 0 and 1, a class that is never said and one that is never true."""
    x = rows(132, 12, (2,))
    y = labels(132, 12, 2)
    start = {"dense/kernel": np.array([[400], [-300]], dtype=np.float32), "dense/bias": np.zeros(1, dtype=np.float32)}
    metrics = ["accuracy", *COUNTS, "auc", {"type": "auc", "curve": "PR"}, {"type": "f1_score", "threshold": 0.5}, *AGREEMENT]
    golden = scored("saturated", {"layers": [dense(1, "sigmoid")]}, training("hinge", metrics=metrics), x, y, "binary", 132, start)
    assert set(np.unique(golden["output"])) == {0, 1}
    yield golden
    y = labels(133, 12, 2) * 2
    start = {"dense/kernel": np.zeros((2, 4), dtype=np.float32), "dense/bias": np.array([0, 1, -1, -3], dtype=np.float32)}
    metrics = ["accuracy", "f1_score", "mean_iou", "balanced_accuracy", "precision", "recall"]
    golden = scored("one_answer", {"layers": [dense(4, "softmax")]}, training("categorical_crossentropy", metrics=metrics), x, y, {"classes": 4}, 133, start)
    yield golden


def agree(golden: dict, name: str, value: float, slack: float = 1e-6) -> None:
    ours = golden["scores"][name]
    assert np.isclose(ours, value, rtol=1e-5, atol=slack), f"{golden['name']}: Keras has {name} {ours}, scikit-learn {value}"


def weighted():
    """`weighted_metrics` count each row as much as the loss does, `metrics` count all alike; masks hold for both."""

    def both(name, model, loss, metrics, x, y, target, seed, input_shape=None, steps=()):
        weights = np.random.default_rng([seed, 4]).uniform(0, 3, (len(x), *steps)).astype(np.float32)
        weights[1] = 0
        if any("iou" in str(metric) for metric in metrics):
            # Keras counts these in whole numbers.
            weights = np.rint(weights)
        spec = training(loss, metrics=["accuracy" if loss.endswith(("entropy", "hinge")) else "mean_absolute_error"])
        spec["weighted_metrics"] = metrics
        return case(name, model, spec, x, y, target, weights=weights, input_shape=input_shape, seed=seed, scores=True, gradients=False)

    numbers = [it for it in REGRESSION if it != "log_cosh_error"]
    yield both("weighted_regression", {"layers": [dense(2)]}, "mean_squared_error", numbers, rows(170, 31, (3,)), values(170, 31, 2), {"values": 2}, 170)

    model = {"layers": [dense(1, "sigmoid")]}
    metrics = [*COUNTS, *CURVES[:4], "binary_crossentropy", {"type": "f1_score", "threshold": 0.5}, *AGREEMENT[:3]]
    yield both("weighted_binary", model, "binary_crossentropy", metrics, rows(174, 31, (3,)), labels(174, 31, 2), "binary", 174)

    model = {"layers": [dense(4, "softmax")]}
    metrics = ["accuracy", {"type": "sparse_top_k_categorical_accuracy", "k": 2}, "sparse_categorical_crossentropy", "cohen_kappa"]
    yield both("weighted_classes", model, "sparse_categorical_crossentropy", metrics, rows(172, 31, (3,)), labels(172, 31, 4), {"classes": 4}, 172)

    # Steps that a mask leaves out.
    x, y = rows(173, 9, (4, 3)), values(173, 9, 8)
    x[1, 2:], x[2, 0], x[3, 3], x[5, 1:] = 0, 0, 0, 0
    flat = np.ascontiguousarray(x.reshape(9, 12))
    model = {"layers": [{"type": "masking"}, dense(2)]}
    metrics = ["mean_absolute_error", "mean_squared_error"]
    yield both("weighted_masked", model, "mean_squared_error", metrics, flat, y, {"values": 8}, 173, (4, 3))

    # The metrics that no case above has weighted.
    metrics = ["log_cosh_error", "pearson_correlation", "concordance_correlation", {"type": "r2_score", "class_aggregation": "variance_weighted_average"}]
    yield both("weighted_values", {"layers": [dense(3)]}, "mean_squared_error", metrics, rows(175, 31, (3,)), values(175, 31, 3), {"values": 3}, 175)
    y = np.floor(np.abs(values(176, 31, 2)) * 3)
    metrics = ["poisson", "mean_squared_logarithmic_error"]
    yield both("weighted_counts", {"layers": [dense(2, "softplus")]}, "poisson", metrics, rows(176, 31, (3,)), y, {"values": 2}, 176)
    model = {"layers": [dense(1, "sigmoid")]}
    metrics = [
        {"type": "binary_accuracy", "threshold": 0.3},
        {"type": "binary_crossentropy", "label_smoothing": 0.2},
        {"type": "fbeta_score", "beta": 2.0, "threshold": 0.4, "average": "micro"},
        "binary_iou",
        {"type": "binary_iou", "target_class_ids": [1], "threshold": 0.6},
        *CURVES[4:],
        *AGREEMENT[3:],
    ]
    yield both("weighted_yes_or_no", model, "binary_crossentropy", metrics, rows(177, 31, (3,)), labels(177, 31, 2), "binary", 177)
    model = {"layers": [dense(4, "softmax")]}
    metrics = [
        "accuracy",
        "categorical_accuracy",
        {"type": "top_k_categorical_accuracy", "k": 2},
        "categorical_crossentropy",
        "kl_divergence",
        "categorical_hinge",
        "cosine_similarity",
        {"type": "precision", "top_k": 2},
        {"type": "recall", "thresholds": 0.2, "class_id": 3},
        "f1_score",
        {"type": "f1_score", "average": "macro"},
        {"type": "f1_score", "average": "weighted"},
        "mean_iou",
        {"type": "iou", "target_class_ids": [0, 3]},
        "auc",
    ]
    yield both("weighted_categorical", model, "categorical_crossentropy", metrics, rows(178, 31, (3,)), labels(178, 31, 4), {"classes": 4}, 178)
    metrics = ["hinge", "squared_hinge"]
    yield both("weighted_hinge", {"layers": [dense(1)]}, "hinge", metrics, rows(179, 31, (3,)), labels(179, 31, 2), "binary", 179)

    # Weights of steps, of which a mask leaves some out.
    x = rows(180, 9, (4, 3))
    x[1, 2:], x[2, 0], x[3, 3], x[5, 1:] = 0, 0, 0, 0
    y = np.concatenate([labels(180 + step, 9, 3) for step in range(4)], axis=1)
    model = {"layers": [{"type": "masking"}, dense(3, "softmax")]}
    loss, metrics = "sparse_categorical_crossentropy", ["accuracy", "sparse_categorical_crossentropy"]
    target = {"sequence": {"classes": 3, "length": 4}}
    flat = np.ascontiguousarray(x.reshape(9, 12))
    yield both("weighted_steps", model, loss, metrics, flat, y, target, 180, (4, 3), steps=(4,))


def functions():
    """What Keras has as functions alone, and scores of each output by itself."""
    metrics = ["huber", {"type": "huber", "delta": 0.3}, {"type": "r2_score", "class_aggregation": None}]
    x, y = rows(180, 31, (3,)), values(180, 31, 3)
    yield scored("functions_values", {"layers": [dense(3)]}, training(metrics=metrics), x, y, {"values": 3}, 180)
    balanced = {"type": "binary_focal_crossentropy", "apply_class_balancing": True, "alpha": 0.4, "gamma": 1.5, "label_smoothing": 0.1}
    spec = training("binary_crossentropy", metrics=["binary_focal_crossentropy", balanced])
    yield scored("functions_yes_or_no", {"layers": [dense(1, "sigmoid")]}, spec, rows(181, 31, (3,)), labels(181, 31, 2), "binary", 181)
    focal = {"type": "categorical_focal_crossentropy", "label_smoothing": 0.1}
    metrics = ["categorical_focal_crossentropy", focal | {"alpha": 0.6, "gamma": 1.0}, focal | {"alpha": [0.2, 1.5, 0.6, 1.0]}]
    spec = training("categorical_crossentropy", metrics=metrics)
    yield scored("functions_classes", {"layers": [dense(4, "softmax")]}, spec, rows(182, 31, (3,)), labels(182, 31, 4), {"classes": 4}, 182)


def logits():
    """Metrics that are told of logits, of models whose loss takes them as such and of others; classes that a metric leaves out."""
    told = {"from_logits": True}
    focal = {"type": "binary_focal_crossentropy", "gamma": 1.5} | told
    metrics = [{"type": "binary_crossentropy", "label_smoothing": 0.1} | told, focal, {"type": "auc"} | told]
    x, y = rows(190, 31, (3,)), labels(190, 31, 2)
    for name, loss in [("hinge", "hinge"), ("binary", {"type": "binary_crossentropy"} | told)]:
        golden = scored(f"logits_{name}", {"layers": [dense(1)]}, training(loss, metrics=metrics), x, y, "binary", 190)
        yield losses.probabilities(golden, loss)
    focal = {"type": "categorical_focal_crossentropy", "alpha": 0.6} | told
    metrics = [{"type": "categorical_crossentropy", "label_smoothing": 0.1} | told, focal]
    y = labels(191, 31, 4)
    for name, loss in [("categorical_hinge", "categorical_hinge"), ("classes", {"type": "categorical_crossentropy"} | told)]:
        golden = scored(f"logits_{name}", {"layers": [dense(4)]}, training(loss, metrics=metrics), x, y, {"classes": 4}, 191)
        yield losses.probabilities(golden, loss)
    # Keras leaves a class out only where rows have weights.
    loss = {"type": "sparse_categorical_crossentropy"} | told
    spec = training(loss) | {"weighted_metrics": [loss, loss | {"ignore_class": 2}]}
    weights = np.random.default_rng([192, 4]).uniform(0, 3, 31).astype(np.float32)
    yield losses.probabilities(
        case("ignored_class", {"layers": [dense(4)]}, spec, x, y, {"classes": 4}, weights=weights, seed=192, scores=True, gradients=False), loss
    )
