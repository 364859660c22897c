"""Runs one case in Keras and notes what came out."""

import jax
import numpy as np

from . import build
from . import scores as scores_of


def training(loss="mean_squared_error", optimizer=None, metrics=(), batch_size=16, epochs=None) -> dict:
    """A TrainingSpec. Rows are never shuffled: the order of two frameworks' generators is no property of either."""
    optimizer = optimizer or {"type": "sgd", "learning_rate": 0.05}
    return {
        "loss": loss,
        "optimizer": optimizer,
        "metrics": list(metrics),
        "batch_size": batch_size,
        "epochs": epochs,
        "shuffle": False,
        "seed": 1,
    }


def rows(seed: int, count: int, shape: tuple[int, ...]) -> np.ndarray:
    """Features: a normal sample."""
    return np.random.default_rng(seed).standard_normal((count, *shape)).astype(np.float32)


def values(seed: int, count: int, width: int) -> np.ndarray:
    """Targets of a regression."""
    return np.random.default_rng([seed, 1]).standard_normal((count, width)).astype(np.float32)


def labels(seed: int, count: int, classes: int) -> np.ndarray:
    """Class indices in a column; every class is there."""
    generator = np.random.default_rng([seed, 2])
    return generator.permutation(np.arange(count) % classes).astype(np.float32)[:, None]


def starting_weights(made, seed: int) -> dict[str, np.ndarray]:
    """Weights that leave nothing at zero or one, so that a bias, gamma or statistic that is not used shows."""
    generator = np.random.default_rng([seed, 3])
    made_up = {}
    for name, value in build.weights(made).items():
        noise = generator.standard_normal(value.shape).astype(np.float32)
        kind = name.rsplit("/", 1)[1]
        if kind == "kernel":
            noise = noise / np.float32(np.sqrt(value.shape[0]))
        elif kind in ("gamma", "moving_variance", "moving_stddev", "renorm_stddev"):
            noise = np.float32(1) + np.float32(0.25) * np.abs(noise)
        else:
            noise = np.float32(0.3) * noise
        made_up[name] = noise.astype(np.float32)
    return made_up


def case(
    name, model, training, x, y, target, *, weights=None, input_shape=None, seed=0, steps=0, after=(), gradients=True, scores=False, start=None
) -> dict:
    """One golden. `steps` losses are noted (each step takes the next batch), weights after each count in `after`.

    `y` is what Tabgrad takes: class indices in a column also for categorical cross-entropy, where Keras wants them one-hot.
    """
    shape = tuple(input_shape or x.shape[1:])
    made = build.compiled(model, training, shape)
    start = start or starting_weights(made, seed)
    build.set_weights(made, start)
    golden = {
        "name": name,
        "model": {"version": 1, **model},
        "training": training,
        "input": list(shape),
        "target": target,
        "rows": len(x),
        "x": x,
        "y": y,
        "weights": start,
    }
    if weights is not None:
        golden["sample_weight"] = weights
    feed_y = targets(made, training["loss"], y, target)
    golden["output"] = np.array(made.predict(x.reshape(-1, *shape), verbose=0))
    if scores:
        build.set_weights(made, start)
        # Where steps have a mask, Keras takes weights of rows only with an axis for the steps.
        is_masked = weights is not None and weights.ndim == 1 and any(layer["type"] == "masking" for layer in model["layers"])
        counts = weights[:, None] if is_masked else weights
        found = made.evaluate(x.reshape(-1, *shape), feed_y, sample_weight=counts, batch_size=len(x), verbose=0, return_dict=True)
        golden["scores"] = scores_of.flat(found) | scores_of.others(training["metrics"], golden["output"], y)
        golden["scores"] |= scores_of.others(training.get("weighted_metrics", []), golden["output"], y, weights)
    batch = training["batch_size"]
    if gradients:
        first = x[:batch].reshape(-1, *shape), feed_y[:batch]
        of_classes = class_weights(training, y, weights)
        counts = None if of_classes is None else of_classes[:batch]
        golden["gradients"], golden["input_gradient"] = first_gradients(made, build.loss(training["loss"]), *first, counts)
        # Tokens have none.
        if not golden["input_gradient"].any():
            del golden["input_gradient"]
        share = np.mean(np.concatenate([np.ravel(g) for g in golden["gradients"].values()]) == 0)
        assert share < 0.4, f"{name}: {share:.0%} of the gradients are zero, which proves little; take another seed"
    losses, kept = run(made, x.reshape(-1, *shape), feed_y, class_weights(training, y, weights), batch, max([steps, *after]), after)
    if steps:
        golden["losses"] = np.array(losses[:steps], dtype=np.float32)
    if after:
        golden["after"] = {str(count): kept[count] for count in after}
    return golden


def targets(made, loss, y, target):
    """Targets as Keras' losses want them: one-hot, class numbers, or in the shape of the output."""
    kind = loss if isinstance(loss, str) else loss["type"]
    shape = made.output_shape[1:]
    classes = target.get("classes") or target.get("sequence", {}).get("classes") if isinstance(target, dict) else None
    if kind in ("sparse_categorical_crossentropy", "ctc", "circle"):
        return y
    if kind == "categorical_generalized_cross_entropy":
        return y.reshape(len(y), *shape[:-1])
    if classes:
        return np.eye(classes, dtype=np.float32)[y.astype(int)].reshape(len(y), *shape)
    # Keras does not know how wide a gated output is: as wide as the rest of the numbers makes it.
    return y.reshape(len(y), *shape[:-1], -1)


def class_weights(training, y, weights):
    """What each row counts in training: Keras' `fit` makes such weights of `class_weight`."""
    of_classes = training.get("class_weight")
    if not of_classes:
        return weights
    of_rows = np.array(of_classes, dtype=np.float32)[y[:, 0].astype(int)]
    return of_rows if weights is None else weights * of_rows


def first_gradients(made, loss, x, y, weights=None):
    """Of the loss of a first training step, with its penalties, with respect to every trained weight and to the input."""
    trained = [v.value for v in made.trainable_variables]
    others = [v.value for v in made.non_trainable_variables]

    def objective(trained, x):
        output, _, penalties = made.stateless_call(trained, others, x, training=True, return_losses=True)
        return loss(y, output, sample_weight=weights) + sum(penalties)

    by_weight, by_input = jax.grad(objective, argnums=(0, 1))(trained, x)
    names = [name for name, weight in build.weight_names(made) if weight.trainable]
    return dict(zip(names, map(np.atleast_1d, map(np.array, by_weight)), strict=True)), np.array(by_input)


def run(made, x, y, weights, batch: int, steps: int, after) -> tuple[list[float], dict[int, dict]]:
    """`steps` calls of train_on_batch, epoch after epoch through the rows in order, the last batch of an epoch as short as it is."""
    losses, kept, begin = [], {}, 0
    for step in range(1, steps + 1):
        part = slice(begin, begin + batch)
        made.reset_metrics()
        answer = made.train_on_batch(x[part], y[part], None if weights is None else weights[part])
        losses.append(float(np.ravel(answer)[0]))
        begin = 0 if begin + batch >= len(x) else begin + batch
        if step in after:
            kept[step] = build.weights(made)
    return losses, kept
