"""SCARF and VIME on the rows of a table in PyTorch: the network, losses and settings of tables.ts, from its weights."""

import json

import numpy as np
import torch
from network import prepare_torch
from protocol import serve
from torch import nn
from torch.nn import functional as F

MOST_DEVIATIONS = 8
BINS = 32


def edges_of(column):
    """Quantiles by their number of bins, on the scale of deviation 1, and the rank of each."""
    quantiles = column["quantiles"]
    last = len(quantiles) - 1
    count = min(BINS, last)
    scale = column["standardDeviation"] or 1
    found = {}
    for edge in range(count + 1):
        place = int(edge / count * last + 0.5)
        value = np.float32((quantiles[place] - column["mean"]) / scale)
        first = found.get(value, (place / last, 0))[0]
        found[value] = (first, place / last)
    values = list(found)
    if len(values) == 1:
        return [values[0] - 1, values[0] + 1], [0, 1]
    return values, [(first + final) / 2 for first, final in found.values()]


class Network(nn.Module):
    """Numbers, one for each that is unknown, and embeddings of categories; then dense layers with rectifiers."""

    def __init__(self, options, weights):
        super().__init__()
        columns = options["columns"]
        self.numbers = [place for place, column in enumerate(columns) if "mean" in column]
        self.categories = [place for place, column in enumerate(columns) if "categories" in column]
        self.sizes = [len(columns[place]["categories"]) for place in self.categories]
        starts, total = [], 0
        for size in self.sizes:
            starts.append(total)
            total += size + 1
        self.register_buffer("starts", torch.tensor(starts))
        self.register_buffer("unknown", torch.tensor(self.sizes))
        self.embedding = nn.Parameter(weights["encoder/input/categories/table"])
        self.layers = nn.ModuleList(
            dense(weights, f"encoder/layer{place}") for place in range(3)
        )

    def forward(self, numbers, known, codes):
        told = torch.cat([numbers * known, 1 - known, self.embedding[codes + self.starts].flatten(1)], 1)
        for layer in self.layers:
            told = F.relu(layer(told))
        return told


def dense(weights, name):
    kernel = weights[f"{name}/kernel"]
    layer = nn.Linear(kernel.shape[0], kernel.shape[1], bias=f"{name}/bias" in weights)
    with torch.no_grad():
        layer.weight.copy_(kernel.T)
        if layer.bias is not None:
            layer.bias.copy_(weights[f"{name}/bias"])
    return layer


def head(weights, name):
    hidden = dense(weights, f"{name}/0")
    norm = [nn.BatchNorm1d(hidden.out_features)] if f"{name}/0/norm/scale" in weights else []
    return nn.Sequential(hidden, *norm, nn.ReLU(), dense(weights, f"{name}/output"))


