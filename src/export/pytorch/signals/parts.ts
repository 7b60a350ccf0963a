/** Python of the networks for signals: convolutions along time and over electrodes, and what stands between. Written by hand. */

export const signalParts = String.raw`
def long_enough(x, least):
    """Zeros, which are the channels' means, at both ends of windows [N, C, L] that are too short."""
    missing = max(0, least - x.shape[2])
    return F.pad(x, (missing // 2, missing - missing // 2))


def features_of_places(x, places):
    """[N, filters, electrodes, L] to [N, places * electrodes * filters], place by place."""
    maps = x.transpose(1, 2).flatten(1, 2)
    return F.adaptive_avg_pool1d(maps, places).transpose(1, 2).flatten(1)


def within_norm(weight, limit, axes):
    """Every output's weights, shrunk to the norm where theirs is greater; 0 for no limit."""
    if limit == 0:
        return weight
    norms = (weight.square().sum(axes, keepdim=True) + 1e-18).sqrt()
    return weight * (norms.clamp(max=limit) / (norms + 1e-9))


class TimeConvolution(nn.Module):
    """Every electrode's own time is convolved by the same filters: [N, inputs, E, L] to [N, outputs, E, L']."""

    def __init__(self, inputs, outputs, size, stride=1, same=True, bias=True, max_norm=0, norm=False):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, size))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.norm = nn.BatchNorm2d(outputs) if norm else nn.Identity()
        self.stride, self.same, self.max_norm = stride, same, max_norm

    def forward(self, x):
        if self.same:
            size, length = self.weight.shape[2], x.shape[3]
            missing = max(0, (-(-length // self.stride) - 1) * self.stride + size - length)
            x = F.pad(x, (missing // 2, missing - missing // 2))
        weight = within_norm(self.weight, self.max_norm, (1, 2)).unsqueeze(2)
        return self.norm(F.conv2d(x, weight, self.bias, (1, self.stride)))
`;

/** For EEGNet and EEG-Inception. */
export const electrodeDepthwiseParts = String.raw`
class ElectrodeDepthwise(nn.Module):
    """Every filter is mixed over the electrodes in ways of its own: [N, F, E, L] to [N, F * multiplier, 1, L]."""

    def __init__(self, electrodes, filters, multiplier, max_norm):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(multiplier, filters, electrodes))
        self.norm = nn.BatchNorm2d(filters * multiplier)
        self.max_norm = max_norm

    def forward(self, x):
        weight = within_norm(self.weight, self.max_norm, (2,))
        return self.norm(torch.einsum("nfel,mfe->nfml", x, weight).flatten(1, 2).unsqueeze(2))
`;

/** For networks whose first two convolutions are one. */
export const timeThenElectrodesParts = String.raw`
class Weights(nn.Module):
    def __init__(self, outputs, *inputs):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, *inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))


def time_then_electrodes(x, time, electrodes, max_norm=0):
    """
    A convolution along time and one over all electrodes and filters, with nothing between them, multiplied first:
    [N, 1, E, L] to [N, outputs, 1, L'].
    """
    along = within_norm(time.weight, max_norm, (1,))
    over = within_norm(electrodes.weight, max_norm, (1, 2))
    kernel = torch.einsum("fs,gfe->ges", along, over)
    bias = over.sum(2) @ time.bias + electrodes.bias
    return F.conv1d(x.squeeze(1), kernel, bias).unsqueeze(2)
`;

export const eegNetParts = String.raw`
class Depthwise(nn.Module):
    """Every filter's own time is convolved once more, by its own kernel."""

    def __init__(self, filters, size):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(filters, 1, size))

    def forward(self, x):
        filters, _, size = self.weight.shape
        padded = F.pad(x, ((size - 1) // 2, size // 2))
        return F.conv2d(padded, self.weight.unsqueeze(2), groups=filters)


class Separable(nn.Module):
    def __init__(self, filters, outputs, size):
        super().__init__()
        self.depthwise = Depthwise(filters, size)
        self.mix = TimeConvolution(filters, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.mix(self.depthwise(x)))
`;

export const deepConvNetParts = String.raw`
class FirstBlock(nn.Module):
    def __init__(self, electrodes, filters, size, max_norm):
        super().__init__()
        self.time, self.electrodes = Weights(filters, size), Weights(filters, filters, electrodes)
        self.norm = nn.BatchNorm2d(filters)
        self.max_norm = max_norm

    def forward(self, x):
        return self.norm(time_then_electrodes(x, self.time, self.electrodes, self.max_norm))


class LaterBlock(nn.Module):
    def __init__(self, inputs, outputs, size, max_norm):
        super().__init__()
        self.time = TimeConvolution(inputs, outputs, size, same=False, max_norm=max_norm)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.time(x))
`;

