"""Activations that are layers with arguments."""

from ..record import case, rows, training, values
from .around import dense

ARGUMENTS = {
    "relu": [{}, {"max_value": 1.5, "negative_slope": 0.2, "threshold": 0.4}, {"max_value": 6}, {"threshold": 0.3}],
    "leaky_relu": [{}, {"negative_slope": 0.1}],
    "elu": [{}, {"alpha": 0.6}],
    "softmax": [{}, {"axis": 1}],
    "prelu": [{}, {"shared_axes": [1]}, {"shared_axes": [2], "alpha_regularizer": {"type": "l2", "l2": 0.1}}],
}


def cases():
    seed = 340
    for kind, variants in ARGUMENTS.items():
        for number, arguments in enumerate(variants):
            seed += 1
            x, y = 2 * rows(seed, 8, (6,)), values(seed, 8, 2)
            model = {"layers": [dense(4), {"type": kind, "name": "it", **arguments}, {"type": "flatten"}, dense(2)]}
            name = f"layer_{kind}_{number}"
            yield case(name, model, training(), x, y, {"values": 2}, input_shape=(3, 2), seed=seed, steps=4)
