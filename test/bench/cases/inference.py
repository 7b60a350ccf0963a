"""The embedding of inference.ts in PyTorch."""

import torch
from network import DEVICE, Encoder, better_layout, parameter_count, prepare_torch
from protocol import serve


class Inference:
    def start(self, options):
        prepare_torch()
        self.width, self.batch = options["width"], options["batch"]
        layout = better_layout(self.prepare, lambda: self.run(1))
        return {"parameters": parameter_count(self.model), "layout": str(layout), "version": torch.__version__}

    def prepare(self, layout):
        self.layout = layout
        self.model = Encoder(self.width).to(DEVICE, memory_format=layout).eval()
        self.samples = torch.randint(0, 256, (self.batch, 32, 32, 3), dtype=torch.uint8)

    @torch.inference_mode()
    def run(self, count):
        for _ in range(count):
            images = self.samples.to(DEVICE).permute(0, 3, 1, 2).to(torch.float32, memory_format=self.layout)
            self.model((images - 127) / 64).cpu().numpy()


if __name__ == "__main__":
    serve(Inference())
