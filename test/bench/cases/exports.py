"""Runs exported models by the programs they are meant for: `python exports.py FOLDER`, written by exports.ts.

Prints one JSON document: versions, and for every case and format the largest difference of answers. The example of each
README is run as it stands there. With `--answers FILE` the answers of PyTorch and ONNX Runtime are kept, which is how
test/unit/export/answers.json is made.
"""

import contextlib
import importlib.util
import io
import json
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import onnxruntime
import tensorflow as tf
import torch

torch.set_num_threads(1)


def by_pytorch(folder, samples, outputs):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load()
    channels_first = torch.from_numpy(np.ascontiguousarray(np.moveaxis(samples, -1, 1)))
    with torch.inference_mode():
        answers = {"features": model.features(channels_first).numpy()}
        if "probabilities" in outputs:
            answers["probabilities"] = model(channels_first).numpy()
    state = {name: list(value.shape) for name, value in model.state_dict().items()}
    return answers, {"state": {k: v for k, v in state.items() if not k.endswith("num_batches_tracked")}}


def by_onnxruntime(folder, samples, outputs):
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    answers = dict(zip(outputs, session.run(outputs, {"samples": samples})))
    return answers, {}


def by_tensorflow(folder, samples, outputs):
    model = tf.saved_model.load(str(folder))
    found = model.signatures["serving_default"](samples=tf.constant(samples))
    return {name: found[name].numpy() for name in outputs}, {}


PROGRAMS = {
    "safetensors": (by_pytorch, "PyTorch", torch.__version__),
    "onnx": (by_onnxruntime, "ONNX Runtime", onnxruntime.__version__),
    "saved-model": (by_tensorflow, "TensorFlow", tf.__version__),
}


def run_example(folder):
    """Runs the Python of a README where it lies."""
    [code] = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.S)
    before, path = os.getcwd(), list(sys.path)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    sys.modules.pop("model", None)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(folder / "README.md"), "exec"), {})
    finally:
        os.chdir(before)
        sys.path[:] = path
        sys.modules.pop("model", None)
    if not printed.getvalue().strip():
        raise RuntimeError(f"the example of {folder} printed nothing")


def main(folder, keep):
    rows, kept = [], {}
    for case in json.loads((folder / "cases.json").read_text()):
        own = Path(case["folder"])
        samples = np.fromfile(own / "samples.bin", np.float32).reshape(case["shape"])
        for form, (run, _, _) in PROGRAMS.items():
            if not (own / form).exists():
                continue
            answers, facts = run(own / form, samples, case["outputs"])
            run_example(own / form)
            differences = []
            for name, values in answers.items():
                wanted = np.fromfile(own / f"{name}.bin", np.float32).reshape(values.shape)
                differences.append(float(np.abs(values - wanted).max()))
            rows.append({"case": case["name"], "outputs": case["outputs"], "format": form, "difference": max(differences)})
            if "probabilities" in answers and form != "saved-model":
                two = {name: np.round(values[:2].astype(float), 6).ravel().tolist() for name, values in answers.items()}
                kept.setdefault(case["name"], {})[form] = {**two, **facts}
    if keep:
        versions = {name: version for _, name, version in PROGRAMS.values()}
        Path(keep).write_text(json.dumps({"versions": versions, "cases": kept}, indent=1) + "\n")
    print(json.dumps({"programs": {form: f"{name} {version}" for form, (_, name, version) in PROGRAMS.items()}, "rows": rows}))


main(Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else None)
