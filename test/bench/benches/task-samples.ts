/** The data of the bench of tasks, imported as the program imports them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { parse } from 'yaml';
import { importSchema, recipeSchema, type Modality } from '../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../src/contract/messages/dataset-selection.ts';
import { bytesOfSample } from '../../../src/contract/data/sample-values.ts';
import { descriptionOf } from '../../../src/contract/data/sample-description.ts';
import { importDataset, type ImportedDataset } from '../../../src/data/index.ts';
import { prepareColorPictures } from '../peers/pictures.ts';

export interface StoredSample {
  name: string;
  modality: Modality;
  trainingCount: number;
  shape: readonly number[];
  /** File with the dataset's selection. */
  selection: string;
  /** Of samples, labels and splits. */
  hash: string;
  /** What samples are known to belong to, which some tasks ask for. */
  knows: readonly ('group' | 'recording')[];
}

/** Where data come from, and how they are read. */
export interface Source {
  name: string;
  options: ReturnType<typeof importSchema.parse>;
  /** Takes only some of the samples, in other splits than the import gave them. */
  choose?: typeof holdOutTestImages;
  /** Values of the label that are no class: such samples are pretrained on, and never probed. */
  unlabeled?: readonly string[];
}

/** So many choose the penalty of a probe well enough; the test images make differences of a point visible. */
const HELD_OUT = { validation: 1000, test: 4000 };

/**
 * Fashion-MNIST: 4,000 training images; of the official test images the first 1,000 are validation data, the next
 * 4,000 test data.
 */
export const fashionImages = (): Promise<Source> =>
  Promise.resolve({
    name: 'fashion-mnist',
    options: importSchema.parse({
      path: fileURLToPath(new URL('../data/fashion-mnist', import.meta.url)),
      format: 'idx',
      split: { by: 'folder', copies: 'apart' },
    }),
    choose: holdOutTestImages,
  });

/** Places of the samples that are used, and their splits. Kept apart from the files, so that it can be tested. */
export function holdOutTestImages(codes: Uint8Array): { places: number[]; codes: Uint8Array<ArrayBuffer> } {
  const all = [...codes.keys()];
  const test = all.filter((place) => codes[place] === SPLIT_CODE.test);
  const train = all.filter((place) => codes[place] !== SPLIT_CODE.test);
  const held = test.slice(0, HELD_OUT.validation + HELD_OUT.test);
  return {
    places: [...train, ...held],
    codes: Uint8Array.from([
      ...train.map(() => SPLIT_CODE.train),
      ...held.map((_, order) => (order < HELD_OUT.validation ? SPLIT_CODE.validation : SPLIT_CODE.test)),
    ]),
  };
}

/** Coloured pictures of emoji by two hands, in nine classes; pictures of the same thing are never parted. */
export const colorPictures = async (): Promise<Source> => ({
  name: 'emoji',
  options: importSchema.parse({
    path: await prepareColorPictures(),
    format: 'image-folder',
    pathPattern: '{class}/{thing}/{file}.png',
    labelColumn: 'class',
    group: 'thing',
    split: { by: 'random', validation: 0.2, test: 0.3, seed: 1 },
    images: { size: 32, color: 'color' },
  }),
});

/** The data of a sample study. Windows do not overlap here, which halves their number. */
export const sampleStudy = (recipeName: string) => (): Promise<Source> => {
  const file = fileURLToPath(new URL(`../../../samples/${recipeName}`, import.meta.url));
  const recipe = recipeSchema.parse(parse(readFileSync(file, 'utf8')));
  const [name, stored] = Object.entries(recipe.data.import)[0]!;
  const { windowStride: _, ...signals } = stored.signals;
  return Promise.resolve({
    name,
    options: { ...stored, path: resolve(dirname(file), stored.path), signals },
  });
};

/** Groups, recordings and times, as a run is told them. */
function belongingOf(
  { samples, shape, dtype, samplingRate }: ImportedDataset,
  places: readonly number[],
): Pick<DatasetSelection, 'groups' | 'recordings' | 'times'> {
  const numbers = new Map<string, number>();
  const groups = Int32Array.from(places, (place) => {
    const group = samples.groups[place] ?? null;
    if (group === null) return -1;
    if (!numbers.has(group)) numbers.set(group, numbers.size);
    return numbers.get(group)!;
  });
  const { recordings } = samples;
  const bytesASecond = bytesOfSample([shape.at(-1)!], dtype) * (samplingRate ?? 1);
  return {
    ...(numbers.size > 0 && { groups }),
    ...(recordings && {
      recordings: Int32Array.from(places, (place) => recordings[place]!),
      // Every stretch without a gap is a recording of its own here, so that its bytes tell its time.
      times: Float32Array.from(places, (place) => samples.offsets[place]! / bytesASecond),
    }),
  };
}

export async function storeSample(
  folder: string,
  { name, options, choose, unlabeled = [] }: Source,
): Promise<StoredSample> {
  const shard = join(folder, `${name}.bin`);
  const imported = await importDataset({ path: options.path, options, shardFile: shard });
  const classNames = imported.classes.map((entry) => entry.name).filter((own) => !unlabeled.includes(own));
  const whole = Uint8Array.from(imported.samples.splits);
  const { places, codes } = choose?.(whole) ?? { places: [...whole.keys()], codes: whole };
  const dataset: DatasetSelection = {
    name,
    modality: imported.modality,
    shape: imported.shape,
    dtype: imported.dtype,
    shard,
    offsets: Float64Array.from(places, (place) => imported.samples.offsets[place]!),
    splits: codes,
    classIds: Int32Array.from(places, (place) => {
      const label = imported.samples.labels![place]!;
      return label === null ? -1 : classNames.indexOf(label);
    }),
    numbers: new Float32Array(0),
    classNames,
    channelStatistics: imported.channelStatistics,
    ...belongingOf(imported, places),
    about: descriptionOf(imported),
  };
  const selection = join(folder, `${name}.selection`);
  writeFileSync(selection, serialize(dataset));
  const hash = createHash('sha256')
    .update(readFileSync(shard))
    .update(dataset.splits)
    .update(new Uint8Array(dataset.classIds.buffer));
  const trainingCount = dataset.splits.filter((code) => code === SPLIT_CODE.train).length;
  const { modality, shape } = imported;
  return {
    name,
    modality,
    shape,
    trainingCount,
    selection,
    hash: hash.digest('hex'),
    knows: [
      ...(dataset.groups ? (['group'] as const) : []),
      ...(dataset.recordings ? (['recording'] as const) : []),
    ],
  };
}
