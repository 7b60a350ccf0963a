"""The residual network of src/learning/encoders/residual.ts in PyTorch: the same layers, as many numbers."""

import os

import torch
from protocol import BY_PROCESSOR, now
from torch import nn


# The device that our side computes on: both sides get the same.
DEVICE = torch.device("cuda" if os.environ.get("PRETEXT_BENCH_DEVICE") == "gpu" else "cpu")


def prepare_torch(threads=None, seed=1):
    """All cores unless told otherwise. On a GPU, what makes it quickest there: TensorFlow does both unasked."""
    torch.backends.cuda.matmul.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads or (1 if BY_PROCESSOR else cores))
    torch.manual_seed(seed)


def unit(inputs, outputs, size, stride=1, activation=True):
    layers = [
        nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if activation else nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            unit(inputs, outputs, 3, stride), unit(outputs, outputs, 3, activation=False)
        )
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else unit(inputs, outputs, 1, stride, activation=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


class Encoder(nn.Module):
    """[N, channels, H, W] to [N, features]; the last of four stages has as many channels as there are features."""

    def __init__(self, width, features=None, channels=3):
        super().__init__()
        widths = [width, 2 * width, 4 * width, features or 8 * width]
        layers = [unit(channels, width, 3)]
        for stage, outputs in enumerate(widths):
            layers.append(Block(width if stage == 0 else widths[stage - 1], outputs, 1 if stage == 0 else 2))
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x):
        return self.layers(x)


def parameter_count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def better_layout(prepare, step, repeats=3):
    """
    Tries both memory layouts and keeps the faster. `prepare(layout)` sets up, `step()` runs once.

    In turn, and by the quickest step of each, so that what else the machine does decides nothing.
    """
    times = {torch.channels_last: [], torch.contiguous_format: []}
    for _ in range(repeats):
        for layout, taken in times.items():
            prepare(layout)
            step()
            begin = now()
            step()
            taken.append(now() - begin)
    best = min(times, key=lambda layout: min(times[layout]))
    prepare(best)
    return best
