"""Convolutions, pooling and normalization: channels go from second to last place."""

import numpy as np

from .case import LeftOut, case, floats, last, maps
from .convolution import batch_normalization_in_training

#: Channels do not see one another in pooling: the first one says as much as all, in less space.
POOLED_CHANNELS = 1


def padding_of(node, spatial, kernel, strides, dilations):
    """Keras' word for the padding, or explicit zeros before it as a layer."""
    auto = node.attribute("auto_pad", "NOTSET")
    pads = list(node.attribute("pads", [0] * 2 * len(spatial)))
    n = len(spatial)
    if auto == "VALID" or (auto == "NOTSET" and not any(pads)):
        return "valid", None
    same = []
    for size, k, s, d in zip(spatial, kernel, strides, dilations):
        out = -(-size // s)
        total = max(0, (out - 1) * s + (k - 1) * d + 1 - size)
        same.append((total // 2, total - total // 2))
    if auto == "SAME_UPPER" or [p for p, _ in same] + [p for _, p in same] == pads:
        return "same", None
    if auto == "SAME_LOWER":
        pads = [b for _, b in same] + [a for a, _ in same]
    return "valid", [[pads[i], pads[n + i]] for i in range(n)]


def spatial_case(name, arguments, x, y, weights=None, zeros=None):
    n = x.ndim - 2
    if n not in (1, 2):
        raise LeftOut(f"{n} spatial axes")
    dimension = f"{n}d"
    layers = []
    if zeros is not None:
        layers.append({"type": f"zero_padding{dimension}", "padding": zeros if n == 2 else zeros[0]})
    layers.append({"type": f"{name}{dimension}" if name.endswith(("conv", "pooling")) else name.replace("#", dimension), **arguments})
    prefix = layers[-1]["type"]
    named = {f"{prefix}/{key}": value for key, value in (weights or {}).items()}
    return case(layers, [last(x)], last(y), named)


@maps("Conv")
def conv(node):
    x, w = floats(node.inputs[0]), floats(node.inputs[1], "kernel")
    b = node.inputs[2] if len(node.inputs) > 2 else None
    n = x.ndim - 2
    strides, dilations = list(node.attribute("strides", [1] * n)), list(node.attribute("dilations", [1] * n))
    padding, zeros = padding_of(node, x.shape[2:], w.shape[2:], strides, dilations)
    arguments = {
        "filters": w.shape[0], "kernel_size": list(w.shape[2:]), "strides": strides, "dilation_rate": dilations,
        "groups": node.attribute("group", 1), "padding": padding, "use_bias": b is not None,
    }
    if n == 1:
        for key in ("kernel_size", "strides", "dilation_rate"):
            arguments[key] = arguments[key][0]
    kernel = np.moveaxis(w, (0, 1), (-1, -2))
    weights = {"kernel": kernel, **({"bias": b} if b is not None else {})}
    return spatial_case("conv", arguments, x, node.outputs[0], weights, zeros)


@maps("ConvTranspose")
def conv_transpose(node):
    x, w = floats(node.inputs[0]), floats(node.inputs[1], "kernel")
    n = x.ndim - 2
    if node.attribute("group", 1) != 1:
        raise LeftOut("groups, which Keras' transposed layers do not have")
    if n not in (1, 2):
        raise LeftOut(f"{n} spatial axes")
    y = floats(node.outputs[0], "output")
    strides, dilations = list(node.attribute("strides", [1] * n)), list(node.attribute("dilations", [1] * n))
    reach = [(k - 1) * d + 1 for k, d in zip(w.shape[2:], dilations)]
    bare = [(size - 1) * s + r for size, s, r in zip(x.shape[2:], strides, reach)]
    # Keras' "valid" gives at least a whole stride for every input.
    full = [max(b, size * s) for b, size, s in zip(bare, x.shape[2:], strides)]
    # ONNX' padding is what is taken off at the ends.
    pads = list(node.attribute("pads", [0] * 2 * n))
    missing = [b - out for b, out in zip(bare, y.shape[2:])]
    if node.attribute("auto_pad", "NOTSET") == "SAME_UPPER":
        pads = [m // 2 for m in missing] + [m - m // 2 for m in missing]
    elif "output_shape" in node.attributes:
        pads = [max(m, 0) // 2 for m in missing] + [m - max(m, 0) // 2 for m in missing]
    starts, sizes = pads[:n], list(y.shape[2:])
    cuts = [[a, f - a - size] for a, f, size in zip(starts, full, sizes)]
    arguments = {"filters": w.shape[1], "kernel_size": list(w.shape[2:]), "strides": strides, "dilation_rate": dilations, "use_bias": False}
    if n == 1:
        arguments.update(kernel_size=w.shape[2], strides=strides[0], dilation_rate=dilations[0])
    kernel = np.moveaxis(w, (0, 1), (-1, -2))
    name = f"conv{n}d_transpose"
    layers = [{"type": name, **arguments}]
    less, more = ([[max(sign * it, 0) for it in ends] for ends in cuts] for sign in (1, -1))
    if np.any(less):
        layers.append({"type": f"cropping{n}d", "cropping": less if n == 2 else less[0]})
    if np.any(more):
        layers.append({"type": f"zero_padding{n}d", "padding": more if n == 2 else more[0]})
    return case(layers, [last(x)], last(y), {f"{name}/kernel": kernel})


@maps("MaxPool", "AveragePool")
def pool(node):
    if len(node.outputs) > 1:
        raise LeftOut("the places of the largest values as an output")
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    n = x.ndim - 2
    kernel = list(node.attribute("kernel_shape"))
    strides, dilations = list(node.attribute("strides", [1] * n)), list(node.attribute("dilations", [1] * n))
    if any(d != 1 for d in dilations):
        raise LeftOut("dilated pooling, which Keras has not")
    is_mean = node.op == "AveragePool"
    if node.attribute("ceil_mode", 0) and is_mean:
        raise LeftOut("sizes rounded up")
    padding, zeros = padding_of(node, x.shape[2:], kernel, strides, dilations)
    if padding == "same" and is_mean and node.attribute("count_include_pad", 0):
        padding, zeros = "valid", [[node.attribute("pads")[i], node.attribute("pads")[n + i]] for i in range(n)]
    if zeros is not None and is_mean and not node.attribute("count_include_pad", 0):
        raise LeftOut("padding that is neither valid nor same and not counted")
    if node.attribute("ceil_mode", 0) and padding == "valid":
        # As many more at the end as the last window needs.
        zeros = zeros or [[0, 0]] * n
        reach = [(out - 1) * s + k for out, s, k in zip(y.shape[2:], strides, kernel)]
        zeros = [[a, max(b, r - size - a)] for (a, b), r, size in zip(zeros, reach, x.shape[2:])]
    # Where nothing is below zero, zeros around a picture are not among the largest values.
    lift = float(-x.min()) if zeros is not None and not is_mean and x.min() < 0 else 0.0
    if lift:
        x, y = x + np.float32(lift), y + np.float32(lift)
    arguments = {"pool_size": kernel if n > 1 else kernel[0], "strides": strides if n > 1 else strides[0], "padding": padding}
    name = "max_pooling" if node.op == "MaxPool" else "average_pooling"
    return spatial_case(name, arguments, x[:1, :POOLED_CHANNELS], y[:1, :POOLED_CHANNELS], zeros=zeros)


@maps("GlobalAveragePool", "GlobalMaxPool")
def global_pool(node):
    x, y = floats(node.inputs[0]), floats(node.outputs[0], "output")
    name = "global_average_pooling#" if node.op == "GlobalAveragePool" else "global_max_pooling#"
    return spatial_case(name, {"keepdims": True}, x, y)


@maps("BatchNormalization")
def batch_normalization(node):
    if node.attribute("training_mode", 0):
        return batch_normalization_in_training(node)
    x, scale, bias, mean, variance = (floats(i) for i in node.inputs)
    weights = {"gamma": scale, "beta": bias, "moving_mean": mean, "moving_variance": variance}
    arguments = {"epsilon": node.attribute("epsilon", 1e-5)}
    named = {f"batch_normalization/{key}": value for key, value in weights.items()}
    return case([{"type": "batch_normalization", **arguments}], [last(x)], last(node.outputs[0]), named)


@maps("InstanceNormalization")
def instance_normalization(node):
    x, scale, bias = (floats(i) for i in node.inputs)
    weights = {"instance_normalization/gamma": scale, "instance_normalization/beta": bias}
    layer = {"type": "instance_normalization", "epsilon": node.attribute("epsilon", 1e-5)}
    return case([layer], [last(x)], last(node.outputs[0]), weights)


@maps("GroupNormalization")
def group_normalization(node):
    x, scale, bias = (floats(i) for i in node.inputs)
    if scale.size != x.shape[1]:
        raise LeftOut("one scale for a group")
    weights = {"group_normalization/gamma": scale, "group_normalization/beta": bias}
    layer = {"type": "group_normalization", "groups": node.attribute("num_groups"), "epsilon": node.attribute("epsilon", 1e-5)}
    return case([layer], [last(x)], last(node.outputs[0]), weights)


@maps("LayerNormalization", "RMSNormalization")
def layer_normalization(node):
    x, scale = floats(node.inputs[0]), floats(node.inputs[1], "scale")
    axis = node.attribute("axis", -1) % x.ndim
    y = node.outputs[0]
    if axis == 0:
        # All of it as one row.
        x, y, axis = x[None], y[None], 1
    is_layer = node.op == "LayerNormalization"
    name = "layer_normalization" if is_layer else "rms_normalization"
    axes = [a - x.ndim for a in range(axis, x.ndim)]
    weights = {f"{name}/{'gamma' if is_layer else 'scale'}": scale}
    layer = {"type": name, "epsilon": node.attribute("epsilon", 1e-5), "axis": axes if len(axes) > 1 else -1}
    if is_layer:
        bias = node.inputs[2] if len(node.inputs) > 2 else None
        layer["center"] = bias is not None
        if bias is not None:
            weights[f"{name}/beta"] = bias
    return case([layer], [x], y, weights)
