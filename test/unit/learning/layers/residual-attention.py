"""Writes residual-attention.json: two blocks of a time-series transformer with residual attention as PyTorch computes them.

Run: python residual-attention.py (PyTorch 2), then format the file. Put together from torch.nn's own layers; kernels are
kept as this program has them, [inputs, outputs].
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(3)
HERE = pathlib.Path(__file__).parent
COUNT, PLACES, WIDTH, HEADS, HIDDEN, DEPTH = 2, 3, 4, 2, 6, 2


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [round(float(v), 7) for v in tensor.detach().flatten()]}


def dense(layer, name):
    return {f"{name}/kernel": plain(layer.weight.T), f"{name}/bias": plain(layer.bias)}


def norm(layer, name):
    nn.init.uniform_(layer.weight, 0.5, 1.5)
    nn.init.uniform_(layer.bias, -0.5, 0.5)
    return {f"{name}/scale": plain(layer.weight), f"{name}/offset": plain(layer.bias)}


def normed(layer, x):
    return layer(x.movedim(-1, 1)).movedim(1, -1)


parameters = {}
x = torch.randn(COUNT, PLACES, WIDTH)
y, before = x, None
for index in range(DEPTH):
    enter, leave = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
    widen, narrow = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
    first, second = nn.BatchNorm1d(WIDTH), nn.BatchNorm1d(WIDTH)
    name = f"block{index}"
    parameters |= {
        **dense(enter, f"{name}/attention/enter"),
        **dense(leave, f"{name}/attention/leave"),
        **norm(first, f"{name}/attention/norm"),
        **dense(widen, f"{name}/mix/widen"),
        **dense(narrow, f"{name}/mix/narrow"),
        **norm(second, f"{name}/mix/norm"),
    }
    queries, keys, values = enter(y).chunk(3, dim=-1)
    heads = lambda part: part.reshape(COUNT, PLACES, HEADS, -1).transpose(1, 2)
    scores = heads(queries) @ heads(keys).transpose(2, 3) / (WIDTH // HEADS) ** 0.5
    if before is not None:
        scores = scores + before
    before = scores
    mixed = (scores.softmax(-1) @ heads(values)).transpose(1, 2).reshape(COUNT, PLACES, WIDTH)
    y = normed(first, y + leave(mixed))
    y = normed(second, y + narrow(functional.gelu(widen(y))))

found = {"parameters": parameters, "input": plain(x), "output": plain(y)}
(HERE / "residual-attention.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
