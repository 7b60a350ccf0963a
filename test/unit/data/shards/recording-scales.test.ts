import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBatchSource } from '../../../../src/data/shards/batches.ts';
import { openShard } from '../../../../src/data/shards/reader.ts';
import { measureRecordings, openSamples, recordingAt } from '../../../../src/data/shards/recording-scales.ts';
import { folderOf } from '../../../fixtures/imports.ts';

/** Two recordings of two channels, 6 and 4 rows; the second channel of the second never changes. */
const FIRST = [
  [1, 10],
  [2, 30],
  [3, 50],
  [4, 70],
  [5, 90],
  [6, 110],
];
const SECOND = [
  [-4, 7],
  [0, 7],
  [4, 7],
  [8, 7],
];
const ROW = 8;
const PLACES = [
  { start: 0, rows: 6 },
  { start: 6 * ROW, rows: 4 },
];

async function shardOf() {
  const file = join(await folderOf(), 'x');
  await writeFile(file, new Uint8Array(Float32Array.from([...FIRST, ...SECOND].flat()).buffer));
  const shard = await openShard(file);
  const scales = await measureRecordings(shard, PLACES, 2);
  await shard.close();
  return { file, scales };
}

it('measures each recording by itself, population deviations, 1 where nothing changes', async () => {
  const { scales } = await shardOf();
  expect([...scales.starts]).toEqual([0, 48]);
  expect([...scales.means]).toEqual([3.5, 60, 2, 7]);
  // (n² − 1) / 12 steps of 1, 20 and 4.
  const expected = [Math.sqrt(35 / 12), 20 * Math.sqrt(35 / 12), 4 * Math.sqrt(15 / 12), 1];
  scales.deviations.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 9));
});

it('finds the recording that a byte is in', () => {
  expect([0, 47, 48, 1000].map((byte) => recordingAt([0, 48], byte))).toEqual([0, 0, 1, 1]);
});

it('reads windows in the scale of their recording, in whatever order', async () => {
  const { file, scales } = await shardOf();
  const reader = await openSamples(file, 'x', scales);
  const values = new Float32Array(3 * 4);
  await reader.readInto(new Uint8Array(values.buffer), [7 * ROW, 0, 2 * ROW], 2 * ROW);
  await reader.close();
  const [first, second] = [Math.sqrt(35 / 12), 4 * Math.sqrt(15 / 12)];
  const expected = [
    [-2 / second, 0, 2 / second, 0],
    [-2.5 / first, -2.5 / first, -1.5 / first, -1.5 / first],
    [-0.5 / first, -0.5 / first, 0.5 / first, 0.5 / first],
  ].flat();
  values.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 6));
});

it('is what batches hold', async () => {
  const { file, scales } = await shardOf();
  const dataset = {
    shard: file,
    offsets: [0, 6 * ROW],
    sampleBytes: 4 * ROW,
    indices: Int32Array.of(0, 1),
    dtype: 'float32' as const,
  };
  const sums = async (recordingScales?: typeof scales) => {
    const source = await createBatchSource({
      datasets: [{ ...dataset, recordingScales }],
      batchSize: 2,
      seed: 1,
    });
    const { samples, indices } = await source.next();
    const second = [...indices].indexOf(1);
    const channel = [...samples.subarray(second * 8, second * 8 + 8)].filter((_, at) => at % 2 === 0);
    await source.close();
    return channel;
  };
  expect(await sums()).toEqual([-4, 0, 4, 8]);
  const deviation = 4 * Math.sqrt(15 / 12);
  (await sums(scales)).forEach((value, at) => expect(value).toBeCloseTo([-6, -2, 2, 6][at]! / deviation, 6));
});
