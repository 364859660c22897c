"""Each layer between two dense ones, a module for each family."""

from . import core, normalization, recurrent, regularization, reshaping, sequence

FAMILIES = [core, normalization, recurrent, regularization, reshaping, sequence]
