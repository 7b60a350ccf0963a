"""One step of simclr.py in a fresh process, without a search for the better layout."""

import json
import sys

import torch
from network import prepare_torch
from protocol import answers
from simclr import Pretraining

options = json.loads(sys.argv[1])
prepare_torch()
pretraining = Pretraining()
pretraining.load({**options, "workers": 0})
pretraining.prepare(torch.channels_last)
pretraining.run(1)
answers.write(json.dumps({"done": True}) + "\n")
