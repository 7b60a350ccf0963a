"""PyTorch's loader for runs of any length, and the head that both SimCLR peers train with it."""

from protocol import note_children
from torch import nn
from torch.utils.data import DataLoader, RandomSampler

PROJECTION_HIDDEN, PROJECTION_SIZE = 256, 64


def projection(features):
    """The projection head of src/learning/pretext/tasks/simclr.ts."""
    return nn.Sequential(
        nn.Linear(features, PROJECTION_HIDDEN, bias=False),
        nn.BatchNorm1d(PROJECTION_HIDDEN),
        nn.ReLU(inplace=True),
        nn.Linear(PROJECTION_HIDDEN, PROJECTION_SIZE),
    )


class Loader:
    def __init__(self, dataset, batch, workers):
        self.dataset, self.batch, self.workers = dataset, batch, workers
        self.sampler = RandomSampler(dataset)
        self.loader = DataLoader(
            dataset,
            batch_size=batch,
            sampler=self.sampler,
            drop_last=True,
            num_workers=workers,
            persistent_workers=workers > 0,
        )

    def run(self, count, train):
        """
        An epoch of `count` batches, which `train` is given the loader of: loader workers begin with it and have nothing
        left to do at its end.
        """
        self.sampler._num_samples = min(count * self.batch, len(self.dataset))
        train(self.loader)
        if self.workers > 0:
            note_children()
