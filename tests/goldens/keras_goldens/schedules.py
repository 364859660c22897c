"""Schedules of the learning rate: Keras' own, and the two that Keras has not, written down as their sources have them."""

import math

import keras
from keras import ops

KERAS = {
    "exponential_decay": keras.optimizers.schedules.ExponentialDecay,
    "piecewise_constant_decay": keras.optimizers.schedules.PiecewiseConstantDecay,
    "polynomial_decay": keras.optimizers.schedules.PolynomialDecay,
    "inverse_time_decay": keras.optimizers.schedules.InverseTimeDecay,
    "cosine_decay": keras.optimizers.schedules.CosineDecay,
    "cosine_decay_restarts": keras.optimizers.schedules.CosineDecayRestarts,
}

SCHEDULES = {
    "exponential_decay": {"type": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.8},
    "exponential_decay_staircase": {
        "type": "exponential_decay",
        "initial_learning_rate": 0.1,
        "decay_steps": 8,
        "decay_rate": 0.5,
        "staircase": True,
    },
    "piecewise_constant_decay": {"type": "piecewise_constant_decay", "boundaries": [5, 20, 33], "values": [0.1, 0.05, 0.2, 0.01]},
    "polynomial_decay": {"type": "polynomial_decay", "initial_learning_rate": 0.1, "decay_steps": 30, "end_learning_rate": 0.01},
    "polynomial_decay_cycle": {
        "type": "polynomial_decay",
        "initial_learning_rate": 0.1,
        "decay_steps": 16,
        "power": 2.0,
        "cycle": True,
    },
    "inverse_time_decay": {"type": "inverse_time_decay", "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5},
    "inverse_time_decay_staircase": {
        "type": "inverse_time_decay",
        "initial_learning_rate": 0.1,
        "decay_steps": 16,
        "decay_rate": 2.0,
        "staircase": True,
    },
    "cosine_decay": {"type": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 40, "alpha": 0.1},
    "cosine_decay_warmup": {
        "type": "cosine_decay",
        "initial_learning_rate": 0.01,
        "decay_steps": 30,
        "warmup_target": 0.1,
        "warmup_steps": 10,
    },
    "cosine_decay_restarts": {"type": "cosine_decay_restarts", "initial_learning_rate": 0.1, "first_decay_steps": 8, "m_mul": 0.7},
    "cosine_decay_restarts_even": {
        "type": "cosine_decay_restarts",
        "initial_learning_rate": 0.1,
        "first_decay_steps": 16,
        "t_mul": 1.0,
        "alpha": 0.2,
    },
    "one_cycle": {"type": "one_cycle", "max_learning_rate": 0.2, "total_steps": 50},
    "one_cycle_early": {
        "type": "one_cycle",
        "max_learning_rate": 0.2,
        "total_steps": 30,
        "pct_start": 0.1,
        "div_factor": 5.0,
        "final_div_factor": 10.0,
    },
    "linear_warmup": {"type": "linear_warmup", "warmup_steps": 10, "schedule": 0.1},
    "linear_warmup_cosine": {
        "type": "linear_warmup",
        "warmup_steps": 12,
        "initial_learning_rate": 0.01,
        "schedule": {"type": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 30},
    },
}


# For training in Keras, which wants its own operations; `rates.py` holds both to what was published.
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """PyTorch's `OneCycleLR` with two phases and annealing by the cosine (torch/optim/lr_scheduler.py, by its documentation)."""

    def __init__(self, max_learning_rate, total_steps, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
        start = max_learning_rate / div_factor
        self.phases = [
            (0.0, pct_start * total_steps - 1, start, max_learning_rate),
            (pct_start * total_steps - 1, total_steps - 1, max_learning_rate, start / final_div_factor),
        ]

    def __call__(self, step):
        step = ops.cast(step, "float32")
        rates = [
            to + (start - to) / 2 * (1 + ops.cos(math.pi * ops.minimum((step - begin) / (end - begin), 1.0)))
            for begin, end, start, to in self.phases
        ]
        return ops.where(step <= self.phases[0][1], *rates)


class LinearWarmup(keras.optimizers.schedules.LearningRateSchedule):
    """From a start to the first value of another schedule, in a straight line; then that schedule from its beginning."""

    def __init__(self, warmup_steps, schedule, initial_learning_rate=0.0):
        self.steps, self.start = warmup_steps, initial_learning_rate
        self.then = globals()["schedule"](schedule) if isinstance(schedule, dict) else lambda step: schedule + 0.0 * step

    def __call__(self, step):
        step = ops.cast(step, "float32")
        rise = self.start + (self.then(0.0 * step) - self.start) * step / self.steps
        return ops.where(step < self.steps, rise, self.then(ops.maximum(step - self.steps, 0.0)))


def schedule(spec: dict) -> keras.optimizers.schedules.LearningRateSchedule:
    rest = {key: value for key, value in spec.items() if key != "type"}
    made = KERAS.get(spec["type"]) or {"one_cycle": OneCycle, "linear_warmup": LinearWarmup}[spec["type"]]
    return made(**rest)
