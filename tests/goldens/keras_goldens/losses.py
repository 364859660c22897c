"""Each loss on probabilities and on logits, with saturated rows among the others; several steps, smoothing, weights of its own."""

import numpy as np

from .record import case, labels, rows, training, values

SEQUENCE = {"sequence": {"classes": 3, "length": 4}}


def network(units: int, activation: str, *more: dict) -> dict:
    last = {"type": "dense", "units": units} | ({"activation": activation} if activation != "linear" else {})
    return {"layers": [{"type": "dense", "units": 5, "activation": "tanh"}, last, *more]}


def cases():
    x = rows(80, 15, (4,))
    # A few rows far out make errors beyond huber's delta and logits of several units.
    x[::5] *= 4
    yield from regression(x)
    yield from yes_or_no(x)
    yield from classes(x)
    yield from sequences()
    yield from weighted(x)
    yield from reductions(x)


def noted(name, model, loss, x, y, target, seed, **more) -> dict:
    return case(name, model, training(loss), x, y, target, seed=seed, steps=10, scores=True, **more)


def regression(x):
    of_numbers = {
        "mean_squared_error": "mean_squared_error",
        "mean_absolute_error": "mean_absolute_error",
        "huber": "huber",
        "huber_delta": {"type": "huber", "delta": 0.3},
        "log_cosh": "log_cosh",
        "cosine_similarity": "cosine_similarity",
    }
    for seed, (name, loss) in enumerate(of_numbers.items(), 80):
        y = values(seed, 15, 3) * 2
        yield noted(name, network(3, "linear"), loss, x, y, {"values": 3}, seed)
    # Percentages of targets near 0 are of any size: these are away from it.
    y = np.sign(values(86, 15, 3)) * (4 + np.abs(values(87, 15, 3)))
    yield case(
        "mean_absolute_percentage_error", network(3, "linear"), training("mean_absolute_percentage_error", {"type": "sgd", "learning_rate": 0.001}),
        x, y, {"values": 3}, seed=86, steps=10, scores=True,
    )
    y = np.abs(values(88, 15, 3)) * 2
    yield noted("mean_squared_logarithmic_error", network(3, "softplus"), "mean_squared_logarithmic_error", x, y, {"values": 3}, 88)
    yield noted("poisson", network(3, "softplus"), "poisson", x, np.floor(y), {"values": 3}, 89)


def yes_or_no(x):
    y = labels(85, 15, 2)
    for name, activation, loss in [
        ("binary_crossentropy", "sigmoid", "binary_crossentropy"),
        ("binary_crossentropy_from_logits", "linear", {"type": "binary_crossentropy", "from_logits": True}),
        ("binary_crossentropy_smoothed", "sigmoid", {"type": "binary_crossentropy", "label_smoothing": 0.2}),
        ("binary_focal_crossentropy", "sigmoid", "binary_focal_crossentropy"),
        (
            "binary_focal_crossentropy_balanced",
            "linear",
            {"type": "binary_focal_crossentropy", "apply_class_balancing": True, "gamma": 1.5, "label_smoothing": 0.1, "from_logits": True},
        ),
        ("hinge", "linear", "hinge"),
        ("squared_hinge", "tanh", "squared_hinge"),
        ("dice_binary", "sigmoid", "dice"),
    ]:
        yield probabilities(noted(name, network(1, activation), loss, x, y, "binary", 85), loss)
    # Probabilities that do not come straight from a sigmoid.
    model = network(2, "sigmoid", {"type": "flatten"})
    y = np.concatenate([labels(90, 15, 2), labels(91, 15, 2)], axis=1)
    yield noted("binary_crossentropy_on_probabilities", model, "binary_crossentropy", x, y, {"values": 2}, 90)


def classes(x):
    y = labels(86, 15, 4)
    for name, activation, loss in [
        ("categorical_crossentropy", "softmax", "categorical_crossentropy"),
        ("categorical_crossentropy_from_logits", "linear", {"type": "categorical_crossentropy", "from_logits": True}),
        ("categorical_crossentropy_smoothed", "softmax", {"type": "categorical_crossentropy", "label_smoothing": 0.3}),
        ("categorical_focal_crossentropy", "softmax", "categorical_focal_crossentropy"),
        (
            "categorical_focal_crossentropy_from_logits",
            "linear",
            {"type": "categorical_focal_crossentropy", "alpha": 0.6, "gamma": 1.5, "from_logits": True, "label_smoothing": 0.1},
        ),
        (
            "categorical_focal_crossentropy_of_classes",
            "softmax",
            {"type": "categorical_focal_crossentropy", "alpha": [0.2, 1.5, 0.6, 1.0], "label_smoothing": 0.1},
        ),
        ("sparse_categorical_crossentropy", "softmax", "sparse_categorical_crossentropy"),
        ("sparse_categorical_crossentropy_from_logits", "linear", {"type": "sparse_categorical_crossentropy", "from_logits": True}),
        ("categorical_generalized_cross_entropy", "softmax", "categorical_generalized_cross_entropy"),
        ("categorical_generalized_cross_entropy_q", "softmax", {"type": "categorical_generalized_cross_entropy", "q": 0.9}),
        ("kl_divergence", "softmax", "kl_divergence"),
        ("categorical_hinge", "linear", "categorical_hinge"),
        ("cosine_similarity_classes", "linear", "cosine_similarity"),
        ("tversky_each", "softmax", {"type": "tversky", "alpha": 0.3, "beta": 0.8, "axis": [1]}),
        ("circle", "tanh", {"type": "circle", "gamma": 3.0}),
        ("circle_with_itself", "tanh", {"type": "circle", "gamma": 2.0, "margin": 0.25, "remove_diagonal": False}),
    ]:
        yield probabilities(noted(name, network(4, activation), loss, x, y, {"classes": 4}, 86), loss)
    # Probabilities that do not come straight from a softmax, and such that do not add up to one.
    for name, activation in [("on_probabilities", "softmax"), ("on_sigmoids", "sigmoid")]:
        model = network(4, activation, {"type": "flatten"})
        yield noted(f"sparse_categorical_crossentropy_{name}", model, "sparse_categorical_crossentropy", x, y, {"classes": 4}, 92)
    y = rows(93, 15, (4,))
    y = np.exp(y) / np.exp(y).sum(axis=1, keepdims=True)
    yield noted("kl_divergence_of_shares", network(4, "softmax"), "kl_divergence", x, y, {"values": 4}, 93)


