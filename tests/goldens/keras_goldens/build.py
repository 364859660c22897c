"""From Tabgrad's specs (www/src/engine/protocol.ts: ModelSpec, TrainingSpec) to compiled Keras models.

The names are Keras' own, so this is little more than looking classes up; what is left to each side's defaults stays left out, and
a difference in defaults shows as a difference in numbers.
"""

import functools

import jax.numpy as jnp
import keras
import numpy as np

from . import composed, positions, schedules, scores

# Keras' classes by their names in small letters: `conv2d_transpose` is `Conv2DTranspose`.
LAYERS = {name.lower(): made for name, made in vars(keras.layers).items() if isinstance(made, type)}
# Layers that Keras itself does not have.
LAYERS |= {name.lower(): made for module in (positions, composed) for name, made in vars(module).items() if isinstance(made, type)}
# What is an argument of the call in Keras' attention.
OF_CALL = ("use_causal_mask", "return_attention_scores", "use_attention_mask")
# Ours has a name of its own.
LAYERS["instancenormalization"] = functools.partial(keras.layers.GroupNormalization, groups=-1)
OPTIMIZERS = {name.lower(): made for name, made in vars(keras.optimizers).items() if isinstance(made, type)}
CONSTRAINTS = {
    "max_norm": keras.constraints.MaxNorm,
    "non_neg": keras.constraints.NonNeg,
    "unit_norm": keras.constraints.UnitNorm,
    "min_max_norm": keras.constraints.MinMaxNorm,
}
# Where the class is not the name in camel case.
LOSSES = {"ctc": keras.losses.CTC, "kl_divergence": keras.losses.KLDivergence}
REGULARIZERS = {
    "l1": keras.regularizers.L1,
    "l2": keras.regularizers.L2,
    "l1_l2": keras.regularizers.L1L2,
    "orthogonal_regularizer": keras.regularizers.OrthogonalRegularizer,
}


def sparsemax(x, axis=-1):
    """As in Martins and Astudillo, "From softmax to sparsemax" (2016). Keras 3's own adds up all cumulative sums of the support where
    the paper takes the last of them, so that its rows do not add up to 1."""
    x = jnp.moveaxis(x, axis, -1)
    sorted_down = -jnp.sort(-x, axis=-1)
    sums = jnp.cumsum(sorted_down, axis=-1)
    count = jnp.sum(sorted_down * jnp.arange(1, x.shape[-1] + 1) > sums - 1, axis=-1, keepdims=True)
    level = (jnp.take_along_axis(sums, count - 1, axis=-1) - 1) / count
    return jnp.moveaxis(jnp.maximum(x - level, 0), -1, axis)


def arguments(spec: dict, *leave: str) -> dict:
    """What is left of a spec without its type, with regularizers, constraints and initializers made into Keras' objects."""
    rest = {key: value for key, value in spec.items() if key not in ("type", *leave)}
    if rest.get("merge_mode") == "none":
        rest["merge_mode"] = None
    for key, value in rest.items():
        if key.endswith("activation") and value == "sparsemax":
            rest[key] = sparsemax
        elif key.endswith("activation") and isinstance(value, dict):
            function = sparsemax if value["type"] == "sparsemax" else getattr(keras.activations, value["type"])
            rest[key] = functools.partial(function, **arguments(value))
        elif key.endswith("_regularizer") and isinstance(value, dict):
            rest[key] = REGULARIZERS[value["type"]](**arguments(value))
        elif key == "layer":
            rest[key] = layer({"name": value["type"], **value})
        elif key == "backward_layer":
            rest[key] = layer({"name": f"backward_{value['type']}", **value})
        elif key.endswith("_constraint") and isinstance(value, dict):
            rest[key] = CONSTRAINTS[value["type"]](**arguments(value))
        elif key.endswith("initializer") and isinstance(value, dict):
            rest[key] = keras.initializers.deserialize({"class_name": value["type"], "config": arguments(value)})
    return rest


def layer(spec: dict) -> keras.Layer:
    """One layer; Keras gives it its automatic name when the spec has none."""
    is_attention = spec["type"].endswith("attention")
    kind = spec["type"].replace("_", "")
    if is_attention and spec.get("use_rotary"):
        # The name is Keras' automatic one, which would be the class' here.
        return LAYERS[f"rotary{kind}"](**arguments({"name": spec["type"], **spec}, "inputs", "shares", "use_rotary", *OF_CALL))
    return LAYERS[kind](**arguments(spec, "inputs", "shares", *(OF_CALL if is_attention else ())))


