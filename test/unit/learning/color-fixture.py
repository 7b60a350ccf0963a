"""Reference values for colours as colorization uses them, from scikit-image and NumPy.

Run: python test/unit/learning/color-fixture.py > test/unit/learning/color-fixture.json
Made with scikit-image 0.26.
"""

import json

import numpy as np
from skimage.color import lab2rgb, rgb2lab

rng = np.random.default_rng(5)
corners = np.array([[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)])
dark = rng.integers(0, 14, (8, 3))
colors = np.concatenate([corners, dark, rng.integers(0, 256, (24, 3))])
lab = rgb2lab(colors[None] / 255.0)[0]

# Some that no screen shows: they are cut.
plain = np.stack([rng.uniform(0, 100, 24), rng.uniform(-90, 90, 24), rng.uniform(-90, 90, 24)], 1)
back = lab2rgb(plain[None])[0] * 255

# Bins in use, found on another sampling of the cube than the program's.
levels = np.arange(0, 256, 3)
cube = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 3)
cube_ab = rgb2lab(cube[None] / 255.0)[0][:, 1:]


def bins(size):
    return np.unique(np.round(cube_ab / size).astype(int), axis=0) * size


def spread(ab, centres, size, neighbours=5):
    out = np.zeros((len(ab), len(centres)))
    for row, color in enumerate(ab):
        distance = np.sqrt(((centres - color) ** 2).sum(1))
        nearest = np.argsort(distance, kind="stable")[:neighbours]
        weight = np.exp(-(distance[nearest] ** 2) / (2 * (size / 2) ** 2))
        out[row, nearest] = weight / weight.sum()
    return out


centres = bins(20)
ab = lab[16:, 1:]
targets = spread(ab, centres, 20)
frequency = rng.dirichlet(np.full(len(centres), 0.3))
mixed = 0.5 * frequency + 0.5 / len(centres)
weights = (1 / mixed) / (frequency / mixed).sum()

print(
    json.dumps(
        {
            "rgb": colors.tolist(),
            "lab": lab.round(5).tolist(),
            "plainLab": plain.round(6).tolist(),
            "plainRgb": back.round(4).tolist(),
            "binCounts": {"10": len(bins(10)), "20": len(centres)},
            "bins20": centres.tolist(),
            "ab": ab.round(6).tolist(),
            "spread": targets.round(7).tolist(),
            "frequency": frequency.round(9).tolist(),
            "weights": weights.round(6).tolist(),
        }
    )
)
