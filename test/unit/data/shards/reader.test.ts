import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importSchema } from '../../../../src/contract/recipe/recipe.ts';
import {
  createBalancedOrder,
  createBatchOrder,
  createBatchSource,
} from '../../../../src/data/shards/batches.ts';
import { assertContentDisjoint } from '../../../../src/data/shards/content-check.ts';
import { harmonise, planHarmonisation } from '../../../../src/data/harmonise.ts';
import { importDataset } from '../../../../src/data/import.ts';
import { inspect } from '../../../../src/data/inspect.ts';
import { ShardWriter } from '../../../../src/data/shards/writer.ts';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { channelStatistics } from '../../../../src/data/shards/statistics.ts';
import { picture } from '../../../fixtures/broken-images.ts';
import { failureOf, folderOf } from '../../../fixtures/imports.ts';

/** `count` samples of `sampleBytes` bytes; sample i holds i, i + 1, … */
async function shardOf(count: number, sampleBytes: number, name = 'a.shard'): Promise<string> {
  const file = join(await folderOf(), name);
  const bytes = Uint8Array.from(
    { length: count * sampleBytes },
    (_, at) => Math.floor(at / sampleBytes) + (at % sampleBytes),
  );
  await writeFile(file, bytes);
  return file;
}
const offsetsOf = (count: number, sampleBytes: number) =>
  Float64Array.from({ length: count }, (_, at) => at * sampleBytes);

describe('a shard', () => {
  it('comes back as it was written, in any order, overlapping or not', async () => {
    const file = join(await folderOf(), 'x.shard');
    const writer = await ShardWriter.create(file);
    const bytes = Uint8Array.from({ length: 9_000_000 }, (_, at) => (at * 31 + (at >> 9)) % 256);
    for (let at = 0; at < bytes.length; at += 700_001) await writer.append(bytes.subarray(at, at + 700_001));
    await writer.rewind(8_999_000);
    await writer.append(bytes.subarray(8_999_000));
    await writer.finish();
    const shard = await openShard(file);
    expect(shard.bytes).toBe(bytes.length);
    const offsets = [8_999_900, 5, 0, 4_194_300, 5, 60, 7_000_000, 100_000];
    const target = new Uint8Array(offsets.length * 100);
    await shard.readInto(target, offsets, 100);
    offsets.forEach((offset, at) => {
      expect([...target.subarray(at * 100, at * 100 + 100)]).toEqual([
        ...bytes.subarray(offset, offset + 100),
      ]);
    });
    await shard.close();
  });

  it('that was cut off or is gone is told so', async () => {
    const file = await shardOf(4, 10);
    await truncate(file, 25);
    const shard = await openShard(file);
    expect(await failureOf(shard.readInto(new Uint8Array(10), [20], 10))).toMatchObject({
      code: 'shard.truncated',
      place: file,
    });
    await shard.close();
    expect(await failureOf(openShard(`${file}.gone`))).toMatchObject({ code: 'shard.missing' });
  });

  it('leaves no file when an import fails or is aborted', async () => {
    const folder = await folderOf({ 'a/1.png': 'no image' });
    const target = await folderOf();
    const request = (path: string) => ({
      path,
      options: importSchema.parse({ path }),
      shardFile: join(target, 'x.shard'),
    });
    expect((await failureOf(importDataset(request(folder)))).code).toBe('dataset.empty');
    expect(await readdir(target)).toEqual([]);
    const files = Object.fromEntries(
      await Promise.all(
        Array.from(
          { length: 40 },
          async (_, at) => [`a/${at}.png`, await picture(at, 16).png().toBuffer()] as const,
        ),
      ),
    );
    const abort = new AbortController();
    const seen: string[] = [];
    const aborted = importDataset({
      ...request(await folderOf(files)),
      signal: abort.signal,
      onProgress: ({ phase }) => {
        seen.push(phase);
        if (phase === 'Decoding images') abort.abort();
      },
    });
    await expect(aborted).rejects.toThrow('abort');
    expect(seen).toContain('Decoding images');
    expect(await readdir(target)).toEqual([]);
  });

  it('is checked for content that two splits share', async () => {
    const file = join(await folderOf(), 'x');
    await writeFile(file, Uint8Array.of(1, 2, 3, 4, 1, 2));
    const shard = await openShard(file);
    const offsets = Float64Array.of(0, 2, 4);
    await expect(assertContentDisjoint(shard, offsets, 2, Uint8Array.of(0, 1, 0))).resolves.toBeUndefined();
    await expect(assertContentDisjoint(shard, offsets, 2, Uint8Array.of(0, 1, 2))).rejects.toThrow(
      'samples 0 and 2',
    );
    await shard.close();
  });
});

describe('channel statistics', () => {
  it('are mean and standard deviation, overlapping rows counted once, exact on a large offset', async () => {
    const file = join(await folderOf(), 'x');
    const values = Float32Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 1_000_000 + at / 2 : at % 4));
    await writeFile(file, new Uint8Array(values.buffer));
    const shard = await openShard(file);
    const { mean, standardDeviation } = await channelStatistics(shard, [0, 8, 80], 80, 2, 'float32');
    await shard.close();
    // 0 to 19: mean 9.5, variance (20² - 1) / 12; 1 and 3 in turn: mean 2, deviation 1.
    expect(mean).toEqual([1_000_009.5, 2]);
    expect(standardDeviation[0]).toBeCloseTo(Math.sqrt(399 / 12), 9);
    expect(standardDeviation[1]).toBeCloseTo(1, 12);
  });
});

