"""Writes several-windows.json: what PyTorch answers for contrasts of several windows and for gated units.

Run it with a Python that has torch: `python test/unit/learning/losses/several-windows.py`.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def flat(x):
    return [round(float(value), 9) for value in x.detach().reshape(-1)]


found = {}
N, D = 6, 4
first, second = torch.randn(N, D), torch.randn(N, D)
counted = torch.tensor([1.0, 1, 0, 1, 1, 1])
excluded = torch.zeros(N, N)
excluded[0, 1] = excluded[1, 0] = 1
units = torch.tensor([0, 0, 0, 1, 1, -1])


def choice(logits, out):
    kept = [i for i in range(N) if counted[i]]
    losses, right = [], []
    for row in kept:
        columns = [c for c in kept if c == row or not out[row, c]]
        scores = logits[row, columns]
        losses.append(F.cross_entropy(scores[None], torch.tensor([columns.index(row)])))
        right.append(float(scores.argmax() == columns.index(row)))
    return torch.stack(losses).mean(), sum(right) / len(right)


logits = 3 * first @ second.T
loss, accuracy = choice(logits, torch.zeros(N, N))
found["choice"] = {"loss": float(loss), "accuracy": accuracy}
scaled = F.normalize(first) @ F.normalize(second).T / 0.2
one, other = choice(scaled, excluded), choice(scaled.T, excluded)
found["pairs"] = {"loss": float((one[0] + other[0]) / 2), "accuracy": (one[1] + other[1]) / 2}

views = F.normalize(torch.cat([first, second]))
similarity = views @ views.T / 0.5
losses, negatives = [], []
for row in range(2 * N):
    sample, partner = row % N, (row + N) % (2 * N)
    if units[sample] < 0 or not counted[sample]:
        continue
    others = [
        c
        for c in range(2 * N)
        if c not in (row, partner) and units[c % N] == units[sample] and counted[c % N]
    ]
    scores = similarity[row, [partner, *others]]
    losses.append(F.cross_entropy(scores[None], torch.tensor([0])))
    negatives.append(len(others))
found["within"] = {
    "loss": float(torch.stack(losses).mean()),
    "negatives": sum(negatives) / len(negatives),
}

near, far = torch.randn(N), torch.randn(N)
weight = 0.1
bce = F.binary_cross_entropy_with_logits
ones, zeros = torch.ones(N), torch.zeros(N)
each = (
    bce(near, ones, reduction="none")
    + (1 - weight) * bce(far, zeros, reduction="none")
    + weight * bce(far, ones, reduction="none")
)
found["neighbourhood"] = {"loss": float((each * counted).sum() / counted.sum() / 2)}

gru = torch.nn.GRU(3, 5, batch_first=True)
x = torch.randn(2, 4, 3)
_, last = gru(x)
(last**2).sum().backward()
found["gru"] = {
    "x": flat(x),
    "enter": flat(gru.weight_ih_l0.T),
    "enterBias": flat(gru.bias_ih_l0),
    "again": flat(gru.weight_hh_l0.T),
    "againBias": flat(gru.bias_hh_l0),
    "last": flat(last[0]),
    "againGradient": flat(gru.weight_hh_l0.grad.T),
}
found["inputs"] = {
    "first": flat(first),
    "second": flat(second),
    "near": flat(near),
    "far": flat(far),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n")
