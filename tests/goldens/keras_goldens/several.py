"""Models with several inputs and outputs: losses, their weights and metrics by output, as Keras reports them."""

import jax
import numpy as np

from . import build
from . import scores as scores_of
from .record import labels, rows, run, starting_weights, training, values


def dense(name: str, units: int, **others) -> dict:
    return {"type": "dense", "name": name, "units": units, **others}


MODEL = {
    "layers": [
        {"type": "input", "name": "facts", "shape": [3]},
        {"type": "input", "name": "course", "shape": [4, 2]},
        {"type": "gru", "name": "memory", "units": 3, "inputs": ["course"]},
        dense("fact", 4, activation="tanh", inputs=["facts"]),
        {"type": "concatenate", "name": "all", "inputs": ["fact", "memory"]},
        dense("trunk", 5, activation="gelu"),
        dense("price", 2, inputs=["trunk"], kernel_regularizer={"type": "l2", "l2": 0.02}),
        dense("kind", 3, activation="softmax", inputs=["trunk"]),
    ]
}
LISTED = ("loss", "loss_weights", "metrics", "weighted_metrics")
LOSSES = {"price": "mean_squared_error", "kind": "sparse_categorical_crossentropy"}
REDUCTIONS = ("sum", "mean_with_sample_weight")
ADAM = {"type": "adam", "learning_rate": 0.01}


def cases():
    spec = training(LOSSES, ADAM, batch_size=8)
    spec["metrics"] = {"price": ["mean_absolute_error", "mean_squared_error"], "kind": ["accuracy"]}
    yield case("several_outputs", spec, 64)
    spec = {**spec, "loss_weights": {"kind": 2.0, "price": 0.25}}
    spec["metrics"] = {"kind": ["accuracy"]}
    spec["weighted_metrics"] = {"kind": ["accuracy", "sparse_categorical_crossentropy"], "price": ["mean_absolute_error"]}
    generator = np.random.default_rng([65, 4])
    weights = generator.uniform(0, 2, 20).astype(np.float32)
    yield case("several_outputs_weighted", spec, 65, weights)
    # The same as lists in the order of the outputs, and rows that count differently at each of them.
    weights = [generator.uniform(0, 2, 20).astype(np.float32) for _ in LOSSES]
    golden = case("several_outputs_listed", spec, 66, weights)
    golden["training"] = {**spec, **{part: [spec[part].get(name) for name in LOSSES] for part in LISTED}}
    yield golden
    # A loss that is summed beside one that is divided by what rows count.
    spec = training({name: {"type": loss, "reduction": reduction} for (name, loss), reduction in zip(LOSSES.items(), REDUCTIONS)}, ADAM, batch_size=8)
    spec |= {"loss_weights": {"price": 0.125, "kind": 2.0}, "metrics": {}}
    yield case("several_outputs_reduced", spec, 67, generator.uniform(0, 2, 20).astype(np.float32))
    yield further_outputs("further_outputs", 68)


def further_outputs(name: str, seed: int) -> dict:
    """A state of a layer as an output of the model, beside what another layer makes of its steps; one loss for both."""
    model = {
        "layers": [
            {"type": "gru", "name": "encoder", "units": 3, "return_sequences": True, "return_state": True},
            dense("out", 2, activation="tanh"),
        ],
        "outputs": ["out", "encoder:1"],
    }
    spec, count = training("huber", ADAM, batch_size=8), 20
    x, y = rows(seed, count, (4, 2)), [values(seed, count, 8), values(seed + 1, count, 3)]
    made = build.model(model, (4, 2))
    made.compile(loss=build.loss(spec["loss"]), optimizer=build.optimizer(spec["optimizer"]))
    start = starting_weights(made, seed)
    build.set_weights(made, start)
    answers = [y[0].reshape(count, 4, 2), y[1]]
    by_weight, _ = gradients(made, dict.fromkeys(model["outputs"], spec["loss"]), [1.0, 1.0], x[:8], [part[:8] for part in answers], None)
    golden = {
        "name": name,
        "model": {"version": 1, **model},
        "training": spec,
        "input": [4, 2],
        "target": [{"values": 8}, {"values": 3}],
        "rows": count,
        "x": x,
        "y": np.concatenate(y, axis=1),
        "weights": start,
        "output": np.concatenate([part.reshape(count, -1) for part in made.predict(x, verbose=0)], axis=1),
        "scores": {"loss": np.float32(made.evaluate(x, answers, batch_size=count, verbose=0, return_dict=True)["loss"])},
        "gradients": by_weight,
    }
    losses, kept = run(made, x, Several(answers), None, 8, 10, (10,))
    golden["losses"], golden["after"] = np.array(losses, dtype=np.float32), {"10": kept[10]}
    return golden


