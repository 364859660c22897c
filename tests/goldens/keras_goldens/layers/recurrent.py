"""Recurrent layers: what they give out, in which direction, with and without masks."""

import numpy as np

from ..record import case, rows, training, values
from .around import dense

STEPS, WIDTH = 4, 3
# What is tried with every one of the three layers.
VARIANTS = {
    "": {},
    "_sequences": {"return_sequences": True},
    "_backwards": {"go_backwards": True},
    "_backwards_sequences": {"go_backwards": True, "return_sequences": True},
    "_masked": {},
    "_masked_sequences": {"return_sequences": True},
    "_masked_backwards_sequences": {"go_backwards": True, "return_sequences": True},
    "_masked_zeros": {"return_sequences": True, "zero_output_for_mask": True},
    "_without_bias": {"use_bias": False},
}
OWN = {
    "simple_rnn_relu": {"type": "simple_rnn", "activation": "relu"},
    "lstm_activations": {"type": "lstm", "activation": "gelu", "recurrent_activation": "silu"},
    "lstm_penalties": {"type": "lstm", "kernel_regularizer": {"type": "l2"}, "recurrent_regularizer": {"type": "l1"}},
    "gru_reset_before": {"type": "gru", "reset_after": False},
    "gru_reset_before_sequences": {"type": "gru", "reset_after": False, "return_sequences": True, "go_backwards": True},
    "gru_reset_before_masked": {"type": "gru", "reset_after": False},
    "gru_activations": {"type": "gru", "activation": "gelu", "recurrent_activation": "hard_sigmoid"},
    "gru_reset_before_activations": {"type": "gru", "reset_after": False, "activation": "softplus", "recurrent_activation": "tanh"},
    # Functions of whole rows: each gate is one.
    "simple_rnn_softmax": {"type": "simple_rnn", "activation": "softmax"},
    "lstm_of_rows": {"type": "lstm", "activation": "log_softmax", "recurrent_activation": "softmax"},
    "lstm_sparsemax_masked": {"type": "lstm", "activation": "softmax", "recurrent_activation": "sparsemax"},
    "gru_of_rows": {"type": "gru", "activation": "log_softmax", "recurrent_activation": "softmax"},
    "gru_reset_before_of_rows": {"type": "gru", "reset_after": False, "activation": "softmax", "recurrent_activation": "log_softmax"},
}
BOTH_WAYS = {
    "": {"layer": {"type": "lstm"}},
    "_sequences": {"layer": {"type": "gru", "return_sequences": True}},
    "_sum": {"layer": {"type": "simple_rnn"}, "merge_mode": "sum"},
    "_mul": {"layer": {"type": "gru"}, "merge_mode": "mul"},
    "_ave": {"layer": {"type": "gru"}, "merge_mode": "ave"},
    "_masked": {"layer": {"type": "lstm"}},
    "_masked_sequences": {"layer": {"type": "gru", "return_sequences": True}, "merge_mode": "sum"},
}
EVERY_STEP = {
    "": {"type": "dense", "units": 3, "activation": "tanh"},
    "_convolution": {"type": "conv2d", "filters": 2, "kernel_size": 2, "strides": 2},
    "_pooling": {"type": "max_pooling2d"},
    "_lstm": {"type": "lstm", "units": 2},
    "_normalization": {"type": "layer_normalization", "axis": [1, 2]},
}


def cases():
    tried = [
        (f"{kind}{suffix}", {"type": kind, **others})
        for kind in ("simple_rnn", "lstm", "gru")
        for suffix, others in VARIANTS.items()
    ]
    for seed, (name, layer) in enumerate([*tried, *OWN.items()], 600):
        yield one(name, {"units": 3, **layer}, seed)
    for seed, (suffix, others) in enumerate(BOTH_WAYS.items(), 660):
        inner = {"units": 2, **others["layer"]}
        yield one(f"bidirectional{suffix}", {"type": "bidirectional", **others, "layer": inner}, seed)
    back = {"type": "lstm", "units": 2, "go_backwards": True}
    several = {"type": "bidirectional", "layer": {"type": "gru", "units": 2}, "backward_layer": back}
    yield one("bidirectional_backward_layer", several, 670)

    for seed, (name, inner) in enumerate(EVERY_STEP.items(), 675):
        every_step = {"type": "time_distributed", "layer": inner}
        # Images at every step, where the layer takes images.
        shape = (STEPS, 4, 3, 2) if "2d" in inner["type"] else (STEPS, 5, WIDTH) if name else (STEPS, WIDTH)
        x, y = rows(seed, 5, shape), values(seed, 5, 2)
        model = {"layers": [dense(WIDTH), every_step, {"type": "flatten"}, dense(2)]}
        flat = np.ascontiguousarray(x.reshape(5, -1))
        yield case(f"time_distributed{name}", model, training(), flat, y, {"values": 2}, input_shape=shape, seed=seed, steps=3)

    # The mask goes through to what reads it.
    x, y = rows(681, 5, (STEPS, WIDTH)), values(681, 5, 2)
    x[1, 2:], x[2, :2], x[3, 2] = 0, 0, 0
    inner = {"type": "time_distributed", "layer": {"type": "dense", "units": 3, "activation": "tanh"}}
    model = {"layers": [{"type": "masking"}, inner, {"type": "gru", "units": 3}, dense(2)]}
    flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
    yield case("time_distributed_masked", model, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=681, steps=3)


    yield from with_states()


