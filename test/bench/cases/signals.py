"""The run of signals.ts with selfEEG: its dataset, augmentations, loss and training loop."""

import itertools
from importlib.metadata import version

import numpy
import pandas
import torch
from loader import Loader, projection
from network import better_layout, parameter_count, prepare_torch
from protocol import serve
from torch import nn


def load_selfeeg():
    """
    selfEEG loads torchaudio, whose newest release is built for an older CUDA than PyTorch's and refuses to be
    loaded beside it. Nothing here uses a GPU.
    """
    cuda, torch.version.cuda = torch.version.cuda, None
    try:
        import selfeeg
    finally:
        torch.version.cuda = cuda
    return selfeeg


selfeeg = load_selfeeg()
augment = selfeeg.augmentation

KERNEL, STEM_KERNEL, STEM_STRIDE = 5, 7, 2


def stored_windows(file, count, length, channels):
    """selfEEG's own dataset over the file that our side reads, mapped into memory: one array of all windows."""

    def load(path):
        shape = (count, length, channels)
        return numpy.memmap(path, dtype=numpy.float32, mode="c", shape=shape).transpose(0, 2, 1)

    windows = pandas.DataFrame({"full_path": [file], "file_name": ["windows"], "N_samples": [count]})
    split = pandas.DataFrame({"file_name": ["windows"], "split_set": [0]})
    return selfeeg.dataloading.EEGDataset(windows, split, [length, 1, 0], load_function=load)


def sometimes(share, change):
    return augment.RandomAug(change, augment.identity, p=[share, 1 - share])


def views(alike):
    """
    What selfEEG has that comes nearest to the views of signals.ts: time cut and stretched, scaled, noisy, with a gap. `alike`: one draw for all windows of a batch, which is its default and quicker; else one for
    each window, where selfEEG can do that (not for the scale and the amount of noise).
    """
    return augment.SequentialAug(
        sometimes(0.8, drawn(augment.scaling, {"value": [0.75, 1.33]}, True)),
        sometimes(0.8, drawn(augment.crop_and_resize, {"N_cut": [1, 5]}, alike, segments=10, whole=True)),
        sometimes(0.5, drawn(augment.add_gaussian_noise, {"std": [0.0, 0.1]})),
        sometimes(0.3, drawn(augment.masking, {"masked_ratio": [0.02, 0.2]}, alike)),
    )


def drawn(change, ranges, alike=None, whole=False, **fixed):
    if alike is not None:
        fixed["batch_equal"] = alike
    return augment.DynamicSingleAug(
        change,
        discrete_arg=fixed or None,
        range_arg=ranges,
        range_type={name: whole for name in ranges},
    )


def unit(inputs, outputs, size, stride=1, activation=True):
    layers = [
        nn.Conv2d(inputs, outputs, (1, size), (1, stride), padding=(0, size // 2), bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if activation else nn.Sequential(*layers)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        first, second = unit(inputs, outputs, KERNEL, stride), unit(outputs, outputs, KERNEL, activation=False)
        self.body = nn.Sequential(first, second)
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else unit(inputs, outputs, 1, stride, activation=False)

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


class Encoder(nn.Module):
    """
    src/learning/encoders/residual-signal.ts: [N, channels, length] to [N, features]. Signals are pictures of height 1,
    as for these PyTorch has two memory layouts of which the quicker is taken.
    """

    def __init__(self, channels, width, layout):
        super().__init__()
        self.layout = layout
        widths = [width, 2 * width, 4 * width]
        blocks = [Block(i, o, 2) for i, o in itertools.pairwise(widths)]
        stem = unit(channels, width, STEM_KERNEL, STEM_STRIDE)
        self.layers = nn.Sequential(stem, Block(width, width, 1), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x):
        return self.layers(x.unsqueeze(2).contiguous(memory_format=self.layout))


class Pretraining:
    def start(self, options):
        prepare_torch()
        self.options = options
        length, channels = options["length"], options["channels"]
        dataset = stored_windows(options["windows"], options["count"], length, channels)
        self.loader = Loader(dataset, options["batch"], options["workers"])
        self.views = views(options["alike"])
        sample = torch.randn(2 * options["batch"], channels, length)
        layout = better_layout(self.prepare, lambda: self.step(sample), repeats=2)
        return {
            "parameters": parameter_count(self.model),
            "layout": str(layout),
            "version": version("selfeeg"),
        }

    def prepare(self, layout):
        width = self.options["width"]
        encoder = Encoder(self.options["channels"], width, layout)
        self.model = selfeeg.ssl.SimCLR(encoder, projection(4 * width)).to(memory_format=layout).train()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=0.001, weight_decay=1e-4, fused=True
        )

    def step(self, sample):
        """Only to choose the layout; the run itself is selfEEG's `fit`."""
        self.optimizer.zero_grad()
        selfeeg.losses.simclr_loss(self.model(sample), temperature=0.2).backward()
        self.optimizer.step()

    def run(self, count):
        self.loader.run(count, self.fit)

    def fit(self, batches):
        self.model.fit(
            batches,
            epochs=1,
            optimizer=self.optimizer,
            augmenter=self.views,
            loss_args={"temperature": 0.2},
            # One pass over both views, as ours.
            cat_augmentations=True,
            verbose=False,
        )


if __name__ == "__main__":
    serve(Pretraining())
