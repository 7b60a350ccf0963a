/** Looks for copies across the splits of a stored dataset, and keeps what it finds. */
import { join } from 'node:path';
import { findCopies, type CopySearch } from '../data/index.ts';
import type { Dataset } from '../contract/entities.ts';
import {
  getDataset,
  readSampleArrays,
  saveCopies,
  shardFolder,
  type WritableProject,
} from '../project/index.ts';

export async function searchCopies(
  project: WritableProject,
  datasetId: string,
  watch: Pick<CopySearch, 'signal' | 'onProgress'>,
): Promise<Dataset> {
  const started = performance.now();
  const { key, dataset, shard } = getDataset(project, datasetId);
  const { offsets, splits } = await readSampleArrays(project, key, dataset.sampleCount);
  const { modality, shape, dtype } = dataset;
  const shardFile = join(shardFolder(project.folder), shard);
  const pairs = await findCopies({ modality, shape, dtype, shardFile, offsets, splits, ...watch });
  return saveCopies(project, datasetId, pairs, (performance.now() - started) / 1000);
}
