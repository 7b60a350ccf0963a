import { describe, expect, it } from 'vitest';
import { SPLIT_CODE } from '../../../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../../../src/contract/messages/dataset-selection.ts';
import {
  chooseHeldOut,
  countOf,
  nothingKeptOut,
} from '../../../../../src/training/pretext/health/held-out.ts';
import { pretrainingIndices } from '../../../../../src/training/samples/selection.ts';

/** So many samples of each split, one split after the other. */
function dataset(train: number, validation: number, test: number): DatasetSelection {
  const splits = Uint8Array.from([
    ...new Array<number>(train).fill(SPLIT_CODE.train),
    ...new Array<number>(validation).fill(SPLIT_CODE.validation),
    ...new Array<number>(test).fill(SPLIT_CODE.test),
  ]);
  return {
    name: 'one',
    modality: 'signal',
    shape: [8, 1],
    dtype: 'float32',
    shard: '/nowhere',
    offsets: new Float64Array(splits.length),
    splits,
    classIds: new Int32Array(splits.length).fill(-1),
    numbers: new Float32Array(),
    classNames: [],
    channelStatistics: { mean: [0], standardDeviation: [1] },
  };
}
const request = (datasets: DatasetSelection[], includeHeldOut = false) => ({
  datasets,
  pretraining: datasets.map((one) => pretrainingIndices(one, includeHeldOut)),
  includeHeldOut,
  batchSize: 64,
});
const splitsOf = (one: DatasetSelection, indices: Int32Array) =>
  new Set([...indices].map((i) => one.splits[i]));

describe('held-out samples', () => {
  it('are of the validation split where there is one; pretraining keeps all of its own', () => {
    const one = dataset(1000, 800, 300);
    const { pretraining, health, unseen } = chooseHeldOut(request([one]));
    expect(pretraining[0]).toHaveLength(1000);
    expect(health[0]).toHaveLength(512);
    expect(new Set(health[0]).size).toBe(512);
    expect(splitsOf(one, health[0]!)).toEqual(new Set([SPLIT_CODE.validation]));
    expect(unseen).toBe(true);
  });

  it('are a twentieth kept out of pretraining where nothing has a validation split', () => {
    const datasets = [dataset(3000, 0, 50), dataset(1000, 0, 0)];
    const { pretraining, health, unseen } = chooseHeldOut(request(datasets));
    expect(countOf(health)).toBe(200);
    expect(countOf(pretraining)).toBe(3800);
    // Shares of 150 and 50 are expected, with a deviation of 6.
    expect(Math.abs(health[0]!.length - 150)).toBeLessThan(30);
    datasets.forEach((one, i) => {
      expect(pretraining[i]!.some((index) => health[i]!.includes(index))).toBe(false);
      expect(splitsOf(one, health[i]!)).toEqual(new Set([SPLIT_CODE.train]));
    });
    expect(unseen).toBe(true);
    expect(chooseHeldOut(request(datasets))).toEqual({ pretraining, health, unseen });
  });

  it('are seen ones where the data are few, or a transductive run was told to train on them', () => {
    const few = dataset(200, 10, 0);
    expect(chooseHeldOut(request([few]))).toMatchObject({ unseen: false });
    expect(chooseHeldOut(request([few])).pretraining[0]).toHaveLength(200);
    const told = chooseHeldOut(request([dataset(1000, 100, 0)], true));
    expect(told.unseen).toBe(false);
    expect(countOf(told.pretraining)).toBe(1100);
  });

  it('are never test samples', () => {
    const one = dataset(1000, 0, 1000);
    const { health } = chooseHeldOut(request([one], true));
    expect(splitsOf(one, health[0]!)).toEqual(new Set([SPLIT_CODE.train]));
  });

  it('are not taken from a run that began without keeping any out', () => {
    const whole = nothingKeptOut(request([dataset(3000, 0, 0)]));
    expect(whole.pretraining[0]).toHaveLength(3000);
    expect(whole.unseen).toBe(false);
    const parted = request([dataset(1000, 800, 300)]);
    expect(nothingKeptOut(parted)).toEqual(chooseHeldOut(parted));
  });
});
