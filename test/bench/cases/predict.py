"""The same network from the same files by PyTorch: its own loader, the exported model.py, answers into a CSV file."""

import csv
import sys
from pathlib import Path

import torch
from network import prepare_torch
from protocol import note_children, serve
from torch.utils.data import DataLoader, Dataset
from torchvision.io import ImageReadMode, decode_image

BATCH = 256


class Pictures(Dataset):
    def __init__(self, folder):
        self.files = sorted(str(path) for path in Path(folder).rglob("*") if path.is_file())

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return index, decode_image(self.files[index], ImageReadMode.RGB)


class Predict:
    def start(self, options):
        prepare_torch()
        sys.path.insert(0, options["exported"])
        import model as exported

        self.model = exported.load().to(memory_format=torch.channels_last)
        self.classes = exported.CLASSES
        self.pictures = Pictures(options["pictures"])
        self.workers = options["workers"]
        self.file = Path(options["work"]) / "answers-torch.csv"
        self.loader = DataLoader(
            self.pictures, batch_size=BATCH, num_workers=self.workers, persistent_workers=self.workers > 0
        )
        return {"version": torch.__version__}

    @torch.inference_mode()
    def run(self, count):
        for _ in range(count):
            with open(self.file, "w", newline="") as file:
                table = csv.writer(file)
                table.writerow(["source", "label", "probability", *self.classes])
                for indices, images in self.loader:
                    images = images.to(torch.float32, memory_format=torch.channels_last)
                    answers = self.model(images)
                    best = answers.argmax(1).tolist()
                    for index, label, row in zip(indices.tolist(), best, answers.tolist()):
                        table.writerow([self.pictures.files[index], self.classes[label], row[label], *row])
            if self.workers > 0:
                note_children()


if __name__ == "__main__":
    serve(Predict())
