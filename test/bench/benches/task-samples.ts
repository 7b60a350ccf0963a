/** The data of the sample studies, imported as their recipes say. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { parse } from 'yaml';
import { recipeSchema, type Modality } from '../../../src/contract/recipe.ts';
import { SPLIT_CODE, type DatasetSelection } from '../../../src/contract/trainer.ts';
import { importDataset } from '../../../src/data/index.ts';

export interface StoredSample {
  name: string;
  modality: Modality;
  trainingCount: number;
  shape: readonly number[];
  /** File with the dataset's selection. */
  selection: string;
  /** Of samples, labels and splits. */
  hash: string;
}

/** Windows do not overlap here, which halves their number. */
export async function storeSample(folder: string, recipeName: string): Promise<StoredSample> {
  const file = fileURLToPath(new URL(`../../../samples/${recipeName}`, import.meta.url));
  const recipe = recipeSchema.parse(parse(readFileSync(file, 'utf8')));
  const [name, stored] = Object.entries(recipe.data.import)[0]!;
  const { windowStride: _, ...signals } = stored.signals;
  const options = { ...stored, signals };
  const shard = join(folder, `${name}.bin`);
  const imported = await importDataset({
    path: resolve(dirname(file), options.path),
    options,
    shardFile: shard,
  });
  const classNames = imported.classes.map((entry) => entry.name);
  const dataset: DatasetSelection = {
    name,
    modality: imported.modality,
    shape: imported.shape,
    dtype: imported.dtype,
    shard,
    offsets: Float64Array.from(imported.samples.offsets),
    splits: Uint8Array.from(imported.samples.splits),
    classIds: Int32Array.from(imported.samples.labels!, (label) =>
      label === null ? -1 : classNames.indexOf(label),
    ),
    numbers: new Float32Array(0),
    classNames,
    channelStatistics: imported.channelStatistics,
  };
  const selection = join(folder, `${name}.selection`);
  writeFileSync(selection, serialize(dataset));
  const hash = createHash('sha256')
    .update(readFileSync(shard))
    .update(dataset.splits)
    .update(new Uint8Array(dataset.classIds.buffer));
  const trainingCount = dataset.splits.filter((code) => code === SPLIT_CODE.train).length;
  const { modality, shape } = imported;
  return { name, modality, shape, trainingCount, selection, hash: hash.digest('hex') };
}
