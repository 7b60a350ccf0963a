"""Steps of a preparation by SciPy, NumPy and MNE, in 64 bits."""

import warnings
from fractions import Fraction

import numpy as np
from protocol import serve
from scipy import signal

RATE, CHANNELS, SECONDS = 200, 32, 300
warnings.filterwarnings("ignore")


def made():
    random = np.random.default_rng(11)
    values = np.cumsum(random.normal(size=(RATE * SECONDS, CHANNELS)), axis=0)
    time = np.arange(len(values))[:, None] / RATE
    values = values / np.abs(values).max() * 100 + 15 * np.sin(2 * np.pi * 50 * time) + np.arange(CHANNELS)
    return np.ascontiguousarray(values, np.float32)


def butter(step, edges, kind):
    order = step.get("order", 4)
    return lambda x: signal.sosfiltfilt(signal.butter(order, edges, kind, fs=RATE, output="sos"), x, axis=0)


def reference(to):
    names = [f"E{index + 1}" for index in range(CHANNELS)]
    if to == "average":
        import mne

        mne.set_log_level("ERROR")

        def average(x):
            raw = mne.io.RawArray(x.T, mne.create_info(names, RATE, "eeg"))
            return raw.set_eeg_reference("average").get_data().T

        return average, "MNE"
    pairs = [[names.index(name) for name in pair.strip().split("-")] for pair in to.split(",")]
    return lambda x: np.stack([x[:, one] - x[:, other] for one, other in pairs], 1), "NumPy"


def scale(step):
    over = step.get("over", "channel")
    if over.startswith("window"):
        # Windows of two seconds stand by themselves.
        each, name = scale({**step, "over": "channel" if over == "window-channel" else "recording"})
        return lambda x: np.concatenate([each(window) for window in np.split(x, len(x) // (2 * RATE))]), name
    axis = 0 if over == "channel" else None

    def z(x):
        return (x - x.mean(axis)) / x.std(axis)

    def median(x):
        low, middle, high = np.quantile(x, [0.25, 0.5, 0.75], axis=axis)
        return (x - middle) / (high - low)

    return (z if step.get("by", "z-score") == "z-score" else median), "NumPy"


def by_name(step):
    kind = step["step"]
    if kind == "detrend":
        return lambda x: signal.detrend(x, axis=0, type="linear" if step["by"] == "line" else "constant"), "SciPy"
    if kind in ("high-pass", "low-pass"):
        return butter(step, step["at"], kind.replace("-pass", "")), "SciPy"
    if kind == "band-pass":
        return butter(step, [step["from"], step["to"]], "band"), "SciPy"
    if kind == "notch":
        sos = signal.tf2sos(*signal.iirnotch(step["at"], 30, RATE))
        return lambda x: signal.sosfiltfilt(sos, x, axis=0), "SciPy"
    if kind == "reference":
        return reference(step["to"])
    if kind == "scale":
        return scale(step)
    at = step["at"]
    return (lambda x: at * np.tanh(x / at)) if step.get("by") == "soft" else (lambda x: np.clip(x, -at, at)), "NumPy"


class Preparation:
    def start(self, options):
        self.values = made()
        self.values.tofile(f"{options['folder']}/input.bin")
        if "resampleTo" in options:
            ratio = Fraction(options["resampleTo"], RATE)
            self.steps = [lambda x: signal.resample_poly(x, ratio.numerator, ratio.denominator, axis=0, padtype="edge")]
            name = "SciPy"
        else:
            found = [by_name(step) for step in options["steps"]]
            self.steps = [step for step, _ in found]
            name = " and ".join(dict.fromkeys(name for _, name in found))
        np.ascontiguousarray(self.work(), np.float32).tofile(f"{options['folder']}/expected.bin")
        return {"version": name}

    def work(self):
        x = self.values.astype(float)
        for step in self.steps:
            x = step(x)
        return x

    def run(self, count):
        for _ in range(count):
            self.work()


if __name__ == "__main__":
    serve(Preparation())
