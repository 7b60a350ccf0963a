"""What pyedflib and MNE read from edf-annotations.edf, beside it as JSON. Needs pyedflib and mne."""
import json
from pathlib import Path

import mne
import pyedflib

file = Path(__file__).with_suffix(".edf")
told = mne.read_annotations(file)
onsets, seconds, texts = pyedflib.EdfReader(str(file)).readAnnotations()


def rows(onsets, seconds, texts):
    return [{"onset": float(a), "seconds": float(b), "text": str(c)} for a, b, c in zip(onsets, seconds, texts)]


read = {"pyedflib": rows(onsets, seconds, texts), "mne": rows(told.onset, told.duration, told.description)}
file.with_suffix(".json").write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n")
