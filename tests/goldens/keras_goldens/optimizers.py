"""Fifty steps of every optimizer through a small network, batches of 8, 8 and 4: losses of the first ten and weights at the end."""

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
    "adamw": {"type": "adamw", "learning_rate": 0.02},
    "adamw_weight_decay": {"type": "adamw", "learning_rate": 0.02, "weight_decay": 0.3},
}


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
