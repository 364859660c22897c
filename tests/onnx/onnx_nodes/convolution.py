"""Convolutions that go on with what they have seen before, and normalization by the numbers of the batch."""

import numpy as np

from .case import case, floats, last, maps


@maps("CausalConvWithState")
def with_state(node):
    """What came before stands in front of the steps; its last steps are what comes before the next."""
    node.only("activation")
    x, kernel = last(floats(node.inputs[0])), floats(node.inputs[1], "kernel")
    bias, before = ([*node.inputs, None, None])[2:4]
    size, channels = kernel.shape[2], x.shape[2]
    before = np.zeros((x.shape[0], size - 1, channels), np.float32) if before is None else last(floats(before, "state"))
    steps = np.concatenate([before, x], axis=1)
    activation = {"swish": "silu", "none": "linear"}.get(node.attribute("activation", "none"), node.attribute("activation", "none"))
    layer = {"type": "depthwise_conv1d", "name": "it", "kernel_size": size, "activation": activation, "use_bias": bias is not None}
    weights = {"it/kernel": np.moveaxis(kernel, 2, 0)} | ({"it/bias": floats(bias, "bias")} if bias is not None else {})
    made = case([layer], [steps], last(np.asarray(node.outputs[0])), weights)
    if size > 1:
        made["also"] = case([{"type": "cropping1d", "cropping": [steps.shape[1] - size + 1, 0]}], [steps], last(np.asarray(node.outputs[1])))
    return made


def batch_normalization_in_training(node):
    """Mean and variance of every channel are those of the batch, which is one row here; and how they move the statistics."""
    x, scale, bias, mean, variance = (floats(i) for i in node.inputs)
    channels, kept = x.shape[1], node.attribute("momentum", 0.9)
    flat = last(x).reshape(1, -1, channels)
    n = flat.shape[1]
    layer = {"type": "instance_normalization", "name": "it", "epsilon": node.attribute("epsilon", 1e-5)}
    made = case([layer], [flat], last(np.asarray(node.outputs[0])).reshape(1, n, channels), {"it/gamma": scale, "it/beta": bias})

    def moved(old):
        """old * momentum + x * (1 - momentum)"""
        kernel = np.eye(channels, dtype=np.float32) * np.float32(1 - kept)
        return {"name": "moved", "type": "dense", "units": channels}, {"moved/kernel": kernel, "moved/bias": old * np.float32(kept)}

    mix, weights = moved(mean)
    made["also"] = case([{"type": "global_average_pooling1d"}, mix], [flat], np.asarray(node.outputs[1])[None], weights)
    # The mean of the squares without the square of the mean.
    mix, weights = moved(variance)
    layers = [
        {"type": "multiply", "name": "squares", "inputs": ["input", "input"]},
        {"type": "global_average_pooling1d", "name": "of_squares"},
        {"type": "global_average_pooling1d", "name": "mean", "inputs": ["input"]},
        {"type": "multiply", "name": "square", "inputs": ["mean", "mean"]},
        {"type": "subtract", "inputs": ["of_squares", "square"]},
        mix,
    ]
    made["also"]["also"] = case(layers, [flat], np.asarray(node.outputs[2])[None], weights)
    return made

