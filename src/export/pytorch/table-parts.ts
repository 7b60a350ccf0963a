/** Python of the encoders of tables: how rows enter, and the blocks behind. Written by hand. */

export const rowParts = String.raw`
class Columnwise(nn.Module):
    """A linear map of its own for every column: [N, F, inputs] to [N, F, outputs]."""

    def __init__(self, columns, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, columns))
        self.bias = nn.Parameter(torch.zeros(columns, outputs))

    def forward(self, x):
        return torch.einsum("nfi,oif->nfo", x, self.weight) + self.bias


class Bins(nn.Module):
    """Bins of training rows for each column: where each begins, how wide it is, what share of the rows it holds."""

    def __init__(self, **tables):
        super().__init__()
        for name, values in tables.items():
            self.register_buffer(name, torch.tensor(values), persistent=False)

    def codes(self, x):
        """[N, F] to [N, F, bins]: 1 in bins below the value, its place in its own bin, 0 in those above."""
        return torch.minimum(torch.maximum((x.unsqueeze(2) - self.left) * self.inverse, self.low), self.high)

    def ranks(self, x):
        """[N, F] to [N, F]: the share of training rows below, brought to mean 0 and deviation 1."""
        levels = (self.codes(x).clamp(0, 1) * self.share).sum(2) + self.begin
        return (levels - 0.5) * 12**0.5


class Tails(nn.Module):
    """Columns with a long tail by their logarithm, all others in deviations."""

    def __init__(self, **tables):
        super().__init__()
        for name, values in tables.items():
            self.register_buffer(name, torch.tensor(values, dtype=torch.float32), persistent=False)

    def forward(self, x):
        away = (x * self.direction - self.begin).clamp(min=0)
        told = ((away * self.inverse + 1).log() - self.mean) * self.scale
        return told + x.clamp(-8, 8) * (self.direction == 0)


class Numbers(nn.Module):
    """Normalised numbers [N, F], none unknown, as one code each [N, F] or one vector each [N, F, width]."""

    def __init__(self, code, columns, width, inputs=0, bins=None, weighs=False, replaces=False, tails=None):
        super().__init__()
        self.code, self.bins, self.weighs, self.replaces = code, bins, weighs, replaces
        self.tails = tails
        if code == "periodic":
            self.frequencies = nn.Parameter(torch.zeros(columns, inputs // 2))
        if code in ("periodic", "piecewise-linear"):
            self.linear = Columnwise(columns, inputs, width)
        if weighs:
            self.weight = nn.Parameter(torch.zeros(columns, width))
        if replaces:
            self.unknown = nn.Parameter(torch.zeros(columns, width))

    def forward(self, x, known):
        if self.code == "scaled":
            told = x.clamp(-8, 8)
        elif self.code == "logarithm":
            told = self.tails(x)
        elif self.code == "quantile":
            told = self.bins.ranks(x)
        elif self.code == "piecewise-linear":
            told = F.relu(self.linear(self.bins.codes(x)))
        else:
            waves = 2 * torch.pi * x.unsqueeze(2) * self.frequencies
            told = F.relu(self.linear(torch.cat([waves.sin(), waves.cos()], 2)))
        if self.weighs:
            told = told.unsqueeze(2) * self.weight
        mask = known.unsqueeze(2) if told.dim() == 3 else known
        return told * mask + self.unknown * (1 - mask) if self.replaces else told * mask


class Categories(nn.Module):
    """Codes of categories [N, C] as a vector each [N, C, width]; what is unknown, NaN, has one of its own."""

    def __init__(self, sizes, width):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(sum(sizes) + len(sizes), width))
        starts = [sum(sizes[:place]) + place for place in range(len(sizes))]
        self.register_buffer("sizes", torch.tensor(sizes), persistent=False)
        self.register_buffer("starts", torch.tensor(starts), persistent=False)

    def forward(self, codes):
        unknown = codes.isnan()
        whole = torch.where(unknown, 0, codes).round().long().clamp(min=0).minimum(self.sizes - 1)
        return self.table[torch.where(unknown, self.sizes, whole) + self.starts]


class Row(nn.Module):
    """Rows [N, D], normalised, NaN where a cell is unknown; columns by their places."""

    def __init__(self, number_places, numbers, category_places, categories, tokens=0, width=0):
        super().__init__()
        self.number_places, self.category_places, self.tokens = number_places, category_places, tokens
        self.numbers, self.categories = numbers, categories
        if tokens:
            self.bias = nn.Parameter(torch.zeros(tokens, width))

    def forward(self, x):
        parts = []
        if self.numbers is not None:
            values = x[:, self.number_places]
            unknown = values.isnan()
            known = 1 - unknown.to(x.dtype)
            parts.append(self.numbers(torch.where(unknown, 0, values), known))
            if not self.tokens:
                parts.append(1 - known)
        if self.categories is not None:
            parts.append(self.categories(x[:, self.category_places]))
        if self.tokens:
            return torch.cat(parts, 1) + self.bias
        return torch.cat([part.flatten(1) for part in parts], 1)
`;

export const residualRowParts = String.raw`
class RowBlock(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.norm = nn.BatchNorm1d(width)
        self.widen = nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, width)

    def forward(self, x):
        return x + self.narrow(F.relu(self.widen(self.norm(x))))
`;

export const tokenRowParts = String.raw`
class RowAttention(nn.Module):
    def __init__(self, width, heads, first):
        super().__init__()
        if not first:
            self.norm = nn.LayerNorm(width, eps=1e-6)
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)
        self.heads, self.first = heads, first

    def forward(self, x):
        count, places, width = x.shape
        entered = self.enter(x if self.first else self.norm(x))
        apart = entered.view(count, places, 3, self.heads, width // self.heads)
        queries, keys, values = apart.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(queries, keys, values)
        return self.leave(mixed.transpose(1, 2).reshape(count, places, width))


class RowMix(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.widen = nn.Linear(width, 2 * hidden)
        self.narrow = nn.Linear(hidden, width)

    def forward(self, x):
        value, gate = self.widen(self.norm(x)).chunk(2, -1)
        return self.narrow(value * F.relu(gate))


class RowBlock(nn.Module):
    def __init__(self, width, heads, hidden, first):
        super().__init__()
        self.attention = RowAttention(width, heads, first)
        self.mix = RowMix(width, hidden)

    def forward(self, x):
        x = x + self.attention(x)
        return x + self.mix(x)
`;
