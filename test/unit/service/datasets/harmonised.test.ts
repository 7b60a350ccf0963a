import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HarmoniseStep } from '../../../../src/contract/data/harmonise-step.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import { bringToShape } from '../../../../src/service/datasets/harmonised.ts';
import { folderOf } from '../../../fixtures/imports.ts';

async function selected(
  values: Uint8Array | Float32Array,
  more: Partial<DatasetSelection>,
): Promise<DatasetSelection> {
  const shard = join(await folderOf(), 'a.shard');
  writeFileSync(shard, values);
  const bytes = values.byteLength / 3;
  return {
    name: 'a',
    modality: 'image',
    shape: [1, 2, 3],
    dtype: 'uint8',
    shard,
    offsets: Float64Array.of(0, bytes, 2 * bytes),
    splits: Uint8Array.of(0, 0, 2),
    classIds: new Int32Array(3),
    numbers: new Float32Array(),
    classNames: ['one'],
    channelStatistics: { mean: [1, 2, 3], standardDeviation: [4, 5, 6] },
    ...more,
  } as DatasetSelection;
}
/** Three images of two pixels each, whose red, green and blue are alike: grey already, whatever a channel weighs. */
const GREYS = [10, 20, 40, 80, 160, 240];
const color = () =>
  selected(
    Uint8Array.from({ length: 18 }, (_, at) => GREYS[Math.floor(at / 3)]!),
    {},
  );

it('leaves what has the common shape already as it is', async () => {
  const selection = await color();
  const { selection: same, steps } = await bringToShape(selection, [1, 2, 3]);
  expect(steps).toEqual([]);
  expect(same).toBe(selection);
});

it('brings samples to the common shape, and measures them anew on training samples alone', async () => {
  const selection = await color();
  const { selection: grey, steps } = await bringToShape(selection, [1, 2, 1]);
  expect(steps).toEqual([{ step: 'to-grey' }]);
  expect(grey).toMatchObject({ shape: [1, 2, 1], dtype: 'uint8', splits: selection.splits });
  expect([...grey.offsets]).toEqual([0, 2, 4]);
  expect([...(await readFile(grey.shard)).subarray(0, 6)]).toEqual(GREYS);
  // Of 10, 20, 40 and 80: squares about the mean sum to 2875.
  expect(grey.channelStatistics.mean).toEqual([expect.closeTo(37.5, 6)]);
  expect(grey.channelStatistics.standardDeviation[0]! ** 2).toBeCloseTo(2875 / 4, 3);
  // The dataset's own stays.
  expect(await readFile(selection.shard)).toHaveLength(18);
});

it('takes steps that scale by themselves at their word: mean 0, deviation 1', async () => {
  const values = Float32Array.of(1, 10, 3, 10, 5, 14, 7, 14, 9, 18, 11, 18);
  const selection = await selected(values, { modality: 'signal', shape: [2, 2], dtype: 'float32' });
  const steps: HarmoniseStep[] = [
    { step: 'scale', mean: [1, 10], deviation: [2, 4] },
    { step: 'channels', names: ['y'], take: [1] },
  ];
  const { selection: scaled } = await bringToShape(selection, [2, 1], { steps });
  expect(scaled.channelStatistics).toMatchObject({ mean: [0], standardDeviation: [1] });
  const bytes = Uint8Array.from((await readFile(scaled.shard)).subarray(0, 24));
  expect([...new Float32Array(bytes.buffer)]).toEqual([0, 0, 1, 1, 2, 2]);
});

it('ends where nobody wants it any more', async () => {
  const signal = AbortSignal.abort(new Error('not wanted'));
  await expect(bringToShape(await color(), [1, 2, 1], { signal })).rejects.toThrow('not wanted');
});
