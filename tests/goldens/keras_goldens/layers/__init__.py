"""Each layer between two dense ones, a module for each family."""

from . import (
    activation,
    attention,
    convolution,
    core,
    merging,
    normalization,
    of_weights,
    pooling,
    recurrent,
    regularization,
    reshaping,
    sequence,
)

FAMILIES = [
    activation,
    attention,
    convolution,
    core,
    merging,
    normalization,
    of_weights,
    pooling,
    recurrent,
    regularization,
    reshaping,
    sequence,
]
