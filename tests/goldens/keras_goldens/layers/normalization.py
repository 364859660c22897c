"""Normalization of every kind."""

from ..record import case, rows, training, values
from .around import dense


def cases():
    for seed, (name, others) in enumerate(
        {
            "default": {},
            "fast_momentum": {"momentum": 0.8, "epsilon": 0.01},
            "without_scale": {"scale": False},
            "without_center": {"center": False},
        }.items(),
        40,
    ):
        x, y = rows(seed, 20, (3,)), values(seed, 20, 2)
        model = {"layers": [dense(4), {"type": "batch_normalization", **others}, {"type": "activation", "activation": "relu"}, dense(2)]}
        # Batches of 8, 8 and 4: the moving statistics take a short batch as they take a full one.
        name = f"batch_normalization_{name}"
        yield case(name, model, training(batch_size=8), x, y, {"values": 2}, seed=seed, steps=10, after=(1, 10), scores=True)
