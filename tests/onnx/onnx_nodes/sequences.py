"""Recurrent layers and attention."""

import numpy as np

from .case import LeftOut, case, floats, maps


def recurrent_inputs(node, gates):
    node.only("hidden_size", "layout", "direction")
    x, w, r = (floats(i) for i in node.inputs[:3])
    b = node.inputs[3] if len(node.inputs) > 3 else None
    if any(i is not None and np.any(i) for i in node.inputs[5:]):
        raise LeftOut("an initial state or peepholes")
    if len(node.inputs) > 4 and node.inputs[4] is not None:
        raise LeftOut("lengths of sequences")
    if not node.attribute("layout", 0):
        x = np.moveaxis(x, 0, 1)
    return x, [(w[i], r[i], None if b is None else b[i]) for i in range(w.shape[0])]


def states(node, rows):
    """The last state: the second output, (directions, batch, units) or batch first."""
    y_h = node.places[1] if len(node.places) > 1 else None
    if y_h is None:
        raise LeftOut("all states, in an order of its own")
    # Of several directions: side by side, as Keras has them.
    y_h = y_h if node.attribute("layout", 0) else np.moveaxis(y_h, 0, 1)
    if y_h.ndim != 3:
        raise LeftOut("all states, in an order of its own")
    return y_h.reshape(y_h.shape[0], -1)


def layer_case(node, layer, x, directions, weights_of):
    """One layer that goes forwards or backwards, or both; `weights_of` makes Keras' weights of ONNX'."""
    layer = {**layer, "units": directions[0][1].shape[1]}
    name = layer["type"]
    if len(directions) == 2:
        parts = [f"bidirectional/forward_{name}", f"bidirectional/backward_{name}"]
        model = {"type": "bidirectional", "layer": layer}
    else:
        parts = [name]
        model = {**layer, "go_backwards": node.attribute("direction", "forward") == "reverse"}
    weights = {f"{part}/{key}": value for part, of in zip(parts, directions) for key, value in weights_of(*of).items()}
    return case([model], [x], states(node, x.shape[0]), weights)


@maps("RNN")
def rnn(node):
    x, directions = recurrent_inputs(node, 1)

    def weights(w, r, b):
        units = r.shape[1]
        bias = np.zeros(units, np.float32) if b is None else b[:units] + b[units:]
        return {"kernel": w.T, "recurrent_kernel": r.T, "bias": bias}

    return layer_case(node, {"type": "simple_rnn"}, x, directions, weights)


@maps("LSTM")
def lstm(node):
    x, directions = recurrent_inputs(node, 4)

    def order(matrix):  # input, output, forget, cell -> input, forget, cell, output
        i, o, f, c = np.split(matrix, 4)
        return np.concatenate([i, f, c, o])

    def weights(w, r, b):
        units = r.shape[1]
        bias = np.zeros(4 * units, np.float32) if b is None else order(b[: 4 * units]) + order(b[4 * units :])
        return {"kernel": order(w).T, "recurrent_kernel": order(r).T, "bias": bias}

    return layer_case(node, {"type": "lstm"}, x, directions, weights)


@maps("GRU")
def gru(node):
    linear = node.attributes.pop("linear_before_reset", 0)
    x, directions = recurrent_inputs(node, 3)

    def weights(w, r, b):
        # Both have update, reset, candidate; Keras' state is z h + (1 - z) c, as here.
        zeros = np.zeros(3 * r.shape[1], np.float32)
        first, second = (zeros, zeros) if b is None else (b[: b.size // 2], b[b.size // 2 :])
        return {"kernel": w.T, "recurrent_kernel": r.T, "bias": np.stack([first, second]) if linear else first + second}

    return layer_case(node, {"type": "gru", "reset_after": bool(linear)}, x, directions, weights)


def in_window(node, queries, keys):
    """How far a query sees to both sides, where Keras' window says the same; None for all of it."""
    left, right = (node.attribute(f"{side}_window_size", -1) for side in ("left", "right"))
    if left < 0 and right < 0:
        return None
    if queries != keys:
        raise LeftOut("a window with fewer queries than keys")
    # In front of a causal mask nothing is seen anyway.
    if left < 0 or (right != left and not (node.attribute("is_causal", 0) and right < 0)):
        raise LeftOut("a window that is wider to one side")
    return left + 1


@maps("Attention")
def attention(node):
    node.only("q_num_heads", "kv_num_heads", "scale", "is_causal", "left_window_size", "right_window_size")
    if len([i for i in node.inputs if i is not None]) != 3 or len(node.outputs) > 1:
        raise LeftOut("masks of its own, past keys or further outputs")
    q, k, v = (floats(i) for i in node.inputs)
    y = np.asarray(node.outputs[0])
    if q.ndim == 3:
        heads = [node.attribute("q_num_heads", 1)] + [node.attribute("kv_num_heads", 1)] * 2 + [node.attribute("q_num_heads", 1)]
        q, k, v, y = (i.reshape(*i.shape[:2], h, -1).transpose(0, 2, 1, 3) for i, h in zip((q, k, v, y), heads))
    if node.attribute("is_causal", 0):
        # The first query sees the first key, so of more keys than queries the last are seen by none.
        k, v = k[:, :, : q.shape[2]], v[:, :, : q.shape[2]]
    return attended(node, q, k, v, y, bool(node.attribute("is_causal", 0)), in_window(node, q.shape[2], k.shape[2]))


@maps("FlexAttention")
def flexible(node):
    node.only("scale")
    q, k, v = (floats(i) for i in node.inputs[:3])
    return attended(node, q, k, v, np.asarray(node.outputs[0]), False, None)


def attended(node, q, k, v, y, is_causal, window):
    """Queries, keys, values and what comes out: (batch, heads, steps, values)."""
    scale = node.attribute("scale", 1 / np.sqrt(q.shape[-1]))
    if q.shape[1] != k.shape[1] or window is not None:
        return grouped(q, k, v, y, scale, is_causal, window)
    # A head is a row of the batch: heads do not see one another.
    q, k, v, y = (i.reshape(-1, *i.shape[2:]) for i in (q, k, v, y))
    layer = {"type": "attention", "use_causal_mask": is_causal}
    # Keras' dot-product attention does not scale: the queries are scaled before.
    return case([dict(layer, inputs=["a", "c", "b"])], [q * np.float32(scale), k, v], y)


def grouped(q, k, v, y, scale, is_causal, window):
    """Several heads of queries share keys and values: the layer of that, with projections that change nothing."""
    (b, heads, queries, dim), shared = q.shape, k.shape[1]
    if v.shape[-1] != dim:
        raise LeftOut("values of another size than the keys")

    def side_by_side(array):
        return array.transpose(0, 2, 1, 3).reshape(b, array.shape[2], -1)

    def unchanged(count, factor=1.0):
        return {"identity": count * dim, "factor": float(factor)}

    # Keras' own scale is 1 / sqrt(dim).
    kernels = {
        "query": unchanged(heads, scale * np.sqrt(dim)),
        "key": unchanged(shared),
        "value": unchanged(shared),
        "attention_output": unchanged(heads),
    }
    layer = {
        "type": "group_query_attention", "name": "it", "head_dim": dim, "num_query_heads": heads, "num_key_value_heads": shared,
        "use_bias": False, "use_causal_mask": is_causal, "inputs": ["a", "c", "b"], **({"sliding_window": window} if window else {}),
    }
    weights = {f"it/{part}/kernel": kernel for part, kernel in kernels.items()}
    return case([layer], [side_by_side(i) for i in (q, k, v)], side_by_side(y), weights)
