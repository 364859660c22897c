"""Losses, as scores of a network that changes nothing, and steps of optimizers."""

import numpy as np

from .case import LeftOut, case, floats, maps


@maps("SoftmaxCrossEntropyLoss")
def cross_entropy(node):
    """Every place is a row, with the weight of its class; what is ignored has none."""
    node.only("reduction", "ignore_index")
    scores, labels = floats(node.inputs[0]), np.asarray(node.inputs[1])
    classes = scores.shape[1]
    x = np.moveaxis(scores, 1, -1).reshape(-1, classes)
    y = labels.reshape(-1).astype(np.int64)
    of_classes = node.inputs[2] if len(node.inputs) > 2 and node.inputs[2] is not None else np.ones(classes, np.float32)
    ignored = y == node.attribute("ignore_index") if "ignore_index" in node.attributes else np.zeros(y.shape, bool)
    y = np.where(ignored, 0, y)
    weights = np.where(ignored, 0, of_classes[y]).astype(np.float32)
    output = np.asarray(node.outputs[0], np.float32).reshape(-1)
    reduction = node.attribute("reduction", "mean")
    made = {
        "layers": [{"type": "activation", "activation": "linear"}],
        "input": [classes],
        "rows": x.shape[0],
        "x": x,
        "y": y[:, None].astype(np.float32),
        "sample_weight": weights,
        "target": {"classes": classes},
        "loss": {"type": "sparse_categorical_crossentropy", "from_logits": True},
        "weights": {},
    }
    if reduction == "none":
        made["each"] = True
        made["output"] = output[:, None]
    else:
        # Ours divides by the number of rows, ONNX by nothing or by the sum of the weights.
        divisor = 1 if reduction == "sum" else weights.sum(dtype=np.float64)
        made["output"] = np.array([[output[0] * divisor / x.shape[0]]], np.float32)
    if len(node.outputs) > 1:
        logarithms = np.moveaxis(np.asarray(node.outputs[1], np.float32), 1, -1).reshape(-1, classes)
        made["also"] = case([{"type": "activation", "activation": "log_softmax"}], [x], logarithms)
    return made


@maps("NegativeLogLikelihoodLoss")
def likelihood(node):
    """Of every place minus the value of its class, times the weight of that class: a product with what counts of every class."""
    scores, labels = floats(node.inputs[0]), np.asarray(node.inputs[1])
    classes = scores.shape[1]
    x, y = np.moveaxis(scores, 1, -1).reshape(-1, classes), labels.reshape(-1).astype(np.int64)
    of_classes = node.inputs[2] if len(node.inputs) > 2 and node.inputs[2] is not None else np.ones(classes, np.float32)
    ignored = y == node.attribute("ignore_index") if "ignore_index" in node.attributes else np.zeros(y.shape, bool)
    y = np.where(ignored, 0, y)
    weights = np.where(ignored, 0, of_classes[y]).astype(np.float32)
    counts = np.eye(classes, dtype=np.float32)[y] * weights[:, None]
    output = np.asarray(node.outputs[0], np.float32).reshape(-1)
    scale = -1.0
    reduction = node.attribute("reduction", "mean")
    if reduction != "none":
        # All of it as one row.
        x, counts = x.reshape(1, -1), counts.reshape(1, -1)
        scale = -1.0 if reduction == "sum" else -1 / float(weights.sum(dtype=np.float64))
    layers = [{"type": "dot", "axes": 1}, {"type": "rescaling", "scale": scale}]
    return case(layers, [x, counts], output)


@maps("Momentum")
def momentum(node):
    if node.attribute("mode") == "nesterov" and float(node.inputs[1]) != 0:
        raise LeftOut("steps of ONNX' own count")
    count = (len(node.inputs) - 2) // 3
    rate, weights = float(node.inputs[0]), [floats(i) for i in node.inputs[2 : 2 + count]]
    gradients = [floats(i) for i in node.inputs[2 + count : 2 + 2 * count]]
    speeds = [floats(i) for i in node.inputs[2 + 2 * count : 2 + 3 * count]]
    if int(node.inputs[1]) != 0 and node.attribute("beta") != 1.0:
        raise LeftOut("a share of the gradient other than 1")
    w, g, v = (np.concatenate([i.reshape(-1) for i in them]) for them in (weights, gradients, speeds))
    norm = node.attribute("norm_coefficient")
    # ONNX adds norm * w to the gradient: the slope of norm / 2 * w^2.
    return step(
        w, g,
        {"type": "sgd", "learning_rate": rate, "momentum": node.attribute("alpha"), "nesterov": node.attribute("mode") == "nesterov"},
        {"momentum": -rate * v},
        np.concatenate([o.reshape(-1) for o in node.outputs[:count]]),
        {"type": "l2", "l2": norm / 2} if norm else None,
    )


@maps("Adagrad")
def adagrad(node):
    raise LeftOut("the epsilon stands elsewhere in the formula than in Keras")


@maps("Adam")
def adam(node):
    count = (len(node.inputs) - 2) // 4
    if int(node.inputs[1]) != 0 or node.attribute("norm_coefficient_post", 0.0):
        raise LeftOut("steps of ONNX' own count")
    groups = [[floats(i) for i in node.inputs[2 + part * count : 2 + (part + 1) * count]] for part in range(4)]
    w, g, m, v = (np.concatenate([i.reshape(-1) for i in them]) for them in groups)
    beta_1, beta_2, norm = node.attribute("alpha", 0.9), node.attribute("beta", 0.999), node.attribute("norm_coefficient", 0.0)
    # At its step 0 ONNX does not correct the averages for having begun at zero; Keras' first step does.
    rate = float(node.inputs[0]) * (1 - beta_1) / np.sqrt(1 - beta_2)
    optimizer = {"type": "adam", "learning_rate": rate, "beta_1": beta_1, "beta_2": beta_2, "epsilon": node.attribute("epsilon", 1e-6)}
    expected = np.concatenate([o.reshape(-1) for o in node.outputs[:count]])
    return step(w, g, optimizer, {"momentum": m, "velocity": v}, expected, {"type": "l2", "l2": norm / 2} if norm else None)


def step(w, gradient, optimizer, slots, expected, regularizer):
    """A network of one unit for every weight, whose mean squared error has just this gradient."""
    n = w.size
    layer = {"type": "dense", "units": n, "use_bias": False}
    if regularizer:
        layer["kernel_regularizer"] = regularizer
    return {
        "layers": [layer],
        "input": [1],
        "rows": 1,
        "x": np.ones((1, 1), np.float32),
        # d/dw of (w - y)^2 / n is the gradient.
        "y": (w - gradient * np.float32(n / 2))[None],
        "target": {"values": int(n)},
        "loss": "mean_squared_error",
        "optimizer": optimizer,
        "output": expected[None].astype(np.float32),
        "weights": {"dense/kernel": w[None], **{f"optimizer/dense/kernel/{name}": value[None] for name, value in slots.items()}},
    }
