import { beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import { startTensorFlow } from '../../../../src/tensor/index.ts';
import { createProbe } from '../../../../src/training/pretext/probe.ts';
import { byteDataset, playedProgram } from '../../../fixtures/played-programs.ts';

beforeAll(() => startTensorFlow({ threads: 1 }));

const angle = (sample: number) => (Math.PI * sample) / 40;
/** Features that go round a quarter of a circle with the sample. */
const round = playedProgram({
  row: (sample) => ({ features: [Math.cos(angle(sample)), Math.sin(angle(sample))] }),
});
/** Features by which odd samples are told from even ones. */
const parity = playedProgram({
  row: (sample) => ({ features: sample % 2 ? [1, 0.01 * sample] : [-1, 0.01 * sample] }),
});
/** Features that are the same for all. */
const constant = playedProgram({ row: () => ({ features: [1, 1] }) });
const probing = async (
  program: typeof round,
  dataset: Partial<DatasetSelection> = {},
  kinds?: Parameters<typeof createProbe>[2],
) => createProbe(program, await byteDataset(40, dataset), kinds)!;

describe('a probe of classes', () => {
  it('is right about all where features tell them apart, and about one class where they do not', async () => {
    const kinds = ['knn', 'linear'] as const;
    const good = await (await probing(parity, {}, kinds))({ resample: false });
    expect(good).toEqual({ values: { knnAccuracy: 1, linearAccuracy: 1 }, resamples: [] });
    const bad = await (await probing(constant, {}, kinds))({ resample: false });
    expect(bad.values).toEqual({ knnAccuracy: 0.5, linearAccuracy: 0.5 });
  });

  it('takes labels of the training samples alone, and asks validation samples alone', async () => {
    const classIds = Int32Array.from({ length: 40 }, (_, at) => (at % 5 === 4 ? 1 - (at % 2) : at % 2));
    const wrongTests = await (await probing(parity, { classIds }))({ resample: false });
    expect(wrongTests.values).toEqual({ knnAccuracy: 1 });
    const turned = Int32Array.from({ length: 40 }, (_, at) => (at % 5 === 3 ? 1 - (at % 2) : at % 2));
    const wrongValidation = await (await probing(parity, { classIds: turned }))({ resample: false });
    expect(wrongValidation.values).toEqual({ knnAccuracy: 0 });
  });

  it('says how sure it is by resamples within each class, or of whole groups', async () => {
    const { resamples } = await (await probing(parity))({ resample: true });
    expect(resamples).toEqual([{ probe: 'knn', scores: Array<number>(200).fill(1) }]);
    // One class is told rightly in every resample of classes; of two groups one class may be missing.
    const each = (await (await probing(constant))({ resample: true })).resamples[0]!.scores;
    expect(new Set(each)).toEqual(new Set([0.5]));
    const groups = Int32Array.from({ length: 40 }, (_, at) => at % 2);
    const whole = (await (await probing(constant, { groups }))({ resample: true })).resamples[0]!.scores;
    expect(new Set(whole)).toEqual(new Set([0, 0.5, 1]));
  });
});

describe('a probe of numbers', () => {
  const numbers = Float32Array.from(
    { length: 40 },
    (_, at) => 3 * Math.cos(angle(at)) - 2 * Math.sin(angle(at)) + 1,
  );
  const ofNumbers = { classIds: new Int32Array(), classNames: [], numbers };

  it('finds what is a sum of features wholly, and nothing where all are the same', async () => {
    const { values } = await (await probing(round, ofNumbers, ['linear']))({ resample: false });
    expect(Object.values(values)[0]).toBeGreaterThan(0.99);
    const nothing = await (await probing(constant, ofNumbers, ['knn']))({ resample: false });
    expect(Object.values(nothing.values)[0]).toBeLessThan(0.01);
  });

  it('of several labels averages over those that are known', async () => {
    const targets = Float32Array.from({ length: 80 }, (_, i) => {
      const sample = Math.floor(i / 2);
      if (i % 2 === 0) return sample % 2;
      return sample % 3 === 0 ? NaN : sample % 2;
    });
    const several = {
      several: 'labels' as const,
      targets,
      classNames: ['a', 'b'],
      classIds: new Int32Array(),
    };
    for (const kind of ['knn', 'linear'] as const) {
      const { values, resamples } = await (await probing(parity, several, [kind]))({ resample: true });
      expect(Object.values(values)).toEqual([1]);
      expect(resamples[0]!.scores.length).toBeGreaterThan(0);
    }
  });
});

it('is none where nothing is labeled to learn from, or to be asked', async () => {
  const classIds = Int32Array.from({ length: 40 }, (_, at) => (at % 5 === 3 ? -1 : 0));
  expect(createProbe(parity, await byteDataset(40, { classIds }))).toBeNull();
  expect(createProbe(parity, await byteDataset(40, { splits: new Uint8Array(40).fill(1) }))).toBeNull();
});