def call(made: keras.Layer, spec: dict, takes: list):
    """A layer on what it takes: one tensor, a list, or the roles of attention, in which a single tensor looks at itself."""
    of_call = {name: spec[name] for name in OF_CALL if name in spec and spec["type"].endswith("attention")}
    # The last input is then the mask: of several heads that of pairs, of one that of the values.
    if of_call.pop("use_attention_mask", False):
        *takes, mask = takes
        of_call |= {"mask": [None, mask]} if spec["type"] in ("attention", "additive_attention") else {"attention_mask": mask}
    if "value_dim" in spec and not of_call.get("return_attention_scores"):
        # On its short way through JAX, Keras takes only values that are as wide as keys; where it tells its scores, it goes the long one.
        return made(*(takes if len(takes) > 1 else takes * 2), **of_call, return_attention_scores=True)[0]
    if spec["type"] in ("multi_head_attention", "group_query_attention"):
        return made(*(takes if len(takes) > 1 else takes * 2), **of_call)
    if spec["type"] == "reversible_embedding" and "shares" in spec:
        return made(takes[0], reverse=True)
    if spec["type"] in ("simple_rnn", "lstm", "gru", "bidirectional") and len(takes) > 1:
        return made(takes[0], initial_state=takes[1:])
    if spec["type"] in ("attention", "additive_attention") and len(takes) == 1:
        takes = takes * 2
    return made(takes if len(takes) > 1 else takes[0], **of_call)


def model(spec: dict, input_shape: tuple[int, ...] | None) -> keras.Model:
    """The functional model of a list of layers, where each takes the one before it unless it names its `inputs`. Of several input
    layers each says its shape; the outputs are the layers that no other one takes."""
    keras.backend.clear_session()
    starts = [each for each in spec["layers"] if each["type"] == "input" and "shape" in each]
    if len(starts) > 1:
        by_name = {start["name"]: keras.Input(shape=tuple(start["shape"]), name=start["name"]) for start in starts}
        inputs, tensor = list(by_name.values()), None
    else:
        tensor = keras.Input(shape=input_shape, name="input")
        inputs, by_name = tensor, {"input": tensor}
    layers, outputs, taken = {}, {}, set()
    for layer_spec in spec["layers"]:
        if layer_spec["type"] == "input":
            continue
        # A layer that shares another one's weights is that layer, called once more.
        made = layers[layer_spec["shares"]] if "shares" in layer_spec else layer(layer_spec)
        takes = [by_name[name] for name in layer_spec["inputs"]] if "inputs" in layer_spec else [tensor]
        taken.update(map(id, takes))
        name = layer_spec["name"] if "shares" in layer_spec else made.name
        # The outputs behind the first are `name:1` and so on.
        tensor, *others = gives if isinstance(gives := call(made, layer_spec, takes), (list, tuple)) else [gives]
        by_name |= {name: tensor} | {f"{name}:{k}": other for k, other in enumerate(others, 1)}
        layers[name], outputs[name] = made, [tensor, *others]
    ends = [given[0] for given in outputs.values() if not any(id(each) in taken for each in given)]
    if "outputs" in spec:
        ends = [by_name[name] for name in spec["outputs"]]
    return keras.Model(inputs, ends if len(ends) > 1 else ends[0])


def loss(spec) -> keras.losses.Loss:
    spec = {"type": spec} if isinstance(spec, str) else spec
    kind = spec["type"]
    made = LOSSES.get(kind) or getattr(keras.losses, "".join(word.capitalize() for word in kind.split("_")))
    return made(**arguments(spec))


def optimizer(spec: dict) -> keras.optimizers.Optimizer:
    rest = arguments(spec)
    if isinstance(rest.get("learning_rate"), dict):
        rest["learning_rate"] = schedules.schedule(rest["learning_rate"])
    return OPTIMIZERS[spec["type"]](**rest)


def compiled(model_spec: dict, training: dict, input_shape: tuple[int, ...]) -> keras.Model:
    made = model(model_spec, input_shape)
    kind = training["loss"] if isinstance(training["loss"], str) else training["loss"]["type"]
    made.compile(
        loss=loss(training["loss"]),
        optimizer=optimizer(training["optimizer"]),
        metrics=scores.metrics(training["metrics"], kind, made.output_shape[-1]),
        weighted_metrics=scores.metrics(training.get("weighted_metrics", []), kind, made.output_shape[-1]),
    )
    return made


def weight_names(made: keras.Model) -> list[tuple[str, keras.Variable]]:
    """Every weight, trained or not, by `layer/weight`, or by `layer/part/weight` where a layer has parts; cells are no parts."""
    named = []
    for layer in made.layers:
        for weight in layer.weights:
            path = weight.path.split("/")
            parts = path[path.index(layer.name) + 1 :]
            named.append(("/".join([layer.name, *(part for part in parts if not part.endswith("_cell"))]), weight))
    return named


def weights(made: keras.Model) -> dict[str, np.ndarray]:
    return {name: np.atleast_1d(np.array(weight)) for name, weight in weight_names(made)}


def set_weights(made: keras.Model, values: dict[str, np.ndarray]) -> None:
    for name, weight in weight_names(made):
        weight.assign(np.reshape(values[name], weight.shape))
