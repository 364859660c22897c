"""JSON with every f32 in its shortest form that reads back to the same bits, one field to a line, so that diffs can be read."""

import json

import numpy as np


def number(value: np.float32) -> str:
    """The shortest decimal that is this f32; Keras must never have given us anything that JSON cannot hold."""
    assert np.isfinite(value), "a golden must be finite"
    text = np.format_float_scientific(value, unique=True, trim="-", exp_digits=1)
    plain = np.format_float_positional(value, unique=True, trim="-")
    text = text.replace("e+", "e")
    return plain if len(plain) <= len(text) else text


def array(values: np.ndarray) -> str:
    """Flat in row-major order: shapes follow from the specs."""
    return "[" + ",".join(number(value) for value in np.asarray(values, dtype=np.float32).ravel()) + "]"


def to_json(value, depth: int = 0) -> str:
    """Objects break into lines down to the second level; arrays of numbers and everything deeper stand in one line."""
    text = _json(value, depth)
    return text + "\n" if depth == 0 else text


def _json(value, depth: int) -> str:
    if isinstance(value, np.ndarray):
        return array(value)
    if isinstance(value, np.floating):
        return number(np.float32(value))
    if isinstance(value, dict) and any(isinstance(v, (np.ndarray, np.floating, dict, list)) for v in value.values()) and depth < 2:
        pad = " " * (depth + 1)
        fields = (f"{pad}{json.dumps(key)}: {_json(item, depth + 1)}" for key, item in value.items())
        return "{\n" + ",\n".join(fields) + "\n" + " " * depth + "}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(item, depth + 1)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        if depth < 3 and any(isinstance(item, dict) for item in value):
            pad = " " * (depth + 1)
            return "[\n" + ",\n".join(pad + _json(item, 9) for item in value) + "\n" + " " * depth + "]"
        return "[" + ",".join(_json(item, depth + 1) for item in value) + "]"
    return json.dumps(value)
