"""Layers that tell steps where they stand, which Keras leaves to others: the formulas of the papers, as plain as they are there."""

import keras
import numpy as np
from keras import ops


class PositionEmbedding(keras.Layer):
    """Adds to every step values that are learned for its position."""

    def __init__(self, sequence_length=None, initializer="glorot_uniform", **others):
        super().__init__(**others)
        self.sequence_length, self.initializer = sequence_length, initializer

    def build(self, shape):
        length = self.sequence_length or shape[1]
        self.embeddings = self.add_weight(shape=(length, shape[-1]), initializer=self.initializer, name="embeddings")

    def call(self, x):
        return x + self.embeddings[: x.shape[1]]


class SinusoidalPositionEncoding(keras.Layer):
    """Vaswani et al., "Attention is all you need", section 3.5: sin(p / 10000^(2i/d)) and cos of the same, side by side."""

    def __init__(self, max_wavelength=10000.0, **others):
        super().__init__(**others)
        self.max_wavelength = max_wavelength

    def call(self, x):
        steps, dim = x.shape[1:]
        table = np.zeros((steps, dim))
        for p in range(steps):
            for j in range(dim):
                angle = p / self.max_wavelength ** (2 * (j // 2) / dim)
                table[p, j] = np.sin(angle) if j % 2 == 0 else np.cos(angle)
        return x + ops.convert_to_tensor(table, dtype="float32")


class RotaryEmbedding(keras.Layer):
    """Su et al., "RoFormer", section 3.2.2, with the planes' coordinates in the two halves of a vector."""

    def __init__(self, max_wavelength=10000.0, scaling_factor=1.0, **others):
        super().__init__(**others)
        self.max_wavelength, self.scaling_factor = max_wavelength, scaling_factor

    def call(self, x):
        half = x.shape[-1] // 2
        p = np.arange(x.shape[1]) / self.scaling_factor
        angles = p[:, None] * self.max_wavelength ** (-np.arange(half) / half)
        shape = (x.shape[1], *[1] * (len(x.shape) - 3), half)
        cos, sin = (ops.convert_to_tensor(f(angles).reshape(shape), dtype="float32") for f in (np.cos, np.sin))
        a, b = x[..., :half], x[..., half:]
        return ops.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)
