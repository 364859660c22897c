"""Blocks, composed of Keras' own layers as their sources have them: the transformer's as KerasHub's `TransformerEncoder` calls its layers,
ResNet's two kinds after He et al. (2015 and 2016), VGG's after Simonyan and Zisserman."""

import keras
from keras import layers
from keras.src.backend import set_keras_mask

from .positions import RotaryEmbedding

NORMALIZATIONS = {
    "batch_normalization": layers.BatchNormalization,
    "layer_normalization": layers.LayerNormalization,
    "rms_normalization": layers.RMSNormalization,
}
OF_WEIGHTS = ("kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "kernel_constraint", "bias_constraint")


def nothing(x, **_):
    return x


def norm(kind, name, epsilon, momentum):
    if kind == "none":
        return nothing
    more = {"momentum": momentum} if kind == "batch_normalization" else {}
    return NORMALIZATIONS[kind](epsilon=epsilon, name=name, **more)


class Rotary:
    """Attention that turns queries and keys by where they stand, as in "RoFormer": Keras' own has none."""

    def _compute_attention(self, query, key, value, *others, **named):
        turn = RotaryEmbedding().call
        return super()._compute_attention(turn(query), turn(key), value, *others, **named)


class RotaryMultiHeadAttention(Rotary, layers.MultiHeadAttention):
    pass


class RotaryGroupQueryAttention(Rotary, layers.GroupQueryAttention):
    pass


class TransformerBlock(keras.Layer):
    def __init__(
        self,
        intermediate_dim,
        num_heads,
        use_causal_mask=False,
        normalize_first=False,
        dropout=0.0,
        activation="relu",
        key_dim=None,
        sliding_window=None,
        use_rotary=False,
        normalization="layer_normalization",
        epsilon=1e-5,
        use_bias=True,
        name=None,
        **of_weights,
    ):
        super().__init__(name=name)
        self.supports_masking = True
        self.first, self.causal, self.key_dim, self.num_heads = normalize_first, use_causal_mask, key_dim, num_heads
        self.of_attention = {"dropout": dropout, "use_bias": use_bias, "sliding_window": sliding_window, **of_weights}
        self.kind = RotaryMultiHeadAttention if use_rotary else layers.MultiHeadAttention
        self.of_dense = {"use_bias": use_bias, **of_weights}
        self.intermediate = layers.Dense(intermediate_dim, activation, name="feedforward_intermediate_dense", **self.of_dense)
        self.norms = [norm(normalization, f"{part}_layer_norm", epsilon, 0.99) for part in ("self_attention", "feedforward")]
        self.drop = layers.Dropout(dropout)

    def build(self, shape):
        size = self.key_dim or shape[-1] // self.num_heads
        self.attention = self.kind(self.num_heads, size, name="self_attention_layer", **self.of_attention)
        self.output_dense = layers.Dense(shape[-1], name="feedforward_output_dense", **self.of_dense)
        self.attention.build(shape, shape)
        self.intermediate.build(shape)
        self.output_dense.build((*shape[:-1], self.intermediate.units))
        for made in self.norms:
            made.build(shape)

    def call(self, x, mask=None, training=False):
        residual = x
        if self.first:
            x = self.norms[0](x)
            # Keras' RMS normalization drops the mask, and its attention takes that of queries from the tensor alone.
            set_keras_mask(x, mask)
        x = self.attention(x, x, query_mask=mask, value_mask=mask, key_mask=mask, use_causal_mask=self.causal, training=training)
        x = self.drop(x, training=training) + residual
        if not self.first:
            x = self.norms[0](x)
        residual = x
        if self.first:
            x = self.norms[1](x)
        x = self.output_dense(self.intermediate(x))
        x = self.drop(x, training=training) + residual
        return x if self.first else self.norms[1](x)


class Convolutions(keras.Layer):
    """What the two blocks of convolutions share."""

    def __init__(self, filters, kernel_size=3, activation="relu", normalization="none", momentum=0.99, epsilon=1e-3, use_bias=False, name=None, **others):
        self.of_weights = {key: others.pop(key) for key in OF_WEIGHTS if key in others}
        super().__init__(name=name, **others)
        self.filters, self.kernel_size, self.use_bias = filters, kernel_size, use_bias
        self.activation = keras.activations.get(activation)
        self.of_norm = (normalization, epsilon, momentum)

    def conv(self, shape, name, filters, size, strides=1):
        kind = layers.Conv1D if len(shape) == 3 else layers.Conv2D
        return kind(filters, size, strides=strides, padding="same", use_bias=self.use_bias, name=name, **self.of_weights)

    def norm(self, name):
        kind, epsilon, momentum = self.of_norm
        return norm(kind, name, epsilon, momentum)


class ResidualBlock(Convolutions):
    def __init__(
        self,
        filters,
        strides=1,
        preactivation=False,
        bottleneck=False,
        conv_shortcut=False,
        dropout=0.0,
        normalization="batch_normalization",
        **others,
    ):
        super().__init__(filters, normalization=normalization, **others)
        self.strides, self.first, self.bottleneck, self.always = strides, preactivation, bottleneck, conv_shortcut
        self.drop = layers.Dropout(dropout)

    def build(self, shape):
        f, k, s = self.filters, self.kernel_size, self.strides
        sizes = [(f, 1, 1), (f, k, s), (4 * f, 1, 1)] if self.bottleneck else [(f, k, s), (f, k, 1)]
        outputs = sizes[-1][0]
        self.convs = [self.conv(shape, f"conv{i + 1}", *size) for i, size in enumerate(sizes)]
        self.norms = [self.norm(f"norm{i + 1}") for i in range(len(sizes))]
        self.shortcut, self.shortcut_norm = nothing, nothing
        if self.always or s > 1 or shape[-1] != outputs:
            self.shortcut = self.conv(shape, "shortcut", outputs, 1, s)
            if not self.first:
                self.shortcut_norm = self.norm("shortcut_norm")

    def call(self, x, training=False):
        mode = {"training": training}
        if self.first:
            start = x
            for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
                x = self.activation(norm(x, **mode))
                if i == 0 and self.shortcut is not nothing:
                    start = self.shortcut(x)
                if i + 1 == len(self.convs):
                    x = self.drop(x, **mode)
                x = conv(x)
            return x + start
        start = self.shortcut_norm(self.shortcut(x), **mode)
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms)):
            if i + 1 == len(self.convs):
                x = self.drop(x, **mode)
            x = norm(conv(x), **mode)
            if i + 1 < len(self.convs):
                x = self.activation(x)
        return self.activation(x + start)


class VggBlock(Convolutions):
    def __init__(self, filters, convolutions=2, pool_size=2, dropout=0.0, use_bias=True, **others):
        super().__init__(filters, use_bias=use_bias, **others)
        self.count, self.pool_size = convolutions, pool_size
        self.drop = layers.Dropout(dropout)

    def build(self, shape):
        self.convs = [self.conv(shape, f"conv{i + 1}", self.filters, self.kernel_size) for i in range(self.count)]
        self.norms = [self.norm(f"norm{i + 1}") for i in range(self.count)]
        self.pool = nothing
        if self.pool_size:
            self.pool = (layers.MaxPooling1D if len(shape) == 3 else layers.MaxPooling2D)(self.pool_size)

    def call(self, x, training=False):
        for conv, norm in zip(self.convs, self.norms):
            x = self.activation(norm(conv(x), training=training))
        return self.drop(self.pool(x), training=training)
