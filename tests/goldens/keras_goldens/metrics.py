"""Scores of models whose weights were never trained; Keras and scikit-learn must agree before anything is written."""

import numpy as np
import sklearn.metrics

from .record import case, labels, rows, training, values

REGRESSION = ["mean_absolute_error", "mean_squared_error", "root_mean_squared_error", "r2_score"]


def dense(units: int, activation: str = "linear") -> dict:
    return {"type": "dense", "units": units} | ({"activation": activation} if activation != "linear" else {})


def cases():
    x, y = rows(120, 37, (3,)), values(120, 37, 1)
    model = {"layers": [dense(1)]}
    golden = case("regression", model, training(metrics=REGRESSION), x, y, {"values": 1}, seed=120, scores=True, gradients=False)
    agree(golden, "mean_absolute_error", sklearn.metrics.mean_absolute_error(y, golden["output"]))
    agree(golden, "mean_squared_error", sklearn.metrics.mean_squared_error(y, golden["output"]))
    agree(golden, "root_mean_squared_error", sklearn.metrics.root_mean_squared_error(y, golden["output"]))
    agree(golden, "r2_score", sklearn.metrics.r2_score(y, golden["output"]))
    yield golden

    y = values(123, 37, 3)
    model, spec = {"layers": [dense(3)]}, training(metrics=REGRESSION)
    golden = case("several_values", model, spec, x, y, {"values": 3}, seed=123, scores=True, gradients=False)
    agree(golden, "r2_score", sklearn.metrics.r2_score(y, golden["output"]))
    yield golden

    y = labels(121, 37, 2)
    model = {"layers": [dense(1, "sigmoid")]}
    spec = training("binary_crossentropy", metrics=["accuracy"])
    golden = case("binary", model, spec, x, y, "binary", seed=121, scores=True, gradients=False)
    agree(golden, "accuracy", sklearn.metrics.accuracy_score(y, golden["output"] > 0.5))
    agree(golden, "loss", sklearn.metrics.log_loss(y, golden["output"]))
    yield golden

    y = labels(122, 37, 5)
    model = {"layers": [dense(5, "softmax")]}
    for kind in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        spec = training(kind, metrics=["accuracy"])
        golden = case(kind.replace("_crossentropy", ""), model, spec, x, y, {"classes": 5}, seed=122, scores=True, gradients=False)
        agree(golden, "accuracy", sklearn.metrics.accuracy_score(y, golden["output"].argmax(axis=1)))
        agree(golden, "loss", sklearn.metrics.log_loss(y, golden["output"]))
        yield golden


def agree(golden: dict, name: str, value: float) -> None:
    ours = golden["scores"][name]
    assert np.isclose(ours, value, rtol=1e-5, atol=1e-6), f"{golden['name']}: Keras has {name} {ours}, scikit-learn {value}"
