"""Dropout of every kind and noise: only inference can be compared, for each side draws from its own generator."""

from ..record import case, rows, training, values
from .around import dense


def cases():
    # Dropout draws from each side's own generator: inference is compared here, its statistics in the tests of crates/core.
    model = {"layers": [dense(6, activation="relu"), {"type": "dropout", "rate": 0.5}, dense(2)]}
    x, y = rows(46, 10, (3,)), values(46, 10, 2)
    yield case("dropout_inference", model, training(), x, y, {"values": 2}, seed=46, gradients=False, scores=True)
    model = {"layers": [dense(6, activation="relu"), {"type": "dropout", "rate": 0.0}, dense(2)]}
    yield case("dropout_rate_0", model, training(), x, y, {"values": 2}, seed=46, steps=10)

