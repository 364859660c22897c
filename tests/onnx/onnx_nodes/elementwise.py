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
    if node.attribute("alpha", 1.0) != 1.0:
        raise LeftOut("alpha other than 1, which Keras has only as a function argument")
    return case([{"type": "activation", "activation": "celu"}], [floats(node.inputs[0])], node.outputs[0])


@maps("Selu")
def selu(node):
    if node.attributes:
        raise LeftOut("alpha and gamma other than the published ones")
    return case([{"type": "activation", "activation": "selu"}], [floats(node.inputs[0])], node.outputs[0])


@maps("HardSigmoid")
def hard_sigmoid(node):
    alpha, beta = node.attribute("alpha", 0.2), node.attribute("beta", 0.5)
    if abs(alpha - 1 / 6) > 1e-6 or beta != 0.5:
        raise LeftOut("another slope than the 1/6 that Keras has")
    return case([{"type": "activation", "activation": "hard_sigmoid"}], [floats(node.inputs[0])], node.outputs[0])


@maps("Swish")
def swish(node):
    if node.attribute("alpha", 1.0) != 1.0:
        raise LeftOut("alpha other than 1")
    return case([{"type": "activation", "activation": "silu"}], [floats(node.inputs[0])], node.outputs[0])


@maps("ThresholdedRelu")
def thresholded_relu(node):
    layer = {"type": "relu", "threshold": node.attribute("alpha", 1.0)}
    return case([layer], [floats(node.inputs[0])], node.outputs[0])


@maps("Shrink")
def shrink(node):
    lambd, bias = node.attribute("lambd", 0.5), node.attribute("bias", 0.0)
    if lambd != 0.5 or bias not in (0.0, 0.5):
        raise LeftOut("a threshold other than the 0.5 of Keras' activations")
    name = "hard_shrink" if bias == 0.0 else "soft_shrink"
    return case([{"type": "activation", "activation": name}], [floats(node.inputs[0])], node.outputs[0])


@maps("PRelu")
def prelu(node):
    x, slope = rows(floats(node.inputs[0])), floats(node.inputs[1])
    slope = np.broadcast_to(slope, x.shape)
    if not (slope == slope[:1]).all():
        raise LeftOut("a slope for every row of the batch")
    return case([{"type": "prelu"}], [x], node.outputs[0], {"prelu/alpha": slope[0]})


@maps("Softmax", "LogSoftmax")
def softmax(node):
    x = floats(node.inputs[0])
    axis = node.attribute("axis", -1)
    axis = axis % x.ndim
    if axis == 0:
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
        raise LeftOut("one input: nothing is joined")
    if any(i.shape != inputs[0].shape for i in inputs):
        raise LeftOut("broadcasting over the batch")
    return case([{"type": JOINS[node.op]}], inputs, node.outputs[0])


@maps("Concat")
def concat(node):
    inputs = [floats(i) for i in node.inputs]
    axis = node.attribute("axis") % inputs[0].ndim
    if axis == 0:
        raise LeftOut("along the batch")
    return case([{"type": "concatenate", "axis": axis}], inputs, node.outputs[0])


@maps("Dropout")
def dropout(node):
    if len(node.inputs) > 2 and node.inputs[2] is not None and bool(node.inputs[2]):
        raise LeftOut("training: other random numbers")
    if len(node.outputs) > 1:
        raise LeftOut("the mask as an output")
    return case([{"type": "dropout", "rate": 0.5}], [floats(node.inputs[0])], node.outputs[0])
