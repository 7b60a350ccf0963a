"""One step of simclr.py in a fresh process, without a search for the better layout."""

import json
import sys

import torch
from network import prepare_torch
from protocol import answers
from simclr import Pretraining, StoredImages, views

options = json.loads(sys.argv[1])
prepare_torch()
pretraining = Pretraining()
pretraining.width, pretraining.batch, pretraining.workers = options["width"], options["batch"], 0
pretraining.dataset = StoredImages(options["images"], options["count"], views(options["blur"]))
pretraining.prepare(torch.channels_last)
pretraining.run(1)
answers.write(json.dumps({"done": True}) + "\n")
