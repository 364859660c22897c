"""Weights before training, where every initializer of a layer is a constant of its own: which argument begins which weight."""

import numpy as np

from . import build
from .blocks import TRANSFORMER
from .layers.of_weights import KINDS, of

#: Those of our own layers, whose arguments Keras cannot be asked for.
OWN = {
    "transformer_block": (TRANSFORMER, (3, 4), ["kernel_initializer", "bias_initializer"]),
    "residual_block": ({"filters": 3, "use_bias": True}, (4, 4, 2), ["kernel_initializer", "bias_initializer"]),
    "vgg_block": ({"filters": 3}, (4, 4, 2), ["kernel_initializer", "bias_initializer"]),
    "position_embedding": ({}, (3, 2), ["initializer"]),
}


def cases():
    asked = {kind: (arguments, shape, of(kind, "_initializer")) for kind, (arguments, shape) in KINDS.items()} | OWN
    for kind, (arguments, shape, names) in asked.items():
        constants = {name: {"type": "constant", "value": round(0.1 * (i + 1), 1)} for i, name in enumerate(names)}
        yield one(kind, {**arguments, "type": kind, **constants}, shape)
    # The forget gate's bias begins at one only where it is asked for.
    yield one("lstm_without_forget_bias", {"type": "lstm", "units": 2, "unit_forget_bias": False}, (3, 2), only="bias")
    yield one("lstm_forget_bias", {"type": "lstm", "units": 2}, (3, 2), only="bias")


def one(name: str, layer: dict, shape: tuple[int, ...], only: str = "") -> dict:
    model = {"version": 1, "layers": [layer]}
    weights = {name: value.astype(np.float32) for name, value in build.weights(build.model(model, shape)).items()}
    # What is drawn is compared as a distribution: initializers.
    return {"name": name, "model": model, "input": list(shape), "weights": {name: it for name, it in weights.items() if name.endswith(only)}}
