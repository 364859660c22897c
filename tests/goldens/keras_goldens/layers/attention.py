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
# With a mask of pairs as a further input: its shape, and what else there is to the layer.
PAIRS = {
    "multi_head_attention_pairs": (HEADS, (STEPS, STEPS)),
    "multi_head_attention_pairs_of_heads": ({**HEADS, "use_causal_mask": True}, (2, STEPS, STEPS)),
    "multi_head_attention_pairs_of_keys": (HEADS, (1, STEPS)),
    "multi_head_attention_pairs_masked": (HEADS, (STEPS, STEPS)),
    "group_query_attention_pairs": (GROUPS, (STEPS, STEPS)),
    "attention_pairs": ({"type": "attention", "use_scale": True}, (STEPS, STEPS)),
    "additive_attention_pairs": ({"type": "additive_attention"}, (STEPS, STEPS)),
    "attention_pairs_of_keys": ({"type": "attention"}, (STEPS,)),
}
# The weights as a second output.
SCORES = {
    "multi_head_attention_scores": HEADS,
    "multi_head_attention_scores_masked": {**HEADS, "use_causal_mask": True},
    "group_query_attention_scores": GROUPS,
    "attention_scores": {"type": "attention", "use_scale": True},
    "attention_scores_masked": {"type": "attention"},
    "additive_attention_scores_masked": {"type": "additive_attention"},
    "additive_attention_scores": {"type": "additive_attention", "use_causal_mask": True},
}


def cases():
    yield from equations_of_every_kind()
    yield from open_sizes()
    yield from of_pairs()
    yield from with_scores()
    yield from along_axes()
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


def equations_of_every_kind():
    """What of an equation's axes may be where, and along which of them a bias is added."""
    equations = {
        "groups": {"equation": "abc,c->abc", "output_shape": [2, 3], "bias_axes": "b"},
        "groups_moved": {"equation": "abc,dcb->abd", "output_shape": [2, 4], "bias_axes": "bd"},
        "apart": {"equation": "abc,bdc->ad", "output_shape": [4], "bias_axes": "d"},
        "between": {"equation": "abc,dce->aedb", "output_shape": [2, 4, 2], "bias_axes": "eb", "bias_constraint": {"type": "max_norm", "max_value": 0.1, "axis": [0, 2]}},
        "bias_in_front": {"equation": "abc,cd->abd", "output_shape": [2, 4], "bias_axes": "b"},
        "bias_of_all": {"equation": "abc,cd->adb", "output_shape": [4, 2], "bias_axes": "bd"},
        "summed_alone": {"equation": "abc,cd->ad", "output_shape": [4], "bias_axes": "d"},
        "diagonal": {"equation": "abb,bc->abc", "output_shape": [3, 4]},
        "dots_behind": {"equation": "ab...,bc->ac...", "output_shape": [4], "bias_axes": "c"},
        "dots_groups": {"equation": "...bc,cb->...cb", "output_shape": [3, 2], "bias_axes": "c"},
    }
    for seed, (name, others) in enumerate(equations.items(), 880):
        x, y = rows(seed, 8, (9 if name == "diagonal" else 6,)), values(seed, 8, 2)
        layer = {"type": "einsum_dense", **others}
        flat = [{"type": "flatten"}] if len(others["output_shape"]) > 1 or "." in others["equation"] else []
        model = {"layers": [dense(3, activation="tanh"), layer, *flat, dense(2)]}
        yield case(f"einsum_dense_{name}", model, training(), x, y, {"values": 2}, input_shape=(3 if name == "diagonal" else 2, 3), seed=seed, steps=3)


def parted(width: int, **parts: list[int]) -> list[dict]:
    """The layers that make tensors of these names and shapes of the features of a row, one after the other."""
    layers, start = [{"type": "input", "name": "input"}, {"type": "reshape", "name": "all", "target_shape": [width, 1]}], 0
    for name, shape in parts.items():
        end = start + int(np.prod(shape))
        layers.append({"type": "cropping1d", "name": f"{name}_flat", "cropping": [start, width - end], "inputs": ["all"]})
        layers.append({"type": "reshape", "name": name, "target_shape": shape})
        start = end
    return layers


def open_sizes():
    x, y = rows(859, 8, (6,)), values(859, 8, 2)
    layer = {"type": "einsum_dense", "equation": "abc,cd->abd", "output_shape": [None, 4], "bias_axes": "d"}
    model = {"layers": [dense(3, activation="tanh"), layer, {"type": "global_average_pooling1d"}, dense(2)]}
    yield case("einsum_dense_open", model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=859, steps=3)