describe('batches', () => {
  it('of one dataset hold every sample once an epoch, but for the incomplete batch', () => {
    const order = createBatchOrder([10], 3, 4);
    expect(order.stepsPerEpoch).toBe(3);
    const epoch = (number: number) =>
      [0, 1, 2].flatMap((step) => [...order.position(number * 3 + step).indices]);
    for (const number of [0, 1, 7]) expect(new Set(epoch(number)).size).toBe(9);
    expect(epoch(0)).not.toEqual(epoch(1));
  });

  it('repeat a dataset that is smaller than a batch, evenly', () => {
    const { indices } = createBatchOrder([4], 10, 1).position(5);
    const counts = [0, 1, 2, 3].map((sample) => indices.filter((found) => found === sample).length);
    expect(counts.sort()).toEqual([2, 2, 3, 3]);
  });

  it('of several datasets hold the same share of each, every sample used before one comes again', () => {
    const sizes = [1000, 10, 100];
    const order = createBatchOrder(sizes, 30, 2);
    expect(order.stepsPerEpoch).toBe(37);
    const uses = sizes.map((size) => new Array<number>(size).fill(0));
    for (let step = 0; step < 2 * order.stepsPerEpoch; step += 1) {
      const { indices, datasetIndices } = order.position(step);
      for (const dataset of [0, 1, 2])
        expect(datasetIndices.filter((found) => found === dataset)).toHaveLength(10);
      indices.forEach((index, at) => (uses[datasetIndices[at]!]![index]! += 1));
    }
    for (const counts of uses) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('balanced by class hold each class equally often, every sample of a class before one comes again', () => {
    const strata = Array.from({ length: 200 }, (_, at) => (at % 40 === 7 ? 4 : at % 5 === 0 ? 2 : 0));
    const order = createBalancedOrder(strata, 16, 3);
    expect(order.stepsPerEpoch).toBe(12);
    const uses = new Array<number>(200).fill(0);
    for (let step = 0; step < 50; step += 1) {
      const { indices, datasetIndices } = order.position(step);
      expect(datasetIndices.every((dataset) => dataset === 0)).toBe(true);
      for (const id of [0, 2, 4]) {
        const count = indices.filter((place) => strata[place] === id).length;
        expect(count === 5 || count === 6).toBe(true);
      }
      for (const place of indices) uses[place]! += 1;
    }
    for (const id of [0, 2, 4]) {
      const ofClass = uses.filter((_, place) => strata[place] === id);
      expect(Math.max(...ofClass) - Math.min(...ofClass)).toBeLessThanOrEqual(1);
    }
    expect(createBalancedOrder(strata, 16, 3).position(31)).toEqual(order.position(31));
    expect(createBalancedOrder(strata, 16, 4).position(31)).not.toEqual(order.position(31));
  });

  it('are the same after resuming at any step, with the samples they name', async () => {
    const file = await shardOf(50, 4);
    const other = await shardOf(20, 4, 'b.shard');
    const datasets = [
      {
        shard: file,
        offsets: offsetsOf(50, 4),
        sampleBytes: 4,
        indices: Int32Array.from({ length: 25 }, (_, at) => at * 2),
        dtype: 'uint8' as const,
      },
      {
        shard: other,
        offsets: offsetsOf(20, 4),
        sampleBytes: 4,
        indices: Int32Array.of(3, 4, 5),
        dtype: 'uint8' as const,
      },
    ];
    const take = async (startStep: number, count: number) => {
      const source = await createBatchSource({ datasets, batchSize: 6, seed: 9, startStep });
      const taken = [];
      for (let at = 0; at < count; at += 1) {
        const { step, samples, indices, datasetIndices } = await source.next();
        taken.push({
          step,
          samples: [...samples],
          indices: [...indices],
          datasetIndices: [...datasetIndices],
        });
      }
      await source.close();
      return taken;
    };
    const whole = await take(0, 12);
    expect(await take(7, 5)).toEqual(whole.slice(7));
    for (const { samples, indices, datasetIndices } of whole) {
      expect(samples).toEqual(indices.flatMap((index) => [index, index + 1, index + 2, index + 3]));
      expect(
        indices.every((index, at) =>
          datasetIndices[at] === 0 ? index % 2 === 0 : [3, 4, 5].includes(index),
        ),
      ).toBe(true);
    }
  });

  it('of signals are float32', async () => {
    const file = join(await folderOf(), 'x');
    await writeFile(file, new Uint8Array(Float32Array.of(0.5, 1.5, 2.5, 3.5).buffer));
    const source = await createBatchSource({
      datasets: [
        {
          shard: file,
          offsets: [0, 4, 8],
          sampleBytes: 8,
          indices: Int32Array.of(0, 1, 2),
          dtype: 'float32',
        },
      ],
      batchSize: 3,
      seed: 1,
    });
    const { samples, indices } = await source.next();
    await source.close();
    expect([...samples]).toEqual([...indices].flatMap((index) => [index + 0.5, index + 1.5]));
  });
});

describe('datasets of other shapes', () => {
  it('are brought to the common shape once, by recorded steps', async () => {
    const file = await shardOf(3, 64);
    const request = {
      name: 'x',
      modality: 'image' as const,
      shard: file,
      offsets: offsetsOf(3, 64),
      dtype: 'uint8' as const,
      shape: [8, 8, 1],
      targetShape: [8, 8, 3],
    };
    const colored = await harmonise(request);
    expect(colored.steps).toEqual([{ step: 'to-color' }]);
    expect(colored.shard.startsWith(`${file}.`)).toBe(true);
    const shard = await openShard(colored.shard);
    const target = new Uint8Array(192);
    await shard.readInto(target, [colored.offsets[2]!], colored.sampleBytes);
    expect([...target.subarray(0, 6)]).toEqual([2, 2, 2, 3, 3, 3]);
    await shard.close();
    let told = 0;
    expect(await harmonise({ ...request, onProgress: () => (told += 1) })).toEqual(colored);
    expect(told).toBe(0);
    const back = await harmonise({
      ...request,
      shard: colored.shard,
      offsets: colored.offsets,
      shape: [8, 8, 3],
      targetShape: [16, 16, 1],
    });
    expect(back.steps.map(({ step }) => step)).toEqual(['resize', 'to-grey']);
    expect((await openShardBytes(back.shard)).length).toBe(3 * 256);
  });

  it('of signals are resampled window by window', async () => {
    const file = join(await folderOf(), 'x');
    await writeFile(file, new Uint8Array(Float32Array.of(0, 2, 4, 6, 8).buffer));
    const result = await harmonise({
      name: 'x',
      modality: 'signal',
      shard: file,
      offsets: Float64Array.of(0, 8),
      dtype: 'float32',
      shape: [3, 1],
      targetShape: [5, 1],
    });
    expect(result.steps).toEqual([{ step: 'resample', fromLength: 3, toLength: 5 }]);
    const bytes = await openShardBytes(result.shard);
    const lines = [0, 1.2, 2.4, 3.6, 4.8, 4, 5.2, 6.4, 7.6, 8.8];
    const near = lines.map((value) => expect.closeTo(value, 1) as number);
    expect([...new Float32Array(Uint8Array.from(bytes).buffer)]).toEqual(near);
  });

  it('are refused when kinds or channels differ', async () => {
    const plan = (shape: number[], targetShape: number[]) =>
      failureOf((async () => planHarmonisation({ name: 'emg', modality: 'signal', shape, targetShape }))());
    expect(await plan([128, 8], [128, 4])).toMatchObject({ code: 'dataset.other-channels', place: 'emg' });
    expect(await plan([128, 8], [28, 28, 1])).toMatchObject({ code: 'dataset.other-kind' });
  });
});

describe('a look before the import', () => {
  it('tells format, classes and split folders', async () => {
    const image = await picture(1, 8).png().toBuffer();
    const found = await inspect(
      await folderOf({ 'train/a/1.png': image, 'test/b/2.png': image, 'train/b/3.png': image }),
    );
    expect(found).toMatchObject({
      format: 'image-folder',
      files: 3,
      splits: { train: 2, validation: 0, test: 1 },
    });
    expect(found.classes).toEqual([
      { name: 'a', files: 1 },
      { name: 'b', files: 2 },
    ]);
  });

  it('tells columns and first rows of signals', async () => {
    const found = await inspect(await folderOf({ 'a.csv': `x;y\n${'1;2\n'.repeat(20)}` }));
    expect(found).toMatchObject({ format: 'delimited-signals', columns: ['x', 'y'], files: 1 });
    expect(found.exampleRows[0]).toEqual(['1', '2']);
  });

  it('says what a folder holds instead', async () => {
    const pdfs = await folderOf({ 'a.pdf': '%PDF', 'b.pdf': '%PDF', 'c.pdf': '%PDF' });
    const found = await inspect(pdfs);
    expect(found.format).toBeNull();
    expect(found.notes).toEqual(['This folder holds 3 PDF files, and no data of a format that is known.']);
    const failure = await failureOf(
      importDataset({ path: pdfs, options: importSchema.parse({ path: pdfs }), shardFile: join(pdfs, 'x') }),
    );
    expect(failure).toMatchObject({ code: 'import.unknown-format', place: pdfs });
    expect(await failureOf(inspect(join(pdfs, 'gone')))).toMatchObject({ code: 'path.missing' });
    const table = await folderOf({ 'people.csv': 'age,job,home\n'.concat('30,clerk,Rome\n'.repeat(9)) });
    expect((await inspect(table)).format).toBeNull();
  });
});

async function openShardBytes(file: string): Promise<Uint8Array> {
  const shard = await openShard(file);
  const bytes = new Uint8Array(shard.bytes);
  await shard.readInto(bytes, [0], shard.bytes);
  await shard.close();
  return bytes;
}
