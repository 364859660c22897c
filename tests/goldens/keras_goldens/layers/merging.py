"""Layers that make one tensor of several."""

from ..record import case, rows, training, values
from .around import dense


def branches(layer: dict, shape: tuple[int, ...], sizes: list[int]) -> dict:
    """A dense layer of each size on the input, joined."""
    names = [f"branch{i}" for i in range(len(sizes))]
    made = [
        dense(size, activation="tanh", name=name, inputs=["input"]) for name, size in zip(names, sizes, strict=True)
    ]
    layers = [{"type": "input", "name": "input", "shape": list(shape)}, *made, layer | {"inputs": names}]
    end = [{"type": "flatten"}] if len(shape) > 1 else []
    return {"layers": [*layers, *end, dense(2)]}


def cases():
    simple = ["add", "subtract", "multiply", "average", "maximum", "minimum"]
    for seed, name in enumerate(simple, 240):
        several = [4, 4] if name == "subtract" else [4, 4, 4]
        x, y = rows(seed, 8, (3,)), values(seed, 8, 2)
        yield case(f"{name}_layers", branches({"type": name}, (3,), several), training(), x, y, {"values": 2}, seed=seed, steps=3)
        # The second input has one channel, which is repeated.
        x, y = rows(seed, 8, (6,)), values(seed, 8, 2)
        model = branches({"type": name}, (2, 3), [4, 1])
        yield case(f"{name}_repeated", model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=seed, steps=3)
    x, y = rows(250, 8, (6,)), values(250, 8, 2)
    others = {
        "concatenate_last": ({"type": "concatenate"}, [2, 4]),
        "concatenate_steps": ({"type": "concatenate", "axis": 1}, [3, 3]),
        "dot_steps": ({"type": "dot", "axes": 1}, [3, 4]),
        "dot_features": ({"type": "dot", "axes": -1}, [4, 4]),
        "dot_crossed": ({"type": "dot", "axes": [2, 1]}, [2, 3]),
        "dot_normalized": ({"type": "dot", "axes": 2, "normalize": True}, [4, 4]),
    }
    for seed, (name, (layer, sizes)) in enumerate(others.items(), 251):
        model = branches(layer, (2, 3), sizes)
        yield case(name, model, training(), x, y, {"values": 2}, input_shape=(2, 3), seed=seed, steps=3)
    x, y = rows(258, 8, (3,)), values(258, 8, 2)
    model = branches({"type": "dot", "axes": 1}, (3,), [4, 4])
    yield case("dot_vectors", model, training(), x, y, {"values": 2}, seed=258, steps=3)
    yield from masked()


def masked():
    """Where inputs have masks, which differ, or one has none; an LSTM shows which steps count."""
    joins = {
        "add_masked": ({"type": "add"}, True),
        "add_half_masked": ({"type": "add"}, False),
        "multiply_masked": ({"type": "multiply"}, True),
        "multiply_half_masked": ({"type": "multiply"}, False),
        "maximum_masked": ({"type": "maximum"}, True),
        "minimum_half_masked": ({"type": "minimum"}, False),
        "concatenate_masked": ({"type": "concatenate"}, True),
        "concatenate_half_masked": ({"type": "concatenate"}, False),
        "concatenate_steps_masked": ({"type": "concatenate", "axis": 1}, True),
        "concatenate_steps_half_masked": ({"type": "concatenate", "axis": 1}, False),
    }
    for seed, (name, (join, both)) in enumerate(joins.items(), 265):
        x, y = rows(seed, 6, (4, 2)), values(seed, 6, 2)
        # Zeros are left out by one mask, twos by the other one.
        x[1, 2:], x[2, 0], x[3, 1:3] = 0, 0, 0
        x[1, 1], x[2, 2:], x[4, 3], x[5, :2] = 2, 2, 2, 2
        layers = [
            {"type": "input", "name": "input", "shape": [4, 2]},
            {"type": "masking", "name": "zeros", "inputs": ["input"]},
            dense(3, activation="tanh", name="a", inputs=["zeros"]),
            {"type": "masking", "name": "twos", "mask_value": 2.0, "inputs": ["input"]},
            dense(3, activation="tanh", name="b", inputs=["twos" if both else "input"]),
            {**join, "name": "join", "inputs": ["a", "b"]},
            {"type": "lstm", "units": 3},
            dense(2),
        ]
        if not both:
            del layers[3]
        flat = x.reshape(6, 8)
        yield case(name, {"layers": layers}, training(), flat, y, {"values": 2}, input_shape=(4, 2), seed=seed, steps=3)
