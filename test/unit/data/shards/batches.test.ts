import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createBalancedOrder,
  createBatchOrder,
  createBatchSource,
} from '../../../../src/data/shards/batches.ts';
import { folderOf } from '../../../fixtures/imports.ts';
import { shardOf, offsetsOf } from '../../../fixtures/shards.ts';

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

  it('bring along what was asked for beside them, read with them and their own until the next', async () => {
    const [first, second] = [await shardOf(50, 4), await shardOf(20, 4, 'b.shard')];
    const dataset = (shard: string, count: number, used: number) => ({
      shard,
      offsets: offsetsOf(count, 4),
      sampleBytes: 4,
      indices: Int32Array.from({ length: used }, (_, at) => at),
      dtype: 'uint8' as const,
    });
    const asked: number[] = [];
    const source = await createBatchSource({
      datasets: [dataset(first, 50, 40), dataset(second, 20, 10)],
      batchSize: 4,
      seed: 2,
      // Of each sample the next two; the second is said to be missing.
      beside({ step, indices, datasetIndices }) {
        asked.push(step);
        const each = [...indices].flatMap((index) => [index + 1, index + 2]);
        return {
          indices: Int32Array.from(each),
          datasetIndices: Int32Array.from([...datasetIndices].flatMap((of) => [of, of])),
          found: Float32Array.from(each, (_, at) => 1 - (at % 2)),
        };
      },
    });
    for (let step = 0; step < 5; step++) {
      const { indices, samples, beside } = await source.next();
      // The batch behind is read already, and has not touched this one.
      await new Promise((resolve) => setImmediate(resolve));
      expect(asked).toHaveLength(step + 2);
      expect([...samples].filter((_, at) => at % 4 === 0)).toEqual([...indices]);
      const own = [...indices].flatMap((index) => [index + 1, index + 2]);
      expect([...beside!.samples].filter((_, at) => at % 4 === 0)).toEqual(own);
      expect([...beside!.found]).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    }
    await source.close();
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

describe('batches by shares', () => {
  const counted = (shares: number[], sizes: number[]) => {
    const order = createBatchOrder(sizes, 64, 1, shares);
    const counts = sizes.map(() => new Map<number, number>());
    for (let step = 0; step < 64; step += 1) {
      const { indices, datasetIndices } = order.position(step);
      indices.forEach((sample, place) => {
        const own = counts[datasetIndices[place]!]!;
        own.set(sample, (own.get(sample) ?? 0) + 1);
      });
    }
    return counts;
  };

  it('hold each dataset by its share, and each of its samples before one comes again', () => {
    const counts = counted([0.75, 0.25], [300, 10]);
    expect(counts.map((own) => [...own.values()].reduce((sum, count) => sum + count, 0))).toEqual([
      3072, 1024,
    ]);
    for (const own of counts) {
      const times = [...own.values()];
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
    }
  });

  it('hold a little of a dataset whose share is next to nothing, spread over the batches', () => {
    const order = createBatchOrder([1000, 10, 5], 32, 1, [0.9999, 0.00005, 0.00005]);
    const seen = Array.from({ length: 128 }, (_, step) => [...order.position(step).datasetIndices]).flat();
    expect([0, 1, 2].map((dataset) => seen.filter((one) => one === dataset).length)).toEqual([4094, 1, 1]);
    const { datasetIndices } = createBatchOrder([100, 100], 8, 1, [0.5, 0.5]).position(3);
    expect([...datasetIndices].filter((one) => one === 0)).toHaveLength(4);
  });
});
