"""Layers that give values another shape or place."""

from ..record import case, rows, training, values
from .around import dense


def cases():
    model = {"layers": [{"type": "flatten"}, dense(4, activation="relu"), dense(2)]}
    x, y = rows(47, 10, (6,)), values(47, 10, 2)
    yield case("flatten", model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=47, steps=10)
