"""Sums, means and extremes along axes, which are global pooling with a little arithmetic around it."""

import numpy as np

from .case import LeftOut, case, floats, maps

POOLS = {
    # The layers behind which the mean or the largest value is taken, and those after it; `n` is how many values there are.
    "ReduceMean": ([], "average", lambda n: []),
    "ReduceMax": ([], "max", lambda n: []),
    "ReduceMin": ([{"type": "rescaling", "scale": -1.0}], "max", lambda n: [{"type": "rescaling", "scale": -1.0}]),
    "ReduceSum": ([], "average", lambda n: [{"type": "rescaling", "scale": float(n)}]),
    # The magnitude of x is a leaky ReLU with slope -1.
    "ReduceL1": ([{"type": "leaky_relu", "negative_slope": -1.0}], "average", lambda n: [{"type": "rescaling", "scale": float(n)}]),
    "ReduceSumSquare": (
        [{"type": "multiply", "name": "square", "inputs": ["input", "input"]}],
        "average",
        lambda n: [{"type": "rescaling", "scale": float(n)}],
    ),
}


def reduced(node):
    """(rows, values that are reduced), and the outputs in that order."""
    x, y = floats(node.inputs[0]), np.asarray(node.outputs[0], np.float32)
    axes = node.inputs[1] if len(node.inputs) > 1 and node.inputs[1] is not None else node.attribute("axes")
    axes = [int(a) % x.ndim for a in np.asarray(axes).reshape(-1)] if axes is not None else []
    if not axes:
        if node.attribute("noop_with_empty_axes", 0):
            raise LeftOut("nothing is reduced")
        axes = list(range(x.ndim))
    kept = [a for a in range(x.ndim) if a not in axes]
    x = x.transpose(kept + axes)
    count = int(np.prod([x.shape[i] for i in range(len(kept))], dtype=int))
    return x.reshape(count, -1), y.reshape(count, 1)


@maps(*POOLS)
def pool(node):
    x, y = reduced(node)
    before, kind, after = POOLS[node.op]
    n = x.shape[1]
    layers = [*before, {"type": "reshape", "target_shape": [n, 1]}, {"type": f"global_{kind}_pooling1d"}, *after(n)]
    return case(layers, [x], y)


@maps("ReduceL2")
def length(node):
    """The product of x with itself at length 1 is its length."""
    x, y = reduced(node)
    layers = [{"type": "unit_normalization", "name": "unit"}, {"type": "dot", "axes": 1, "inputs": ["input", "unit"]}]
    return case(layers, [x], y)


@maps("ReduceProd")
def product(node):
    """Every value cropped out, and all of them multiplied."""
    x, y = reduced(node)
    n = x.shape[1]
    layers = [{"type": "reshape", "name": "steps", "target_shape": [n, 1]}]
    layers += [{"type": "cropping1d", "name": f"value{i}", "inputs": ["steps"], "cropping": [i, n - 1 - i]} for i in range(n)]
    return case([*layers, {"type": "multiply", "inputs": [f"value{i}" for i in range(n)]}], [x], y)


@maps("CumSum")
def cumulative(node):
    """A product with a triangle of ones."""
    x = floats(node.inputs[0])
    axis = int(node.inputs[1]) % x.ndim
    n = x.shape[axis]
    kernel = np.triu(np.ones((n, n), np.float32), 1 if node.attribute("exclusive", 0) else 0)
    if node.attribute("reverse", 0):
        kernel = kernel.T
    x, y = (np.moveaxis(it, axis, -1).reshape(-1, n) for it in (x, floats(node.outputs[0], "output")))
    return case([{"type": "dense", "units": n, "use_bias": False}], [x], y, {"dense/kernel": np.ascontiguousarray(kernel)})


@maps("ReduceLogSumExp")
def log_sum_exp(node):
    """x - log_softmax(x) is the same everywhere: the logarithm of the sum."""
    x, y = reduced(node)
    n = x.shape[1]
    layers = [
        {"type": "activation", "activation": "log_softmax"},
        {"type": "subtract", "inputs": ["input", "activation"]},
        {"type": "reshape", "target_shape": [n, 1]},
        {"type": "cropping1d", "cropping": [0, n - 1]},
    ]
    return case(layers, [x], y)


@maps("LpNormalization")
def lp_normalization(node):
    if node.attribute("p", 2) != 2:
        raise LeftOut("magnitudes that add up to 1, where Keras has squares")
    axis = node.attribute("axis", -1)
    x, y = (np.moveaxis(floats(it), axis, -1) for it in (node.inputs[0], node.outputs[0]))
    return case([{"type": "unit_normalization"}], [x.reshape(-1, x.shape[-1])], y.reshape(-1, y.shape[-1]))


@maps("MeanVarianceNormalization")
def mean_variance(node):
    axes = list(node.attribute("axes", [0, 2, 3]))
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    kept = [a for a in range(x.ndim) if a not in axes]
    x, y = (it.transpose(kept + axes).reshape(int(np.prod([it.shape[a] for a in kept])), -1) for it in (x, y))
    return case([{"type": "layer_normalization", "epsilon": 1e-9, "center": False, "scale": False}], [x], y)
