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


def cases():
    specs = {name: {"type": name} for name in INITIALIZERS} | WITH_ARGUMENTS
    for name, spec in specs.items():
        drawn = {} if spec["type"] in ("zeros", "ones", "constant", "identity") else {"seed": 11}
        initializer = INITIALIZERS[spec["type"]](**build.arguments(spec), **drawn)
        sample = np.array(initializer(SHAPE), dtype=np.float64)
        yield {
            "name": name,
            "initializer": spec,
            "shape": list(SHAPE),
            "mean": np.float32(sample.mean()),
            "std": np.float32(sample.std()),
            "minimum": np.float32(sample.min()),
            "maximum": np.float32(sample.max()),
            "probabilities": QUANTILES,
            "quantiles": np.quantile(sample, QUANTILES).astype(np.float32),
        }