def with_states():
    """States at both ends: an encoder's are those that a decoder begins with."""
    steps = [{"type": "input", "name": "input"}, dense(WIDTH, name="steps", activation="tanh", inputs=["input"])]
    for seed, kind in enumerate(("simple_rnn", "lstm", "gru"), 690):
        states = 2 if kind == "lstm" else 1
        encoder = {"type": kind, "units": 3, "name": "encoder", "return_state": True, "inputs": ["steps"]}
        begin = [f"encoder:{k}" for k in range(1, 1 + states)]
        decoder = {"type": kind, "units": 3, "name": "decoder", "return_sequences": True, "inputs": ["steps", *begin]}
        end = [{"type": "flatten"}, dense(2)]
        yield of_states(f"{kind}_encoder_decoder", [*steps, encoder, decoder, *end], seed)
        # What is returned beside the states, and with steps left out, backwards, and with dropout's own way through the gates.
        masked = [{"type": "masking"}, dense(WIDTH, name="steps", activation="tanh")]
        encoder |= {"go_backwards": True, "return_sequences": True}
        # Keras' simple_rnn forgets that it was told a penalty on its outputs.
        encoder |= {} if kind == "simple_rnn" else {"activity_regularizer": {"type": "l2", "l2": 0.1}}
        joined = [{"type": "flatten", "name": "flat", "inputs": ["encoder"]}, {"type": "concatenate", "inputs": ["flat", *begin]}]
        yield of_states(f"{kind}_states_masked", [*masked, encoder, *joined, dense(2)], seed)
    begin = [dense(2, name=f"state_{k}", activation="tanh", inputs=["flat"]) for k in range(4)]
    flat = {"type": "flatten", "name": "flat", "inputs": ["input"]}
    both = {"type": "bidirectional", "name": "both", "inputs": ["steps", "state_0", "state_1", "state_2", "state_3"]}
    both["layer"] = {"type": "lstm", "units": 2, "return_state": True}
    given = {"type": "concatenate", "inputs": ["both", "both:1", "both:2", "both:3", "both:4"]}
    yield of_states("bidirectional_states", [*steps, flat, *begin, both, given, dense(2)], 697)
    apart = {"type": "bidirectional", "name": "both", "merge_mode": "none", "layer": {"type": "gru", "units": 2, "return_sequences": True}}
    given = {"type": "subtract", "inputs": ["both", "both:1"]}
    yield of_states("bidirectional_apart", [*steps, apart, given, {"type": "flatten"}, dense(2)], 698)


def of_states(name: str, layers: list[dict], seed: int) -> dict:
    x, y = rows(seed, 5, (STEPS, WIDTH)), values(seed, 5, 2)
    if "masked" in name:
        x[1, 2:], x[2, :2], x[3, 2], x[4] = 0, 0, 0, 0
    flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
    return case(name, {"layers": layers}, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=seed, steps=3)


def one(name: str, layer: dict, seed: int) -> dict:
    """The layer between two dense ones. Where a case is masked, some rows end early, one has a gap and one has no step at all."""
    x, y = rows(seed, 5, (STEPS, WIDTH)), values(seed, 5, 2)
    before = []
    if "masked" in name:
        x[1, 2:], x[2, :2], x[3, 2], x[4] = 0, 0, 0, 0
        before = [{"type": "masking"}]
    gives_steps = layer.get("layer", layer).get("return_sequences", False)
    after = [{"type": "flatten"}] if gives_steps else []
    model = {"layers": [*before, dense(WIDTH, activation="tanh"), layer, *after, dense(2)]}
    flat = np.ascontiguousarray(x.reshape(5, STEPS * WIDTH))
    return case(name, model, training(), flat, y, {"values": 2}, input_shape=(STEPS, WIDTH), seed=seed, steps=3)