def whole_model(name: str, seed: int) -> dict:
    """Two outputs through fifty steps, each with a score of its own."""
    spec = training(LOSSES, ADAM, batch_size=8) | {"loss_weights": {"price": 0.5, "kind": 1.0}}
    spec["metrics"] = {"price": ["mean_absolute_error"], "kind": ["accuracy"]}
    return case(name, spec, seed, after=50)


def case(name: str, spec: dict, seed: int, weights=None, after=10) -> dict:
    count = 20
    parts, answers = [rows(seed, count, (3,)), rows(seed + 100, count, (4, 2))], [values(seed, count, 2), labels(seed, count, 3)]
    made = build.model(MODEL, None)
    names = list(LOSSES)
    outputs = dict(zip(names, made.output_shape))
    metrics = {
        part: {name: scores_of.metrics(spec[part][name], LOSSES[name], outputs[name][-1]) for name in spec.get(part, {})}
        for part in ("metrics", "weighted_metrics")
    }
    loss_weights = [spec.get("loss_weights", {}).get(name, 1.0) for name in names]
    made.compile(loss=[build.loss(spec["loss"][name]) for name in names], loss_weights=loss_weights, optimizer=build.optimizer(spec["optimizer"]), **metrics)
    start = starting_weights(made, seed)
    build.set_weights(made, start)
    side_by_side = np.concatenate([part.reshape(count, -1) for part in parts], axis=1)
    golden = {
        "name": name,
        "model": {"version": 1, **MODEL},
        "training": spec,
        "input": [11],
        "target": [{"values": 2}, {"classes": 3}],
        "rows": count,
        "x": side_by_side,
        "y": np.concatenate(answers, axis=1),
        "weights": start,
    }
    if isinstance(weights, list):
        golden["sample_weight"], weights = np.stack(weights, axis=1), Several(weights)
    elif weights is not None:
        golden["sample_weight"] = weights
    golden["output"] = np.concatenate(made.predict(parts, verbose=0), axis=1)
    counts = list(weights) if isinstance(weights, Several) else weights
    golden["scores"] = scores_of.flat(made.evaluate(parts, answers, sample_weight=counts, batch_size=count, verbose=0, return_dict=True))
    by_weight, by_input = gradients(made, spec["loss"], loss_weights, [part[:8] for part in parts], [answer[:8] for answer in answers], weights)
    golden["gradients"] = by_weight
    golden["input_gradient"] = np.concatenate([part.reshape(8, -1) for part in by_input], axis=1)
    losses, kept = run(made, Several(parts), Several(answers), weights, 8, after, (after,))
    golden["losses"], golden["after"] = np.array(losses[:10], dtype=np.float32), {str(after): kept[after]}
    return golden


class Several(list):
    """Arrays that are cut into batches together."""

    def __len__(self):
        return len(self[0])

    def __getitem__(self, at):
        return [array[at] for array in self] if isinstance(at, slice) else super().__getitem__(at)


def gradients(made, losses, loss_weights, x, y, weights):
    """Of the weighted sum of all losses of a first step, with respect to every trained weight and to the inputs."""
    trained = [v.value for v in made.trainable_variables]
    others = [v.value for v in made.non_trainable_variables]
    each = weights if isinstance(weights, Several) else [weights for _ in y]
    each = [None if of_output is None else of_output[: len(y[0])] for of_output in each]
    losses = [build.loss(spec) for spec in losses.values()]

    def objective(trained, x):
        outputs, _, penalties = made.stateless_call(trained, others, x, training=True, return_losses=True)
        parts = zip(loss_weights, losses, y, outputs, each, strict=True)
        return sum(weight * loss(y, output, sample_weight=counts) for weight, loss, y, output, counts in parts) + sum(penalties)

    names = [name for name, weight in build.weight_names(made) if weight.trainable]
    by_weight, by_input = jax.grad(objective, argnums=(0, 1))(trained, x)
    by_input = [np.array(part) for part in by_input] if isinstance(by_input, list) else np.array(by_input)
    return dict(zip(names, map(np.atleast_1d, map(np.array, by_weight)), strict=True)), by_input