class Tables:
    def start(self, options):
        prepare_torch()
        if options["whole"]:
            # What is learned is not timed, and threads that wait for each other take long beside other work.
            torch.set_num_threads(1)
        torch.manual_seed(options["seed"])
        self.options = options
        with open(options["weights"]) as file:
            weights = {
                name: torch.tensor(value["values"], dtype=torch.float32).reshape(value["shape"])
                for name, value in json.load(file).items()
            }
        columns = options["columns"]
        rows = torch.from_numpy(np.fromfile(options["rows"], np.float32).reshape(-1, len(columns)))
        self.trained = torch.from_numpy(np.fromfile(options["trained"], np.int32).astype(np.int64))
        self.network = Network(options, weights)
        numbers, categories = self.network.numbers, self.network.categories
        # Whatever does not change from step to step is made once, which is to the peer's good.
        scales = torch.tensor([[columns[at]["mean"], columns[at]["standardDeviation"] or 1] for at in numbers])
        known = ~torch.isnan(rows[:, numbers])
        plain = ((rows[:, numbers] - scales[:, 0]) / scales[:, 1]).nan_to_num(0)
        codes = rows[:, categories]
        unknown = torch.isnan(codes)
        self.codes = torch.where(unknown, self.network.unknown, codes.nan_to_num(0).round().long())
        self.plain, self.known = plain.clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS), known.float()
        self.codes_known = (~unknown).float()
        ranks = [np.interp(plain[:, place].numpy(), *edges_of(columns[at])) for place, at in enumerate(numbers)]
        self.ranks = torch.from_numpy((np.stack(ranks, 1).astype(np.float32) - 0.5) * np.sqrt(12).astype(np.float32))
        names = ["projection"] if options["task"] == "scarf" else ["mask", "values"]
        self.heads = nn.ModuleList(head(weights, name) for name in names)
        parameters = [*self.network.parameters(), *self.heads.parameters()]
        decayed = [one for one in parameters if one.ndim > 1]
        plain_ones = [one for one in parameters if one.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": options["weightDecay"]},
                {"params": plain_ones, "weight_decay": 0},
            ],
            lr=options["learningRate"],
            fused=True,
        )
        if options["whole"]:
            self.run(options["whole"]["steps"])
            with torch.inference_mode():
                self.network(self.plain, self.known, self.codes).numpy().tofile(options["whole"]["output"])
        return {"parameters": sum(one.numel() for one in parameters), "version": torch.__version__}

    def replaced(self, picked, mask):
        """The rows picked, with cells under the mask from other rows of the batch."""
        count = len(picked)
        sources = picked[torch.randint(count, mask.shape)]
        numbers, categories = self.network.numbers, self.network.categories
        taken = torch.where(mask, sources, picked[:, None])
        own = torch.arange(len(numbers))
        others = torch.arange(len(categories))
        return (
            self.plain[taken[:, numbers], own],
            self.known[taken[:, numbers], own],
            self.codes[taken[:, categories], others],
        )

    def run(self, count):
        options = self.options
        width = len(options["columns"])
        for _ in range(count):
            picked = self.trained[torch.randint(len(self.trained), (options["batch"],))]
            loss = self.scarf(picked, width) if options["task"] == "scarf" else self.vime(picked, width)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            loss.item()

    def scarf(self, picked, width):
        options = self.options
        covered = min(width - 1, max(1, round(options["corruption"] * width)))
        draws = torch.rand(len(picked), width)
        mask = draws >= draws.topk(covered, 1).values[:, -1:]
        view = self.replaced(picked, mask)
        plain = (self.plain[picked], self.known[picked], self.codes[picked])
        both = [torch.cat(pair) for pair in zip(plain, view)]
        vectors = F.normalize(self.heads[0](self.network(*both)), dim=1)
        anchors, corrupted = vectors.chunk(2)
        return F.cross_entropy(anchors @ corrupted.T / options["temperature"], torch.arange(len(picked)))

    def vime(self, picked, width):
        options, network = self.options, self.network
        numbers, categories = network.numbers, network.categories
        mask = torch.rand(len(picked), width) < options["corruption"]
        view = self.replaced(picked, mask)
        changed = torch.zeros(len(picked), width)
        own = (self.plain[picked], self.known[picked], self.codes[picked])
        changed[:, numbers] = ((view[0] != own[0]) | (view[1] != own[1])).float()
        changed[:, categories] = (view[2] != own[2]).float()
        features = network(*view)
        loss = F.binary_cross_entropy_with_logits(self.heads[0](features), changed)
        told = self.heads[1](features)
        weight = own[1]
        error = ((told[:, : len(numbers)] - self.ranks[picked]).square() * weight).sum()
        asked = weight.sum()
        start = len(numbers)
        codes_known = self.codes_known[picked]
        for place, size in enumerate(network.sizes):
            target = torch.where(codes_known[:, place] > 0, own[2][:, place], 0)
            surprise = F.cross_entropy(told[:, start : start + size], target, reduction="none")
            error = error + (surprise * codes_known[:, place]).sum()
            asked = asked + codes_known[:, place].sum()
            start += size
        return loss + options["valueWeight"] * error / asked


if __name__ == "__main__":
    serve(Tables())
