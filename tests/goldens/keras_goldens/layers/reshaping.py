"""Layers that give values another shape or place."""

from ..record import case, rows, training, values
from .around import dense

# Shape of a row of the input and the layer.
LAYERS = {
    "flatten": ((2, 3), {"type": "flatten"}),
    "reshape": ((4, 3), {"type": "reshape", "target_shape": [2, 6]}),
    "reshape_open": ((4, 3), {"type": "reshape", "target_shape": [-1, 2, 2]}),
    "permute": ((4, 3), {"type": "permute", "dims": [2, 1]}),
    "permute_three": ((2, 3, 4), {"type": "permute", "dims": [3, 1, 2]}),
    "repeat_vector": ((4,), {"type": "repeat_vector", "n": 3}),
    "cropping1d": ((5, 2), {"type": "cropping1d"}),
    "cropping1d_uneven": ((5, 2), {"type": "cropping1d", "cropping": [0, 3]}),
    "cropping2d": ((4, 5, 2), {"type": "cropping2d", "cropping": [1, 2]}),
    "cropping2d_uneven": ((4, 5, 2), {"type": "cropping2d", "cropping": [[0, 1], [2, 0]]}),
    "zero_padding1d": ((3, 2), {"type": "zero_padding1d"}),
    "zero_padding1d_uneven": ((3, 2), {"type": "zero_padding1d", "padding": [0, 2]}),
    "zero_padding2d": ((2, 3, 2), {"type": "zero_padding2d"}),
    "zero_padding2d_uneven": ((2, 3, 2), {"type": "zero_padding2d", "padding": [[0, 1], [2, 0]]}),
    "up_sampling1d": ((3, 2), {"type": "up_sampling1d"}),
    "up_sampling1d_three": ((3, 2), {"type": "up_sampling1d", "size": 3}),
    "up_sampling2d": ((2, 3, 2), {"type": "up_sampling2d"}),
    "up_sampling2d_uneven": ((2, 3, 2), {"type": "up_sampling2d", "size": [3, 1]}),
    "up_sampling2d_bilinear": ((2, 3, 2), {"type": "up_sampling2d", "interpolation": "bilinear"}),
    "up_sampling2d_bilinear_uneven": ((3, 2, 1), {"type": "up_sampling2d", "size": [2, 3], "interpolation": "bilinear"}),
    "up_sampling2d_bicubic": ((3, 4, 2), {"type": "up_sampling2d", "interpolation": "bicubic"}),
    "up_sampling2d_bicubic_small": ((1, 2, 2), {"type": "up_sampling2d", "size": [3, 2], "interpolation": "bicubic"}),
    "up_sampling2d_lanczos3": ((3, 8, 1), {"type": "up_sampling2d", "interpolation": "lanczos3"}),
    "up_sampling2d_lanczos5": ((2, 12, 1), {"type": "up_sampling2d", "size": [1, 3], "interpolation": "lanczos5"}),
    "identity": ((2, 3), {"type": "identity"}),
    "rescaling": ((2, 3), {"type": "rescaling", "scale": -0.5, "offset": 0.2}),
}


def cases():
    for seed, (name, (shape, layer)) in enumerate(LAYERS.items(), 220):
        count = 1
        for size in shape:
            count *= size
        x, y = rows(seed, 8, (count,)), values(seed, 8, 2)
        end = [] if name == "flatten" else [{"type": "flatten"}]
        model = {"layers": [dense(shape[-1], activation="tanh"), layer, dense(3, activation="gelu"), *end, dense(2)]}
        yield case(name, model, training(), x, y, {"values": 2}, input_shape=shape, seed=seed, steps=3)
