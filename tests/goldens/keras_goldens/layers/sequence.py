"""Tokens as vectors, and which steps of a sequence count."""

import numpy as np

from ..record import case, rows, training, values
from .around import dense

CONSTRAINED = {"embeddings_constraint": {"type": "max_norm", "max_value": 0.4, "axis": 1}}


def cases():
    x, y = rows(200, 10, (12,)), values(200, 10, 2)
    # Some steps are all the value that means "not there"; one of them in the middle.
    x = x.reshape(10, 6, 2)
    x[::2, 4:], x[1::3, 2] = -1, -1
    x = x.reshape(10, 12)
    model = {"layers": [{"type": "masking", "mask_value": -1.0}, dense(4, activation="tanh"), {"type": "flatten"}, dense(2)]}
    yield case("masking", model, training(), x, y, {"values": 2}, input_shape=(6, 2), seed=200, steps=10)

    # Token 0 and a token that is not the last one never come up: their vectors must stay as they are.
    tokens = np.random.default_rng(201).choice([1, 2, 4, 5], (10, 4)).astype(np.float32)
    for seed, (name, others) in enumerate(
        {"embedding": {}, "embedding_regularized": {"embeddings_regularizer": {"type": "l2", "l2": 0.1}}, "embedding_mask": {"mask_zero": True}, "embedding_constrained": CONSTRAINED}.items(),
        201,
    ):
        layer = {"type": "embedding", "input_dim": 6, "output_dim": 3, **others}
        model = {"layers": [layer, dense(4, activation="tanh"), {"type": "flatten"}, dense(2)]}
        y = values(seed, 10, 2)
        yield case(name, model, training(batch_size=6), tokens, y, {"values": 2}, seed=seed, steps=10, after=(3,))

    table = {"type": "reversible_embedding", "input_dim": 6, "output_dim": 3}
    tied = [{**table, "name": "tokens"}, dense(3, activation="tanh"), {**table, "name": "scores", "shares": "tokens"}]
    model = {"layers": [*tied, {"type": "flatten"}, dense(2)]}
    yield case("reversible_embedding", model, training(), tokens, values(210, 10, 2), {"values": 2}, seed=210, steps=5)
    table["logit_soft_cap"] = 0.6
    tied = [{**table, "name": "tokens"}, dense(3, activation="tanh"), {**table, "name": "scores", "shares": "tokens"}]
    model = {"layers": [*tied, {"type": "flatten"}, dense(2)]}
    yield case("reversible_embedding_capped", model, training(), tokens, values(211, 10, 2), {"values": 2}, seed=211, steps=5)
    yield of_columns()


def of_columns() -> dict:
    """Tokens of two kinds beside numbers in one row: 0 and 2 are numbers, 1 is of one kind, 3 and 4 are of the other."""
    x, y = rows(212, 10, (5,)), values(212, 10, 2)
    generator = np.random.default_rng(212)
    x[:, 1], x[:, 3:] = generator.integers(0, 4, 10), generator.integers(0, 6, (10, 2))
    cut = {"number": [0, 4], "kind": [1, 3], "other": [2, 2], "kinds": [3, 0]}
    layers = [{"type": "input", "name": "input"}, {"type": "reshape", "name": "all", "target_shape": [5, 1]}]
    for name, cropping in cut.items():
        layers.append({"type": "cropping1d", "name": f"{name}_column", "cropping": cropping, "inputs": ["all"]})
        layers.append({"type": "flatten", "name": name})
        if "kind" in name:
            layers += [{"type": "embedding", "input_dim": 6, "output_dim": 3}, {"type": "flatten", "name": f"{name}_vectors"}]
    layers += [{"type": "concatenate", "inputs": ["number", "kind_vectors", "other", "kinds_vectors"]}, dense(4, activation="tanh"), dense(2)]
    golden = case("embedding_of_columns", {"layers": layers}, training(batch_size=6), x, y, {"values": 2}, seed=212, steps=10, after=(3,))
    # Of the input only the numbers have one, and a layer in front that could tell it would make tokens of none of it.
    del golden["input_gradient"]
    return golden
