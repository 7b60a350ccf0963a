"""The run of simclr.ts with LightlySSL: its transform, its loss, PyTorch's loader."""

import lightly
import numpy
import torch
from lightly.loss import NTXentLoss
from lightly.transforms import SimCLRTransform
from loader import Loader, projection
from network import DEVICE, Encoder, better_layout, parameter_count, prepare_torch
from PIL import Image
from protocol import serve
from torch import nn
from torch.utils.data import Dataset


class StoredImages(Dataset):
    """Uncompressed images in one file, read as they are needed: the same file that our side reads."""

    def __init__(self, file, count, transform):
        self.images = numpy.memmap(file, dtype=numpy.uint8, mode="r", shape=(count, 32, 32, 3))
        self.transform = transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.transform(Image.fromarray(numpy.asarray(self.images[index])))


def views(blur):
    """The strengths that src/learning/views/image.ts has as its defaults."""
    return SimCLRTransform(
        input_size=32,
        cj_prob=0.8,
        cj_strength=1.0,
        cj_bright=0.3,
        cj_contrast=0.3,
        cj_sat=0.2,
        cj_hue=0.05,
        min_scale=0.4,
        random_gray_scale=0.1,
        gaussian_blur=0.5 if blur else 0.0,
        sigmas=(0.1, 1.0),
        hf_prob=0.5,
        vf_prob=0.0,
        rr_prob=0.0,
        normalize={"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
    )


class SimCLR(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.encoder = Encoder(width)
        self.projection = projection(8 * width)

    def forward(self, x):
        return self.projection(self.encoder(x))


class Pretraining:
    criterion = NTXentLoss(temperature=0.2)

    def start(self, options):
        prepare_torch()
        self.load(options)
        sample = torch.randn(2 * options["batch"], 3, 32, 32)
        layout = better_layout(self.prepare, lambda: self.step(*sample.chunk(2)), repeats=2)
        return {
            "parameters": parameter_count(self.model),
            "layout": str(layout),
            "version": lightly.__version__,
        }

    def load(self, options):
        self.width = options["width"]
        dataset = StoredImages(options["images"], options["count"], views(options["blur"]))
        self.loader = Loader(dataset, options["batch"], options["workers"])

    def prepare(self, layout):
        self.layout = layout
        self.model = SimCLR(self.width).to(DEVICE, memory_format=layout).train()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=0.001, weight_decay=1e-4, fused=True
        )

    def step(self, first, second):
        batch = torch.cat([first, second]).to(DEVICE, memory_format=self.layout)
        projections = self.model(batch).chunk(2)
        loss = self.criterion(*projections)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def run(self, count):
        self.loader.run(count, self.train)

    def train(self, batches):
        for first, second in batches:
            self.step(first, second)


if __name__ == "__main__":
    serve(Pretraining())
