"""Reference outputs of the encoders for table rows, from PyTorch modules with the weights of a formula.

Run with PyTorch:
    python table-fixture.py > table-fixture.json

Weights: the variables of an encoder in the order of their names; the i-th value of the k-th is 0.4 sin(0.7 i + k + 1).
Moving variances are 1 + 0.5 sin². All is computed in float64.
"""

import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
NAN = float("nan")

COLUMNS = [
    {"name": "age", "kind": "whole-number", "missing": 0, "mean": 40, "standardDeviation": 10,
     "quantiles": [20, 30, 38, 45, 70]},
    {"name": "sex", "kind": "yes-no", "missing": 0, "categories": ["no", "yes"], "counts": [3, 4]},
    {"name": "gain", "kind": "number", "missing": 0.2, "mean": 100, "standardDeviation": 400,
     "quantiles": [0, 0, 0, 50, 2000]},
    {"name": "work", "kind": "category", "missing": 0.1, "categories": ["a", "b", "c"], "counts": [1, 2, 4]},
]
#: In stored units: numbers, codes, unknown ones, and numbers beyond both ends.
ROWS = [
    [25, 0, 0, 2],
    [38, 1, 25, 0],
    [70, 1, NAN, NAN],
    [NAN, 0, 3000, 1],
    [10, 1, 1000, 2],
]
BINS = 4
NUMBERS = [column for column in COLUMNS if "quantiles" in column]
CATEGORIES = [column for column in COLUMNS if "categories" in column]


class Weights:
    """Values by name: asked for twice, as the formula needs to know all names first."""

    def __init__(self, names=None):
        self.asked = {}
        self.order = sorted(names) if names else None

    def __call__(self, name, *shape, variance=False):
        self.asked[name] = shape
        if self.order is None:
            return torch.ones(shape)
        k = self.order.index(name)
        index = torch.arange(math.prod(shape)).reshape(shape)
        wave = torch.sin(0.7 * index + k + 1)
        return 1 + 0.5 * wave**2 if variance else 0.4 * wave


def normalised():
    rows = torch.tensor(ROWS)
    places = [COLUMNS.index(column) for column in NUMBERS]
    mean = torch.tensor([float(column["mean"]) for column in NUMBERS])
    deviation = torch.tensor([float(column["standardDeviation"]) for column in NUMBERS])
    return (rows[:, places] - mean) / deviation


def codes():
    rows = torch.tensor(ROWS)
    found = []
    for column in CATEGORIES:
        own = rows[:, COLUMNS.index(column)]
        found.append(torch.where(torch.isnan(own), len(column["categories"]), own).long())
    return found


def edges(column):
    """Unique edges of the bins, and of each the middle of the levels that it stands for."""
    quantiles = [(q - column["mean"]) / column["standardDeviation"] for q in column["quantiles"]]
    unique = sorted(set(quantiles))
    levels = []
    for value in unique:
        at = [i / (len(quantiles) - 1) for i, q in enumerate(quantiles) if q == value]
        levels.append((at[0] + at[-1]) / 2)
    return unique, levels


def piecewise(value, bounds):
    """Gorishniy et al. 2022, equation 1, bin by bin."""
    code = []
    for bin, (low, high) in enumerate(zip(bounds[:-1], bounds[1:])):
        if value < low and bin > 0:
            code.append(0.0)
        elif value >= high and bin < len(bounds) - 2:
            code.append(1.0)
        else:
            code.append((value - low) / (high - low))
    return code


def quantile(value, column):
    bounds, levels = edges(column)
    value = min(max(value, bounds[0]), bounds[-1])
    for low, high, a, b in zip(bounds[:-1], bounds[1:], levels[:-1], levels[1:]):
        if value <= high:
            return ((a + (b - a) * (value - low) / (high - low)) - 0.5) * math.sqrt(12)
    raise AssertionError


def each_number(function):
    values = normalised()
    return [[None if math.isnan(value) else function(value.item(), column)
             for value, column in zip(row, NUMBERS)] for row in values]


def embedded(weights, code, width, name="encoder/input"):
    """[N, F, width] of numbers, unknown ones by their own vector."""
    unknown = weights(f"{name}/numbers/unknown", len(NUMBERS), width)
    if code == "periodic":
        frequencies = weights(f"{name}/numbers/frequencies", len(NUMBERS), 3)
        size = 6
    else:
        size = max(len(edges(column)[0]) - 1 for column in NUMBERS)
    kernel = weights(f"{name}/numbers/linear/kernel", len(NUMBERS), size, width)
    bias = weights(f"{name}/numbers/linear/bias", len(NUMBERS), width)
    rows = []
    for row in normalised():
        tokens = []
        for f, value in enumerate(row):
            if torch.isnan(value):
                tokens.append(unknown[f])
                continue
            if code == "periodic":
                waves = 2 * math.pi * frequencies[f] * value
                told = torch.cat([torch.sin(waves), torch.cos(waves)])
            else:
                told = torch.tensor(piecewise(value.item(), edges(NUMBERS[f])[0]))
                told = F.pad(told, (0, size - len(told)))
            tokens.append(torch.relu(told @ kernel[f] + bias[f]))
        rows.append(torch.stack(tokens))
    return torch.stack(rows)


