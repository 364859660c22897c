"""Distributions, not numbers: each side has a generator of its own, but the limits, moments and quantiles are the initializer's."""

import keras
import numpy as np

INITIALIZERS = {
    "zeros": keras.initializers.Zeros,
    "ones": keras.initializers.Ones,
    "constant": lambda seed: keras.initializers.Constant(0.25),
    "random_uniform": keras.initializers.RandomUniform,
    "random_normal": keras.initializers.RandomNormal,
    "truncated_normal": keras.initializers.TruncatedNormal,
    "glorot_uniform": keras.initializers.GlorotUniform,
    "glorot_normal": keras.initializers.GlorotNormal,
    "he_uniform": keras.initializers.HeUniform,
    "he_normal": keras.initializers.HeNormal,
    "lecun_uniform": keras.initializers.LecunUniform,
    "lecun_normal": keras.initializers.LecunNormal,
}
ARGUMENTS = {"constant": {"value": 0.25}}
SHAPE = (400, 250)
QUANTILES = [0.02, 0.25, 0.5, 0.75, 0.98]


def cases():
    for name, made in INITIALIZERS.items():
        initializer = made() if name in ("zeros", "ones") else made(seed=11)
        sample = np.array(initializer(SHAPE), dtype=np.float64)
        yield {
            "name": name,
            "initializer": {"type": name, **ARGUMENTS.get(name, {})},
            "shape": list(SHAPE),
            "mean": np.float32(sample.mean()),
            "std": np.float32(sample.std()),
            "minimum": np.float32(sample.min()),
            "maximum": np.float32(sample.max()),
            "probabilities": QUANTILES,
            "quantiles": np.quantile(sample, QUANTILES).astype(np.float32),
        }