def sequences():
    x = rows(94, 15, (4, 3))
    y = np.concatenate([labels(94 + step, 15, 3) for step in range(4)], axis=1)
    for name, activation, loss in [
        ("sparse_categorical_crossentropy_steps", "softmax", "sparse_categorical_crossentropy"),
        (
            "sparse_categorical_crossentropy_ignored",
            "linear",
            {"type": "sparse_categorical_crossentropy", "from_logits": True, "ignore_class": 1},
        ),
        ("categorical_crossentropy_steps", "softmax", {"type": "categorical_crossentropy", "label_smoothing": 0.1}),
        ("dice", "softmax", "dice"),
        ("dice_each", "softmax", {"type": "dice", "axis": [1, 2]}),
        ("dice_last", "softmax", {"type": "dice", "axis": -1}),
        ("tversky", "softmax", {"type": "tversky", "alpha": 0.3, "beta": 0.8}),
    ]:
        yield probabilities(noted(name, network(3, activation), loss, x, y, SEQUENCE, 94), loss)
    # Overlaps of each class, over the steps of a row, over all rows, and over everything but the steps.
    for name, axis in [("of_classes", [1]), ("of_classes_of_all", [0, 1]), ("of_steps", [0, 2]), ("of_rows_apart", [0])]:
        loss = {"type": "tversky", "alpha": 0.3, "beta": 0.8, "axis": axis}
        yield noted(f"tversky_{name}", network(3, "softmax"), loss, x, y, SEQUENCE, 95)
    pictures = {"layers": [{"type": "conv2d", "filters": 2, "kernel_size": 2, "activation": "sigmoid"}]}
    for name, axis in [("of_pictures", [1, 2]), ("of_lines", [-2, -1])]:
        loss = {"type": "dice", "axis": axis}
        masks = (values(96, 15, 12) > 0).astype(np.float32)
        yield noted(f"dice_{name}", pictures, loss, rows(96, 15, (4, 3, 1)), masks, {"values": 12}, 96)
    # Classes, directions and answers along the steps instead of the last axis.
    softmax = {"type": "softmax", "axis": 1}
    told = {"from_logits": True, "axis": 1}
    shares = np.exp(rows(97, 15, (4, 3)))
    shares = (shares / shares.sum(axis=1, keepdims=True)).reshape(15, 12)
    yield noted("categorical_crossentropy_along", network(3, "linear", softmax), {"type": "categorical_crossentropy", "axis": 1}, x, shares, {"values": 12}, 97)
    # Without smoothing, of which Keras spreads a share over as many classes as the last axis has.
    focal = {"type": "categorical_focal_crossentropy"} | told
    yield along_steps(noted("categorical_focal_crossentropy_along", network(3, "linear"), focal, x, shares, {"values": 12}, 97))
    yield along_steps(noted("categorical_crossentropy_logits_along", network(3, "linear"), {"type": "categorical_crossentropy"} | told, x, shares, {"values": 12}, 97))
    yield noted("cosine_similarity_along", network(3, "linear"), {"type": "cosine_similarity", "axis": -2}, x, values(97, 15, 12), {"values": 12}, 97)
    yield noted("binary_crossentropy_along", network(3, "sigmoid"), {"type": "binary_crossentropy", "axis": 1}, x, (values(97, 15, 12) > 0).astype(np.float32), {"values": 12}, 97)
    yield noted("mean_squared_error_steps", network(2, "linear"), "mean_squared_error", x, values(98, 15, 8), {"values": 8}, 98)
    # Labels from 1, some shorter than others, some with repetitions.
    x = rows(99, 15, (6, 3))
    y = 1 + np.concatenate([labels(99 + step, 15, 3) for step in range(3)], axis=1)
    y[::4, 2:] = 0
    y[2] = 0
    yield noted("ctc", network(4, "linear"), "ctc", x, y.astype(np.float32), {"sequence": {"classes": 4, "length": 3}}, 99)


