"""Activations that are layers with arguments."""

from ..record import case, rows, training, values
from .around import dense

ARGUMENTS = {
    "relu": [{}, {"max_value": 1.5, "negative_slope": 0.2, "threshold": 0.4}, {"max_value": 6}, {"threshold": 0.3}],
    "leaky_relu": [{}, {"negative_slope": 0.1}],
    "elu": [{}, {"alpha": 0.6}],
    "softmax": [{}, {"axis": 1}],
    "prelu": [{}, {"shared_axes": [1]}, {"shared_axes": [2], "alpha_regularizer": {"type": "l2", "l2": 0.1}}],
}

# The same as arguments of other layers.
OF_FUNCTIONS = {
    "relu": {"max_value": 0.8, "negative_slope": 0.2, "threshold": 0.1},
    "leaky_relu": {"negative_slope": 0.05},
    "elu": {"alpha": 0.6},
    "celu": {"alpha": 1.7},
    "gelu": {"approximate": True},
    "squareplus": {"b": 1.5},
    "soft_shrink": {"threshold": 0.2},
    "hard_shrink": {"threshold": 0.3},
    "threshold": {"threshold": 0.1, "default_value": 0.4},
}


def of_functions():
    for seed, (kind, arguments) in enumerate(OF_FUNCTIONS.items(), 360):
        x, y = 2 * rows(seed, 8, (6,)), values(seed, 8, 2)
        layers = [dense(5, activation={"type": kind, **arguments}), dense(2)]
        yield case(f"activation_{kind}_of_arguments", {"layers": layers}, training(), x, y, {"values": 2}, seed=seed, steps=4)
    # Along another axis than the last.
    for seed, kind in enumerate(("softmax", "log_softmax", "sparsemax", "glu"), 372):
        x, y = 2 * rows(seed, 8, (12,)), values(seed, 8, 2)
        layers = [dense(5, activation={"type": kind, "axis": 1})]
        # Keras does not know how long an axis is that was gated, so that nothing may look at it.
        layers += [] if kind == "glu" else [{"type": "activation", "activation": {"type": kind, "axis": -2}}]
        yield case(f"activation_{kind}_of_axis", {"layers": [*layers, {"type": "global_max_pooling1d"}, dense(2)]}, training(), x, y, {"values": 2}, input_shape=(4, 3), seed=seed, steps=4)
    seed = 370
    x, y = rows(seed, 8, (12,)), values(seed, 8, 2)
    cell = {"type": "gru", "units": 3, "activation": {"type": "elu", "alpha": 0.5}, "recurrent_activation": {"type": "leaky_relu", "negative_slope": 0.1}}
    yield case("gru_of_activation_arguments", {"layers": [cell, dense(2)]}, training(), x / 2, y, {"values": 2}, input_shape=(4, 3), seed=seed, steps=4)
    # A penalty that every layer may have.
    penalty = {"activity_regularizer": {"type": "l1_l2", "l1": 0.05, "l2": 0.1}}
    layers = [dense(4, activation="tanh"), {"type": "max_pooling1d", **penalty}, {"type": "layer_normalization", **penalty}, {"type": "flatten", **penalty}, dense(2)]
    yield case("activity_regularizer_of_any", {"layers": layers}, training(), x, y, {"values": 2}, input_shape=(4, 3), seed=371, steps=4)


def cases():
    yield from of_functions()
    seed = 340
    for kind, variants in ARGUMENTS.items():
        for number, arguments in enumerate(variants):
            seed += 1
            x, y = 2 * rows(seed, 8, (6,)), values(seed, 8, 2)
            model = {"layers": [dense(4), {"type": kind, "name": "it", **arguments}, {"type": "flatten"}, dense(2)]}
            name = f"layer_{kind}_{number}"
            yield case(name, model, training(), x, y, {"values": 2}, input_shape=(3, 2), seed=seed, steps=4)
