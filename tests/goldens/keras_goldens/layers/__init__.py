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
from . import attention, core, normalization, recurrent, regularization, reshaping, sequence

FAMILIES = [attention, core, normalization, recurrent, regularization, reshaping, sequence]
