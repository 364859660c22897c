"""Distributions, not numbers: each side has a generator of its own, but the limits, moments and quantiles are the initializer's."""

import keras
import numpy as np

from . import build

INITIALIZERS = {
    "zeros": keras.initializers.Zeros,
    "ones": keras.initializers.Ones,
    "constant": keras.initializers.Constant,
    "random_uniform": keras.initializers.RandomUniform,
    "random_normal": keras.initializers.RandomNormal,
    "truncated_normal": keras.initializers.TruncatedNormal,
    "glorot_uniform": keras.initializers.GlorotUniform,
    "glorot_normal": keras.initializers.GlorotNormal,
    "he_uniform": keras.initializers.HeUniform,
    "he_normal": keras.initializers.HeNormal,
    "lecun_uniform": keras.initializers.LecunUniform,
    "lecun_normal": keras.initializers.LecunNormal,
    "variance_scaling": keras.initializers.VarianceScaling,
    "orthogonal": keras.initializers.Orthogonal,
    "identity": keras.initializers.Identity,
}
WITH_ARGUMENTS = {
    "constant_value": {"type": "constant", "value": 0.25},
    "random_uniform_range": {"type": "random_uniform", "minval": -0.5, "maxval": 1.5},
    "random_normal_moments": {"type": "random_normal", "mean": 1.0, "stddev": 0.2},
    "variance_scaling_uniform": {"type": "variance_scaling", "scale": 3.0, "mode": "fan_out", "distribution": "uniform"},
    "variance_scaling_normal": {"type": "variance_scaling", "scale": 0.5, "mode": "fan_avg", "distribution": "untruncated_normal"},
    "orthogonal_gain": {"type": "orthogonal", "gain": 2.0},
    "identity_gain": {"type": "identity", "gain": 3.0},
    "truncated_normal_moments": {"type": "truncated_normal", "mean": -1.0, "stddev": 0.2},
}
SHAPE = (400, 250)
QUANTILES = [0.02, 0.25, 0.5, 0.75, 0.98]


# Weights of more than two axes, whose inputs and outputs are counted in another way, and those of recurrent layers. Of each: the
# layer, the shape of what it takes, the weight, and the argument.
OF_LAYERS = {
    "of_conv2d": ({"type": "conv2d", "filters": 64, "kernel_size": 3}, (5, 5, 32), "kernel", "kernel_initializer"),
    "of_conv1d_transpose": ({"type": "conv1d_transpose", "filters": 32, "kernel_size": 5}, (5, 64), "kernel", "kernel_initializer"),
    "of_depthwise_conv2d": ({"type": "depthwise_conv2d", "kernel_size": 3, "depth_multiplier": 8}, (5, 5, 128), "kernel", "depthwise_initializer"),
    "of_separable_conv2d": ({"type": "separable_conv2d", "filters": 64, "kernel_size": 3}, (5, 5, 128), "pointwise_kernel", "pointwise_initializer"),
    "of_attention_query": ({"type": "multi_head_attention", "num_heads": 4, "key_dim": 32}, (3, 64), "query/kernel", "kernel_initializer"),
    "of_attention_output": ({"type": "multi_head_attention", "num_heads": 4, "key_dim": 32}, (3, 64), "attention_output/kernel", "kernel_initializer"),
    "of_embedding": ({"type": "embedding", "input_dim": 200, "output_dim": 50}, (3,), "embeddings", "embeddings_initializer"),
    "of_lstm": ({"type": "lstm", "units": 64}, (3, 100), "kernel", "kernel_initializer"),
    "of_gru_recurrent": ({"type": "gru", "units": 64}, (3, 20), "recurrent_kernel", "recurrent_initializer"),
    "of_einsum_dense": ({"type": "einsum_dense", "equation": "abc,cde->abde", "output_shape": [3, 8, 16]}, (3, 100), "kernel", "kernel_initializer"),
}
# Counts inputs and outputs, so that both show.
SCALED = {"type": "variance_scaling", "scale": 2.0, "mode": "fan_avg", "distribution": "uniform"}

# What the layers above have where nothing is said.
DEFAULTS = {
    "kernel_initializer": "glorot_uniform",
    "depthwise_initializer": "glorot_uniform",
    "pointwise_initializer": "glorot_uniform",
    "embeddings_initializer": "random_uniform",
    "recurrent_initializer": "orthogonal",
}


def cases():
    specs = {name: {"type": name} for name in INITIALIZERS} | WITH_ARGUMENTS
    for name, spec in specs.items():
        drawn = {} if spec["type"] in ("zeros", "ones", "constant", "identity") else {"seed": 11}
        initializer = INITIALIZERS[spec["type"]](**build.arguments(spec), **drawn)
        yield described({"name": name, "initializer": spec, "shape": list(SHAPE)}, initializer(SHAPE))
    for name, (layer, shape, weight, argument) in OF_LAYERS.items():
        # Each as the layer has it by default, and with one whose limits depend on both counts.
        for suffix, others in {"": {}, "_scaled": {argument: SCALED}}.items():
            keras.utils.set_random_seed(11)
            made = build.model({"layers": [{**layer, **others}]}, shape)
            full = f"{made.layers[-1].name}/{weight}"
            default = {"type": DEFAULTS[argument]}
            of = {"layer": {**layer, **others}, "input": list(shape), "weight": full}
            yield described({"name": name + suffix, "initializer": others.get(argument, default), **of}, build.weights(made)[full])


def described(golden: dict, sample) -> dict:
    sample = np.array(sample, dtype=np.float64)
    return golden | {
        "mean": np.float32(sample.mean()),
        "std": np.float32(sample.std()),
        "minimum": np.float32(sample.min()),
        "maximum": np.float32(sample.max()),
        "probabilities": QUANTILES,
        "quantiles": np.quantile(sample, QUANTILES).astype(np.float32),
    }
