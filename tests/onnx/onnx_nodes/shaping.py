"""Layers that move values, and products."""

import numpy as np

from .case import LeftOut, case, floats, maps, rows


@maps("Flatten")
def flatten(node):
    x = floats(node.inputs[0])
    if node.attribute("axis", 1) % x.ndim != 1:
        return whole([{"type": "reshape", "target_shape": list(node.outputs[0].shape)}], x, node.outputs[0])
    return case([{"type": "flatten"}], [x], node.outputs[0])


def whole(layers, x, y, weights=None):
    """All of it as one row, where the first axis has a part in what is done."""
    return case(layers, [np.asarray(x)[None]], np.asarray(y)[None], weights)


@maps("Reshape")
def reshape(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    if x.shape[0] != y.shape[0] or y.ndim < 2:
        return whole([{"type": "reshape", "target_shape": list(y.shape)}], x, y)
    return case([{"type": "reshape", "target_shape": list(y.shape[1:])}], [x], y)


@maps("Transpose")
def transpose(node):
    x = floats(node.inputs[0])
    perm = list(node.attribute("perm", reversed(range(x.ndim))))
    if perm[0] != 0:
        return whole([{"type": "permute", "dims": [p + 1 for p in perm]}], x, node.outputs[0])
    return case([{"type": "permute", "dims": perm[1:]}], [x], node.outputs[0])


@maps("Pad")
def pad(node):
    node.only("mode")
    if node.attribute("mode", "constant") != "constant":
        raise LeftOut("padding other than zeros")
    x = floats(node.inputs[0])
    value = float(np.asarray(node.inputs[2]).reshape(-1)[0]) if len(node.inputs) > 2 and node.inputs[2] is not None else 0.0
    axes = node.inputs[3] if len(node.inputs) > 3 and node.inputs[3] is not None else range(x.ndim)
    axes = [int(a) % x.ndim for a in axes]
    pads = np.asarray(node.inputs[1]).tolist()
    ends = {axis: [pads[i], pads[len(axes) + i]] for i, axis in enumerate(axes)}
    padded = [axis for axis in axes if any(ends[axis])]
    if len(padded) > 2 or min(pads) < 0:
        raise LeftOut("padding of more than two axes")
    # The padded axes, whichever they are, as height and width of one picture.
    padded = (padded + [axis for axis in range(x.ndim) if axis not in padded])[:2]
    x, y = (np.moveaxis(it, padded, (0, 1)) for it in (x, floats(node.outputs[0], "output")))
    layers = [{"type": "zero_padding2d", "padding": [ends.get(axis, [0, 0]) for axis in padded]}]
    if value:
        layers = [{"type": "rescaling", "scale": 1.0, "offset": -value}, *layers, {"type": "rescaling", "scale": 1.0, "offset": value}]
    return whole(layers, x.reshape(*x.shape[:2], -1), y.reshape(*y.shape[:2], -1))


@maps("Squeeze", "Unsqueeze")
def squeeze(node):
    return whole([{"type": "reshape", "target_shape": list(node.outputs[0].shape)}], floats(node.inputs[0]), node.outputs[0])


@maps("Tile")
def tile(node):
    """The same side by side, along one axis after the other."""
    x, layers, before = floats(node.inputs[0]), [], "input"
    for axis, times in enumerate(np.asarray(node.inputs[1]).tolist(), 1):
        if times > 1:
            layers.append({"type": "concatenate", "name": f"along{axis}", "axis": axis, "inputs": [before] * times})
            before = f"along{axis}"
    return whole(layers, x, node.outputs[0])


@maps("CenterCropPad")
def center(node):
    """The middle of what is too long, zeros around what is too short; of an odd number the larger half is behind."""
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    changed = [axis for axis in range(x.ndim) if x.shape[axis] != y.shape[axis]]
    if len(changed) > 2:
        raise LeftOut("more than two axes")
    moved = (changed + [axis for axis in range(x.ndim) if axis not in changed])[:2]
    halves = [(abs(off) // 2, abs(off) - abs(off) // 2) for off in (x.shape[a] - y.shape[a] for a in moved)]
    crops = [list(half) if x.shape[a] > y.shape[a] else [0, 0] for a, half in zip(moved, halves)]
    pads = [list(half) if x.shape[a] < y.shape[a] else [0, 0] for a, half in zip(moved, halves)]
    layers = [{"type": "cropping2d", "cropping": crops}, {"type": "zero_padding2d", "padding": pads}]
    x, y = (np.moveaxis(it, moved, (0, 1)) for it in (x, y))
    return whole(layers, x.reshape(*x.shape[:2], -1), y.reshape(*y.shape[:2], -1))


def cropped(x, axis, parts):
    """Parts of an axis, each cropped out of the whole, side by side."""
    x = np.moveaxis(x, axis, 0)
    n = x.shape[0]
    names = [f"part{i}" for i in range(len(parts))]
    layers = [{"type": "reshape", "name": "lines", "target_shape": [n, int(x.size // n)]}]
    for name, (start, end) in zip(names, parts):
        layers.append({"type": "cropping1d", "name": name, "inputs": ["lines"], "cropping": [start, n - end]})
    if len(parts) > 1:
        layers.append({"type": "concatenate", "axis": 1, "inputs": names})
    return layers, x


@maps("Split")
def split(node):
    x = floats(node.inputs[0])
    axis = node.attribute("axis", 0) % x.ndim
    ends = np.cumsum([output.shape[axis] for output in node.outputs]).tolist()
    parts = list(zip([0, *ends], ends))
    if any(start == end for start, end in parts):
        raise LeftOut("parts without values")
    layers, x = cropped(x, axis, parts)
    return whole(layers, x, np.concatenate([np.moveaxis(output, axis, 0) for output in node.outputs]))


@maps("Slice")
def cut(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    starts, ends = (np.asarray(it).tolist() for it in node.inputs[1:3])
    axes = [int(a) % x.ndim for a in (node.inputs[3] if len(node.inputs) > 3 and node.inputs[3] is not None else range(len(starts)))]
    steps = np.asarray(node.inputs[4]).tolist() if len(node.inputs) > 4 and node.inputs[4] is not None else [1] * len(axes)
    if any(step != 1 for step in steps):
        raise LeftOut("steps over some")
    kept = {axis: slice(*slice(start, end).indices(x.shape[axis])) for axis, start, end in zip(axes, starts, ends)}
    moved = [axis for axis, it in kept.items() if (it.start, it.stop) != (0, x.shape[axis])]
    if len(moved) > 2:
        raise LeftOut("more than two axes")
    moved = (moved + [axis for axis in range(x.ndim) if axis not in moved])[:2]
    margins = [[kept[a].start, x.shape[a] - kept[a].stop] if a in kept else [0, 0] for a in moved]
    x, y = (np.moveaxis(it, moved, (0, 1)) for it in (x, y))
    return whole([{"type": "cropping2d", "cropping": margins}], x.reshape(*x.shape[:2], -1), y.reshape(*y.shape[:2], -1))


@maps("DepthToSpace")
def depth_to_space(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    (b, c, h, w), size = x.shape, node.attribute("blocksize")
    inner = c // size**2
    is_first = node.attribute("mode", "DCR") == "DCR"
    shape = [size, size, inner, h, w] if is_first else [inner, size, size, h, w]
    dims = [3, 4, 1, 5, 2] if is_first else [1, 4, 2, 5, 3]
    layers = [{"type": "reshape", "target_shape": shape}, {"type": "permute", "dims": dims}, {"type": "reshape", "target_shape": list(y.shape[1:])}]
    return case(layers, [x], y)


@maps("SpaceToDepth")
def space_to_depth(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    (b, c, h, w), size = x.shape, node.attribute("blocksize")
    shape = [c, h // size, size, w // size, size]
    dims = [1, 3, 5, 2, 4] if node.attribute("mode", "DCR") == "CRD" else [3, 5, 1, 2, 4]
    layers = [{"type": "reshape", "target_shape": shape}, {"type": "permute", "dims": dims}, {"type": "reshape", "target_shape": list(y.shape[1:])}]
    return case(layers, [x], y)


@maps("OneHot")
def one_hot(node):
    """A table of rows that are all off but for one number."""
    indices, depth, (off, on) = np.asarray(node.inputs[0]), int(np.asarray(node.inputs[1]).reshape(-1)[0]), node.inputs[2]
    y = np.asarray(node.outputs[0], np.float32)
    if ((indices < -depth) | (indices >= depth)).any():
        raise LeftOut("numbers beyond the table")
    table = np.full((depth, depth), off, np.float32) + np.eye(depth, dtype=np.float32) * np.float32(on - off)
    indices = np.where(indices < 0, indices + depth, indices).astype(np.float32)
    axis = node.attribute("axis", -1)
    layer = {"type": "embedding", "input_dim": depth, "output_dim": depth}
    return case([layer], [rows(indices)], np.moveaxis(y, axis, -1), {"embedding/embeddings": table})


@maps("Resize", "Upsample")
def resize(node):
    x = floats(node.inputs[0])
    mode = node.attribute("mode", "nearest")
    y = floats(node.outputs[0], "output")
    if x.ndim != 4 or any(b % a for a, b in zip(x.shape, y.shape)) or x.shape[:2] != y.shape[:2]:
        raise LeftOut("not a whole multiple of a picture's size")
    size = [y.shape[2] // x.shape[2], y.shape[3] // x.shape[3]]
    is_centred = node.attribute("coordinate_transformation_mode", "half_pixel") == "half_pixel"
    is_keys = node.attribute("cubic_coeff_a", -0.75) == -0.5 and node.attribute("exclude_outside", 0)
    smooth = {"linear": "bilinear", "cubic": "bicubic" if is_keys else None}.get(mode)
    if smooth and is_centred and not node.attribute("antialias", 0):
        layer = {"type": "up_sampling2d", "size": size, "interpolation": smooth}
        return case([layer], [np.moveaxis(x, 1, -1)], np.moveaxis(y, 1, -1))
    if mode != "nearest" or node.attribute("coordinate_transformation_mode", "half_pixel") not in ("half_pixel", "asymmetric"):
        raise LeftOut("another interpolation than Keras'")
    if "ceil" in node.attribute("nearest_mode", "round_prefer_floor"):
        raise LeftOut("another interpolation than Keras'")
    return case([{"type": "up_sampling2d", "size": size}], [np.moveaxis(x, 1, -1)], np.moveaxis(y, 1, -1))


@maps("Gather")
def gather(node):
    data, indices = node.inputs
    axis = node.attribute("axis", 0)
    data = np.moveaxis(floats(data, "table"), axis, 0)
    if data.ndim != 2 and indices.ndim < 1:
        raise LeftOut("not a table of rows")
    data = data.reshape(data.shape[0], -1)
    indices = np.where(indices < 0, indices + data.shape[0], indices)
    layer = {"type": "embedding", "input_dim": data.shape[0], "output_dim": data.shape[1]}
    x = rows(indices.astype(np.float32))
    # The axes of the indices stand where the axis was that they name.
    y = np.moveaxis(node.outputs[0], range(axis, axis + indices.ndim), range(indices.ndim))
    return case([layer], [x], y.reshape(x.shape[0], -1), {"embedding/embeddings": data})


@maps("Gemm")
def gemm(node):
    a, b = floats(node.inputs[0]), floats(node.inputs[1])
    c = node.inputs[2] if len(node.inputs) > 2 else None
    a = a.T if node.attribute("transA", 0) else a
    # Both factors are those of what goes into weights.
    b = (b.T if node.attribute("transB", 0) else b) * np.float32(node.attribute("alpha", 1.0))
    c = None if c is None else c * np.float32(node.attribute("beta", 1.0))
    weights = {"dense/kernel": b}
    if c is not None:
        bias = np.broadcast_to(c, (a.shape[0], b.shape[1]))
        if not (bias == bias[:1]).all():
            layers = [{"type": "dense", "name": "product", "units": b.shape[1], "use_bias": False, "inputs": ["a"]}, {"type": "add", "inputs": ["product", "b"]}]
            return case(layers, [a, bias], node.outputs[0], {"product/kernel": b})
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
    # Vectors are matrices of one row or column; what is less is repeated.
    a2 = a[None] if a.ndim == 1 else a
    b2 = b[:, None] if b.ndim == 1 else b
    leading = np.broadcast_shapes(a2.shape[:-2], b2.shape[:-2])
    a3 = np.broadcast_to(a2, (*leading, *a2.shape[-2:])).reshape(-1, *a2.shape[-2:])
    b3 = np.broadcast_to(b2, (*leading, *b2.shape[-2:])).reshape(-1, *b2.shape[-2:])
    y = np.asarray(node.outputs[0], np.float32).reshape(a3.shape[0], a3.shape[1], b3.shape[2])
    return case([{"type": "dot", "axes": [2, 1]}], [a3, b3], y)


@maps("Einsum")
def einsum(node):
    equation = node.attribute("equation").replace(" ", "")
    if equation == "bij,bjk->bik":
        return case([{"type": "dot", "axes": [2, 1]}], [floats(i) for i in node.inputs], node.outputs[0])
    if equation == "ij->ji":
        return whole([{"type": "permute", "dims": [2, 1]}], floats(node.inputs[0]), node.outputs[0])
    if equation == "i,i":
        inputs = [floats(i)[None] for i in node.inputs]
        return case([{"type": "dot", "axes": 1}], inputs, np.asarray(node.outputs[0], np.float32).reshape(1, 1))
    if equation == "ij->i":
        x = floats(node.inputs[0])
        layers = [{"type": "reshape", "target_shape": [x.shape[1], 1]}, {"type": "global_average_pooling1d"}, {"type": "rescaling", "scale": float(x.shape[1])}]
        return case(layers, [x], np.asarray(node.outputs[0], np.float32))
    raise LeftOut("a diagonal")
