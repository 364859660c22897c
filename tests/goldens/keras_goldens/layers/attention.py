"""Attention of every kind, of a sequence to itself and to another one, with and without masks; positions."""

import numpy as np

from ..record import case, rows, training, values
from .around import dense

STEPS, WIDTH = 4, 4
HEADS = {"type": "multi_head_attention", "num_heads": 2, "key_dim": 3}
GROUPS = {"type": "group_query_attention", "name": "groups", "head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2}
ALONE = {
    "attention": {"type": "attention"},
    "attention_scaled_causal": {"type": "attention", "use_scale": True, "use_causal_mask": True},
    "attention_masked": {"type": "attention", "use_scale": True},
    "attention_concat": {"type": "attention", "score_mode": "concat", "use_scale": True},
    "additive_attention": {"type": "additive_attention"},
    "additive_attention_masked": {"type": "additive_attention", "use_causal_mask": True},
    "multi_head_attention": HEADS,
    "multi_head_attention_causal": {**HEADS, "use_causal_mask": True, "use_bias": False},
    "multi_head_attention_masked": {**HEADS, "output_shape": 3},
    "multi_head_attention_masked_causal": {**HEADS, "use_causal_mask": True},
    "multi_head_attention_window": {**HEADS, "sliding_window": 2, "kernel_regularizer": {"type": "l2"}},
    "multi_head_attention_gated": {**HEADS, "use_gate": True},
    "group_query_attention": GROUPS,
    "group_query_attention_masked": {**GROUPS, "use_causal_mask": True},
    "position_embedding": {"type": "position_embedding"},
    "position_embedding_longer": {"type": "position_embedding", "sequence_length": 6},
    "sinusoidal_position_encoding": {"type": "sinusoidal_position_encoding"},
    "rotary_embedding": {"type": "rotary_embedding", "max_wavelength": 100.0, "scaling_factor": 2.0},
    "multi_head_attention_activity": {**HEADS, "use_gate": True, "activity_regularizer": {"type": "l2", "l2": 0.1}},
    "multi_head_attention_shaped": {**HEADS, "output_shape": [2, 3]},
    "multi_head_attention_value_dim": {**HEADS, "value_dim": 2},
    "group_query_attention_gated": {**GROUPS, "use_gate": True},
    "group_query_attention_window": {**GROUPS, "sliding_window": 2, "use_bias": False},
    "multi_head_attention_rotary": {**HEADS, "key_dim": 4, "use_rotary": True},
    "group_query_attention_rotary": {**GROUPS, "use_rotary": True},
    "sinusoidal_position_encoding_wavelength": {"type": "sinusoidal_position_encoding", "max_wavelength": 50.0},
}
# Of axes 1 and 2, height and width, none is the values'.
OF_IMAGES = {
    "multi_head_attention_of_pixels": {},
    "multi_head_attention_of_lines": {"attention_axes": [1]},
    "multi_head_attention_within_lines": {"attention_axes": [2], "output_shape": 3},
    "multi_head_attention_of_lines_shaped": {"attention_axes": [1], "output_shape": [3, 2]},
}
CROSSED = {
    "attention_of_three": ({"type": "attention"}, 3),
    "additive_attention_without_scale": ({"type": "additive_attention", "use_scale": False}, 3),
    "multi_head_attention_of_two": (HEADS, 2),
    "multi_head_attention_of_three": (HEADS, 3),
}


def cases():
    for seed, (name, layer) in enumerate(ALONE.items(), 700):
        x, y = rows(seed, 5, (STEPS, WIDTH)), values(seed, 5, 2)
        before = []
        if "masked" in name:
            # Some rows end early and one has a gap; the first step, which all may look at, is there.
            x[1, 2:], x[2, 1], x[3, 3] = 0, 0, 0
            before = [{"type": "masking"}]
        model = {"layers": [*before, dense(WIDTH, activation="tanh"), layer, {"type": "flatten"}, dense(2)]}
        flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
        yield case(name, model, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=seed, steps=3)
    for seed, (name, others) in enumerate(OF_IMAGES.items(), 760):
        x, y = rows(seed, 5, (24,)), values(seed, 5, 2)
        model = {"layers": [dense(4, activation="tanh"), {**HEADS, **others}, {"type": "flatten"}, dense(2)]}
        yield case(name, model, training(), x, y, {"values": 2}, input_shape=(2, 3, 4), seed=seed, steps=3)
    for seed, (name, (layer, inputs)) in enumerate(CROSSED.items(), 740):
        names = ["query", "value", "key"][:inputs]
        made = [dense(3, name=part, inputs=["input"]) for part in names]
        layers = [{"type": "input", "name": "input"}, *made, {**layer, "inputs": names}, {"type": "flatten"}, dense(2)]
        x, y = rows(seed, 5, (STEPS * WIDTH,)), values(seed, 5, 2)
        yield case(name, {"layers": layers}, training(), x, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=seed, steps=3)

    # What the projections of attention are: a product over any axes.
    equations = {
        "einsum_dense": {"equation": "abc,cd->abd", "output_shape": [2, 4], "bias_axes": "d", "activation": "tanh"},
        "einsum_dense_of_two": {"equation": "abc,cde->abde", "output_shape": [2, 2, 3], "bias_axes": "de"},
        "einsum_dense_moved": {"equation": "abc,db->adc", "output_shape": [4, 3]},
        "einsum_dense_dots": {"equation": "...x,xy->...y", "output_shape": [4], "bias_axes": "y"},
    }
    for seed, (name, others) in enumerate(equations.items(), 850):
        x, y = rows(seed, 8, (6,)), values(seed, 8, 2)
        model = {"layers": [dense(3, activation="tanh"), {"type": "einsum_dense", **others}, {"type": "flatten"}, dense(2)]}
        yield case(name, model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=seed, steps=3)
