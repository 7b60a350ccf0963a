import { describe, expect, it } from 'vitest';
import { SPLIT_CODE } from '../../../../src/contract/data/splits/split.ts';
import type { DatasetSelection } from '../../../../src/contract/messages/dataset-selection.ts';
import { pretextLabels } from '../../../../src/training/pretext/labels.ts';

const { train, validation, test } = SPLIT_CODE;

function dataset(name: string, changes: Partial<DatasetSelection> = {}): DatasetSelection {
  return {
    name,
    modality: 'signal',
    shape: [8, 1],
    dtype: 'float32',
    shard: '',
    offsets: Float64Array.of(0, 32, 64, 96, 128),
    splits: Uint8Array.of(train, train, validation, test, train),
    classIds: Int32Array.of(1, -1, 0, 1, 0),
    numbers: new Float32Array(),
    classNames: ['rest', 'fist'],
    channelStatistics: { mean: [0], standardDeviation: [1] },
    ...changes,
  };
}

describe('the labels of a supervised pretext task', () => {
  it('are those of labeled training samples, never of held-out ones', () => {
    const labels = pretextLabels([dataset('a')]);
    expect(labels.indices).toEqual([Int32Array.of(0, 4)]);
    const batch = { indices: Int32Array.of(4, 0, 0), datasetIndices: Int32Array.of(0, 0, 0) };
    expect(labels.of(batch)).toEqual(Int32Array.of(0, 1, 1));
  });

  it('are one class where classes of several datasets have one name', () => {
    const other = dataset('b', {
      classIds: Int32Array.of(0, 1, 1, 1, 2),
      classNames: ['fist', 'point', 'rest'],
    });
    const labels = pretextLabels([dataset('a'), other]);
    expect(labels.indices).toEqual([Int32Array.of(0, 4), Int32Array.of(0, 1, 4)]);
    const batch = { indices: Int32Array.of(0, 0, 1, 4, 4), datasetIndices: Int32Array.of(0, 1, 1, 1, 0) };
    // fist, fist, point, rest, rest
    expect(labels.of(batch)).toEqual(Int32Array.of(1, 1, 2, 0, 0));
  });

  it('must be there, be classes, and be of more than one class', () => {
    const unlabeled = dataset('c', { classIds: new Int32Array(5).fill(-1) });
    expect(() => pretextLabels([dataset('a'), unlabeled])).toThrow(
      'The train split of c has no labeled sample.',
    );
    const numbers = dataset('d', {
      classIds: new Int32Array(),
      numbers: new Float32Array(5),
      classNames: [],
    });
    expect(() => pretextLabels([numbers])).toThrow('learns from classes, but the labels of d are numbers');
    const alike = dataset('e', { classIds: Int32Array.of(1, 1, 0, 0, 1) });
    expect(() => pretextLabels([alike])).toThrow('all labeled training samples are of one class');
  });
});
