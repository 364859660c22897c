"""Dense layers, every activation, every regularizer."""

import numpy as np

from ..record import case, labels, rows, training, values
from .around import dense

ACTIVATIONS = ["linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus", "softmax"]
MORE_ACTIVATIONS = [
    *["log_softmax", "sparsemax", "glu", "relu6", "celu", "mish", "softsign", "hard_sigmoid", "hard_silu", "hard_tanh", "tanh_shrink"],
    *["soft_shrink", "hard_shrink", "squareplus", "exponential", "log_sigmoid", "sparse_plus", "sparse_sigmoid"],
]
REGULARIZERS = {
    "l1": {"type": "l1", "l1": 0.02},
    "l2": {"type": "l2", "l2": 0.03},
    "l1_l2": {"type": "l1_l2", "l1": 0.02, "l2": 0.03},
    "l2_default": {"type": "l2"},
}


def cases():
    for seed, activation in enumerate(ACTIVATIONS, 3):
        x, y = rows(seed, 12, (3,)), values(seed, 12, 2)
        inside = {"layers": [dense(5, activation="tanh"), dense(4, activation=activation), dense(2)]}
        yield case(f"dense_{activation}", inside, training(), x, y, {"values": 2}, seed=seed, steps=10)
        alone = {"layers": [dense(4), {"type": "activation", "activation": activation}, dense(2)]}
        yield case(f"activation_{activation}", alone, training(), x, y, {"values": 2}, seed=seed + 50, steps=3)

    for seed, activation in enumerate(MORE_ACTIVATIONS, 300):
        # Far enough out that every piece of those that have pieces is seen.
        scale = np.float32(0.5 if activation == "exponential" else 2)
        x, y = scale * rows(seed, 12, (3,)), values(seed, 12, 2)
        alone = {"layers": [dense(6), {"type": "activation", "activation": activation}, dense(2)]}
        if activation == "glu":
            # Keras does not know that it halves its input: nothing can come after it.
            alone = {"layers": [dense(5, activation="tanh"), dense(4, activation=activation)]}
        spec = training(optimizer={"type": "sgd", "learning_rate": 0.01})
        yield case(f"activation_{activation}", alone, spec, x, y, {"values": 2}, seed=seed, steps=3)

    x, y = rows(20, 10, (4,)), values(20, 10, 2)
    no_bias = {"layers": [dense(5, use_bias=False, activation="relu"), dense(2, use_bias=False)]}
    yield case("dense_without_bias", no_bias, training(), x, y, {"values": 2}, seed=20, steps=10)
    one = {"layers": [dense(1)]}
    yield case("dense_one_unit", one, training(), rows(21, 7, (1,)), values(21, 7, 1), {"values": 1}, seed=21, steps=10)
    wide = {"layers": [dense(33, activation="relu"), dense(17, activation="tanh"), dense(3, activation="softmax")]}
    x, y = rows(22, 9, (5,)), labels(22, 9, 3)
    yield case("dense_awkward_sizes", wide, training("sparse_categorical_crossentropy"), x, y, {"classes": 3}, seed=22, steps=10)

    for seed, (name, regularizer) in enumerate(REGULARIZERS.items(), 30):
        x, y = rows(seed, 10, (3,)), values(seed, 10, 2)
        penalised = dense(4, activation="tanh", kernel_regularizer=regularizer, bias_regularizer=regularizer)
        model = {"layers": [penalised, dense(2)]}
        spec = training(metrics=["mean_absolute_error"])
        yield case(f"regularizer_{name}", model, spec, x, y, {"values": 2}, seed=seed, steps=10, scores=True)

    x, y = rows(36, 10, (3,)), values(36, 10, 2)
    model = {"layers": [dense(4, activation="tanh", activity_regularizer=REGULARIZERS["l1_l2"]), dense(2)]}
    # Two batches of 6 and 4: this penalty is per row of the batch.
    yield case("regularizer_activity", model, training(batch_size=6), x, y, {"values": 2}, seed=36, steps=10, scores=True)

    frozen = {"layers": [dense(4, trainable=False, activation="tanh"), dense(2)]}
    x, y = rows(45, 10, (3,)), values(45, 10, 2)
    yield case("dense_frozen", frozen, training(), x, y, {"values": 2}, seed=45, steps=10, after=(10,))

    x, y = rows(47, 10, (6,)), values(47, 10, 2)
    # Dense on the last axis of a matrix, as Keras applies it.
    model = {"layers": [dense(4, activation="tanh"), {"type": "flatten"}, dense(2)]}
    yield case("dense_on_last_axis", model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=48, steps=10)
