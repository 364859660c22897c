"""Training steps and predictions of workloads.json by native PyTorch, for `cargo xtask bench --peers`: one JSON object per line.

    python pytorch.py workloads.json [beginnings of names, with commas]
"""

import json
import os
import statistics
import sys
import time

import torch
from torch import nn

RUNS = 5
BUDGET_S = 0.3


class Tokens(nn.Module):
    """A tiny GPT: the layers of W7 in PyTorch's words."""

    def __init__(self, vocabulary, width, heads, context, blocks):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(torch.zeros(context, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(blocks))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary)

    def forward(self, x):
        h = self.tokens(x) + self.places
        for block in self.blocks:
            h = block(h)
        return self.head(self.norm(h)).transpose(1, 2)


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        batch, steps, width = x.shape
        q, k, v = self.qkv(self.norms[0](x)).view(batch, steps, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, steps, width))
        return x + self.mlp(self.norms[1](x))


class Last(nn.Module):
    """The last step of an LSTM."""

    def __init__(self, inputs, units):
        super().__init__()
        self.lstm = nn.LSTM(inputs, units, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


def model(workload):
    """The network as a module, or None where it is not built here."""
    layers, shape = workload["layers"], workload["input"]
    if any(layer.get("inputs") for layer in layers):
        return Tokens(64, 64, 4, 64, 2) if workload["name"] == "W7" else None
    shape = [shape[2], *shape[:2]] if len(shape) == 3 else list(shape)
    modules = []
    for layer in layers:
        kind = layer["type"]
        if kind == "dense":
            modules.append(nn.Linear(shape[-1], layer["units"]))
            shape = [layer["units"]]
        elif kind == "conv2d":
            size = layer["kernel_size"]
            modules.append(nn.Conv2d(shape[0], layer["filters"], size, padding=size // 2))
            shape[0] = layer["filters"]
        elif kind == "max_pooling2d":
            modules.append(nn.MaxPool2d(layer["pool_size"]))
            shape = [shape[0], *(side // layer["pool_size"] for side in shape[1:])]
        elif kind == "flatten":
            modules.append(nn.Flatten())
            shape = [shape[0] * shape[1] * shape[2]]
        elif kind == "lstm":
            modules.append(Last(shape[1], layer["units"]))
            shape = [layer["units"]]
        else:
            return None
        # The loss takes logits.
        activation = {"relu": nn.ReLU, "tanh": nn.Tanh}.get(layer.get("activation"))
        if activation:
            modules.append(activation())
    return nn.Sequential(*modules)


def step_of(workload):
    """A function that does one step or prediction."""
    network = model(workload)
    if network is None:
        return None
    shape = workload["input"]
    shape = [shape[2], *shape[:2]] if len(shape) == 3 else shape
    batch = workload.get("predict") or workload["training"]["batch_size"]
    tokens = workload.get("tokens")
    x = torch.randint(tokens, (batch, *shape)) if tokens else torch.rand(batch, *shape) - 0.5
    if workload.get("predict"):
        network.eval()

        def predict():
            with torch.inference_mode():
                network(x)

        return predict
    target = workload["target"]
    if "values" in target:
        loss_of, y = nn.MSELoss(), torch.rand(batch, target["values"])
    elif "sequence" in target:
        loss_of, y = nn.CrossEntropyLoss(), torch.randint(target["sequence"]["classes"], (batch, target["sequence"]["length"]))
    else:
        loss_of, y = nn.CrossEntropyLoss(), torch.randint(target["classes"], (batch,))
    optimizer = workload["training"]["optimizer"]
    kinds = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    update = kinds[optimizer["type"]](network.parameters(), lr=optimizer["learning_rate"])

    def step():
        update.zero_grad()
        loss_of(network(x), y).backward()
        update.step()

    return step


def measure(step):
    """Milliseconds of a step."""
    begin, steps = time.perf_counter(), 0
    while time.perf_counter() - begin < BUDGET_S:
        step()
        steps += 1
    return (time.perf_counter() - begin) * 1e3 / steps


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        workloads = json.load(file)
    only = [name for name in (sys.argv[2] if len(sys.argv) > 2 else "").split(",") if name]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for workload in workloads:
        name = workload["name"]
        if name.startswith("layer") or (only and not any(name.startswith(it) for it in only)):
            continue
        for threads in sorted({1, cores}):
            torch.set_num_threads(threads)
            torch.manual_seed(1)
            step = step_of(workload)
            if step is None:
                continue
            measure(step)
            figures = sorted(measure(step) for _ in range(RUNS))
            ms = statistics.median(figures)
            batch = workload.get("predict") or workload["training"]["batch_size"]
            line = {
                "workload": name,
                "what": workload["what"],
                "engine": "PyTorch",
                "where": "native",
                "variant": torch.__version__,
                "threads": threads,
                "ms": ms,
                "spread": (figures[-1] - figures[0]) / ms,
                "rows_per_s": batch * 1e3 / ms,
            }
            print(json.dumps(line), flush=True)


main()