def of_pairs():
    for seed, (name, (layer, shape)) in enumerate(PAIRS.items(), 780):
        count = int(np.prod(shape))
        x, y = rows(seed, 5, (STEPS * WIDTH + count,)), values(seed, 5, 2)
        # Two of three pairs are seen, and every query sees the first key.
        x[:, STEPS * WIDTH :] = (x[:, STEPS * WIDTH :] > -0.4).astype(np.float32)
        x[:, STEPS * WIDTH :].reshape(5, -1, STEPS)[:, :, 0] = 1
        before = []
        if "masked" in name:
            x[1, 2 * WIDTH : STEPS * WIDTH], x[2, WIDTH : 2 * WIDTH] = 0, 0
            before = [{"type": "masking"}]
        layers = [
            *parted(x.shape[1], steps=[STEPS, WIDTH], pairs=list(shape)),
            *[{**each, "inputs": ["steps"]} for each in before],
            dense(WIDTH, name="inner", activation="tanh", inputs=["masking" if before else "steps"]),
            {**layer, "name": "looks", "use_attention_mask": True, "inputs": ["inner", "pairs"]},
            {"type": "flatten"},
            dense(2),
        ]
        yield case(name, {"layers": layers}, training(), x, y, {"values": 2}, input_shape=(x.shape[1],), seed=seed, steps=3)


def with_scores():
    for seed, (name, layer) in enumerate(SCORES.items(), 790):
        x, y = rows(seed, 5, (STEPS, WIDTH)), values(seed, 5, 2)
        before = []
        if "masked" in name:
            x[1, 2:], x[2, 1], x[3, 3] = 0, 0, 0
            before = [{"type": "masking"}]
        layers = [
            *before,
            dense(WIDTH, activation="tanh"),
            {**layer, "name": "looks", "return_attention_scores": True},
            {"type": "flatten", "name": "given", "inputs": ["looks"]},
            {"type": "flatten", "name": "weights", "inputs": ["looks:1"]},
            {"type": "concatenate", "inputs": ["given", "weights"]},
            dense(2),
        ]
        flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
        yield case(name, {"layers": layers}, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=seed, steps=3)
    # Nothing but the weights is read, and where keys have another mask than values both hold.
    x, y = rows(799, 5, (STEPS * WIDTH,)), values(799, 5, 2)
    layers = [dense(WIDTH, activation="tanh"), {**HEADS, "return_attention_scores": True, "name": "looks"}]
    layers += [{"type": "flatten", "inputs": ["looks:1"]}, dense(2)]
    yield case("multi_head_attention_scores_alone", {"layers": layers}, training(), x, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=799, steps=3)
    x, y = rows(798, 5, (STEPS, WIDTH)), values(798, 5, 2)
    x[1, 2:], x[2, 1], x[3, 3] = 0, 0, 0
    x[0, 1], x[4, 2:] = 1, 1
    layers = [
        {"type": "input", "name": "input"},
        {"type": "masking", "name": "of_values", "inputs": ["input"]},
        {"type": "masking", "name": "of_keys", "mask_value": 1.0, "inputs": ["input"]},
        *[dense(3, name=part, inputs=[of]) for part, of in (("query", "input"), ("value", "of_values"), ("key", "of_keys"))],
        {**HEADS, "inputs": ["query", "value", "key"]},
        {"type": "flatten"},
        dense(2),
    ]
    flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
    yield case("multi_head_attention_two_masks", {"layers": layers}, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=798, steps=3)


def along_axes():
    """Masks and weights where there are more axes than one: Keras keeps to those cases in which the masked axis is the attended one."""
    x, y = rows(771, 5, (2, 3, 4)), values(771, 5, 2)
    x[1, 0, 2], x[2, 1, 1:], x[3, :, 1] = 0, 0, 0
    layers = [{"type": "masking"}, dense(4, activation="tanh"), {**HEADS, "attention_axes": [2]}, {"type": "flatten"}, dense(2)]
    flat = np.ascontiguousarray(x.reshape(5, 24))
    yield case("multi_head_attention_within_lines_masked", {"layers": layers}, training(), flat, y, {"values": 2}, input_shape=(2, 3, 4), seed=771, steps=3)
    for seed, (name, axes, shape) in enumerate([("lines", [1], (3, 2, 2)), ("within_lines", [2], (2, 3, 3)), ("pixels", None, (2, 3, 2, 3))], 772):
        x, y = rows(seed, 5, (24 + int(np.prod(shape)),)), values(seed, 5, 2)
        x[:, 24:] = (x[:, 24:] > -0.4).astype(np.float32)
        x[:, 24:].reshape(5, *shape)[..., 0] = 1
        layers = [
            *parted(x.shape[1], places=[2, 3, 4], pairs=list(shape)),
            dense(4, name="inner", activation="tanh", inputs=["places"]),
            {**HEADS, "name": "looks", "use_attention_mask": True, "inputs": ["inner", "pairs"]} | ({"attention_axes": axes} if axes else {}),
            {"type": "flatten"},
            dense(2),
        ]
        yield case(f"multi_head_attention_pairs_of_{name}", {"layers": layers}, training(), x, y, {"values": 2}, input_shape=(x.shape[1],), seed=seed, steps=3)
