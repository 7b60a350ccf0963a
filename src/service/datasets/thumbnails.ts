/** Pictures or traces of stored samples. */
import { bytesOfSample } from '../../contract/data/sample-values.ts';
import { openShard, panelsOf } from '../../data/index.ts';
import { readOffsets, shardFile, type ReadableProject, type StoredDataset } from '../../project/index.ts';
import type { PanelContent } from './panels.ts';

/** One for each position that exists, in the order asked for. */
export async function readThumbnails(
  project: ReadableProject,
  { dataset, key, shard }: StoredDataset,
  positions: readonly number[],
): Promise<PanelContent[]> {
  const sampleBytes = bytesOfSample(dataset.shape, dataset.dtype);
  const offsets = readOffsets(project, key, positions);
  const bytes = new Uint8Array(offsets.length * sampleBytes);
  const reader = await openShard(shardFile(project.folder, shard), dataset.name);
  try {
    await reader.readInto(bytes, offsets, sampleBytes);
  } finally {
    await reader.close();
  }
  return panelsOf(bytes, { ...dataset, about: dataset });
}
