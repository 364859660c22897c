"""Each layer between two dense ones, a module for each family."""

from . import (
    core,
    merging,
    normalization,
    recurrent,
    convolution,
    core,
    normalization,
    pooling,
    regularization,
    reshaping,
    sequence,
)

FAMILIES = [
    core,
    merging,
    normalization,
    recurrent,
    convolution,
    core,
    normalization,
    pooling,
    regularization,
    reshaping,
    sequence,
]
