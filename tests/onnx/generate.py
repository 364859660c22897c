"""Makes tests/onnx/cases.json and tests/onnx/left_out.txt from the node tests that the PyPI package `onnx` publishes.

    python generate.py                 (in the environment of tests/goldens, with requirements.txt of this folder)

Arrays are base64 of little-endian float32: the numbers are ONNX' own, to the bit.
"""

import base64
import collections
import json
import pathlib
import warnings

import numpy as np

from onnx_nodes import convolution, elementwise, reductions, sequences, shaping, spatial, training  # noqa: F401  (they register their mappings)
from onnx_nodes.case import HALVES, MAPPINGS, LeftOut, Node

HERE = pathlib.Path(__file__).parent
#: A case with more numbers than this says no more than a smaller one of its kind: of so large ones some rows are enough.
LARGEST = 6000
ENOUGH = 1500
#: What has a part for every row.
BY_ROWS = ("x", "y", "sample_weight", "output")


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def plain(value):
    """JSON has no numpy."""
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(it) for it in value]
    if isinstance(value, np.generic):
        return value.item()
    return round(value, 9) if isinstance(value, float) else value


def make(test):
    operators = sorted({node.op_type for node in test.model.graph.node})
    if "_expanded" in test.name:
        raise LeftOut("the same test once more, with the operator written out in others")
    if not MAPPINGS.keys() & set(operators):
        raise LeftOut(f"no layer, loss or optimizer does {' with '.join(operators)}")
    node = Node(test)
    it = thinned(MAPPINGS[node.op](node))
    # What only picks or moves numbers is exact in any precision.
    precision = [] if node.op in ("OneHot", "Max", "Min") else [HALVES.get(getattr(value, "dtype", np.dtype(float)).name, 0) for value in [*node.inputs, *node.outputs]]
    if max(precision, default=0):
        it["tolerance"] = max(precision)
    return {"name": test.name.removeprefix("test_"), "operator": node.op} | written(it)


def thinned(it):
    """Of a large case, some rows; one that is a single row, or a mean of many, has to be small."""
    size = sum(np.size(it[key]) for key in ("x", "output"))
    if size <= LARGEST:
        return it
    if len(it["output"]) != it["rows"] or it["rows"] == 1:
        raise LeftOut("larger than it need be")
    every = -(-size // ENOUGH)
    few = {key: it[key][::every] for key in BY_ROWS if key in it}
    also = {"also": thinned(it["also"])} if "also" in it else {}
    return it | few | also | {"rows": len(few["output"])}


def written(it):
    made = {}
    for key, value in it.items():
        if key == "also":
            made[key] = written(value)
        elif key in ("x", "y", "sample_weight", "output"):
            made[key] = encoded(value)
        elif key == "weights":
            # An identity is said in words.
            made[key] = {name: array if isinstance(array, dict) else encoded(array) for name, array in value.items()}
        else:
            made[key] = plain(value)
    return made


def main():
    from onnx.backend.test.case.node import collect_testcases

    warnings.simplefilter("ignore")
    cases, left_out, seen = [], collections.defaultdict(list), set()
    for test in collect_testcases(None):
        if test.model is None or test.name in seen:
            continue
        seen.add(test.name)
        try:
            cases.append(make(test))
        except LeftOut as reason:
            left_out[str(reason)].append(test.name.removeprefix("test_"))
    cases.sort(key=lambda case: case["name"])
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "cases.json").write_text(f"[\n{lines}\n]\n")
    text = "".join(
        f"{len(names)} {reason}: {' '.join(sorted(names))}\n"
        for reason, names in sorted(left_out.items(), key=lambda it: (-len(it[1]), it[0]))
    )
    (HERE / "left_out.txt").write_text(text)
    print(f"onnx: {len(cases)} cases, {sum(map(len, left_out.values()))} left out")


if __name__ == "__main__":
    main()
