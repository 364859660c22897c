"""The learning rates of the first 64 steps of every schedule."""

import numpy as np

from . import oracles
from .schedules import SCHEDULES, schedule

STEPS = 64


def cases():
    for name, spec in (SCHEDULES | oracles.OF_PYTORCH).items():
        made = schedule(spec)
        rates = np.array([made(step) for step in range(STEPS)], dtype=np.float32)
        # What Keras has not, others have: their numbers are the goldens, and what is trained with must agree.
        if spec["type"] in oracles.OF:
            published = np.array([oracles.OF[spec["type"]](spec, step) for step in range(STEPS)])
            np.testing.assert_allclose(rates, published, rtol=1e-5, atol=1e-9)
            rates = published.astype(np.float32)
        yield {"name": name, "schedule": spec, "rates": rates}
