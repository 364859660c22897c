"""Normalization of every kind."""

from ..record import case, rows, training, values
from .around import dense


def cases():
    for seed, (name, others) in enumerate(
        {
            "default": {},
            "fast_momentum": {"momentum": 0.8, "epsilon": 0.01},
            "without_scale": {"scale": False},
            "without_center": {"center": False},
            "renorm": {"renorm": True, "renorm_momentum": 0.8},
            "renorm_clipped": {"renorm": True, "renorm_clipping": {"rmax": 1.5, "rmin": 0.7, "dmax": 0.5}, "momentum": 0.9},
            "renorm_without_scale": {"renorm": True, "scale": False, "renorm_clipping": {"dmax": 0.2}},
        }.items(),
        40,
    ):
        x, y = rows(seed, 20, (3,)), values(seed, 20, 2)
        model = {"layers": [dense(4), {"type": "batch_normalization", **others}, {"type": "activation", "activation": "relu"}, dense(2)]}
        # Batches of 8, 8 and 4: the moving statistics take a short batch as they take a full one.
        name = f"batch_normalization_{name}"
        yield case(name, model, training(batch_size=8), x, y, {"values": 2}, seed=seed, steps=10, after=(1, 10), scores=True)

    kinds = {
        "layer_normalization": [{}, {"axis": [1, 2], "epsilon": 0.01}, {"axis": -2, "center": False}, {"scale": False}],
        "group_normalization": [{"groups": 2}, {"groups": 4, "scale": False}, {"groups": 1, "center": False}, {"groups": -1}],
        "instance_normalization": [{}],
        "rms_normalization": [{}, {"axis": [2, 3]}],
        "unit_normalization": [{}, {"axis": [1, 2]}],
        "batch_normalization": [{}, {"axis": 1}, {"axis": 2, "scale": False}],
    }
    # Numbered on, with seeds of their own.
    more = [
        ("group_normalization_of_images_4", {"groups": 3, "axis": 1}),
        ("instance_normalization_of_images_1", {"axis": 1}),
        ("instance_normalization_of_images_2", {"center": False}),
        ("instance_normalization_of_images_3", {"scale": False, "epsilon": 0.01}),
        ("group_normalization_of_images_5", {"groups": 2, "epsilon": 0.01}),
        ("rms_normalization_of_images_2", {"epsilon": 0.01}),
    ]
    tried = [(f"{kind}_of_images_{number}", it) for kind, variants in kinds.items() for number, it in enumerate(variants)]
    for seed, (name, arguments) in [*enumerate(tried, 381), *enumerate(more, 960)]:
        kind = name.split("_of_images")[0]
        x, y = rows(seed, 8, (24,)), values(seed, 8, 2)
        before = {"type": "conv2d", "filters": 4, "kernel_size": 2, "padding": "same", "name": "first"}
        model = {"layers": [before, {"type": kind, "name": "norm", **arguments}, {"type": "flatten"}, dense(2)]}
        spec = training(optimizer={"type": "sgd", "learning_rate": 0.01}, batch_size=5)
        yield case(name, model, spec, x, y, {"values": 2}, input_shape=(3, 4, 2), seed=seed, steps=4)

    # Steps that are left out do not count for the moments; one row has none that does.
    x, y = rows(410, 8, (4, 3)), values(410, 8, 2)
    x[1, 2:], x[3, :2], x[4] = 0, 0, 0
    layers = [{"type": "masking"}, dense(4), {"type": "batch_normalization"}, {"type": "flatten"}, dense(2)]
    flat = x.reshape(8, 12)
    yield case("batch_normalization_masked", {"layers": layers}, training(batch_size=5), flat, y, {"values": 2}, input_shape=(4, 3), seed=410, steps=4, scores=True)
