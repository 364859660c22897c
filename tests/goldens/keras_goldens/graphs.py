"""Models where a layer names its inputs: residual and branching."""

from . import several
from .record import case, labels, rows, training, values


def dense(name: str, units: int, **others) -> dict:
    return {"type": "dense", "name": name, "units": units, **others}


def cases():
    x, y = rows(60, 12, (4,)), values(60, 12, 2)
    residual = {
        "layers": [
            {"type": "input", "name": "input"},
            dense("wide", 6, activation="relu"),
            dense("inner", 6, activation="tanh"),
            {"type": "add", "name": "sum", "inputs": ["wide", "inner"]},
            dense("out", 2),
        ]
    }
    yield case("add", residual, training(), x, y, {"values": 2}, seed=60, steps=10)
    skip = {
        "layers": [
            {"type": "input", "name": "input"},
            dense("deep", 5, activation="relu"),
            {"type": "concatenate", "name": "both", "inputs": ["deep", "input"]},
            dense("out", 2),
        ]
    }
    yield case("concatenate", skip, training(), x, y, {"values": 2}, seed=61, steps=10)
    branches = {
        "layers": [
            {"type": "input", "name": "input"},
            dense("left", 5, activation="relu", inputs=["input"]),
            dense("right", 5, activation="sigmoid", inputs=["input"]),
            dense("far", 5, activation="gelu", inputs=["right"]),
            {"type": "add", "name": "sum", "inputs": ["left", "right", "far"]},
            {"type": "concatenate", "name": "all", "inputs": ["sum", "left", "input"]},
            {"type": "batch_normalization", "name": "norm"},
            dense("out", 3, activation="softmax"),
        ]
    }
    adam = {"type": "adam", "learning_rate": 0.01}
    x, y = rows(62, 20, (4,)), labels(62, 20, 3)
    spec = training("sparse_categorical_crossentropy", adam, ["accuracy"], batch_size=8)
    yield case("branches", branches, spec, x, y, {"classes": 3}, seed=62, steps=10, after=(10,), scores=True)
    # One tower and one normalization at two places each: gradients add up, moving statistics move twice in a step.
    twins = {
        "layers": [
            {"type": "input", "name": "input"},
            dense("left", 4, activation="tanh", inputs=["input"]),
            dense("right", 4, activation="gelu", inputs=["input"]),
            dense("tower", 3, activation="tanh", inputs=["left"], kernel_regularizer={"type": "l2", "l2": 0.05}),
            {"type": "batch_normalization", "name": "norm"},
            dense("again", 3, activation="tanh", inputs=["right"], shares="tower", kernel_regularizer={"type": "l2", "l2": 0.05}),
            {"type": "batch_normalization", "name": "norm_again", "shares": "norm"},
            {"type": "concatenate", "name": "both", "inputs": ["norm", "norm_again"]},
            dense("out", 2),
        ]
    }
    x, y = rows(63, 18, (4,)), values(63, 18, 2)
    yield case("shared", twins, training(batch_size=8), x, y, {"values": 2}, seed=63, steps=6, after=(1, 6), scores=True)
    yield from several.cases()