def categories(weights, width, name="encoder/input"):
    sizes = [len(column["categories"]) + 1 for column in CATEGORIES]
    table = weights(f"{name}/categories/table", sum(sizes), width)
    start, found = 0, []
    for size, own in zip(sizes, codes()):
        found.append(F.embedding(own, table[start:start + size]))
        start += size
    return torch.stack(found, 1)


def plain_numbers(code):
    if code == "quantile":
        told = each_number(quantile)
    else:
        told = each_number(lambda value, _: min(max(value, -8), 8))
    return torch.tensor([[0.0 if value is None else value for value in row] for row in told])


def vector(weights, code, width):
    known = (~torch.isnan(normalised())).double()
    numbers = plain_numbers(code) if code in ("quantile", "scaled") else embedded(weights, code, width).flatten(1)
    return torch.cat([numbers, 1 - known, categories(weights, width).flatten(1)], 1)


def linear(weights, name, x, outputs):
    return F.linear(x, weights(f"{name}/kernel", x.shape[-1], outputs).T, weights(f"{name}/bias", outputs))


def norm(weights, name, x):
    size = x.shape[1]
    return F.batch_norm(x, weights(f"{name}/mean", size), weights(f"{name}/variance", size, variance=True),
                        weights(f"{name}/scale", size), weights(f"{name}/offset", size), eps=BATCH_EPSILON)


BATCH_EPSILON = 1e-5


def plain(weights, code):
    x = vector(weights, code, 3)
    for layer, outputs in enumerate([6, 6, 8]):
        x = torch.relu(linear(weights, f"encoder/layer{layer}", x, outputs))
    return x


def residual(weights, code):
    x = linear(weights, "encoder/enter", vector(weights, code, 3), 6)
    for block in range(2):
        name = f"encoder/block{block}"
        inner = torch.relu(linear(weights, f"{name}/widen", norm(weights, f"{name}/norm", x), 12))
        x = x + linear(weights, f"{name}/narrow", inner, 6)
    return torch.relu(linear(weights, "encoder/leave", torch.relu(norm(weights, "encoder/norm", x)), 8))


def layer_norm(weights, name, x):
    size = x.shape[-1]
    return F.layer_norm(x, (size,), weights(f"{name}/scale", size), weights(f"{name}/offset", size), eps=1e-6)


def attention(weights, name, x, heads):
    n, t, width = x.shape
    q, k, v = linear(weights, f"{name}/enter", x, 3 * width).chunk(3, -1)
    apart = lambda y: y.reshape(n, t, heads, width // heads).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(apart(q), apart(k), apart(v))
    return linear(weights, f"{name}/leave", mixed.transpose(1, 2).reshape(n, t, width), width)


def ft_transformer(weights, code):
    width, heads = 8, 2
    if code in ("quantile", "scaled"):
        known = ~torch.isnan(normalised())
        told = plain_numbers(code)[:, :, None] * weights("encoder/input/numbers/weight", len(NUMBERS), width)
        numbers = torch.where(known[:, :, None], told, weights("encoder/input/numbers/unknown", len(NUMBERS), width))
    else:
        numbers = embedded(weights, code, width)
    x = torch.cat([numbers, categories(weights, width)], 1) + weights("encoder/input/bias", len(COLUMNS), width)
    x = torch.cat([weights("encoder/class", width).expand(len(ROWS), 1, width), x], 1)
    hidden = round(width * 4 / 3)
    for block in range(2):
        name = f"encoder/block{block}"
        x = x + attention(weights, f"{name}/attention",
                          x if block == 0 else layer_norm(weights, f"{name}/attention/norm", x), heads)
        value, gate = linear(weights, f"{name}/mix/widen", layer_norm(weights, f"{name}/mix/norm", x), 2 * hidden).chunk(2, -1)
        x = x + linear(weights, f"{name}/mix/narrow", value * torch.relu(gate), width)
    return torch.relu(layer_norm(weights, "encoder/norm", x[:, 0]))


def made(network, code):
    names = Weights()
    network(names, code)
    features = network(Weights(names.asked), code)
    return {"numbers": code, "features": [[round(value, 9) for value in row] for row in features.tolist()]}


print(json.dumps({
    "columns": COLUMNS,
    "rows": [[None if math.isnan(value) else value for value in row] for row in ROWS],
    "networks": [
        {"family": "plain", "options": {"width": 6, "stages": 2, "features": 8, "embedding": 3},
         "made": [made(plain, code) for code in ("quantile", "scaled", "piecewise-linear", "periodic")]},
        {"family": "residual", "options": {"width": 6, "stages": 2, "features": 8, "embedding": 3},
         "made": [made(residual, code) for code in ("quantile", "scaled", "piecewise-linear", "periodic")]},
        {"family": "ft-transformer", "options": {"width": 8, "depth": 2, "heads": 2},
         "made": [made(ft_transformer, code) for code in ("quantile", "scaled", "piecewise-linear", "periodic")]},
    ],
}, indent=1))
