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
    for seed, (kind, argument) in enumerate(
        {
            "spatial_dropout1d": {"rate": 0.5},
            "alpha_dropout": {"rate": 0.3, "noise_shape": [None, 3, 1]},
            "gaussian_noise": {"stddev": 0.3},
            "gaussian_dropout": {"rate": 0.3},
            "dropout": {"rate": 0.3, "noise_shape": [None, 1, 4]},
        }.items(),
        420,
    ):
        model = {"layers": [dense(4, activation="relu"), {"type": kind, **argument}, {"type": "flatten"}, dense(2)]}
        x, y = rows(seed, 10, (6,)), values(seed, 10, 2)
        name = f"{kind}_inference" if kind != "dropout" else "dropout_noise_shape_inference"
        yield case(name, model, training(), x, y, {"values": 2}, input_shape=(3, 2), seed=seed, gradients=False, scores=True)
    model = {"layers": [dense(4, activation="relu"), {"type": "spatial_dropout2d", "rate": 0.5}, {"type": "flatten"}, dense(2)]}
    x, y = rows(425, 10, (12,)), values(425, 10, 2)
    yield case(
        "spatial_dropout2d_inference", model, training(), x, y, {"values": 2}, input_shape=(3, 2, 2), seed=425, gradients=False, scores=True
    )
    layer = {"type": "activity_regularization", "l1": 0.02, "l2": 0.1}
    model = {"layers": [dense(4, activation="tanh"), layer, dense(2)]}
    yield case("activity_regularization", model, training(), rows(430, 10, (3,)), values(430, 10, 2), {"values": 2}, seed=430, steps=5)
