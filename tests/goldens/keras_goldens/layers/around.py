"""What stands around the layer in question: dense layers, so that the first one's gradients prove the layer's input gradient."""


def dense(units: int, **others) -> dict:
    return {"type": "dense", "units": units, **others}
