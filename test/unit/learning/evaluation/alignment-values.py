"""The values that alignment.test.ts expects, from the formulas of Wang and Isola (2020) as in their repository
(github.com/ssnl/align_uniform), and RankMe (Garrido et al. 2023) by numpy.linalg.svd. Needs torch and numpy."""
import numpy as np
import torch


def formula(i, k):
    return np.sin(1.7 * i + 0.9 * k * k) + 0.3 * np.cos(0.31 * i * k)


def data(start, stop, columns=5):
    return np.array([[formula(i, k) for k in range(columns)] for i in range(start, stop)], dtype=np.float32)


def align_loss(x, y, alpha=2):
    return (x - y).norm(p=2, dim=1).pow(alpha).mean()


def uniform_loss(x, t=2):
    return torch.pdist(x, p=2).pow(2).mul(-t).exp().mean().log()


def rank_me(x):
    values = np.linalg.svd(x.astype(np.float64), compute_uv=False)
    shares = values / values.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


x, y = (torch.nn.functional.normalize(torch.tensor(data(a, a + 60)).double(), dim=1) for a in (0, 60))
print("alignment", align_loss(x, y).item())
print("uniformity", uniform_loss(x).item())
print("rank, 6 rows of 20 columns", rank_me(data(0, 6, 20)))
