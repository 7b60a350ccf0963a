import { describe, expect, it } from 'vitest';
import { LEFT_OUT_CODE } from '../../../../src/contract/data/splits/split.ts';
import {
  countByGroup,
  dealFolds,
  dealParts,
  foldCodes,
  type GroupCounts,
} from '../../../../src/data/splits/folds.ts';

const countsOf = (rows: readonly number[][]): GroupCounts =>
  new Map(rows.map((row, group) => [group, new Map(row.map((count, stratum) => [stratum, count]))]));

/** StratifiedGroupKFold(n_splits=parts).split(…) of scikit-learn 1.9.1 on as many samples of each class and group. */
const SCIKIT_LEARN = [
  {
    counts: [
      [10, 1],
      [3, 2],
      [3, 9],
      [11, 6],
      [1, 1],
      [4, 5],
    ],
    parts: 3,
    folds: [[0, 1, 5], [3, 4], [2]],
  },
  {
    counts: [
      [8, 5, 3],
      [2, 8, 8],
      [1, 1, 5],
      [5, 10, 6],
      [6, 5, 7],
      [8, 2, 8],
      [10, 11, 9],
      [4, 3, 7],
      [8, 8, 10],
      [4, 11, 0],
    ],
    parts: 4,
    folds: [
      [2, 7, 9],
      [0, 1, 6],
      [5, 8],
      [3, 4],
    ],
  },
  {
    counts: [
      [1, 11, 11, 3, 1, 3, 0, 10],
      [8, 7, 2, 5, 2, 9, 5, 0],
      [4, 8, 6, 4, 3, 1, 7, 7],
      [7, 11, 11, 2, 7, 7, 2, 3],
      [6, 8, 3, 8, 7, 2, 4, 9],
      [11, 7, 0, 8, 2, 9, 10, 5],
      [12, 9, 3, 10, 4, 1, 7, 10],
      [8, 4, 10, 5, 4, 1, 2, 8],
      [10, 3, 7, 10, 1, 3, 6, 6],
      [5, 4, 1, 7, 11, 2, 9, 2],
      [1, 8, 2, 9, 3, 6, 11, 11],
      [6, 2, 3, 10, 7, 2, 10, 11],
      [12, 7, 11, 7, 6, 11, 7, 9],
      [5, 9, 11, 0, 6, 4, 0, 1],
      [4, 2, 8, 2, 7, 10, 5, 1],
    ],
    parts: 5,
    folds: [
      [0, 3, 4],
      [1, 11, 13],
      [7, 9, 10],
      [2, 6, 14],
      [5, 8, 12],
    ],
  },
];

describe('groups dealt into parts', () => {
  it.each(SCIKIT_LEARN)('are those of scikit-learn: $parts parts', ({ counts, parts, folds }) => {
    const order = counts.map((_, group) => group);
    expect(dealParts(countsOf(counts), parts, order)).toEqual(folds);
  });

  it('leave no part empty', () => {
    const counts = countsOf([[9], [1], [1]]);
    for (const groups of dealParts(counts, 3, [0, 1, 2])) expect(groups).toHaveLength(1);
  });
});

describe('folds', () => {
  const counts = countsOf(Array.from({ length: 7 }, (_, group) => [5 + group, 4]));

  it('test every group once, and validate by others', () => {
    const folds = dealFolds({ counts, validation: 0.2, seed: 1 });
    expect(folds.map(({ test }) => [...test])).toEqual([[0], [1], [2], [3], [4], [5], [6]]);
    for (const { test, validation } of folds) {
      expect(validation.size).toBeGreaterThan(0);
      expect(validation.size).toBeLessThan(6);
      expect([...validation].filter((group) => test.has(group))).toEqual([]);
    }
  });

  it('are the same for a seed, and others for another', () => {
    const alike = countsOf(Array.from({ length: 9 }, () => [5, 4]));
    const deal = (seed: number) => dealFolds({ counts: alike, parts: 3, validation: 0.2, seed });
    expect(deal(1)).toEqual(deal(1));
    expect(deal(2)).not.toEqual(deal(1));
    const tested = deal(5).flatMap(({ test }) => [...test]);
    expect(tested.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('leave a training group of three', () => {
    for (const { test, validation } of dealFolds({
      counts: countsOf([[2], [2], [2]]),
      validation: 0.5,
      seed: 1,
    }))
      expect([test.size, validation.size]).toEqual([1, 1]);
  });
});

describe('the samples of a fold', () => {
  it('are divided by their group; what was left out, or is of no known group, is in no part', () => {
    const codes = Uint8Array.of(2, 0, 1, 0, LEFT_OUT_CODE, 0);
    const groupOf = Int32Array.of(0, 0, 1, 2, 0, -1);
    const parts = { test: new Set([0]), validation: new Set([1]) };
    expect([...foldCodes(codes, groupOf, parts)]).toEqual([2, 2, 1, 0, 3, 3]);
  });

  it('are counted where they have a label', () => {
    const codes = Uint8Array.of(0, 2, 3, 0, 1);
    const counts = countByGroup(codes, Int32Array.of(0, 0, 0, -1, 1), Int32Array.of(1, 1, 1, 0, -1));
    expect(counts).toEqual(new Map([[0, new Map([[1, 2]])]]));
  });
});
