/** Options of each family that make it quick: eager runs of every task on every encoder take seconds. */
const options: Record<string, Record<string, unknown>> = {
  residual: { width: 8, features: 16, stages: 2 },
  plain: { width: 8, features: 16, stages: 2 },
  convnext: { width: 8, features: 16, stages: 2, kernelSize: 3 },
  'ft-transformer': { width: 8, depth: 2, heads: 2 },
  eegnet: { filters: 4, laterFilters: 8, kernelSize: 8, laterKernelSize: 4, firstPool: 2, secondPool: 4 },
  'shallow-conv-net': { filters: 8, kernelSize: 5, pool: 12, poolStride: 4 },
  'deep-conv-net': { filters: 4, kernelSize: 3, blocks: 2 },
  'eeg-inception': { filters: 4, kernelSize: 16, pool: 2 },
  'eeg-conformer': { filters: 8, kernelSize: 5, pool: 12, poolStride: 4, depth: 2, heads: 2 },
  'stager-net': { filters: 4, kernelSize: 7, pool: 3 },
  'tiny-sleep-net': { filters: 8, units: 8, kernelSize: 5, stride: 1, pool: 2 },
  'inception-time': { filters: 4, depth: 3, kernelSize: 9 },
  'patch-transformer': { width: 16, depth: 2, heads: 2, hidden: 16, patch: 8 },
  vit: { width: 16, depth: 2, heads: 2, patch: 4 },
};

export function smallOptionsOf(family: string): Record<string, unknown> {
  const found = options[family];
  if (!found) throw new Error(`Give the encoder ${family} small options in small-encoders.ts.`);
  return found;
}
