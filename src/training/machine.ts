/** What a run records about where it ran. */
import type { EnvironmentFacts } from '../contract/results/environment.ts';
import { availableParallelism, cpus } from 'node:os';
import type { TensorFlowInfo, StateArrays } from '../tensor/index.ts';

/** Numbers in the named values: how large a model is. */
export function countValues(state: StateArrays, prefixes: readonly string[]): number {
  return Object.entries(state)
    .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
    .reduce((sum, [, { values }]) => sum + values.length, 0);
}

export function environmentOf(info: TensorFlowInfo): EnvironmentFacts {
  return {
    tensorflow: info.version,
    device: info.device,
    deviceName:
      info.device === 'cpu' ? (cpus()[0]?.model.trim() ?? process.arch) : info.deviceNames.join(', '),
    threads: info.threads,
    ownKernels: info.ownKernels,
    cores: availableParallelism(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
}
