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
