"""The training step of signal-step.ts in PyTorch: selfEEG's EEGNet, or our residual network as in signals.py."""

from importlib.metadata import version

import torch
from network import better_layout, parameter_count, prepare_torch
from protocol import serve
from signals import Encoder, selfeeg
from torch import nn

CLASSES = 10


class Step:
    def start(self, options):
        prepare_torch()
        self.options = options
        self.samples = torch.rand(options["batch"], options["channels"], options["length"]) * 2 - 1
        self.classes = torch.arange(options["batch"]) % CLASSES
        layout = better_layout(self.prepare, lambda: self.run(1))
        return {
            "parameters": parameter_count(self.model),
            "layout": str(layout),
            "version": version("selfeeg"),
        }

    def encoder(self, layout):
        channels = self.options["channels"]
        if self.options["family"] == "eegnet":
            return selfeeg.models.EEGNetEncoder(channels)
        return Encoder(channels, self.options["options"]["width"], layout)

    def prepare(self, layout):
        encoder = self.encoder(layout)
        with torch.no_grad():
            features = encoder.eval()(self.samples[:2]).shape[1]
        model = nn.Sequential(encoder, nn.Linear(features, CLASSES))
        self.model = model.to(memory_format=layout).train()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def run(self, count):
        for _ in range(count):
            loss = nn.functional.cross_entropy(self.model(self.samples), self.classes)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            loss.item()


if __name__ == "__main__":
    serve(Step())
