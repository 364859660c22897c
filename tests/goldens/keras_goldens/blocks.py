"""Blocks, against the same composition of Keras' layers (`composed.py`)."""

import numpy as np

from .record import case, rows, training, values
from .layers.around import dense

TRANSFORMER = {"type": "transformer_block", "intermediate_dim": 5, "num_heads": 2}
RMS = {"normalization": "rms_normalization"}
BATCH = {"normalization": "batch_normalization"}
# All at once, each of a strength of its own.
OF_WEIGHTS = {
    "kernel_regularizer": {"type": "l2", "l2": 0.02},
    "bias_regularizer": {"type": "l2", "l2": 0.04},
    "kernel_constraint": {"type": "max_norm", "max_value": 0.6},
    "bias_constraint": {"type": "non_neg"},
}
OF_STEPS = {
    "transformer_block": TRANSFORMER,
    "transformer_block_first_causal": {**TRANSFORMER, "normalize_first": True, "use_causal_mask": True, "activation": "gelu"},
    "transformer_block_masked": {**TRANSFORMER, "use_bias": False, "key_dim": 3},
    "transformer_block_masked_first": {**TRANSFORMER, **RMS, "normalize_first": True, "kernel_regularizer": {"type": "l2"}},
    "residual_block_steps": {"type": "residual_block", "filters": 4, "kernel_size": 2, "activation": "tanh"},
    "vgg_block_steps": {"type": "vgg_block", "filters": 3, "activation": "silu"},
    "transformer_block_rotary": {**TRANSFORMER, "use_rotary": True, "sliding_window": 2, "epsilon": 0.01},
    "transformer_block_of_weights": {**TRANSFORMER, **OF_WEIGHTS},
}
OF_IMAGES = {
    "residual_block": {"type": "residual_block", "filters": 3, "momentum": 0.9},
    "residual_block_strides": {"type": "residual_block", "filters": 4, "strides": 2, "activation": "gelu"},
    "residual_block_preactivation": {"type": "residual_block", "filters": 3, "preactivation": True, "normalization": "layer_normalization"},
    "residual_block_preactivation_strides": {"type": "residual_block", "filters": 2, "preactivation": True, "strides": 2, "use_bias": True},
    "residual_block_bottleneck": {"type": "residual_block", "filters": 2, "bottleneck": True, "strides": 2},
    "residual_block_shortcut": {"type": "residual_block", "filters": 3, "conv_shortcut": True, "normalization": "none", "use_bias": True},
    "vgg_block": {"type": "vgg_block", "filters": 4},
    "vgg_block_normalized": {
        "type": "vgg_block",
        "filters": 3,
        "convolutions": 3,
        "kernel_size": 2,
        "pool_size": None,
        "normalization": "batch_normalization",
        "use_bias": False,
        "kernel_regularizer": {"type": "l2"},
    },
    "residual_block_of_weights": {"type": "residual_block", "filters": 3, "use_bias": True, "epsilon": 0.01, **OF_WEIGHTS},
    "vgg_block_of_weights": {"type": "vgg_block", "filters": 3, **BATCH, "momentum": 0.8, "epsilon": 0.01, **OF_WEIGHTS},
}


def cases():
    for seed, (name, layer) in enumerate(OF_STEPS.items(), 880):
        x, y = rows(seed, 5, (4, 4)), values(seed, 5, 2)
        before = []
        if "masked" in name:
            x[1, 2:], x[2, 1], x[3, 3] = 0, 0, 0
            before = [{"type": "masking"}]
        model = {"layers": [*before, dense(4, activation="tanh"), layer, {"type": "flatten"}, dense(2)]}
        flat = np.ascontiguousarray(x.reshape(5, 16))
        yield case(name, model, training(), flat, y, {"values": 2}, input_shape=(4, 4), seed=seed, steps=3, after=after(name))
    for seed, (name, layer) in enumerate(OF_IMAGES.items(), 890):
        x, y = rows(seed, 5, (5, 4, 2)), values(seed, 5, 2)
        model = {"layers": [dense(3, activation="tanh"), layer, {"type": "flatten"}, dense(2)]}
        flat = np.ascontiguousarray(x.reshape(5, 40))
        yield case(name, model, training(), flat, y, {"values": 2}, input_shape=(5, 4, 2), seed=seed, steps=3, after=after(name))


def after(name: str) -> tuple[int, ...]:
    """Where weights are held to constraints, those after the steps are compared too."""
    return (3,) if name.endswith("of_weights") else ()
