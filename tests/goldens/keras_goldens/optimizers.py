"""Fifty steps of every optimizer through a small network, batches of 8, 8 and 4: losses of the first ten and weights at the end."""

import numpy as np

from .record import case, labels, rows, training

OPTIMIZERS = {
    "sgd": {"type": "sgd", "learning_rate": 0.1},
    "sgd_momentum": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9},
    "sgd_nesterov": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": True},
    "sgd_weight_decay": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.1},
    "rmsprop": {"type": "rmsprop", "learning_rate": 0.01},
    "rmsprop_rho": {"type": "rmsprop", "learning_rate": 0.01, "rho": 0.7, "epsilon": 1e-4},
    "rmsprop_momentum": {"type": "rmsprop", "learning_rate": 0.003, "momentum": 0.9},
    "rmsprop_centered": {"type": "rmsprop", "learning_rate": 0.01, "centered": True},
    "rmsprop_centered_momentum": {"type": "rmsprop", "learning_rate": 0.003, "centered": True, "momentum": 0.5},
    "rmsprop_weight_decay": {"type": "rmsprop", "learning_rate": 0.01, "weight_decay": 0.1},
    "adam": {"type": "adam", "learning_rate": 0.02},
    "adam_betas": {"type": "adam", "learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3},
    "adam_weight_decay": {"type": "adam", "learning_rate": 0.02, "weight_decay": 0.1},
    "adam_amsgrad": {"type": "adam", "learning_rate": 0.02, "amsgrad": True},
    "adamw": {"type": "adamw", "learning_rate": 0.02},
    "adamw_weight_decay": {"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.3},
    "adamw_amsgrad": {"type": "adamw", "learning_rate": 0.02, "amsgrad": True, "beta_2": 0.9},
    "adadelta": {"type": "adadelta", "learning_rate": 1.0},
    "adadelta_rho": {"type": "adadelta", "learning_rate": 2.0, "rho": 0.8, "epsilon": 1e-4, "weight_decay": 0.01},
    "adagrad": {"type": "adagrad", "learning_rate": 0.05},
    "adagrad_start": {"type": "adagrad", "learning_rate": 0.05, "initial_accumulator_value": 0.5, "weight_decay": 0.1},
    "adamax": {"type": "adamax", "learning_rate": 0.02},
    "adamax_betas": {"type": "adamax", "learning_rate": 0.02, "beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3, "weight_decay": 0.1},
    "nadam": {"type": "nadam", "learning_rate": 0.02},
    "nadam_betas": {"type": "nadam", "learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "weight_decay": 0.1},
    "ftrl": {"type": "ftrl", "learning_rate": 0.1},
    "ftrl_arguments": {
        "type": "ftrl",
        "learning_rate": 0.1,
        "learning_rate_power": -0.6,
        "initial_accumulator_value": 0.3,
        "l1_regularization_strength": 0.01,
        "l2_regularization_strength": 0.02,
        "l2_shrinkage_regularization_strength": 0.03,
        "beta": 0.1,
    },
    "lion": {"type": "lion", "learning_rate": 0.003},
    "lion_betas": {"type": "lion", "learning_rate": 0.003, "beta_1": 0.7, "beta_2": 0.9, "weight_decay": 0.1},
    "lamb": {"type": "lamb", "learning_rate": 0.02},
    "lamb_betas": {"type": "lamb", "learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "weight_decay": 0.1},
    "muon": {"type": "muon", "learning_rate": 0.01},
    "muon_arguments": {
        "type": "muon",
        "learning_rate": 0.02,
        "momentum": 0.8,
        "nesterov": False,
        "ns_steps": 3,
        "rms_rate": None,
        "adam_lr_ratio": 0.5,
        "weight_decay": 0.1,
        "adam_weight_decay": 0.05,
        "exclude_layers": ["dense_1"],
    },
    "adafactor": {"type": "adafactor", "learning_rate": 0.05},
    "adafactor_arguments": {
        "type": "adafactor",
        "learning_rate": 0.05,
        "beta_2_decay": -0.5,
        "epsilon_1": 1e-5,
        "epsilon_2": 0.1,
        "clip_threshold": 0.5,
        "relative_step": False,
        "weight_decay": 0.1,
    },
    "clipnorm": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "clipnorm": 0.1},
    "global_clipnorm": {"type": "adam", "learning_rate": 0.02, "global_clipnorm": 0.2},
    "clipvalue": {"type": "rmsprop", "learning_rate": 0.01, "clipvalue": 0.02},
    "clipnorm_lamb": {"type": "lamb", "learning_rate": 0.02, "clipnorm": 0.05},
    "ema": {"type": "sgd", "learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 4},
    "accumulation": {"type": "adam", "learning_rate": 0.02, "gradient_accumulation_steps": 3, "weight_decay": 0.1},
    "accumulation_ema_clipnorm": {
        "type": "sgd",
        "learning_rate": 0.1,
        "gradient_accumulation_steps": 2,
        "global_clipnorm": 0.3,
        "use_ema": True,
        "ema_momentum": 0.8,
        "ema_overwrite_frequency": 5,
    },
}
# What the rule of adafactor, muon and lamb makes of a weight depends on its shape. Of the others one that moves each number by
# itself, and one that cuts gradients by the norm of the tensor, stand for all.
OF_SHAPES = ("adafactor", "adafactor_arguments", "muon", "lamb", "lamb_betas", "adam", "clipnorm")


def cases():
    model = {
        "layers": [
            {"type": "dense", "units": 6, "activation": "tanh"},
            {"type": "dense", "units": 4, "activation": "silu"},
            {"type": "dense", "units": 3, "activation": "softmax"},
        ]
    }
    x, y = rows(100, 20, (3,)), labels(100, 20, 3)
    for name, optimizer in OPTIMIZERS.items():
        spec = training("sparse_categorical_crossentropy", optimizer, batch_size=8)
        yield case(name, model, spec, x, y, {"classes": 3}, seed=100, steps=10, after=(1, 50), gradients=False)
    # Weights with one axis to four: biases, one of two axes, an embedding, the kernels of attention and of a convolution. Attention has
    # no biases: the gradient of that of the keys is nothing but rounding, of which most optimizers make steps.
    model = {
        "layers": [
            {"type": "embedding", "input_dim": 5, "output_dim": 4},
            {"type": "multi_head_attention", "num_heads": 2, "key_dim": 3, "use_bias": False},
            {"type": "einsum_dense", "equation": "abc,cde->abde", "output_shape": [6, 2, 3], "bias_axes": "de"},
            {"type": "conv2d", "filters": 3, "kernel_size": 2, "activation": "tanh"},
            {"type": "flatten"},
            {"type": "dense", "units": 3, "activation": "softmax"},
        ]
    }
    x = np.random.default_rng(101).integers(0, 5, (20, 6)).astype(np.float32)
    of_shapes = {name: OPTIMIZERS[name] for name in OF_SHAPES}
    # Of the parts that are excluded, one has three axes, and one is the embedding, which Muon excludes unless it is told not to.
    of_shapes["muon_arguments"] = {**OPTIMIZERS["muon_arguments"], "exclude_layers": ["query"], "exclude_embeddings": False}
    # Slower, so that roundings do not grow with it over fifty steps.
    for name in ("lamb", "lamb_betas"):
        of_shapes[name] = {**OPTIMIZERS[name], "learning_rate": 0.005}
    for name, optimizer in of_shapes.items():
        spec = training("sparse_categorical_crossentropy", optimizer, batch_size=8)
        yield case(f"{name}_of_shapes", model, spec, x, y, {"classes": 3}, seed=101, steps=10, after=(1, 50), gradients=False)
