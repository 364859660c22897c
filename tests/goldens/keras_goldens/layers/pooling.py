"""Pooling: padding on one side only, windows that overlap or leave values out, over everything."""

from ..record import case, rows, training, values
from .around import dense

WINDOWS = [{"pool_size": 2}, {"pool_size": 3, "strides": 2, "padding": "same"}, {"pool_size": 2, "strides": 3}, {"pool_size": 3, "strides": 1}]


def cases():
    seed = 260
    for shape, first, rank in [((6, 5, 1), "conv2d", "2d"), ((9, 1), "conv1d", "1d")]:
        width = shape[0] * shape[1] * shape[-1] if rank == "2d" else shape[0]
        kinds = {f"{kind}_pooling{rank}": WINDOWS for kind in ("max", "average")}
        kinds |= {f"global_{kind}_pooling{rank}": [{}, {"keepdims": True}] for kind in ("max", "average")}
        for kind, variants in kinds.items():
            for number, arguments in enumerate(variants):
                seed += 1
                x, y = rows(seed, 6, (width,)), values(seed, 6, 2)
                before = {"type": first, "filters": 3, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"}
                model = {"layers": [before, {"type": kind, **arguments}, {"type": "flatten"}, dense(2)]}
                spec = training(batch_size=4)
                yield case(f"{kind}_{number}", model, spec, x, y, {"values": 2}, input_shape=shape, seed=seed, steps=4)
