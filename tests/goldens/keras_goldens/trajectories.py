"""Fifty steps of gradient descent under every schedule: losses of the first ten and weights at the end."""

from .record import case, rows, training, values
from .schedules import SCHEDULES


def cases():
    model = {"layers": [{"type": "dense", "units": 4, "activation": "tanh"}, {"type": "dense", "units": 1}]}
    x, y = rows(110, 20, (3,)), values(110, 20, 1)
    for name, schedule in SCHEDULES.items():
        spec = training(optimizer={"type": "sgd", "momentum": 0.5, "learning_rate": schedule}, batch_size=8)
        yield case(name, model, spec, x, y, {"values": 1}, seed=110, steps=10, after=(50,), gradients=False)
