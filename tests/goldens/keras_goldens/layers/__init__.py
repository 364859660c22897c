"""Each layer between two dense ones, a module for each family."""

from . import core, normalization, regularization, reshaping

FAMILIES = [core, normalization, regularization, reshaping]