def weighted(x):
    """Rows that count more than others, some of them nothing; classes that do; steps that a mask leaves out."""
    counts = np.abs(rows(100, 15, ())).round(1)
    counts[::4] = 0
    yield noted("weighted_mean_squared_error", network(3, "linear"), "mean_squared_error", x, values(100, 15, 3), {"values": 3}, 100, weights=counts)
    y = labels(101, 15, 3)
    for loss, activation in [("sparse_categorical_crossentropy", "softmax"), ("categorical_hinge", "linear"), ("dice", "softmax")]:
        yield noted(f"weighted_{loss}", network(3, activation), loss, x, y, {"classes": 3}, 101, weights=counts)
    spec = training("sparse_categorical_crossentropy") | {"class_weight": [0.5, 1, 3]}
    yield case("class_weight", network(3, "softmax"), spec, x, y, {"classes": 3}, seed=102, steps=10, scores=True, weights=counts)
    x = rows(103, 15, (4, 3))
    x[::3, 2:] = 0
    x[1::3, :1] = 0
    y = np.concatenate([labels(103 + step, 15, 3) for step in range(4)], axis=1)
    model = network(3, "softmax")
    model["layers"].insert(0, {"type": "masking"})
    for name, loss in [
        ("masked_sparse_categorical_crossentropy", {"type": "sparse_categorical_crossentropy", "ignore_class": 2}),
        ("masked_categorical_focal_crossentropy", "categorical_focal_crossentropy"),
    ]:
        yield noted(name, model, loss, x, y, SEQUENCE, 103)


def reductions(x):
    """What becomes of the losses of a batch, with rows, classes and steps that count more than others or not at all."""
    # Few rows: sums of many are larger, and so are their roundings.
    few = {"batch_size": 4}

    def both(name, model, loss, *given, **more):
        loss = {"type": loss} if isinstance(loss, str) else loss
        for reduction in ("sum", "mean_with_sample_weight"):
            # Sums are larger: with smaller steps, they stay where roundings do.
            spec = training(loss | {"reduction": reduction}, {"type": "sgd", "learning_rate": 0.005 if reduction == "sum" else 0.05})
            yield case(f"{reduction}_of_{name}", model, spec | more.get("spec", {}), *given, seed=104, steps=10, scores=True, weights=more.get("weights"))

    counts = np.abs(rows(104, 15, ())).round(1)
    counts[::4] = 0
    y = values(104, 15, 3)
    yield from both("squares", network(3, "linear"), "mean_squared_error", x, y, {"values": 3}, spec=few)
    yield from both("weighted_squares", network(3, "linear"), "mean_squared_error", x, y, {"values": 3}, weights=counts, spec=few)
    y = labels(105, 15, 3)
    classes = {"class_weight": [0.5, 1, 3]}
    yield from both("weighted_classes", network(3, "softmax"), "sparse_categorical_crossentropy", x, y, {"classes": 3}, weights=counts, spec=classes)
    yield from both("circles", network(3, "tanh"), {"type": "circle", "gamma": 3.0}, x, y, {"classes": 3}, weights=counts, spec={"batch_size": 8})
    accumulated = {"optimizer": {"type": "sgd", "learning_rate": 0.005, "gradient_accumulation_steps": 3}} | few
    yield from both("accumulated", network(3, "softmax"), "categorical_crossentropy", x, y, {"classes": 3}, weights=counts, spec=accumulated)
    x = rows(106, 15, (4, 3))
    y = np.concatenate([labels(106 + step, 15, 3) for step in range(4)], axis=1)
    for name, axis in [("overlaps", None), ("overlaps_of_rows", [1, 2]), ("overlaps_of_steps", -1), ("overlaps_of_classes", [0, 1])]:
        yield from both(name, network(3, "softmax"), {"type": "dice", "axis": axis}, x, y, SEQUENCE)
    x[::3, 2:] = 0
    x[1::3, :1] = 0
    model = network(3, "softmax")
    model["layers"].insert(0, {"type": "masking"})
    of_steps = np.abs(rows(107, 15, (4,))).round(1)
    yield from both("steps", model, {"type": "sparse_categorical_crossentropy", "ignore_class": 2}, x, y, SEQUENCE, weights=of_steps)


def along_steps(golden: dict) -> dict:
    """`predict` answers with probabilities, which are those of the steps."""
    shifted = np.exp(golden["output"].astype(np.float64))
    golden["output"] = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return golden


def probabilities(golden: dict, loss) -> dict:
    """Where the model ends in logits, Tabgrad's `predict` still answers with probabilities (Keras answers with the logits)."""
    if isinstance(loss, dict) and loss.get("from_logits"):
        logits = golden["output"].astype(np.float64)
        if logits.shape[-1] == 1:
            made = 1 / (1 + np.exp(-logits))
        else:
            shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
            made = shifted / shifted.sum(axis=-1, keepdims=True)
        golden["output"] = made.astype(np.float32)
    return golden
