"""Recurrent layers and attention."""

import numpy as np

from .case import LeftOut, case, floats, maps


def recurrent_inputs(node, gates):
    node.only("hidden_size", "layout")
    x, w, r = (floats(i) for i in node.inputs[:3])
    b = node.inputs[3] if len(node.inputs) > 3 else None
    if any(i is not None and np.any(i) for i in node.inputs[5:]):
        raise LeftOut("an initial state or peepholes")
    if len(node.inputs) > 4 and node.inputs[4] is not None:
        raise LeftOut("lengths of sequences")
    if w.shape[0] != 1:
        raise LeftOut("two directions")
    if not node.attribute("layout", 0):
        x = np.moveaxis(x, 0, 1)
    return x, w[0], r[0], None if b is None else b[0]


def states(node, rows):
    """The last state: the second output, (directions, batch, units) or batch first."""
    y_h = next(o for o in reversed(node.outputs[:2]) if o is not None)
    y_h = y_h[:, 0] if node.attribute("layout", 0) else y_h[0]
    if y_h.ndim == 3:
        raise LeftOut("all states, in an order of its own")
    return y_h


@maps("RNN")
def rnn(node):
    x, w, r, b = recurrent_inputs(node, 1)
    units = r.shape[1]
    bias = np.zeros(units, np.float32) if b is None else b[:units] + b[units:]
    weights = {"kernel": w.T, "recurrent_kernel": r.T, "bias": bias}
    named = {f"simple_rnn/{key}": value for key, value in weights.items()}
    return case([{"type": "simple_rnn", "units": units}], [x], states(node, x.shape[0]), named)


@maps("LSTM")
def lstm(node):
    x, w, r, b = recurrent_inputs(node, 4)
    units = r.shape[1]

    def order(matrix):  # input, output, forget, cell -> input, forget, cell, output
        i, o, f, c = np.split(matrix, 4)
        return np.concatenate([i, f, c, o])

    bias = np.zeros(4 * units, np.float32) if b is None else order(b[: 4 * units]) + order(b[4 * units :])
    weights = {"kernel": order(w).T, "recurrent_kernel": order(r).T, "bias": bias}
    named = {f"lstm/{key}": value for key, value in weights.items()}
    return case([{"type": "lstm", "units": units}], [x], states(node, x.shape[0]), named)


@maps("GRU")
def gru(node):
    linear = node.attributes.pop("linear_before_reset", 0)
    x, w, r, b = recurrent_inputs(node, 3)
    units = r.shape[1]
    # Both have update, reset, candidate; Keras' state is z h + (1 - z) c, as here.
    zeros = np.zeros(3 * units, np.float32)
    first, second = (zeros, zeros) if b is None else (b[: 3 * units], b[3 * units :])
    bias = np.stack([first, second]) if linear else first + second
    weights = {"kernel": w.T, "recurrent_kernel": r.T, "bias": bias}
    named = {f"gru/{key}": value for key, value in weights.items()}
    layer = {"type": "gru", "units": units, "reset_after": bool(linear)}
    return case([layer], [x], states(node, x.shape[0]), named)


@maps("Attention")
def attention(node):
    node.only("q_num_heads", "kv_num_heads", "scale", "is_causal")
    if len([i for i in node.inputs if i is not None]) != 3 or len(node.outputs) > 1:
        raise LeftOut("masks of its own, past keys or further outputs")
    q, k, v = (floats(i) for i in node.inputs)
    if q.ndim == 4:
        if q.shape[1] != k.shape[1]:
            raise LeftOut("grouped heads, which need projections in Keras")
        # A head is a row of the batch: heads do not see one another.
        q, k, v = (i.reshape(-1, *i.shape[2:]) for i in (q, k, v))
        y = np.asarray(node.outputs[0]).reshape(-1, *node.outputs[0].shape[2:])
    else:
        heads = node.attribute("q_num_heads", 1)
        if heads != node.attribute("kv_num_heads", heads):
            raise LeftOut("grouped heads, which need projections in Keras")

        def split(array):
            b, t, d = array.shape
            return array.reshape(b, t, heads, d // heads).transpose(0, 2, 1, 3).reshape(b * heads, t, d // heads)

        q, k, v, y = split(q), split(k), split(v), split(np.asarray(node.outputs[0]))
    scale = node.attribute("scale", 1 / np.sqrt(q.shape[-1]))
    if node.attribute("is_causal", 0) and q.shape[1] != k.shape[1]:
        raise LeftOut("causal with fewer queries than keys")
    layer = {"type": "attention", "use_causal_mask": bool(node.attribute("is_causal", 0))}
    # Keras' dot-product attention does not scale: the queries are scaled before.
    return case([dict(layer, inputs=["a", "c", "b"])], [q * np.float32(scale), k, v], y)
