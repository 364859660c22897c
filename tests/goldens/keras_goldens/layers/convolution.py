"""Convolutions of every kind: padding, strides, dilation, groups, where the layer before has weights to prove the input gradient."""

import math

from ..record import case, rows, training, values
from .around import dense

IMAGES = {
    "conv2d": [
        {"filters": 4, "kernel_size": 3},
        {"filters": 3, "kernel_size": (2, 3), "strides": (2, 1), "padding": "same", "activation": "relu"},
        {"filters": 3, "kernel_size": 2, "strides": 3, "padding": "same", "use_bias": False},
        {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "same", "activation": "gelu"},
        {"filters": 6, "kernel_size": (3, 2), "groups": 2, "dilation_rate": (1, 2)},
        {"filters": 5, "kernel_size": 1, "activity_regularizer": {"type": "l2", "l2": 0.02}},
        {"filters": 2, "kernel_size": (6, 5), "kernel_regularizer": {"type": "l1", "l1": 0.01}},
    ],
    "conv2d_transpose": [
        {"filters": 3, "kernel_size": 3},
        {"filters": 2, "kernel_size": 2, "strides": 2},
        {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "tanh"},
        {"filters": 2, "kernel_size": (2, 3), "strides": (3, 2), "output_padding": (1, 0)},
        {"filters": 2, "kernel_size": (2, 3), "strides": (1, 2), "use_bias": False},
        {"filters": 2, "kernel_size": (3, 4), "strides": 2, "padding": "same", "output_padding": 1},
        {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "same"},
        {"filters": 2, "kernel_size": 1, "strides": 3},
    ],
    "depthwise_conv2d": [
        {"kernel_size": 3},
        {"kernel_size": (2, 3), "strides": 2, "padding": "same", "depth_multiplier": 3, "activation": "relu"},
        {"kernel_size": 2, "dilation_rate": 2, "use_bias": False, "depthwise_regularizer": {"type": "l2", "l2": 0.02}},
    ],
    "separable_conv2d": [
        {"filters": 3, "kernel_size": 3},
        {"filters": 5, "kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 2, "activation": "relu"},
    ],
}
SEQUENCES = {
    "conv1d": [
        {"filters": 4, "kernel_size": 3},
        {"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2, "activation": "relu"},
        {"filters": 3, "kernel_size": 3, "padding": "causal", "strides": 2},
        {"filters": 4, "kernel_size": 4, "padding": "same", "strides": 2, "groups": 2, "use_bias": False},
    ],
    "conv1d_transpose": [
        {"filters": 3, "kernel_size": 3},
        {"filters": 2, "kernel_size": 4, "strides": 3, "padding": "same", "activation": "tanh"},
        {"filters": 2, "kernel_size": 2, "strides": 4, "output_padding": 3},
    ],
    "depthwise_conv1d": [
        {"kernel_size": 3, "padding": "same"},
        {"kernel_size": 2, "strides": 2, "depth_multiplier": 2, "activation": "tanh"},
    ],
    "separable_conv1d": [
        {"filters": 3, "kernel_size": 3},
        {"filters": 3, "kernel_size": 2, "padding": "same", "dilation_rate": 2, "depth_multiplier": 2},
    ],
}
# Numbered on where a kind has others before; with seeds of their own.
MORE = [
    ("conv1d_transpose_3", {"filters": 2, "kernel_size": 3, "dilation_rate": 2}),
    ("depthwise_conv1d_2", {"kernel_size": 2, "dilation_rate": 3, "depth_multiplier": 2, "padding": "same"}),
    ("separable_conv1d_2", {"filters": 3, "kernel_size": 3, "strides": 2, "activation": "relu"}),
    ("separable_conv2d_2", {"filters": 3, "kernel_size": 2, "dilation_rate": 2, "padding": "same"}),
    ("conv1d_transpose_4", {"filters": 2, "kernel_size": 2, "use_bias": False}),
    ("depthwise_conv1d_3", {"kernel_size": 2, "use_bias": False}),
    ("separable_conv1d_3", {"filters": 2, "kernel_size": 2, "use_bias": False}),
    ("separable_conv2d_3", {"filters": 2, "kernel_size": 2, "strides": 3, "use_bias": False}),
]


def around(layer: dict, first: str) -> dict:
    return {
        "layers": [
            {"type": first, "filters": 4, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
            layer,
            {"type": "flatten"},
            dense(2),
        ]
    }


def cases():
    kinds = {**IMAGES, **SEQUENCES}.items()
    tried = [(f"{kind}_{number}", arguments) for kind, variants in kinds for number, arguments in enumerate(variants)]
    for seed, (name, arguments) in [*enumerate(tried, 201), *enumerate(MORE, 930)]:
        kind = name.rsplit("_", 1)[0]
        shape, first = ((6, 5, 2), "conv2d") if "2d" in kind else ((9, 2), "conv1d")
        width = math.prod(shape)
        x, y = rows(seed, 6, (width,)) / 2, values(seed, 6, 2) / 2
        model = around({"type": kind, **arguments}, first)
        spec = training(optimizer={"type": "sgd", "learning_rate": 0.01}, batch_size=4)
        yield case(name, model, spec, x, y, {"values": 2}, input_shape=shape, seed=seed, steps=4)