export const eegInceptionParts = String.raw`
class OverElectrodes(nn.Module):
    def __init__(self, electrodes, filters, multiplier, size, max_norm, dropout):
        super().__init__()
        self.time = TimeConvolution(1, filters, size, norm=True)
        self.electrodes = ElectrodeDepthwise(electrodes, filters, multiplier, max_norm)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        return self.drop(F.elu(self.electrodes(self.drop(F.elu(self.time(x))))))
`;

export const inceptionTimeParts = String.raw`
class Inception(nn.Module):
    """Filters of three lengths and the largest value nearby, side by side."""

    def __init__(self, inputs, filters, sizes):
        super().__init__()
        # One channel needs no bottleneck.
        enters = filters if inputs > 1 else inputs
        self.bottleneck = TimeConvolution(inputs, filters, 1, bias=False) if inputs > 1 else nn.Identity()
        for index, size in enumerate(sizes):
            setattr(self, f"time{index}", TimeConvolution(enters, filters, size, bias=False))
        self.nearby = TimeConvolution(inputs, filters, 1, bias=False)
        self.norm = nn.BatchNorm2d(filters * (len(sizes) + 1))
        self.count = len(sizes)

    def forward(self, x):
        enters = self.bottleneck(x)
        filtered = [getattr(self, f"time{index}")(enters) for index in range(self.count)]
        nearby = self.nearby(F.max_pool2d(x, (1, 3), 1, (0, 1)))
        return F.relu(self.norm(torch.cat([*filtered, nearby], 1)))


class Shortcut(nn.Module):
    """The input as it is added behind three blocks: normalised, and convolved where its channels are others."""

    def __init__(self, inputs, outputs):
        super().__init__()
        if inputs != outputs:
            self.weight = nn.Parameter(torch.zeros(outputs, inputs, 1))
        self.norm = nn.BatchNorm2d(outputs)
        self.changes = inputs != outputs

    def forward(self, x):
        return self.norm(F.conv2d(x, self.weight.unsqueeze(2)) if self.changes else x)
`;

export const recurrentParts = String.raw`
class Recurrent(nn.Module):
    """Long short-term memory: [N, T, inputs] to the last hidden state [N, units]."""

    def __init__(self, inputs, units):
        super().__init__()
        self.enter, self.again = nn.Linear(inputs, 4 * units), nn.Linear(units, 4 * units)
        self.units = units

    def forward(self, x):
        hidden = cell = x.new_zeros(x.shape[0], self.units)
        for entering in self.enter(x).unbind(1):
            into, forget, new, out = (entering + self.again(hidden)).chunk(4, 1)
            cell = forget.sigmoid() * cell + into.sigmoid() * new.tanh()
            hidden = out.sigmoid() * cell.tanh()
        return hidden
`;

export const residualAttentionParts = String.raw`
class ByBatch(nn.BatchNorm1d):
    """Batch norm of the last axis of [N, P, width]."""

    def forward(self, x):
        return super().forward(x.flatten(0, 1)).view_as(x)


class Attention(nn.Module):
    """Attention whose scores are added to those of the block before."""

    def __init__(self, width, heads):
        super().__init__()
        self.enter, self.leave = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norm = ByBatch(width)
        self.heads = heads

    def forward(self, x, before):
        count, places, width = x.shape
        size = width // self.heads
        apart = self.enter(x).view(count, places, 3, self.heads, size)
        queries, keys, values = apart.permute(2, 0, 3, 1, 4).unbind(0)
        scores = (queries * size**-0.5) @ keys.transpose(2, 3)
        scores = scores if before is None else scores + before
        mixed = scores.softmax(3) @ values
        return self.leave(mixed.transpose(1, 2).reshape(count, places, width)), scores


class Mix(nn.Module):
    def __init__(self, width, hidden, dropout):
        super().__init__()
        self.widen, self.narrow = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.norm = ByBatch(width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        return self.narrow(self.drop(F.gelu(self.widen(x))))


class Block(nn.Module):
    def __init__(self, width, heads, hidden, dropout):
        super().__init__()
        self.attention, self.mix = Attention(width, heads), Mix(width, hidden, dropout)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, before):
        attended, scores = self.attention(x, before)
        x = self.attention.norm(x + self.drop(attended))
        return self.mix.norm(x + self.drop(self.mix(x))), scores


def scaled_by_itself(x):
    """Mean 0 and deviation 1 along time: [N, C, L] to the same shape."""
    variance, mean = torch.var_mean(x, 2, correction=0, keepdim=True)
    return (x - mean) / (variance + 1e-5).sqrt()


def mean_of_present(tokens, x):
    """[N, C, P, width] to [N, P, width], over the channels that are not 0 throughout in [N, C, L]."""
    present = (x.abs().amax(2) > 0).to(tokens.dtype)[:, :, None, None]
    return (tokens * present).sum(1) / present.sum(1).clamp(min=1)
`;
