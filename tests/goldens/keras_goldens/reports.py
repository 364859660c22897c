"""What scikit-learn says of predictions of classes; no network takes part."""

import numpy as np
import sklearn.metrics

from .record import labels, rows


def report(name: str, p: np.ndarray, y: np.ndarray, classes: int) -> dict:
    p = p.astype(np.float32)
    truth = y[:, 0].astype(int)
    wide = p.astype(np.float64)
    said = (wide[:, 0] > 0.5).astype(int) if p.shape[1] == 1 else wide.argmax(axis=1)
    every = list(range(classes))
    precision, recall, f1, support = sklearn.metrics.precision_recall_fscore_support(truth, said, labels=every, zero_division=0)
    chances = np.stack([1 - p[:, 0], p[:, 0]], axis=1) if p.shape[1] == 1 else p
    both = [0 < np.mean(truth == c) < 1 for c in every]
    return {
        "name": name,
        "rows": len(p),
        "outputs": p.shape[1],
        "p": p,
        "y": y,
        "confusion": sklearn.metrics.confusion_matrix(truth, said, labels=every).astype(np.float32),
        "precision": precision.astype(np.float32),
        "recall": recall.astype(np.float32),
        "f1": f1.astype(np.float32),
        "support": support.astype(np.float32),
        "accuracy": np.float32(np.mean(said == truth)),
        "balanced_accuracy": np.float32(np.mean(recall[support > 0])),
        "matthews": np.float32(sklearn.metrics.matthews_corrcoef(truth, said)),
        "kappa": np.float32(sklearn.metrics.cohen_kappa_score(truth, said)),
        "f1_averages": np.float32([sklearn.metrics.f1_score(truth, said, labels=every, average=a, zero_division=0) for a in ("macro", "micro", "weighted")]),
        # -1 where there is none.
        "auc": np.float32([sklearn.metrics.roc_auc_score(truth == c, chances[:, c]) if both[c] else -1 for c in every]),
        "average_precision": np.float32([sklearn.metrics.average_precision_score(truth == c, chances[:, c]) if both[c] else -1 for c in every]),
    }


def cases():
    x = rows(140, 60, (4,))
    p = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    yield report("four_classes", p, labels(140, 60, 4), 4)
    # Many rows with the same output.
    yield report("ties", np.round(p, 1), labels(141, 60, 4), 4)
    # A class that is never true.
    yield report("missing_class", p, labels(142, 60, 3), 4)
    one = 1 / (1 + np.exp(-x[:, :1]))
    yield report("yes_or_no", one, labels(143, 60, 2), 2)
    yield report("sure", (one > 0.5).astype(np.float32), labels(144, 60, 2), 2)
