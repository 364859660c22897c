"""Losses, as scores of a network that changes nothing, and steps of optimizers."""

import numpy as np

from .case import LeftOut, floats, maps


@maps("SoftmaxCrossEntropyLoss")
def cross_entropy(node):
    node.only("reduction", "ignore_index")
    if len(node.outputs) > 1:
        raise LeftOut("the logarithms of the probabilities as an output")
    if len(node.inputs) > 2 and node.inputs[2] is not None:
        raise LeftOut("class weights: ONNX divides by their sum, Keras by the number of rows")
    scores, labels = floats(node.inputs[0]), node.inputs[1]
    reduction = node.attribute("reduction", "mean")
    if reduction == "none":
        raise LeftOut("a loss for every place as the output")
    if scores.ndim > 3:
        raise LeftOut("more than one axis of places")
    loss = {"type": "sparse_categorical_crossentropy", "from_logits": True}
    counted = labels.size
    if "ignore_index" in node.attributes:
        ignored = node.attribute("ignore_index")
        counted = int((labels != ignored).sum())
        loss["ignore_class"] = ignored
        if ignored < 0 or ignored >= scores.shape[1]:
            raise LeftOut("an ignored class that is none of the classes")
    expected = float(np.asarray(node.outputs[0]).reshape(-1)[0])
    if reduction == "sum":
        expected /= counted
    x = np.moveaxis(scores, 1, -1)
    classes = scores.shape[1]
    target = {"classes": classes} if scores.ndim == 2 else {"sequence": {"classes": classes, "length": x.shape[1]}}
    return {
        "layers": [{"type": "activation", "activation": "linear"}],
        "input": list(x.shape[1:]),
        "rows": x.shape[0],
        "x": x.reshape(x.shape[0], -1),
        "y": labels.reshape(x.shape[0], -1).astype(np.float32),
        "target": target,
        "loss": loss,
        "output": np.array([[expected]], np.float32),
        "weights": {},
    }


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


@maps("Adagrad", "Adam")
def other_steps(node):
    raise LeftOut("the epsilon stands elsewhere in the formula, or the first step is counted otherwise, than in Keras")


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
