"""The training step of step.ts in PyTorch."""

import torch
from torch import nn
from network import DEVICE, Encoder, better_layout, parameter_count, prepare_torch
from protocol import serve

CLASSES = 10
# As our side chooses: without its range, numbers of 16 bits are more precise.
LOW_PRECISION = torch.float16 if DEVICE.type == "cuda" else torch.bfloat16


class Step:
    def start(self, options):
        prepare_torch()
        self.width, self.batch = options["width"], options["batch"]
        self.mixed = options.get("mixed", False)
        layout = better_layout(self.prepare, lambda: self.run(1))
        return {"parameters": parameter_count(self.model), "layout": str(layout), "version": torch.__version__}

    def prepare(self, layout):
        encoder = Encoder(self.width)
        self.model = nn.Sequential(encoder, nn.Linear(8 * self.width, CLASSES)).to(DEVICE, memory_format=layout)
        self.model.train()
        images = torch.rand(self.batch, 3, 32, 32) * 2 - 1
        self.images = images.to(DEVICE, memory_format=layout)
        self.classes = torch.arange(self.batch, device=DEVICE) % CLASSES
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def run(self, count):
        for _ in range(count):
            with torch.autocast(DEVICE.type, dtype=LOW_PRECISION, enabled=self.mixed):
                loss = nn.functional.cross_entropy(self.model(self.images), self.classes)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            loss.item()


if __name__ == "__main__":
    serve(Step())
