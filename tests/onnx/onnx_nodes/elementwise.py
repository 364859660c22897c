"""Activations, and layers that join several inputs value by value."""

import numpy as np

from .case import LeftOut, case, floats, maps, rows

PLAIN = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Softsign": "softsign",
    "Mish": "mish", "HardSwish": "hard_silu", "Exp": "exponential", "Identity": "linear",
}


@maps(*PLAIN)
def plain(node):
    node.only()
    x = floats(node.inputs[0])
    return case([{"type": "activation", "activation": PLAIN[node.op]}], [x], floats(node.outputs[0], "output"))


def rescaling(scale, offset=0.0):
    return {"type": "rescaling", "scale": float(scale), "offset": float(offset)}


def scaled(activation, scale, node):
    """f(scale x) / scale"""
    layers = [rescaling(scale), {"type": "activation", "activation": activation}, rescaling(1 / scale)]
    return case(layers if scale != 1 else layers[1:2], [floats(node.inputs[0])], node.outputs[0])


@maps("Neg")
def neg(node):
    return case([rescaling(-1)], [floats(node.inputs[0])], node.outputs[0])


@maps("Abs")
def magnitude(node):
    return case([{"type": "leaky_relu", "negative_slope": -1.0}], [floats(node.inputs[0])], node.outputs[0])


@maps("Clip")
def clip(node):
    x = floats(node.inputs[0])
    low, high = (float(it) if it is not None else None for it in (list(node.inputs[1:]) + [None, None])[:2])
    if low is not None and high is not None and low > high:
        raise LeftOut("a least value above the largest")
    if low is not None:
        layers = [rescaling(1, -low), {"type": "relu", "max_value": None if high is None else high - low}, rescaling(1, low)]
    elif high is not None:
        # The smaller of x and a bound is what is above the bound, turned around twice.
        layers = [rescaling(-1, high), {"type": "relu"}, rescaling(-1, high)]
    else:
        raise LeftOut("no bounds: nothing is computed")
    return case(layers, [x], node.outputs[0])


@maps("Gelu")
def gelu(node):
    if node.attribute("approximate", "none") != "none":
        # Keras' layer and activation by name are the exact form; gelu(approximate=True) is a function of its own.
        raise LeftOut("the tanh approximation, which Keras has only as a function argument")
    return case([{"type": "activation", "activation": "gelu"}], [floats(node.inputs[0])], node.outputs[0])


@maps("LeakyRelu")
def leaky_relu(node):
    layer = {"type": "leaky_relu", "negative_slope": node.attribute("alpha", 0.01)}
    return case([layer], [floats(node.inputs[0])], node.outputs[0])


@maps("Elu")
def elu(node):
    return case([{"type": "elu", "alpha": node.attribute("alpha", 1.0)}], [floats(node.inputs[0])], node.outputs[0])


@maps("Celu")
def celu(node):
    # alpha celu(x / alpha) is celu with alpha.
    return scaled("celu", 1 / node.attribute("alpha", 1.0), node)


@maps("Selu")
def selu(node):
    if node.attributes:
        layers = [{"type": "elu", "alpha": node.attribute("alpha", 1.67326)}, rescaling(node.attribute("gamma", 1.0507))]
        return case(layers, [floats(node.inputs[0])], node.outputs[0])
    return case([{"type": "activation", "activation": "selu"}], [floats(node.inputs[0])], node.outputs[0])


@maps("HardSigmoid")
def hard_sigmoid(node):
    alpha, beta = node.attribute("alpha", 0.2), node.attribute("beta", 0.5)
    if abs(alpha - 1 / 6) > 1e-6 or beta != 0.5:
        layers = [rescaling(alpha, beta), {"type": "relu", "max_value": 1.0}]
        return case(layers, [floats(node.inputs[0])], node.outputs[0])
    return case([{"type": "activation", "activation": "hard_sigmoid"}], [floats(node.inputs[0])], node.outputs[0])


@maps("Swish")
def swish(node):
    # x sigmoid(alpha x) is silu(alpha x) / alpha.
    return scaled("silu", node.attribute("alpha", 1.0), node)


@maps("ThresholdedRelu")
def thresholded_relu(node):
    layer = {"type": "relu", "threshold": node.attribute("alpha", 1.0)}
    return case([layer], [floats(node.inputs[0])], node.outputs[0])


