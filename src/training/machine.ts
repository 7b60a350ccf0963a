/** What a run records about where it ran. */
import type { EnvironmentFacts } from '../contract/results/environment.ts';
import { availableParallelism, cpus } from 'node:os';
import { hasSmallOperations } from '../learning/encoders/registry.ts';
import type { StateArrays, TensorFlowInfo, ThreadUse } from '../tensor/index.ts';
import type { FinetuneInputs, PretextInputs } from './inputs.ts';

/** Numbers in the named values: how large a model is. */
export function countValues(state: StateArrays, prefixes: readonly string[]): number {
  return Object.entries(state)
    .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
    .reduce((sum, [, { values }]) => sum + values.length, 0);
}

export const threadUseOf = ({
  threads,
  encoder,
  modality,
}: Pick<PretextInputs | FinetuneInputs, 'threads' | 'encoder' | 'modality'>): ThreadUse => ({
  threads: threads ?? undefined,
  sideBySide: hasSmallOperations(encoder, modality),
});

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
