"""Reference values of losses without negatives, from LightlySSL on PyTorch: python3 joint-losses.py

Writes joint-losses.json beside it. Values and gradients in double precision, rounded to 9 digits.
"""

import json
import pathlib

import torch
from lightly.loss import BarlowTwinsLoss, DINOLoss, NegativeCosineSimilarity, VICRegLoss
from lightly.loss.wmse_loss import Whitening2d, norm_mse_loss

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(7)


def draw(*shape, scale=1.0):
    values = torch.randn(*shape, generator=generator) * scale
    return torch.round(values * 1000) / 1000


def flat(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def case(inputs, loss_of, **more):
    leaves = [value.clone().requires_grad_(True) for value in inputs]
    loss = loss_of(*leaves)
    loss.backward()
    return {
        "inputs": [flat(value) for value in inputs],
        "loss": float(f"{loss.item():.9g}"),
        "gradients": [flat(leaf.grad) if leaf.grad is not None else None for leaf in leaves],
        **more,
    }


rows, columns = 12, 5
first = draw(rows, columns) @ (torch.eye(columns) + draw(columns, columns, scale=0.3))
second = first + draw(rows, columns, scale=0.4)
first, second = torch.round(first * 1000) / 1000, torch.round(second * 1000) / 1000
third, fourth = draw(rows, columns), draw(rows, columns)
cosine = NegativeCosineSimilarity()


def whitening(x0, x1):
    layer = Whitening2d(columns, track_running_stats=False)
    return norm_mse_loss(layer(x0), layer(x1))


# Four views of students, two of teachers, with a centre that has already moved.
classes, samples = 6, 3
teachers = [draw(samples, classes, scale=0.3) for _ in range(2)]
students = [draw(samples, classes, scale=0.3) for _ in range(4)]
centre = draw(classes, scale=0.1)


def dino_module():
    module = DINOLoss(classes, teacher_temp=0.05, student_temp=0.1, center_momentum=0.9)
    module.center = centre.reshape(1, 1, classes).clone()
    return module


after = dino_module()
after(teachers, students)

document = {
    "shape": [rows, columns],
    "barlowTwins": case([first, second], BarlowTwinsLoss(0.005), redundancyWeight=0.005),
    "vicreg": case([first, second], VICRegLoss(25.0, 25.0, 1.0), weights=[25, 25, 1]),
    "vicregSmall": case([first * 0.3, second * 0.3], VICRegLoss(10.0, 3.0, 2.0), weights=[10, 3, 2]),
    "negativeCosine": case([first, second], cosine),
    "simsiam": case(
        [first, second, third, fourth],
        lambda p0, p1, z0, z1: 0.5 * (cosine(p0, z1.detach()) + cosine(p1, z0.detach())),
    ),
    "whitening": case([first, second], whitening),
    "dino": {
        **case(students, lambda *views: dino_module()(teachers, list(views))),
        "shape": [samples, classes],
        "teachers": [flat(value) for value in teachers],
        "centre": flat(centre),
        "temperatures": {"student": 0.1, "teacher": 0.05},
        "nextCentre": flat(after.center),
    },
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")
