"""The folder of import.ts read through by torchvision's ImageFolder with two loader workers."""

import torchvision
from network import prepare_torch
from protocol import note_children, serve
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import PILToTensor


class Import:
    def start(self, options):
        prepare_torch()
        dataset = ImageFolder(options["folder"], transform=PILToTensor())
        self.loader = DataLoader(dataset, batch_size=256, num_workers=2, persistent_workers=True)
        return {"version": torchvision.__version__}

    def run(self, count):
        for _ in range(count):
            for images, classes in self.loader:
                pass
            note_children()


if __name__ == "__main__":
    serve(Import())
