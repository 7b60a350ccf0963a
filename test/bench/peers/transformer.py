"""The vision transformer of src/learning/encoders/transformer.ts in PyTorch, and a masked autoencoder around it."""

import math

import torch
from lightly.models import utils
from methods import Method
from torch import nn


def waves(side, width):
    """src/learning/layers/positions.ts: the first half of the numbers tells the row, the second the column."""
    half = width // 4
    angles = torch.arange(side).float()[:, None] / 10000 ** (torch.arange(half).float() / half)
    code = torch.cat([angles.sin(), angles.cos()], dim=1)
    rows = code[:, None, :].expand(side, side, width // 2)
    columns = code[None, :, :].expand(side, side, width // 2)
    return torch.cat([rows, columns], dim=-1).reshape(side * side, width)


def blocks(depth, width, heads, expansion):
    return nn.Sequential(
        *(
            nn.TransformerEncoderLayer(
                width,
                heads,
                dim_feedforward=expansion * width,
                dropout=0.0,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            )
            for _ in range(depth)
        )
    )


class Transformer(nn.Module):
    """[N, 1, side, side] to [N, width]: the mean of all tokens."""

    def __init__(self, side, patch, width=96, depth=4, heads=4, expansion=2):
        super().__init__()
        self.patch, self.places, self.width = patch, (side // patch) ** 2, width
        self.embedding = nn.Linear(patch * patch, width)
        self.register_buffer("positions", waves(side // patch, width))
        self.blocks = blocks(depth, width, heads, expansion)
        self.norm = nn.LayerNorm(width)

    def tokens(self, patches, keep=None):
        placed = self.embedding(patches) + self.positions
        return self.norm(self.blocks(placed if keep is None else utils.get_at_index(placed, keep)))

    def forward(self, x):
        return self.tokens(utils.patchify(x, self.patch)).mean(dim=1)


class MAE(Method):
    def __init__(self, encoder, features, options):
        super().__init__(encoder)
        width = options["decoderWidth"]
        self.ratio = options["maskRatio"]
        self.enter = nn.Linear(features, width)
        self.mask_token = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.register_buffer("positions", waves(math.isqrt(encoder.places), width))
        self.decoder = blocks(options["decoderDepth"], width, heads=4, expansion=2)
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, encoder.patch**2)

    def loss(self, views, progress):
        images, places = views[0], self.encoder.places
        patches = utils.patchify(images, self.encoder.patch)
        keep, masked = utils.random_token_mask(
            size=(len(images), places), mask_ratio=self.ratio, mask_class_token=True
        )
        tokens = utils.repeat_token(self.mask_token, (len(images), places))
        tokens = utils.set_at_index(tokens, keep, self.enter(self.encoder.tokens(patches, keep)))
        decoded = self.norm(self.decoder(tokens + self.positions))
        answers = self.leave(utils.get_at_index(decoded, masked))
        targets = utils.get_at_index(patches, masked)
        mean, variance = targets.mean(-1, keepdim=True), targets.var(-1, keepdim=True)
        return nn.functional.mse_loss(answers, (targets - mean) / (variance + 1e-6).sqrt())
