"""Each layer between two dense ones, a module for each family."""

from . import core, normalization, regularization, reshaping, sequence

FAMILIES = [core, normalization, regularization, reshaping, sequence]
