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

from onnx_nodes import elementwise, reductions, sequences, shaping, spatial, training  # noqa: F401  (they register their mappings)
from onnx_nodes.case import MAPPINGS, LeftOut, Node

HERE = pathlib.Path(__file__).parent
#: A case with more numbers than this says no more than a smaller one of its kind.
LARGEST = 6000


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
    operators = {node.op_type for node in test.model.graph.node}
    if not operators & MAPPINGS.keys():
        raise LeftOut("no layer, loss or optimizer does this")
    node = Node(test)
    it = MAPPINGS[node.op](node)
    if sum(np.size(it[key]) for key in ("x", "output")) > LARGEST:
        raise LeftOut("larger than it need be")
    return {"name": test.name.removeprefix("test_"), "operator": node.op} | written(it)


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
