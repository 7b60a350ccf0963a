"""Writes pytorch-blocks.json: blocks of ConvNeXt and of a vision transformer as PyTorch computes them.

Run: python pytorch-blocks.py (PyTorch 2), then format the file. The blocks are put together from torch.nn’s own layers; weights
are kept in the layout of this program (dense kernels [inputs, outputs], depthwise kernels [side, side, channels],
places before channels).
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn import functional

torch.manual_seed(1)
HERE = pathlib.Path(__file__).parent


def plain(tensor):
    return {"shape": list(tensor.shape), "values": [round(float(v), 7) for v in tensor.detach().flatten()]}


def dense(layer, name):
    return {f"{name}/kernel": plain(layer.weight.T), f"{name}/bias": plain(layer.bias)}


def norm(layer, name):
    nn.init.uniform_(layer.weight, 0.5, 1.5)
    nn.init.uniform_(layer.bias, -0.5, 0.5)
    return {f"{name}/scale": plain(layer.weight), f"{name}/offset": plain(layer.bias)}


def convnext(dimensions, shape, kernel):
    channels = shape[-1]
    convolution = (nn.Conv2d if dimensions == 2 else nn.Conv1d)(
        channels, channels, kernel, padding=kernel // 2, groups=channels
    )
    between = nn.LayerNorm(channels, eps=1e-6)
    widen, narrow = nn.Linear(channels, 4 * channels), nn.Linear(4 * channels, channels)
    scale = torch.rand(channels)
    x = torch.randn(shape)
    parameters = {
        "block/depthwise/kernel": plain(convolution.weight.squeeze(1).movedim(0, -1)),
        "block/depthwise/bias": plain(convolution.bias),
        **norm(between, "block/norm"),
        **dense(widen, "block/widen"),
        **dense(narrow, "block/narrow"),
        "block/scale": plain(scale),
    }
    y = convolution(x.movedim(-1, 1)).movedim(1, -1)
    y = x + scale * narrow(functional.gelu(widen(between(y))))
    return {"parameters": parameters, "input": plain(x), "output": plain(y)}


def transformer(width, heads, expansion, shape):
    first, second = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
    attention = nn.MultiheadAttention(width, heads, batch_first=True)
    nn.init.uniform_(attention.in_proj_bias, -0.5, 0.5)
    nn.init.uniform_(attention.out_proj.bias, -0.5, 0.5)
    widen, narrow = nn.Linear(width, expansion * width), nn.Linear(expansion * width, width)
    x = torch.randn(shape)
    parameters = {
        **norm(first, "block/attention/norm"),
        "block/attention/enter/kernel": plain(attention.in_proj_weight.T),
        "block/attention/enter/bias": plain(attention.in_proj_bias),
        **dense(attention.out_proj, "block/attention/leave"),
        **norm(second, "block/mix/norm"),
        **dense(widen, "block/mix/widen"),
        **dense(narrow, "block/mix/narrow"),
    }
    normed = first(x)
    y = x + attention(normed, normed, normed, need_weights=False)[0]
    y = y + narrow(functional.gelu(widen(second(y))))
    return {"parameters": parameters, "input": plain(x), "output": plain(y)}


blocks = {
    "convnext of images": convnext(2, (2, 5, 4, 6), 3),
    "convnext of signals": convnext(1, (2, 9, 4), 5),
    "transformer": transformer(8, 2, 2, (2, 5, 8)),
}
(HERE / "pytorch-blocks.json").write_text(json.dumps(blocks, separators=(",", ":")) + "\n")
