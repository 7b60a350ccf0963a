/** Looks for copies across the splits of a stored dataset or between two, and keeps what it finds. */
import { comparable, findCopies, findCopiesBetween, type CopyWatch } from '../../data/index.ts';
import type { CopiesBetween, Dataset } from '../../contract/entities.ts';
import { LEFT_OUT_CODE, SPLIT_CODE } from '../../contract/data/splits/split.ts';
import {
  findCopiesBetween as copiesBetween,
  findDataset,
  getDataset,
  readSampleArrays,
  saveCopies,
  saveCopiesBetween,
  shardFile,
  type ReadableProject,
  type StoredDataset,
  type WritableProject,
} from '../../project/index.ts';

export async function searchCopies(
  project: WritableProject,
  datasetId: string,
  watch: CopyWatch,
): Promise<Dataset> {
  const started = performance.now();
  const pairs = await findCopies({ ...(await sourceOf(project, getDataset(project, datasetId))), ...watch });
  return saveCopies(project, datasetId, pairs, (performance.now() - started) / 1000);
}

/**
 * Held-out samples of one dataset among the training samples of another, also among those that are left out for the
 * moment: they may come back.
 */
export async function searchCopiesBetween(
  project: WritableProject,
  heldOut: StoredDataset,
  seen: StoredDataset,
  watch: CopyWatch = {},
): Promise<CopiesBetween> {
  const started = performance.now();
  const fits = comparable(heldOut.dataset, seen.dataset);
  const other = await sourceOf(project, seen);
  const splits = other.splits.map((code) => (code === LEFT_OUT_CODE ? SPLIT_CODE.train : code));
  const pairs = fits
    ? await findCopiesBetween(await sourceOf(project, heldOut), { ...other, splits }, watch)
    : null;
  await saveCopiesBetween(project, heldOut, seen, pairs, (performance.now() - started) / 1000);
  return copiesBetween(project, heldOut.dataset.name, seen.dataset.name)!;
}

/** Makes sure that every other dataset which a run pretrains on was looked into. */
export async function searchBeforePretraining(
  project: WritableProject,
  datasets: readonly string[],
  finetuneDataset: string,
  signal: AbortSignal,
): Promise<void> {
  const heldOut = findDataset(project, finetuneDataset);
  for (const name of datasets) {
    const seen = findDataset(project, name);
    if (!heldOut || !seen || name === finetuneDataset) continue;
    if (!copiesBetween(project, finetuneDataset, name))
      await searchCopiesBetween(project, heldOut, seen, { signal });
  }
}

/** Its samples, for a search. */
export async function sourceOf(project: ReadableProject, { key, dataset, shard }: StoredDataset) {
  const { name, modality, shape, dtype } = dataset;
  const { offsets, splits } = await readSampleArrays(project, key, dataset.sampleCount);
  return { name, modality, shape, dtype, shardFile: shardFile(project.folder, shard), offsets, splits };
}
