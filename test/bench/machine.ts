/** Where a bench was measured, and with what. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { execFileSync } from 'node:child_process';
import type { BenchDocument } from './document.ts';

/** @param device that both sides compute on */
export function describeMachine(device: BenchDocument['machine']['device']): BenchDocument['machine'] {
  return {
    device,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    platform: `${process.platform}-${process.arch}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** Versions of both sides; the peers' are asked for without loading them. @param python null where no peer takes part */
export function describeVersions(python: string | null, tensorflow: string): Record<string, string> {
  if (python === null) return { node: process.versions.node, tensorflow };
  const program = [
    'import json, platform',
    'from importlib.metadata import distributions',
    'names = {"torch", "torchvision", "lightly", "selfeeg", "braindecode", "tsai", "numpy", "onnxruntime", "tensorflow", "pyedflib", "mne", "wfdb", "scipy", "h5py", "pyarrow", "aeon"}',
    'found = {each.metadata["Name"]: each.version for each in distributions() if each.metadata["Name"] in names}',
    'print(json.dumps({"python": platform.python_version(), **found}))',
  ].join('\n');
  const peers = JSON.parse(execFileSync(python, ['-c', program], { encoding: 'utf8' })) as Record<
    string,
    string
  >;
  const { tensorflow: pythons, ...others } = peers;
  return {
    node: process.versions.node,
    tensorflow,
    ...others,
    ...(pythons && { 'tensorflow of Python': pythons }),
  };
}
