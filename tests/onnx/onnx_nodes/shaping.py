"""Layers that move values, and products."""

import numpy as np

from .case import LeftOut, case, floats, maps, rows


@maps("Flatten")
def flatten(node):
    x = floats(node.inputs[0])
    if node.attribute("axis", 1) % x.ndim != 1:
        raise LeftOut("another axis than the one behind the batch")
    return case([{"type": "flatten"}], [x], node.outputs[0])


@maps("Reshape")
def reshape(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    if x.shape[0] != y.shape[0] or y.ndim < 2:
        raise LeftOut("the batch is reshaped too")
    return case([{"type": "reshape", "target_shape": list(y.shape[1:])}], [x], y)


@maps("Transpose")
def transpose(node):
    x = floats(node.inputs[0])
    perm = list(node.attribute("perm", reversed(range(x.ndim))))
    if perm[0] != 0:
        raise LeftOut("the batch is moved")
    return case([{"type": "permute", "dims": perm[1:]}], [x], node.outputs[0])


@maps("Pad")
def pad(node):
    node.only("mode")
    if node.attribute("mode", "constant") != "constant":
        raise LeftOut("padding other than zeros")
    x = floats(node.inputs[0])
    if len(node.inputs) > 2 and node.inputs[2] is not None and float(np.asarray(node.inputs[2]).reshape(-1)[0]) != 0.0:
        raise LeftOut("padding other than zeros")
    if len(node.inputs) > 3 and node.inputs[3] is not None:
        raise LeftOut("axes given apart")
    pads = np.asarray(node.inputs[1]).tolist()
    begin, end = pads[: x.ndim], pads[x.ndim :]
    if x.ndim != 4 or begin[0] or end[0] or begin[1] or end[1] or min(pads) < 0:
        raise LeftOut("padding of the batch or the channels")
    layer = {"type": "zero_padding2d", "padding": [[begin[2], end[2]], [begin[3], end[3]]]}
    return case([layer], [np.moveaxis(x, 1, -1)], np.moveaxis(node.outputs[0], 1, -1))


@maps("Resize", "Upsample")
def resize(node):
    x = floats(node.inputs[0])
    mode = node.attribute("mode", "nearest")
    y = floats(node.outputs[0], "output")
    if x.ndim != 4 or any(b % a for a, b in zip(x.shape, y.shape)) or x.shape[:2] != y.shape[:2]:
        raise LeftOut("not a whole multiple of a picture's size")
    if mode != "nearest" or node.attribute("coordinate_transformation_mode", "half_pixel") not in ("half_pixel", "asymmetric"):
        raise LeftOut("another interpolation than Keras'")
    if "ceil" in node.attribute("nearest_mode", "round_prefer_floor"):
        raise LeftOut("another interpolation than Keras'")
    size = [y.shape[2] // x.shape[2], y.shape[3] // x.shape[3]]
    return case([{"type": "up_sampling2d", "size": size}], [np.moveaxis(x, 1, -1)], np.moveaxis(y, 1, -1))


@maps("Gather")
def gather(node):
    data, indices = node.inputs
    if node.attribute("axis", 0) != 0:
        raise LeftOut("along another axis than that of an embedding")
    data = floats(data, "table")
    if data.ndim != 2 and indices.ndim < 1:
        raise LeftOut("not a table of rows")
    data = data.reshape(data.shape[0], -1)
    indices = np.where(indices < 0, indices + data.shape[0], indices)
    layer = {"type": "embedding", "input_dim": data.shape[0], "output_dim": data.shape[1]}
    x = rows(indices.astype(np.float32))
    return case([layer], [x], np.asarray(node.outputs[0]).reshape(x.shape[0], -1), {"embedding/embeddings": data})


@maps("Gemm")
def gemm(node):
    a, b = floats(node.inputs[0]), floats(node.inputs[1])
    c = node.inputs[2] if len(node.inputs) > 2 else None
    if node.attribute("alpha", 1.0) != 1.0 or (c is not None and node.attribute("beta", 1.0) != 1.0):
        raise LeftOut("scaled")
    a = a.T if node.attribute("transA", 0) else a
    b = b.T if node.attribute("transB", 0) else b
    weights = {"dense/kernel": b}
    if c is not None:
        bias = np.broadcast_to(c, (a.shape[0], b.shape[1]))
        if not (bias == bias[:1]).all():
            raise LeftOut("a bias for every row of the batch")
        weights["dense/bias"] = bias[0]
    return case([{"type": "dense", "units": b.shape[1], "use_bias": c is not None}], [a], node.outputs[0], weights)


@maps("MatMul")
def matmul(node):
    a, b = floats(node.inputs[0]), floats(node.inputs[1])
    if a.ndim == 2 and b.ndim == 2:
        layer = {"type": "dense", "units": b.shape[1], "use_bias": False}
        return case([layer], [a], node.outputs[0], {"dense/kernel": b})
    if a.ndim == b.ndim == 3:
        return case([{"type": "dot", "axes": [2, 1]}], [a, b], node.outputs[0])
    raise LeftOut("other than a batch of rows or of matrices")


@maps("Einsum")
def einsum(node):
    equation = node.attribute("equation").replace(" ", "")
    if equation == "bij,bjk->bik":
        return case([{"type": "dot", "axes": [2, 1]}], [floats(i) for i in node.inputs], node.outputs[0])
    raise LeftOut("no weights and no batch of matrices")
