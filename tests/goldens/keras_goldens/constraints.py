"""Fifty steps with weights held to constraints, and with the penalty on vectors that are not orthogonal."""

from .record import case, rows, training, values

FIRST = {
    "max_norm": {"kernel_constraint": {"type": "max_norm", "max_value": 0.6}},
    "max_norm_rows": {"kernel_constraint": {"type": "max_norm", "max_value": 0.6, "axis": 1}},
    "non_neg": {"kernel_constraint": {"type": "non_neg"}, "bias_constraint": {"type": "non_neg"}},
    "unit_norm": {"kernel_constraint": {"type": "unit_norm"}, "bias_constraint": {"type": "unit_norm"}},
    "unit_norm_whole": {"kernel_constraint": {"type": "unit_norm", "axis": [0, 1]}},
    "min_max_norm": {"kernel_constraint": {"type": "min_max_norm", "min_value": 0.9, "max_value": 1.1}},
    "min_max_norm_rate": {"kernel_constraint": {"type": "min_max_norm", "min_value": 1.5, "max_value": 2.0, "rate": 0.1, "axis": -1}},
    "orthogonal_rows": {"kernel_regularizer": {"type": "orthogonal_regularizer", "factor": 0.5}},
    "orthogonal_columns": {"kernel_regularizer": {"type": "orthogonal_regularizer", "factor": 0.5, "mode": "columns"}},
}


# Along axes that have others between them.
OF_KERNELS = {
    "max_norm_apart": {"type": "max_norm", "max_value": 0.7, "axis": [0, 2]},
    "unit_norm_apart": {"type": "unit_norm", "axis": [0, 1, 3]},
    "min_max_norm_apart": {"type": "min_max_norm", "min_value": 1.5, "max_value": 2.0, "rate": 0.1, "axis": [1, -1]},
}


def cases():
    for seed, (name, constraint) in enumerate(OF_KERNELS.items(), 130):
        x, y = rows(seed, 20, (24,)), values(seed, 20, 1)
        first = {"type": "conv2d", "filters": 4, "kernel_size": [2, 3], "activation": "tanh", "kernel_constraint": constraint}
        model = {"layers": [first, {"type": "flatten"}, {"type": "dense", "units": 1}]}
        spec = training(optimizer={"type": "adam", "learning_rate": 0.02}, batch_size=8)
        yield case(name, model, spec, x, y, {"values": 1}, input_shape=(3, 4, 2), seed=seed, steps=10, after=(1, 50), gradients=False)
    x, y = rows(120, 20, (4,)), values(120, 20, 1)
    for name, arguments in FIRST.items():
        first = {"type": "dense", "units": 6, "activation": "tanh", **arguments}
        model = {"layers": [first, {"type": "dense", "units": 1}]}
        spec = training(optimizer={"type": "adam", "learning_rate": 0.02}, batch_size=8)
        gradients = name.startswith("orthogonal")
        yield case(name, model, spec, x, y, {"values": 1}, seed=120, steps=10, after=(1, 50), gradients=gradients)
