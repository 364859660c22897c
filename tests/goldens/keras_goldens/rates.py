"""The learning rates of the first 64 steps of every schedule."""

import numpy as np

from .schedules import SCHEDULES, schedule


def cases():
    for name, spec in SCHEDULES.items():
        made = schedule(spec)
        rates = np.array([made(step) for step in range(64)], dtype=np.float32)
        yield {"name": name, "schedule": spec, "rates": rates}
