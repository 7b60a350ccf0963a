"""Recordings of every format, written by the libraries of their users and read by them whole."""

import warnings

import numpy as np
from protocol import serve

RATE, CHANNELS, SECONDS = 200, 32, 300
warnings.filterwarnings("ignore")


def walk(rows, channels, seed=7):
    values = np.cumsum(np.random.default_rng(seed).normal(size=(rows, channels)), axis=0)
    return values / np.abs(values).max() * 200


def names(channels):
    return [f"E{index + 1}" for index in range(channels)]


def edf(kind):
    import pyedflib

    bdf = kind == "bdf"

    def write(folder):
        path = f"{folder}/made.{kind}"
        high = 8388607 if bdf else 32767
        file_type = pyedflib.FILETYPE_BDFPLUS if bdf else pyedflib.FILETYPE_EDFPLUS
        with pyedflib.EdfWriter(path, CHANNELS, file_type=file_type) as writer:
            for index, name in enumerate(names(CHANNELS)):
                writer.setSignalHeader(index, {
                    "label": name, "dimension": "uV", "sample_frequency": RATE, "physical_max": 250.0,
                    "physical_min": -250.0, "digital_max": high, "digital_min": -high - 1, "transducer": "", "prefilter": "",
                })
            writer.writeSamples(list(np.ascontiguousarray(walk(RATE * SECONDS, CHANNELS).T)))
        return path

    def read(path):
        with pyedflib.EdfReader(path) as reader:
            return np.stack([reader.readSignal(index) for index in range(reader.signals_in_file)], 1)

    return write, read, "pyedflib"


def with_mne(kind):
    import mne

    mne.set_log_level("ERROR")
    reader = mne.io.read_raw_brainvision if kind == "vhdr" else mne.io.read_raw_eeglab

    def write(folder):
        raw = mne.io.RawArray(walk(RATE * SECONDS, CHANNELS).T * 1e-6, mne.create_info(names(CHANNELS), float(RATE), "eeg"))
        path = f"{folder}/made.{kind}"
        mne.export.export_raw(path, raw, overwrite=True)
        return path

    return write, lambda path: reader(path, preload=True).get_data().T * 1e6, "MNE"


def wfdb_of(form):
    import wfdb

    def write(folder):
        wfdb.wrsamp(f"made{form}", fs=RATE, units=["uV"] * CHANNELS, sig_name=names(CHANNELS),
                    p_signal=walk(RATE * SECONDS, CHANNELS), fmt=[form] * CHANNELS, write_dir=folder)
        return f"{folder}/made{form}.hea"

    return write, lambda path: wfdb.rdrecord(path[:-4]).p_signal, "wfdb"


def mat(packed):
    import scipy.io

    def write(folder):
        path = f"{folder}/made-{packed}.mat"
        scipy.io.savemat(path, {"data": walk(RATE * SECONDS, CHANNELS).T.astype(np.float32), "fs": RATE}, do_compression=packed)
        return path

    return write, lambda path: scipy.io.loadmat(path)["data"].T, "SciPy"


def mat73():
    import h5py

    def write(folder):
        path = f"{folder}/made73.mat"
        with h5py.File(path, "w", userblock_size=512) as file:
            file.create_dataset("data", data=walk(RATE * SECONDS, CHANNELS), chunks=(4096, CHANNELS), compression="gzip")
        with open(path, "r+b") as file:
            file.write(b"MATLAB 7.3 MAT-file".ljust(116) + bytes(8) + b"\0\x02IM")
        return path

    def read(path):
        with h5py.File(path) as file:
            return file["data"][()]

    return write, read, "h5py"


def npy():
    def write(folder):
        path = f"{folder}/made.npy"
        np.save(path, walk(RATE * SECONDS, CHANNELS).astype(np.float32))
        return path

    return write, np.load, "NumPy"


def npz():
    def write(folder):
        path = f"{folder}/made.npz"
        trials = walk(RATE * SECONDS, CHANNELS).reshape(-1, RATE, CHANNELS).transpose(0, 2, 1)
        np.savez_compressed(path, X=np.ascontiguousarray(trials, np.float32), y=np.arange(len(trials)) % 3)
        return path

    return write, lambda path: np.load(path)["X"].transpose(0, 2, 1).reshape(-1, CHANNELS), "NumPy"


def wav():
    import scipy.io.wavfile

    def write(folder):
        path = f"{folder}/made.wav"
        scipy.io.wavfile.write(path, RATE * 40, np.int16(walk(RATE * SECONDS, CHANNELS) * 150))
        return path

    return write, lambda path: scipy.io.wavfile.read(path)[1] / np.float32(32768), "SciPy"


def parquet():
    import pyarrow
    import pyarrow.parquet

    def write(folder):
        path = f"{folder}/made.parquet"
        values = walk(RATE * SECONDS, CHANNELS)
        columns = {name: values[:, index] for index, name in enumerate(names(CHANNELS))}
        pyarrow.parquet.write_table(pyarrow.table(columns), path)
        return path

    def read(path):
        return np.stack([column.to_numpy() for column in pyarrow.parquet.read_table(path).columns], 1)

    return write, read, "pyarrow"


def archive():
    from aeon.datasets import load_from_ts_file

    def write(folder):
        path = f"{folder}/made.ts"
        cases = walk(RATE * SECONDS, CHANNELS).reshape(-1, RATE, CHANNELS).transpose(0, 2, 1)
        with open(path, "w") as file:
            file.write(f"@problemName made\n@timestamps false\n@univariate false\n@dimensions {CHANNELS}\n")
            file.write(f"@equalLength true\n@seriesLength {RATE}\n@classLabel true 0 1 2\n@data\n")
            for index, case in enumerate(cases):
                file.write(":".join(",".join(f"{value:.5f}" for value in channel) for channel in case) + f":{index % 3}\n")
        return path

    def read(path):
        return load_from_ts_file(path)[0].transpose(0, 2, 1).reshape(-1, CHANNELS)

    return write, read, "aeon"


FORMATS = {
    "EDF+": lambda: edf("edf"),
    "BDF+": lambda: edf("bdf"),
    "BrainVision": lambda: with_mne("vhdr"),
    "EEGLAB": lambda: with_mne("set"),
    "WFDB 16": lambda: wfdb_of("16"),
    "WFDB 212": lambda: wfdb_of("212"),
    "MATLAB 5": lambda: mat(False),
    "MATLAB 5, packed": lambda: mat(True),
    "MATLAB 7.3, packed": mat73,
    "NumPy": npy,
    "NumPy, packed": npz,
    "WAV": wav,
    "Parquet": parquet,
    ".ts": archive,
}


class Readers:
    """Writes the recording, and beside it the values that its library reads, as float32."""

    def start(self, options):
        write, self.read, name = FORMATS[options["format"]]()
        self.path = write(options["folder"])
        values = self.read(self.path)
        np.ascontiguousarray(values, np.float32).tofile(f"{options['folder']}/values.bin")
        with open(f"{options['folder']}/path.txt", "w") as file:
            file.write(self.path)
        return {"version": name}

    def run(self, count):
        for _ in range(count):
            self.read(self.path)


if __name__ == "__main__":
    serve(Readers())
