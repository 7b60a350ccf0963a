/** Python that the modules of all encoders share. Written by hand; what a model needs of it is put together in module.ts. */

export const NORMALISATION = String.raw`
class Normalisation(nn.Module):
    """Brings samples in stored units to mean 0 and deviation 1 a channel."""

    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("deviation", torch.ones(channels))

    def forward(self, x):
        shape = (1, -1) + (1,) * (x.dim() - 2)
        return (x - self.mean.view(shape)) / self.deviation.view(shape)
`;

/** The same for samples some of whose channels may be missing: 0 throughout before, and 0 afterwards. */
export const MASKED_NORMALISATION = NORMALISATION.replace(
  '        return (x - self.mean.view(shape)) / self.deviation.view(shape)',
  `        present = (x.abs().flatten(2).amax(2) > 0).to(x.dtype).view(x.shape[:2] + (1,) * (x.dim() - 2))
        return (x - self.mean.view(shape)) / self.deviation.view(shape) * present`,
);

/** Convolutions whose padding PyTorch has no word for. @param d 1 for signals, 2 for images */
export const convolutions = (d: 1 | 2): string => String.raw`
def sides_of(x):
    return x.shape[2:]


def pad_sides(x, amounts, value=0.0):
    """Pads each side by (before, after)."""
    flat = [number for pair in reversed(amounts) for number in pair]
    return F.pad(x, flat, value=value) if any(flat) else x


def same_padding(side, size, stride):
    total = max(0, (-(-side // stride) - 1) * stride + size - side)
    return total // 2, total - total // 2


class Convolution(nn.Conv${d}d):
    """Zeros around its input, so that ceil(side / stride) places come out; the first window is centred on the first place."""

    def __init__(self, inputs, outputs, size, stride=1):
        super().__init__(inputs, outputs, size, stride=stride, bias=False)

    def forward(self, x):
        size = self.kernel_size[0]
        return super().forward(pad_sides(x, [((size - 1) // 2, size // 2)] * ${d}))


class MaxPool(nn.Module):
    """The largest value of windows of 3 that step by 2; ceil(side / 2) places come out."""

    def forward(self, x):
        amounts = [same_padding(side, 3, 2) for side in sides_of(x)]
        return F.max_pool${d}d(pad_sides(x, amounts, float("-inf")), 3, 2)


class Unit(nn.Module):
    """Convolution, batch norm and, unless it is told otherwise, a rectifier."""

    def __init__(self, inputs, outputs, size, stride=1, activation=True):
        super().__init__()
        self.convolution = Convolution(inputs, outputs, size, stride)
        self.norm = nn.BatchNorm${d}d(outputs)
        self.activation = activation

    def forward(self, x):
        x = self.norm(self.convolution(x))
        return F.relu(x) if self.activation else x


def mean_of_places(x):
    return x.flatten(2).mean(2)
`;

export const residualParts = String.raw`
class Block(nn.Module):
    """Two convolutions around which the input is added (He et al. 2016)."""

    def __init__(self, inputs, outputs, size, stride):
        super().__init__()
        self.first = Unit(inputs, outputs, size, stride)
        self.second = Unit(outputs, outputs, size, activation=False)
        changes = inputs != outputs or stride != 1
        self.shortcut = Unit(inputs, outputs, 1, stride, activation=False) if changes else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))
`;

export const convNextParts = String.raw`
class ConvNextBlock(nn.Module):
    """x + scale * perceptron(norm(depthwise convolution(x))) (Liu et al. 2022)."""

    def __init__(self, channels, size):
        super().__init__()
        self.depthwise = Depthwise(channels, size)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.widen = nn.Linear(channels, 4 * channels)
        self.narrow = nn.Linear(4 * channels, channels)
        self.scale = nn.Parameter(torch.full((channels,), 0.1))

    def forward(self, x):
        change = channels_last(self.depthwise(x))
        change = self.narrow(F.gelu(self.widen(self.norm(change)))) * self.scale
        return x + channels_first(change)


class Patches(nn.Module):
    """Every patch becomes one place."""

    def __init__(self, inputs, outputs, size, norm_first):
        super().__init__()
        self.norm = nn.LayerNorm(inputs if norm_first else outputs, eps=1e-6)
        self.convolution = PatchConvolution(inputs, outputs, size)
        self.norm_first = norm_first

    def normalise(self, x):
        return channels_first(self.norm(channels_last(x)))

    def forward(self, x):
        return self.convolution(self.normalise(x)) if self.norm_first else self.normalise(self.convolution(x))
`;

