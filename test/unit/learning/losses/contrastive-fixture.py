"""Reference values and gradients of the contrastive losses, from LightlySSL's and PyTorch's own code.

Run with PyTorch and LightlySSL (the bench keeps both in the cache, in bench-peers/venv):
    python contrastive-fixture.py > contrastive-fixture.json
"""

import json

import torch
import torch.nn.functional as F
from lightly.loss import NTXentLoss, SwaVLoss
from lightly.loss.swav_loss import sinkhorn
from lightly.models.modules import NNMemoryBankModule

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def values(tensor):
    return [[round(value, 9) for value in row] for row in tensor.detach().tolist()]


def differentiated(loss, *inputs):
    gradients = torch.autograd.grad(loss, inputs)
    return {"loss": loss.item(), "gradients": [values(gradient) for gradient in gradients]}


def draw(*shape):
    return torch.round(torch.randn(shape), decimals=3).requires_grad_()


first, second, queue = draw(6, 5), draw(6, 5), F.normalize(draw(9, 5), dim=1).detach()
queue = torch.round(queue, decimals=6)
labels = torch.tensor([0, 1, 1, 2, 0, 1])
scores = {name: torch.tanh(draw(rows, 4)).detach().round(decimals=6).requires_grad_()
          for name, rows in {"first": 6, "second": 6, "small1": 6, "small2": 6, "queue1": 8, "queue2": 8}.items()}


def supervised(a, b, ids, temperature):
    """Equation 2 of Khosla et al. 2020, term by term."""
    views, classes = F.normalize(torch.cat([a, b]), dim=1), torch.cat([ids, ids]).tolist()
    everyone = range(len(views))
    total = 0.0
    for i in everyone:
        below = torch.log(sum(torch.exp(views[i] @ views[a] / temperature) for a in everyone if a != i))
        positives = [p for p in everyone if p != i and classes[p] == classes[i]]
        total = total - sum(views[i] @ views[p] / temperature - below for p in positives) / len(positives)
    return total / len(views)


def with_bank(module, bank):
    module.bank = bank.clone()
    return module


moco = NTXentLoss(temperature=0.2, memory_bank_size=(9, 5))
with_bank(moco.memory_bank, queue)

# The pseudo-code of Dwibedi et al. 2021, with LightlySSL's own search for neighbours.
neighbours = with_bank(NNMemoryBankModule(size=(9, 5)), queue)(first.detach())
nnclr = F.cross_entropy(F.normalize(neighbours, dim=1) @ F.normalize(second, dim=1).T / 0.1, torch.arange(6))

large, small = [scores["first"], scores["second"]], [scores["small1"], scores["small2"]]
swav = SwaVLoss(temperature=0.1, sinkhorn_iterations=3, sinkhorn_epsilon=0.05)

print(json.dumps({
    "inputs": {
        "first": values(first), "second": values(second), "queue": values(queue), "labels": labels.tolist(),
        "scores": {name: values(tensor) for name, tensor in scores.items()},
    },
    "ntXent": {"temperature": 0.2, **differentiated(NTXentLoss(0.2)(first, second), first, second)},
    "supervised": {"temperature": 0.1, **differentiated(supervised(first, second, labels, 0.1), first, second)},
    "moco": {"temperature": 0.2, **differentiated(moco(first, second.detach()), first)},
    "neighbours": values(neighbours),
    "nnclr": {"temperature": 0.1, **differentiated(nnclr, second)},
    "sinkhorn": values(sinkhorn(scores["first"], iterations=3, epsilon=0.05)),
    "swav": differentiated(swav(large, []), *large),
    "swavMultiCrop": differentiated(swav(large, small), *large, *small),
    "swavQueue": differentiated(swav(large, small, [scores["queue1"], scores["queue2"]]), *large, *small),
}))
