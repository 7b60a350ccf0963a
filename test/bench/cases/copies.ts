/**
 * How many planted copies are found across splits, and what is found among real samples where nothing was planted.
 *
 *     node test/bench/cases/copies.ts FOLDER…
 *
 * Each folder or file is imported as `pretext data import` would; then copies of every n-th training sample, each
 * changed in one way, are added as test samples. Prints a table; no number in it depends on the machine but the time.
 */
import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { importSchema } from '../../../src/contract/recipe/recipe.ts';
import { SPLIT_CODE } from '../../../src/contract/data/splits/split.ts';
import { findCopies, importDataset, openShard, type ImportedDataset } from '../../../src/data/index.ts';

const PLANTED = 200;

type Change = (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array;

function imageChanges([height = 0, width = 0, channels = 1]: readonly number[]): Record<string, Change> {
  const raw = { width, height, channels: channels as 1 | 3 };
  const stored = async (bytes: Uint8Array, quality: number) => {
    const file = await sharp(bytes, { raw }).jpeg({ quality }).toBuffer();
    const again = sharp(file);
    return new Uint8Array(await (channels === 1 ? again.greyscale() : again).raw().toBuffer());
  };
  const moved = (bytes: Uint8Array, down: number, right: number) => {
    const row = (y: number) => Math.max(0, Math.min(height - 1, y + down));
    const column = (x: number) => Math.max(0, Math.min(width - 1, x + right));
    return bytes.map((_, at) => {
      const pixel = Math.floor(at / channels);
      const from = row(Math.floor(pixel / width)) * width + column(pixel % width);
      return bytes[from * channels + (at % channels)]!;
    });
  };
  const light = (bytes: Uint8Array, gain: number, more: number) =>
    bytes.map((value) => Math.max(0, Math.min(255, Math.round(value * gain + more))));
  return {
    exact: (bytes) => bytes.slice(),
    'JPEG, quality 90': (bytes) => stored(bytes, 90),
    'JPEG, quality 75': (bytes) => stored(bytes, 75),
    'JPEG, quality 50': (bytes) => stored(bytes, 50),
    'one pixel down': (bytes) => moved(bytes, 1, 0),
    'one pixel aslant': (bytes) => moved(bytes, -1, 1),
    'brightness + 30': (bytes) => light(bytes, 1, 30),
    'contrast × 0.7': (bytes) => light(bytes, 0.7, 0),
    'contrast × 1.2': (bytes) => light(bytes, 1.2, 0),
    'JPEG 75 and moved': (bytes) => stored(moved(bytes, 0, 1), 75),
  };
}

function signalChanges(deviation: number): Record<string, Change> {
  const each = (bytes: Uint8Array, change: (value: number, at: number) => number) =>
    new Uint8Array(new Float32Array(bytes.slice().buffer).map(change).buffer);
  return {
    exact: (bytes) => bytes.slice(),
    'gain × 1.3': (bytes) => each(bytes, (value) => 1.3 * value),
    offset: (bytes) => each(bytes, (value) => value + deviation),
    'noise, 5 % of the deviation': (bytes) =>
      each(bytes, (value, at) => value + 0.05 * deviation * Math.SQRT2 * Math.sin(12.9898 * at * at)),
    'rounded to 1/16 of the deviation': (bytes) =>
      each(bytes, (value) => (Math.round((16 * value) / deviation) * deviation) / 16),
  };
}

async function measure(path: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pretext-copies-'));
  try {
    const shardFile = join(folder, 'shard');
    const signals = basename(path).includes('emg');
    const options = importSchema.parse({
      path,
      ...(signals && {
        format: 'delimited-signals',
        pathPattern: '{participant}-{session}/{gesture}.txt.gz',
        group: 'participant+session',
        split: { by: 'column', column: 'session', test: ['3'] },
        signals: { samplingRate: 200, windowLength: 128, windowStride: 64, labelFrom: 'column' },
      }),
    });
    const dataset = await importDataset({ path, options, shardFile });
    console.log(
      `\n${basename(path)}: ${dataset.sampleCount} samples, ${dataset.split.train} of them for training, ${dataset.shape.join(' × ')}`,
    );
    await measureReal(dataset, shardFile);
    const changes =
      dataset.modality === 'image'
        ? imageChanges(dataset.shape)
        : signalChanges(dataset.channelStatistics.standardDeviation[0]!);
    for (const [name, change] of Object.entries(changes))
      await measurePlanted(dataset, shardFile, name, change);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const searchOf = ({ modality, shape, dtype }: ImportedDataset, shardFile: string) => ({
  modality,
  shape,
  dtype,
  shardFile,
});

async function measureReal(dataset: ImportedDataset, shardFile: string): Promise<void> {
  const started = performance.now();
  const { offsets, splits, sources } = dataset.samples;
  const pairs = await findCopies({ ...searchOf(dataset, shardFile), offsets, splits });
  const seconds = (performance.now() - started) / 1000;
  const found = new Set(pairs.map(({ heldOut }) => heldOut)).size;
  const held = splits.filter((code) => code !== SPLIT_CODE.train).length;
  console.log(
    `  real: ${found} of ${held} held-out samples have a copy in training (${seconds.toFixed(1)} s)`,
  );
  for (const { heldOut, training, exact, likeness } of pairs.slice(0, 12))
    console.log(
      `    ${likeness.toFixed(4)}${exact ? ' exact' : ''}  ${sources[heldOut]} ~ ${sources[training]}`,
    );
}

async function measurePlanted(
  dataset: ImportedDataset,
  shardFile: string,
  name: string,
  change: Change,
): Promise<void> {
  const { offsets, splits } = dataset.samples;
  const training = [...splits.keys()].filter((index) => splits[index] === SPLIT_CODE.train);
  const chosen = training.filter((_, at) => at % Math.ceil(training.length / PLANTED) === 0);
  const shard = await openShard(shardFile);
  // Behind the samples stand their checksums, which no longer are at the end then: none are looked at.
  const begin = (await stat(shardFile)).size;
  const changed: Uint8Array[] = [];
  for (const index of chosen) {
    const bytes = new Uint8Array(dataset.sampleBytes);
    await shard.readInto(bytes, [offsets[index]!], dataset.sampleBytes);
    changed.push(await change(bytes));
  }
  await shard.close();
  await appendFile(shardFile, Buffer.concat(changed));
  const planted = changed.map((_, at) => begin + at * dataset.sampleBytes);
  const pairs = await findCopies({
    ...searchOf(dataset, shardFile),
    offsets: Float64Array.of(...training.map((index) => offsets[index]!), ...planted),
    splits: Uint8Array.of(...training.map(() => SPLIT_CODE.train), ...planted.map(() => SPLIT_CODE.test)),
  });
  const hits = chosen.filter((index, at) =>
    pairs.some((pair) => pair.heldOut === training.length + at && training[pair.training] === index),
  ).length;
  const others = pairs.filter(
    (pair) => training[pair.training] !== chosen[pair.heldOut - training.length],
  ).length;
  console.log(
    `  ${name.padEnd(34)} ${((100 * hits) / chosen.length).toFixed(1).padStart(5)} % of ${chosen.length} found, ${others} pairs with other samples`,
  );
}

for (const path of process.argv.slice(2)) await measure(path);
