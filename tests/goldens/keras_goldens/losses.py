"""Each loss on probabilities and on logits, with saturated rows among the others."""

import numpy as np

from .record import case, labels, rows, training, values


def network(units: int, activation: str) -> dict:
    last = {"type": "dense", "units": units} | ({"activation": activation} if activation != "linear" else {})
    return {"layers": [{"type": "dense", "units": 5, "activation": "tanh"}, last]}


def cases():
    x = rows(80, 15, (4,))
    # A few rows far out make errors beyond huber's delta and logits of several units.
    x[::5] *= 4
    regression = {
        "mean_squared_error": "mean_squared_error",
        "mean_absolute_error": "mean_absolute_error",
        "huber": "huber",
        "huber_delta": {"type": "huber", "delta": 0.3},
    }
    for seed, (name, loss) in enumerate(regression.items(), 80):
        y = values(seed, 15, 3) * 2
        yield case(name, network(3, "linear"), training(loss), x, y, {"values": 3}, seed=seed, steps=10, scores=True)

    y = labels(85, 15, 2)
    for from_logits in (False, True):
        loss = {"type": "binary_crossentropy", "from_logits": True} if from_logits else "binary_crossentropy"
        model = network(1, "linear" if from_logits else "sigmoid")
        name = "binary_crossentropy" + ("_from_logits" if from_logits else "")
        golden = case(name, model, training(loss), x, y, "binary", seed=85, steps=10, scores=True)
        yield probabilities(golden, from_logits)

    y = labels(86, 15, 4)
    for kind in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        for from_logits in (False, True):
            loss = {"type": kind, "from_logits": True} if from_logits else kind
            model = network(4, "linear" if from_logits else "softmax")
            name = kind + ("_from_logits" if from_logits else "")
            golden = case(name, model, training(loss), x, y, {"classes": 4}, seed=86, steps=10, scores=True)
            yield probabilities(golden, from_logits)


def probabilities(golden: dict, from_logits: bool) -> dict:
    """Where the model ends in logits, Tabgrad's `predict` still answers with probabilities (Keras answers with the logits)."""
    if from_logits:
        logits = golden["output"].astype(np.float64)
        if logits.shape[1] == 1:
            made = 1 / (1 + np.exp(-logits))
        else:
            shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
            made = shifted / shifted.sum(axis=1, keepdims=True)
        golden["output"] = made.astype(np.float32)
    return golden
