"""Writes calibration-fixture.json: calibration by torchmetrics and by PyTorch's L-BFGS on logits.

    python test/unit/learning/evaluation/calibration-fixture.py

Needs torch and torchmetrics. The logits are a formula, so that both sides make them alike.
"""

import json
import math
import pathlib

import torch
from torchmetrics.functional.classification import multiclass_calibration_error

ROWS = 400
cases = []
for name, classes, scale, noise in [
    ("overconfident, three classes", 3, 6.0, 1.5),
    ("underconfident, five classes", 5, 0.4, 0.3),
    ("two classes", 2, 3.0, 1.0),
]:
    signal = [[math.sin(1.3 * i + 2.1 * k * k + 0.4 * k) for k in range(classes)] for i in range(ROWS)]
    targets = [
        max(range(classes), key=lambda k: signal[i][k] + noise * math.cos(2.7 * i * (k + 1)))
        for i in range(ROWS)
    ]
    logits = torch.tensor(signal, dtype=torch.float64) * scale
    labels = torch.tensor(targets)

    def describe(values):
        p = torch.softmax(values, 1)
        bins = {b: multiclass_calibration_error(p, labels, classes, n_bins=b, norm="l1").item() for b in (10, 15)}
        return {"ece": bins, "logLoss": torch.nn.functional.cross_entropy(values, labels).item()}

    temperature = torch.ones(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [temperature], lr=0.1, max_iter=2000, tolerance_grad=1e-12, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(logits / temperature, labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    t = temperature.item()
    cases.append(
        {
            "name": name,
            "classes": classes,
            "scale": scale,
            "noise": noise,
            "rows": ROWS,
            "before": describe(logits),
            "temperature": t,
            "after": describe(logits / t),
        }
    )

out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=2) + "\n")
