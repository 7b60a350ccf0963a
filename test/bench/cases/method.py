"""Pretraining with a method of LightlySSL on views from a file, then the features of all images."""

import json
import math
from os.path import getsize

import numpy
import torch
from methods import methods
from network import Encoder, prepare_torch
from protocol import serve
from transformer import MAE, Transformer


class Pretraining:
    def start(self, options):
        prepare_torch(options["threads"], options["seed"])
        self.options = options
        channels, side = 1, options["side"]
        method = {**methods, "masked-autoencoder": MAE}[options["method"]]
        if options["encoder"] == "vit":
            encoder = Transformer(side, options["patch"])
        else:
            encoder = Encoder(options["width"], options["features"], channels)
        self.model = method(encoder, options["features"], options["peer"])
        self.model.begin(torch.from_file(options["weights"], size=getsize(options["weights"]) // 4))
        shape = (options["steps"], len(options["viewNames"]), options["batch"], channels, side, side)
        self.views = numpy.memmap(options["views"], dtype=numpy.float32, mode="r", shape=shape)
        self.images = numpy.fromfile(options["images"], dtype=numpy.uint8).reshape(-1, channels, side, side)
        decay, rest = [], []
        for _, value in self.model.trained():
            (decay if value.ndim >= 2 else rest).append(value)
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decay, "weight_decay": options["weightDecay"]},
                {"params": rest, "weight_decay": 0.0},
            ],
            lr=options["learningRate"],
        )
        return {"parameters": sum(value.numel() for _, value in self.model.trained())}

    def normalized(self, images):
        x = torch.from_numpy(numpy.array(images, dtype=numpy.float32))
        return (x - self.options["mean"]) / self.options["deviation"]

    def learning_rate(self, step):
        """src/training/step/learning-rate.ts"""
        options = self.options
        warmup = options["warmupSteps"]
        if step < warmup:
            return options["learningRate"] * (step + 1) / warmup
        progress = min(1, (step - warmup) / max(1, options["steps"] - warmup))
        return options["learningRate"] * (1 + math.cos(math.pi * progress)) / 2

    def run(self, count):
        self.model.train()
        losses = []
        for step in range(count):
            for group in self.optimizer.param_groups:
                group["lr"] = self.learning_rate(step)
            views = [self.normalized(view) for view in self.views[step]]
            loss = self.model.loss(views, step / count)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.model.after_backward(step // self.options["stepsPerEpoch"])
            self.optimizer.step()
            if not math.isfinite(loss.item()):
                raise ValueError(f"the loss is no number any more at step {step}")
            losses.append(loss.item())
        with open(self.options["losses"], "w") as file:
            json.dump(losses, file)
        self.write_features()

    @torch.no_grad()
    def write_features(self):
        self.model.eval()
        parts = [
            self.model.encoder(self.normalized(part)).numpy()
            for part in numpy.array_split(self.images, math.ceil(len(self.images) / 500))
        ]
        numpy.concatenate(parts).astype(numpy.float32).tofile(self.options["output"])


if __name__ == "__main__":
    serve(Pretraining())
