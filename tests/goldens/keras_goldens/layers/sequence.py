"""Which steps of a sequence count."""

from ..record import case, rows, training, values
from .around import dense


def cases():
    x, y = rows(200, 10, (12,)), values(200, 10, 2)
    # Some steps are all the value that means "not there"; one of them in the middle.
    x = x.reshape(10, 6, 2)
    x[::2, 4:], x[1::3, 2] = -1, -1
    x = x.reshape(10, 12)
    model = {"layers": [{"type": "masking", "mask_value": -1.0}, dense(4, activation="tanh"), {"type": "flatten"}, dense(2)]}
    yield case("masking", model, training(), x, y, {"values": 2}, input_shape=(6, 2), seed=200, steps=10)
