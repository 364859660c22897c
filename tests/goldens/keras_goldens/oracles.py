"""The two schedules that Keras has not, as they were published, in plain floats, and the numbers that PyTorch's own tests expect of them.

one_cycle       Smith and Topin, "Super-convergence" (2018), in the two phases of PyTorch's `OneCycleLR.get_lr` with
                `anneal_strategy="cos"` (torch/optim/lr_scheduler.py)
linear_warmup   Goyal et al., "Accurate, large minibatch SGD" (2017), section 2.2; PyTorch's `LinearLR` in front of another schedule;
                in front of a cosine it is Keras' own `CosineDecay` with `warmup_target`
"""

import math

import keras


def one_cycle(spec: dict, step: int) -> float:
    highest, total = spec["max_learning_rate"], spec["total_steps"]
    initial = highest / spec.get("div_factor", 25.0)
    lowest = initial / spec.get("final_div_factor", 1e4)
    start_step = 0.0
    phases = [(spec.get("pct_start", 0.3) * total - 1, initial, highest), (total - 1, highest, lowest)]
    for end_step, start, end in phases:
        if step <= end_step or end_step == total - 1:
            # PyTorch raises after the last step; the rate stays there.
            part = min((step - start_step) / (end_step - start_step), 1.0)
            return annealing_cos(start, end, part)
        start_step = end_step
    raise AssertionError


def annealing_cos(start: float, end: float, part: float) -> float:
    return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)


def linear_warmup(spec: dict, step: int) -> float:
    steps, start, then = spec["warmup_steps"], spec.get("initial_learning_rate", 0.0), spec["schedule"]
    if isinstance(then, dict):
        assert then["type"] == "cosine_decay", "what stands behind it must be Keras' own"
        highest, decay_steps = then["initial_learning_rate"], then["decay_steps"]
        kerases = keras.optimizers.schedules.CosineDecay(start, decay_steps, warmup_target=highest, warmup_steps=steps)
        return float(kerases(step))
    # LinearLR: the base rate times start_factor + (1 - start_factor) * step / total_iters.
    factor = start / then
    return then * (factor + (1 - factor) * min(step, steps) / steps)


OF = {"one_cycle": one_cycle, "linear_warmup": linear_warmup}

# pytorch/test/optim/test_lrscheduler.py: test_onecycle_lr_cos_annealing and test_linearlr.
ONE_CYCLE = {"type": "one_cycle", "max_learning_rate": 25.0, "total_steps": 10, "final_div_factor": 2.0}
EXPECTED = [1, 13, 25, *(annealing_cos(25, 0.5, i / 7.0) for i in range(1, 7)), 0.5]
assert all(math.isclose(one_cycle(ONE_CYCLE, step), rate) for step, rate in enumerate(EXPECTED))
WARMUP = {"type": "linear_warmup", "warmup_steps": 4, "initial_learning_rate": 0.0125, "schedule": 0.05}
EXPECTED = [0.05 * (0.25 + i * 0.75 / 4) for i in range(4)] + [0.05] * 6
assert all(math.isclose(linear_warmup(WARMUP, step), rate) for step, rate in enumerate(EXPECTED))

OF_PYTORCH = {"one_cycle_of_pytorch": ONE_CYCLE, "linear_warmup_of_pytorch": WARMUP}
