"""Every layer that takes regularizers and constraints, with all of them at once, each penalty of a strength of its own."""

import inspect
import math

import numpy as np

from .. import build
from ..record import case, rows, training, values
from .around import dense

#: A layer of every kind that has weights, and the shape of what it takes. Three have another automatic name in Keras.
KINDS = {
    "dense": ({"units": 3}, (3,)),
    "einsum_dense": ({"equation": "abc,cd->abd", "output_shape": [2, 3], "bias_axes": "d", "activity_regularizer": {"type": "l2", "l2": 0.1}}, (2, 3)),
    "embedding": ({"input_dim": 5, "output_dim": 3}, (4,)),
    "conv1d": ({"filters": 2, "kernel_size": 2}, (4, 2)),
    "conv2d": ({"filters": 2, "kernel_size": 2}, (3, 3, 2)),
    "conv1d_transpose": ({"filters": 2, "kernel_size": 2}, (3, 2)),
    "conv2d_transpose": ({"filters": 2, "kernel_size": 2}, (2, 2, 3)),
    "depthwise_conv1d": ({"kernel_size": 2, "depth_multiplier": 2}, (4, 2)),
    "depthwise_conv2d": ({"kernel_size": 2}, (3, 3, 2)),
    "separable_conv1d": ({"filters": 3, "kernel_size": 2}, (4, 2)),
    "separable_conv2d": ({"filters": 3, "kernel_size": 2}, (3, 3, 2)),
    "simple_rnn": ({"units": 3}, (3, 2)),
    "lstm": ({"units": 2}, (3, 2)),
    "gru": ({"units": 2}, (3, 2)),
    "multi_head_attention": ({"num_heads": 2, "key_dim": 2}, (3, 2)),
    "group_query_attention": ({"name": "groups", "head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1}, (3, 3)),
    "batch_normalization": ({}, (3,)),
    "layer_normalization": ({}, (3,)),
    "group_normalization": ({"groups": 2}, (3, 4)),
    "instance_normalization": ({"name": "norm"}, (5, 2)),
    "prelu": ({"name": "prelu"}, (3, 2)),
    "reversible_embedding": ({"input_dim": 5, "output_dim": 3, "mask_zero": True}, (4,)),
}
CONSTRAINTS = [
    {"type": "max_norm", "max_value": 0.6},
    {"type": "non_neg"},
    {"type": "min_max_norm", "min_value": 0.4, "max_value": 0.9},
    {"type": "unit_norm"},
]


def of(kind: str, ending: str) -> list[str]:
    """The layer's arguments that end so, in Keras' order."""
    return [name for name in inspect.signature(build.LAYERS[kind.replace("_", "")]).parameters if name.endswith(ending)]


def cases():
    for seed, (kind, (arguments, shape)) in enumerate(KINDS.items(), 1000):
        # Keras' simple recurrent layer takes this one and forgets it.
        taken = [name for name in of(kind, "_regularizer") if (kind, name) != ("simple_rnn", "activity_regularizer")]
        penalties = {name: {"type": "l2", "l2": round(0.02 * (i + 1), 2)} for i, name in enumerate(taken)}
        held = {name: CONSTRAINTS[i % len(CONSTRAINTS)] for i, name in enumerate(of(kind, "_constraint"))}
        layer = {"type": kind, **arguments, **penalties, **held}
        x, y = rows(seed, 6, (math.prod(shape),)), values(seed, 6, 2)
        before = [dense(shape[-1], activation="tanh", name="first")]
        if kind.endswith("embedding"):
            x, before = np.random.default_rng(seed).integers(0, 5, x.shape).astype(np.float32), []
        after = [{"type": "flatten"}] if len(shape) > 1 or kind.endswith("embedding") else []
        model = {"layers": [*before, layer, *after, dense(2, name="last")]}
        spec = training(optimizer={"type": "sgd", "learning_rate": 0.05}, batch_size=4)
        yield case(f"{kind}_of_weights", model, spec, x, y, {"values": 2}, input_shape=shape, seed=seed, steps=3, after=(3,))
