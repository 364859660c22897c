"""What a mapping makes of a node test, and how it says that there is nothing to make of it."""

import numpy as np

MAPPINGS = {}


class LeftOut(Exception):
    """This test has no counterpart; the message says why."""


def maps(*ops):
    """Registers the mapping of these ONNX operators."""

    def register(function):
        for op in ops:
            MAPPINGS[op] = function
        return function

    return register


class Node:
    """A node test: its operator, attributes, inputs (None where absent) and outputs, as arrays."""

    def __init__(self, test):
        from onnx import helper

        graph = test.model.graph
        if len(graph.node) != 1:
            raise LeftOut("the same test once more, with the operator written out in others")
        node = graph.node[0]
        self.op = node.op_type
        self.attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        inputs, outputs = test.data_sets[0]
        given = iter(inputs)
        named = {i.name: next(given) for i in graph.input}
        self.inputs = [named.get(name) for name in node.input]
        self.outputs = list(outputs)
        made = iter(outputs)
        #: The outputs by the operator's own places, None for those that this test does not ask for.
        self.places = [next(made) if name else None for name in node.output]

    def attribute(self, name, default=None):
        value = self.attributes.get(name, default)
        return value.decode() if isinstance(value, bytes) else value

    def only(self, *names):
        """Refuses attributes other than these."""
        for name in self.attributes:
            if name not in names:
                raise LeftOut(f"attribute {name}")


#: What half precision leaves of a number, as a share of the largest, with some operations in between.
HALVES = {"float16": 2e-3, "bfloat16": 1.6e-2}
#: Whole numbers up to this are themselves in f32.
WHOLE = 2**24


def floats(array, what="input"):
    if array is None:
        raise LeftOut(f"no {what}")
    if not isinstance(array, np.ndarray) and not isinstance(array, np.generic):
        raise LeftOut(f"{what} that is a list")
    if array.dtype == np.float64 or array.dtype.name in HALVES:
        array = array.astype(np.float32)
    if array.dtype.kind in "iub":
        if array.size and max(abs(int(array.max())), abs(int(array.min()))) > WHOLE:
            raise LeftOut(f"{what} of {array.dtype} beyond what f32 counts")
        array = array.astype(np.float32)
    if array.dtype != np.float32:
        raise LeftOut(f"{what} of {array.dtype}")
    if array.ndim == 0:
        raise LeftOut(f"{what} without axes")
    if array.size == 0:
        raise LeftOut(f"{what} without values")
    if not np.isfinite(array).all():
        raise LeftOut(f"{what} with infinities")
    return array


def last(array):
    """NCHW to NHWC: channels go last."""
    return np.moveaxis(array, 1, -1)


def rows(array):
    """The first axis is the batch; a vector is a batch of single numbers."""
    return array.reshape(array.shape[0], *(array.shape[1:] or (1,)))


def case(layers, inputs, output, weights=None, tolerance=None):
    """One case: layers after the inputs, one array per input (batch first), the expected output (batch first)."""
    inputs = [rows(i) for i in inputs]
    output = rows(output)
    batch = output.shape[0]
    if any(i.shape[0] != batch for i in inputs):
        raise LeftOut("inputs of different batch sizes")
    heads = []
    if len(inputs) > 1:
        names = ["a", "b", "c", "d"][: len(inputs)]
        heads = [{"type": "input", "name": n, "shape": list(i.shape[1:])} for n, i in zip(names, inputs)]
        layers = [dict(layers[0], inputs=layers[0].get("inputs", names))] + layers[1:]
    x = np.concatenate([i.reshape(batch, -1) for i in inputs], axis=1)
    return {
        "layers": heads + layers + [{"type": "flatten"}],
        "input": list(inputs[0].shape[1:]) if len(inputs) == 1 else [x.shape[1]],
        "rows": batch,
        "x": x,
        "output": output.reshape(batch, -1),
        "weights": weights or {},
        **({"tolerance": tolerance} if tolerance else {}),
    }
