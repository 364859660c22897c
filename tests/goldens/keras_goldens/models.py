"""Whole models as users build them, through 50 steps of mixed batches (those that go Winograd's way: 4): everything together."""

import numpy as np
from sklearn.datasets import load_iris

from . import several
from .record import case, labels, rows, training, values


def dense(units: int, activation: str = "linear", **others) -> dict:
    return {"type": "dense", "units": units} | ({"activation": activation} if activation != "linear" else {}) | others


def cases():
    iris = load_iris()
    order = np.random.default_rng(140).permutation(150)[:60]
    x = iris.data[order].astype(np.float32)
    x = ((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32)
    y = iris.target[order].astype(np.float32)[:, None]
    model = {"layers": [dense(16, "relu"), dense(8, "relu"), dense(3, "softmax")]}
    spec = training("sparse_categorical_crossentropy", {"type": "adam", "learning_rate": 0.01}, ["accuracy"], batch_size=16)
    yield case("iris", model, spec, x, y, {"classes": 3}, seed=140, steps=10, after=(50,), scores=True)

    generator = np.random.default_rng(141)
    x = generator.uniform(-2, 2, (40, 1)).astype(np.float32)
    y = (3 * x + 2 + generator.standard_normal((40, 1))).astype(np.float32)
    scores = ["mean_absolute_error", "root_mean_squared_error", "r2_score"]
    spec = training("mean_squared_error", {"type": "sgd", "learning_rate": 0.01}, scores, batch_size=32)
    yield case("line", {"layers": [dense(1)]}, spec, x, y, {"values": 1}, seed=141, steps=10, after=(50,), scores=True)

    x, y = rows(142, 40, (6,)), labels(142, 40, 2)
    model = {"layers": [dense(24, "relu"), dense(1, "sigmoid")]}
    spec = training("binary_crossentropy", {"type": "adam", "learning_rate": 0.001}, ["accuracy"], batch_size=16)
    yield case("binary_classifier", model, spec, x, y, "binary", seed=142, steps=10, after=(50,), scores=True)

    x, y = rows(143, 30, (4,)), labels(143, 30, 3)
    model = {
        "layers": [
            # No biases where normalization follows: it takes them out again, so their gradients are nothing but rounding, and
            # Adam, which divides a gradient by its own size, would make steps of that.
            dense(8, use_bias=False, kernel_regularizer={"type": "l2", "l2": 0.001}),
            {"type": "batch_normalization"},
            {"type": "activation", "activation": "relu"},
            dense(8, "elu", use_bias=False),
            {"type": "batch_normalization", "momentum": 0.9},
            dense(3, "softmax", bias_regularizer={"type": "l1", "l1": 0.001}),
        ]
    }
    optimizer = {"type": "adamw", "learning_rate": 0.005, "weight_decay": 0.01}
    spec = training("categorical_crossentropy", optimizer, ["accuracy"], batch_size=12)
    yield case("normalized_and_penalised", model, spec, x, y, {"classes": 3}, seed=143, steps=10, after=(50,), scores=True)

    # Channels and filters enough for the engine's short way with convolutions (Winograd's), over whole tiles of the image: it rounds
    # two to three times as coarsely as plain sums.
    for seed, name, arguments in [
        (144, "convolution_3x3_of_many_channels", {"kernel_size": 3, "activation": "relu"}),
        (145, "convolution_5x5_of_many_channels", {"kernel_size": 5}),
    ]:
        x, y = rows(seed, 4, (64,)) / 2, values(seed, 4, 2) / 2
        model = {
            "layers": [
                {"type": "conv2d", "filters": 8, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
                {"type": "conv2d", "filters": 16, "padding": "same", **arguments},
                {"type": "flatten"},
                dense(2),
            ]
        }
        spec = training(optimizer={"type": "sgd", "learning_rate": 0.01}, batch_size=4)
        yield case(name, model, spec, x, y, {"values": 2}, input_shape=(8, 4, 2), seed=seed, steps=4)

    x, y = rows(150, 20, (6, 2)), labels(150, 20, 3)
    model = {"layers": [{"type": "lstm", "units": 4, "return_sequences": True}, {"type": "lstm", "units": 3}, dense(3, "softmax")]}
    spec = training("sparse_categorical_crossentropy", {"type": "adam", "learning_rate": 0.01}, ["accuracy"], batch_size=8)
    flat = np.ascontiguousarray(x.reshape(20, 12))
    yield case("recurrent", model, spec, flat, y, {"classes": 3}, input_shape=(6, 2), seed=150, steps=10, after=(50,), scores=True)

    # The token after each of the row.
    count, length = 7, 5
    text = np.random.default_rng(151).integers(0, count, (20, length + 1)).astype(np.float32)
    x, y = np.ascontiguousarray(text[:, :-1]), np.ascontiguousarray(text[:, 1:])
    block = {"type": "transformer_block", "num_heads": 2, "intermediate_dim": 8, "normalize_first": True, "use_causal_mask": True}
    model = {
        "layers": [
            # No biases in it: that of the keys shifts all scores of a query by the same, so that its gradient is nothing but rounding.
            {"type": "embedding", "input_dim": count, "output_dim": 6},
            {"type": "position_embedding"},
            {**block, "activation": "gelu", "use_bias": False},
            {"type": "layer_normalization"},
            dense(count, "softmax"),
        ]
    }
    spec = training("sparse_categorical_crossentropy", {"type": "adamw", "learning_rate": 0.005, "weight_decay": 0.01}, ["accuracy"], batch_size=8)
    target = {"sequence": {"classes": count, "length": length}}
    yield case("tiny_gpt", model, spec, x, y, target, seed=151, steps=10, after=(50,), scores=True)

    # Without biases where normalization follows, as above. Small numbers, so that no probability is below those that Keras cuts off.
    x, y = rows(152, 20, (50,)) / 6, labels(152, 20, 3)
    convolution = {"type": "conv2d", "kernel_size": 3, "padding": "same", "use_bias": False}
    model = {
        "layers": [
            {**convolution, "filters": 4, "name": "first"},
            {"type": "batch_normalization", "name": "first_norm"},
            {"type": "activation", "activation": "relu", "name": "start"},
            {**convolution, "filters": 4, "name": "second"},
            {"type": "batch_normalization", "name": "second_norm"},
            {"type": "add", "name": "sum", "inputs": ["start", "second_norm"]},
            {"type": "activation", "activation": "relu", "name": "end"},
            {"type": "max_pooling2d", "pool_size": 2, "name": "pool"},
            {"type": "flatten", "name": "flat"},
            {**dense(3, "softmax"), "name": "classes"},
        ]
    }
    spec = training("sparse_categorical_crossentropy", {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9}, ["accuracy"], batch_size=8)
    yield case("residual_convolutions", model, spec, x, y, {"classes": 3}, input_shape=(5, 5, 2), seed=152, steps=10, after=(50,), scores=True)

    yield several.whole_model("two_outputs", 153)
