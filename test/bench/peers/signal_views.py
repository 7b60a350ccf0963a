"""What selfEEG's augmentations make of samples of a formula, with given arguments and given randomness.

Run with selfeeg 0.2.2 and PyTorch:
    python test/bench/peers/signal_views.py > test/unit/learning/views/signals/views-fixture.json

Samples [N, L, C] are sin(0.3 l (c + 1) + n) + 0.1 n. Whatever an augmentation draws is the i-th value of
0.5 + 0.5 sin(0.9 i + 1), or is read off what came out; it is printed with the result. All is computed in float64.
"""

import json
import random
import warnings

import numpy as np
import torch

cuda, torch.version.cuda = torch.version.cuda, None
from selfeeg import augmentation as aug  # noqa: E402

torch.version.cuda = cuda
warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
N, L, C, RATE = 4, 40, 3, 100
n, l, c = torch.meshgrid(torch.arange(N), torch.arange(L), torch.arange(C), indexing="ij")
X = (torch.sin(0.3 * l * (c + 1) + n) + 0.1 * n).transpose(1, 2)
made = {}


def keep(name, result, **drawn):
    rounded = [float(f"{value:.7g}") for value in result.transpose(1, 2).flatten().tolist()]
    made[name] = {"result": rounded, **{key: to_list(value) for key, value in drawn.items()}}


def to_list(value):
    return value.tolist() if hasattr(value, "tolist") else value


def formula(count):
    return 0.5 + 0.5 * torch.sin(0.9 * torch.arange(count) + 1)


class Drawn:
    """Takes the place of a function that draws."""

    def __init__(self, owner, name, draw):
        self.owner, self.name, self.draw = owner, name, draw

    def __enter__(self):
        self.old = getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.draw)

    def __exit__(self, *_):
        setattr(self.owner, self.name, self.old)


keep("identity", aug.identity(X))
keep("shift_vertical", aug.shift_vertical(X, 0.7))
keep("shift_horizontal forwards", aug.shift_horizontal(X, 0.07, RATE, forward=True))
keep("shift_horizontal back", aug.shift_horizontal(X, 0.07, RATE, forward=False))
keep("shift_frequency up", aug.shift_frequency(X, 3.5, RATE, forward=True))
keep("shift_frequency down", aug.shift_frequency(X, 3.5, RATE, forward=False))
order = torch.tensor([2, 0, 3, 1])
with Drawn(torch, "randperm", lambda count: order):
    # The first half of the order exchanges phases with the second.
    keep("phase_swap", aug.phase_swap(X), partners=[1, 0, 3, 2])
keep("flip_vertical", aug.flip_vertical(X))
keep("flip_horizontal", aug.flip_horizontal(X))
torch.manual_seed(1)
result, noise = aug.add_gaussian_noise(X, 0.3, get_noise=True)
keep("add_gaussian_noise", result, noise=noise.transpose(1, 2).flatten())
torch.manual_seed(1)
unit = torch.randn(N, 1, L)
torch.manual_seed(1)
keep("add_noise_SNR", aug.add_noise_SNR(X, 5), noise=unit.flatten(), decibels=5)
half = (L - 1) // 2
with Drawn(torch, "rand", lambda count, device=None: formula(count)):
    keep("add_band_noise", aug.add_band_noise(X, (8.0, 20.0), RATE, std=0.4), band=[8, 20], deviation=0.4)
    keep("random_FT_phase", aug.random_FT_phase(X, 0.6), value=0.6)
    keep("add_eeg_artifact line", aug.add_eeg_artifact(X, RATE, "line", line_at_60Hz=False), band=[50, 50])
    keep("add_eeg_artifact eye", aug.add_eeg_artifact(X, RATE, "eye"), band=[1, 3])
    keep("add_eeg_artifact muscle", aug.add_eeg_artifact(X, RATE, "muscle"), band=[20, 60])
keep("add_eeg_artifact drift", aug.add_eeg_artifact(X, RATE, "drift", amplitude=0.8), end=0.8)
keep("scaling", aug.scaling(X, 1.4))
torch.manual_seed(2)
factors = torch.empty(C, L - 1).uniform_(0.9, 1.2)
for memory in (False, True):
    torch.manual_seed(2)
    name = "random_slope_scale adding up" if memory else "random_slope_scale"
    keep(name, aug.random_slope_scale(X, keep_memory=memory), factors=factors.T.flatten())
keep("moving_avg", aug.moving_avg(X, 5))
LONG = 400
n2, l2, c2 = torch.meshgrid(torch.arange(2), torch.arange(LONG), torch.arange(2), indexing="ij")
Y = (torch.sin(0.3 * l2 * (c2 + 1) + n2) + 0.1 * n2).transpose(1, 2)
for name, cut, kind in [
    ("filter_lowpass", 10, "low"),
    ("filter_highpass", 10, "high"),
    ("filter_bandpass", [4, 12], "band"),
    ("filter_bandstop", [4, 12], "stop"),
]:
    critical = np.array(cut) / (RATE / 2)
    edges = cut if isinstance(cut, list) else [cut, cut]
    # The middle alone: what one pass leaves ringing beyond the end, selfEEG cuts off before it runs back.
    keep(name, getattr(aug, name)(Y, RATE, order=2, Wn=critical)[:, :, 150:250], edges=edges, order=2, kind=kind)
torch.manual_seed(3)
result = aug.permute_channels(X)
sources = [next(k for k in range(C) if torch.equal(X[:, k], result[:, at])) for at in range(C)]
keep("permute_channels", result, order=sources)
np.random.seed(4)
result = aug.permutation_signal(X, 5)
segments = [next(k for k in range(5) if torch.equal(X[..., 8 * k : 8 * k + 8], result[..., 8 * at : 8 * at + 8])) for at in range(5)]
keep("permutation_signal", result, order=segments)
with Drawn(torch, "randperm", lambda count: torch.tensor([3, 1, 0, 2, 4])):
    keep("crop_and_resize", aug.crop_and_resize(X, 5, 2), removed=[3, 1], segments=5)
with Drawn(random, "randint", lambda low, high: 2):
    with Drawn(np.random, "choice", lambda *_, **__: np.array([1, 3])):
        # Many points, so that its two interpolations are near to one.
        wave = torch.sin(0.05 * torch.arange(400)).expand(1, 1, -1)
        keep("warp_signal", aug.warp_signal(wave, 5), stretched=[1, 3], segments=5, stretch=2.0, squeeze=0.5)
keep("change_ref average", aug.change_ref(X, "avg", reference=1), reference=1)
keep("change_ref channel", aug.change_ref(X, "channel", reference=2), reference=2)
random.seed(5)
result = aug.masking(X, 1, 0.2)
covered = [at for at in range(L) if bool((result[:, :, at] == 0).all())]
keep("masking", result, first=covered[0], count=len(covered))
np.random.seed(6)
result = aug.channel_dropout(X, 1)
keep("channel_dropout", result, dropped=[k for k in range(C) if bool((result[:, k] == 0).all())])

print(json.dumps({"shape": [N, L, C], "rate": RATE, "long": [2, LONG, 2], "middle": [150, 100], "views": made}))