/** @param d 1 for signals, 2 for images */
export const convNextConvolutions = (d: 1 | 2): string => String.raw`
def same_padding(side, size, stride):
    total = max(0, (-(-side // stride) - 1) * stride + size - side)
    return total // 2, total - total // 2


def channels_last(x):
    return x.movedim(1, -1)


def channels_first(x):
    return x.movedim(-1, 1)


class PatchConvolution(nn.Conv${d}d):
    """Steps by its own size; zeros fill what is missing at the edges."""

    def __init__(self, inputs, outputs, size):
        super().__init__(inputs, outputs, size, stride=size)

    def forward(self, x):
        size = self.kernel_size[0]
        amounts = [same_padding(side, size, size) for side in reversed(x.shape[2:])]
        flat = [number for pair in amounts for number in pair]
        return super().forward(F.pad(x, flat) if any(flat) else x)


class Depthwise(nn.Conv${d}d):
    """Every channel is convolved by its own kernel."""

    def __init__(self, channels, size):
        super().__init__(channels, channels, size, padding="same", groups=channels)
`;

export const transformerParts = String.raw`
class Attention(nn.Module):
    def __init__(self, width, heads, eps, dropout):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=eps)
        self.enter = nn.Linear(width, 3 * width)
        self.leave = nn.Linear(width, width)
        self.heads, self.dropout = heads, dropout

    def forward(self, x):
        count, places, width = x.shape
        apart = self.enter(self.norm(x)).view(count, places, 3, self.heads, width // self.heads)
        queries, keys, values = apart.permute(2, 0, 3, 1, 4).unbind(0)
        dropped = self.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(queries, keys, values, dropout_p=dropped)
        return self.leave(mixed.transpose(1, 2).reshape(count, places, width))


class Mix(nn.Module):
    def __init__(self, width, expansion, eps, dropout):
        super().__init__()
        self.norm = nn.LayerNorm(width, eps=eps)
        self.widen = nn.Linear(width, expansion * width)
        self.narrow = nn.Linear(expansion * width, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        return self.narrow(self.drop(F.gelu(self.widen(self.norm(x)))))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, expansion, eps=1e-6, dropout=0.0):
        super().__init__()
        self.attention = Attention(width, heads, eps, dropout)
        self.mix = Mix(width, expansion, eps, dropout)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        x = x + self.drop(self.attention(x))
        return x + self.drop(self.mix(x))


def wave_code(at, width):
    half = width // 2
    angles = torch.tensor([at / 10000 ** (i / half) for i in range(half)], dtype=torch.float64)
    return torch.cat([angles.sin(), angles.cos()])


def waves(grid, width):
    """Sines and cosines of the places of a grid, row by row."""
    share = width // len(grid)
    codes = [[wave_code(at, share) for at in range(places)] for places in grid]
    rows = codes[0]
    for more in codes[1:]:
        rows = [torch.cat([row, column]) for row in rows for column in more]
    return torch.stack(rows).float()


def to_patches(x, patch):
    """[N, C, sides...] to [N, patches, numbers of a patch], row by row, channels last; beyond the edge are zeros."""
    missing = [-side % patch for side in x.shape[2:]]
    x = F.pad(x, [number for amount in reversed(missing) for number in (0, amount)])
    x = x.movedim(1, -1)
    count, channels = x.shape[0], x.shape[-1]
    if x.dim() == 3:
        return x.reshape(count, -1, patch * channels)
    rows, columns = x.shape[1] // patch, x.shape[2] // patch
    x = x.reshape(count, rows, patch, columns, patch * channels).transpose(2, 3)
    return x.reshape(count, rows * columns, patch * patch * channels)
`;