@maps("Shrink")
def shrink(node):
    lambd, bias = node.attribute("lambd", 0.5), node.attribute("bias", 0.0)
    if bias not in (0.0, lambd):
        raise LeftOut("a threshold that is not what is taken off")
    # Keras' thresholds are 0.5.
    return scaled("hard_shrink" if bias == 0.0 else "soft_shrink", 0.5 / lambd, node)


@maps("PRelu")
def prelu(node):
    x, slope = rows(floats(node.inputs[0])), floats(node.inputs[1])
    slope = np.broadcast_to(slope, x.shape)
    if not (slope == slope[:1]).all():
        # All of it as one row, since rows share their slopes.
        return case([{"type": "prelu"}], [x[None]], node.outputs[0][None], {"prelu/alpha": slope})
    return case([{"type": "prelu"}], [x], node.outputs[0], {"prelu/alpha": slope[0]})


@maps("Softmax", "LogSoftmax")
def softmax(node):
    x = floats(node.inputs[0])
    axis = node.attribute("axis", -1)
    axis = axis % x.ndim
    if axis == 0 and x.ndim == 1:
        raise LeftOut("along the batch")
    name = "softmax" if node.op == "Softmax" else "log_softmax"
    # Keras' activation works along the last axis.
    moved = np.moveaxis(x, axis, -1)
    return case([{"type": "activation", "activation": name}], [moved], np.moveaxis(node.outputs[0], axis, -1))


JOINS = {"Add": "add", "Sub": "subtract", "Mul": "multiply", "Max": "maximum", "Min": "minimum", "Mean": "average", "Sum": "add"}


@maps(*JOINS)
def join(node):
    inputs = [floats(i) for i in node.inputs]
    if len(inputs) < 2:
        return case([{"type": "identity"}], inputs, node.outputs[0])
    if node.inputs[0].dtype.kind in "iu" and goes_round(node):
        raise LeftOut("whole numbers that go round at the end of their type")
    if any(i.shape != inputs[0].shape for i in inputs):
        # All of it as one row, for rows are not repeated.
        rank = max(i.ndim for i in inputs)
        inputs = [i.reshape(1, *[1] * (rank - i.ndim), *i.shape) for i in inputs]
        return case([{"type": JOINS[node.op]}], inputs, node.outputs[0][None])
    return case([{"type": JOINS[node.op]}], inputs, node.outputs[0])


def goes_round(node):
    """Whether the result is not that of plain whole numbers."""
    exact = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply}.get(node.op)
    wide = [i.astype(object) for i in node.inputs]
    return exact is not None and not np.array_equal(exact(*wide), node.outputs[0].astype(object))


@maps("Expand")
def expand(node):
    """Values are repeated where they are added to more zeros."""
    x, y = floats(node.inputs[0]), node.outputs[0]
    zeros = np.zeros((1, *y.shape), np.float32)
    return case([{"type": "add"}], [x.reshape(1, *[1] * (y.ndim - x.ndim), *x.shape), zeros], y[None])


@maps("SwiGLU")
def swiglu(node):
    """silu(alpha a) / alpha, times b."""
    a, b = (floats(i) for i in node.inputs)
    alpha = node.attribute("alpha", 1.0)
    layers = [
        dict(rescaling(alpha), name="scaled", inputs=["a"]),
        {"type": "activation", "activation": "silu"},
        dict(rescaling(1 / alpha), name="gate"),
        {"type": "multiply", "inputs": ["gate", "b"]},
    ]
    return case(layers, [a, b], node.outputs[0])


@maps("Concat")
def concat(node):
    inputs = [floats(i) for i in node.inputs]
    axis = node.attribute("axis") % inputs[0].ndim
    if axis == 0:
        # All of it as one row.
        return case([{"type": "concatenate", "axis": 1}], [i[None] for i in inputs], node.outputs[0][None])
    return case([{"type": "concatenate", "axis": axis}], inputs, node.outputs[0])


@maps("Dropout")
def dropout(node):
    if len(node.inputs) > 2 and node.inputs[2] is not None and bool(node.inputs[2]):
        if node.inputs[1] is None or float(node.inputs[1]) != 0:
            raise LeftOut("training: other random numbers")
    if len(node.outputs) > 1:
        raise LeftOut("the mask as an output")
    return case([{"type": "dropout", "rate": 0.5}], [floats(node.inputs[0])], node.outputs[0])
